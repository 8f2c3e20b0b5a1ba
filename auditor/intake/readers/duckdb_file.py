"""The tables and views of a DuckDB file, opened read-only, shut off from the world: a view in it can read nothing but
the file itself, and no extension is loaded.

Rows come in the order in which they were inserted; one thread reads, so that a view's rows have an order too.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import duckdb as _duckdb
from sqlglot import exp

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Reading
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.parquet import as_text
from auditor.intake.readers.relation import Relation, database_sha256, find_relation, heading, numbers

duckdb = cast(Any, _duckdb)

JOURNALS = (".wal",)

_ROWS = 50_000
_MAIN = "main"
_SHUT = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "threads": "1",
    "lock_configuration": "true",
}
_AS_THEY_ARE = frozenset(
    {
        "varchar", "boolean", "decimal", "float", "double", "date", "timestamp", "timestamp with time zone",
        "timestamp_s", "timestamp_ms", "timestamp_ns", "blob", "enum", "list", "array", "struct", "map", "uuid",
        "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint",
    }
)  # fmt: skip
"""Types that Arrow carries whole; every other is written as text by DuckDB: Arrow has no 128-bit integer, no interval
that can be printed, and drops the zone of a time."""


class DuckdbReading(Reading):
    """One table or view of a DuckDB file."""

    format = "duckdb"

    def __init__(self, asked: Asked) -> None:
        self._path = asked.path
        self._file = asked.name.partition("#")[0]
        self._relation = find_relation(asked.part, relations(asked.path, self._file), asked.name)
        with _opened(asked.path, asked.name) as con:
            names = list(_rows(con, self._relation).columns)
            [counted] = _rows(con, self._relation).count("*").fetchall()
        super().__init__(asked.name, heading(names, asked.name))
        self.expected = counted[0]

    @property
    def sha256(self) -> str:
        return database_sha256(self._path, JOURNALS)

    def batches(self) -> Iterator[Any]:
        first = self.header_row + 1
        with _opened(self._path, self.name) as con:
            for batch in _printable(_rows(con, self._relation)).to_arrow_reader(_ROWS):
                yield self.records([as_text(column) for column in batch.columns], numbers(first, batch.num_rows))
                first += batch.num_rows


def relations(path: Path, name: str) -> tuple[Relation, ...]:
    """The tables and views of the file, by schema and name; raises InputError where it cannot be opened."""
    with _opened(path, name) as con:
        found = con.sql(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_database() order by all"
        ).fetchall()
    return tuple(
        sorted(
            (Relation(schema=None if schema == _MAIN else schema, name=table) for schema, table in found),
            key=lambda relation: (relation.schema or "", relation.name),
        )
    )


@contextmanager
def _opened(path: Path, name: str) -> Generator[Any]:
    if path.stat().st_size == 0:
        raise InputError(Problem("the file is empty", Location(name)))
    try:
        con = duckdb.connect(str(path), read_only=True, config=_SHUT)
        try:
            yield con
        finally:
            con.close()
    except duckdb.Error as error:
        raise InputError(_broken(name, str(error))) from error


def _rows(con: Any, relation: Relation) -> Any:
    table = exp.to_identifier(relation.name, quoted=True).sql("duckdb")
    schema = exp.to_identifier(relation.schema or _MAIN, quoted=True).sql("duckdb")
    return con.table(f"{schema}.{table}")


def _printable(rows: Any) -> Any:
    # By place: names may differ only in case, which DuckDB itself does not allow in a table, but in a view.
    kinds = [kind.id for kind in rows.types]
    if all(kind in _AS_THEY_ARE for kind in kinds):
        return rows
    columns = [duckdb.ColumnExpression(name) for name in rows.columns]
    return rows.select(
        *(
            (column if kind in _AS_THEY_ARE else column.cast("VARCHAR")).alias(name)
            for column, kind, name in zip(columns, kinds, rows.columns, strict=True)
        )
    )


def _broken(name: str, said: str) -> Problem:
    first = said.partition("\n")[0]
    low = said.lower()
    place = Location(name)
    if "lock" in low and "file" in low:
        return Problem("is in use by another program", place, "close that program, or copy the file")
    if "encrypt" in low:
        return Problem("is encrypted", place, "export its tables, or write it without encryption")
    if "different configuration" in low:
        return Problem("is open in this program already", place, "close that connection first")
    if "version" in low and ("newer" in low or "older" in low or "storage" in low):
        return Problem("was written by another version of DuckDB", place, "export its tables as parquet")
    return Problem(f"is not a DuckDB file that can be read: {first}", place, "export it again")
