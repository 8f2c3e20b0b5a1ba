"""An office over four months, as its supervisors see it: the same commands each month, and what became of the list."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import auditor
from auditor.audit import write
from auditor.core.errors import InputError, UsageError
from auditor.core.result import Run
from auditor.export import json_
from auditor.export.gate import judge
from auditor.export.junit import render
from auditor.ledger import papers
from tests.cli.conftest import Command
from tests.cli.conftest import command as command
from tests.months import Office, named, put_rules, put_tables, states
from tests.report.read_data import ReportData

TEST = """\
tests:
  - name: given
    as_of: 2024-05-31
    given:
      measures: |
        measure_id | kind            | started_at | released_at
        A          | impound_vehicle | 2024-04-01 | 2024-05-01
        B          | impound_vehicle | 2024-04-01 | 2024-05-02
    expect: {violation: [B], ok: [A]}
"""
HELD = (
    named("test.held", "kind: deadline\nfrom: started_at\nto: released_at\nwithin: 30 days", table="measures")
    .replace("status: trial", "status: active")
    .replace("id: measure_id}", "id: measure_id, unit: unit_id}")
    + TEST
)
"""A vehicle held for more than thirty days; active, so that it gates."""
NEVER = named("test.never", "kind: check\nfail_when: kind = 'hold_licence'", table="measures").replace(
    "certainty: violation", "certainty: lead"
)

HEAD = "measure_id | kind | unit_id | started_at | released_at\n"
MONTHS = {
    # LONG is held all the time. FIXED has a wrong release date, mended in June and spoiled again in August. LATE was
    # released too late in May. GONE is not in June's extract. SOON comes in June.
    "2024-05": """
        LONG  | tow | U1 | 2024-04-01 |
        FIXED | tow | U1 | 2024-05-10 | 2024-06-20
        LATE  | tow | U2 | 2024-03-01 | 2024-05-31 10:00
        GONE  | tow | U2 | 2024-04-01 |
    """,
    "2024-06": """
        LONG  | tow | U1 | 2024-04-01 |
        FIXED | tow | U1 | 2024-05-10 | 2024-06-09
        LATE  | tow | U2 | 2024-03-01 | 2024-05-31 10:00
        SOON  | tow | U2 | 2024-05-15 |
    """,
    "2024-07": """
        LONG  | tow | U1 | 2024-04-01 |
        FIXED | tow | U1 | 2024-05-10 | 2024-06-09
        LATE  | tow | U2 | 2024-03-01 | 2024-05-31 10:00
        SOON  | tow | U2 | 2024-05-15 |
    """,
    "2024-08": """
        LONG  | tow | U1 | 2024-04-01 |
        FIXED | tow | U1 | 2024-05-10 | 2024-08-09
        LATE  | tow | U2 | 2024-03-01 | 2024-05-31 10:00
        SOON  | tow | U2 | 2024-05-15 |
    """,
}
WANTED = {
    # On 31 May FIXED is 21 days old: it is not overdue before 10 June.
    "2024-05": {"LONG": "new", "LATE": "new", "GONE": "new"},
    "2024-06": {
        "LONG": "recurring",
        "SOON": "new",
        # Released too late in May, which nothing can undo.
        "LATE": "not_retested: asked about in its own period (2024-05), with the data of today, and flagged still",
        "GONE": "not_retested: its rows are not among those loaded this time (not given, or in quarantine)",
    },
}


def tables(month: str, **changes: str) -> dict[str, str]:
    rows = MONTHS[month]
    for key, line in changes.items():
        rows = "\n".join(line if one.strip().startswith(key) else one for one in rows.splitlines())
    return {"measures": HEAD + "\n".join(line.strip() for line in rows.strip().splitlines())}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Four months; in May FIXED is on record as held since 10 April."""
    office = Office(tmp_path_factory.mktemp("office"), HELD, NEVER)
    wrong = tables("2024-05", FIXED="FIXED | tow | U1 | 2024-04-10 | 2024-06-20")
    again = tables("2024-08", FIXED="FIXED | tow | U1 | 2024-06-10 | 2024-08-09")
    mended = {month: tables(month) for month in ("2024-06", "2024-07")}
    given = {"2024-05": wrong, **mended, "2024-08": again}
    return {month: office.audit(month, rows) for month, rows in given.items()}


