"""Which keys are borne by several rows, all in all or within some time, found by sorting them as numbers.

A table of counts by key takes four times as long where nearly every key is a group of its own, and a multiple of the
memory. In a number of 64 bits the lowest says whether the row may be told of. Above it stand the bits of a hash; or
those of a shorter one, and below them the minute of the row, so that in the sorted numbers the rows of one key stand
together, in the order of time. Two keys of one hash only bring a few rows too many.
"""

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from auditor.engines.places import hashed
from auditor.kinds import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

_MARK = np.uint64(1)
_MINUTES = 26
"""Bits for the minute, from 1970 into 2097; what lies outside is put at the ends."""

_ALL = 2**64 - 2
_LAST = 2**_MINUTES - 1
_IN_TIME = _LAST << 1
_MICROSECONDS = 60_000_000
_AT_ONCE = 1 << 18
_UNSIGNED = exp.DataType.Type.UBIGINT


def key_of(values: "Sequence[sql.Expr]", at: sql.Expr | None = None) -> sql.Expr:
    """What rows alike in all values have in common, with the minute of each where there is a moment; the lowest bit is
    free."""
    kept = exp.cast(sql.number(_ALL if at is None else _ALL - _IN_TIME), _UNSIGNED)
    key = exp.BitwiseAnd(this=hashed(values), expression=kept)
    if at is None:
        return sql.wrap(key)
    since = exp.IntDiv(this=exp.UnixMicros(this=sql.moment(at)), expression=sql.number(_MICROSECONDS))
    minute = sql.case(
        (sql.less(since, sql.number(0)), sql.number(0)),
        (sql.less(sql.number(_LAST), since), sql.number(_LAST)),
        otherwise=since,
    )
    return sql.wrap(sql.plus(sql.wrap(key), exp.cast(sql.times(minute, 2), _UNSIGNED)))


def numbered(key: sql.Expr, told: sql.Expr) -> sql.Expr:
    """The key with its mark as one number."""
    return sql.plus(key, exp.cast(sql.coalesce(told, exp.false()), _UNSIGNED))


def borne_by(numbers: "Numbers", at_least: int) -> "tuple[Numbers, int]":
    """The keys, each once and in order, that `at_least` rows have, one or more of them marked, and how many marked rows
    of them there are at least. Sorts `numbers`."""
    numbers.sort()
    found = [
        last[((first ^ last) <= _MARK) & ((last & _MARK) == _MARK)] for first, last in _ahead(numbers, at_least - 1)
    ]
    marked = np.concatenate(found) if found else numbers[:0]
    return np.unique(marked & np.uint64(_ALL)), len(marked)


def close_together(numbers: "Numbers", at_least: int, within: int) -> "Numbers":
    """The keys with their minutes, each once and in order, of the rows of which `at_least` of one key lie `within` so
    many minutes, where any of these that have the key is marked. Sorts `numbers`."""
    numbers.sort()
    ahead, hash_, time = at_least - 1, np.uint64(_ALL - _IN_TIME), np.uint64(_IN_TIME)
    begun: list[NDArray[np.int64]] = []
    for number, (first, last) in enumerate(_ahead(numbers, ahead)):
        alike = ((first ^ last) & hash_) == 0
        near = (last & time) - (first & time) <= np.uint64(min(within, _LAST) << 1)
        begun.append(np.flatnonzero(alike & near) + number * _AT_ONCE)
    if not begun:
        return numbers[:0]
    among = numbers[_covered(np.concatenate(begun), ahead)]
    keys = among & hash_
    told = np.unique(keys[(among & _MARK) == _MARK])
    return np.unique(among[np.isin(keys, told)] & np.uint64(_ALL))


def _ahead(numbers: "Numbers", ahead: int) -> "list[tuple[Numbers, Numbers]]":
    """Every number beside the one so far ahead of it, some at once."""
    whole = len(numbers) - ahead
    parts = [(start, min(start + _AT_ONCE, whole)) for start in range(0, whole, _AT_ONCE)]
    return [(numbers[start:end], numbers[start + ahead : end + ahead]) for start, end in parts]


def _covered(begun: "NDArray[np.int64]", ahead: int) -> "NDArray[np.int64]":
    """The places that lie no more than `ahead` behind any of those, which are in order; each once."""
    apart = np.diff(begun) > ahead
    first = begun[np.concatenate(([True], apart))[: len(begun)]]
    length = begun[np.concatenate((apart, [True]))[: len(begun)]] + ahead + 1 - first
    before: NDArray[np.int64] = np.cumsum(length) - length
    return np.repeat(first - before, length) + np.arange(length.sum(), dtype=np.int64)
