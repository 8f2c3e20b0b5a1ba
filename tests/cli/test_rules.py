"""`auditor rules`: the shipped rulebook in a list, in full, checked and tested; and what is said of a wrong one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from auditor import rulebook
from auditor.core.problem import Location
from tests.cli.conftest import Command

RULE = "impound.transport-overdue"


@pytest.fixture
def broken() -> str:
    """A rule file with two things wrong."""
    text = next(path for path in rulebook.shipped("rules").rglob(f"{RULE}.yaml")).read_text(encoding="utf-8")
    assert "level: high" in text
    assert "\ntable: " in text
    spoilt = text.replace("level: high", "level: hihg").replace("\ntable: ", "\ntabel: ")
    Path("broken.yaml").write_text(spoilt, encoding="utf-8")
    return "broken.yaml"


def test_list_has_a_line_a_rule(command: Command) -> None:
    ended = command("rules", "list", "--lang", "en")
    ids = [line.split()[0] for line in ended.out.splitlines() if line.strip()]
    assert ended.status == 0
    assert ids == [rule.rule_id for rule in rulebook.load().rules]


def test_list_as_json_says_what_each_rule_is(command: Command) -> None:
    listed = {rule["rule_id"]: rule for rule in json.loads(command("rules", "list", "--format", "json").out)}
    assert (listed[RULE]["covers"], listed[RULE]["certainty"]) == (["A4-04"], "violation")


def test_show_tells_grounds_sentence_parameters_doubts_and_sql(command: Command) -> None:
    out = command("rules", "show", "repeat.same-place-time", "--lang", "en").out
    headings = [line for line in out.splitlines() if line and not line.startswith(" ")]
    assert headings[0].startswith("repeat.same-place-time  Same vehicle fined again")
    assert headings[1:] == [
        *("Grounds", "Why", "What it does", "Parameters", "When it may be wrong", "How to verify", "SQL"),
    ]


def test_show_marks_a_parameter_that_was_set(command: Command) -> None:
    name = "repeat.same-place-time"
    out = command("rules", "show", name, "--lang", "en", "--set", f"{name}.window=12 hours").out
    assert any(line.startswith("  window = 12 hours (default 24 hours)") for line in out.splitlines())


def test_a_rule_that_is_not_there_gets_the_nearest(command: Command) -> None:
    ended = command("rules", "show", "impound.transport-overdu")
    assert ended.status == 2
    assert f"did you mean '{RULE}'?" in ended.err


def test_lint_passes_the_shipped_rules(command: Command) -> None:
    ended = command("rules", "lint")
    assert (ended.status, ended.out) == (0, "no problems\n")


def test_lint_tells_everything_that_is_wrong_with_its_place(command: Command, broken: str) -> None:
    ended = command("rules", "lint", broken)
    assert ended.status == 2
    assert "did you mean 'high'?" in ended.out
    assert "did you mean 'table'?" in ended.out
    listed = json.loads(command("rules", "lint", broken, "--format", "json").out)
    assert len(listed) >= 2
    assert all(problem["file"] == "broken.yaml" and problem["line"] for problem in listed)


def test_a_broken_rule_is_2_for_every_command(command: Command, broken: str) -> None:
    for arguments in (("list", "--rules", broken), ("show", RULE, "--rules", broken), ("test", broken)):
        ended = command("rules", *arguments)
        assert (ended.status, ended.out) == (2, ""), arguments
        assert "did you mean 'high'?" in ended.err


@dataclass(frozen=True)
class Outcome:
    rule_id: str
    name: str
    passed: bool
    difference: str
    location: Location


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    import auditor.engines.examples

    given = (
        Outcome("a.rule", "day 30", True, "", Location("a.yaml", 40)),
        Outcome("a.rule", "day 31", False, "A2: came out ok\nA3: missing", Location("a.yaml", 50)),
    )

    def run_examples(rules: Any) -> tuple[Outcome, ...]:
        return given

    monkeypatch.setattr(auditor.engines.examples, "run_examples", run_examples)


@pytest.mark.usefixtures("outcomes")
def test_a_failing_test_of_a_rule_is_2_with_the_difference(command: Command) -> None:
    ended = command("rules", "test")
    assert ended.status == 2
    assert ended.out.splitlines() == [
        "pass  a.rule: day 30",
        "FAIL  a.rule: day 31",
        "      a.yaml:50",
        "      A2: came out ok",
        "      A3: missing",
        "2 tests, 1 failed",
    ]


@pytest.mark.usefixtures("outcomes")
def test_the_tests_of_rules_as_junit(command: Command) -> None:
    command("rules", "test", "--junit", "rules.xml")
    cases = {case.get("name"): [child.tag for child in case] for case in ET.parse("rules.xml").iter("testcase")}
    assert cases == {"day 30": [], "day 31": ["failure"]}


def test_a_shipped_rule_passes_its_own_tests(command: Command) -> None:
    path = next(path for path in rulebook.shipped("rules").rglob("procedure.summary-above-cap.yaml"))
    ended = command("rules", "test", str(path))
    assert ended.status == 0
    assert ended.out.splitlines()[-1].endswith(" tests, 0 failed")
