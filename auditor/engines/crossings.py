"""Which rows come soon after another of their series that differs from them, found by sorting moments as numbers.

An order by series and moment over all rows is what windows ask for, and costs twice as much. Series, minute and the
number of a row among all that are asked are one number here, as many bits of the series' hash as the others leave, so
that in the sorted numbers those that lie near one another stand together and it is known where each of them is. Only
what has a neighbour so near is looked at with its whole hashes; two series that agree in the bits kept only bring a few
rows to be looked at too many.
"""

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from auditor.engines import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]


def soon_after_another(
    parts: "Sequence[tuple[Numbers, ...]]", within: int, at_most: int
) -> "tuple[Numbers, Numbers] | None":
    """The places of the rows of which one before them, of the same series, lies at most so many minutes back and is of
    another spot, as far as minutes tell; and those of the rows that can be the last before such a one, if they are not
    among the first. None where more than `at_most` rows have another of their series so near.

    The rows come in parts, with the hash of the series, the rest (`alike.rest_of`) and the hash of the spot.
    """
    starts = np.cumsum([0, *(len(series) for series, *_ in parts)], dtype=np.int64)
    near = _near(parts, starts, within)
    if len(near) > at_most:
        return None
    series, rest, spot = (alike.taken([part[which] for part in parts], starts, near) for which in range(3))
    minute = alike.minute_of(rest)
    order = np.lexsort((minute, series))
    return _crossing(series[order], minute[order], spot[order], alike.place_in(rest[order]), within)


def _near(parts: "Sequence[tuple[Numbers, ...]]", starts: "NDArray[np.int64]", within: int) -> "NDArray[np.int64]":
    """The numbers of the rows that lie at most so many minutes from another of their series, in no order."""
    whole = int(starts[-1])
    if not whole:
        return np.empty(0, np.int64)
    bounds = [(minutes.min(), minutes.max()) for _, minutes in chain.from_iterable(map(_pieces, parts))]
    earliest, latest = min(least for least, _ in bounds), max(most for _, most in bounds)
    row, time = np.uint64(whole.bit_length()), np.uint64(int(latest - earliest).bit_length())
    numbers, place = np.empty(whole, np.uint64), 0
    for series, minutes in chain.from_iterable(map(_pieces, parts)):
        end = place + len(series)
        found = (series >> (row + time)) << time | (minutes - earliest)
        numbers[place:end] = (found << row) | np.arange(place, end, dtype=np.uint64)
        place = end
    numbers.sort()
    soon = np.uint64(within)
    begun = [at[(later >> row) - (first >> row) <= soon] for at, first, later in alike.ahead_of(numbers, 1)]
    among = numbers[alike.covered(np.concatenate(begun), 1)]
    return (among & np.uint64((1 << int(row)) - 1)).astype(np.int64)


def _pieces(part: "tuple[Numbers, ...]") -> "list[tuple[Numbers, Numbers]]":
    """Series and minute of the rows, some at once."""
    series, rest, *_ = part
    pieces = [slice(start, start + alike.AT_ONCE) for start in range(0, len(series), alike.AT_ONCE)]
    return [(series[piece], alike.minute_of(rest[piece])) for piece in pieces]


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