def test_the_list_of_may_is_followed_to_august(runs: dict[str, Run]) -> None:
    assert states(runs["2024-05"]) == WANTED["2024-05"] | {"FIXED": "new"}
    assert states(runs["2024-06"]) == WANTED["2024-06"] | {"FIXED": "resolved: tested again and judged in order"}
    still = WANTED["2024-06"] | {"SOON": "recurring"}
    assert states(runs["2024-07"]) == still
    assert states(runs["2024-08"]) == still | {"FIXED": "reopened"}


def test_history_gives_each_finding_its_months(runs: dict[str, Run]) -> None:
    told = {(entry.subject_id, entry.period): entry.state for entry in runs["2024-08"].history}
    assert {period: told["FIXED", period] for _, period in told if ("FIXED", period) in told} == {
        "2024-05": "new",
        "2024-06": "resolved",
        "2024-08": "reopened",
    }
    assert [told["LONG", month] for month in MONTHS] == ["new", *["recurring"] * 3]
    assert [told["GONE", month] for month in MONTHS] == ["new", *["not_retested"] * 3]
    assert [one.period for one in runs["2024-08"].chain] == ["2024-05", "2024-06", "2024-07"]


def test_carried_findings_are_in_no_count_of_what_was_found(runs: dict[str, Run]) -> None:
    for run in runs.values():
        found = Counter(one.rule_id for one in run.findings if not one.carried)
        assert {result.rule_id: result.findings for result in run.results if result.findings} == found


def test_every_evidence_row_has_its_record_and_every_new_one_its_file(runs: dict[str, Run]) -> None:
    for run in runs.values():
        places = {(row.table_name, row.source_file, row.source_row) for row in run.records}
        assert {(row.table_name, row.source_file, row.source_row) for row in run.evidence} == places
        assert {one.finding_id for one in run.findings} == {row.finding_id for row in run.evidence}
    june = {row.row_key: row.source_file for row in runs["2024-06"].evidence}
    assert june["GONE"] == june["FIXED"] == "measures.csv (2024-05)"
    assert june["LONG"] == "measures.csv"


def test_the_files_of_every_run_are_known_by_the_names_that_evidence_uses(sample_run: Run, office_run: Run) -> None:
    """Else a row of last month's file could pass for one of this month's."""
    for run in (sample_run, office_run):
        assert {row.source_file for row in run.evidence} <= {file.file for file in run.inputs}


def test_it_comes_back_from_its_papers_the_same_and_they_are_the_same_each_time(
    runs: dict[str, Run], tmp_path: Path
) -> None:
    papers.write(runs["2024-08"], tmp_path / "one")
    papers.write(
        replace(runs["2024-08"], history=runs["2024-08"].history[::-1], findings=runs["2024-08"].findings[::-1]),
        tmp_path / "two",
    )
    assert papers.read(tmp_path / "one") == replace(runs["2024-08"], clock={})
    names = ("history.parquet", "findings.parquet", "evidence.parquet", "records.parquet")
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)
    assert pq.read_schema(tmp_path / "one" / "history.parquet").names == [
        *("finding_id", "period", "as_of", "state", "rule_id", "subject_type", "subject_id", "unit_id", "level"),
        *("certainty", "trial"),
    ]


# The gate.


def test_the_gate_holds_what_is_new_or_came_back_and_without_a_baseline_all(runs: dict[str, Run]) -> None:
    stopped = {month: {one.subject_id for one in judge(run, "medium").findings} for month, run in runs.items()}
    assert stopped == {
        "2024-05": {"LONG", "LATE", "GONE", "FIXED"},
        "2024-06": {"SOON"},
        "2024-07": set(),
        "2024-08": {"FIXED"},
    }
    july = judge(runs["2024-07"], "medium")
    assert (july.exit_status, july.since, july.standing) == (0, "2024-06", 2)
    assert (judge(runs["2024-06"], "medium").exit_status, judge(runs["2024-06"], "high").exit_status) == (1, 0)
    assert judge(runs["2024-05"], "medium").since is None


