"""A table written from a query in steps, each by a name of its own, so that none is worked out twice."""

from typing import Any

from sqlglot import exp

from auditor.intake.store.database import ops
from auditor.intake.store.functions import Functions


class Steps:
    """The steps to the rows of one table.

    Ibis would write an expression out again wherever it is used; of a step it writes the name. All are one statement
    with the writing itself: of views, DuckDB would work out all those below whenever one is made.
    """

    def __init__(self, con: Any, functions: Functions) -> None:
        self.con, self.functions = con, functions
        self._named: list[exp.CTE] = []

    def step(self, name: str, rows: Any) -> Any:
        """The same rows under a name, for what follows."""
        alias = exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        # Materialised, a step would be a copy of the whole table.
        self._named.append(exp.CTE(this=self.con.compiler.to_sqlglot(rows), alias=alias, materialized=False))
        # Ibis would ask DuckDB for the columns, which knows of no such table.
        return ops.DatabaseTable(name, schema=rows.schema(), source=self.con, namespace=ops.Namespace()).to_expr()

    def insert(self, table: str, rows: Any) -> None:
        """Writes rows that rest on the steps into a table of the store, by the names of their columns."""
        query = self.con.compiler.to_sqlglot(rows)
        own = query.args.get("with_")
        query.set("with_", exp.With(expressions=[*self._named, *(own.expressions if own else ())]))
        names: tuple[str, ...] = rows.columns
        columns = [exp.to_identifier(name, quoted=True) for name in names]
        into = exp.Schema(this=exp.table_(table, quoted=True), expressions=columns)
        self.con.raw_sql(exp.Insert(this=into, expression=query))
