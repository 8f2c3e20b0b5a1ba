"""How often honest units are accused of a surge on special days, and how often one that does surge is found.

    python bench/special_days.py --runs 200 --jobs 2

A made-up agency of 20 units over the 13 months to May 2024, the last of them audited; special are the last five days of
a month. A unit has around 4 or 20 records on a mean worked day (lognormal, sigma 0.7, a quarter to ten times that) and
0.3 times as many on a day off; a season of 20 % is shared. Each unit's days go up and down by themselves with a
relative standard deviation of 0, 15 or 30 % beyond chance, and its months with one of 0 or 15 % (lognormal). Where the
program compares against peers, everybody has twice as many records on the special days. In the runs with surges, 2
units have 2.5 times as many on the audited special days as they would honestly have had. With `--more` also 60 units,
3 of them surging, and units with around 1 record a day.

Judged by: the program (`special_days`, q 0.05, with the floor of 50 % and without), a count of more than twice what the
unit's mean ordinary day leads to expect (against peers: twice the agency's rise), and the Poisson z-score of the count
against that expectation (z > 3).

    flags anyone    share of the runs in which anybody is flagged
    found           share of the planted surges that are flagged
    false           innocent among the flagged, mean over the runs (0 for a run that flags nobody)

Every run has a seed of its own, so a table is the same on every machine and with any number of `--jobs`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from statistics import fmean
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from auditor.stats.special_days import Against, DayCell, special_days

FIRST, AUDITED, LAST = date(2023, 5, 1), date(2024, 5, 1), date(2024, 5, 31)
DAYS = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
MONTH = np.array([(day.year - FIRST.year) * 12 + day.month - FIRST.month for day in DAYS])
WORKED = np.array([day.weekday() < 5 for day in DAYS])
SPECIAL = np.array([(day + timedelta(5)).month != day.month for day in DAYS])
SURGE = SPECIAL & (MONTH[-1] == MONTH)
CELLS, CELL = np.unique(MONTH * 4 + SPECIAL * 2 + WORKED, return_inverse=True)
"""Month, special or not, worked or not, as one number; and which of these each day is of."""

OFF = 0.3
COMMON = 2.0
PLANTED = {20: 2, 60: 3}
TIMES = 2.5
METHODS = ("program", "without the floor", "> 2 × mean day", "Poisson z > 3")

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An agency to be made up; `days` and `months` are relative standard deviations in percent."""

    against: Against
    days: int
    months: int
    units: int = 20
    rows: float = 4.0
    times: float = 1.0

    @property
    def planted(self) -> int:
        return PLANTED[self.units] if self.times > 1 else 0

    @property
    def name(self) -> str:
        return f"{self.against} | {self.units} × {self.rows:g} a day | {self.days} % | {self.months} %"


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one method made of one agency."""

    found: int
    false: int


def counts(run: int, scenario: Scenario) -> NDArray[np.int64]:
    """Records by unit (row) and day (column); the first rows are the planted ones."""
    rng = np.random.default_rng(
        [run, scenario.units, scenario.days, scenario.months, int(100 * scenario.rows), int(10 * scenario.times)]
    )

    def moved(percent: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
        sigma = np.sqrt(np.log1p((percent / 100) ** 2))
        return np.exp(sigma * rng.standard_normal(shape) - sigma**2 / 2)

    level = np.clip(scenario.rows * np.exp(rng.normal(0, 0.7, scenario.units)), scenario.rows / 4, scenario.rows * 10)
    months = moved(20, (1, MONTH[-1] + 1)) * moved(scenario.months, (scenario.units, MONTH[-1] + 1))
    rates = level[:, None] * np.where(WORKED, 1.0, OFF) * months[:, MONTH]
    rates *= moved(scenario.days, (scenario.units, len(DAYS)))
    rates[:, SURGE] *= COMMON if scenario.against == "peers" else 1.0
    rates[: scenario.planted, SURGE] *= scenario.times
    return rng.poisson(rates)


def cells(table: NDArray[np.int64]) -> Iterator[DayCell]:
    days = np.bincount(CELL)
    for unit, row in enumerate(table):
        n, squares = np.bincount(CELL, weights=row), np.bincount(CELL, weights=row**2)
        for at, code in enumerate(CELLS):
            month = FIRST.month - 1 + int(code) // 4
            yield DayCell(
                subject=f"{unit:03d}",
                month=date(FIRST.year + month // 12, month % 12 + 1, 1),
                audited=int(code) // 4 == MONTH[-1],
                special=bool(code & 2),
                like="worked" if code & 1 else "off",
                days=int(days[at]),
                n=int(n[at]),
                squares=int(squares[at]),
            )


def verdicts(table: NDArray[np.int64], against: Against) -> tuple[Flags, ...]:
    """Whom each of the METHODS flags."""
    found = special_days(
        list(cells(table)),
        against=against,
        min_months=6,
        min_special=3,
        min_ordinary=60,
        min_n=30,
        q=0.05,
        min_excess=0.5,
    )
    flagged = np.array([one.flagged for one in found])
    conspicuous = np.array([one.q_value <= 0.05 and one.count > one.expected for one in found])
    now, usual = table[:, SURGE].sum(axis=1), table[:, ~SPECIAL].mean(axis=1) * SURGE.sum()
    if against == "peers":
        usual = usual * now.sum() / usual.sum()
    return flagged, conspicuous, now > 2 * usual, (now - usual) > 3 * np.sqrt(usual)


def scores(run: int, scenario: Scenario) -> tuple[Score, ...]:
    planted = scenario.planted
    return tuple(
        Score(found=int(flags[:planted].sum()), false=int(flags[planted:].sum()))
        for flags in verdicts(counts(run, scenario), scenario.against)
    )


def anyone(method: Sequence[Score]) -> str:
    return f"{fmean(score.found + score.false > 0 for score in method):.1%}"


def found(method: Sequence[Score], planted: int) -> str:
    false = fmean(score.false / max(1, score.found + score.false) for score in method)
    return f"{sum(score.found for score in method) / (planted * len(method)):.0%}, {false:.1%}"


def head(*columns: str) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="made-up agencies a line (default: 200)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--more", action="store_true", help="60 units, and units with few records, too")
    parser.add_argument("--honest", action="store_true", help="only the runs without surges")
    asked = parser.parse_args()
    listed = [
        Scenario(against=against, days=days, months=months, units=units, rows=rows)
        for against in get_args(Against)
        for units, rows in ((20, 4.0), (20, 20.0), *(((60, 20.0), (20, 1.0)) if asked.more else ()))
        for days in (0, 15, 30)
        for months in (0, 15)
    ]
    with ProcessPoolExecutor(asked.jobs) as pool:

        def run(scenario: Scenario) -> list[tuple[Score, ...]]:
            made = list(pool.map(partial(scores, scenario=scenario), range(asked.runs), chunksize=8))
            return list(zip(*made, strict=True))

        columns = ("against", "units", "days", "months")
        print("### Without surges: share of runs that flag anyone\n")
        print("\n".join(head(*columns, *METHODS)))
        for scenario in listed:
            print(f"| {scenario.name} | {' | '.join(anyone(method) for method in run(scenario))} |")
            sys.stdout.flush()
        if asked.honest:
            return
        print("\n### Some surge: share found, and mean share of innocent among the flagged\n")
        print("\n".join(head(*columns, *METHODS)))
        for scenario in listed:
            planted = replace(scenario, times=TIMES)
            made = " | ".join(found(method, planted.planted) for method in run(planted))
            print(f"| {scenario.name} | {made} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
