"""The SELECT that an `sql` rule may contain: over canonical tables alone, every name resolved, no way out.

It is held to a list of allowed words as expressions are: no table function, no file, no setting, no clock, nothing
that writes. `$name` stands for a parameter, and `$as_of` for the as-of day.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from auditor.core.document import Scalar
from auditor.core.problem import Problem, did_you_mean
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, tables
from auditor.kinds import sql
from auditor.kinds.expression import ALLOWED, Parsed, literal
from auditor.kinds.present import AS_OF
from auditor.kinds.scope import Scope

_MORE: tuple[type[sql.Expr], ...] = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With, exp.CTE,
    exp.Table, exp.TableAlias, exp.Subquery, exp.Exists, exp.Alias, exp.Distinct, exp.Star, exp.Window, exp.WindowSpec,
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Lag, exp.Lead, exp.RowNumber, exp.Filter, exp.Union, exp.Except,
    exp.Intersect, exp.Div, exp.Interval, exp.Var, exp.Nullif, exp.Median,
)  # fmt: skip
_PLACE = (SOURCE_FILE, SOURCE_ROW)
_TYPES = {"code": "varchar", "string": "varchar", "money": "decimal(14, 2)", "bool": "boolean", "int": "bigint"}


def parse(written: Scalar, scope: Scope) -> Parsed:
    """The query with every column named in full and every parameter but `$as_of` filled in, or what is wrong."""
    try:
        trees = [tree for tree in sqlglot.parse(written.value, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        return _refused(written, f"not a valid SQL query: {str(error).splitlines()[0]}")
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        return _refused(written, "must be one SELECT")
    problems = list(_problems(trees[0], written, scope))
    if problems:
        return Parsed(None, tuple(problems))
    try:
        tree = qualify(trees[0], schema=_schema(), dialect="duckdb")
    except SqlglotError as error:
        return _refused(written, str(error).split(". Line")[0])
    if not named_by(tree, scope):
        names, table = ", ".join(scope.table.key), scope.table.name
        place = "" if scope.table.derived else f", or {' and '.join(_PLACE)}"
        return _refused(written, f"must return {names}, which names a row of {table}{place}")
    return Parsed(_fill(tree, scope), ())


def named_by(query: sql.Expr, scope: Scope) -> tuple[str, ...]:
    """The columns by which the query's answer names rows of the rule's table: its key, or the file and row where it
    stands; none where it returns neither."""
    ways = [scope.table.key] if scope.table.derived else [scope.table.key, _PLACE]
    returned = query.named_selects if isinstance(query, exp.Query) else []
    return next((way for way in ways if way and all(name in returned for name in way)), ())


def _problems(tree: sql.Expr, written: Scalar, scope: Scope) -> Iterator[Problem]:
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    for node in tree.walk():
        if isinstance(node, exp.Table):
            if not isinstance(node.this, exp.Identifier) or node.args.get("db"):
                yield Problem(f"{node.sql(dialect='duckdb')} is not a canonical table", written.location, code="R201")
            elif node.name not in tables() and node.name not in own:
                hint = did_you_mean(node.name, [*tables(), *own])
                yield Problem(f"unknown table {node.name!r}", written.location, hint, code="R201")
        elif isinstance(node, exp.Placeholder) and node.name not in {*scope.parameters, AS_OF}:
            hint = did_you_mean(node.name, [*scope.parameters, AS_OF])
            yield Problem(f"unknown parameter ${node.name}", written.location, hint, code="R205")
        elif not isinstance(node, (*ALLOWED, *_MORE)):
            name = node.name if isinstance(node, exp.Anonymous) else node.key
            yield Problem(f"{name} is not allowed here", written.location, code="R302")


def _fill(tree: sql.Expr, scope: Scope) -> sql.Expr:
    def replace(node: sql.Expr) -> sql.Expr:
        if isinstance(node, exp.Placeholder) and node.name != AS_OF:
            return literal(scope.parameters[node.name])
        return node

    return tree.transform(replace)


def _schema() -> dict[str, object]:
    """The canonical tables as the resolver of names wants them, with where each row came from."""
    return {
        table.name: {
            **{column.name: _TYPES.get(column.type, column.type) for column in table.columns.values()},
            SOURCE_FILE: "varchar",
            SOURCE_ROW: "bigint",
        }
        for table in tables().values()
    }


def _refused(written: Scalar, message: str) -> Parsed:
    return Parsed(None, (Problem(message, written.location, code="R301"),))
