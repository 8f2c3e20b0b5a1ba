"""The many with too few cases to be judged, counted together: what they are to others, without their names.

They are judged by nobody, but they are peers. What a comparison takes from a peer is how many cases it has in a stratum
and how many of these have the outcome, that it is one subject more, and the products of its cases in two strata (by
which the uncertainty of the expected rate is known, `standardise`). All of these are sums over the peers; so here are
the sums, and whoever is judged beside them is judged exactly as beside each of them by name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CrowdCell:
    """So many `subjects` have `n` cases each in the stratum, of all of which together `k` have the outcome."""

    stratum: tuple[str, ...]
    n: int
    subjects: int
    k: int


@dataclass(frozen=True, kw_only=True)
class CrowdPair:
    """The sum, over the subjects, of their cases in `one` times their cases in `other`, another stratum."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    product: int


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """`subjects` with fewer than `fewest` cases each, `n` in all; every pair of strata is there in either order."""

    fewest: int
    subjects: int
    n: int
    cells: tuple[CrowdCell, ...]
    pairs: tuple[CrowdPair, ...]
