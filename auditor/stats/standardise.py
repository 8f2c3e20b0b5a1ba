"""Like compared with like: what a subject's peers would have done with that subject's mix of cases.

Indirect standardisation. For subject j with n_js of its n_j comparable cases in stratum s, and peers (all other
subjects, j left out) with N_s cases of which K_s have the outcome:

    expected_j = sum_s (n_js / n_j) * K_s / N_s          observed_j = sum_s k_js / n_j

Leaving j out keeps a subject with many cases from being its own yardstick (Ridgeway and MacDonald 2009, J. Am. Stat.
Assoc. 104(486), 661-668, weight an officer's peers to the officer's own mix of stops for the same end).

The expected rate is the plain one, which a reader can recompute with a pencil. Variances and tails use the peers' rate
pulled towards one half by half a case on either side, (K + 1/2) / (N + 1) (Jeffreys; Brown, Cai and DasGupta 2001,
Stat. Sci. 16(2), 101-133), or else "0 of 20 peers' cases" would mean "impossible". The uncertainty of the expected
rate has two parts: the peers' cases are few (binomial), and the peers themselves differ (tau).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.stats.crowd import Crowd
from auditor.stats.distributions import Array
from auditor.stats.standing import Cell

Indices = NDArray[np.intp]
FEW = 16
"""Up to so many strata a subject's are taken pair by pair; a matter of speed and memory, not of the result."""


@dataclass(frozen=True, kw_only=True)
class Entries:
    """One row a subject and stratum with any case, ordered by subject, then stratum, and the comparison in it.

    Peers are the other subjects and the crowd. `crowd_comparable` says of each of the crowd's cells, in their order,
    whether its subjects have peers enough; `crowd_pairs` are the places of its pairs' strata, and the products.
    """

    subjects: tuple[str, ...]
    strata: tuple[tuple[str, ...], ...]
    subject: Indices
    stratum: Indices
    n: Array
    k: Array
    peer_n: Array
    peer_k: Array
    comparable: NDArray[np.bool_]
    crowd_comparable: NDArray[np.bool_]
    crowd_pairs: tuple[Indices, Indices, Array]

    @property
    def peer_rate(self) -> Array:
        """K / N, 0 where there is no peer's case."""
        return np.divide(self.peer_k, self.peer_n, out=np.zeros_like(self.peer_n), where=self.peer_n > 0)

    @property
    def smoothed_rate(self) -> Array:
        """(K + 1/2) / (N + 1), never 0 or 1."""
        return (self.peer_k + 0.5) / (self.peer_n + 1)

    def per_subject(self, values: Array) -> Array:
        """The sum of `values` over each subject's rows; 0 for a subject that has none."""
        sums = np.bincount(self.subject, weights=values, minlength=len(self.subjects))
        return sums.astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class Standardised:
    """The comparison of every subject, an entry a subject; rates are 0 where `n` is 0.

    The variance of an honest subject's excess is `own` + `peers` + tau^2 * (1 + `spread`).
    """

    n_all: Array
    n: Array
    k: Array
    observed: Array
    expected: Array
    own: Array
    peers: Array
    spread: Array

    @property
    def excess(self) -> Array:
        return self.observed - self.expected


def entries(cells: Sequence[Cell], *, min_peers: int, min_peer_cases: int, crowd: Crowd | None = None) -> Entries:
    """Add the cells up and find each one's peers; cells without a case leave only their subject's name behind.

    None of the crowd may have a cell of its own among these.
    """
    counts: defaultdict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        if not 0 <= cell.k <= cell.n:
            raise ValueError(f"a cell needs 0 <= k <= n, got n={cell.n}, k={cell.k}")
        count = counts[cell.subject, cell.stratum]
        count[0] += cell.n
        count[1] += cell.k
    subjects = tuple(sorted({subject for subject, _ in counts}))
    rows = sorted((place, n, k) for place, (n, k) in counts.items() if n > 0)
    theirs = () if crowd is None else crowd.cells
    strata = tuple(sorted({stratum for (_, stratum), _, _ in rows} | {cell.stratum for cell in theirs}))
    subject_at = {subject: index for index, subject in enumerate(subjects)}
    stratum_at = {stratum: index for index, stratum in enumerate(strata)}
    subject = np.array([subject_at[place[0]] for place, _, _ in rows], dtype=np.intp)
    stratum = np.array([stratum_at[place[1]] for place, _, _ in rows], dtype=np.intp)
    n = np.array([n for _, n, _ in rows], dtype=np.float64)
    k = np.array([k for _, _, k in rows], dtype=np.float64)
    place = np.array([stratum_at[cell.stratum] for cell in theirs], dtype=np.intp)
    many, each = (np.array([getattr(cell, name) for cell in theirs], dtype=np.float64) for name in ("subjects", "n"))
    crowd_k = np.array([cell.k for cell in theirs], dtype=np.float64)
    whole = np.concatenate([stratum, place])

    def everybody(own: Array, crowd_has: Array) -> Array:
        sums = np.bincount(whole, weights=np.concatenate([own, crowd_has]), minlength=len(strata))
        return sums.astype(np.float64)

    all_n, all_k, all_subjects = everybody(n, many * each), everybody(k, crowd_k), everybody(np.ones_like(n), many)
    peer_n, peer_k = all_n[stratum] - n, all_k[stratum] - k

    def have_peers(at: Indices, own: Array) -> NDArray[np.bool_]:
        return (all_subjects[at] - 1 >= min_peers) & (all_n[at] - own >= min_peer_cases)

    return Entries(
        subjects=subjects,
        strata=strata,
        subject=subject,
        stratum=stratum,
        n=n,
        k=k,
        peer_n=peer_n,
        peer_k=peer_k,
        comparable=have_peers(stratum, n),
        crowd_comparable=have_peers(place, each),
        crowd_pairs=_crowd_pairs(crowd, stratum_at),
    )


