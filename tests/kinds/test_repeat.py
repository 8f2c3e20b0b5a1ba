"""Repeats: the window, its edge, chains across months, and events that cannot be compared."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.engines import alike, closer
from tests.kinds.spec import judged, load, of, rule_text

CHECK = "kind: repeat\nby: [plate_no, place_id]\nat: occurred_at\nwindow: 24 hours\nat_least: 2"


@pytest.fixture(
    autouse=True,
    scope="module",
    params=[(10**9, 5000, 200), (0, 5000, 200), (0, 0, 10**9)],
    ids=["most rows", "few rows", "with their minutes"],
)
def however_many_rows_are_alike(request: pytest.FixtureRequest) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """What else is asked of those that agree is taken from all at once, or from each part of what was read; where they
    are few, their minutes are not among it."""
    most, few, seldom = request.param
    with (
        patch.object(alike, "_MOST", most),
        patch.object(closer, "FEW", few),
        patch.object(closer, "_SELDOM", seldom),
    ):
        yield


def cases(rows: str, check: str = CHECK, **options: str) -> dict[str, str]:
    return judged(check, {"cases": rows}, **options)


def test_the_window_includes_its_last_moment() -> None:
    found = cases("""
        case_id | plate_no | place_id | occurred_at
        A1      | A        | L1       | 2024-05-01 10:00
        A2      | A        | L1       | 2024-05-02 10:00
        B1      | B        | L1       | 2024-05-01 10:00
        B2      | B        | L1       | 2024-05-02 10:01
        C1      | C        | L1       | 2024-05-01 10:00
        C2      | C        | L2       | 2024-05-01 10:00
        D1      | D        | L1       | 2024-05-01 10:00
        D2      | D        | L1       | 2024-05-01 10:00
    """)
    assert of(found, "violation") == ["A1", "A2", "D1", "D2"]
    assert of(found, "ok") == ["B1", "B2", "C1", "C2"]


def test_a_blank_in_the_key_or_the_moment_is_unknown_and_matches_nothing() -> None:
    found = cases("""
        case_id | plate_no | place_id | occurred_at
        A1      |          | L1       | 2024-05-01 10:00
        A2      |          | L1       | 2024-05-01 10:00
        B1      | B        | L1       |
        B2      | B        | L1       | 2024-05-01 10:00
    """)
    assert found == {"A1": "unknown", "A2": "unknown", "B1": "unknown", "B2": "ok"}


def test_rows_outside_where_do_not_count_towards_the_number() -> None:
    found = cases(
        """
        case_id | plate_no | place_id | occurred_at      | outcome
        A1      | A        | L1       | 2024-05-01 10:00 | fine
        A2      | A        | L1       | 2024-05-01 11:00 | warning
        B1      | B        | L1       | 2024-05-01 10:00 | fine
        B2      | B        | L1       | 2024-05-01 11:00 | fine
        C1      | C        | L1       | 2024-05-01 10:00 |
        """,
        extra="where: outcome = 'fine'\n",
    )
    assert found == {"A1": "ok", "A2": "skipped", "B1": "violation", "B2": "violation", "C1": "unknown"}


def test_a_window_is_not_cut_at_the_edge_of_the_month() -> None:
    rows = """
        case_id | plate_no | place_id | occurred_at
        APRIL   | A        | L1       | 2024-04-30 23:00
        MAY     | A        | L1       | 2024-05-01 01:00
        LONE    | B        | L1       | 2024-04-30 23:00
    """
    # April, at its own end, knows nothing of May; May finds the pair and cites the April row.
    assert cases(rows, period="2024-04", as_of="2024-04-30") == {"APRIL": "ok", "LONE": "ok"}
    assert cases(rows, period="2024-05") == {"APRIL": "violation", "MAY": "violation"}


def test_a_pair_of_last_month_is_not_reported_again() -> None:
    rows = """
        case_id | plate_no | place_id | occurred_at
        A1      | A        | L1       | 2024-04-10 10:00
        A2      | A        | L1       | 2024-04-10 11:00
        A3      | A        | L1       | 2024-05-10 11:00
    """
    assert cases(rows, period="2024-05") == {"A3": "ok"}


def test_bare_days_make_a_pair_only_on_the_same_day() -> None:
    rows = """
        case_id | plate_no | place_id | occurred_at
        A1      | A        | L1       | 2024-05-01
        A2      | A        | L1       | 2024-05-01
        B1      | B        | L1       | 2024-05-01
        B2      | B        | L1       | 2024-05-02
    """
    assert of(cases(rows), "violation") == ["A1", "A2"]
    assert of(cases(rows, CHECK.replace("24 hours", "2 days")), "violation") == ["A1", "A2", "B1", "B2"]


def test_years_that_no_minute_is_counted_of_are_compared_all_the_same() -> None:
    """Minutes are counted from 1970 into 2097; what lies before and after is at one end, and looked at exactly."""
    found = cases(
        """
        case_id | plate_no | place_id | occurred_at
        A1      | A        | L1       | 1969-12-31 23:59:59
        A2      | A        | L1       | 1970-01-01 00:00:01
        B1      | B        | L1       | 1940-01-01 08:00
        B2      | B        | L1       | 1960-01-01 08:00
        C1      | C        | L1       | 2097-08-06 10:00
        C2      | C        | L1       | 2097-08-07 09:00
        D1      | D        | L1       | 2098-01-01 08:00
        D2      | D        | L1       | 2099-01-01 08:00
        """,
        as_of="2099-12-31",
    )
    assert of(found, "violation") == ["A1", "A2", "C1", "C2"]


def test_a_window_in_months_is_refused() -> None:
    _, problems = load(rule_text(CHECK.replace("24 hours", "1 month"), table="cases"))
    assert [problem for problem in problems if "must be in minutes, hours or days" in problem.message]


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 60)), min_size=1, max_size=14),
    hours=st.integers(1, 12),
    at_least=st.integers(2, 4),
)
def test_agrees_with_trying_every_window(rows: list[tuple[str, int]], hours: int, at_least: int) -> None:
    start = datetime(2024, 5, 1)
    events = [(f"R{number}", plate, start + timedelta(hours=hour)) for number, (plate, hour) in enumerate(rows)]
    table = "case_id | plate_no | place_id | occurred_at\n" + "\n".join(
        f"{key} | {plate} | L1 | {at}" for key, plate, at in events
    )
    expected = {key: "ok" for key, _, _ in events}
    for _, plate, first in events:
        inside = [key for key, other, at in events if other == plate and first <= at <= first + timedelta(hours=hours)]
        if len(inside) >= at_least:
            expected.update(dict.fromkeys(inside, "violation"))
    check = f"kind: repeat\nby: [plate_no, place_id]\nat: occurred_at\nwindow: {hours} hours\nat_least: {at_least}"
    assert cases(table, check) == expected
