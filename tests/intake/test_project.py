"""Projects: an extract is read once, a corrected one replaces its month, a later row supersedes an earlier one."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from auditor.core.errors import InputError, ProfileError
from auditor.core.progress import Silent
from auditor.core.text import Text
from auditor.intake import Loaded
from auditor.intake.project import is_project, load_project
from tests.intake.office import HEADERS, Rows, Store, case, write_csv, write_xlsx


class Told(Silent):
    """Remembers which files were read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def start(self, what: Text, total: int | None = None) -> None:
        if what.en.startswith("reading "):
            self.read.append(what.en.removeprefix("reading "))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    home = tmp_path / "county"
    extract(home, "2024-05", [case("C1"), case("C2")])
    extract(home, "2024-06", [case("C3", "2024-06-03 08:00:00")])
    return home


def extract(home: Path, label: str, cases: Rows, header: list[str] | None = None) -> Path:
    folder = home / "extracts" / label
    folder.mkdir(parents=True, exist_ok=True)
    return write_csv(folder / "cases.csv", [header or HEADERS, *cases])


def opened(home: Path, profile: Path | None = None) -> tuple[Loaded, Store, list[str]]:
    """What is in the project, its store, and the files that were read for it."""
    told = Told()
    with ExitStack() as scratch:
        store, loaded = load_project(home, profile=profile, scratch=scratch, progress=told)
    return loaded, Store(store), told.read


def ids(store: Store) -> list[str]:
    return [row[0] for row in store.rows("cases", "case_id")]


def settle(path: Path) -> None:
    """As if the file had been written an hour ago: what is newer than a moment is always hashed again."""
    then = path.stat().st_mtime - 3600
    os.utime(path, (then, then))


def test_a_folder_with_extracts_is_a_project(project: Path, tmp_path: Path) -> None:
    assert is_project(project) and not is_project(tmp_path)


def test_extracts_are_put_together_in_the_order_of_their_periods(project: Path) -> None:
    loaded, store, read = opened(project)
    assert ids(store) == ["C1", "C2", "C3"]
    assert read == ["extracts/2024-05/cases.csv", "extracts/2024-06/cases.csv"]
    assert [(file.file, file.read, file.loaded) for file in loaded.inputs] == [
        ("extracts/2024-05/cases.csv", 2, 2),
        ("extracts/2024-06/cases.csv", 1, 1),
    ]
    assert [row[0] for row in store.rows("cases", "_file")] == [
        "extracts/2024-05/cases.csv",
        "extracts/2024-05/cases.csv",
        "extracts/2024-06/cases.csv",
    ]
    assert loaded.rows == {"cases": 3}


def test_what_was_read_once_is_not_read_again_and_comes_to_the_same(project: Path) -> None:
    first, before, _ = opened(project)
    again, after, read = opened(project)
    assert read == [] and again == first
    assert after.rows("cases", "case_id", "_file", "_row") == before.rows("cases", "case_id", "_file", "_row")


def test_a_new_month_is_read_alone(project: Path) -> None:
    opened(project)
    extract(project, "2024-07", [case("C4", "2024-07-01 00:00:00")])
    loaded, store, read = opened(project)
    assert read == ["extracts/2024-07/cases.csv"] and ids(store) == ["C1", "C2", "C3", "C4"]
    assert len(loaded.inputs) == 3


def test_a_corrected_extract_replaces_its_month(project: Path) -> None:
    opened(project)
    extract(project, "2024-05", [case("C1"), case("C9")])
    _, store, read = opened(project)
    assert read == ["extracts/2024-05/cases.csv"] and ids(store) == ["C1", "C9", "C3"]


def test_a_file_of_the_same_size_and_time_is_taken_for_the_same_and_one_of_another_time_is_looked_at(
    project: Path,
) -> None:
    path = project / "extracts" / "2024-05" / "cases.csv"
    settle(path)
    opened(project)
    stat = path.stat()
    path.write_bytes(path.read_bytes().replace(b"C2", b"C8"))
    _, store, read = opened(project)
    assert read == ["extracts/2024-05/cases.csv"] and "C8" in ids(store)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    settle(path)
    assert opened(project)[2] == [], "the same bytes at another time are the same extract"


def test_only_what_is_in_use_is_kept(project: Path) -> None:
    opened(project)
    before = {path.name for path in (project / ".auditor").glob("*.duckdb")}
    extract(project, "2024-05", [case("C1")])
    opened(project)
    after = {path.name for path in (project / ".auditor").glob("*.duckdb")}
    # What lies beside, two extracts, and the whole: of these the corrected extract and the whole are new.
    assert len(before) == len(after) == 4 and len(before & after) == 2
    assert not list((project / ".auditor").glob("*.part*"))


def test_a_row_of_a_later_extract_supersedes_the_earlier_one_and_both_are_counted(project: Path) -> None:
    header = [*HEADERS, "status"]
    extract(project, "2024-05", [[*case("C1"), "open"], [*case("C2"), "open"]], header)
    extract(project, "2024-06", [[*case("C1"), "decided"], [*case("C3"), "open"]], header)
    loaded, store, _ = opened(project)
    assert store.rows("cases", "case_id", "status") == [("C2", "open"), ("C1", "decided"), ("C3", "open")]
    assert [(file.loaded, file.superseded) for file in loaded.inputs] == [(2, 1), (2, 0)]
    assert loaded.rows == {"cases": 3}
    (project / "extracts" / "2024-06" / "cases.csv").unlink()
    extract(project, "2024-06", [[*case("C3"), "open"]], header)
    assert opened(project)[1].rows("cases", "case_id", "status") == [("C1", "open"), ("C2", "open"), ("C3", "open")]


