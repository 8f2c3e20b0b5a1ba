"""Rows whose keys are borne by several: found in the sorted keys, as counting them one by one does."""

from collections import Counter
from itertools import pairwise
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.engines import alike

KEYS = st.sampled_from([0, 2**40, 2**63, 2**64 - 2**40])
MINUTES = st.sampled_from([0, 1, 2, 3, 5, 8, 2**26 - 2, 2**26 - 1])
ROWS = st.lists(st.tuples(KEYS, MINUTES, st.booleans()), max_size=40)
AT_ONCE = st.sampled_from([1, 3, 1 << 18])


def found_in(rows: list[tuple[int, int, bool]], at_least: int, within: int | None, at_once: int) -> list[int]:
    """The places found, the first row being at the place 1,000; the rows come in parts of seven."""
    rests = [(1000 + place << 27) + 2 * minute + marked for place, (_, minute, marked) in enumerate(rows)]
    keys = np.array([key for key, _, _ in rows], np.uint64)
    parts = [(keys[n : n + 7], np.array(rests[n : n + 7], np.uint64)) for n in range(0, len(rows), 7)]
    with patch.object(alike, "AT_ONCE", at_once), patch.object(alike, "_MOST", at_once):
        found = alike.in_company(parts, at_least, within).tolist()
    assert all(one < other for one, other in pairwise(sorted(found))), "no row is there twice"
    return sorted(found)


@given(ROWS, st.integers(1, 4), AT_ONCE)
def test_agrees_with_counting(rows: list[tuple[int, int, bool]], at_least: int, at_once: int) -> None:
    """A row is found if enough rows have its key, and one of them may be told of; whatever is looked at at once."""
    counted = Counter(key for key, _, _ in rows)
    told = {key for key, _, marked in rows if marked}
    expected = [1000 + n for n, (key, _, _) in enumerate(rows) if counted[key] >= at_least and key in told]
    assert found_in(rows, at_least, None, at_once) == expected


@given(ROWS, st.integers(2, 4), st.sampled_from([0, 1, 3, 5, 2**26, 10**9]), AT_ONCE)
def test_agrees_with_looking_at_every_window(
    rows: list[tuple[int, int, bool]], at_least: int, within: int, at_once: int
) -> None:
    """A row is found if it is one of enough of its key within the time, and any so found of the key is marked."""
    among: set[int] = set()
    for key, begun, _ in rows:
        near = [n for n, (other, minute, _) in enumerate(rows) if other == key and begun <= minute <= begun + within]
        among |= set(near) if len(near) >= at_least else set()
    told = {rows[n][0] for n in among if rows[n][2]}
    assert found_in(rows, at_least, within, at_once) == [1000 + n for n in sorted(among) if rows[n][0] in told]
