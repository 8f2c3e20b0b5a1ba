"""Rules over what other rules found: judged after them, traced to the same source rows, telling what is missing."""

import csv
from datetime import date
from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.backtest import Question, backtest
from auditor.core.errors import RuleError
from auditor.core.finding import Finding
from auditor.core.result import Run
from auditor.rulebook import load as load_rules
from tests.kinds.spec import rule_text

HEADER = [
    *("case_id", "domain", "unit_id", "officer_id", "officer2_id", "violation_code", "occurred_at", "decided_at"),
    *("capture", "procedure", "fine_amount"),
]
CASES = [
    ["DEAR", "transport", "U1", "O1", "", "1039", "2024-05-02", "2024-05-03", "on_site", "summary", "300"],
    ["FAR", "transport", "U1", "O1", "", "1039", "2024-01-02", "2024-05-20", "on_site", "summary", "100"],
    ["FAR2", "transport", "U1", "O2", "", "1039", "2024-01-02", "2024-05-21", "on_site", "summary", "100"],
    ["FINE", "transport", "U2", "O3", "", "1039", "2024-05-02", "2024-05-03", "on_site", "summary", "100"],
    ["NOBODY", "transport", "U2", "", "", "1039", "2024-01-02", "2024-05-03", "on_site", "summary", "300"],
]
DEAR = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases").replace("test.rule", "test.dear")
LATE = rule_text(
    "kind: deadline\nfrom: occurred_at\nto: decided_at\nwithin: 90 days", table="cases", extra="at: decided_at\n"
).replace("test.rule", "test.late")
HELD = rule_text("kind: check\nfail_when: kind = 'tow'", table="measures").replace("test.rule", "test.held")
BOTH = (
    rule_text("kind: composite\nrules: [test.dear, test.late, test.held]\nby: officer_id", table="findings")
    .replace("test.rule", "test.both")
    .replace("certainty: violation", "certainty: lead")
    .replace("{type: finding, id: finding_id}", "{type: officer, id: officer_id, unit: unit_id}")
    .replace("key: [finding_id]", "key: [officer_id]")
    .replace("message: {zh: 试验, en: test}", 'message: {zh: "{officer_id} {score}", en: "{officer_id}: {rules}"}')
)
ALL = {"a-both": BOTH, "dear": DEAR, "late": LATE, "held": HELD}


