"""How often the control chart of months accuses honest devices, and how often it finds a month that jumped.

    python bench/months.py --runs 200 --jobs 2

A made-up agency: 60, 20 or 8 devices with 12 months of baseline and one audited month. A device has 5 to 300 records in
a mean month, most of them few and some many (lognormal around 30, sigma 1); the season, 0.6 to 1.6 times the mean
month, is shared. Each device's months go up and down by themselves with a relative standard deviation of 0, 10, 30 or
50 % beyond chance, gamma or lognormal shaped; with `--more` also unlike ones, where it is 10 % for half of the devices
and 50 % for the others. In the runs with jumps 3 of 60 devices, or 1 of 20 or 8, have 2, 3 or 5 times as many records
in the audited month as they would honestly have had.

Judged by: the program (`surges`, q 0.05, with the floor of 50 % and without), a count of more than twice the device's
own mean month, and the Poisson z-score of the count against that mean (z > 3).

    flags anyone    share of the runs in which anybody is flagged
    found           share of the planted jumps that are flagged
    false           innocent among the flagged, mean over the runs (0 for a run that flags nobody)

Every run has a seed of its own, so a table is the same on every machine and with any number of `--jobs`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from auditor.stats.surge import Monthly, surges

MONTHS = 12
PLANTED = {60: 3, 20: 1, 8: 1}
JUMPS = (2, 3, 5)
SPREADS = (0, 10, 30, 50)
METHODS = ("program", "without the floor", "> 2 × own mean", "Poisson z > 3")

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An agency to be made up; `spread` is the relative standard deviation of its months in percent, -1 for unlike."""

    devices: int
    spread: int
    shape: str
    jump: int = 1

    @property
    def planted(self) -> int:
        return PLANTED[self.devices] if self.jump > 1 else 0

    @property
    def name(self) -> str:
        return f"{self.devices} | {f'{self.spread} %' if self.spread >= 0 else '10 or 50 %'} | {self.shape}"


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one method made of one agency."""

    found: int
    false: int


def counts(run: int, scenario: Scenario) -> NDArray[np.int64]:
    """Records by device (row) and month (column), the audited one last; the first rows are the planted ones."""
    rng = np.random.default_rng([run, scenario.devices, scenario.spread + 1, len(scenario.shape), scenario.jump])
    shape = (scenario.devices, MONTHS + 1)
    level = np.clip(np.exp(rng.normal(np.log(30), 1.0, scenario.devices)), 5, 300)
    season = rng.uniform(0.6, 1.6, MONTHS + 1)
    if scenario.spread >= 0:
        omega = np.full((scenario.devices, 1), scenario.spread / 100)
    else:
        omega = np.where(rng.permutation(scenario.devices) % 2, 0.5, 0.1)[:, None]
    if not omega.any():
        moved = np.ones(shape)
    elif scenario.shape == "gamma":
        moved = rng.gamma(np.broadcast_to(omega**-2.0, shape)) * omega**2
    else:
        sigma = np.sqrt(np.log1p(omega**2))
        moved = np.exp(sigma * rng.standard_normal(shape) - sigma**2 / 2)
    rates = level[:, None] * season * moved
    rates[: scenario.planted, MONTHS] *= scenario.jump
    return rng.poisson(rates)


def month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 1)


def verdicts(table: NDArray[np.int64]) -> tuple[Flags, ...]:
    """Whom each of the METHODS flags."""
    charts = surges(
        [
            Monthly(subject=f"{device:03d}", month=month(at), audited=at == MONTHS, n=int(n))
            for device, row in enumerate(table)
            for at, n in enumerate(row)
            if n
        ],
        months=MONTHS,
        min_months=6,
        min_n=30,
        q=0.05,
        min_excess=0.5,
    )
    flagged, conspicuous = np.zeros(len(table), dtype=np.bool_), np.zeros(len(table), dtype=np.bool_)
    for chart in charts:
        if chart.audited:
            flagged[int(chart.subject)] = chart.audited[0].flagged
            conspicuous[int(chart.subject)] = chart.audited[0].q_value <= 0.05
    now, usual = table[:, MONTHS], table[:, :MONTHS].mean(axis=1)
    return flagged, conspicuous, now > 2 * usual, (now - usual) > 3 * np.sqrt(usual)


def scores(run: int, scenario: Scenario) -> tuple[Score, ...]:
    planted = scenario.planted
    return tuple(
        Score(found=int(flags[:planted].sum()), false=int(flags[planted:].sum()))
        for flags in verdicts(counts(run, scenario))
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
    parser.add_argument("--more", action="store_true", help="agencies whose devices go up and down unlike, too")
    parser.add_argument("--honest", action="store_true", help="only the runs without jumps")
    asked = parser.parse_args()
    listed = [
        Scenario(devices=devices, spread=spread, shape=shape)
        for devices in PLANTED
        for spread in (*SPREADS, *([-1] if asked.more else []))
        for shape in (("gamma", "lognormal") if spread else ("none",))
    ]
    with ProcessPoolExecutor(asked.jobs) as pool:

        def run(scenario: Scenario) -> list[tuple[Score, ...]]:
            made = list(pool.map(partial(scores, scenario=scenario), range(asked.runs), chunksize=8))
            return list(zip(*made, strict=True))

        print("### Without jumps: share of runs that flag anyone\n")
        print("\n".join(head("devices", "spread", "shape", *METHODS)))
        for scenario in listed:
            print(f"| {scenario.name} | {' | '.join(anyone(method) for method in run(scenario))} |")
            sys.stdout.flush()
        if asked.honest:
            return
        print("\n### One month jumped: share found, and mean share of innocent among the flagged\n")
        print("\n".join(head("devices", "spread", "shape", "jump", *METHODS)))
        for scenario in listed:
            for jump in JUMPS:
                planted = replace(scenario, jump=jump)
                cells = " | ".join(found(method, planted.planted) for method in run(planted))
                print(f"| {scenario.name} | ×{jump} | {cells} |")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
