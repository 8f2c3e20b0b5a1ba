"""A rule over past months: as each month's audit would have told it, beside another version, along a parameter."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.backtest import Question, backtest, write
from auditor.core.backtest import Backtest, Comparison, Moved
from auditor.core.errors import AuditorError, InputError, RuleError, UsageError
from auditor.core.period import months_until, parse_period
from auditor.output import check_place
from tests.kinds.spec import rule_text
from tests.report.test_report import Page

HEADER = ["case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure", "fine_amount"]
RULE = rule_text(
    "kind: check\nfail_when: fine_amount > $cap",
    table="cases",
    extra="params:\n  cap: {default: 200, min: 50, max: 1000, doc: {zh: 上限, en: cap}}\n",
).replace("id: case_id}", "id: case_id, unit: unit_id}")
MEASURES = rule_text("kind: deadline\nfrom: started_at\nto: released_at\nwithin: 30 days", table="measures")


def row(case_id: str, occurred_at: str, fine: str, unit: str = "U1") -> list[str]:
    return [case_id, "transport", unit, "1039", occurred_at, "on_site", "summary", fine]


CASES = [
    row("JAN", "2024-01-10", "100"),
    row("FEB1", "2024-02-01", "201"),
    row("FEB2", "2024-02-29 23:59:00", "200"),
    row("MAR1", "2024-03-01", "300", "U2"),
    row("MAR2", "2024-03-31", "500"),
    row("MAR3", "2024-03-15", ""),
    row("APR1", "2024-04-30", "250", "U2"),
    row("APR2", "2024-04-02", "150"),
]
"""By a cap of 200: 0, 1, 2 and 1 findings."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    put(folder, CASES)
    return folder


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE, encoding="utf-8")
    return path


def put(folder: Path, rows: list[list[str]], name: str = "cases", header: list[str] | None = None) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header or HEADER, *rows])


def ask(data: Path, rule: Path, **more: object) -> Backtest:
    question = Question(rule_id="test.rule", data=data, months=4, rules=(rule,))
    return backtest(replace(question, **more))  # type: ignore[arg-type]


def ids(found: tuple[Moved, ...], data: Path, rule: Path) -> set[str]:
    """The cases that findings are about, by the identity that an audit of all months gives them."""
    everything = audit(Request(data=data, rules=(rule,), period="2024", overrides={"test.rule.cap": "50"}))
    subjects = {one.finding_id: one.subject_id for one in everything.findings}
    return {subjects[one.finding_id] for one in found}


def compared(result: Backtest) -> Comparison:
    assert result.comparison is not None
    return result.comparison


def test_every_month_has_its_counts_with_their_denominators(data: Path, rule: Path) -> None:
    tried = ask(data, rule).tried
    assert [(m.month, m.tested, m.flagged, m.unknown, m.findings) for m in tried.months] == [
        ("2024-01", 1, 0, 0, 0),
        ("2024-02", 2, 1, 0, 1),
        ("2024-03", 2, 2, 1, 2),
        ("2024-04", 2, 1, 0, 1),
    ]
    assert (tried.tested, tried.flagged, tried.unknown, tried.findings) == (7, 4, 1, 4)
    assert [month.result for month in tried.months] == ["clean", "flagged", "flagged", "flagged"]


def test_units_are_counted_in_each_month_and_in_all(data: Path, rule: Path) -> None:
    tried = ask(data, rule).tried
    march = tried.months[2]
    assert [(u.unit_id, u.tested, u.flagged, u.unknown, u.findings) for u in march.units] == [
        ("U1", 1, 1, 1, 1),
        ("U2", 1, 1, 0, 1),
    ]
    assert [(u.unit_id, u.tested, u.flagged, u.unknown, u.findings) for u in tried.units] == [
        ("U1", 5, 2, 1, 2),
        ("U2", 2, 2, 0, 2),
    ]


def test_each_month_is_what_its_own_audit_says(data: Path, rule: Path) -> None:
    for month in ask(data, rule).tried.months:
        [result] = audit(Request(data=data, rules=(rule,), period=month.month)).results
        assert (result.tested, result.violation, result.unknown, result.findings, result.result) == (
            *(month.tested, month.flagged, month.unknown, month.findings, month.result),
        )


