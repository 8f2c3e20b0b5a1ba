"""Intervals against textbook values, and how often they hold the truth."""

import numpy as np
import pytest

from auditor.stats.interval import excess_interval, wilson


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_wilson(k: int, n: int, lower: float, upper: float) -> None:
    """81 of 263 is the example of Newcombe 1998."""
    low, high = wilson(np.array([float(k)]), np.array([float(n)]))
    assert (low[0], high[0]) == pytest.approx((lower, upper), abs=5e-5)


def test_with_certain_peers_it_is_the_rate_s_own_interval_moved() -> None:
    low, high = excess_interval(np.array([8.0]), np.array([10.0]), np.array([0.3]), np.array([0.0]))
    assert (low[0], high[0]) == pytest.approx((0.1902, 0.6433), abs=5e-5)


def test_unsure_peers_widen_it_and_it_stays_within_bounds() -> None:
    k, n = np.array([50.0, 50.0, 0.0]), np.array([50.0, 50.0, 0.0])
    low, high = excess_interval(k, n, np.array([0.2, 0.2, 0.0]), np.array([0.0, 0.04, 0.0]))
    assert low[1] < low[0]
    assert high[0] == pytest.approx(0.8)
    assert (high[1], low[2], high[2]) == (1.0, -1.0, 1.0)


def test_the_truth_lies_inside_95_times_in_a_hundred() -> None:
    rng = np.random.default_rng(11)
    runs = 4000
    k = rng.binomial(60, 0.45, runs).astype(float)
    peers = rng.binomial(300, 0.30, runs) / 300
    low, high = excess_interval(k, np.full(runs, 60.0), peers, peers * (1 - peers) / 300)
    assert 0.935 < np.mean((low <= 0.15) & (high >= 0.15)) < 0.965
