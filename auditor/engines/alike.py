"""Which keys are borne by several rows, found by sorting them as numbers.

A table of counts by key takes four times as long where nearly every key is a group of its own, and a multiple of the
memory. A key is a hash of 63 bits; the lowest bit of its number says whether the row may be told of, so that in the
sorted numbers the rows of one key stand together and those to be told of last.
"""

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from auditor.engines.places import hashed
from auditor.kinds import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MARK = np.uint64(1)
_KEY = 2**64 - 2
_AT_ONCE = 1 << 18
_UNSIGNED = exp.DataType.Type.UBIGINT


def key_of(values: "Sequence[sql.Expr]") -> sql.Expr:
    """The key that rows alike in all values have in common; rows that are not, but for the chance of a hash, don't."""
    return sql.wrap(exp.BitwiseAnd(this=hashed(values), expression=exp.cast(sql.number(_KEY), _UNSIGNED)))


def numbered(key: sql.Expr, told: sql.Expr) -> sql.Expr:
    """The key with its mark as one number."""
    return sql.plus(key, exp.cast(sql.coalesce(told, exp.false()), _UNSIGNED))


def borne_by(numbers: "NDArray[np.uint64]", at_least: int) -> "NDArray[np.uint64]":
    """The keys, each once and in order, that `at_least` rows have, one or more of them marked. Sorts `numbers`."""
    numbers.sort()
    found: list[NDArray[np.uint64]] = []
    ahead = at_least - 1
    for start in range(0, len(numbers) - ahead, _AT_ONCE):
        first = numbers[start : min(start + _AT_ONCE, len(numbers) - ahead)]
        last = numbers[start + ahead : start + ahead + len(first)]
        found.append(last[((first ^ last) <= _MARK) & ((last & _MARK) == _MARK)])
    if not found:
        return numbers[:0]
    return np.unique(np.concatenate(found) & np.uint64(_KEY))
