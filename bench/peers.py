"""How often the comparison with peers accuses honest officers, and how often it finds those who fine to the maximum.

    python bench/peers.py --runs 200

A made-up agency: 500 officers with 30 to 400 cases each; seven violation codes whose rate of maximum fines is 10 to
82 %; every officer has a mix of codes of his own (Dirichlet, 0.5 a code, so that most officers work mainly one to three
codes). Honest officers differ: each one's rates lie u above the code's, u normal with a standard deviation of 0, 3 or 6
points. In the runs with misconduct ten officers with 100 cases each fine at the maximum 20, 30 or 40 points more often
than their own honest rate, u included, on the mix of cases that they have; officers whose mix leaves no room for that
are not chosen.

Judged by: the program (`stand_out`, q 0.05, with the floor of 20 points and without), a raw threshold (at least 60 % at
the maximum), the z-score of the raw rate against the whole agency (z > 3), and the z-score of the rate against the same
codes' rates, without overdispersion and without correction for many tests (z > 3).

    flags anyone    share of the runs in which anybody is flagged
    false a run     innocent officers flagged in a run, mean
    false share     innocent among the flagged, mean over the runs (0 for a run that flags nobody)
    found           share of the planted officers that are flagged

Every run has a seed of its own, so a table is the same on every machine and with any number of `--jobs`.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import sqrt
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from auditor.stats import Cell, stand_out

RATES = np.array([0.10, 0.22, 0.34, 0.46, 0.58, 0.70, 0.82])
PLANTED_CASES = 100
MIN_CASES = 30

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An agency to be made up: rates are shares from 0 to 1; `honest` is the shape of the honest officers' spread."""

    officers: int = 500
    planted: int = 0
    excess: float = 0.0
    sd: float = 0.0
    honest: str = "normal"


@dataclass(frozen=True, kw_only=True)
class Agency:
    """Cases and maximum fines by officer (row) and code (column); the first `planted` officers are the planted ones."""

    cases: NDArray[np.int64]
    fines: NDArray[np.int64]
    planted: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one method made of one agency."""

    method: str
    planted: int
    found: int
    false: int


def tendencies(rng: np.random.Generator, scenario: Scenario, codes: int) -> Numbers:
    """Each honest officer's shift of the rates, the same for every code or not."""
    shape = (scenario.officers, 1)
    match scenario.honest:
        case "normal":
            return scenario.sd * rng.standard_normal(shape)
        case "heavy":
            return scenario.sd * rng.standard_t(5, shape) / sqrt(5 / 3)
        case "by_code":
            return scenario.sd * rng.standard_normal((scenario.officers, codes))
        case other:
            raise ValueError(other)


def agency(seed: Iterable[int], scenario: Scenario) -> Agency:
    rng = np.random.default_rng(list(seed))
    codes = len(RATES)
    sizes = rng.integers(30, 401, scenario.officers)
    sizes[: scenario.planted] = PLANTED_CASES
    honest = np.clip(RATES + tendencies(rng, scenario, codes), 0.01, 0.99)
    cases = np.zeros((scenario.officers, codes), dtype=np.int64)
    rates = honest.copy()
    for officer, size in enumerate(sizes):
        cases[officer] = rng.multinomial(size, rng.dirichlet(np.full(codes, 0.5)))
        if officer < scenario.planted:
            while float(cases[officer] @ honest[officer]) / size + scenario.excess > 0.95:
                cases[officer] = rng.multinomial(size, rng.dirichlet(np.full(codes, 0.5)))
            rates[officer] = raised(honest[officer], cases[officer] / size, scenario.excess)
    return Agency(cases=cases, fines=rng.binomial(cases, rates), planted=scenario.planted)


