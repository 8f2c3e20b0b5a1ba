"""Sequences: order, completeness, absence, steps too close together, and moments known to the day only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule, rule_text

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


AHEAD = """
    case_id | occurred_at | filed_at         | investigated_at  | decided_at
    LAST    | 2024-05-01  | 2024-05-01 08:00 | 2024-05-02 08:00 | 2024-05-31 23:59
    NEXT    | 2024-05-01  | 2024-05-01 08:00 | 2024-05-02 08:00 | 2024-06-01 00:00
    BLANK   | 2024-05-01  | 2024-05-01 08:00 | 2024-05-02 08:00 |
    ALL     | 2024-05-01  | 2024-06-01 08:00 | 2024-06-02 08:00 | 2024-06-03 08:00
    TURNED  | 2024-05-01  | 2024-06-03 08:00 | 2024-06-02 08:00 | 2024-06-01 08:00
    TWO     | 2024-05-01  | 2024-05-31 08:00 | 2024-06-02 08:00 | 2024-06-01 08:00
    BROKEN  | 2024-05-01  | 2024-05-02 08:00 | 2024-05-01 08:00 | 2024-06-01 00:00
    PASSED  | 2024-05-01  | 2024-05-01 08:00 | 2024-06-01 00:00 | 2024-05-31 23:59
    HOLE    | 2024-05-01  |                  | 2024-05-31 23:59 | 2024-06-01 00:00
    OPEN    | 2024-05-01  | 2024-05-01 08:00 |                  | 2024-06-01 00:00
    EMPTY   | 2024-05-01  |                  |                  | 2024-06-01 00:00
