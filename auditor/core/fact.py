"""A named value of a finding, with enough about it to print it in either language and to mask it.

`FactType` extends the column types by what only findings have: `days` and `minutes` (whole numbers), `duration` (a
legal length of time as rules write it), `share` (0 to 1), `list` (words joined by commas already) and `columns` (the
same of names of columns, each with what it holds where that is told). Values are kept as text in ISO form, so that a
fact survives being written and read back unchanged.
"""

from dataclasses import dataclass
from typing import Literal

from auditor.core.schema import ColumnType, Personal

FactType = ColumnType | Literal["days", "minutes", "duration", "share", "list", "columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`value` is None where the record does not say; `column` is the canonical column it was read from, if any."""

    name: str
    type: FactType
    value: str | None
    personal: Personal | None = None
    column: str | None = None