def raised(rates: Numbers, mix: Numbers, excess: float) -> Numbers:
    """All rates moved up alike, none past 1, until the rate on this mix is higher by the excess."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        gained = float(mix @ (np.minimum(rates + middle, 1.0) - rates))
        low, high = (middle, high) if gained < excess else (low, middle)
    return np.minimum(rates + high, 1.0)


def cells(made: Agency) -> list[Cell]:
    return [
        Cell(subject=f"{officer:05d}", stratum=(str(code),), n=int(n), k=int(made.fines[officer, code]))
        for officer, row in enumerate(made.cases)
        for code, n in enumerate(row)
        if n
    ]


def verdicts(made: Agency) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Each method's name and whom it flags."""
    result = stand_out(cells(made), min_n=MIN_CASES, q=0.05, min_excess=0.20)
    yield "program", np.array([standing.flagged for standing in result.standings])
    yield "program, no floor", np.array([standing.judged and standing.q_value <= 0.05 for standing in result.standings])
    n, k = made.cases.sum(axis=1), made.fines.sum(axis=1)
    rate = k / n
    yield "raw rate >= 60 %", rate >= 0.60
    overall = k.sum() / n.sum()
    yield "z of the raw rate > 3", (rate - overall) / np.sqrt(overall * (1 - overall) / n) > 3
    code = made.fines.sum(axis=0) / np.maximum(made.cases.sum(axis=0), 1)
    expected, variance = made.cases @ code, made.cases @ (code * (1 - code))
    yield "z on the same codes > 3", (k - expected) / np.sqrt(variance) > 3


def scores(run: int, scenario: Scenario) -> list[Score]:
    made = agency((run, scenario.planted, round(scenario.excess * 1000), round(scenario.sd * 1000)), scenario)
    return [
        Score(
            method=method,
            planted=made.planted,
            found=int(flagged[: made.planted].sum()),
            false=int(flagged[made.planted :].sum()),
        )
        for method, flagged in verdicts(made)
    ]


def lines(name: str, collected: list[list[Score]]) -> Iterator[str]:
    for method in zip(*collected, strict=True):
        anyone = fmean(score.found + score.false > 0 for score in method)
        share = fmean(score.false / max(1, score.found + score.false) for score in method)
        planted = sum(score.planted for score in method)
        found = f"{sum(score.found for score in method) / planted:7.1%}" if planted else "      -"
        false = fmean(score.false for score in method)
        yield f"{name:34} {method[0].method:24} {anyone:12.1%} {false:12.2f} {share:12.1%} {found:>8}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="made-up agencies a line (default: 200)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--more", action="store_true", help="other agencies too: small ones, other shapes of spread")
    asked = parser.parse_args()
    listed = [
        (
            f"{planted or 'no'} planted{f' +{excess:.0%}' if planted else ''}, spread {sd:.0%}",
            Scenario(planted=planted, excess=excess, sd=sd),
        )
        for planted, excess in ((0, 0.0), (10, 0.30), (10, 0.20), (10, 0.40))
        for sd in (0.0, 0.03, 0.06)
    ]
    if asked.more:
        for officers, planted in ((8, 1), (20, 1), (60, 2)):
            for count, excess in ((0, 0.0), (planted, 0.30), (planted, 0.40)):
                for sd in (0.0, 0.03, 0.06):
                    what = f"{officers} officers, {count or 'no'} planted{f' +{excess:.0%}' if count else ''}"
                    listed.append(
                        (f"{what}, {sd:.0%}", Scenario(officers=officers, planted=count, excess=excess, sd=sd))
                    )
        listed += [
            (f"no planted, {honest} spread {sd:.0%}", Scenario(sd=sd, honest=honest))
            for honest in ("heavy", "by_code")
            for sd in (0.03, 0.06)
        ]
    print(f"{'agency':34} {'method':24} {'flags anyone':>12} {'false a run':>12} {'false share':>12} {'found':>8}")
    with ProcessPoolExecutor(asked.jobs) as pool:
        for name, scenario in listed:
            for line in lines(name, list(pool.map(partial(scores, scenario=scenario), range(asked.runs), chunksize=4))):
                print(line)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
