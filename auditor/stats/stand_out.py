"""Which subjects stand out from peers on like cases: the whole judgement, in the order in which it is explained.

1. Each subject's rate is set against what its peers would have on the same mix of cases (`standardise`).
2. Honest subjects differ more than chance allows; how much is estimated from all of them (`overdispersion`).
3. How likely an honest subject would come out so far or further, one-sided, gives p (`tail`).
4. Many subjects are many tests: q by Benjamini and Hochberg (`discovery_rates`).
5. Flagged is who has q within the limit and an excess that is large enough to matter.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from auditor.stats.crowd import Crowd
from auditor.stats.distributions import Array, discovery_rates
from auditor.stats.interval import excess_interval
from auditor.stats.notes import notes
from auditor.stats.overdispersion import Overdispersion, overdispersion
from auditor.stats.standardise import Entries, Indices, Standardised, entries, standardise
from auditor.stats.standing import Cell, Direction, LeftOut, NotJudgedReason, PeerResult, Standing, StratumShare
from auditor.stats.tail import upper_tail


def stand_out(
    cells: Sequence[Cell],
    *,
    min_n: int,
    q: float,
    min_excess: float,
    min_peers: int = 3,
    min_peer_cases: int = 20,
    direction: Direction = "above",
    spread: float | None = None,
    crowd: Crowd | None = None,
) -> PeerResult:
    """Judge every subject that has at least `min_n` comparable cases.

    A case is comparable where at least `min_peers` other subjects have at least `min_peer_cases` cases together in its
    stratum. At least `min_peers` others must have enough comparable cases too, or nobody is judged: the spread among
    honest subjects could not be known. With `direction` "below" a rate under the peers' is what stands out, and
    `min_excess` is the least shortfall; with "either" both do, and p is two-sided (twice the smaller tail). A `spread`
    is that standard deviation where it is laid down beforehand instead of estimated; few subjects need one. A `crowd`
    are more subjects, peers like all others, each with too few cases to be judged; they get no standing of their own.
    Raises ValueError for bounds or counts that cannot be.
    """
    if not (0 < q <= 1 and 0 <= min_excess <= 1 and min_n >= 0 and min_peers >= 1 and min_peer_cases >= 1):
        raise ValueError("needs 0 < q <= 1, 0 <= min_excess <= 1, min_n >= 0, min_peers >= 1, min_peer_cases >= 1")
    if crowd is not None and crowd.fewest > max(min_n, 1):
        raise ValueError(f"a crowd of subjects with fewer than {crowd.fewest} cases may hold some to be judged")
    table = entries(cells, min_peers=min_peers, min_peer_cases=min_peer_cases, crowd=crowd)
    compared = standardise(table)
    judged = np.flatnonzero(compared.n >= max(min_n, 1))
    enough = len(judged)
    if enough <= min_peers:
        judged = judged[:0]
    dispersion, z, p = _judge(table, compared, judged, direction, spread)
    standings = _standings(table, compared, judged, dispersion, z, p, min_n, q, min_excess, direction)
    left_out = _left_out(table, crowd)
    unnamed = 0 if crowd is None else crowd.subjects
    return PeerResult(
        standings=standings,
        tau=_rounded(dispersion.tau),
        tau_used=_rounded(dispersion.upper),
        judged=len(judged),
        not_judged=len(standings) - len(judged) + unnamed,
        flagged=sum(standing.flagged for standing in standings),
        left_out=left_out,
        notes=notes(standings, left_out, enough=enough, min_peers=min_peers, unnamed=unnamed),
    )


def _judge(
    table: Entries, compared: Standardised, judged: Indices, direction: Direction, given: float | None
) -> tuple[Overdispersion, Array, Array]:
    """The spread among the judged, and z and p of each of them.

    A lower tail is the upper one of the cases without the outcome. Of the peers' plain and smoothed rate the one that
    makes the subject's number less surprising counts, so smoothing never speaks against anybody.
    """
    if not len(judged):
        return Overdispersion(tau=0.0, upper=0.0), np.zeros(0), np.zeros(0)
    own, peers, spread = compared.own[judged], compared.peers[judged], 1 + compared.spread[judged]
    if given is None:
        dispersion = overdispersion(compared.excess[judged], own + peers, spread)
    else:
        dispersion = Overdispersion(tau=given, upper=given)
    shift = peers + dispersion.upper**2 * spread
    rows = table.comparable & np.isin(table.subject, judged)
    plain, smooth = table.peer_rate[rows], table.smoothed_rate[rows]
    start = np.searchsorted(table.subject[rows], judged)

    def tail(k: Array, rate: Array) -> Array:
        return upper_tail(k, np.sqrt(shift), start=start, n=table.n[rows], rate=rate)

    tails: list[Array] = []
    if direction != "below":
        tails.append(tail(compared.k[judged], np.maximum(plain, smooth)))
    if direction != "above":
        tails.append(tail((compared.n - compared.k)[judged], np.maximum(1 - plain, 1 - smooth)))
    p = np.minimum(len(tails) * np.min(tails, axis=0), 1.0)
    return dispersion, compared.excess[judged] / np.sqrt(own + shift), p


def _standings(
    table: Entries,
    compared: Standardised,
    judged: Indices,
    dispersion: Overdispersion,
    z: Array,
    p: Array,
    min_n: int,
    q: float,
    min_excess: float,
    direction: Direction,
) -> tuple[Standing, ...]:
    signs = _signs(compared, direction)
    lower, upper = excess_interval(
        compared.k, compared.n, compared.expected, compared.peers + dispersion.upper**2 * compared.spread
    )
    p_values = [_significant(value) for value in p]
    scores = [_rounded(value) for value in z]
    q_values = [_significant(value) for value in discovery_rates(p_values)]
    order = [(p_value, -signs[int(i)] * score) for p_value, score, i in zip(p_values, scores, judged, strict=True)]
    place = {key: rank for rank, key in reversed(list(enumerate(sorted(order), start=1)))}
    at = {int(index): position for position, index in enumerate(judged)}
    shares, excesses = _shares(table, compared, signs), compared.excess
    standings: list[Standing] = []
    for index, subject in enumerate(table.subjects):
        excess, position = _rounded(excesses[index]), at.get(index)
        reason: NotJudgedReason | None = None
        if position is None:
            reason = "too_few_cases" if compared.n_all[index] < max(min_n, 1) else "too_few_peers"
        standings.append(
            Standing(
                subject=subject,
                judged=position is not None,
                reason=reason,
                n=int(compared.n[index]),
                n_all=int(compared.n_all[index]),
                k=int(compared.k[index]),
                observed=_rounded(compared.observed[index]),
                expected=_rounded(compared.expected[index]),
                excess=excess,
                lower=_rounded(lower[index]),
                upper=_rounded(upper[index]),
                z=0.0 if position is None else scores[position],
                p_value=1.0 if position is None else p_values[position],
                q_value=1.0 if position is None else q_values[position],
                flagged=position is not None and q_values[position] <= q and signs[index] * excess >= min_excess,
                rank=0 if position is None else place[order[position]],
                of=len(judged),
                strata=tuple(shares[index]),
            )
        )
    return tuple(standings)


def _signs(compared: Standardised, direction: Direction) -> list[int]:
    """1 for each subject whose rate would stand out above the peers', -1 for one whose would stand out below."""
    if direction == "either":
        return [1 if excess >= 0 else -1 for excess in compared.excess]
    return [1 if direction == "above" else -1] * len(compared.excess)


