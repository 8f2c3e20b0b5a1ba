"""Conditions on one row, three-valued, and the register row in force that they may name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.spec import judged, load, rule_text

OVER = "kind: check\nfail_when: fine_amount > 200"


def test_null_is_unknown_and_outside_where_is_skipped() -> None:
    found = judged(
        OVER,
        {
            "cases": """
            case_id  | procedure | fine_amount | occurred_at
            AT       | summary   | 200.00      | 2024-05-01
            OVER     | summary   | 200.01      | 2024-05-01
            NO_FINE  | summary   |             | 2024-05-01
            OTHER    | ordinary  | 900         | 2024-05-01
            NO_PROC  |           | 900         | 2024-05-01
            NO_PROC0 |           | 10          | 2024-05-01
            """
        },
        extra="where: procedure = 'summary'\n",
    )
    assert found == {
        "AT": "ok",
        "OVER": "violation",
        "NO_FINE": "unknown",
        "OTHER": "skipped",
        "NO_PROC": "unknown",
        "NO_PROC0": "unknown",
    }


def test_the_as_of_day_is_a_parameter_of_a_condition() -> None:
    """What happened on that day has happened, to its last moment; what comes after has not."""
    rows = """
        case_id | filed_at         | occurred_at
        BEFORE  | 2024-05-30 10:00 | 2024-05-01
        ON_IT   | 2024-05-31 23:59 | 2024-05-01
        AFTER   | 2024-06-01 00:00 | 2024-05-01
        NEVER   |                  | 2024-05-01
    """
    check = "kind: check\nfail_when: cast(filed_at as date) <= $as_of"
    for as_of, last in (("2024-05-31", "ON_IT"), ("2024-06-01", "AFTER")):
        found = judged(check, {"cases": rows}, as_of=as_of, period="2024-05")
        assert found == {"BEFORE": "violation", "ON_IT": "violation", "AFTER": "ok", "NEVER": "unknown"} | {
            last: "violation"
        }
    scope = "where: cast(filed_at as date) <= $as_of\n"
    found = judged("kind: check\nfail_when: 1 = 1", {"cases": rows}, as_of="2024-05-31", period="2024-05", extra=scope)
    assert found == {"BEFORE": "violation", "ON_IT": "violation", "AFTER": "skipped", "NEVER": "unknown"}


@pytest.mark.parametrize(
    "written",
    [
        "filed_at <= $as_of",
        "filed_at <= ($as_of)",
        "$as_of > coalesce(filed_at, decided_at)",
        "filed_at between '2024-05-01' and $as_of",
        "filed_at in ($as_of)",
    ],
)
def test_a_moment_is_not_held_against_the_as_of_day(written: str) -> None:
    """Or all but the first moment of the day itself would be taken for later."""
    _, problems = load(rule_text(f"kind: check\nfail_when: {written}", table="cases"))
    assert [problem.message for problem in problems] == ["filed_at is a moment, and $as_of a day"]
    assert all("cast(filed_at as date)" in (problem.hint or "") for problem in problems)


def test_no_parameter_goes_by_the_name_of_the_as_of_day() -> None:
    text = rule_text("kind: check\nfail_when: fine_amount > $as_of", table="cases")
    said = "params:\n  as_of: {default: 5, doc: {zh: 一, en: one}}\n"
    _, problems = load(text.replace("check:\n", said + "check:\n", 1))
    assert "$as_of is the as-of day already" in [problem.message for problem in problems]


def test_a_row_enters_the_period_by_its_decision_and_without_one_by_the_act() -> None:
    rows = """
        case_id   | fine_amount | occurred_at | decided_at
        LAST_DAY  | 900         | 2024-04-01  | 2024-05-31
        DAY_AFTER | 900         | 2024-05-01  | 2024-06-01
        FIRST     | 900         | 2024-01-01  | 2024-05-01
        BEFORE    | 900         | 2024-01-01  | 2024-04-30
        UNDECIDED | 900         | 2024-05-31  |
        UNDATED   | 900         |             |
    """
    assert sorted(judged(OVER, {"cases": rows}, period="2024-05")) == ["FIRST", "LAST_DAY", "UNDATED", "UNDECIDED"]


SCHEDULE = "with:\n  schedule: {table: penalty_schedule, match: [violation_code, grade], valid_at: occurred_at}\n"
ABOVE = "kind: check\nfail_when: fine_amount > schedule.fine_max"


def test_the_register_row_in_force_on_the_day_is_the_one_that_counts() -> None:
    found = judged(
        ABOVE,
        {
            "cases": """
            case_id  | violation_code | grade    | fine_amount | occurred_at
            LAST_OLD | 1039           | ordinary | 150         | 2024-04-30 23:59
            NEW      | 1039           | ordinary | 150         | 2024-05-01 00:00
            UNKNOWN  | 9999           | ordinary | 150         | 2024-05-01 00:00
            ANY      | 1040           | serious  | 150         | 2024-05-01 00:00
            NO_GRADE | 1039           |          | 150         | 2024-05-01 00:00
            """,
            "penalty_schedule": """
            violation_code | grade    | fine_max | valid_from | valid_to
            1039           | ordinary | 200      | 2020-01-01 | 2024-04-30
            1039           | ordinary | 100      | 2024-05-01 |
            1040           |          | 100      | 2020-01-01 |
            """,
        },
        extra=SCHEDULE,
    )
    assert found == {
        "LAST_OLD": "ok",
        "NEW": "violation",
        "UNKNOWN": "unknown",
        "ANY": "violation",
        "NO_GRADE": "unknown",
    }


def test_two_register_rows_in_force_at_once_leave_the_row_unknown() -> None:
    found = judged(
        ABOVE,
        {
            "cases": """
            case_id | violation_code | grade   | fine_amount | occurred_at
            A       | 1039           | serious | 150         | 2024-05-01
            B       | 1040           | serious | 150         | 2024-05-01
            """,
            "penalty_schedule": """
            violation_code | grade   | fine_max | valid_from | valid_to
            1039           | serious | 200      | 2020-01-01 |
            1039           |         | 100      | 2023-01-01 |
            1040           | serious | 100      | 2020-01-01 |
            """,
        },
        extra=SCHEDULE,
    )
    assert found == {"A": "unknown", "B": "violation"}


_truth = st.sampled_from([True, False, None])


def _and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _not(a: bool | None) -> bool | None:
    return None if a is None else not a


def _or(a: bool | None, b: bool | None) -> bool | None:
    return _not(_and(_not(a), _not(b)))


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.tuples(_truth, _truth, _truth), min_size=1, max_size=27))
def test_agrees_with_three_valued_logic(rows: list[tuple[bool | None, bool | None, bool | None]]) -> None:
    words = {True: "true", False: "false", None: ""}
    table = "case_id | corrected | statement_waived | first_offence | occurred_at\n" + "\n".join(
        f"R{number} | {words[a]} | {words[b]} | {words[c]} | 2024-05-01" for number, (a, b, c) in enumerate(rows)
    )
    found = judged(
        "kind: check\nfail_when: corrected and not (statement_waived or first_offence)",
        {"cases": table},
        extra="where: statement_waived or corrected\n",
    )
    for number, (a, b, c) in enumerate(rows):
        scope, fails = _or(b, a), _and(a, _not(_or(b, c)))
        verdict = "violation" if fails else "ok"
        if scope is None or fails is None:
            verdict = "unknown"
        assert found[f"R{number}"] == ("skipped" if scope is False else verdict)
