"""Whose monthly count jumps: a control chart against a subject's own months before, moved by the season of its peers.

For subject j with Y_jB rows in its L months of baseline, and peers (the others with a history as long, j left out) with
P_B rows in the same months and P_m in the audited month m:

    expected_jm = Y_jB * P_m / P_B

so a campaign, a holiday or half a month that all of them share is in the expectation. Honest subjects' months go up and
down beyond chance; the relative size of that, omega, is estimated from the baseline, from all subjects together (its
upper limit, see `overdispersion`) and from the subject's own months, and the larger of the two is used: who has always
gone up and down is not flagged for doing so again. The count of an honest month is then negative binomial with

    mean = expected,  variance = expected + expected^2 * v
    v = omega^2 * (1 + 1 / L + weight) + 1 / Y_jB + 1 / P_B + 1 / P_m

where weight, the sum of the squared shares of the peers in P_m, is what their own ups and downs do to the expectation.

A subject's months count from its first full one: the month in which it is first seen is left out unless the baseline
begins with it. A peer with no row at all in the audited month has stopped, which says nothing of the season: it is left
out of that month's comparison.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.stats.distributions import Array, discovery_rates, gamma_quantile, negative_binomial_tail
from auditor.stats.interval import Z95
from auditor.stats.overdispersion import overdispersion

Reason = Literal["short_history", "too_few_rows", "too_few_peers"]
MIN_PEERS = 3
LEAST = 1.0
"""Months of which less is expected tell nothing of ups and downs."""


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """`n` rows of a subject in the month that begins on this day. Months without rows need not be given."""

    subject: str
    month: date
    audited: bool
    n: int


@dataclass(frozen=True, kw_only=True)
class Month:
    """One audited month of a judged subject; `lower` to `upper` is the 95 % interval of count - expected."""

    month: date
    count: int
    expected: float
    lower: float
    upper: float
    p_value: float
    q_value: float
    flagged: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A subject with its audited months, the most conspicuous first; none, with the reason, where it isn't judged.

    `omega` is the relative size of the ups and downs it was judged with, `months` the length of its baseline and
    `baseline` its rows in it.
    """

    subject: str
    reason: Reason | None
    months: int
    baseline: int
    omega: float
    audited: tuple[Month, ...]


@dataclass(frozen=True, kw_only=True)
class _Foreseen:
    """What one subject's history and its peers lead to expect of some months."""

    mean: Array
    relative: Array
    """Relative variance of the expectation by chance alone."""

    weight: Array


