"""What every row of a table owes: one pandera schema a table, built from the canonical model and checked inside DuckDB.

Each promise is a check over the whole table that gives one boolean a row, so that what pandera reports for a broken one
(the check and its output, still an expression over the table) is exactly what splits the rows: `broken` marks them by
those outputs and by nothing else. Pandera's own column checks and its `drop_invalid_rows` are not used: they see one
column alone, forget which promise was broken, and join by position. Of failing rows it fetches one, not all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any, Literal, cast

import pandera.errors as _errors
import pandera.ibis as _pandera

from auditor.core.schema import Column, Table
from auditor.intake.checks.keys import key_of, key_text, surely_unique
from auditor.intake.checks.precedence import Ranks, superseded, unsettled
from auditor.intake.columns.cast import STORED
from auditor.intake.columns.identifiers import is_identifier
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.columns.marks import cell_error, failed, unreadable
from auditor.intake.store.database import ibis

pandera = cast(Any, _pandera)

Fault = Literal[
    "required_missing",
    "date_unreadable",
    "number_unreadable",
    "code_unknown",
    "value_implausible",
    "cell_error",
    "expression_failed",
    "id_damaged",
    "id_duplicate",
    "superseded",
    "row_ragged",
]

_MANY = 1_000_000
"""Rows from which on a question more is worth the chance that a dear one need not be asked."""
_OF_TWO_ROWS: frozenset[Fault] = frozenset({"id_duplicate", "superseded"})
_UNREADABLE: Mapping[str, Fault] = {
    "timestamp": "date_unreadable",
    "date": "date_unreadable",
    "int": "number_unreadable",
    "double": "number_unreadable",
    "money": "number_unreadable",
    "bool": "code_unknown",
}
_FIRST_DAY = date(1900, 1, 2)
"""A date before it is none: office programs write an empty one as 1899-12-30 or 1900-01-01."""
_BOUNDS: Mapping[str, tuple[float, float]] = {"lon": (-180, 180), "lat": (-90, 90)}
_MEASURES = ("_kmh", "_kg", "_100ml")
_SIGNED = frozenset({"treasury.amount"})
"""A refund from the treasury is a negative receipt."""


Lacking = Mapping[str, Sequence[int]]
"""Of a required column the sources, by number, whose profile entry says that they lack it: their rows do not owe it."""
_NONE: Lacking = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a column must keep in every row, and the fault of a row that breaks it; `kept` takes the table."""

    fault: Fault
    column: str
    kept: Callable[[Any], Any]


def promises(
    table: Table, provided: frozenset[str], order: Ranks = (), lacking: Lacking = _NONE
) -> tuple[Promise, ...]:
    """All that rows of the table owe in the columns that were provided, in the order of the data model; `order` ranks
    the sources that they come from, `lacking` says which of these have a required column not at all."""
    kept: list[Promise] = []
    for column in table.columns.values():
        if column.name in provided:
            kept += _promises(table, column, lacking.get(column.name, ()), provided)
    key = key_of(table, provided)
    if key:
        name = table.key[0]
        kept.append(Promise(fault="id_duplicate", column=name, kept=lambda rows: ~_duplicated(rows, key, order)))
        if len(set(order)) > 1:
            kept.append(Promise(fault="superseded", column=name, kept=lambda rows: ~superseded(rows, key, order)))
    return tuple(kept)


def schema(table: Table, provided: frozenset[str], owed: Mapping[int, Promise]) -> Any:
    """The pandera schema: the type of every provided column, and a check for every promise, named by its number."""
    return pandera.DataFrameSchema(
        columns={
            column.name: pandera.Column(ibis.dtype(STORED[column.type]), nullable=True)
            for column in table.columns.values()
            if column.name in provided
        },
        checks=[
            pandera.Check(_checked(promise), name=str(number), n_failure_cases=1, ignore_na=False)
            for number, promise in owed.items()
        ],
        name=table.name,
    )