def _crowd_pairs(crowd: Crowd | None, at: Mapping[tuple[str, ...], int]) -> tuple[Indices, Indices, Array]:
    """A stratum with itself is a pair, too."""
    if crowd is None:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)
    found = [(at[cell.stratum], at[cell.stratum], cell.subjects * cell.n**2) for cell in crowd.cells]
    found += [(at[pair.one], at[pair.other], pair.product) for pair in crowd.pairs]
    one, other, product = zip(*found, strict=True) if found else ((), (), ())
    return np.array(one, dtype=np.intp), np.array(other, dtype=np.intp), np.array(product, dtype=np.float64)


def standardise(table: Entries) -> Standardised:
    """Observed and expected rate of every subject over its comparable cases, and the variance of their difference."""
    n_in = np.where(table.comparable, table.n, 0.0)
    n = table.per_subject(n_in)
    k = table.per_subject(np.where(table.comparable, table.k, 0.0))
    some = np.maximum(n, 1.0)
    share = n_in / some[table.subject]
    smooth = table.smoothed_rate
    chance = smooth * (1 - smooth)
    return Standardised(
        n_all=table.per_subject(table.n),
        n=n,
        k=k,
        observed=k / some,
        expected=table.per_subject(share * table.peer_rate),
        own=table.per_subject(share * chance) / some,
        peers=table.per_subject(share**2 * chance / np.maximum(table.peer_n, 1.0)),
        spread=_spread(table, share),
    )


def _spread(table: Entries, share: Array) -> Array:
    """Sum over the peers i of the squared weight that i's own tendency has in the subject's expected rate.

    The weight of i is sum_s share_s * n_is / N_s. With a_s = share_s / N_s, the sum over all i is a' (M'M) a for the
    subjects-by-strata matrix M of cases; the subject's own part is taken off again. Among very many subjects nearly all
    have hardly any of the strata, so M is written out for those alone that have more than `FEW`; of the others the
    pairs of strata that they have are added up one by one. A crowd brings its sums along.
    """
    subjects, weight = len(table.subjects), share / np.maximum(table.peer_n, 1.0)
    broad = np.bincount(table.subject, minlength=subjects) > FEW
    rows = broad[table.subject]
    place = (np.cumsum(broad) - 1)[table.subject[rows]], table.stratum[rows]
    cases, weights = np.zeros((2, int(broad.sum()), len(table.strata)))
    cases[place], weights[place] = table.n[rows], weight[rows]
    shared = cases.T @ cases
    first, second, product = table.crowd_pairs
    np.add.at(shared, (first, second), product)
    pairs = _pairs(table.subject, np.flatnonzero(~rows))
    for one, other in pairs:
        both = table.n[one] * table.n[other]
        np.add.at(shared, (table.stratum[one], table.stratum[other]), both)
    everyone = np.zeros(subjects)
    everyone[broad] = np.einsum("js,js->j", weights @ shared, weights)
    for one, other in pairs:
        both = weight[one] * weight[other] * shared[table.stratum[one], table.stratum[other]]
        everyone += np.bincount(table.subject[one], weights=both, minlength=subjects)
    oneself = table.per_subject(weight * table.n) ** 2
    return np.maximum(everyone - oneself, 0.0)


def _pairs(subject: Indices, rows: Indices) -> list[tuple[Indices, Indices]]:
    """Every ordered pair of rows of one subject, a row with itself included; `rows` come in the subjects' order."""
    found = [(rows, rows)]
    first = np.arange(len(rows))
    for apart in range(1, FEW):
        first = first[first + apart < len(rows)]
        first = first[subject[rows[first]] == subject[rows[first + apart]]]
        one, other = rows[first], rows[first + apart]
        found += [(one, other), (other, one)]
    return found
