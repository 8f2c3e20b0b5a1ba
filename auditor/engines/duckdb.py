"""The DuckDB session: case data attached read-only, no way out to files or network, settings locked.

Temporary relations live in memory beside the attached store, so a rule can neither change a case nor leave a trace.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.compute as _pc  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray
from sqlglot import exp

from auditor.core.memory import ENGINE_SHARE
from auditor.core.schema import tables
from auditor.engines.base import Answer, Row
from auditor.kinds import sql
from auditor.kinds.sql import Expr, render

pa: Any = _pa
pc: Any = _pc

_TYPES = {
    "string": "VARCHAR",
    "code": "VARCHAR",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "double": "DOUBLE",
    "money": "DECIMAL(14,2)",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}


_NOT_IN_ARROW = frozenset({"HUGEINT", "UHUGEINT", "INTERVAL", "TIME"})
"""Types whose values Arrow gives back as something else."""

NO_ROOM = (duckdb.IOException, duckdb.OutOfMemoryException)
"""What DuckDB raises where disk or memory give out."""


_AT_ONCE = 2_000
"""Rows taken out of an answer at a time."""

_BATCH = 1_000_000
"""Rows of a batch of numbers on their way out of DuckDB."""

_KNOWN = frozenset({"hash", "url_encode"})
"""Functions of DuckDB that sqlglot has no word for and that the engine uses."""


class ArrowAnswer:
    """An answer as an Arrow table."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def distinct(self, column: str) -> int:
        return int(pc.count_distinct(self.table.column(column), mode="all").as_py())

    def rows(self) -> list[Row]:
        return self.table.to_pylist()