def broken(
    rows: Any, table: Table, provided: frozenset[str], order: Ranks = (), lacking: Lacking = _NONE, *, size: int = 0
) -> tuple[tuple[Promise, Any], ...]:
    """The promises that some row breaks, each with the boolean that is true in the rows which keep it.

    Which of them that may be is asked once for all: nearly all promises are kept, and a question costs more than its
    answer. Of a table that is known to have very many rows, by `size`, it is asked first whether its keys can be alike
    at all.
    """
    provided |= frozenset(rows.columns)
    all_promises = promises(table, provided, order, lacking)
    unique = size >= _MANY and bool(key := key_of(table, provided)) and surely_unique(rows, key)
    in_doubt = _in_doubt(rows, [one for one in all_promises if not (unique and one.fault in _OF_TWO_ROWS)])
    try:
        schema(table, provided, {all_promises.index(one): one for one in in_doubt}).validate(rows, lazy=True)
    except _errors.SchemaErrors as errors:
        found: list[tuple[Promise, Any]] = []
        for error in cast(Sequence[Any], errors.schema_errors):
            if error.reason_code is not _errors.SchemaErrorReason.DATAFRAME_CHECK:
                # A wrong type or a check that cannot be computed is a mistake of this program, not of the data.
                raise RuntimeError(f"the contract of {table.name} cannot be checked: {error}") from None
            found.append((all_promises[int(error.check.name)], error.check_output))
        return tuple(sorted(found, key=lambda pair: all_promises.index(pair[0])))
    return ()


def _in_doubt(rows: Any, owed: Sequence[Promise]) -> Sequence[Promise]:
    """The promises that are not kept by all rows for certain."""
    if not owed:
        return ()
    asked = rows.aggregate(**{f"_{number}": promise.kept(rows).all() for number, promise in enumerate(owed)})
    [kept] = asked.to_pyarrow().to_pylist()
    return [promise for number, promise in enumerate(owed) if kept[f"_{number}"] is not True]


def _duplicated(rows: Any, key: Sequence[str], order: Ranks) -> Any:
    twice = key_text(rows, key).isin(unsettled(rows, key, order).key).fill_null(False)
    return twice if len(set(order)) < 2 else twice & ~superseded(rows, key, order)


def _checked(promise: Promise) -> Callable[[Any], Any]:
    return lambda data: promise.kept(data.table)


def _promises(table: Table, column: Column, exempt: Sequence[int], provided: frozenset[str]) -> list[Promise]:
    name, kept = column.name, list[Promise]()
    fault: Fault | None = "id_damaged" if is_identifier(column) else _UNREADABLE.get(column.type)
    mark = unreadable(name) if fault else None
    lost: Mapping[str, Fault] = {cell_error(name): "cell_error", failed(name): "expression_failed"}
    lost = {each: said for each, said in lost.items() if each in provided}

    def promise(fault: Fault, keeps: Callable[[Any], Any]) -> None:
        kept.append(Promise(fault=fault, column=name, kept=keeps))

    if column.required:

        def is_there(rows: Any) -> Any:
            marks = [*([mark] if mark else []), *lost]
            said = reduce(lambda said, each: said | rows[each], marks, rows[name].notnull())
            return said | rows[SOURCE].isin(exempt) if exempt else said

        promise("required_missing", is_there)
    for each, said in lost.items():
        promise(said, lambda rows, each=each: ~rows[each])
    if fault:
        promise(fault, lambda rows: ~rows[mark])
    if column.codes:
        codes = sorted(column.codes)
        promise("code_unknown", lambda rows: rows[name].isin(codes).fill_null(True))
    bounds = _bounds(table, column)
    if bounds is not None:
        lowest, highest = bounds
        promise(
            "value_implausible",
            lambda rows: ((rows[name] >= lowest) if highest is None else rows[name].between(lowest, highest)).fill_null(
                True
            ),
        )
    return kept


def _bounds(table: Table, column: Column) -> tuple[Any, Any] | None:
    if column.type == "date":
        return ibis.literal(_FIRST_DAY), None
    if column.type == "timestamp":
        return ibis.literal(datetime.combine(_FIRST_DAY, datetime.min.time())), None
    if column.name in _BOUNDS:
        return _BOUNDS[column.name]
    counted = column.type in ("money", "int") or column.name.endswith(_MEASURES)
    return (0, None) if counted and f"{table.name}.{column.name}" not in _SIGNED else None
