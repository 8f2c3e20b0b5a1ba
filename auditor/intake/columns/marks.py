"""The marks of a row: which of its values were written and could not be read, are errors, or were lost on the way.

Nearly no row has one, and a table of forty columns has sixty of them: the store holds them as the bits of whole
numbers, worked out only where a row has a mark at all, and an expression gives each its name again.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from auditor.intake.store.database import ibis

_UNREADABLE, _CELL_ERROR, _FAILED, _PACKED = "_unreadable_", "_cell_error_", "_failed_", "_marks_"
_BITS = 62
"""So many marks are kept in one whole number of 64 bits, without touching its sign."""


def unreadable(column: str) -> str:
    """The mark that says whether a value was written that could not be read."""
    return _UNREADABLE + column


def cell_error(column: str) -> str:
    """The mark that says whether a text is an error of the spreadsheet; only what comes from a workbook has it."""
    return _CELL_ERROR + column


def failed(column: str) -> str:
    """The mark that says whether an expression of the profile lost a text; only what is made by one that can fail has
    it."""
    return _FAILED + column


def marks_of(column: str) -> tuple[str, ...]:
    """The names of all marks that a column may have."""
    return unreadable(column), cell_error(column), failed(column)


def packed(rows: Any, marks: Sequence[str]) -> Mapping[str, Any]:
    """The marks, booleans among the columns of `rows` that are never NULL (one that is no column is false), as whole
    numbers."""
    found: dict[str, Any] = {}
    for name, held in _shared_out(marks).items():
        there = {mark: bit for mark, bit in held.items() if mark in rows.columns}
        none = ibis.literal(0, "int64")
        bits = [ibis.ifelse(rows[mark], ibis.literal(bit, "int64"), none) for mark, bit in there.items()]
        any_mark = reduce(lambda one, other: one | other, (rows[mark] for mark in there), ibis.literal(False))
        found[name] = ibis.ifelse(any_mark, reduce(lambda one, other: one | other, bits, none), none)
    return found


def unpacked(rows: Any, marks: Sequence[str]) -> Any:
    """The rows with their marks by name again, in place of the whole numbers that hold them."""
    shared = _shared_out(marks)
    named = {mark: (rows[name] & bit) != 0 for name, held in shared.items() for mark, bit in held.items()}
    return rows.mutate(**named).drop(*shared) if shared else rows


def _shared_out(marks: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """The columns that hold so many marks, each with its marks and their bits."""
    return {
        f"{_PACKED}{start // _BITS}": {mark: 1 << bit for bit, mark in enumerate(marks[start : start + _BITS])}
        for start in range(0, len(marks), _BITS)
    }
