"""Sequences: order, completeness, absence, steps too close together, and moments known to the day only."""

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, rule, rule_text

EVENTS = "kind: sequence\nevents: [filed_at, investigated_at, decided_at]\n"
ORDERED, COMPLETE = f"{EVENTS}expect: ordered", f"{EVENTS}expect: complete"
STEPS = """
    case_id | filed_at         | investigated_at  | decided_at
    ORDER   | 2024-05-01 08:00 | 2024-05-01 09:00 | 2024-05-01 10:00
    EQUAL   | 2024-05-01 08:00 | 2024-05-01 08:00 | 2024-05-01 08:00
    MINUTE  | 2024-05-01 08:00 | 2024-05-01 09:00 | 2024-05-01 08:59
    FIRST   | 2024-05-01 08:01 | 2024-05-01 08:00 | 2024-05-01 10:00
    GAP     | 2024-05-01 08:00 |                  | 2024-05-01 10:00
    GAP_BAD | 2024-05-01 10:01 |                  | 2024-05-01 10:00
    TAIL    | 2024-05-01 08:00 | 2024-05-01 09:00 |
    ONE     |                  |                  | 2024-05-01 10:00
"""


def test_order_passes_over_blank_steps_and_says_nothing_of_one_step_alone() -> None:
    assert judged(ORDERED, {"cases": STEPS}) == {
        "ORDER": "ok",
        "EQUAL": "ok",
        "MINUTE": "violation",
        "FIRST": "violation",
        "GAP": "ok",
        "GAP_BAD": "violation",
        "TAIL": "ok",
        "ONE": "unknown",
    }


def test_complete_wants_every_step_as_well() -> None:
    found = judged(COMPLETE, {"cases": STEPS})
    assert {key for key, said in found.items() if said == "ok"} == {"ORDER", "EQUAL"}
    assert {key for key, said in found.items() if said == "unknown"} == set()


def test_absent_forbids_the_others_once_the_first_is_there() -> None:
    found = judged(
        "kind: sequence\nevents: [withdrawn_at, served_at, closed_at]\nexpect: absent",
        {
            "cases": """
            case_id | occurred_at | withdrawn_at     | served_at        | closed_at
            ALONE   | 2024-05-01  | 2024-05-02 08:00 |                  |
            SERVED  | 2024-05-01  | 2024-05-02 08:00 | 2024-05-03 08:00 |
            BEFORE  | 2024-05-01  | 2024-05-02 08:00 |                  | 2024-05-01 08:00
            NOT     | 2024-05-01  |                  | 2024-05-03 08:00 | 2024-05-04 08:00
            NOTHING | 2024-05-01  |                  |                  |
            """
        },
    )
    assert found == {"ALONE": "ok", "SERVED": "violation", "BEFORE": "violation", "NOT": "ok", "NOTHING": "ok"}


FAST = f"{ORDERED}\nat_least: 10 minutes"


def test_exactly_the_least_distance_is_in_order_and_a_second_less_is_too_fast() -> None:
    found = judged(
        FAST,
        {
            "cases": """
            case_id | filed_at            | investigated_at     | decided_at
            EXACT   | 2024-05-01 08:00:00 | 2024-05-01 08:10:00 | 2024-05-01 08:20:00
            SECOND  | 2024-05-01 08:00:00 | 2024-05-01 08:10:00 | 2024-05-01 08:19:59
            EQUAL   | 2024-05-01 08:00:00 | 2024-05-01 08:00:00 |
            OVER    | 2024-05-01 08:00:00 |                     | 2024-05-01 08:09:59
            WIDE    | 2024-05-01 08:00:00 |                     | 2024-05-01 08:10:00
            TURNED  | 2024-05-01 08:00:00 | 2024-05-01 07:00:00 |
            """
        },
    )
    assert found == {
        "EXACT": "ok",
        "SECOND": "violation",
        "EQUAL": "violation",
        "OVER": "violation",
        "WIDE": "ok",
        "TURNED": "violation",
    }


