"""Several extracts' stores as one: of a row that stands in more than one of them, the latest extract's counts.

An agency exports a case in May, when it is opened, and again in June, when it is decided: one case, whose row of May is
superseded. It stays in May's store, and is counted, so that nothing vanishes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table, exported
from auditor.intake.checks.keys import key_of, key_text
from auditor.intake.checks.months import missing_months
from auditor.intake.columns.cast import STORED
from auditor.intake.columns.mapping import EXTRA, EXTRA_TYPE
from auditor.intake.loaded import Loaded
from auditor.intake.project.extracts import Extract
from auditor.intake.store.database import connect, ibis
from auditor.intake.store.workdays import TABLE as WORKDAYS
from auditor.intake.store.workdays import own_days, write_workdays

_EXTRACT, _KEY = "_extract", "_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An extract with its finished store."""

    extract: Extract
    store: Path
    loaded: Loaded


def combine(parts: Sequence[Part], store: Path) -> Loaded:
    """Writes a new store of all parts, earlier ones first; raises OutputError where it cannot be written."""
    con = connect(store)
    try:
        for number, part in enumerate(parts):
            con.attach(part.store, _name(number), read_only=True)
        columns: dict[str, frozenset[str]] = {}
        rows: dict[str, int] = {}
        superseded: Counter[str] = Counter()
        own: dict[date, bool] = {}
        for table in exported().values():
            mine = [(number, part) for number, part in enumerate(parts) if table.name in part.loaded.columns]
            if not mine:
                continue
            columns[table.name] = frozenset[str]().union(*(part.loaded.columns[table.name] for _, part in mine))
            if table.name == WORKDAYS:
                for number, _ in mine:
                    own |= own_days(con.table(WORKDAYS, database=(_name(number), "main")))
                rows[table.name] = len(own)
            else:
                superseded += _combined(con, table, [number for number, _ in mine], columns[table.name])
                rows[table.name] = int(con.to_pyarrow(con.table(table.name).count()).as_py())
        write_workdays(con, own)
        missing = missing_months(con, [table for table in exported().values() if rows.get(table.name)])
    finally:
        con.disconnect()
    whole = _whole(parts, columns, rows, superseded)
    return replace(whole, contract=(*whole.contract, *missing))


def _name(number: int) -> str:
    return f"extract_{number}"


def _combined(con: Any, table: Table, numbers: Sequence[int], provided: frozenset[str]) -> Counter[str]:
    """Writes the table; how many rows of each file were superseded."""
    parts = [_aligned(con, table, number, provided) for number in numbers]
    key = key_of(table, provided)
    late = _latest(con, table, parts, key) if key and len(parts) > 1 else None
    gone: Counter[str] = Counter()
    for place, part in enumerate(parts):
        kept = part
        if late is not None:
            joined = part.left_join(late, part[_KEY] == late[_KEY])
            old = joined.filter(late["last"] > part[_EXTRACT])
            counted = old.group_by(old[SOURCE_FILE]).aggregate(n=ibis._.count())
            gone.update({row[SOURCE_FILE]: row["n"] for row in con.to_pyarrow(counted).to_pylist()})
            newest = joined.filter((late["last"] <= part[_EXTRACT]) | late["last"].isnull())
            # A join promises no order of rows; files come in the order of their names, as they were loaded.
            kept = newest.select(*part.columns).order_by(SOURCE_FILE, SOURCE_ROW)
        rows = kept.drop(_EXTRACT, _KEY)
        if place:
            con.insert(table.name, rows)
        else:
            con.create_table(table.name, rows)
    return gone


def _aligned(con: Any, table: Table, number: int, provided: frozenset[str]) -> Any:
    """The table of one extract with all columns that any extract has, and what tells it from the others."""
    rows = con.table(table.name, database=(_name(number), "main"))
    values = {
        name: rows[name] if name in rows.columns else ibis.null(STORED[column.type])
        for name, column in table.columns.items()
        if name in provided
    }
    key = key_of(table, provided)
    values[EXTRA] = rows[EXTRA] if EXTRA in rows.columns else ibis.null(EXTRA_TYPE)
    marked = rows.select(**values, **{name: rows[name] for name in (SOURCE_FILE, SOURCE_ROW)})
    said = key_text(marked, key) if key else ibis.null("string")
    return marked.mutate(**{_EXTRACT: ibis.literal(number, "int32"), _KEY: said})


def _latest(con: Any, table: Table, parts: Sequence[Any], key: Sequence[str]) -> Any:
    """The keys that stand in several extracts, with the number of the latest one."""
    keys = reduce(lambda one, other: one.union(other), (part.select(_KEY, _EXTRACT) for part in parts))
    named = keys.filter(keys[_KEY].notnull())
    many = named.group_by(_KEY).aggregate(last=named[_EXTRACT].max(), first=named[_EXTRACT].min())
    name = f"_late_{table.name}"
    con.create_table(name, many.filter(many["last"] > many["first"]).select(_KEY, "last"), temp=True)
    return con.table(name)


def _whole(
    parts: Sequence[Part], columns: Mapping[str, frozenset[str]], rows: Mapping[str, int], superseded: Mapping[str, int]
) -> Loaded:
    loads = [part.loaded for part in parts]
    return Loaded(
        columns=columns,
        rows=rows,
        date_precision=frozenset[str]().union(*(load.date_precision for load in loads)),
        inputs=tuple(replace(file, superseded=superseded.get(file.file, 0)) for load in loads for file in load.inputs),
        unread=tuple(entry for load in loads for entry in load.unread),
        quarantine=tuple(entry for load in loads for entry in load.quarantine),
        contract=tuple(finding for load in loads for finding in load.contract),
        held=tuple(row for load in loads for row in load.held),
    )
