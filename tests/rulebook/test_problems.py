"""What is wrong with a rule file: each complaint with its place and the nearest valid name, all at once."""

from pathlib import Path

import pytest

from auditor.core.errors import RuleError
from auditor.rulebook import lint, load
from tests.kinds.spec import load as load_text
from tests.kinds.spec import rule_text

GOOD = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases")


def problems(text: str) -> list[str]:
    return [f"{problem.location}: {problem.message} | {problem.hint or ''}" for problem in load_text(text)[1]]


def test_the_rule_that_the_others_are_spoiled_from_is_good() -> None:
    assert problems(GOOD) == []


CHECK_LINE = len(GOOD.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fine_amount > 200", "fine_amout > 200", "no column 'fine_amout' | did you mean 'fine_amount'?"),
        ("fine_amount > 200", "shedule.fine_max > 1", "unknown name 'shedule' in shedule.fine_max"),
        ("fine_amount > 200", "fine_amount > $cap", "unknown parameter $cap"),
        ("fine_amount > 200", "fine_amount > 'x'", "cases.fine_amount is number, but 'x' is text"),
        ("fine_amount > 200", "occurred_at > 'May'", "cases.occurred_at is time, but 'May' is text"),
        ("fine_amount > 200", "procedure = 'sumary'", "procedure is never 'sumary' | did you mean 'summary'?"),
        ("fine_amount > 200", "party_id = null", "nothing equals NULL | write `is null` or `is not null`"),
        ("fine_amount > 200", "fine_amount + 200", "is not a condition"),
        ("fine_amount > 200", "fine_amount >", "not a valid SQL expression"),
        ("fine_amount > 200", "read_csv('/etc/passwd') = 1", "read_csv is not allowed here"),
        ("fine_amount > 200", "fine_amount > (select 1)", "is not allowed here"),
        ("fine_amount > 200", "fine_amount > 1; drop table cases", "not a valid SQL expression"),
        ("kind: check", "kind: chek", "unknown kind 'chek' | did you mean 'check'?"),
        ("fail_when:", "fails_when:", "unknown key 'fails_when' in a check check | did you mean 'fail_when'?"),
        ("table: cases", "table: case", "unknown table 'case' | did you mean 'cases'?"),
        ("level: medium", "level: hgih", "level is never 'hgih' | did you mean 'high'?"),
        ("level: medium", "level: medium\nlevel: high", "duplicate key 'level' | first written in line 4"),
        ("id: test.rule", "id: Test", "'Test' is not a rule id"),
        ("en: a rule under test", "fr: une règle", "unknown key 'fr' in title"),
        ("en: a rule under test", "fr: une règle", "`title` lacks its en text"),
        ("message: {zh: 试验, en: test}", "message: {zh: 试验, en: '{plat_no}'}", "| did you mean 'plate_no'?"),
        ("message: {zh: 试验, en: test}", "message: {zh: '{x', en: test}", "the message's braces don't close"),
        ("key: [case_id]", "key: [case]", "table cases has no column 'case' | did you mean 'case_id'?"),
        ("status: trial", "status: active", "an active rule needs a test that expects `violation`"),
        ("status: trial", "status: active", "an active rule needs a test that expects `ok`"),
        ("covers: []", "covers: *x", "is not valid YAML"),
        ("covers: []", "covers: &x [A1-01]\nverify: *x", "anchors and aliases are not allowed"),
        ("why: {zh: 试验, en: test}", "why: &a {zh: 试, en: t}\nreason: *a", "anchors and aliases are not allowed"),
    ],
)  # fmt: skip
def test_a_complaint_names_what_is_wrong_and_what_was_meant(old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new))
    assert any(said in problem for problem in found), found


def test_a_complaint_points_at_the_line_and_column() -> None:
    [problem] = load_text(GOOD.replace("fine_amount > 200", "points > 1 and fine_amout > 200"))[1]
    assert problem.location is not None
    assert (problem.location.file, problem.location.line) == ("rule.yaml", CHECK_LINE)
    line = problem.location.text or ""
    assert line[(problem.location.column or 0) - 1 :].startswith("fine_amout")
    shown = problem.render().splitlines()
    assert shown[2].index("^") == shown[1].index("fine_amout")


def test_all_problems_of_a_file_come_at_once() -> None:
    spoiled = (
        GOOD.replace("level: medium", "level: x").replace("fine_amount", "fine").replace("key: [case_id]", "key: [x]")
    )
    assert len(problems(spoiled)) == 3


@pytest.mark.parametrize("written", ["no", "0110", "12:30:00", "1e3"])
def test_yaml_guesses_nothing(written: str) -> None:
    loaded, _ = load_text(GOOD.replace("check:", f"params:\n  serial: {{default: {written}}}\ncheck:"))
    assert loaded is not None and loaded.parameters[0].value == written


def test_parameters_have_bounds_and_overrides_are_checked(tmp_path: Path) -> None:
    text = GOOD.replace("fine_amount > 200", "fine_amount > $cap").replace(
        "check:", "params:\n  cap: {default: 200, min: 50, max: 1000}\ncheck:"
    )
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    rule = load([path], overrides={"test.rule.cap": "1000"}).rules[0]
    assert rule.parameters[0].overridden and "1000" in rule.sentence.en
    for override, said in (
        ({"test.rule.cap": "1001"}, "lies outside its bounds"),
        ({"test.rule.cap": "49"}, "lies outside its bounds"),
        ({"test.rule.cap": "30 days"}, "is not of the same sort as the default"),
        ({"test.rule.cup": "60"}, "has no parameter 'cup'"),
        ({"test.rul.cap": "60"}, "there is no rule 'test.rul'"),
    ):
        with pytest.raises(RuleError, match=said):
            load([path], overrides=override)


def test_a_rule_id_is_taken_once(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    assert [problem.message for problem in lint([tmp_path])] == ["rule id 'test.rule' is taken"]


def test_missing_and_empty_places(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = [problem.message for problem in lint([tmp_path / "empty", tmp_path / "absent"])]
    assert said == ["holds no rule file", "there is no such file or folder of rules"]
    (tmp_path / "blank.yaml").write_text("", encoding="utf-8")
    assert [problem.message for problem in lint([tmp_path / "blank.yaml"])] == ["is empty"]


def test_an_unknown_item_of_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(GOOD.replace("covers: []", "covers: [A1-80]"), encoding="utf-8")
    assert [problem.message for problem in lint([path])] == ["the plan has no item 'A1-80'"]


def test_a_word_in_an_expression_of_several_lines_is_shown_where_it_stands() -> None:
    folded = GOOD.replace("fail_when: fine_amount > 200", "fail_when: >-\n    points > 1\n    and fine_amout > 200")
    [problem] = load_text(folded)[1]
    assert problem.location is not None and problem.location.text == "    and fine_amout > 200"
    assert (problem.location.line, problem.location.column) == (CHECK_LINE + 2, 9)
