"""Where a row stands in what was loaded, as one number: short enough to be kept of every row that more is asked of."""

from collections.abc import Sequence

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.kinds import sql


def place_of(table: str) -> sql.Expr:
    """A hash of file and row, 64 bits; two rows of one hash are both fetched."""
    return hashed([sql.column(SOURCE_FILE, table), sql.column(SOURCE_ROW, table)])


def hashed(values: Sequence[sql.Expr]) -> sql.Expr:
    return exp.Anonymous(this="hash", expressions=[value.copy() for value in values])
