"""Many texts through one query: what a column makes of each, as the tables of the tests of columns want it."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from auditor.intake.store.database import ibis


def read(texts: Sequence[str | None], *make: Callable[[Any], Any]) -> list[Any]:
    """For each text what `make` makes of it; a tuple where there are several."""
    con = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
    try:
        numbers, column = pa.array(range(len(texts)), pa.int64()), pa.array(texts, pa.string())
        con.create_table("texts", schema=ibis.schema({"n": "int64", "text": "string"}))
        con.insert("texts", pa.table({"n": numbers, "text": column}))
        table = con.table("texts")
        made = {f"m{place}": each(table["text"]) for place, each in enumerate(make)}
        found = con.to_pyarrow(table.select(n=table["n"], **made).order_by("n"))
        columns = [found.column(name).to_pylist() for name in made]
    finally:
        con.disconnect()
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
