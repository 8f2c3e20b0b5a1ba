"""Rows counted by pair and stratum, with the margins: how many rows chance gives a pair, and by how much that varies.

Within a stratum with N rows, n_a of them of the first and n_b of the second, chance gives the pair n_a * n_b / N rows;
the expectation of a pair is the sum over strata. A stratum with a single first or a single second says nothing of any
pair (observed = expected, always) and is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.stats.distributions import Array

Indices = NDArray[np.int64]

CHUNK = 2_000_000
"""Rows worked on at once, which bounds the memory."""


@dataclass(frozen=True, kw_only=True)
class Together:
    """`n` rows of a pair in one stratum; every such number above 0 has to be given."""

    first: str
    second: str
    stratum: tuple[str, ...]
    n: int


@dataclass(frozen=True, kw_only=True)
class PairTable:
    """Comparable rows by first and stratum, by second and stratum, and by pair.

    A key is index * (number of the other) + other index. `every` pair with any row stands there with all its rows;
    `alone` of these lie where nothing can be compared.
    """

    firsts: tuple[str, ...]
    seconds: tuple[str, ...]
    strata: int
    size: Array
    first_key: Indices
    first_n: Array
    second_key: Indices
    second_n: Array
    pair: Indices
    n: Array
    every: Indices
    every_n: Array
    alone: int

    def names(self, pair: int) -> tuple[str, str]:
        return self.firsts[pair // len(self.seconds)], self.seconds[pair % len(self.seconds)]

    def rows(self, pair: Indices) -> Array:
        """Comparable rows of each pair."""
        return _find(self.pair, self.n, pair)

    def totals(self, pair: Indices) -> tuple[Array, Array]:
        """Comparable rows of the first and of the second of each pair."""
        first = _total(self.first_key // self.strata, self.first_n, len(self.firsts))
        second = _total(self.second_key // self.strata, self.second_n, len(self.seconds))
        return first[pair // len(self.seconds)], second[pair % len(self.seconds)]

    def chance(self, pair: Indices) -> tuple[Array, Array]:
        """Mean and variance by chance of each pair, over all strata in which both occur."""
        others = len(self.seconds)
        begin = np.searchsorted(self.first_key, (pair // others) * self.strata)
        length = np.searchsorted(self.first_key, (pair // others + 1) * self.strata) - begin
        mean, variance = np.zeros(len(pair)), np.zeros(len(pair))
        ends, at = np.cumsum(length), 0
        while at < len(pair):
            done = int(ends[at - 1]) if at else 0
            to = max(at + 1, int(np.searchsorted(ends, done + CHUNK, side="right")))
            count = length[at:to]
            owner = np.repeat(np.arange(to - at), count)
            inside = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
            row = begin[at:to][owner] + inside
            stratum = self.first_key[row] % self.strata
            wanted = (pair[at:to] % others)[owner] * self.strata + stratum
            a, b, all_ = self.first_n[row], _find(self.second_key, self.second_n, wanted), self.size[stratum]
            expected = a * b / all_
            spread = expected * (all_ - a) * (all_ - b) / (all_ * np.maximum(all_ - 1, 1))
            mean[at:to] = np.bincount(owner, weights=expected, minlength=to - at)
            variance[at:to] = np.bincount(owner, weights=spread, minlength=to - at)
            at = to
        return mean, variance

    def busiest(self, most: int) -> tuple[Indices, Indices]:
        """The firsts and the seconds with the most rows, at most so many of each, of equals the first by name."""
        return (
            _greatest(self.first_key // self.strata, self.first_n, most),
            _greatest(self.second_key // self.strata, self.second_n, most),
        )

    def possible(self, least: int) -> int:
        """At least as many as the pairs that could have `least` rows: both do, and meet in a stratum."""
        many: list[Indices] = []
        whole = 1
        for key, n in ((self.first_key, self.first_n), (self.second_key, self.second_n)):
            enough = np.bincount(key // self.strata, weights=n) >= least
            many.append(np.bincount((key % self.strata)[enough[key // self.strata]], minlength=self.strata))
            whole *= int(enough.sum())
        return min(whole, int((many[0] * many[1]).sum()))


def pair_table(cells: Sequence[Together]) -> PairTable:
    """The table of these rows; firsts, seconds and strata in the order of their names."""
    firsts, seconds = sorted({cell.first for cell in cells}), sorted({cell.second for cell in cells})
    strata = sorted({cell.stratum for cell in cells})
    place_a, place_b = {x: i for i, x in enumerate(firsts)}, {x: i for i, x in enumerate(seconds)}
    place_s = {x: i for i, x in enumerate(strata)}
    a = np.array([place_a[cell.first] for cell in cells], dtype=np.int64)
    b = np.array([place_b[cell.second] for cell in cells], dtype=np.int64)
    s = np.array([place_s[cell.stratum] for cell in cells], dtype=np.int64)
    n = np.array([cell.n for cell in cells], dtype=np.float64)
    every, every_n = _summed(a * len(seconds) + b, n)
    told = (_telling(a, s, len(strata)) & _telling(b, s, len(strata)))[s] & (n > 0)
    first_key, first_n = _summed(a[told] * len(strata) + s[told], n[told])
    second_key, second_n = _summed(b[told] * len(strata) + s[told], n[told])
    pair, together = _summed(a[told] * len(seconds) + b[told], n[told])
    return PairTable(
        firsts=tuple(firsts),
        seconds=tuple(seconds),
        strata=len(strata),
        size=_total(s[told], n[told], len(strata)),
        first_key=first_key,
        first_n=first_n,
        second_key=second_key,
        second_n=second_n,
        pair=pair,
        n=together,
        every=every,
        every_n=every_n,
        alone=int(n[~told].sum()),
    )


def _telling(who: Indices, s: Indices, strata: int) -> NDArray[np.bool_]:
    """Which strata have two or more of them."""
    return np.bincount(np.unique(who * strata + s) % strata, minlength=strata) >= 2


def _total(key: Indices, n: Array, keys: int) -> Array:
    return np.bincount(key, weights=n, minlength=keys).astype(np.float64)


def _summed(key: Indices, n: Array) -> tuple[Indices, Array]:
    found, place = np.unique(key, return_inverse=True)
    return found, _total(place.astype(np.int64), n, len(found))


def _find(keys: Indices, values: Array, wanted: Indices) -> Array:
    """The value under each wanted key, 0 where there is none."""
    if not len(keys):
        return np.zeros(len(wanted))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0.0)


def _greatest(who: Indices, n: Array, most: int) -> Indices:
    total = np.bincount(who, weights=n)
    return np.lexsort((np.arange(len(total)), -total))[: min(most, int((total > 0).sum()))].astype(np.int64)
