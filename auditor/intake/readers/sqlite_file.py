"""The tables and views of an SQLite file, opened read-only.

SQLite gives each value a type of its own, whatever its column says; each becomes text as it stands: text stays (an id
keeps its leading zeros), a whole number has no `.0`, a blob is written as hex. Text that is not UTF-8, which old
programs store, is read in the encoding that the profile says, or as GB18030. Rows come in the order of their rowid;
those of a table without one by its primary key; those of a view as the view gives them.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlglot import exp

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Reading, pa
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.relation import Relation, database_sha256, find_relation, heading, numbers

MAGIC = b"SQLite format 3\0"
JOURNALS = ("-wal", "-journal")

_ROWS = 20_000
_HEADER, _WAL = 20, b"\2\2"
_VERSIONS = slice(18, 20)
_EXACT = 1e15
"""Below, every whole number in a REAL is exactly that number."""
_ANYWAY = "gb18030"


class SqliteReading(Reading):
    """One table or view of an SQLite file."""

    format = "sqlite"

    def __init__(self, asked: Asked) -> None:
        self._path = asked.path
        self._relation = find_relation(asked.part, relations(asked.path, asked.name.partition("#")[0]), asked.name)
        self._text = _decoder(asked.encoding or _ANYWAY)
        with _opened(asked.path, asked.name) as con, closing(con.execute(_select(self._relation, rows=False))) as rows:
            names = [str(column[0]) for column in rows.description]
            [counted] = con.execute(exp.select(exp.Count(this=exp.Star())).from_(_table(self._relation)).sql("sqlite"))
        super().__init__(asked.name, heading(names, asked.name))
        self.expected = counted[0]

    @property
    def sha256(self) -> str:
        return database_sha256(self._path, JOURNALS)

    def batches(self) -> Iterator[Any]:
        first = self.header_row + 1
        with _opened(self._path, self.name) as con:
            con.text_factory = self._text
            cursor = _in_order(con, self._relation)
            while rows := cursor.fetchmany(_ROWS):
                columns = [_as_text(values) for values in zip(*rows, strict=True)]
                yield self.records(columns, numbers(first, len(rows)))
                first += len(rows)


def relations(path: Path, name: str) -> tuple[Relation, ...]:
    """The tables and views of the file, by name, without SQLite's own; raises InputError where it cannot be opened."""
    with _opened(path, name) as con:
        found = con.execute("select name from sqlite_master where type in ('table', 'view') order by name").fetchall()
    return tuple(Relation(schema=None, name=table) for (table,) in found if not table.lower().startswith("sqlite_"))


@contextmanager
def _opened(path: Path, name: str) -> Generator[sqlite3.Connection]:
    """Nothing is written beside the file: one that keeps a journal of its own kind, of which nothing is left over, is
    opened as immutable, because SQLite would otherwise make that journal anew."""
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if not head:
        raise InputError(Problem("the file is empty", Location(name)))
    left = any(beside.is_file() for end in ("-wal", "-shm") if (beside := Path(f"{path}{end}")))
    still = head[_VERSIONS] == _WAL and not left
    uri = f"file:{quote(str(path.resolve()))}?mode=ro{'&immutable=1' if still else ''}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)) as con:
            con.execute("pragma query_only = on")
            con.execute("pragma trusted_schema = off")
            yield con
    except sqlite3.Error as error:
        raise InputError(_broken(name, str(error))) from error
    except UnicodeDecodeError as error:
        raise InputError(_broken(name, "a name in it is not UTF-8")) from error


def _in_order(con: sqlite3.Connection, relation: Relation) -> sqlite3.Cursor:
    try:
        return con.execute(_select(relation, rows=True))
    except sqlite3.OperationalError as error:
        if "_rowid_" not in str(error):
            raise
        return con.execute(_select(relation, rows=None))


def _select(relation: Relation, *, rows: bool | None) -> str:
    """All rows in the order of their rowid (True), as they come (None), or none (False)."""
    query = exp.select("*").from_(_table(relation))
    if rows:
        # Not in quotes: what is not there would be taken for a text.
        query = query.order_by(exp.column("_rowid_"))
    return (query if rows is not False else query.limit(0)).sql("sqlite")


def _table(relation: Relation) -> exp.Table:
    return exp.Table(this=exp.to_identifier(relation.name, quoted=True))


def _decoder(encoding: str) -> Callable[[bytes], str]:
    def text(value: bytes) -> str:
        try:
            return value.decode()
        except UnicodeDecodeError:
            try:
                return value.decode(encoding)
            except UnicodeDecodeError:
                return value.hex()

    return text


def _as_text(values: Sequence[Any]) -> Any:
    kinds = set(map(type, values))
    if not kinds <= {str, type(None)}:
        values = [_printed(value) for value in values]
    return pa.array(values, pa.string())


def _printed(value: Any) -> str | None:
    match value:
        case None | str():
            return value
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _broken(name: str, said: str) -> Problem:
    place = Location(name)
    if "locked" in said:
        return Problem("is in use by another program", place, "close that program, or copy the file")
    if "not a database" in said:
        return Problem("is no SQLite file, or an encrypted one", place, "export it again, without encryption")
    if "readonly" in said:
        hint = "open it once with the program that writes it"
        return Problem("was not closed properly, and is not mended here", place, hint)
    return Problem(f"is not an SQLite file that can be read: {said}", place, "export it again")
