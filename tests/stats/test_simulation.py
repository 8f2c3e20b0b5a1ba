"""A few made-up agencies, so that a change that spoils the promise of few false flags is noticed at once.

`bench/peers.py` measures the same with hundreds of runs.
"""

import numpy as np

from auditor.stats import Cell, stand_out

RATES = np.array([0.10, 0.22, 0.34, 0.46, 0.58, 0.70, 0.82])
OFFICERS = 300


def agency(seed: int, *, sd: float, planted: int) -> list[Cell]:
    rng = np.random.default_rng(seed)
    made: list[Cell] = []
    for officer in range(OFFICERS):
        guilty = officer < planted
        mix = rng.dirichlet(np.full(4, 0.5) if guilty else np.full(7, 0.5))
        cases = rng.multinomial(100 if guilty else rng.integers(30, 401), mix)
        shift = rng.normal(0, sd) + (0.30 if guilty else 0.0)
        fines = rng.binomial(cases, np.clip(RATES[: len(mix)] + shift, 0.01, 0.99))
        made += [
            Cell(subject=f"{officer:03d}", stratum=(str(code),), n=int(n), k=int(k))
            for code, (n, k) in enumerate(zip(cases, fines, strict=True))
        ]
    return made


def flags(seed: int, *, sd: float, planted: int = 0) -> tuple[int, int]:
    """Planted officers found and innocent ones flagged."""
    result = stand_out(agency(seed, sd=sd, planted=planted), min_n=30, q=0.05, min_excess=0.20)
    flagged = [int(standing.subject) for standing in result.standings if standing.flagged]
    return sum(officer < planted for officer in flagged), sum(officer >= planted for officer in flagged)


def test_without_misconduct_hardly_a_run_flags_anyone() -> None:
    """At 5 % a run, three or more of twelve runs would come up once in fifty times."""
    runs = [flags(seed, sd=sd)[1] for seed in range(4) for sd in (0.0, 0.03, 0.06)]
    assert sum(innocent > 0 for innocent in runs) <= 2


def test_planted_officers_are_found_and_few_others() -> None:
    runs = [flags(seed, sd=sd, planted=6) for seed in range(100, 106) for sd in (0.0, 0.03)]
    assert sum(found for found, _ in runs) >= 0.90 * 6 * len(runs)
    assert sum(innocent for _, innocent in runs) <= 3
