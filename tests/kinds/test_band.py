"""Bands: an amount against its bounds, the bound itself, one blank bound, and the schedule in force on the day."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, rule, rule_text

WITH = "with:\n  schedule: {table: penalty_schedule, match: [violation_code, grade], valid_at: occurred_at}\n"
BAND = "kind: band\namount: fine_amount\nlow: schedule.fine_min\nhigh: schedule.fine_max"
TABLE = (
    "kind: band\namount: fine_amount\ntable: penalty_schedule\nmatch: [violation_code, grade]\nvalid_at: occurred_at"
)

CASES = """
    case_id  | violation_code | grade    | fine_amount | occurred_at
    UNDER    | 1039           | ordinary | 49.99       | 2024-05-01
    LOW      | 1039           | ordinary | 50          | 2024-05-01
    HIGH     | 1039           | ordinary | 200         | 2024-05-01
    OVER     | 1039           | ordinary | 200.01      | 2024-05-01
    BLANK    | 1039           | ordinary |             | 2024-05-01
    UNLISTED | 9999           | ordinary | 100         | 2024-05-01
"""
SCHEDULE = """
    violation_code | grade    | fine_min | fine_max | valid_from | valid_to
    1039           | ordinary | 50       | 200      | 2020-01-01 |
"""


@pytest.mark.parametrize(("check", "extra"), [(BAND, WITH), (TABLE, "")], ids=["with", "table"])
def test_a_bound_is_allowed_and_a_cent_beyond_is_not(check: str, extra: str) -> None:
    found = judged(check, {"cases": CASES, "penalty_schedule": SCHEDULE}, extra=extra)
    assert found == {
        "UNDER": "violation",
        "LOW": "ok",
        "HIGH": "ok",
        "OVER": "violation",
        "BLANK": "unknown",
        "UNLISTED": "unknown",
    }


def test_exclusive_edges_put_the_bound_itself_outside() -> None:
    found = judged(f"{BAND}\nedges: exclusive", {"cases": CASES, "penalty_schedule": SCHEDULE}, extra=WITH)
    assert [key for key, said in found.items() if said == "violation"] == ["UNDER", "LOW", "HIGH", "OVER"]


@pytest.mark.parametrize(("side", "flagged"), [("below", {"UNDER"}), ("above", {"OVER"})])
def test_one_side_alone(side: str, flagged: set[str]) -> None:
    found = judged(f"{BAND}\nside: {side}", {"cases": CASES, "penalty_schedule": SCHEDULE}, extra=WITH)
    assert {key for key, said in found.items() if said == "violation"} == flagged
    assert {key for key, said in found.items() if said == "unknown"} == {"BLANK", "UNLISTED"}


def test_a_blank_bound_is_unknown_unless_the_other_is_broken() -> None:
    cases = """
        case_id | violation_code | grade    | fine_amount | occurred_at
        NO_LOW1 | 1              | ordinary | 100         | 2024-05-01
        NO_LOW2 | 1              | ordinary | 300         | 2024-05-01
        NO_HI1  | 2              | ordinary | 100         | 2024-05-01
        NO_HI2  | 2              | ordinary | 10          | 2024-05-01
        NEITHER | 3              | ordinary | 100         | 2024-05-01
    """
    schedule = """
        violation_code | grade    | fine_min | fine_max | valid_from | valid_to
        1              | ordinary |          | 200      | 2020-01-01 |
        2              | ordinary | 50       |          | 2020-01-01 |
        3              | ordinary |          |          | 2020-01-01 |
    """
    assert judged(BAND, {"cases": cases, "penalty_schedule": schedule}, extra=WITH) == {
        "NO_LOW1": "unknown",
        "NO_LOW2": "violation",
        "NO_HI1": "unknown",
        "NO_HI2": "violation",
        "NEITHER": "unknown",
    }


def test_bounds_that_leave_nothing_between_them_judge_nobody() -> None:
    cases = """
        case_id | violation_code | grade    | fine_amount | occurred_at
        TURNED  | 1              | ordinary | 100         | 2024-05-01
        EQUAL   | 2              | ordinary | 100         | 2024-05-01
        OFF     | 2              | ordinary | 101         | 2024-05-01
    """
    schedule = """
        violation_code | grade    | fine_min | fine_max | valid_from | valid_to
        1              | ordinary | 200      | 50       | 2020-01-01 |
        2              | ordinary | 100      | 100      | 2020-01-01 |
    """
    given_ = {"cases": cases, "penalty_schedule": schedule}
    assert judged(BAND, given_, extra=WITH) == {"TURNED": "unknown", "EQUAL": "ok", "OFF": "violation"}
    exclusive = judged(f"{BAND}\nedges: exclusive", given_, extra=WITH)
    assert exclusive == {"TURNED": "unknown", "EQUAL": "unknown", "OFF": "unknown"}


def test_the_schedule_in_force_on_the_day_counts_and_two_at_once_count_for_nothing() -> None:
    cases = """
        case_id | violation_code | grade    | fine_amount | occurred_at
        OLD     | 1039           | ordinary | 150         | 2024-04-30 23:59
        NEW     | 1039           | ordinary | 150         | 2024-05-01 00:00
        ANY     | 1040           | grave    | 150         | 2024-05-01 00:00
        CLASH   | 1041           | ordinary | 150         | 2024-05-01 00:00
        NO_CODE |                | ordinary | 150         | 2024-05-01 00:00
    """
    schedule = """
        violation_code | grade    | fine_min | fine_max | valid_from | valid_to
        1039           | ordinary | 0        | 200      | 2020-01-01 | 2024-04-30
        1039           | ordinary | 0        | 100      | 2024-05-01 |
        1040           |          | 0        | 100      | 2020-01-01 |
        1041           | ordinary | 0        | 100      | 2020-01-01 |
        1041           |          | 0        | 200      | 2020-01-01 |
    """
    assert judged(TABLE, {"cases": cases, "penalty_schedule": schedule}) == {
        "OLD": "ok",
        "NEW": "violation",
        "ANY": "violation",
        "CLASH": "unknown",
        "NO_CODE": "unknown",
    }


def test_bounds_may_be_computed_and_only_one_is_needed_for_one_side() -> None:
    found = judged(
        "kind: band\namount: fine_amount\nhigh: 3 * illegal_gain\nside: above",
        {
            "cases": """
            case_id | fine_amount | illegal_gain | occurred_at
            AT      | 300.00      | 100          | 2024-05-01
            OVER    | 300.01      | 100          | 2024-05-01
            NO_GAIN | 300         |              | 2024-05-01
            """
        },
    )
    assert found == {"AT": "ok", "OVER": "violation", "NO_GAIN": "unknown"}


def test_a_finding_says_the_bounds_and_by_how_much_and_cites_the_schedule() -> None:
    text = rule_text(TABLE, table="cases").replace("en: test}\ntable", "en: '{penalty_schedule.fine_max}'}\ntable")
    judgement = run("", {"cases": CASES, "penalty_schedule": SCHEDULE}, text=text)
    assert {finding.message.en for finding in judgement.findings} == {"200"}
    facts = {finding.subject_id: {fact.name: fact.value for fact in finding.facts} for finding in judgement.findings}
    assert {key: [said[name] for name in ("amount", "low", "high", "out_by")] for key, said in facts.items()} == {
        "OVER": ["200.01", "50.00", "200.00", "0.01"],
        "UNDER": ["49.99", "50.00", "200.00", "0.01"],
    }
    assert {finding.value for finding in judgement.findings} == {0.01}
    assert [row.table_name for row in judgement.evidence] == ["cases", "penalty_schedule"] * 2


def test_the_sentence_says_which_side_and_whose_bounds() -> None:
    by_table = rule(rule_text(f"{TABLE}\nside: above", table="cases")).sentence
    assert by_table.en == (
        "flags every row whose fine amount is above the penalty schedule's fine max (a bound itself is allowed)"
    )
    assert by_table.zh == "罚款金额高于“裁量基准”的罚款上限的，即为问题（等于界限的不算）"
    named = rule(rule_text(f"{BAND}\nedges: exclusive", table="cases", extra=WITH)).sentence
    assert named.en == (
        "flags every row whose fine amount is below the penalty schedule's fine min or above the penalty schedule's "
        "fine max (a bound itself is outside)"
    )
    assert named.zh == "罚款金额低于“裁量基准”的罚款下限或高于“裁量基准”的罚款上限的，即为问题（等于界限的也算）"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("kind: band\namount: fine_amount", "`low`: is needed to judge `side: outside`"),
        ("kind: band\namount: fine_amount\nlow: 5", "`high`: is needed to judge `side: outside`"),
        ("kind: band\namount: fine_amount\nlow: 5\nside: above", "`high`: is needed to judge `side: above`"),
        ("kind: band\namount: fine_amount\nhigh: 5\nlow: 1\nvalid_at: occurred_at", "and there is none"),
        (f"{TABLE}\nlow: 5", "comes from `table`"),
        (TABLE.replace("\nvalid_at: occurred_at", ""), "`valid_at`: is needed"),
        (TABLE.replace("\nmatch: [violation_code, grade]", ""), "`match`: is needed"),
        (
            TABLE.replace("penalty_schedule", "officers").replace("violation_code, grade", "officer_id"),
            "has no fine_min",
        ),
        (f"{TABLE}\nedges: open", "is not one of inclusive, exclusive"),
    ],
)
def test_fields_that_do_not_go_together(check: str, said: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if said in problem.message], problems


_money = st.none() | st.integers(0, 4)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_money, _money, _money), min_size=1, max_size=25),
    side=st.sampled_from(["below", "above", "outside"]),
    edges=st.sampled_from(["inclusive", "exclusive"]),
)
def test_agrees_with_three_valued_comparison(
    rows: list[tuple[int | None, int | None, int | None]], side: str, edges: str
) -> None:
    table = "case_id | fine_amount | confiscated_amount | illegal_gain | occurred_at\n" + "\n".join(
        f"R{number} | {' | '.join('' if value is None else str(value) for value in row)} | 2024-05-01"
        for number, row in enumerate(rows)
    )
    check = (
        f"kind: band\namount: fine_amount\nlow: confiscated_amount\nhigh: illegal_gain\nside: {side}\nedges: {edges}"
    )

    def verdict(amount: int | None, low: int | None, high: int | None) -> str:
        if low is not None and high is not None and (high < low or (edges == "exclusive" and high == low)):
            return "unknown"
        broken: list[bool | None] = []
        if side != "above":
            broken.append(
                None if amount is None or low is None else amount < low or (edges == "exclusive" and amount == low)
            )
        if side != "below":
            broken.append(
                None if amount is None or high is None else amount > high or (edges == "exclusive" and amount == high)
            )
        return "violation" if True in broken else "unknown" if None in broken else "ok"

    assert judged(check, {"cases": table}) == {f"R{number}": verdict(*row) for number, row in enumerate(rows)}