def test_a_distance_in_days_or_months_goes_by_the_calendar() -> None:
    rows = """
        case_id | hearing_notice_at | hearing_at       | occurred_at
        DAY6    | 2024-01-31 00:01  | 2024-02-06 23:59 | 2024-01-01 00:00
        DAY7    | 2024-01-31 23:59  | 2024-02-07 00:01 | 2024-01-01 00:00
        MONTH   | 2024-01-31 23:59  | 2024-02-29 00:00 | 2024-01-01 00:00
        SHORT   | 2024-01-31 00:00  | 2024-02-28 23:59 | 2024-01-01 00:00
    """
    check = "kind: sequence\nevents: [hearing_notice_at, hearing_at]\nexpect: ordered\nat_least: "
    found = judged(check + "7 days", {"cases": rows})
    assert found == {"DAY6": "violation", "DAY7": "ok", "MONTH": "ok", "SHORT": "ok"}
    found = judged(check + "1 month", {"cases": rows})
    assert found == {"DAY6": "violation", "DAY7": "violation", "MONTH": "ok", "SHORT": "violation"}


BY_DAY = """
    case_id | filed_at   | investigated_at | decided_at
    SAME    | 2024-05-01 | 2024-05-01      | 2024-05-02
    APART   | 2024-05-01 | 2024-05-02      | 2024-05-03
    TURNED  | 2024-05-02 | 2024-05-01      | 2024-05-03
    SKIPPED | 2024-05-02 | 2024-05-02      | 2024-05-01
"""


def test_days_alone_cannot_tell_the_order_within_one_day() -> None:
    assert judged(ORDERED, {"cases": BY_DAY}) == {
        "SAME": "unknown",
        "APART": "ok",
        "TURNED": "violation",
        "SKIPPED": "violation",
    }


def test_a_blank_step_is_a_violation_even_where_the_order_cannot_be_told() -> None:
    rows = "case_id | filed_at | investigated_at | decided_at\nA | 2024-05-01 | 2024-05-01 |"
    assert judged(COMPLETE, {"cases": rows}) == {"A": "violation"}
    assert judged(ORDERED, {"cases": rows}) == {"A": "unknown"}


def test_a_day_against_moments_is_judged_where_every_hour_agrees() -> None:
    # The middle step is known to the day; the outer two are moments of that day or its neighbours.
    found = judged(
        ORDERED,
        {
            "cases": """
            case_id | filed_at         | investigated_at | decided_at
            AROUND  | 2024-04-30 23:59 | 2024-05-01      | 2024-05-02 00:00
            MIDNIGHT| 2024-05-01 00:00 | 2024-05-01      | 2024-05-02 00:00
            BEFORE  | 2024-05-01 00:01 | 2024-05-01      | 2024-05-02 00:00
            AFTER   | 2024-04-30 23:59 | 2024-05-01      | 2024-05-01 23:59
            TURNED  | 2024-05-02 00:00 | 2024-05-01      | 2024-05-03 00:00
            OUTER   | 2024-05-01 12:00 | 2024-05-01      | 2024-05-01 11:59
            """
        },
    )
    assert found == {
        "AROUND": "ok",
        "MIDNIGHT": "ok",
        "BEFORE": "unknown",
        "AFTER": "unknown",
        "TURNED": "violation",
        "OUTER": "violation",
    }


def test_a_distance_between_bare_days() -> None:
    rows = """
        case_id | filed_at   | investigated_at | decided_at
        DAY1    | 2024-05-01 | 2024-05-02      |
        DAY2    | 2024-05-01 | 2024-05-03      |
        DAY3    | 2024-05-01 | 2024-05-04      |
        SAME    | 2024-05-01 | 2024-05-01      |
    """
    found = judged(f"{ORDERED}\nat_least: 48 hours", {"cases": rows})
    assert found == {"DAY1": "violation", "DAY2": "unknown", "DAY3": "ok", "SAME": "violation"}
    found = judged(f"{ORDERED}\nat_least: 2 days", {"cases": rows})
    assert found == {"DAY1": "violation", "DAY2": "ok", "DAY3": "ok", "SAME": "violation"}