def surges(
    counts: Sequence[Monthly], *, months: int, min_months: int, min_n: int, q: float, min_excess: float
) -> tuple[Chart, ...]:
    """A chart for every subject, sorted. `months` is how many before the first audited one make the baseline.

    Judged is who has `min_months` of them, `min_n` rows in these, and three peers. Flagged is a month whose q is within
    the limit and whose count is at least 1 + `min_excess` times the expected one.
    """
    audited = sorted({count.month for count in counts if count.audited})
    subjects = sorted({count.subject for count in counts})
    if not audited:
        return ()
    base = [_before(audited[0], back) for back in range(months, 0, -1)]
    place = {month: i for i, month in enumerate([*base, *audited])}
    table = np.zeros((len(subjects), len(place)))
    row = {subject: j for j, subject in enumerate(subjects)}
    for count in counts:
        table[row[count.subject], place[count.month]] += count.n
    seen = table[:, :months] > 0
    first = np.where(seen.any(axis=1), np.argmax(seen, axis=1), months)
    start = np.where((first > 0) & (first < months), first + 1, first)
    rows = np.array([table[j, int(start[j]) : months].sum() for j in range(len(subjects))])
    reasons: dict[int, Reason] = {}
    residuals: dict[int, tuple[Array, Array, Array]] = {}
    foreseen: dict[int, list[_Foreseen]] = {}
    for j in range(len(subjects)):
        begin = int(start[j])
        peers = (start <= begin) & (np.arange(len(subjects)) != j) & (rows > 0)
        if months - begin < min_months:
            reasons[j] = "short_history"
        elif rows[j] < max(min_n, 1):
            reasons[j] = "too_few_rows"
        else:
            ahead = [
                _foresee(table, j, peers & (table[:, m] > 0), begin, months, [m]) for m in range(months, table.shape[1])
            ]
            known = [one for one in ahead if one is not None]
            past = _foresee(table, j, peers, begin, months, list(range(begin, months)))
            if len(known) < len(ahead) or past is None:
                reasons[j] = "too_few_peers"
                continue
            foreseen[j] = known
            residuals[j] = _residuals(table[j, begin:months], past)
    omegas = _omegas(residuals)
    tests: list[tuple[int, int, float, _Foreseen]] = []
    for j, ahead in foreseen.items():
        for i, one in enumerate(ahead):
            length = months - int(start[j])
            v = omegas[j] ** 2 * (1 + 1 / length + float(one.weight[0])) + float(one.relative[0])
            p = negative_binomial_tail(int(table[j, months + i]), mean=float(one.mean[0]), variance=v)
            tests.append((j, i, float(f"{p:.10g}"), one))
    found: defaultdict[int, list[Month]] = defaultdict(list)
    for (j, i, p, one), rate in zip(tests, discovery_rates([test[2] for test in tests]), strict=True):
        seen_now, mean = int(table[j, months + i]), float(one.mean[0])
        sd = mean * sqrt(
            float(one.relative[0]) + omegas[j] ** 2 * (1 / (months - int(start[j])) + float(one.weight[0]))
        )
        lower, upper = _interval(seen_now, mean, sd)
        found[j].append(
            Month(
                month=audited[i],
                count=seen_now,
                expected=round(mean, 6),
                lower=round(lower, 6),
                upper=round(upper, 6),
                p_value=p,
                q_value=float(f"{rate:.10g}"),
                flagged=float(f"{rate:.10g}") <= q and seen_now >= round((1 + min_excess) * mean, 6),
            )
        )
    return tuple(
        Chart(
            subject=subject,
            reason=reasons.get(j),
            months=months - int(start[j]),
            baseline=int(rows[j]),
            omega=round(omegas.get(j, 0.0), 6),
            audited=tuple(sorted(found[j], key=lambda month: (not month.flagged, month.p_value, month.month))),
        )
        for j, subject in enumerate(subjects)
    )


def _before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _foresee(
    table: Array, j: int, peers: NDArray[np.bool_], begin: int, months: int, wanted: list[int]
) -> _Foreseen | None:
    """None where fewer than three peers are there to compare with, or they have no row in the baseline."""
    base = float(table[peers, begin:months].sum())
    if int(peers.sum()) < MIN_PEERS or base <= 0:
        return None
    moved = table[peers][:, wanted].sum(axis=0)
    own = float(table[j, begin:months].sum())
    share = table[peers][:, wanted] / np.maximum(moved, 1.0)
    return _Foreseen(
        mean=own * np.maximum(moved, 0.5) / base,
        relative=1 / own + 1 / base + 1 / np.maximum(moved, 0.5),
        weight=np.sum(share**2, axis=0),
    )


def _residuals(seen: Array, past: _Foreseen) -> tuple[Array, Array, Array]:
    """Relative residuals of the baseline's months, their variance by chance, and the weight of omega^2 in it.

    The expectation of a subject's months adds up to about what it had, which takes one of them away.
    """
    told = past.mean >= LEAST
    length = len(seen)
    free = sqrt(length / (length - 1)) if length > 1 else 1.0
    return (
        ((seen / past.mean - 1) * free)[told],
        (1 / past.mean)[told],
        (1 + past.weight)[told],
    )


def _omegas(residuals: dict[int, tuple[Array, Array, Array]]) -> dict[int, float]:
    if not residuals:
        return {}
    every = [np.concatenate([part[i] for part in residuals.values()]) for i in range(3)]
    common = overdispersion(every[0], every[1], every[2]).upper if len(every[0]) > 1 else 1.0
    return {
        j: max(common, overdispersion(own, chance, weight).tau if len(own) > 1 else 0.0)
        for j, (own, chance, weight) in residuals.items()
    }


def _interval(count: int, mean: float, sd: float) -> tuple[float, float]:
    """95 % interval of count - mean: the exact one of a Poisson count joined with that of the mean, by distances."""
    low = gamma_quantile(0.025, shape=count, scale=1.0) if count else 0.0
    high = gamma_quantile(0.975, shape=count + 1, scale=1.0)
    excess = count - mean
    return excess - sqrt((count - low) ** 2 + (Z95 * sd) ** 2), excess + sqrt((high - count) ** 2 + (Z95 * sd) ** 2)
