"""Which rows bear keys that several rows bear, all in all or within some time, found by sorting the keys as numbers.

A table of counts by key takes four times as long where nearly every key is a group of its own, and a multiple of the
memory. Of the hash of a key, 64 bits, the highest are kept and the number of the row among all that are asked stands in
the others, so that in the sorted numbers the rows of one key stand together and it is known where each of them is. Two
keys that agree in the bits kept only bring a few rows too many.
"""

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from auditor.kinds import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

_MINUTES = 26
"""Bits for the minute, from 1970 into 2097; what lies outside is put at the ends."""

_MARK, _PLACE = np.uint64(1), np.uint64(_MINUTES + 1)
_LAST = 2**_MINUTES - 1
_IN_TIME = np.uint64(_LAST << 1)
_MICROSECONDS = 60_000_000
AT_ONCE = 1 << 18
_MOST = 8


def rest_of(place: sql.Expr, told: sql.Expr, at: sql.Expr | None) -> sql.Expr:
    """What else is asked of a row, in one number: its place, below 2^36, the minute of its moment `at`, which all rows
    asked must have, and in the lowest bit whether it may be told of."""
    mark = sql.cast_to(sql.coalesce(told, exp.false()), "bigint")
    rest = sql.plus(sql.times(place, 1 << (_MINUTES + 1)), mark)
    if at is not None:
        since = exp.IntDiv(this=exp.UnixMicros(this=sql.moment(at)), expression=sql.number(_MICROSECONDS))
        early = exp.Least(this=since, expressions=[sql.number(_LAST)], ignore_nulls=True)
        late = exp.Greatest(this=early, expressions=[sql.number(0)], ignore_nulls=True)
        rest = sql.plus(rest, sql.times(late, 2))
    return sql.unsigned(rest)


def minute_of(rest: "Numbers") -> "Numbers":
    return (rest & _IN_TIME) >> _MARK


def place_in(rest: "Numbers") -> "Numbers":
    return rest >> _PLACE


def in_company(parts: "Sequence[tuple[Numbers, ...]]", at_least: int, within: int | None) -> "Numbers":
    """The places, in no order, of the rows of which `at_least` have one key, one or more of them marked. With `within`
    as many have to lie within so many minutes of one another, and those that do not are left out. The rows come in
    parts, with key and rest of each."""
    rows, changes = _of_shared_keys(parts, at_least)
    if within is None:
        return place_in(rows[_of_marked(rows, changes)])
    number = np.zeros(len(rows), np.uint64)
    number[changes] = 1
    number = (np.cumsum(number, dtype=np.uint64) << _PLACE) | (rows & _IN_TIME)
    order = np.argsort(number)
    return place_in(_close_together(number[order], rows[order], at_least - 1, within))


def places(parts: "Sequence[tuple[Numbers, ...]]", at_least: int) -> "Numbers":
    """The same in all, whenever they are and whether marked or not; the rows come with key and place of each."""
    return _of_shared_keys(parts, at_least)[0]


def _of_shared_keys(parts: "Sequence[tuple[Numbers, ...]]", at_least: int) -> "tuple[Numbers, NDArray[np.int64]]":
    """What comes with the key of each row of which `at_least` have one key, those of one key one behind the other; and
    from which on it is another."""
    asked, starts = _numbered([keys for keys, _ in parts])
    row = np.uint64(2 ** len(asked).bit_length() - 1)
    asked.sort()
    begun = [at[(first ^ last) <= row] for at, first, last in ahead_of(asked, at_least - 1)]
    among = asked[covered(np.concatenate(begun), at_least - 1)]
    del asked, begun  # as long as all rows, each of them
    rows = taken([rests for _, rests in parts], starts, (among & row).astype(np.int64))
    among &= ~row
    return rows, np.flatnonzero(among[1:] != among[:-1]) + 1


def _numbered(parts: "Sequence[Numbers]") -> "tuple[Numbers, NDArray[np.int64]]":
    """The highest bits of every key, with the number of its row in the others, and the number at which each part
    begins."""
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), ends))
    found = np.empty(int(starts[-1]), np.uint64)
    row = np.uint64(2 ** len(found).bit_length() - 1)
    for part, start in zip(parts, starts.tolist(), strict=False):
        for first in range(0, len(part), AT_ONCE):
            some = part[first : first + AT_ONCE]
            numbers = np.arange(start + first, start + first + len(some), dtype=np.uint64)
            found[start + first : start + first + len(some)] = (some & ~row) | numbers
    return found, starts


def taken(parts: "Sequence[Numbers]", starts: "NDArray[np.int64]", at: "NDArray[np.int64]") -> "Numbers":
    """The values with these numbers among all parts put one behind the other; these are so put if most are wanted."""
    if _MOST * len(at) > starts[-1]:
        return np.concatenate([np.empty(0, np.uint64), *parts])[at]
    found, which = np.empty(len(at), np.uint64), np.searchsorted(starts, at, side="right") - 1
    for number, part in enumerate(parts):
        here = which == number
        found[here] = part[at[here] - starts[number]]
    return found


def _close_together(numbers: "Numbers", rows: "Numbers", ahead: int, within: int) -> "Numbers":
    """Of rows in the order of their `numbers`, which are made of key and minute, those that lie `within` so many
    minutes with so many ahead of them, if any of these that has the key is marked."""
    time = np.uint64(min(within, _LAST) << 1)
    begun = [
        at[((first ^ last) >> _PLACE == 0) & (last - first <= time)] for at, first, last in ahead_of(numbers, ahead)
    ]
    found = covered(np.concatenate(begun), ahead)
    keys, rows = numbers[found] >> _PLACE, rows[found]
    return rows[_of_marked(rows, np.flatnonzero(keys[1:] != keys[:-1]) + 1)]


def _of_marked(rows: "Numbers", changes: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Which rows are of a key that a marked row has; the key is another from each of the `changes` on."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    starts = np.concatenate((np.zeros(1, np.int64), changes))
    marked = np.logical_or.reduceat((rows & _MARK).astype(np.bool_), starts)
    return np.repeat(marked, np.diff(starts, append=len(rows)))


def ahead_of(numbers: "Numbers", ahead: int) -> "Iterator[tuple[NDArray[np.int64], Numbers, Numbers]]":
    """Every number, by its place, beside the one so far ahead of it, some at once."""
    whole = max(len(numbers) - ahead, 0)
    for start in range(0, max(whole, 1), AT_ONCE):
        end = min(start + AT_ONCE, whole)
        yield np.arange(start, end), numbers[start:end], numbers[start + ahead : end + ahead]


def covered(begun: "NDArray[np.int64]", ahead: int) -> "NDArray[np.int64]":
    """The places that lie no more than `ahead` behind any of those, which are in order; each once."""
    apart = np.diff(begun) > ahead
    first = begun[np.concatenate(([True], apart))[: len(begun)]]
    length = begun[np.concatenate((apart, [True]))[: len(begun)]] + ahead + 1 - first
    before: NDArray[np.int64] = np.cumsum(length) - length
    return np.repeat(first - before, length) + np.arange(length.sum(), dtype=np.int64)