def test_nothing_later_than_the_end_of_a_month_is_looked_at(tmp_path: Path) -> None:
    """Of two vehicles held since 20 January, due on 19 February, neither is late at the end of January; the one that
    comes back in March is reported in February, still held, and in March: two reports and one finding."""
    folder, path = tmp_path / "held", tmp_path / "held.yaml"
    folder.mkdir()
    path.write_text(MEASURES, encoding="utf-8")
    header = ["measure_id", "case_id", "domain", "unit_id", "kind", "started_at", "released_at"]
    rows = [["M1", "C1", "transport", "U1", "impound_vehicle", "2024-01-20", "2024-02-29"]]
    rows.append(["M2", "C2", "transport", "U1", "impound_vehicle", "2024-01-20", "2024-03-05"])
    rows.append(["M3", "C3", "transport", "U1", "impound_vehicle", "2024-03-01", "2024-03-31"])
    put(folder, rows, "measures", header)
    put(folder, [row("A", "2024-01-10", "1"), row("Z", "2024-03-31", "1")])
    tried = ask(folder, path, months=3).tried
    assert [month.findings for month in tried.months] == [0, 2, 1]
    assert tried.findings == 2


def test_the_months_are_the_last_complete_ones_and_none_before_the_data(data: Path, rule: Path) -> None:
    assert ask(data, rule, months=2).months == ("2024-03", "2024-04")
    short = ask(data, rule, months=12)
    assert (short.asked, short.months) == (12, ("2024-01", "2024-02", "2024-03", "2024-04"))
    put(data, [*CASES, row("MAY", "2024-05-30", "900")])
    assert ask(data, rule, months=2).months == ("2024-03", "2024-04")
    put(data, [*CASES, row("MAY", "2024-05-31", "900")])
    assert ask(data, rule, months=2).months == ("2024-04", "2024-05")


def test_months_go_back_over_the_turn_of_a_year() -> None:
    last = parse_period("2024-02")
    assert last is not None
    assert [month.label for month in months_until(last, 4, date(2023, 1, 5))] == [
        *("2023-11", "2023-12", "2024-01", "2024-02"),
    ]
    assert [month.label for month in months_until(last, 4, date(2024, 1, 31))] == ["2024-01", "2024-02"]
    assert [month.label for month in months_until(last, 1, date(2023, 1, 1))] == ["2024-02"]
    assert [month.last for month in months_until(last, 2, date(2023, 1, 1))] == [date(2024, 1, 31), date(2024, 2, 29)]


def test_a_lower_threshold_beside_the_former_rule(data: Path, rule: Path, tmp_path: Path) -> None:
    """Now a cap of 260, formerly 150 to 300 by turns: what comes, what goes and what stays, month by month."""
    other = tmp_path / "other.yaml"
    other.write_text(RULE.replace("fine_amount > $cap", "fine_amount > $cap and fine_amount < 400"), encoding="utf-8")
    found = compared(ask(data, rule, overrides={"test.rule.cap": "260"}, against=other))
    assert ids(found.newly, data, rule) == {"MAR2"}
    assert ids(found.gone, data, rule) == {"FEB1", "APR1"}
    assert ids(found.unchanged, data, rule) == {"MAR1"}
    assert [(m.month, m.newly, m.gone, m.unchanged) for m in found.months] == [
        ("2024-01", 0, 0, 0),
        ("2024-02", 0, 1, 0),
        ("2024-03", 1, 0, 1),
        ("2024-04", 0, 1, 0),
    ]
    assert [(u.unit_id, u.newly, u.gone, u.unchanged) for u in found.units] == [("U1", 1, 1, 0), ("U2", 0, 1, 1)]
    march = [(u.unit_id, u.newly, u.gone, u.unchanged) for u in found.months[2].units]
    assert march == [("U1", 1, 0, 0), ("U2", 0, 0, 1)]
    assert [(one.months, one.months_before) for one in found.gone] == [((), ("2024-02",)), ((), ("2024-04",))]
    assert [(one.months, one.months_before) for one in found.unchanged] == [(("2024-03",), ("2024-03",))]


def test_the_former_rule_runs_as_the_county_sets_it_and_without_what_is_being_tried(data: Path, rule: Path) -> None:
    (data / "auditor.yaml").write_text("parameters:\n  test.rule: {cap: 400}\n", encoding="utf-8")
    found = ask(data, rule, overrides={"test.rule.cap": "200"}, against=rule)
    assert found.tried.findings == 4
    assert [parameter.value for parameter in compared(found).before.card.parameters] == ["400"]
    assert ids(compared(found).unchanged, data, rule) == {"MAR2"}


