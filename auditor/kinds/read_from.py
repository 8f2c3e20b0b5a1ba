"""Which column a value is read from, so that it is masked and put into words as that column is."""

from sqlglot import exp

from auditor.core.fact import Fact
from auditor.core.masks import known
from auditor.core.schema import Personal
from auditor.kinds import sql


def column_of(value: sql.Expr) -> str | None:
    """The column, as `table.column`, that a value is; of an expression over several, one that is personal if any is."""
    names = [f"{found.table}.{found.name}" if found.table else found.name for found in value.find_all(exp.Column)]
    return next((name for name in names if privacy_of(name)), names[0] if isinstance(value, exp.Column) else None)


def privacy_of(column: str | None) -> Personal | None:
    """How a value of the column is masked; a column of a register under an alias goes by its name."""
    return known(Fact(name="", type="string", value=None, column=column)).personal