def _shares(table: Entries, compared: Standardised, signs: Sequence[int]) -> list[list[StratumShare]]:
    """The comparable strata of each subject, those that make it stand out most in the asked direction first."""
    shares: list[list[StratumShare]] = [[] for _ in table.subjects]
    peer_rate = table.peer_rate
    contribution = (table.k - table.n * peer_rate) / np.maximum(compared.n, 1.0)[table.subject]
    for row in np.flatnonzero(table.comparable):
        shares[int(table.subject[row])].append(
            StratumShare(
                stratum=table.strata[int(table.stratum[row])],
                n=int(table.n[row]),
                k=int(table.k[row]),
                peer_n=int(table.peer_n[row]),
                peer_rate=_rounded(peer_rate[row]),
                contribution=_rounded(contribution[row]),
            )
        )
    return [
        sorted(own, key=lambda share: (-sign * share.contribution, share.stratum))
        for sign, own in zip(signs, shares, strict=True)
    ]


def _left_out(table: Entries, crowd: Crowd | None) -> tuple[LeftOut, ...]:
    lonely: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def add(stratum: tuple[str, ...], subjects: int, n: int) -> None:
        lonely[stratum][0] += subjects
        lonely[stratum][1] += n

    for row in np.flatnonzero(~table.comparable):
        add(table.strata[int(table.stratum[row])], 1, int(table.n[row]))
    for cell, comparable in zip(() if crowd is None else crowd.cells, table.crowd_comparable, strict=True):
        if not comparable:
            add(cell.stratum, cell.subjects, cell.subjects * cell.n)
    return tuple(LeftOut(stratum=key, subjects=subjects, n=n) for key, (subjects, n) in sorted(lonely.items()))


def _rounded(value: float) -> float:
    """To ten decimals, without a negative zero."""
    return round(float(value), 10) + 0.0


def _significant(value: float) -> float:
    """To ten significant digits, for probabilities that may be very small."""
    return float(f"{float(value):.10g}")