def test_the_same_rule_twice_is_all_unchanged(data: Path, rule: Path) -> None:
    found = compared(ask(data, rule, against=rule))
    assert (found.newly, found.gone, len(found.unchanged)) == ((), (), 4)


def test_a_month_in_which_a_version_breaks_is_not_compared(data: Path, rule: Path, tmp_path: Path) -> None:
    put(data, [*CASES, row("HUGE", "2024-03-03", "999999999999")])
    other = tmp_path / "other.yaml"
    power = "fine_amount * fine_amount * fine_amount * fine_amount > 1"
    other.write_text(RULE.replace("fine_amount > $cap", power), encoding="utf-8")
    result = ask(data, rule, against=other)
    found = compared(result)
    assert [(month.month, month.compared) for month in found.months] == [
        *(("2024-01", True), ("2024-02", True), ("2024-03", False), ("2024-04", True)),
    ]
    assert (result.failed, found.before.failed) == (True, ("2024-03",))
    assert not ids(found.gone, data, rule) & {"MAR1", "MAR2", "HUGE"}
    assert not ids(found.newly, data, rule) & {"MAR1", "MAR2", "HUGE"}


def test_the_curve_falls_as_the_cap_rises(data: Path, rule: Path) -> None:
    result = ask(data, rule, vary=("cap", ("100", "150", "200", "250", "300", "500")))
    curve = [(one.value, one.tried.findings, one.as_set) for one in result.values]
    assert curve == [
        *(("100", 6, False), ("150", 5, False), ("200", 4, True)),
        *(("250", 2, False), ("300", 1, False), ("500", 0, False)),
    ]
    assert [month.findings for month in result.values[0].tried.months] == [0, 2, 2, 2]
    assert {one.tried.tested for one in result.values} == {7}
    assert [month.findings for month in result.tried.months] == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"vary": ("cap", ("100", "49", "1001"))}, RuleError, ["--vary cap=49", "--vary cap=1001"]),
        ({"vary": ("cap", ("100", "2 days"))}, RuleError, ["--vary cap=2 days"]),
        ({"vary": ("cpa", ("100",))}, UsageError, ["did you mean 'cap'?"]),
        ({"vary": ("cap", ())}, UsageError, ["needs values that differ"]),
        ({"vary": ("cap", ("100", "100"))}, UsageError, ["needs values that differ"]),
        ({"vary": ("cap", ("1",)), "overrides": {"test.rule.cap": "300"}}, UsageError, ["set and varied at once"]),
        ({"overrides": {"test.rule.cap": "20"}}, RuleError, ["outside its bounds"]),
        ({"overrides": {"other.rule.cap": "20"}}, UsageError, ["no other rule is run"]),
        ({"rule_id": "test.rul"}, UsageError, ["did you mean 'test.rule'?"]),
        ({"against": Path("nowhere.yaml")}, RuleError, ["no such file or folder of rules"]),
    ],
)
def test_what_cannot_be_asked_is_told_before_the_data_is_read(
    rule: Path, more: dict[str, object], error: type[AuditorError], said: list[str]
) -> None:
    with pytest.raises(error) as caught:
        ask(Path("no data"), rule, **more)
    assert caught.value.exit_status == 2
    assert [word for word in said if word not in str(caught.value)] == []


