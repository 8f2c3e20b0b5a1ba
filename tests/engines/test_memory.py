"""The engine leaves half of the machine's memory to what the program itself holds, loading as well as judging."""

from pathlib import Path
from typing import Any

import duckdb

from auditor.engines.duckdb import open_store
from auditor.intake.store.database import connect, ibis

UNITS = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "TiB": 1024**2}


def limit(connection: Any) -> float:
    """In MiB."""
    [(said,)] = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    number, unit = said.split()
    return float(number) * UNITS[unit]


def test_both_take_half_where_duckdb_would_take_four_fifths(tmp_path: Path) -> None:
    with duckdb.connect() as plain:
        four_fifths = limit(plain)
    con = connect(tmp_path / "store.duckdb")
    con.create_table("cases", schema=ibis.schema({"case_id": "string"}))
    loading = limit(con.con)
    con.disconnect()
    with open_store(tmp_path / "store.duckdb", spill=tmp_path / "spill") as session:
        judging = limit(session._connection)
    assert loading == judging
    assert 0.6 < judging / four_fifths < 0.65, "5 of 8 parts, as they are rounded"