def test_junit_names_states_and_tells_carried_ones_apart(runs: dict[str, Run]) -> None:
    [case] = [
        case for case in ET.fromstring(render(runs["2024-06"], gate="medium")).iter("testcase")
        if case.get("name") == "test.held"
    ]  # fmt: skip
    [failure] = case.findall("failure")
    assert "1 finding at or above medium, new or reopened since 2024-05" in (failure.get("message") or "")
    output = (case.findtext("system-out") or "").splitlines()[1:]
    assert Counter(line.split()[0] + " " + line.split(":")[1].split()[1] for line in output) == {
        "not recurring": 1,
        "carried: resolved": 1,
        "carried: not_retested": 2,
    }
    assert " new " in (failure.text or "").splitlines()[1]
    assert " new " not in render(runs["2024-05"], gate="medium")


def test_json_says_what_it_was_compared_with(runs: dict[str, Run]) -> None:
    told = json.loads(json_.render(runs["2024-06"], gate="medium"))
    assert told["baseline"]["period"] == "2024-05"
    assert told["baseline"]["violations"] == {
        "new": 1, "recurring": 1, "reopened": 0, "resolved": 1, "not_retested": 2,
    }  # fmt: skip
    assert told["gate"] | {"since": "2024-05", "standing": 1} == told["gate"]
    reasons = {one["state"]: one["state_reason"] for one in told["findings"]}
    assert reasons["new"] is None and reasons["resolved"]["en"] == "tested again and judged in order"
    assert json.loads(json_.render(runs["2024-05"]))["baseline"] is None


# The commands.


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """May audited to reports/2024-05, with June's data beside."""
    for month in ("2024-05", "2024-06"):
        put_tables(tmp_path / month, tables(month))
    put_rules(tmp_path / "rules", [HELD])
    return tmp_path


def asked(what: str, month: str, *more: str) -> tuple[str, ...]:
    return (what, month, "--rules", "rules", "--period", month, "--lang", "en", *more)


def test_run_and_check_follow_on_from_the_folder_named(office: Path, command: Command) -> None:
    first = command(*asked("run", "2024-05", "--out", "reports/2024-05"))
    assert (first.status, "since" in first.out) == (0, False)
    assert command(*asked("check", "2024-06", "--fail-on", "medium", "--baseline", "reports/2024-05")).status == 1
    second = command(*asked("run", "2024-06", "--out", "reports/2024-06", "--baseline", "reports/2024-05"))
    assert second.status == 0
    assert "since 2024-05: new 1 · recurring 1 · reopened 0 · resolved 0 · not cleared 2" in second.out
    page = (office / "reports/2024-06/index.html").read_text(encoding="utf-8")
    assert "Since the last run" in page and "was compared with no earlier one" not in page
    assert (office / "reports/2024-06/since.html").is_file()
    first_page = (office / "reports/2024-05/index.html").read_text(encoding="utf-8")
    assert "was compared with no earlier one" in first_page and not (office / "reports/2024-05/since.html").exists()
    # Nothing moved since: the same month again, now as July of the same data, has nothing new.
    passed = command(*asked("check", "2024-06", "--fail-on", "medium", "--baseline", "reports/2024-06"))
    assert passed.status == 2 and "does not end before 2024-06 does" in passed.err


def test_the_baseline_may_stand_in_auditor_yaml(office: Path, command: Command) -> None:
    command(*asked("run", "2024-05", "--out", "reports/2024-05"))
    (office / "2024-06" / "auditor.yaml").write_text("baseline: ../reports/2024-05\n", encoding="utf-8")
    assert "since 2024-05: new 1" in command(*asked("run", "2024-06", "--out", "reports/2024-06")).out


def test_a_baseline_that_is_none_is_refused_before_anything_is_read(office: Path, command: Command) -> None:
    ended = command(*asked("run", "2024-06", "--out", "out", "--baseline", "2024-05"))
    assert (ended.status, "is not a folder that `auditor run` wrote" in ended.err) == (3, True)
    assert command(*asked("check", "2024-06", "--baseline", "nowhere")).status == 3
    command(*asked("run", "2024-05", "--out", "reports/2024-05"))
    place = office / "reports/2024-05/run.json"
    place.write_text(place.read_text(encoding="utf-8").replace("auditor-run/1", "auditor-run/9"), encoding="utf-8")
    ended = command(*asked("run", "2024-06", "--out", "out", "--baseline", "reports/2024-05"))
    assert ended.status == 3 and "auditor-run/9" in ended.err and not (office / "out").exists()


