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
        assert alike.borne_by(numbers, at_least).tolist() == expected
