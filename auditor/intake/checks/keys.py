"""What names a row among all rows of its table, and which names are given to more than one."""

from collections.abc import Sequence
from typing import Any

from auditor.core.schema import Table
from auditor.intake.store.database import ibis

SEPARATOR = "\x1f"


def key_of(table: Table, provided: frozenset[str]) -> tuple[str, ...]:
    """The columns that together name a row: in a register with validity, a key may return from another day on."""
    if not table.key or not provided.issuperset(table.key):
        return ()
    since = (table.valid[0],) if table.valid and table.valid[0] in provided else ()
    return (*table.key, *since)


def key_text(rows: Any, key: Sequence[str]) -> Any:
    """The key as one text; NULL where the row has none."""
    text = rows[key[0]].cast("string")
    for column in key[1:]:
        text = text + SEPARATOR + rows[column].cast("string").fill_null("")
    return text


def duplicated_keys(rows: Any, key: Sequence[str]) -> Any:
    """The keys that name more than one row."""
    named = rows.select(key=key_text(rows, key))
    return named.filter(named.key.notnull()).group_by("key").aggregate(n=ibis._.count()).filter(ibis._.n > 1)


def surely_unique(rows: Any, key: Sequence[str]) -> bool:
    """Whether each key is greater than that of the row before it, as where a system numbers its cases: then no two are
    alike. That is seen in a quarter of the time that it takes to compare all with all."""
    named = rows.select(key=key_text(rows, key))
    greater = named.select(is_greater=named.key > named.key.lag())
    asked = greater.aggregate(rows=ibis._.count(), greater=greater.is_greater.sum())
    [told] = asked.to_pyarrow().to_pylist()
    return (told["greater"] or 0) >= told["rows"] - 1