def test_a_moment_that_the_rule_cuts_to_its_day_is_known_to_the_day_only() -> None:
    check = "kind: sequence\nevents: [filed_at, cast(decided_at as date)]\nexpect: ordered"
    rows = """
        case_id | filed_at         | decided_at
        SAME    | 2024-05-01 10:00 | 2024-05-01 11:00
        NEXT    | 2024-05-01 10:00 | 2024-05-02 00:00
    """
    assert judged(check, {"cases": rows}) == {"SAME": "unknown", "NEXT": "ok"}


def test_a_step_after_the_as_of_day_has_not_been_taken_yet() -> None:
    rows = (
        "case_id | filed_at | investigated_at | decided_at\nA | 2024-05-01 08:00 | 2024-05-02 08:00 | 2024-06-01 00:00"
    )
    occurred = rows.replace("case_id", "case_id | occurred_at").replace("A |", "A | 2024-05-01 08:00 |")
    at = "at: occurred_at\n"
    assert judged(COMPLETE, {"cases": occurred}, extra=at, as_of="2024-05-31") == {"A": "violation"}
    assert judged(COMPLETE, {"cases": occurred}, extra=at, as_of="2024-06-01") == {"A": "ok"}


def test_a_violation_of_last_month_is_not_reported_again() -> None:
    rows = """
        case_id | filed_at         | investigated_at  | decided_at
        APRIL   | 2024-04-30 10:00 | 2024-04-30 09:00 | 2024-04-30 23:59
        MAY     | 2024-04-30 10:00 | 2024-04-30 09:00 | 2024-05-01 00:00
    """
    assert judged(ORDERED, {"cases": rows}, period="2024-05") == {"MAY": "violation"}
    result = run(ORDERED, {"cases": rows})
    assert [finding.subject_id for finding in result.findings] == ["MAY"]
    assert (result.result.tested, result.result.violation) == (1, 1)


def test_outside_where_is_skipped_and_no_rows_is_no_verdict() -> None:
    rows = """
        case_id | procedure | filed_at         | investigated_at | decided_at
        SUMMARY | summary   | 2024-05-02 08:00 |                 | 2024-05-01 08:00
        NO_PROC |           | 2024-05-02 08:00 |                 | 2024-05-01 08:00
    """
    extra = "where: procedure = 'ordinary'\n"
    assert judged(ORDERED, {"cases": rows}, extra=extra) == {"SUMMARY": "skipped", "NO_PROC": "unknown"}
    assert judged(ORDERED, {"cases": "case_id | filed_at | investigated_at | decided_at"}) == {}


def test_a_finding_names_the_steps() -> None:
    rows = (
        "case_id | filed_at | investigated_at | decided_at\nA | 2024-05-02 08:00 | 2024-05-01 09:00 | 2024-05-02 08:05"
    )
    [finding] = run(FAST, {"cases": rows}).findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert facts["steps"] == (
        "filed_at 2024-05-02 08:00:00, investigated_at 2024-05-01 09:00:00, decided_at 2024-05-02 08:05:00"
    )
    assert (facts["out_of_order"], facts["too_fast"], facts["at_least"]) == ("investigated_at", None, "10 minutes")


def test_a_finding_names_what_is_missing_and_too_fast_by_the_days_known() -> None:
    check = "kind: sequence\nevents: [test_from, test_to, released_at]\nexpect: complete\nat_least: 2 days"
    rows = (
        "measure_id | started_at | test_from | test_to | released_at\nA | 2024-05-02 08:00 | 2024-05-02 | 2024-05-03 |"
    )
    [finding] = run(check, {"measures": rows}, table="measures").findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert facts["steps"] == "test_from 2024-05-02, test_to 2024-05-03"
    assert (facts["missing"], facts["out_of_order"], facts["too_fast"]) == ("released_at", None, "test_to")


