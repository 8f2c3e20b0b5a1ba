"""Deadlines: the last day in time, the day after, and everything that keeps a row from being judged."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.intake.store.workdays import workdays
from tests.kinds.spec import judged, load, of, rule_text

DAYS = "kind: deadline\nfrom: started_at\nto: released_at\nwithin: 30 days"


def impounds(rows: str, check: str = DAYS, **options: str) -> dict[str, str]:
    return judged(check, {"measures": rows}, table="measures", **options)


def test_a_limit_in_days_ends_at_midnight_of_its_last_day() -> None:
    found = impounds("""
        measure_id | started_at       | released_at
        DAY30      | 2024-04-01 23:59 | 2024-05-01 23:59
        DAY31      | 2024-04-01 00:00 | 2024-05-02 00:00
        SAME_DAY   | 2024-04-01 09:00 | 2024-04-01 09:00
    """)
    assert found == {"DAY30": "ok", "DAY31": "violation", "SAME_DAY": "ok"}


def test_what_is_open_is_aged_to_the_end_of_the_as_of_day() -> None:
    rows = "measure_id | started_at | released_at\nOPEN | 2024-05-01 10:00 |"
    assert impounds(rows, as_of="2024-05-31") == {"OPEN": "ok"}
    assert impounds(rows, as_of="2024-06-01") == {"OPEN": "violation"}


def test_a_release_after_the_as_of_day_has_not_happened_yet() -> None:
    rows = "measure_id | started_at | released_at\nA | 2024-04-20 10:00 | 2024-06-15 10:00"
    assert impounds(rows, as_of="2024-05-20") == {"A": "ok"}
    assert impounds(rows, as_of="2024-05-21") == {"A": "violation"}


def test_null_and_reversed_dates_are_unknown() -> None:
    found = impounds("""
        measure_id | started_at       | released_at
        NO_START   |                  | 2024-05-02
        NOTHING    |                  |
        BACKWARD   | 2024-04-10       | 2024-04-09
    """)
    assert of(found, "unknown") == ["BACKWARD", "NOTHING", "NO_START"]


def test_a_row_belongs_to_every_period_in_which_it_was_open() -> None:
    rows = """
        measure_id | started_at | released_at
        BEFORE     | 2024-03-01 | 2024-04-30
        INTO       | 2024-03-01 | 2024-05-01
        ACROSS     | 2024-03-01 |
        AFTER      | 2024-06-01 |
    """
    assert sorted(impounds(rows, period="2024-05")) == ["ACROSS", "INTO"]


EXTENDED = DAYS + "\nextended_until: extended_until\nextended_if: extension_approved_at is not null\nat_most: 30 days"


def test_an_extension_counts_where_approved_and_never_beyond_its_cap() -> None:
    found = impounds(
        """
        measure_id  | started_at | released_at | extended_until | extension_approved_at
        LAST_DAY    | 2024-03-01 | 2024-04-10  | 2024-04-10     | 2024-03-30
        DAY_AFTER   | 2024-03-01 | 2024-04-11  | 2024-04-10     | 2024-03-30
        UNAPPROVED  | 2024-03-01 | 2024-04-10  | 2024-04-10     |
        CAP_DAY60   | 2024-03-01 | 2024-04-30  | 2024-09-01     | 2024-03-30
        CAP_DAY61   | 2024-03-01 | 2024-05-01  | 2024-09-01     | 2024-03-30
        NONE        | 2024-03-01 | 2024-04-10  |                | 2024-03-30
        SHORTER     | 2024-03-01 | 2024-03-31  | 2024-03-10     | 2024-03-05
        """,
        EXTENDED,
    )
    assert of(found, "violation") == ["CAP_DAY61", "DAY_AFTER", "NONE", "UNAPPROVED"]
    assert of(found, "ok") == ["CAP_DAY60", "LAST_DAY", "SHORTER"]


def test_days_of_a_test_are_not_counted_and_an_unfinished_test_leaves_it_open() -> None:
    check = DAYS + "\nexcludes: [[test_from, test_to]]"
    found = impounds(
        """
        measure_id | started_at | released_at | test_from  | test_to
        DAY40      | 2024-03-01 | 2024-04-10  | 2024-03-05 | 2024-03-15
        DAY41      | 2024-03-01 | 2024-04-11  | 2024-03-05 | 2024-03-15
        NO_TEST    | 2024-03-01 | 2024-04-01  |            |
        UNFINISHED | 2024-03-01 | 2024-04-11  | 2024-03-05 |
        """,
        check,
    )
    assert found == {"DAY40": "ok", "DAY41": "violation", "NO_TEST": "violation", "UNFINISHED": "unknown"}


def test_working_days_skip_national_day_and_count_the_swapped_saturday() -> None:
    # 2024: off 1 to 7 October, worked on Sunday 29 September and Saturday 12 October.
    check = "kind: deadline\nfrom: decided_at\nto: served_at\nwithin: 7 working days"
    found = judged(
        check,
        {
            "cases": """
            case_id | decided_at       | served_at
            DAY7    | 2024-09-27 16:00 | 2024-10-12 18:00
            DAY8    | 2024-09-27 16:00 | 2024-10-13 08:00
            FESTIVE | 2024-10-02 09:00 | 2024-10-15 23:00
            LATE    | 2024-10-02 09:00 | 2024-10-16 00:00
            """
        },
        as_of="2024-12-31",
    )
    assert found == {"DAY7": "ok", "DAY8": "violation", "FESTIVE": "ok", "LATE": "violation"}


def test_the_last_day_on_a_holiday() -> None:
    # Thirty days from 2024-04-01 end on Labour Day; 1 to 5 May are off, Monday the 6th is worked.
    rows = """
        measure_id | started_at | released_at
        HOLIDAY    | 2024-04-01 | 2024-05-05
        WORKDAY    | 2024-04-01 | 2024-05-06
        AFTER      | 2024-04-01 | 2024-05-07
    """
    assert of(impounds(rows), "violation") == ["AFTER", "HOLIDAY", "WORKDAY"]
    assert of(impounds(rows, DAYS + "\nroll: next_working_day"), "violation") == ["AFTER"]
    assert of(impounds(rows, DAYS + "\nroll: lower_level"), "violation") == ["AFTER", "HOLIDAY", "WORKDAY"]


def test_months_end_on_the_day_of_the_same_number_or_the_last() -> None:
    check = "kind: deadline\nfrom: started_at\nto: released_at\nwithin: 3 months"
    found = impounds(
        """
        measure_id | started_at | released_at
        SAME       | 2024-01-15 | 2024-04-15
        NEXT       | 2024-01-15 | 2024-04-16
        SHORT      | 2023-11-30 | 2024-02-29
        SHORT_NEXT | 2023-11-30 | 2024-03-01
        """,
        check,
    )
    assert found == {"SAME": "ok", "NEXT": "violation", "SHORT": "ok", "SHORT_NEXT": "violation"}


HOURS = "kind: deadline\nfrom: started_at\nto: handed_in_at\nwithin: 24 hours"


def test_hours_run_from_the_exact_moment() -> None:
    found = impounds(
        """
        measure_id | started_at          | handed_in_at
        AT_24      | 2024-05-06 10:00:00 | 2024-05-07 10:00:00
        SECOND     | 2024-05-06 10:00:00 | 2024-05-07 10:00:01
        OPEN_LATE  | 2024-05-29 23:59:59 |
        OPEN       | 2024-05-31 00:00:00 |
        """,
        HOURS,
    )
    assert found == {"AT_24": "ok", "SECOND": "violation", "OPEN_LATE": "violation", "OPEN": "ok"}


def test_hours_between_bare_days_are_judged_only_where_every_hour_agrees() -> None:
    found = impounds(
        """
        measure_id | started_at | handed_in_at
        SAME_DAY   | 2024-05-06 | 2024-05-06
        NEXT_DAY   | 2024-05-06 | 2024-05-07
        TWO_DAYS   | 2024-05-06 | 2024-05-08
        """,
        HOURS,
    )
    assert found == {"SAME_DAY": "ok", "NEXT_DAY": "unknown", "TWO_DAYS": "violation"}


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("at_most: 30 days", "there is no extension to limit"),
        ("extended_if: cargo_held", "says when an extension counts, but not how long it is"),
        ("extended_if: cargo_held\nat_most: 5 working days", "must be in days, like the limit"),
        ("bands: [{to: 7 hours, level: low}, {level: high}]", "must be in days"),
        ("bands: [{to: 9 days, level: low}, {to: 7 days, level: high}, {level: high}]", "bands must grow"),
        ("bands: [{to: 9 days, level: low}]", "bands must end with one that has no `to`"),
    ],
)
def test_fields_that_do_not_go_together(added: str, said: str) -> None:
    _, problems = load(rule_text(f"{DAYS}\n{added}", table="measures"))
    assert [problem for problem in problems if said in problem.message], problems


_days = st.dates(date(2023, 12, 20), date(2024, 11, 10))
_lists = workdays({})
_IS_WORKED = dict(zip(_lists[0], _lists[1], strict=True))


def _last_day(start: date, count: int, unit: str) -> date:
    """The last day in time, counted on the fingers."""
    last = start
    while count:
        last += timedelta(days=1)
        if unit == "days" or _IS_WORKED[last]:
            count -= 1
    return last


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(st.none() | _days, st.none() | _days), min_size=1, max_size=30),
    count=st.integers(0, 40),
    unit=st.sampled_from(["days", "working days"]),
    as_of=_days,
)
def test_agrees_with_counting_on_the_fingers(
    rows: list[tuple[date | None, date | None]], count: int, unit: str, as_of: date
) -> None:
    table = "measure_id | started_at | released_at\n" + "\n".join(
        f"R{number} | {start or ''} | {end or ''}" for number, (start, end) in enumerate(rows)
    )
    check = f"kind: deadline\nfrom: started_at\nto: released_at\nwithin: {count} {unit}"
    expected: dict[str, str] = {}
    for number, (start, end) in enumerate(rows):
        if start is not None and start > as_of:
            continue
        done = end if end is not None and end <= as_of else None
        if start is None or (done is not None and done < start):
            verdict = "unknown"
        else:
            verdict = "violation" if (done or as_of) > _last_day(start, count, unit) else "ok"
        expected[f"R{number}"] = verdict
    assert impounds(table, check, as_of=as_of.isoformat()) == expected


_moments = st.datetimes(datetime(2024, 5, 1), datetime(2024, 5, 5)).map(lambda at: at.replace(microsecond=0))


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(_moments, st.none() | _moments), min_size=1, max_size=20), count=st.integers(1, 72))
def test_agrees_with_the_clock(rows: list[tuple[datetime, datetime | None]], count: int) -> None:
    table = "measure_id | started_at | handed_in_at\n" + "\n".join(
        f"R{number} | {start} | {end or ''}" for number, (start, end) in enumerate(rows)
    )
    check = f"kind: deadline\nfrom: started_at\nto: handed_in_at\nwithin: {count} hours"
    present = datetime(2024, 5, 4)
    expected: dict[str, str] = {}
    for number, (start, end) in enumerate(rows):
        if start >= present:
            continue
        done = end if end is not None and end < present else None
        if done is not None and done < start:
            expected[f"R{number}"] = "unknown"
        else:
            late = (done or present) - start > timedelta(hours=count)
            expected[f"R{number}"] = "violation" if late else "ok"
    assert impounds(table, check, as_of="2024-05-03") == expected
