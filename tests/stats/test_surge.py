"""The control chart: expectations of pencil and paper, tails against summed terms, and how often it errs."""

from datetime import date
from math import exp, lgamma, log

import numpy as np
import pytest

from auditor.stats.distributions import negative_binomial_tail
from auditor.stats.surge import Chart, Monthly, surges


def month(number: int) -> date:
    """0 is the audited May 2024; negative ones lie before."""
    index = 2024 * 12 + 4 + number
    return date(index // 12, index % 12 + 1, 1)


def series(subject: str, past: list[int], now: list[int]) -> list[Monthly]:
    counts = [
        *((n - len(past), False, count) for n, count in enumerate(past)),
        *((n, True, c) for n, c in enumerate(now)),
    ]
    return [Monthly(subject=subject, month=month(at), audited=audited, n=n) for at, audited, n in counts if n]


def charts(*lines: list[Monthly], **more: float | int) -> dict[str, Chart]:
    options: dict[str, float | int] = {"months": 12, "min_months": 6, "min_n": 30, "q": 0.05, "min_excess": 0.5, **more}
    found = surges([count for line in lines for count in line], **options)  # type: ignore[arg-type]
    return {chart.subject: chart for chart in found}


def peers(past: int = 40, now: int = 40) -> list[list[Monthly]]:
    wobble = (3, -2, 0, 4, -5, 1, -3, 2, 5, -4, 0, -1)
    return [series(f"P{i}", [past + wobble[(m + 5 * i) % 12] for m in range(12)], [now + wobble[i]]) for i in range(8)]


@pytest.mark.parametrize(("mean", "variance"), [(10.0, 0.05), (40.0, 0.01), (3.0, 0.5)])
def test_the_tail_against_summed_terms(mean: float, variance: float) -> None:
    size = 1 / variance

    def term(i: int) -> float:
        return exp(
            lgamma(i + size)
            - lgamma(size)
            - lgamma(i + 1)
            + size * log(size / (size + mean))
            + i * log(mean / (size + mean))
        )

    for k in (0, 1, int(mean), int(2 * mean)):
        expected = 1 - sum(term(i) for i in range(k))
        assert negative_binomial_tail(k, mean=mean, variance=variance) == pytest.approx(expected, abs=1e-9)
    assert sum(i * term(i) for i in range(2000)) == pytest.approx(mean)
    assert sum((i - mean) ** 2 * term(i) for i in range(2000)) == pytest.approx(mean + mean**2 * variance)


def test_a_jump_is_flagged_and_the_season_of_all_is_not() -> None:
    assert charts(*peers(), series("X", [40] * 12, [100]))["X"].audited[0].flagged
    assert not charts(*peers(now=100), series("X", [40] * 12, [100]))["X"].audited[0].flagged
    assert not charts(*peers(), series("X", [40] * 12, [0]))["X"].audited[0].flagged


def test_the_expected_count_is_that_of_pencil_and_paper() -> None:
    line = charts(*peers(now=80), series("X", [40] * 12, [100]))["X"]
    now, past = sum((83, 78, 80, 84, 75, 81, 77, 82)), 8 * 12 * 40
    assert line.audited[0].expected == pytest.approx(480 * now / past, abs=1e-6)
    assert (line.baseline, line.months, line.audited[0].count) == (480, 12, 100)
    assert line.audited[0].lower < 100 - line.audited[0].expected < line.audited[0].upper


def test_the_least_excess_is_included() -> None:
    even = [series(f"P{i}", [1000] * 12, [1000]) for i in range(8)]
    assert charts(*even, series("X", [1000] * 12, [1500]))["X"].audited[0].flagged
    assert not charts(*even, series("X", [1000] * 12, [1499]))["X"].audited[0].flagged


def test_too_short_a_history_too_few_rows_and_too_few_peers() -> None:
    assert charts(*peers(), series("X", [40] * 7, [100]))["X"].reason is None, "six full months and a first one"
    assert charts(*peers(), series("X", [40] * 6, [100]))["X"].reason == "short_history"
    assert charts(*peers(), series("X", [], [100]))["X"].reason == "short_history"
    assert charts(*peers(), series("X", [2] * 11 + [7], [100]))["X"].reason == "too_few_rows"
    assert charts(*peers(), series("X", [2] * 11 + [8], [100]))["X"].reason is None
    assert charts(*peers()[:2], series("X", [40] * 12, [100]))["X"].reason == "too_few_peers"
    assert charts(*peers()[:3], series("X", [40] * 12, [100]))["X"].reason is None


def test_the_first_month_seen_may_be_a_part_of_one() -> None:
    line = charts(*peers(), series("X", [3, *[40] * 8], [42]))["X"]
    assert (line.months, line.baseline) == (8, 320)


def test_a_peer_that_stopped_says_nothing_of_the_season() -> None:
    stopped = series("BIG", [4000] * 12, [0])
    line = charts(*peers(), stopped, series("X", [40] * 12, [42]))["X"]
    assert line.audited[0].expected == pytest.approx(40, rel=0.03)


def test_who_has_always_gone_up_and_down_is_not_flagged_for_it() -> None:
    steady = charts(*peers(), series("X", [40] * 12, [90]))["X"]
    restless = charts(*peers(), series("X", [5, 90, 10, 85, 5, 90, 10, 60, 20, 85, 5, 15], [90]))["X"]
    assert steady.audited[0].flagged and not restless.audited[0].flagged
    assert restless.omega > 3 * steady.omega


def test_each_audited_month_is_a_test_and_the_worst_comes_first() -> None:
    several = [series(f"P{i}", [40] * 12, [40, 40, 40]) for i in range(8)]
    line = charts(*several, series("X", [40] * 12, [41, 120, 100]))["X"]
    assert [(one.month, one.flagged) for one in line.audited] == [
        (month(1), True),
        (month(2), True),
        (month(0), False),
    ]


def test_no_audited_row_and_no_row() -> None:
    assert surges([], months=12, min_months=6, min_n=30, q=0.05, min_excess=0.5) == ()
    assert charts(series("X", [40] * 12, [])) == {}


def agency(seed: int, omega: float, planted: int) -> list[Monthly]:
    rng = np.random.default_rng(seed)
    season, found = rng.uniform(0.5, 1.8, 13), list[Monthly]()
    for subject, level in enumerate(np.exp(rng.normal(np.log(40), 0.6, 100))):
        noise = rng.gamma(1 / omega**2, omega**2, 13)
        rates = level * season * noise
        rates[12] *= 3 if subject < planted else 1
        drawn = [int(n) for n in rng.poisson(rates)]
        found += series(f"{subject:03d}", drawn[:12], drawn[12:])
    return found


def flagged(seed: int, omega: float, planted: int, min_excess: float) -> list[int]:
    found = charts(agency(seed, omega, planted), min_excess=min_excess)
    return [int(name) for name, chart in found.items() if chart.audited and chart.audited[0].flagged]


def test_honest_agencies_are_seldom_flagged_even_without_a_floor() -> None:
    runs = [flagged(seed, omega, 0, 0.0) for seed in range(10) for omega in (0.1, 0.25)]
    assert sum(bool(run) for run in runs) <= 3


def test_planted_jumps_are_found_and_few_others() -> None:
    runs = [flagged(seed, 0.1, 6, 0.5) for seed in range(50, 60)]
    assert sum(subject < 6 for run in runs for subject in run) >= 0.9 * 60
    assert sum(subject >= 6 for run in runs for subject in run) <= 3