def test_what_lies_beside_the_extracts_is_for_all_and_superseded_by_any(project: Path) -> None:
    write_csv(project / "units.csv", [["unit_id", "name"], ["U1", "甲"], ["U2", "乙"]])
    write_csv(project / "extracts" / "2024-06" / "units.csv", [["unit_id", "name"], ["U1", "丙"]])
    loaded, store, _ = opened(project)
    assert store.rows("units", "unit_id", "name") == [("U2", "乙"), ("U1", "丙")]
    assert [file.superseded for file in loaded.inputs if file.table_name == "units"] == [1, 0]


def test_a_column_that_only_some_extracts_have_is_empty_in_the_others_and_said_so(project: Path) -> None:
    header = [*HEADERS, "party_name"]
    for label in ("2024-05", "2024-06", "2024-08"):
        extract(project, label, [[*case(f"C-{label}"), "甲"]], header)
    extract(project, "2024-07", [case("C-2024-07")])
    loaded, store, _ = opened(project)
    assert [name for (name,) in store.rows("cases", "party_name")] == ["甲", "甲", None, "甲"]
    assert [(finding.check, finding.rows) for finding in loaded.contract] == [
        ("extract_lacks_columns", ("extracts/2024-07/",))
    ]


def test_a_month_without_a_table_that_the_others_have_is_said_so(project: Path) -> None:
    payments = [["payment_id", "case_id", "amount", "paid_at"], ["P", "C1", "200", "2024-05-06"]]
    for label in ("2024-05", "2024-06"):
        write_csv(project / "extracts" / label / "payments.csv", payments)
    assert [finding.check for finding in opened(project)[0].contract] == []
    extract(project, "2024-07", [case("C7")])
    loaded = opened(project)[0]
    assert [(finding.table_name, finding.check) for finding in loaded.contract] == [("payments", "extract_lacks_table")]


def test_the_agency_own_workdays_come_through(project: Path) -> None:
    write_csv(project / "workdays.csv", [["day", "is_workday"], ["2024-05-07", "false"]])
    _, store, _ = opened(project)
    days = dict(store.rows("workdays", "day", "is_workday"))
    assert [days[day] for day in sorted(days) if str(day) in ("2024-05-06", "2024-05-07")] == [True, False]


def test_a_profile_is_the_project_s_or_the_extract_s_own(project: Path) -> None:
    profile = """
profile: p
tables:
  cases:
    files: ["*.csv"]
    columns: {case_id: ID, domain: domain, unit_id: unit_id, violation_code: violation_code, occurred_at: occurred_at,
              capture: capture, procedure: procedure}
"""
    (project / "profile.yaml").write_text(profile.replace("ID", "case_id"), encoding="utf-8")
    extract(project, "2024-06", [case("C6")], ["编号", *HEADERS[1:]])
    (project / "extracts" / "2024-06" / "profile.yaml").write_text(profile.replace("ID", "编号"), encoding="utf-8")
    assert ids(opened(project)[1]) == ["C1", "C2", "C6"]
    (project / "profile.yaml").write_text(profile.replace("ID", "no_such"), encoding="utf-8")
    with pytest.raises(ProfileError, match="no_such"):
        opened(project)


def test_a_pattern_that_no_extract_answers_is_refused_and_one_that_some_do_is_not(project: Path) -> None:
    table = "files: [units_*.csv, 单位*.xlsx]\n    columns: {unit_id: unit_id, name: name}"
    (project / "profile.yaml").write_text(f"profile: p\ntables:\n  units:\n    {table}\n", encoding="utf-8")
    write_csv(project / "extracts" / "2024-05" / "units_1.csv", [["unit_id", "name"], ["U1", "甲"]])
    with pytest.raises(ProfileError, match=r"单位\*\.xlsx"):
        opened(project)
    write_xlsx(project / "extracts" / "2024-06" / "单位2.xlsx", {"s": [["unit_id", "name"], ["U2", "乙"]]})
    assert [row[0] for row in opened(project)[1].rows("units", "unit_id")] == ["U1", "U2"]


@pytest.mark.parametrize(("name", "message"), [("May", "no period"), ("2024-13", "no period")])
def test_an_extract_that_no_period_names_is_refused(project: Path, name: str, message: str) -> None:
    (project / "extracts" / name).mkdir()
    with pytest.raises(InputError, match=message):
        opened(project)


def test_a_file_between_the_extracts_is_refused(project: Path) -> None:
    write_csv(project / "extracts" / "cases.csv", [HEADERS])
    with pytest.raises(InputError, match="belongs to no period"):
        opened(project)


def test_a_project_without_extracts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "extracts").mkdir()
    with pytest.raises(InputError, match="holds no extract"):
        opened(tmp_path)


def test_a_list_of_files_cut_short_and_a_store_gone_cost_time_and_nothing_else(project: Path) -> None:
    opened(project)
    (project / ".auditor" / "files.json").write_text('{"a": [1', encoding="utf-8")
    for path in (project / ".auditor").glob("*.duckdb"):
        path.unlink()
    _, store, read = opened(project)
    assert len(read) == 2 and ids(store) == ["C1", "C2", "C3"]


def test_the_kept_stores_are_their_owner_s_alone(project: Path) -> None:
    opened(project)
    assert (project / ".auditor").stat().st_mode & 0o077 == 0
    assert (project / ".auditor" / ".gitignore").read_text() == "*\n"


def test_quarantined_rows_keep_their_place(project: Path) -> None:
    extract(project, "2024-05", [case("C1"), case("C2", "soon")])
    for _ in range(2):
        loaded, _, _ = opened(project)
        [entry] = loaded.quarantine
        assert (entry.source_file, entry.source_row, entry.raw_value) == ("extracts/2024-05/cases.csv", 3, "soon")
