"""The store: one DuckDB file, spoken to through Ibis, and the few functions of it that Ibis has no word for."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

import ibis as _ibis  # pyright: ignore[reportMissingTypeStubs]
import ibis.expr.operations as _ops  # pyright: ignore[reportMissingTypeStubs]
from sqlglot import exp

from auditor.core.errors import OutputError
from auditor.core.memory import ENGINE_SHARE
from auditor.core.problem import Location, Problem
from auditor.core.progress import Progress

ibis, ops = cast(Any, _ibis), cast(Any, _ops)

_ASKED_EVERY = 0.2
"""Seconds between two questions how far a query is."""


def connect(store: Path) -> Any:
    """A new store; raises OutputError where one is there already or none can be written.

    No extension is ever fetched, and rows keep the order of their files.
    """
    if store.exists():
        raise OutputError(Problem("is in the way: a store is only ever written anew", Location(str(store))))
    try:
        with store.open("xb"):
            pass
        store.unlink()
    except OSError as error:
        raise OutputError(Problem(f"cannot be written: {error.strerror}", Location(str(store)))) from error
    con = ibis.duckdb.connect(
        store,
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        preserve_insertion_order=True,
    )
    # DuckDB joins every list of more than five words as a table, on all of its threads: a ledger of forty columns, each
    # with its words for blank and its errors of a spreadsheet, took 17 s for 200 rows. As a chain of comparisons, the
    # short lists of a profile cost the same per row and nothing beforehand.
    con.raw_sql(
        exp.Set(expressions=[exp.SetItem(this=exp.column("disabled_optimizers").eq(exp.Literal.string("in_clause")))])
    )
    # The progress bar so that it can be asked how far a query is; it is not DuckDB that shows it.
    settings = (
        ("memory_limit", ENGINE_SHARE),
        ("enable_progress_bar_print", False),
        ("enable_progress_bar", True),
    )
    for setting, value in settings:
        con.raw_sql(exp.Set(expressions=[exp.SetItem(this=exp.column(setting).eq(exp.convert(value)))]))
    return con


@contextmanager
def told_how_far(con: Any, rows: int, progress: Progress) -> Generator[None]:
    """While the block runs one long query over so many rows, `progress` advances as the query does."""
    ended = Event()

    def watch() -> None:
        told = 0
        while not ended.wait(_ASKED_EVERY):
            done = int(rows * max(0.0, min(con.con.query_progress(), 100.0)) / 100)
            if done > told:
                progress.advance(done - told)
                told = done
        progress.advance(rows - told)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def once(value: Any, use: Callable[[Any], Any]) -> Any:
    """What `use` makes of the value, which is worked out once for a row however often `use` names it.

    SQL has no name for a part of an expression but within a query, and a query for each step of a value makes the next
    step wait for a whole table: so a list of one, and a function over it.
    """
    return ibis.array([value]).map(use)[0]


def delete_rows(con: Any, name: str, places: Any, key: Sequence[str]) -> None:
    """Takes the rows out of the table whose values under `key` are among `places`, an expression over it."""
    listed = f"_gone_{name}"
    con.create_table(listed, places, temp=True)
    same = exp.and_(*(exp.column(column, table=name).eq(exp.column(column, table=listed)) for column in key))
    gone = exp.Delete(this=exp.to_table(name, quoted=True), using=[exp.to_table(listed, quoted=True)])
    con.raw_sql(gone.where(same))
    drop_table(con, listed)


def drop_table(con: Any, name: str) -> None:
    """Takes a table out of the store. (Ibis writes a statement without its name, with the sqlglot of today.)"""
    con.raw_sql(exp.Drop(tables=[exp.to_table(name, quoted=True)], kind="TABLE"))


def drop_columns(con: Any, name: str, columns: Sequence[str]) -> None:
    """Takes columns out of a table: a change of its description, not of its rows."""
    for column in columns:
        dropped = exp.Drop(tables=[exp.column(column, quoted=True)], kind="COLUMN")
        con.raw_sql(exp.Alter(this=exp.to_table(name, quoted=True), kind="TABLE", actions=[dropped]))


@ibis.udf.scalar.builtin(name="trim", signature=(("string", "string"), "string"))
def trim(text: str, characters: str) -> str:  # pyright: ignore[reportReturnType]
    """The text without any of the characters at both ends."""
    ...


@ibis.udf.scalar.builtin(name="strlen", signature=(("string",), "int64"))
def size(text: str) -> int:  # pyright: ignore[reportReturnType]
    """How many bytes the text takes: as many as characters where all of them are ASCII. It costs next to nothing."""
    ...


@ibis.udf.scalar.builtin(name="try_strptime", signature=(("string", "string"), "timestamp"))
def try_strptime(text: str, form: str) -> Any:
    """The moment that the text says in that form, or NULL."""
    ...