def test_the_sentence() -> None:
    said = rule(rule_text(f"{COMPLETE}\nat_least: 10 minutes", table="cases")).sentence
    assert said.en == (
        "flags every row whose steps are not in the order “filed at” → “investigated at” → “decided at”, "
        "or of which a step is missing, or in which a step follows the last by less than 10 minutes"
    )
    assert said.zh == (
        "各环节应依次为立案时间 → 调查终结时间 → 决定时间，后一环节早于前一环节的，即为问题；"
        "缺少任一环节的，也是问题；距前一环节不足 10 分钟的，也是问题"
    )


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (EVENTS, "needs `expect:`"),
        ("kind: sequence\nevents: [filed_at]\nexpect: ordered", "must be two or more"),
        ("kind: sequence\nevents: [filed_at, filed_at]\nexpect: ordered", "names one moment twice"),
        (f"{EVENTS}expect: sorted", "is not one of ordered, complete, absent"),
        (f"{EVENTS}expect: absent\nat_least: 5 minutes", "have no distance"),
        (f"{ORDERED}\nat_least: 5 working days", "must be in minutes, hours, days or months"),
        (f"{ORDERED}\nat_least: 0 hours", "must be 1 or more"),
    ],
)
def test_fields_that_do_not_go_together(check: str, said: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if said in problem.message], problems


_START = datetime(2024, 5, 1)
_step = st.none() | st.integers(0, 24)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_step, _step, _step), min_size=1, max_size=25),
    by_day=st.booleans(),
    complete=st.booleans(),
    hours=st.none() | st.integers(1, 30),
)
def test_agrees_with_trying_every_hour_of_a_day(
    rows: list[tuple[int | None, int | None, int | None]], by_day: bool, complete: bool, hours: int | None
) -> None:
    """Moments every six hours over six days; with `by_day` the middle step is written as its day alone."""

    def written(place: int, value: int | None) -> str:
        if value is None:
            return ""
        at = _START + timedelta(hours=6 * value)
        return f"{at:%Y-%m-%d}" if by_day and place == 1 else str(at)

    table = "case_id | occurred_at | filed_at | investigated_at | decided_at\n" + "\n".join(
        " | ".join([f"R{number}", str(_START), *(written(place, value) for place, value in enumerate(row))])
        for number, row in enumerate(rows)
    )
    check = COMPLETE if complete else ORDERED
    if hours is not None:
        check += f"\nat_least: {hours} hours"

    def verdict(steps: list[tuple[int, bool]]) -> str:
        """Over all minutes at which each pair of steps may have happened: always wrong, never wrong, or it depends."""
        said: list[set[bool]] = []
        for (place, (late, late_by_day)), (other, (early, early_by_day)) in combinations(
            reversed(list(enumerate(steps))), 2
        ):
            least = hours * 60 if hours is not None and place == other + 1 else 0
            said.append(
                {
                    (late + one) - (early + two) < least
                    for one in (range(1440) if late_by_day else (0,))
                    for two in (range(1440) if early_by_day else (0,))
                }
            )
        return "violation" if {True} in said else "ok" if all(one == {False} for one in said) else "unknown"

    expected: dict[str, str] = {}
    for number, row in enumerate(rows):
        recorded = [(place, value * 360) for place, value in enumerate(row) if value is not None]
        if complete and len(recorded) < 3:
            expected[f"R{number}"] = "violation"
            continue
        if len(recorded) < 2:
            expected[f"R{number}"] = "unknown"
            continue
        cut = [by_day and place == 1 for place, _ in recorded]
        expected[f"R{number}"] = verdict(
            [(value // 1440 * 1440 if whole else value, whole) for (_, value), whole in zip(recorded, cut, strict=True)]
        )
    assert judged(check, {"cases": table}, extra="at: occurred_at\n") == expected