def test_a_run_without_its_history_is_no_baseline(office: Path, command: Command) -> None:
    command(*asked("run", "2024-05", "--out", "reports/2024-05"))
    (office / "reports/2024-05/history.parquet").unlink()
    ended = command(*asked("run", "2024-06", "--out", "out", "--baseline", "reports/2024-05"))
    assert ended.status == 3 and "history.parquet: is missing from the run" in ended.err


def test_explain_tells_a_carried_finding(office: Path, command: Command) -> None:
    command(*asked("run", "2024-05", "--out", "reports/2024-05"))
    command(*asked("run", "2024-06", "--out", "reports/2024-06", "--baseline", "reports/2024-05"))
    june = papers.read(office / "reports/2024-06")
    [gone] = [one for one in june.findings if one.subject_id == "GONE"]
    told = command("explain", gone.finding_id, "--run", "reports/2024-06", "--lang", "en").out
    assert "not cleared (found in 2024-05)" in told and "measures.csv (2024-05):" in told
    told = json.loads(command("explain", gone.finding_id, "--run", "reports/2024-06", "--format", "json").out)
    assert (told["state"], told["periods"]) == ("not_retested", ["2024-05"])


def test_the_library_takes_a_baseline(office: Path) -> None:
    rules = (office / "rules",)
    may = auditor.run(office / "2024-05", period="2024-05", rules=rules)
    may.report(office / "reports" / "may")
    june = auditor.run(office / "2024-06", period="2024-06", rules=rules, baseline=office / "reports" / "may")
    assert Counter(june.findings["state"]) == {"new": 1, "recurring": 1, "not_retested": 2}
    with pytest.raises(UsageError):
        auditor.run(office / "2024-05", period="2024-05", rules=rules, baseline=office / "reports" / "may")
    with pytest.raises(InputError):
        auditor.run(office / "2024-06", period="2024-06", rules=rules, baseline=office / "nowhere")


# The report.


def test_the_pages_tell_what_became_of_each_finding(runs: dict[str, Run], tmp_path: Path) -> None:
    write(runs["2024-06"], tmp_path / "out", language="en")
    since = (tmp_path / "out" / "since.html").read_text(encoding="utf-8")
    assert "asked about in its own period (2024-05)" in since and ">FIXED<" in since
    [unit] = [path.read_text(encoding="utf-8") for path in (tmp_path / "out" / "units").glob("u1-*.html")]
    assert "Month by month" in unit and "this run" in unit
    data = ReportData(tmp_path / "out")
    told = {one["s"][1]: one for one in data.findings}
    assert {name: one.get("cp") for name, one in told.items()} == {
        "SOON": None, "LONG": None, "FIXED": "2024-05", "LATE": "2024-05", "GONE": "2024-05",
    }  # fmt: skip
    assert data.said(told["FIXED"]["cr"], 1) == "tested again and judged in order"
    assert (told["LONG"]["seen"], told["SOON"].get("seen")) == (["2024-05", "2024-06"], None)
    assert {data.words["states"][one.get("st", 0)][1] for one in told.values()} == {
        *("new", "recurring", "resolved", "not cleared")
    }
    assert "measures.csv (2024-05)" in data.words["files"]


def test_without_a_baseline_no_finding_reads_as_new(runs: dict[str, Run], tmp_path: Path) -> None:
    write(runs["2024-05"], tmp_path / "out", language="en")
    words = ReportData(tmp_path / "out").words
    assert (words["states"][0][1], words["fresh"]) == ("not compared", [])
    [unit] = [path.read_text(encoding="utf-8") for path in (tmp_path / "out" / "units").glob("u1-*.html")]
    assert "not compared" in unit and ">new<" not in unit


def test_a_carried_finding_of_a_rule_that_is_gone_has_its_page_and_its_rule(tmp_path: Path) -> None:
    office = Office(tmp_path, HELD)
    office.audit("2024-05", tables("2024-05"))
    june = office.audit("2024-06", tables("2024-06"), NEVER)
    assert {one.state for one in june.findings} == {"not_retested"}
    write(june, tmp_path / "report", language="en")
    rule = (tmp_path / "report" / "rules" / "test.held.html").read_text(encoding="utf-8")
    assert "this run holds no result for the rule" in rule and "3 carried from earlier runs" in rule
    assert len(ReportData(tmp_path / "report").cases) == 3
