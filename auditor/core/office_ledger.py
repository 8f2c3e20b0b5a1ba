"""The ledger that offices keep (台账), before any file format: columns with their heads, and lines of plain values.

What a cell says is already in one language and masked; a writer only has to keep text text, dates dates and numbers
numbers. Violations, leads and what rules on trial found are parts of their own and are never put into one list of a
workbook.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from auditor.core.text import Text

CSV_AT_MOST = 20_000
"""Findings up to which CSV files stand beside the ledger. Of more they would be larger than the report itself; every
finding stands in the ledger all the same."""

Cell = str | int | float | date | None
Form = Literal["text", "whole", "share", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` is in characters of the workbook's font. A column `to_fill` is left blank for the office, which picks one
    of `choices` where there are any."""

    head: Text
    means: Text
    form: Form = "text"
    width: int = 12
    to_fill: bool = False
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One finding as a line: the `part` it belongs to, counted from 0, the file name of its rule, and a cell for every
    column that is not to be filled in."""

    part: int
    rule: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One list of findings: what its sheet is called, and what is printed at the head of every page of it."""

    name: Text
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet that is no list of findings. `note` stands above its head."""

    name: Text
    note: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLedger:
    """`entries` come part after part, each in the order of its numbers, the lines of one rule together; they are made
    while they are read, and can be read once. `about` are the lines of the sheet that explains: a label and a text."""

    title: Text
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    entries: Iterable[Entry]
    tables: tuple[Table, ...]
    about: tuple[tuple[str, str], ...]
    with_csv: bool = True

    @property
    def told(self) -> tuple[Column, ...]:
        """The columns that the program fills."""
        return tuple(column for column in self.columns if not column.to_fill)
