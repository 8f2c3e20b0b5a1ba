"""Keys borne by several rows: found in the sorted numbers, as counting them one by one does."""

from collections import Counter
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.engines import alike

KEYS = st.sampled_from([0, 2, 4, 6, 2**63, 2**64 - 4, 2**64 - 2])


@given(st.lists(st.tuples(KEYS, st.booleans()), max_size=40), st.integers(1, 4), st.sampled_from([1, 3, 1 << 18]))
def test_agrees_with_counting(rows: list[tuple[int, bool]], at_least: int, at_once: int) -> None:
    """A key is found if enough rows have it, and it may be told of one of them; however many are looked at at once."""
    counted = Counter(key for key, _ in rows)
    told = {key for key, marked in rows if marked}
    expected = sorted(key for key, n in counted.items() if n >= at_least and key in told)
    numbers = np.array([key + marked for key, marked in rows], np.uint64)
    with patch.object(alike, "_AT_ONCE", at_once):
        found, many = alike.borne_by(numbers, at_least)
    assert found.tolist() == expected
    assert len(expected) <= many <= sum(marked and key in expected for key, marked in rows)


@given(
    st.lists(st.tuples(st.sampled_from([0, 1 << 27, 1 << 63]), st.integers(0, 12), st.booleans()), max_size=40),
    st.integers(2, 4),
    st.integers(0, 5),
    st.sampled_from([1, 3, 1 << 18]),
)
def test_agrees_with_looking_at_every_window(
    rows: list[tuple[int, int, bool]], at_least: int, within: int, at_once: int
) -> None:
    """A row is found if it is one of enough of its key within the time, and any so found of the key is marked."""
    among: set[tuple[int, int]] = set()
    for key, begun, _ in rows:
        minutes = [minute for other, minute, _ in rows if other == key and begun <= minute <= begun + within]
        among |= {(key, minute) for minute in minutes} if len(minutes) >= at_least else set()
    told = {key for key, minute, marked in rows if marked and (key, minute) in among}
    expected = sorted(key + 2 * minute for key, minute in among if key in told)
    numbers = np.array([key + 2 * minute + marked for key, minute, marked in rows], np.uint64)
    with patch.object(alike, "_AT_ONCE", at_once):
        assert alike.close_together(numbers, at_least, within).tolist() == expected