def test_a_former_version_must_hold_the_rule(data: Path, rule: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(RULE.replace("test.rule", "test.rules"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"--against: there is no rule 'test.rule'"):
        ask(data, rule, against=other)


def test_a_rule_whose_table_is_missing_says_so_and_is_in_order_nowhere(data: Path, tmp_path: Path, rule: Path) -> None:
    path = tmp_path / "measures.yaml"
    path.write_text(MEASURES, encoding="utf-8")
    result = ask(data, path, against=path)
    assert result.tried.lacks is not None
    assert "table measures is missing" in result.tried.lacks.en
    assert {month.result for month in result.tried.months} == {"not_applicable"}
    assert not result.failed
    assert not any(month.compared for month in compared(result).months)


def test_an_empty_month_is_not_clean_and_lacks_nothing(data: Path, rule: Path) -> None:
    put(data, [one for one in CASES if not one[4].startswith("2024-03")])
    tried = ask(data, rule).tried
    assert tried.lacks is None
    assert [(month.result, month.tested) for month in tried.months][2] == ("not_applicable", 0)
    put(data, [row("A", "2024-01-05", "100"), row("B", "2024-02-29", "")])
    last = ask(data, rule).tried
    assert (last.lacks, last.months[-1].result, last.months[-1].unknown) == (None, "not_applicable", 1)


def test_a_draft_is_tried_like_any_rule(data: Path, rule: Path) -> None:
    rule.write_text(RULE.replace("status: trial", "status: draft"), encoding="utf-8")
    assert ask(data, rule).tried.findings == 4


def test_data_without_a_date_has_no_past(data: Path, rule: Path) -> None:
    put(data, [["C1", "transport", "U1", "1039", "", "on_site", "summary", "1"]])
    with pytest.raises(InputError):
        ask(data, rule)


PLATE, PARTY = "辽D98765", "张三丰"


@pytest.fixture
def told(data: Path, tmp_path: Path) -> Backtest:
    """A comparison and a curve over cases that name a vehicle and a party."""
    header = [*HEADER, "plate_no", "party_name", "place_name"]
    put(data, [[*one, PLATE, PARTY, f"当事人{PARTY}驾驶{PLATE}"] for one in CASES], header=header)
    named = RULE.replace(
        "message: {zh: 试验, en: test}",
        "message: {zh: '{plate_no} {party_name} {place_name}', en: '{plate_no} {place_name}'}",
    )
    path = tmp_path / "named.yaml"
    path.write_text(named, encoding="utf-8")
    against = {"overrides": {"test.rule.cap": "250"}, "against": path}
    (data / "auditor.yaml").write_text("parameters:\n  test.rule: {cap: 200}\n", encoding="utf-8")
    first = ask(data, path, **against)
    curve = ask(data, path, vary=("cap", ("200", "300")))
    return replace(first, varied=curve.varied, values=curve.values)


def test_the_page_is_whole_offline_and_in_both_languages(told: Backtest, tmp_path: Path) -> None:
    text = (write(told, tmp_path / "out") / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert (page.unbalanced, page.open) == ([], [])
    assert {href.removeprefix("#") for href in page.links} <= page.anchors
    assert not [tag for tag, _ in page.tags if tag in ("img", "link", "iframe")]
    charts = [attributes["data-chart"] for tag, attributes in page.tags if tag == "figure"]
    assert charts == ["months", "varied"]
    for tag, attributes in page.tags:
        if tag == "script" and (source := attributes.get("src")) is not None:
            assert (tmp_path / "out" / source).is_file()
    for zh, en in (("按月", "Month by month"), ("新标出", "Newly flagged"), ("不再标出", "No longer flagged")):
        assert f'<span lang="zh">{zh}</span><span lang="en">{en}</span>' in text


def test_nothing_that_is_written_names_a_private_person(told: Backtest, tmp_path: Path) -> None:
    out = write(told, tmp_path / "out")
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.*")))
    assert "辽D****5" in written
    assert [value for value in (PLATE, PARTY) if value in written] == []


def test_the_document_says_the_same_as_the_result(told: Backtest, tmp_path: Path) -> None:
    document = json.loads((write(told, tmp_path / "out") / "backtest.json").read_text(encoding="utf-8"))
    assert document["form"] == "auditor-backtest/1"
    assert [month["findings"] for month in document["tried"]["months"]] == [0, 0, 2, 0]
    assert [(one["value"], one["tried"]["findings"]) for one in document["varied"]["values"]] == [
        ("200", 4),
        ("300", 1),
    ]
    against = document["against"]
    assert [len(against[name]) for name in ("newly_flagged", "no_longer_flagged", "unchanged")] == [0, 2, 2]


def test_the_same_question_gives_the_same_bytes(data: Path, rule: Path, tmp_path: Path) -> None:
    outs = [write(ask(data, rule, against=rule, vary=("cap", ("100", "300"))), tmp_path / name) for name in "ab"]
    one, two = (
        {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*") if path.is_file()}
        for out in outs
    )
    assert one == two
    assert [name for name in sorted(one) if not name.startswith("assets/")] == ["backtest.json", "index.html"]


def test_a_backtest_replaces_a_backtest_and_never_a_run(data: Path, rule: Path, tmp_path: Path) -> None:
    result, out = ask(data, rule), tmp_path / "out"
    write(result, out)
    write(result, out)
    with pytest.raises(UsageError, match="holds no earlier run"):
        check_place(out)
    (out / "backtest.json").rename(out / "manifest.json")
    with pytest.raises(UsageError, match="is not empty"):
        write(result, out)