def put(folder: Path, rules: dict[str, str], cases: list[list[str]] = CASES) -> Path:
    for name in ("data", "rules"):
        (folder / name).mkdir(exist_ok=True)
    with (folder / "data" / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *cases])
    for name, text in rules.items():
        (folder / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def run_of(folder: Path, rules: dict[str, str], cases: list[list[str]] = CASES) -> Run:
    put(folder, rules, cases)
    return audit(Request(data=folder / "data", rules=(folder / "rules",), period="2024-05"))


def combined(run: Run) -> list[Finding]:
    return [found for found in run.findings if found.rule_id == "test.both"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(tmp_path_factory.mktemp("together"), ALL)


def test_it_sees_what_the_others_found_though_its_name_comes_first(run: Run) -> None:
    (found,) = combined(run)
    assert (found.subject_id, found.unit_id, found.value, found.threshold) == ("O1", "U1", 2, 2)
    assert found.message.en == "O1: test.dear +1 (n=1), test.late +1 (n=1)"


def test_it_rests_on_the_source_rows_of_what_it_combines(run: Run) -> None:
    (found,) = combined(run)
    rows = [row for row in run.evidence if row.finding_id == found.finding_id]
    assert [(row.table_name, row.row_key, row.source_file, row.source_row) for row in rows] == [
        ("cases", "DEAR", "cases.csv", 2),
        ("cases", "FAR", "cases.csv", 3),
    ]
    assert found.first_at is not None and found.last_at is not None
    assert (found.first_at.date(), found.last_at.date()) == (date(2024, 5, 3), date(2024, 5, 20))


def test_counts_are_of_the_officers_that_somebody_named(run: Run) -> None:
    result = next(result for result in run.results if result.rule_id == "test.both")
    assert (result.result, result.tested, result.ok, result.violation, result.grain) == (
        "flagged",
        2,
        1,
        1,
        "officer_id",
    )


def test_a_rule_that_did_not_run_is_named(run: Run) -> None:
    result = next(result for result in run.results if result.rule_id == "test.both")
    nobody, held = result.notes
    assert nobody.en == "2 rows lack what is compared and were not counted"
    assert held.en == "test.held was not checked and is not combined: table measures is missing"
    assert held.zh.startswith("规则 test.held 未检查")


def test_nothing_found_is_nothing_to_combine_and_no_clean_bill(tmp_path: Path) -> None:
    strict = {**ALL, "dear": DEAR.replace("> 200", "> 2000"), "late": LATE.replace("90 days", "900 days")}
    result = next(result for result in run_of(tmp_path, strict).results if result.rule_id == "test.both")
    assert result.result == "not_applicable" and result.reason is not None
    assert result.reason.en == "the rules that it combines found nothing to combine"


def test_where_none_of_its_rules_ran_it_says_so(tmp_path: Path) -> None:
    towed = HELD.replace("test.held", "test.towed")
    both = BOTH.replace("[test.dear, test.late, test.held]", "[test.held, test.towed]")
    result = next(
        result
        for result in run_of(tmp_path, {"both": both, "held": HELD, "towed": towed}).results
        if result.rule_id == "test.both"
    )
    assert result.result == "not_applicable" and result.reason is not None
    assert result.reason.en == "none of the rules that it combines was run"
    assert len(result.notes) == 2


def test_a_rule_that_broke_is_not_in_the_score(tmp_path: Path) -> None:
    # The product of this row is too large for its type.
    huge = [
        "HUGE",
        "transport",
        "U2",
        "O9",
        "",
        "1039",
        "2024-05-02",
        "2024-05-03",
        "on_site",
        "summary",
        "999999999999",
    ]
    power = rule_text(
        "kind: check\nfail_when: fine_amount * fine_amount * fine_amount * fine_amount > 1", table="cases"
    )
    run = run_of(tmp_path, {**ALL, "held": power.replace("test.rule", "test.held")}, cases=[*CASES, huge])
    result = next(result for result in run.results if result.rule_id == "test.both")
    assert result.notes[-1].en.startswith("test.held was not checked and is not combined: the rule failed:")
    assert [found.subject_id for found in combined(run)] == ["O1"]


def test_any_kind_may_look_at_the_findings(tmp_path: Path) -> None:
    many = (
        rule_text("kind: check\nfail_when: rule_id = 'test.late'", table="findings")
        .replace("test.rule", "test.many")
        .replace("id: finding_id}", "id: finding_id, unit: unit_id}")
    )
    found = [one for one in run_of(tmp_path, {**ALL, "many": many}).findings if one.rule_id == "test.many"]
    assert sorted(one.unit_id or "" for one in found) == ["U1", "U1", "U2"]


def test_what_combines_is_not_combined(tmp_path: Path) -> None:
    twofold = BOTH.replace("test.both", "test.twofold").replace("test.held]", "test.both]")
    put(tmp_path, {**ALL, "twofold": twofold})
    with pytest.raises(RuleError, match=r"rule test\.both combines findings itself"):
        load_rules([tmp_path / "rules"])


def test_an_export_cannot_bring_findings_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, ALL)
    (tmp_path / "data" / "findings.csv").write_text("finding_id,rule_id,officer_id\nX,test.dear,O2\n", encoding="utf-8")
    run = audit(Request(data=tmp_path / "data", rules=(tmp_path / "rules",), period="2024-05"))
    assert [found.subject_id for found in combined(run)] == ["O1"]
    assert "findings.csv" in [unread.file for unread in run.unread]


def test_a_backtest_runs_what_it_combines_month_by_month(tmp_path: Path) -> None:
    put(tmp_path, ALL)
    result = backtest(Question(rule_id="test.both", data=tmp_path / "data", months=5, rules=(tmp_path / "rules",)))
    assert [(month.month, month.flagged) for month in result.tried.months][-1] == ("2024-05", 1)
    assert sum(month.flagged for month in result.tried.months) == 1
    assert result.tried.lacks is None


def test_without_any_rule_that_must_have_found_something_it_is_not_run(tmp_path: Path) -> None:
    needs_held = BOTH.replace("by: officer_id", "must: [test.held]\n  by: officer_id")
    run = run_of(tmp_path, {**ALL, "a-both": needs_held})
    (result,) = [one for one in run.results if one.rule_id == "test.both"]
    assert result.result == "not_applicable" and combined(run) == []
    assert result.reason is not None and "test.held" in result.reason.en


def test_with_others_every_rule_of_the_run_counts(tmp_path: Path) -> None:
    any_other = BOTH.replace("rules: [test.dear, test.late, test.held]", "rules: {test.dear: 1}\n  others: 1")
    (found,) = combined(run_of(tmp_path, {**ALL, "a-both": any_other}))
    assert found.message.en == "O1: test.dear +1 (n=1), test.late +1 (n=1)"


@pytest.mark.parametrize(
    "check",
    [
        "kind: duplicate\nsame: [officer_id]",
        "kind: repeat\nby: [officer_id]\nat: last_at\nwindow: 30 days",
        "kind: sql\nquery: SELECT finding_id FROM findings WHERE officer_id = 'O1'\npopulation: officer_id <> ''",
    ],
)
def test_findings_may_be_held_beside_one_another_by_a_plain_kind_as_well(check: str, tmp_path: Path) -> None:
    """O1 is in one finding of either rule, O2 in one alone; the two findings without an officer are like no other."""
    alike = rule_text(check, table="findings").replace("test.rule", "test.alike")
    run = run_of(tmp_path, {"dear": DEAR, "late": LATE, "alike": alike})
    result = next(result for result in run.results if result.rule_id == "test.alike")
    assert (result.result, result.violation, result.ok, result.unknown) == ("flagged", 2, 1, 2)
