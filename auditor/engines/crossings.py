"""Which rows come soon after another of their series that differs from them, found by sorting moments as numbers.

An order by series and moment over all rows is what windows ask for, and costs twice as much. Series and minute of a
row are one number here, 38 bits of the series' hash and 26 of the minute, so that in the sorted numbers those that
lie near one another stand together. Only what has a neighbour so near is looked at with its whole hashes; two series
that agree in the bits kept only bring a few rows to be looked at too many.
"""

from typing import TYPE_CHECKING

import numpy as np

from auditor.engines.alike import MINUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

_MINUTES = np.uint64(MINUTES)
_MINUTE = np.uint64(2**MINUTES - 1)
_MARK = np.uint64(1)
_AT_ONCE = 1 << 18
_SIEVE = 22
"""Bits of the numbers by which most of those that are not sought are told apart from those that are."""


def soon_after_another(
    parts: "Sequence[tuple[Numbers, ...]]", within: int, at_most: int
) -> "tuple[Numbers, Numbers] | None":
    """The places of the rows of which one before them, of the same series, lies at most so many minutes back and is of
    another spot, as far as minutes tell; and those of the rows that can be the last before such a one, if they are not
    among the first. None where more than `at_most` rows have another of their series so near.

    The rows come in parts, with the hash of the series, the rest (`alike.rest_of`) and the hash of the spot.
    """
    numbers = [_numbered(series, rest) for series, rest, _ in parts]
    near = _near(_joined(numbers), within)
    chosen = [_among(some, near) for some in numbers]
    if sum(len(some) for some in chosen) > at_most:
        return None
    series, rest, spot = (
        _joined([part[which][some] for part, some in zip(parts, chosen, strict=True)]) for which in range(3)
    )
    minute = (rest >> _MARK) & _MINUTE
    order = np.lexsort((minute, series))
    series, minute, spot, place = series[order], minute[order], spot[order], rest[order] >> (_MINUTES + _MARK)
    return _crossing(series, minute, spot, place, within)


def _joined(parts: "Sequence[Numbers]") -> "Numbers":
    return np.concatenate([np.empty(0, np.uint64), *parts])


def _numbered(series: "Numbers", rest: "Numbers") -> "Numbers":
    """Series and minute of every row in one number."""
    found = np.empty(len(series), np.uint64)
    for first in range(0, len(series), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        found[some] = (series[some] & ~_MINUTE) | ((rest[some] >> _MARK) & _MINUTE)
    return found


def _near(numbers: "Numbers", within: int) -> "Numbers":
    """Those of the numbers that lie at most so many minutes from the next one, and those next ones, in order; each at
    least once. The numbers given are put in order."""
    numbers.sort()
    time = np.uint64(min(within, int(_MINUTE)))
    found = [np.empty(0, np.uint64)]
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE + 1]
        near = np.flatnonzero(some[1:] - some[:-1] <= time)
        found += [some[near], some[near + 1]]
    return np.unique(np.concatenate(found))


def _among(numbers: "Numbers", sought: "Numbers") -> "NDArray[np.int64]":
    """At which places of the numbers one of those sought, which are in order, stands."""
    if not len(sought):
        return np.empty(0, np.int64)
    # What comes behind all others is not there, as well.
    sought_or_none = np.append(sought, sought[-1:])
    sieve = np.zeros(1 << _SIEVE, np.bool_)
    sieve[_sifted(sought)] = True
    found = [np.empty(0, np.int64)]
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        perhaps = np.flatnonzero(sieve[_sifted(some)])
        some = some[perhaps]
        found.append(first + perhaps[sought_or_none[np.searchsorted(sought, some)] == some])
    return np.concatenate(found)


def _sifted(numbers: "Numbers") -> "NDArray[np.int64]":
    """The number of the hole in the sieve: the lowest bits of series and minute laid over one another."""
    mixed = (numbers ^ (numbers >> _MINUTES)) & np.uint64((1 << _SIEVE) - 1)
    return mixed.astype(np.int64)


def _crossing(
    series: "Numbers", minute: "Numbers", spot: "Numbers", place: "Numbers", within: int
) -> "tuple[Numbers, Numbers]":
    """As `soon_after_another` says, of rows in order; which of the rows of one minute comes first, nobody knows."""
    if not len(series):
        return place, place
    begins = np.flatnonzero(np.concatenate(([True], (series[1:] != series[:-1]) | (minute[1:] != minute[:-1]))))
    least, most = np.minimum.reduceat(spot, begins), np.maximum.reduceat(spot, begins)
    mixed = least != most
    near = (series[begins[1:]] == series[begins[:-1]]) & (minute[begins[1:]] - minute[begins[:-1]] <= np.uint64(within))
    apart = near & (mixed[:-1] | (least[1:] != least[:-1]))
    looked = mixed
    looked[1:] |= apart
    before = np.concatenate((near & looked[1:], [False])) & ~looked
    length = np.diff(begins, append=len(series))
    return place[np.repeat(looked, length)], place[np.repeat(before, length)]
