"""A share against a fixed limit: the exact interval against sums of binomial terms, and how often it errs."""

from math import comb

import numpy as np
import pytest

from auditor.stats.limit import against_limit, exact_interval


def tail(k: int, n: int, rate: float) -> float:
    return sum(comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(("k", "n"), [(1, 10), (3, 10), (7, 10), (12, 40), (39, 40), (60, 200)])
def test_at_either_end_what_was_seen_is_as_rare_as_it_may_be(k: int, n: int) -> None:
    lower, upper = exact_interval(k, n)
    assert tail(k, n, lower) == pytest.approx(0.025, abs=1e-7)
    assert 1 - tail(k + 1, n, upper) == pytest.approx(0.025, abs=1e-7)


def test_none_and_all() -> None:
    assert exact_interval(0, 0) == (0.0, 1.0)
    assert exact_interval(0, 20) == (0.0, pytest.approx(1 - 0.025 ** (1 / 20)))
    assert exact_interval(20, 20) == (pytest.approx(0.025 ** (1 / 20)), 1.0)


def test_exceeded_is_the_same_as_too_rare_at_the_limit() -> None:
    for n in (5, 12, 40, 120):
        for k in range(n + 1):
            judged = against_limit(k, n, 0.3)
            assert judged.p_value == pytest.approx(tail(k, n, 0.3), abs=1e-9)
            assert judged.exceeded == (judged.p_value < 0.025)


def test_few_cases_do_not_accuse_and_many_do() -> None:
    assert [against_limit(k, 10, 0.5).exceeded for k in (6, 8, 9)] == [False, False, True]
    assert not against_limit(52, 100, 0.5).exceeded
    assert against_limit(520, 1000, 0.5).exceeded is False
    assert against_limit(5200, 10_000, 0.5).exceeded


def test_a_limit_of_nothing_and_of_everything() -> None:
    assert against_limit(1, 100, 0.0).exceeded
    assert not against_limit(0, 100, 0.0).exceeded
    assert not against_limit(100, 100, 1.0).exceeded


def test_a_count_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="0 <= k <= n"):
        exact_interval(3, 2)


def test_whoever_stands_at_the_limit_is_seldom_flagged() -> None:
    rng = np.random.default_rng(7)
    for n in (20, 60, 300):
        flagged = [against_limit(int(k), n, 0.2).exceeded for k in rng.binomial(n, 0.2, 4000)]
        assert np.mean(flagged) <= 0.03