"""
BY_OCCURRENCE = "at: occurred_at\n"


def test_a_step_that_lies_ahead_is_not_missing_but_one_it_ought_to_have_come_before_is_out_of_order() -> None:
    # LAST was taken on the as-of day itself. Of PASSED the second step comes after the third, or never: a fault either
    # way; so with HOLE's first. What follows a step ahead, or is blank beside it, may yet be taken.
    assert judged(COMPLETE, {"cases": AHEAD}, extra=BY_OCCURRENCE, as_of="2024-05-31") == {
        "LAST": "ok",
        "NEXT": "unknown",
        "BLANK": "violation",
        "ALL": "unknown",
        "TURNED": "unknown",
        "TWO": "unknown",
        "BROKEN": "violation",
        "PASSED": "violation",
        "HOLE": "violation",
        "OPEN": "unknown",
        "EMPTY": "unknown",
    }


def test_the_next_day_tells_what_was_unknown() -> None:
    found = judged(COMPLETE, {"cases": AHEAD}, extra=BY_OCCURRENCE, as_of="2024-06-03")
    assert of(found, "ok") == ["ALL", "LAST", "NEXT"]
    assert of(found, "unknown") == []


def test_order_is_told_of_the_steps_taken_where_none_that_lies_ahead_could_change_it() -> None:
    # NEXT and HOLE: the last step can only come after the others. PASSED: in order if the second never comes.
    assert judged(ORDERED, {"cases": AHEAD}, extra=BY_OCCURRENCE, as_of="2024-05-31") == {
        "LAST": "ok",
        "NEXT": "ok",
        "BLANK": "ok",
        "ALL": "unknown",
        "TURNED": "unknown",
        "TWO": "unknown",
        "BROKEN": "violation",
        "PASSED": "unknown",
        "HOLE": "unknown",
        "OPEN": "unknown",
        "EMPTY": "unknown",
    }


def test_a_step_that_lies_ahead_comes_too_soon_only_if_the_least_distance_is_not_over_by_then() -> None:
    rows = """
        case_id | occurred_at | filed_at         | investigated_at  | decided_at
        OVER    | 2024-05-01  | 2024-05-01 08:00 | 2024-05-31 23:50 | 2024-06-01 00:00
        WITHIN  | 2024-05-01  | 2024-05-01 08:00 | 2024-05-31 23:51 | 2024-06-03 00:00
        BROKEN  | 2024-05-01  | 2024-05-31 23:42 | 2024-05-31 23:51 | 2024-06-03 00:00
    """
    found = judged(FAST, {"cases": rows}, extra=BY_OCCURRENCE, as_of="2024-05-31")
    assert found == {"OVER": "ok", "WITHIN": "unknown", "BROKEN": "violation"}
    found = judged(f"{ORDERED}\nat_least: 1 days", {"cases": rows}, extra=BY_OCCURRENCE, as_of="2024-05-31")
    assert found == {"OVER": "ok", "WITHIN": "ok", "BROKEN": "violation"}
    found = judged(f"{ORDERED}\nat_least: 2 days", {"cases": rows}, extra=BY_OCCURRENCE, as_of="2024-05-31")
    assert found == {"OVER": "unknown", "WITHIN": "unknown", "BROKEN": "violation"}


def test_what_must_not_be_there_cannot_be_told_while_it_lies_ahead() -> None:
    found = judged(
        "kind: sequence\nevents: [withdrawn_at, served_at, closed_at]\nexpect: absent",
        {
            "cases": """
            case_id | occurred_at | withdrawn_at     | served_at        | closed_at
            LAST    | 2024-05-01  | 2024-05-02 08:00 | 2024-05-31 23:59 |
            NEXT    | 2024-05-01  | 2024-05-02 08:00 | 2024-06-01 00:00 |
            BOTH    | 2024-05-01  | 2024-05-02 08:00 | 2024-06-01 00:00 | 2024-05-31 23:59
            FIRST   | 2024-05-01  | 2024-06-01 00:00 | 2024-05-03 08:00 |
            ALONE   | 2024-05-01  | 2024-06-01 00:00 |                  |
            NOT     | 2024-05-01  |                  | 2024-06-01 00:00 |
            """
        },
        extra=BY_OCCURRENCE,
        as_of="2024-05-31",
    )
    assert found == {
        "LAST": "violation",
        "NEXT": "unknown",
        "BOTH": "violation",
        "FIRST": "unknown",
        "ALONE": "ok",
        "NOT": "ok",
    }


def test_a_day_alone_lies_ahead_from_the_day_after_on() -> None:
    rows = """
        case_id | occurred_at | filed_at   | investigated_at | decided_at
        LAST    | 2024-05-01  | 2024-05-29 | 2024-05-30      | 2024-05-31
        NEXT    | 2024-05-01  | 2024-05-30 | 2024-05-31      | 2024-06-01
        PASSED  | 2024-05-01  | 2024-05-30 | 2024-06-01      | 2024-05-31
    """
    found = judged(COMPLETE, {"cases": rows}, extra=BY_OCCURRENCE, as_of="2024-05-31")
    assert found == {"LAST": "ok", "NEXT": "unknown", "PASSED": "violation"}


def test_a_finding_tells_the_step_that_lies_ahead_as_it_is_written() -> None:
    rows = """
        case_id | occurred_at | filed_at         | investigated_at  | decided_at
        PASSED  | 2024-05-01  | 2024-05-01 08:00 | 2024-06-01 00:00 | 2024-05-31 23:59
        HOLE    | 2024-05-01  |                  | 2024-05-31 23:59 | 2024-06-01 00:00
        OPEN    | 2024-05-01  | 2024-05-02 08:00 | 2024-05-01 08:00 | 2024-06-01 00:00
    """
    found = run(COMPLETE, {"cases": rows}, extra=BY_OCCURRENCE).findings
    facts = {one.subject_id: {fact.name: fact.value for fact in one.facts} for one in found}
    assert {key: (told["missing"], told["out_of_order"]) for key, told in facts.items()} == {
        "PASSED": (None, "decided_at"),
        "HOLE": ("filed_at", None),
        "OPEN": (None, "investigated_at"),
    }
    assert facts["PASSED"]["steps"] == (
        "filed_at 2024-05-01 08:00:00, investigated_at 2024-06-01 00:00:00, decided_at 2024-05-31 23:59:00"
    )


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
_MINUTES_OF_A_DAY = 24 * 60
_STEPS = ("filed_at", "investigated_at", "rights_notice_at", "decided_at")
_step = st.none() | st.integers(0, 24)


@dataclass(frozen=True)
class _At:
    """Minutes since the start; of a step known to the day only, the first of its day."""

    minute: int
    by_day: bool

    def possible(self) -> Sequence[int]:
        return range(self.minute, self.minute + (_MINUTES_OF_A_DAY if self.by_day else 1))


@cache
def _sooner(late: _At, early: _At, least: int) -> frozenset[bool]:
    """Over all minutes at which the two may have happened: whether one came sooner than `least` after the other."""
    return frozenset(one - two < least for one in late.possible() for two in early.possible())


def _said(steps: Sequence[_At | None], expect: str, least: int) -> str:
    """The verdict when nothing lies ahead."""
    if expect == "absent":
        return "violation" if steps[0] is not None and any(steps[1:]) else "ok"
    recorded = [step for step in steps if step is not None]
    if expect == "complete" and len(recorded) < len(steps):
        return "violation"
    if len(recorded) < 2:
        return "unknown"
    said = [
        _sooner(late, early, least if place == other + 1 else 0)
        for (other, early), (place, late) in combinations(enumerate(recorded), 2)
    ]
    return "violation" if {True} in said else "ok" if all(one == {False} for one in said) else "unknown"


def _of_all_futures(steps: Sequence[_At | None], expect: str, least: int, end: int) -> str:
    """What lies ahead may never come, or at any moment from `end` on: at once, or so late that every order and every
    distance occurs. Under `complete` a blank step may do the same, as long as another lies ahead."""
    ahead = [step is not None and step.minute >= end for step in steps]
    late = [None, *(_At(end + wait * 100 * 60, False) for wait in range(len(steps)))]
    choices = [
        late if waits or (expect == "complete" and step is None and any(ahead)) else [step]
        for step, waits in zip(steps, ahead, strict=True)
    ]
    said = {_said(future, expect, least) for future in product(*choices)}
    return said.pop() if len(said) == 1 else "unknown"


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_step, _step, _step, _step), min_size=1, max_size=25),
    by_day=st.booleans(),
    expect=st.sampled_from(["ordered", "complete", "absent"]),
    hours=st.none() | st.integers(1, 30),
    days=st.integers(1, 7),
)
def test_agrees_with_trying_every_hour_of_a_day_and_every_future(
    rows: list[tuple[int | None, ...]], by_day: bool, expect: str, hours: int | None, days: int
) -> None:
    """Moments every six hours over six days, of which the first so many `days` are over; with `by_day` the second step
    is written as its day alone."""

    def cut(place: int, value: int | None) -> _At | None:
        if value is None:
            return None
        whole = by_day and place == 1
        minute = value * 6 * 60
        return _At(minute // _MINUTES_OF_A_DAY * _MINUTES_OF_A_DAY if whole else minute, whole)

    def written(step: _At | None) -> str:
        at = None if step is None else _START + timedelta(minutes=step.minute)
        return "" if step is None or at is None else f"{at:%Y-%m-%d}" if step.by_day else str(at)

    least = hours if hours is not None and expect != "absent" else 0
    check = f"kind: sequence\nevents: [{', '.join(_STEPS)}]\nexpect: {expect}"
    if least:
        check += f"\nat_least: {least} hours"
    cases = {f"R{n}": [cut(place, value) for place, value in enumerate(row)] for n, row in enumerate(rows)}
    table = f"case_id | occurred_at | {' | '.join(_STEPS)}\n" + "\n".join(
        " | ".join([key, str(_START), *(written(step) for step in steps)]) for key, steps in cases.items()
    )
    as_of = (_START + timedelta(days=days - 1)).date()
    expected = {
        key: _of_all_futures(steps, expect, least * 60, days * _MINUTES_OF_A_DAY) for key, steps in cases.items()
    }
    assert judged(check, {"cases": table}, extra=BY_OCCURRENCE, as_of=as_of.isoformat()) == expected