class ListAnswer:
    """An answer as rows, for what Arrow has no type for."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def distinct(self, column: str) -> int:
        return len({row[column] for row in self._rows})

    def rows(self) -> list[Row]:
        return self._rows


class DuckSession:
    """Wraps one connection; made by `open_store` or `of_tables`, closed by their context.

    `schema` is the attached database that bare names are of; without one, no second session is opened beside.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, schema: str | None = None) -> None:
        self._connection, self._schema = connection, schema

    def rows(self, query: Expr) -> list[Row]:
        _hold(query)
        answer = self._connection.execute(render(query, pretty=False))
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def each(self, query: Expr) -> Iterator[Row]:
        _hold(query)
        answer = self._connection.execute(render(query, pretty=False))
        names = [column[0] for column in answer.description or ()]
        while rows := answer.fetchmany(_AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def answer(self, query: Expr) -> ArrowAnswer | ListAnswer:
        _hold(query)
        answer = self._connection.sql(render(query, pretty=False))
        if any(str(type_) in _NOT_IN_ARROW for type_ in answer.types):
            return ListAnswer([dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()])
        return ArrowAnswer(answer.to_arrow_table())

    def beside(self) -> "DuckSession | None":
        if self._schema is None:
            return None
        cursor = self._connection.cursor()
        cursor.execute(render(exp.Use(this=exp.to_table(self._schema))))
        return DuckSession(cursor, schema=self._schema)

    def size(self, table: str) -> int:
        counted = exp.select(exp.Count(this=exp.Star())).from_(exp.to_table(table))
        return int(self._connection.execute(render(counted, pretty=False)).fetchall()[0][0])

    def keep(self, name: str, query: Expr) -> None:
        _hold(query)
        self._create(exp.to_table(name), "TABLE", query, temporary=True)

    def share(self, name: str, query: Expr) -> None:
        _hold(query)
        self._create(_shared(name), "TABLE", query)

    def see(self, name: str) -> None:
        self._create(exp.to_table(name), "VIEW", exp.select(exp.Star()).from_(_shared(name)), temporary=True)

    def _create(self, what: exp.Table, kind: str, query: Expr, *, temporary: bool = False) -> None:
        properties = exp.Properties(expressions=[exp.TemporaryProperty()]) if temporary else None
        created = exp.Create(this=what, kind=kind, replace=True, properties=properties, expression=query)
        self._connection.execute(render(created, pretty=False))

    def keep_answer(self, name: str, answer: Answer) -> None:
        if not isinstance(answer, ArrowAnswer):
            raise TypeError(f"an answer with types that Arrow has not cannot be held as {name}")
        self._connection.register(name, answer.table)

    def numbers(self, query: Expr) -> list[tuple[NDArray[np.uint64], ...]]:
        _hold(query)
        parts = list(self._connection.sql(render(query, pretty=False)).to_arrow_reader(_BATCH))
        if any(column.null_count for part in parts for column in part.columns):
            raise ValueError("a number of a row is NULL")
        return [tuple(column.to_numpy() for column in part.columns) for part in parts if part.num_rows]

    def keep_numbers(self, name: str, column: str, numbers: NDArray[np.uint64]) -> None:
        self._connection.register(name, pa.table({column: pa.array(numbers)}))

    def keep_rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        listed = list(rows)
        arrays = {column: [row[number] for row in listed] for number, column in enumerate(columns)}
        self._connection.register(name, pa.table(arrays))


@contextmanager
def open_store(store: Path, *, spill: Path) -> Generator[DuckSession]:
    """A session over a loaded store. `spill` is where what outgrows memory may go."""
    connection = duckdb.connect()
    try:
        connection.execute("SET temp_directory = ?", [str(spill)])
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET memory_limit = ?", [ENGINE_SHARE])
        connection.execute("ATTACH ? AS store (READ_ONLY)", [str(store)])
        connection.execute("USE store")
        _lock(connection)
        yield DuckSession(connection, schema="store")
    finally:
        connection.close()


@contextmanager
def of_tables(
    given: Mapping[str, tuple[Sequence[str], Sequence[Mapping[str, str | None]]]], calendar: Mapping[str, Sequence[Any]]
) -> Generator[DuckSession]:
    """A session over small tables given as text, cast by the schema; `_file` is `given` and `_row` counts from 2.

    `calendar` holds the columns of the table of working days, taken where `given` has none of its own.

    Raises duckdb.ConversionException where a value is not of its column's type.
    """
    connection = duckdb.connect()
    try:
        for name, (columns, rows) in given.items():
            described = tables()[name].columns
            texts: dict[str, Any] = {
                column: pa.array([row.get(column) for row in rows], pa.string()) for column in columns
            }
            numbers = pa.array(range(2, len(rows) + 2), pa.int64())
            connection.register("given_rows", pa.table({**texts, "_row": numbers}))
            connection.execute(render(_typed(name, {column: described[column].type for column in columns})))
            connection.unregister("given_rows")
        if "workdays" not in given:
            connection.register("workdays", pa.table(dict(calendar)))
        _lock(connection)
        yield DuckSession(connection)
    finally:
        connection.close()


def _typed(name: str, types: Mapping[str, str]) -> Expr:
    columns = [exp.alias_(sql.cast_to(sql.column(column), _TYPES[type_]), column) for column, type_ in types.items()]
    query = exp.select(*columns, exp.alias_(sql.text("given"), "_file"), sql.column("_row")).from_("given_rows")
    return exp.Create(this=exp.to_table(name), kind="TABLE", expression=query)


def _shared(name: str) -> exp.Table:
    """In the database in memory that every connection has; what is temporary is seen by the one session alone."""
    return exp.to_table(f"memory.main.{name}")


def _hold(query: Expr) -> None:
    """Refuses what the locked settings would let through: a look at catalogs, settings and the machine.

    The engine's own queries are plain: one SELECT over tables by their bare names, with functions that sqlglot knows.
    """
    plain = isinstance(query, exp.Query) and not any(
        isinstance(node, exp.Command)
        or (isinstance(node, exp.Anonymous) and str(node.this) not in _KNOWN)
        or (isinstance(node, exp.Table) and (not isinstance(node.this, exp.Identifier) or bool(node.args.get("db"))))
        or (isinstance(node, exp.Table) and node.name.startswith(("duckdb_", "pragma_", "sqlite_", "pg_")))
        for node in query.walk()
    )
    if not plain:
        raise duckdb.PermissionException(f"a query may read the case data only: {render(query, pretty=False)[:200]}")


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
