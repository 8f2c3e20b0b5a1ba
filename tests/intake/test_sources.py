"""What in a folder is read, what is not and why, and what makes a load impossible."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.core.errors import InputError, OutputError
from auditor.core.progress import Silent
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.intake import load
from auditor.intake.sources import canonical_table
from tests.intake.office import HEADERS, case, loaded, write_csv, write_parquet, write_xlsx


@pytest.mark.parametrize(
    ("stem", "table"),
    [
        ("cases", "cases"),
        ("cases_2024-01", "cases"),
        ("cases.old", "cases"),
        ("case_events", "case_events"),
        ("case_events-1", "case_events"),
        ("casesbook", None),
        ("case", None),
        ("Cases", None),
        ("README", None),
    ],
)
def test_what_a_file_is_called(stem: str, table: str | None) -> None:
    assert canonical_table(stem) == table


def test_nothing_is_passed_over_in_silence(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    (data / "2024").mkdir()
    write_csv(data / "2024" / "cases_2.csv", [HEADERS, case("C2")])
    (data / "office").mkdir()
    (data / "office" / "profile.yaml").write_text("profile: x")
    write_csv(data / "office" / "cases.csv", [HEADERS, case("C1")])
    for name in ("planted.json", "README.txt", "~$cases.xlsx", "auditor.yaml", ".hidden.csv"):
        (data / name).write_text("x")
    write_xlsx(data / "lots.xlsx", {"一": [["lot_id"], ["L1"]], "二": [["x"]]})
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "_file") == [("C2", "2024/cases_2.csv"), ("C1", "cases.csv")]
    assert store.rows("lots", "_file") == [("lots.xlsx#一",)]
    assert [entry.file for entry in result.unread] == [
        "README.txt",
        "lots.xlsx#二",
        "office/",
        "planted.json",
        "~$cases.xlsx",
    ]


def test_one_file_alone_can_be_the_data(data: Path) -> None:
    path = write_csv(data / "cases.csv", [HEADERS, case("C1")])
    write_csv(data / "lots.csv", [["lot_id"], ["L1"]])
    result, _ = loaded(path)
    assert result.rows == {"cases": 1}


@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx", "cases.parquet"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"\xff\xfe\x00\xd8"])
def test_unreadable_files_are_one_clear_message_and_leave_nothing(
    data: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (data / name).write_bytes(content)
    store = tmp_path / "store.duckdb"
    with pytest.raises(InputError) as caught:
        load(data, profile=None, store=store, progress=Silent())
    assert {problem.location.file for problem in caught.value.problems if problem.location} == {name}
    assert len({problem.message for problem in caught.value.problems}) == len(caught.value.problems)
    assert "Traceback" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [data]


def test_all_unreadable_files_are_named_at_once(data: Path) -> None:
    (data / "cases.csv").write_bytes(b"")
    (data / "lots.parquet").write_bytes(b"junk")
    (data / "units.xlsx").write_bytes(b"")
    write_csv(data / "officers.csv", [["offcer_id"], ["1"]])
    with pytest.raises(InputError) as first:
        loaded(data)
    assert "units.xlsx: the file is empty" in str(first.value)
    (data / "units.xlsx").unlink()
    with pytest.raises(InputError) as second:
        loaded(data)
    shown = str(second.value)
    assert "cases.csv: the file is empty" in shown
    assert "lots.parquet: is not a parquet file" in shown
    assert "requires the column 'officer_id'" in shown and "did you mean 'offcer_id'?" in shown


def test_a_header_that_is_another_column_is_not_what_was_meant(data: Path) -> None:
    """`camera_id` is the nearest to `case_id`, but a column of cases itself; `casse_id` is none."""
    columns = [name for name in tables()["cases"].required if name != "case_id"]
    values = ["x" for _ in columns]
    write_csv(data / "cases.csv", [[*columns, "camera_id"], [*values, "K1"]])
    with pytest.raises(InputError) as caught:
        loaded(data)
    assert "requires the column 'case_id'" in str(caught.value)
    assert "did you mean" not in str(caught.value) and "read as no column" not in str(caught.value)
    write_csv(data / "cases.csv", [[*columns, "xx"], [*values, "A1"]])
    with pytest.raises(InputError, match="headers that are read as no column: xx"):
        loaded(data)
    write_csv(data / "cases.csv", [[*columns, "camera_id", "casse_id"], [*values, "K1", "A1"]])
    with pytest.raises(InputError, match="did you mean 'casse_id'"):
        loaded(data)


def test_a_missing_folder_and_an_empty_one(data: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        loaded(data / "nowhere")
    with pytest.raises(InputError, match="nothing that can be audited"):
        loaded(data)


def test_a_store_is_never_written_over(data: Path, tmp_path: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    store = tmp_path / "store.duckdb"
    store.write_bytes(b"precious")
    with pytest.raises(OutputError):
        load(data, profile=None, store=store, progress=Silent())
    assert store.read_bytes() == b"precious"
    with pytest.raises(OutputError, match="cannot be written"):
        load(data, profile=None, store=tmp_path / "no" / "store.duckdb", progress=Silent())


def test_cells_of_a_workbook_become_text_without_loss(data: Path) -> None:
    header = [*HEADERS, "party_id", "points", "fine_amount"]
    first = [*case("C1"), "007", 6, 200.5]
    first[4] = datetime(2024, 5, 3, 8, 5, 7)
    blank = [None] * len(header)
    second = [*case("C2", "2024-05-04"), 110101199003070, 0, 0.1]
    write_xlsx(data / "cases.xlsx", {"s": [header, first, blank, second, blank, [" "]]})
    result, store = loaded(data)
    assert store.rows("cases", "party_id", "points", "fine_amount", "_row") == [
        ("007", 6, Decimal("200.50"), 2),
        ("110101199003070", 0, Decimal("0.10"), 4),
    ]
    assert store.rows("cases", "occurred_at") == [(datetime(2024, 5, 3, 8, 5, 7),), (datetime(2024, 5, 4),)]
    assert (result.inputs[0].read, result.inputs[0].loaded) == (2, 2)


def test_typed_parquet_becomes_text_and_is_cast_by_the_schema(data: Path) -> None:
    header = [*HEADERS, "party_id", "fine_amount", "corrected", "points"]
    row = [*case("C1"), 110101199003070012, 100.0, True, None]
    row[4] = date(2024, 5, 3)
    write_parquet(data / "cases.parquet", [header, row])
    _, store = loaded(data)
    assert store.rows("cases", "occurred_at", "party_id", "fine_amount", "corrected", "points") == [
        (datetime(2024, 5, 3), "110101199003070012", 100, True, None)
    ]


def test_progress_counts_every_row_of_every_file(data: Path) -> None:
    class Counting(Silent):
        def __init__(self) -> None:
            self.started: list[str] = []
            self.rows = 0

        def start(self, what: Text, total: int | None = None) -> None:
            self.started.append(what.en)

        def advance(self, by: int = 1) -> None:
            self.rows += by

    write_csv(data / "cases.csv", [HEADERS, case("C1"), case("C2")])
    write_csv(data / "lots.csv", [["lot_id"], ["L1"]])
    progress = Counting()
    load(data, profile=None, store=data.parent / "s.duckdb", progress=progress)
    assert progress.rows == 2 * 3  # read, then checked
    assert [what for what in progress.started if what.startswith("reading")] == [
        "reading cases.csv",
        "reading lots.csv",
    ]


def test_progress_knows_beforehand_about_how_many_rows_a_file_has(data: Path) -> None:
    class Expecting(Silent):
        def __init__(self) -> None:
            self.totals: dict[str, int | None] = {}

        def start(self, what: Text, total: int | None = None) -> None:
            self.totals[what.en] = total

    write_csv(data / "cases.csv", [HEADERS, *(case(f"C{number:06d}") for number in range(123_456))])
    progress = Expecting()
    load(data, profile=None, store=data.parent / "s.duckdb", progress=progress)
    expected = progress.totals["reading cases.csv"]
    assert expected is not None
    assert abs(expected - 123_456) < 0.02 * 123_456
    assert expected % 1000 == 0  # three digits: an estimate does not look like a count
    assert progress.totals["checking cases"] == 123_456  # counted by then
