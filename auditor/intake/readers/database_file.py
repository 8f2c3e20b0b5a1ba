"""A database in a file, of DuckDB or SQLite: a container whose parts are its tables and views.

Which of the two it is, its first bytes say; the end of its name (`.db` is used by both, and by others) only that it may
be one.
"""

from pathlib import Path, PurePosixPath

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Reading
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.sqlite_file import MAGIC

JOURNALS = (".wal", "-wal", "-shm", "-journal")
"""How the names of files end that a database keeps beside its own while it is written."""

_DUCK = slice(8, 12)


def _is_sqlite(path: Path, name: str) -> bool:
    """Raises InputError where it is neither; a file that says by its name what it is gets that system's own words."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if head == MAGIC or head[_DUCK] == b"DUCK":
        return head == MAGIC
    if not head:
        raise InputError(Problem("the file is empty", Location(name)))
    match PurePosixPath(name.partition("#")[0]).suffix.lower():
        case ".sqlite" | ".sqlite3":
            return True
        case ".duckdb" | ".ddb":
            return False
        case _:
            said = "is neither a DuckDB nor an SQLite file, or it is encrypted"
            raise InputError(Problem(said, Location(name), "export its tables"))


def is_database(path: Path) -> bool:
    """Whether the file's first bytes are those of a database that is read here."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    return head == MAGIC or head[_DUCK] == b"DUCK"


def open_table(asked: Asked) -> Reading:
    if _is_sqlite(asked.path, asked.name):
        from auditor.intake.readers.sqlite_file import SqliteReading

        return SqliteReading(asked)
    from auditor.intake.readers.duckdb_file import DuckdbReading

    return DuckdbReading(asked)


def table_names(path: Path, name: str) -> tuple[str, ...]:
    """The tables and views of the file; raises InputError where it has none or cannot be opened."""
    if _is_sqlite(path, name):
        from auditor.intake.readers.sqlite_file import relations
    else:
        from auditor.intake.readers.duckdb_file import relations
    found = tuple(relation.part for relation in relations(path, name))
    if not found:
        raise InputError(Problem("holds no table", Location(name)))
    return found


FORMATS = (
    Format(name="duckdb", suffixes=(".duckdb", ".ddb"), open=open_table, parts=table_names, typed=True, database=True),
    Format(
        name="sqlite", suffixes=(".sqlite", ".sqlite3"), open=open_table, parts=table_names, typed=True, database=True
    ),
    Format(name="database", suffixes=(".db",), open=open_table, parts=table_names, typed=True, database=True),
)
