"""Whose monthly count jumps: a control chart against a subject's own months before, moved by the season of its peers.

For subject j with Y_jB rows in its L months of baseline, and peers (the others with a history as long, j left out) with
P_B rows in the same months and P_m in the audited month m:

    expected_jm = Y_jB * P_m / P_B

so a campaign, a holiday or half a month that all of them share is in the expectation. Honest subjects' months go up and
down beyond chance. The relative size of that, omega, is estimated from the baseline, from all subjects together
(omega0, an upper limit) and from the subject's own months, which may only widen it: who has always gone up and down is
not flagged for doing so again. Estimate, and how likely a count is, in `ups_and_downs`: the count's rate is normal or t
distributed on the log scale with

    variance = s^2 + h^2,  centre = (h^2 - s^2) / 2,  s^2 = log(1 + omega^2)
    h^2 = log(1 + omega^2 / L) + log(1 + omega0^2 * weight) + 1 / Y_jB + 1 / P_B + 1 / P_m

and Poisson around that. h is what chance and ups and downs in the baseline and of the peers do to the expectation;
it stands below the fraction bar of count / expected, so the centre moves up with it. weight is the sum of the squared
shares of the peers in P_B (not in P_m: a big peer that falls would seem to weigh less when it matters most).

A subject's months count from its first full one: the month in which it is first seen is left out unless the baseline
begins with it. A peer with no row at all in the audited month has stopped, which says nothing of the season: it is left
out of that month's comparison.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.stats.distributions import Array, discovery_rates, gamma_quantile
from auditor.stats.interval import Z95
from auditor.stats.ups_and_downs import Past, p_values, ups_and_downs

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
    own: float
    """The part of `relative` that is chance in the subject's own baseline."""


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
    pasts: dict[int, Past] = {}
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
            pasts[j] = _past(table[j, begin:months], past)
    ups = dict(zip(pasts, ups_and_downs(list(pasts.values())), strict=True))
    tests = [(j, i, one) for j, ahead in foreseen.items() for i, one in enumerate(ahead)]
    tails = p_values(
        [int(table[j, months + i]) for j, i, _ in tests],
        [float(one.mean[0]) for _, _, one in tests],
        [log1p(ups[j].own ** 2) for j, _, _ in tests],
        [
            log1p(ups[j].own ** 2 / (months - int(start[j])))
            + log1p(ups[j].common ** 2 * float(one.weight[0]))
            + float(one.relative[0])
            for j, _, one in tests
        ],
        [ups[j].free for j, _, _ in tests],
    )
    found: defaultdict[int, list[Month]] = defaultdict(list)
    for (j, i, one), p, rate in zip(tests, tails, discovery_rates(tails), strict=True):
        seen_now, mean = int(table[j, months + i]), float(one.mean[0])
        own, others = ups[j].own ** 2 / (months - int(start[j])), ups[j].common ** 2 * float(one.weight[0])
        sd = mean * sqrt(float(one.relative[0]) + own + others)
        lower, upper = count_interval(seen_now, mean, sd)
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
            omega=round(ups[j].own, 6) if j in ups else 0.0,
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
    share = table[peers, begin:months].sum(axis=1) / base
    return _Foreseen(
        mean=own * np.maximum(moved, 0.5) / base,
        relative=1 / own + 1 / base + 1 / np.maximum(moved, 0.5),
        weight=np.full(len(wanted), np.sum(share**2)),
        own=1 / own,
    )


def _past(seen: Array, past: _Foreseen) -> Past:
    """The baseline's months. The expectations add up to about what it had, which takes one degree of freedom."""
    told = past.mean >= LEAST
    return Past(
        seen=seen[told],
        expected=past.mean[told],
        chance=past.relative[told] - past.own,
        weight=past.weight[told],
        free=max(int(told.sum()) - 1, 0),
    )


def count_interval(count: int, mean: float, sd: float) -> tuple[float, float]:
    """95 % interval of count - mean: the exact one of a Poisson count joined with that of the mean, by distances."""
    low = gamma_quantile(0.025, shape=count, scale=1.0) if count else 0.0
    high = gamma_quantile(0.975, shape=count + 1, scale=1.0)
    excess = count - mean
    return excess - sqrt((count - low) ** 2 + (Z95 * sd) ** 2), excess + sqrt((high - count) ** 2 + (Z95 * sd) ** 2)
