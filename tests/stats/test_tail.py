"""The chance of so many outcomes or more, against exact sums of every way to get there."""

from fractions import Fraction
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stats.tail import upper_tail

Mix = list[tuple[int, Fraction]]


def exact(k: int, mix: Mix) -> Fraction:
    """P(X >= k), case by case."""
    ways = [Fraction(1)]
    for n, rate in mix:
        for _ in range(n):
            ways = [
                (ways[i] * (1 - rate) if i < len(ways) else 0) + (ways[i - 1] * rate if i else 0)
                for i in range(len(ways) + 1)
            ]
    return sum(ways[k:], Fraction(0))


def tail(k: int, mix: Mix, sd: float = 0.0) -> float:
    n = np.array([float(n) for n, _ in mix])
    rate = np.array([float(rate) for _, rate in mix])
    return float(upper_tail(np.array([float(k)]), np.array([sd]), start=np.array([0]), n=n, rate=rate)[0])


mixes = st.lists(
    st.tuples(st.integers(1, 15), st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50)),
    min_size=1,
    max_size=3,
).filter(lambda mix: sum(n for n, _ in mix) >= 20)


@settings(deadline=None, max_examples=80)
@given(mix=mixes, data=st.data())
def test_within_a_tenth_of_the_exact_chance(mix: Mix, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, sum(n for n, _ in mix)))
    assert tail(k, mix) == pytest.approx(float(exact(k, mix)), rel=0.1)


def test_all_and_at_least_one_are_exact() -> None:
    mix = [(30, Fraction(1, 5)), (4, Fraction(9, 10))]
    assert tail(34, mix) == pytest.approx(0.2**30 * 0.9**4, rel=1e-9)
    assert tail(1, mix) == pytest.approx(1 - 0.8**30 * 0.1**4, rel=1e-9)
    assert tail(0, mix) == 1.0


def test_small_expected_counts_have_the_long_tail_that_a_normal_z_misses() -> None:
    """8 of 30 where 1 in 20 is usual: the normal curve says 1 in 500 million, the truth is 1 in 4,000."""
    mix = [(30, Fraction(1, 20))]
    truth = float(exact(8, mix))
    normal = 0.5 * (1 - erf((8 - 1.5) / sqrt(30 * 0.05 * 0.95) / sqrt(2)))
    assert truth > 1000 * normal
    assert tail(8, mix) == pytest.approx(truth, rel=0.01)


def over_shifts(k: int, mix: Mix, sd: float) -> float:
    """The integral over the subject's own tendency as a plain sum of exact chances over a fine grid."""
    total = 0.0
    steps = 120
    for step in range(-steps, steps + 1):
        u = 6 * sd * step / steps
        weight = np.exp(-((u / sd) ** 2) / 2) / sqrt(2 * np.pi) * 6 / steps
        shifted = [(n, min(max(float(rate) + u, 0.0), 1.0)) for n, rate in mix]
        ways = np.array([1.0])
        for n, rate in shifted:
            for _ in range(n):
                ways = np.convolve(ways, [1 - rate, rate])
        total += weight * float(ways[k:].sum())
    return total


@pytest.mark.parametrize("sd", [0.01, 0.06, 0.15])
@pytest.mark.parametrize("k", [12, 20, 27, 38, 40])
def test_own_tendencies_are_integrated_out(k: int, sd: float) -> None:
    mix = [(25, Fraction(1, 5)), (15, Fraction(4, 5))]
    assert tail(k, mix, sd) == pytest.approx(over_shifts(k, mix, sd), rel=0.05)


def test_a_wide_spread_makes_far_counts_less_surprising() -> None:
    mix = [(100, Fraction(3, 10))]
    chances = [tail(60, mix, sd) for sd in (0.0, 0.03, 0.06, 0.12)]
    assert chances == sorted(chances)
    assert chances[0] < 1e-8 < 1e-3 < chances[-1]


def test_a_million_cases_follow_the_spread_alone() -> None:
    """Chance is nothing there: 15 points at a standard deviation of 5 is three of them, 0.00135."""
    assert tail(450_000, [(1_000_000, Fraction(3, 10))], 0.05) == pytest.approx(0.00135, rel=0.01)


def test_many_subjects_at_once_are_each_as_alone() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 6, 3000)
    start = np.append(0, np.cumsum(sizes)[:-1])
    n = rng.integers(1, 80, int(sizes.sum())).astype(float)
    rate = rng.uniform(0.05, 0.9, len(n))
    k = np.floor(rng.uniform(0.3, 1, len(sizes)) * np.add.reduceat(n, start))
    together = upper_tail(k, np.full(len(sizes), 0.04), start=start, n=n, rate=rate)
    for index in (0, 1, 700, 1499, 2999):
        rows = slice(start[index], start[index] + sizes[index])
        one = upper_tail(k[[index]], np.array([0.04]), start=np.array([0]), n=n[rows], rate=rate[rows])
        assert together[index] == pytest.approx(one[0], rel=1e-8)
