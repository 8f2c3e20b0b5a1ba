"""The heap under a threshold: none in a smooth crowd, all of it where values were pushed down."""

import numpy as np
import pytest

from auditor.stats.heaping import heap


def test_on_an_even_crowd_the_step_below_is_like_the_others() -> None:
    found = heap([100] * 10, 4)
    assert found is not None
    assert found.expected == pytest.approx(100, abs=1e-6)
    assert found.lower < 0 < found.upper


def test_a_curve_of_the_fitted_shape_is_met_exactly() -> None:
    steps = np.arange(10) - 4
    exact = np.round(1e6 * np.exp(-0.2 * steps - 0.03 * steps**2)).astype(int)
    found = heap([int(count) for count in exact], 4)
    assert found is not None
    assert found.excess == pytest.approx(0, abs=2)


def test_what_was_pushed_over_the_threshold_is_found_and_the_gap_does_not_matter() -> None:
    counts = [100] * 10
    counts[4], counts[5] = 170, 30
    found = heap(counts, 4)
    assert found is not None
    assert (found.seen, found.expected) == (170, pytest.approx(100, abs=1e-6))
    assert found.lower > 0
    # By hand: an even step of 100 foreseen from eight others is never surer than sqrt(100), so +/- 19.6 at the least.
    assert 19.6 < found.upper - found.excess < 30


def test_rough_counts_widen_the_interval() -> None:
    smooth, rough = heap([100] * 10, 4), heap([60, 140, 60, 140, 100, 100, 60, 140, 60, 140], 4)
    assert smooth is not None and rough is not None
    assert rough.upper - rough.lower > 2 * (smooth.upper - smooth.lower)


def test_too_little_around_it_says_nothing() -> None:
    assert heap([0] * 10, 4) is None
    assert heap([0, 0, 0, 0, 50, 9, 3, 2, 1, 0], 4) is None
    with pytest.raises(ValueError, match="either side"):
        heap([1, 2, 3], 2)


def test_without_a_heap_the_interval_leaves_nothing_out_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(11)
    steps = np.arange(10) - 4.5
    density = np.exp(-0.15 * steps)
    runs = [heap([int(c) for c in rng.poisson(40 * density)], 4) for _ in range(400)]
    assert np.mean([found is not None and found.lower > 0 for found in runs]) <= 0.05
