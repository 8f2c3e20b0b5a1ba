"""Which pairs (an officer and an agent, a phone and a licence) occur together beyond chance and beyond usual ties.

What chance gives a pair, E rows with variance V, is reckoned within strata (`pair_table`).

**Chance.** Given the margins the count in a stratum is hypergeometric, which is distributed as a sum of independent
unlike yes-or-no cases (Vatutin and Mikhailov 1982, Theory Probab. Appl. 27(4), 734-743), and so is the sum over strata.
From E + 1 on, the upper tail of such a sum is at most that of a Poisson count of the same mean (Hoeffding 1956, Ann.
Math. Stat. 27(3), 713-721; Anderson and Samuels 1967, Proc. 5th Berkeley Symp. 1, 1-12). The Poisson tail is used in
place of the convolution: never too sure, and as fast for a million rows. Below E + 1, p is 1.

**Usual ties.** Officers have fixed beats and agents fixed windows, so honest pairs do not meet at random: the ratio R
of a pair's true frequency to chance has mean 1 and a standard deviation omega, estimated by moments from pairs chosen
by their margins alone, those that never met included (only pairs that met often would take chance for ties):

    omega^2 = sum w ((n - E)^2 - V) / sum w E^2,   w = E / (1 + E)^3

where w is about the inverse variance of a term. Unlike among peers no term is capped: a few close ties among many
strangers are just what beats look like. Instead a pair is left out of the spread that it is judged by, and so, once
found, are those flagged, until no more are; where nobody is flagged at first, that changes nothing. What is used is a
limit of omega^2, LIMIT standard errors above the estimate.

**The tail** is the greatest of: chance alone, R gamma distributed (the count is negative binomial), R log-normal. The
gamma fits ties that are there or not, the log-normal those without an end. With the mean held at 1 a wider spread makes
middling ratios *less* likely at some point, so smaller spreads are tried too. All of them are worked out for every
pair, so a p of any size is what it is said to be: never smaller than exact chance.

**Many pairs.** Only pairs with `min_support` rows are looked at, a selection by the very count that is tested. q is by
Benjamini and Hochberg over all pairs that could have so many rows by their margins, those that have not entering with
p = 1; over the judged alone it would be far too small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.stats.distributions import Array, discovery_rates, gamma_quantile, negative_binomial_tail, normal_cdf
from auditor.stats.pair_table import Indices, PairTable, Together, pair_table

Reason = Literal["nothing_to_compare", "too_few_pairs"]
Flags = NDArray[np.bool_]

MIN_PAIRS = 20
"""Pairs that tell of the spread, reckoned as if they told alike (Kish), fewer than which say too little."""

LIMIT = 1.0
MOST = 500
"""So many firsts and so many seconds, those with the most rows, tell of the spread."""

ALONE = 50
"""For so many judged pairs, those that change the spread most, its error is reckoned anew without them; for others that
of all pairs is near enough."""

NO_SPREAD = 1e-9


@dataclass(frozen=True, kw_only=True)
class Pair:
    """`n` and the totals are rows in strata that can be compared; `lower` to `upper` is the 95 % interval of n -
    expected. Where there is a `reason` the pair was not judged, and n is that of all its rows."""

    first: str
    second: str
    reason: Reason | None
    n: int
    first_total: int = 0
    second_total: int = 0
    expected: float = 0.0
    lift: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    p_value: float = 1.0
    q_value: float = 1.0
    flagged: bool = False
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class PairResult:
    """Pairs by name; `rare` pairs have too few rows, `alone` rows lie where nothing can be compared, `possible` pairs
    are what q was reckoned over."""

    pairs: tuple[Pair, ...]
    rare: int
    alone: int
    possible: int
    omega: float
    omega_used: float


@dataclass(frozen=True, kw_only=True)
class _Spread:
    """omega^2, its upper limit, and that limit for each judged pair without itself."""

    estimate: float
    limit: float
    without: Array


def co_occurrence(cells: Sequence[Together], *, min_support: int, q: float, min_lift: float) -> PairResult:
    """Judge every pair with at least `min_support` comparable rows; flagged is who has q within the limit and at least
    `min_lift` times the expected rows. Where nothing can be compared at all, every pair is not judged. Raises
    ValueError for bounds that cannot be."""
    if not (0 < q <= 1 and min_lift >= 1 and min_support >= 1):
        raise ValueError("needs 0 < q <= 1, min_lift >= 1, min_support >= 1")
    table = pair_table(cells)
    comparable = len(table.pair) > 0
    every, rows, seen = table.every, table.every_n, table.rows(table.every)
    enough = seen >= min_support
    without = (rows >= min_support) & ~enough if comparable else rows > 0
    judged = every[enough]
    pairs = _passed_over(table, every[without], rows[without], "nothing_to_compare")
    possible, spread = 0, _spread(table, judged, np.zeros(len(judged), dtype=np.bool_))
    if spread is None:
        pairs += _passed_over(table, judged, seen[enough], "too_few_pairs")
    elif len(judged):
        possible = max(table.possible(min_support), len(judged))
        flagged = np.zeros(len(judged), dtype=np.bool_)
        while True:
            some = _judged(table, judged, spread, possible=possible, q=q, min_lift=min_lift)
            more = flagged | np.array([pair.flagged for pair in some])
            tighter = _spread(table, judged, more) if (more & ~flagged).any() else None
            if tighter is None:
                break
            flagged, spread = more, tighter
        pairs += some
    return PairResult(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.first, pair.second))),
        rare=int((rows < min_support).sum()) if comparable else 0,
        alone=table.alone,
        possible=possible,
        omega=0.0 if spread is None else round(sqrt(max(spread.estimate, 0.0)), 6),
        omega_used=0.0 if spread is None else round(sqrt(spread.limit), 6),
    )


def _passed_over(table: PairTable, some: Indices, n: Array, reason: Reason) -> list[Pair]:
    named = [(*table.names(int(i)), int(k)) for i, k in zip(some, n, strict=True)]
    return [Pair(first=first, second=second, reason=reason, n=k) for first, second, k in named]


def _judged(
    table: PairTable, judged: Indices, spread: _Spread, *, possible: int, q: float, min_lift: float
) -> list[Pair]:
    n, (mean, _), (total_a, total_b) = table.rows(judged), table.chance(judged), table.totals(judged)
    p_values = [float(f"{p:.10g}") for p in tail(n, mean, spread.without)]
    rates = [float(f"{min(1.0, rate * possible / len(judged)):.10g}") for rate in discovery_rates(p_values)]
    lifts = [round(float(lift), 6) for lift in n / mean]
    order = sorted((p, -lift) for p, lift in zip(p_values, lifts, strict=True))
    place = {key: rank for rank, key in reversed(list(enumerate(order, start=1)))}
    found: list[Pair] = []
    for i, index in enumerate(judged):
        first, second = table.names(int(index))
        count, expected = float(n[i]), round(float(mean[i]), 6)
        found.append(
            Pair(
                first=first,
                second=second,
                reason=None,
                n=int(count),
                first_total=int(total_a[i]),
                second_total=int(total_b[i]),
                expected=expected,
                lift=lifts[i],
                lower=round(gamma_quantile(0.025, shape=count, scale=1.0) - expected, 6),
                upper=round(gamma_quantile(0.975, shape=count + 1, scale=1.0) - expected, 6),
                p_value=p_values[i],
                q_value=rates[i],
                flagged=rates[i] <= q and lifts[i] >= min_lift,
                rank=place[p_values[i], -lifts[i]],
            )
        )
    return found


def tail(n: Array, mean: Array, spread: Array) -> list[float]:
    """P(count >= n) by the least favourable of the shapes; `spread` is omega^2."""
    log_variance = np.log1p(spread)
    aim = np.log(np.maximum(n - 0.5, 0.5) / mean)
    # Past twice the log ratio a wider log-normal makes this ratio less likely, its mean being held at 1.
    log_variance = np.minimum(log_variance, 2 * np.maximum(aim, 0.0))
    deviation = np.sqrt(log_variance + 1 / np.maximum(n - 0.5, 0.5))
    endless = normal_cdf(-(aim + log_variance / 2) / deviation)
    found: list[float] = []
    for k, mu, omega2, least in zip(n.tolist(), mean.tolist(), spread.tolist(), endless.tolist(), strict=True):
        if k < mu + 1:
            found.append(1.0)
            continue
        shapes = {max(variance, NO_SPREAD) for variance in (omega2, omega2 / 4, omega2 / 16, 0.0)}
        found.append(max(least, *(negative_binomial_tail(int(k), mean=mu, variance=shape) for shape in shapes)))
    return found


def _spread(table: PairTable, judged: Indices, flagged: Flags) -> _Spread | None:
    """None where too few pairs tell of it."""
    if not len(table.pair):
        return None
    chosen_a, chosen_b = table.busiest(MOST)
    pair = np.sort((chosen_a[:, None] * len(table.seconds) + chosen_b[None, :]).ravel())
    mean, chance = table.chance(pair)
    met = (mean > 0) & ~np.isin(pair, judged[flagged])
    pair, mean, chance, weight = pair[met], mean[met], chance[met], mean[met] / (1 + mean[met]) ** 3
    size = weight * mean**2
    if size.sum() ** 2 < MIN_PAIRS * (size**2).sum():
        return None
    # What is tied to its margins differs less: as many degrees of freedom as a table of this form has.
    free = len(chosen_a) * len(chosen_b) / ((len(chosen_a) - 1) * (len(chosen_b) - 1))
    excess = (table.rows(pair) - mean) ** 2 * free - chance * free
    omega2 = float((weight * excess).sum() / size.sum())
    doubt = _doubt(weight, excess, mean, omega2)
    told = np.flatnonzero(np.isin(judged, pair))
    own = np.searchsorted(pair, judged[told])
    top, base, error = (np.full(len(judged), part.sum()) for part in (weight * excess, size, doubt))
    top[told] -= (weight * excess)[own]
    base[told] -= size[own]
    error[told] -= doubt[own]
    without = top / base
    for place in np.argsort(-np.abs(without[told] - omega2), kind="stable")[:ALONE]:
        one = told[place]
        rest = _doubt(weight, excess, mean, float(without[one]))
        rest[own[place]] = 0.0
        error[one] = rest.sum()
    return _Spread(
        estimate=omega2,
        limit=max(omega2, 0.0) + LIMIT * sqrt(float(doubt.sum())) / float(size.sum()),
        without=np.maximum(without, 0.0) + LIMIT * np.sqrt(np.maximum(error, 0.0)) / base,
    )


def _doubt(weight: Array, excess: Array, mean: Array, omega2: float) -> Array:
    """Variance of each term of the estimate, if omega^2 is this: what it shows, or else that of a gamma's count."""
    rest = mean + max(omega2, 0.0) * mean**2
    return np.maximum((weight * (excess - omega2 * mean**2)) ** 2, weight**2 * (rest + 2 * rest**2))
