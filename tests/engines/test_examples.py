"""A rule's own tests: the ways in which a test could pass without testing are closed."""

from auditor.engines.examples import run_examples
from tests.kinds.spec import rule, rule_text

TESTS = """\
tests:
  - name: at the cap and over it
    as_of: 2024-05-31
    given:
      cases: |
        case_id | fine_amount | occurred_at
        AT      | 200         | 2024-05-01
        OVER    | 201         | 2024-05-01
    expect: {violation: [OVER], ok: [AT]}
"""
CHECK = "kind: check\nfail_when: fine_amount > $cap"
PARAMS = "params:\n  cap: {default: 200}\n"


def differences(tests: str) -> list[str]:
    loaded = rule(rule_text(CHECK, table="cases", extra=PARAMS) + tests)
    return [outcome.difference for outcome in run_examples([loaded]) if not outcome.passed]


def test_a_right_expectation_passes() -> None:
    assert differences(TESTS) == []


def test_a_wrong_expectation_shows_both_verdicts() -> None:
    wrong = TESTS.replace("{violation: [OVER], ok: [AT]}", "{violation: [AT, OVER]}")
    assert differences(wrong) == ["AT: expected violation, came out ok"]


def test_a_row_that_nobody_expects_anything_of_is_a_failure() -> None:
    forgotten = TESTS.replace(", ok: [AT]", "")
    assert differences(forgotten) == ["AT: came out ok, and the test expects nothing of it"]


def test_a_row_that_is_not_there_is_a_failure() -> None:
    assert differences(TESTS.replace("ok: [AT]", "ok: [AT, GONE]")) == [
        "GONE: expected ok, but there is no such row in the period"
    ]


def test_a_column_that_the_rule_reads_must_be_given() -> None:
    lacking = TESTS.replace("case_id | fine_amount | occurred_at", "case_id | points | occurred_at")
    assert differences(lacking) == ["the test's table cases lacks the column fine_amount, which the rule reads"]


def test_a_value_of_the_wrong_type_is_a_failure() -> None:
    [said] = differences(TESTS.replace("| 201 ", "| much "))
    assert said.startswith("a value is not of its column's type")


def test_a_test_can_set_the_parameters() -> None:
    higher = TESTS.replace("    given:", "    params: {cap: 201}\n    given:", 1)
    assert differences(higher) == ["OVER: expected violation, came out ok"]


def test_times_repeats_a_row_under_numbered_keys() -> None:
    many = (
        TESTS.replace("case_id | fine", "times | case_id | fine")
        .replace("AT      |", "2 | AT |")
        .replace("OVER    |", " | OVER |")
        .replace("ok: [AT]", "ok: ['AT#1', 'AT#2']")
    )
    assert differences(many) == []
