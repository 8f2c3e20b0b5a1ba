"""Ups and downs: sizes put in come out again, tails against sums, and the bounds."""

from itertools import pairwise
from math import exp, inf, lgamma, log, pi, sqrt

import numpy as np
import pytest

from auditor.stats.distributions import Array
from auditor.stats.ups_and_downs import ENDLESS, MOST, Past, Ups, upper_tails, ups_and_downs


def tail(k: int, expected: float, centre: float, sigma: float, free: float) -> float:
    ends = [np.array([value]) for value in (float(k), expected, centre, sigma, free)]
    return float(upper_tails(*ends)[0])


def density(t: float, free: float) -> float:
    if free == inf:
        return exp(-t * t / 2) / sqrt(2 * pi)
    return exp(lgamma((free + 1) / 2) - lgamma(free / 2) - (free + 1) / 2 * log(1 + t * t / free)) / sqrt(free * pi)


@pytest.mark.parametrize(
    ("mean", "sigma", "free"), [(4.0, 0.5, inf), (40.0, 0.1, inf), (40.0, 0.5, 11.0), (9.0, 0.3, 20)]
)
def test_the_tail_against_a_plain_sum(mean: float, sigma: float, free: float) -> None:
    """Steps of 0.01 in T from -60 to 60; beyond, t with 11 degrees has 1e-15 left."""
    steps = [i / 100 for i in range(-6000, 6001)]
    for k in (1, int(mean), int(3 * mean)):
        expected = 0.0
        for t in steps:
            chance = density(t, free) * 0.01
            rate = mean * exp(0.1 + sigma * t)
            if chance > 1e-14 and rate < 600:
                below = sum(exp(i * log(rate) - rate - lgamma(i + 1)) for i in range(k))
                expected += chance * (1 - below)
            elif chance > 1e-14:
                expected += chance
        assert tail(k, mean, 0.1, sigma, min(free, ENDLESS)) == pytest.approx(expected, rel=2e-3)


def test_no_count_is_certain_and_more_is_less_likely() -> None:
    tails = [tail(k, 10.0, 0.0, 0.2, 30.0) for k in range(0, 200, 5)]
    assert tails[0] == 1.0 and tails[1] > 0.8
    assert all(later < earlier for earlier, later in pairwise(tails))


def past(seen: Array, expected: float) -> Past:
    even = np.full(len(seen), expected)
    return Past(seen=seen, expected=even, chance=even * 0, weight=even * 0, free=len(seen) - 1)


def made(omegas: list[float], mean: float, seed: int) -> tuple[Ups, ...]:
    rng = np.random.default_rng(seed)
    pasts: list[Past] = []
    for omega in omegas:
        s2 = log(1 + omega * omega)
        drawn = rng.poisson(mean * np.exp(sqrt(s2) * rng.standard_normal(12) - s2 / 2)).astype(np.float64)
        pasts.append(past(drawn, float(drawn.mean())))
    return ups_and_downs(pasts)


@pytest.mark.parametrize("omega", [0.1, 0.3, 0.5])
def test_the_size_put_in_comes_out(omega: float) -> None:
    """60 subjects of 12 months: the standard error of omega is about 3 % of it, the upper limit some 2 % above."""
    found = made([omega] * 60, 200.0, 1)
    assert found[0].common == pytest.approx(omega, rel=0.12)
    assert all(one.own >= one.common - 1e-9 for one in found)


def test_mere_chance_is_taken_for_chance() -> None:
    assert made([0.0] * 60, 50.0, 2)[0].common < 0.06


def test_the_unlike_are_judged_by_their_own_months_and_a_longer_tail() -> None:
    found = made([0.1] * 20 + [0.6] * 5, 200.0, 3)
    assert min(one.own for one in found[20:]) > 2 * found[0].common, "drawn down from 0.6, by their peers"
    assert max(one.own for one in found[:20]) < 0.2, "the limit of all, which five restless ones of 25 raise above 0.1"
    assert all(one.free < 60 for one in found), "eleven of its own, and few from the others"


def test_who_has_no_month_that_tells_is_judged_as_all_are() -> None:
    none = past(np.zeros(0), 0.0)
    silent = Past(seen=none.seen, expected=none.expected, chance=none.chance, weight=none.weight, free=0)
    flat = past(np.array([9.0, 14, 10, 8, 12, 7, 11, 10, 9, 13, 6, 11]), 10.0)
    found = ups_and_downs([flat, silent, flat, flat])
    assert found[1].own == found[0].common
    assert ups_and_downs([silent]) == (Ups(own=MOST, common=MOST, free=1.0),)
    assert ups_and_downs([]) == ()
