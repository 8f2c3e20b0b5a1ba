"""How often the search for pairs that belong together accuses honest ones, and how often it finds those that do.

    python bench/pairs.py --runs 200

A made-up agency: 60 officers and 150 agents with unlike shares of the rows (Dirichlet, 2 for each). Honest pairs do not
meet at random: each pair's frequency is R times chance, and the shapes of R are

    none          R = 1: chance alone
    gamma         R gamma distributed with mean 1 and a standard deviation of 0.5 or 1
    log-normal    with a log-normal R, whose tail is longer, and a standard deviation of 0.5, 1 or 2
    beats         officers and agents belong to one of 5 or 20 beats, and a tenth of an agent's rows lie outside its own
    known beats   the same, and the rule says so: the beat is the stratum

In the runs with misconduct three pairs (in the agency of 8 officers one), none with more than 10 rows expected, meet 40
times more than they would have.

Judged by: the program (`co_occurrence`, q 0.05, at least 5 rows and twice the expected), the same without the spread
among honest pairs (hypergeometric p below 0.05 after Benjamini and Hochberg over the pairs with 5 rows), and a raw
limit (20 rows together and at least half of the agent's).

    flags anyone    share of the runs in which any honest pair is flagged, of those without misconduct
    false a run     honest pairs flagged in such a run, mean
    found           share of the planted pairs that are flagged
    false share     honest among the flagged where there are planted ones, mean over the runs (0 for one without flags)

Every run has a seed of its own, so a table is the same on every machine and with any number of `--jobs`.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, hypergeom

from auditor.stats.co_occurrence import co_occurrence
from auditor.stats.pair_table import Together

MORE = 40
LEAST = 5

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An agency to be made up; `sd` is that of R, `beats` how many there are, 1 where nobody has one."""

    name: str
    shape: str = "none"
    sd: float = 0.0
    beats: int = 1
    known: bool = False
    officers: int = 60
    agents: int = 150
    rows: int = 12_000
    planted: int = 3


