"""Rows that come soon after another of their series at another spot: found in sorted moments, as comparing all does."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.problem import Location
from auditor.engines import alike, closer, crossings
from auditor.rulebook.model import Example
from tests.engines.both_ways import assert_alike
from tests.kinds.spec import rule, rule_text

SERIES = st.sampled_from([0, 1, 2**26, 2**26 + 1, 2**63, 2**64 - 1])
"""Some of them agree in the bits by which rows are put in order, 33 and more, and all differ."""
MINUTES = st.sampled_from([0, 1, 2, 3, 5, 8, 13, 2**26 - 2, 2**26 - 1])
EVENTS = st.lists(st.tuples(SERIES, MINUTES, st.integers(1, 3)), max_size=30)
AT_ONCE = st.sampled_from([1, 3, 1 << 18])


def found_in(events: list[tuple[int, int, int]], within: int, at_once: int = 3) -> tuple[list[int], list[int]] | None:
    """The places found, the first event being at the place 1,000; the events come in parts of seven."""
    rows = [(series, (1000 + place << 27) + 2 * minute, spot) for place, (series, minute, spot) in enumerate(events)]
    columns = np.array(rows, np.uint64).reshape(-1, 3)
    parts = [tuple(columns[n : n + 7, which] for which in range(3)) for n in range(0, len(rows), 7)]
    with patch.object(alike, "AT_ONCE", at_once):
        found = crossings.soon_after_another(parts, within, len(events))
    return None if found is None else (sorted(found[0].tolist()), sorted(found[1].tolist()))


@given(EVENTS, st.sampled_from([0, 1, 2, 5, 2**26]), AT_ONCE)
def test_agrees_with_comparing_all(events: list[tuple[int, int, int]], within: int, at_once: int) -> None:
    """A row is looked at if a row of its minute, or of the minute before its own in which the series has rows, is of
    another spot and near enough; the rows of that minute before are there to be held against."""
    looked: set[int] = set()
    needed: set[int] = set()
    for place, (series, minute, spot) in enumerate(events):
        earlier = [other for one, other, _ in events if one == series and minute - within <= other < minute]
        own = {where for one, other, where in events if (one, other) == (series, minute)}
        last = [n for n, (one, other, _) in enumerate(events) if earlier and (one, other) == (series, max(earlier))]
        if len(own | {events[n][2] for n in last} | {spot}) > 1:
            looked.add(place)
            needed.update(last)
    found = found_in(events, within, at_once)
    assert found == (
        [1000 + place for place in sorted(looked)],
        [1000 + place for place in sorted(needed - looked)],
    )


def test_exactly_as_many_minutes_back_is_looked_at_and_one_more_is_not() -> None:
    """Minutes are cut, so that rows 10 apart by the minute may lie less than 10 minutes apart."""
    assert found_in([(1, 100, 1), (1, 110, 2)], 10) == ([1001], [1000])
    assert found_in([(1, 100, 1), (1, 111, 2)], 10) == ([], [])


def test_what_stands_still_or_is_of_another_series_is_not_looked_at() -> None:
    assert found_in([(1, 100, 1), (1, 101, 1), (1, 102, 1), (2, 101, 2)], 10) == ([], [])


def test_rows_of_one_minute_are_all_looked_at_if_they_are_of_two_spots() -> None:
    """Which of them comes last, the minute does not say; so the next is looked at, too, if it comes soon."""
    assert found_in([(1, 100, 1), (1, 100, 2), (1, 105, 1), (1, 106, 1)], 10) == ([1000, 1001, 1002], [])


def test_nothing_is_said_where_too_many_have_another_so_near() -> None:
    rows = np.array([[1, 2 * minute, 1] for minute in range(6)], np.uint64)
    part = (rows[:, 0], rows[:, 1], rows[:, 2])
    assert crossings.soon_after_another([part], 1, 5) is None
    assert crossings.soon_after_another([part], 1, 6) is not None


def test_no_rows_at_all() -> None:
    assert found_in([], 10) == ([], [])


CHECK = "kind: overlap\nwho: [officer_id]\nat: occurred_at\nplace: place_id\nwithin: 10 minutes"
COLUMNS = ("case_id", "officer_id", "place_id", "occurred_at", "status")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", None]),
        st.sampled_from(["L1", "L2", "L3", None]),
        st.one_of(st.none(), st.integers(0, 25 * 60).filter(lambda seconds: seconds % 20 == 0)),
        st.sampled_from(["decided", "decided", "filed", None]),
    ),
    max_size=12,
)


@pytest.mark.parametrize("few", [1, 10**9], ids=["by moments", "by windows"])
@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_leaving_out_what_has_nobody_near_changes_nothing(
    few: int, rows: list[tuple[str | None, str | None, int | None, str | None]]
) -> None:
    """Of so few rows most have another near: as many as there are may have one, or none."""
    start = datetime(2024, 5, 1, 9, 50)
    listed: list[dict[str, str | None]] = []
    for number, (who, where, after, status) in enumerate(rows):
        at = None if after is None else (start + timedelta(seconds=after)).isoformat(sep=" ")
        listed.append(dict(zip(COLUMNS, (f"R{number}", who, where, at, status), strict=True)))
    example = Example(
        name="near", as_of=date(2024, 5, 31), period="2024-05", parameters={}, given={"cases": tuple(listed)},
        columns={"cases": COLUMNS}, expect={}, location=Location(file="here"),
    )  # fmt: skip
    with patch.object(closer, "_NEAR", few):
        assert assert_alike(rule(rule_text(CHECK, table="cases", extra="where: status = 'decided'\n")), example)