SCENARIOS = (
    Scenario(name="none"),
    Scenario(name="gamma, sd 0.5", shape="gamma", sd=0.5),
    Scenario(name="gamma, sd 1", shape="gamma", sd=1.0),
    Scenario(name="log-normal, sd 0.5", shape="log-normal", sd=0.5),
    Scenario(name="log-normal, sd 1", shape="log-normal", sd=1.0),
    Scenario(name="log-normal, sd 2", shape="log-normal", sd=2.0),
    Scenario(name="5 beats", beats=5),
    Scenario(name="20 beats", beats=20),
    Scenario(name="5 known beats", beats=5, known=True),
    Scenario(name="20 known beats", beats=20, known=True),
    Scenario(name="5 beats, gamma, sd 0.5", beats=5, shape="gamma", sd=0.5),
    Scenario(name="8 officers, 12 agents", officers=8, agents=12, rows=600, planted=1),
    Scenario(
        name="8 officers, 12 agents, gamma, sd 0.5",
        shape="gamma", sd=0.5, officers=8, agents=12, rows=600, planted=1,
    ),
    Scenario(name="200 officers, 2,000 agents", officers=200, agents=2_000, rows=40_000),
    Scenario(
        name="200 officers, 2,000 agents, 20 beats", beats=20, officers=200, agents=2_000, rows=40_000
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one method made of one agency."""

    method: str
    planted: int
    found: int
    false: int


def agency(seed: int, scenario: Scenario, planted: int) -> tuple[Counts, list[tuple[int, int]]]:
    """Rows by stratum, officer and agent, and the planted pairs."""
    rng = np.random.default_rng([seed, planted, sum(map(ord, scenario.name))])
    officer, agent = rng.dirichlet(np.full(scenario.officers, 2.0)), rng.dirichlet(np.full(scenario.agents, 2.0))
    of_officer = rng.permutation(np.arange(scenario.officers) % scenario.beats)
    of_agent = rng.permutation(np.arange(scenario.agents) % scenario.beats)
    size = (scenario.officers, scenario.agents)
    ties = np.ones(size)
    match scenario.shape:
        case "gamma":
            ties = rng.gamma(1 / scenario.sd**2, scenario.sd**2, size)
        case "log-normal":
            log_variance = np.log1p(scenario.sd**2)
            ties = np.exp(rng.normal(-log_variance / 2, np.sqrt(log_variance), size))
    made = np.zeros((scenario.beats, *size))
    for beat in range(scenario.beats):
        here = np.where(of_agent == beat, 0.9, 0.1 / max(1, scenario.beats - 1)) if scenario.beats > 1 else 1.0
        staff = officer * (of_officer == beat)
        made[beat] = staff[:, None] / staff.sum() * (agent * here)[None, :] * ties
    rows = rng.poisson(made / made.sum() * scenario.rows)
    chance = rows.sum(axis=(0, 2))[:, None] * rows.sum(axis=(0, 1))[None, :] / rows.sum()
    pairs: list[tuple[int, int]] = []
    while len(pairs) < planted:
        one = (int(rng.integers(scenario.officers)), int(rng.integers(scenario.agents)))
        if one not in pairs and chance[one] <= 10:
            pairs.append(one)
            rows[int(of_officer[one[0]]), one[0], one[1]] += MORE
    return rows if scenario.known else rows.sum(axis=0, keepdims=True), pairs


def verdicts(rows: Counts) -> Iterator[tuple[str, Flags]]:
    """Each method's name and which pairs it flags."""
    cells = [
        Together(first=f"{a:04d}", second=f"{b:04d}", stratum=(str(s),), n=int(rows[s, a, b]))
        for s, a, b in zip(*np.nonzero(rows), strict=True)
    ]
    flags = np.zeros(rows.shape[1:], dtype=np.bool_)
    for pair in co_occurrence(cells, min_support=LEAST, q=0.05, min_lift=2.0).pairs:
        flags[int(pair.first), int(pair.second)] = pair.flagged
    yield "program", flags
    seen, officer, agent = rows.sum(axis=0), rows.sum(axis=(0, 2)), rows.sum(axis=(0, 1))
    a, b = np.nonzero(seen >= LEAST)
    p = np.clip(hypergeom.sf(seen[a, b] - 1, seen.sum(), officer[a], agent[b]), 0.0, 1.0)
    flags = np.zeros(seen.shape, dtype=np.bool_)
    flags[a, b] = false_discovery_control(p) <= 0.05
    yield "chance alone", flags
    yield "raw limit", (seen >= 20) & (2 * seen >= agent[None, :])


def scores(run: int, scenario: Scenario, planted: int) -> list[Score]:
    rows, pairs = agency(run, scenario, planted)
    return [
        Score(
            method=method,
            planted=planted,
            found=sum(bool(flags[pair]) for pair in pairs),
            false=int(flags.sum()) - sum(bool(flags[pair]) for pair in pairs),
        )
        for method, flags in verdicts(rows)
    ]


def cells_of(honest: tuple[Score, ...], planted: tuple[Score, ...]) -> str:
    anyone, false = fmean(score.false > 0 for score in honest), fmean(score.false for score in honest)
    found = sum(score.found for score in planted) / sum(score.planted for score in planted)
    share = fmean(score.false / max(1, score.found + score.false) for score in planted)
    bold = "**" if honest[0].method == "program" else ""
    return f"{bold}{anyone:.1%}{bold} ({false:.2f}) | {bold}{found:.1%}{bold}, {share:.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="made-up agencies a line, twice (default: 200)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    asked = parser.parse_args()
    methods = ("program", "chance alone", "raw limit")
    heads = [head for method in methods for head in (f"{method}: flags anyone (false a run)", "found, false share")]
    print(f"| honest pairs | {' | '.join(heads)} |\n|{' --- |' * (len(heads) + 1)}", flush=True)
    with ProcessPoolExecutor(asked.jobs) as pool:
        for scenario in SCENARIOS:
            honest, guilty = (
                zip(*pool.map(partial(scores, scenario=scenario, planted=planted), range(asked.runs)), strict=True)
                for planted in (0, scenario.planted)
            )
            said = [cells_of(*pair) for pair in zip(honest, guilty, strict=True)]
            print(f"| {scenario.name} | {' | '.join(said)} |", flush=True)


if __name__ == "__main__":
    main()
