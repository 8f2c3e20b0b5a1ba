"""Small exports for the tests of intake: files of every format from the same rows, and a load into a fresh store."""

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from auditor.core.progress import Silent
from auditor.intake import Loaded, load

Rows = Sequence[Sequence[Any]]

HEADERS = ["case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure"]
"""What every case must have."""


def case(case_id: str, occurred_at: str = "2024-05-03 08:05:00", **other: str) -> list[str]:
    """A sound row under HEADERS; any value may be replaced."""
    values = dict(zip(HEADERS, [case_id, "transport", "U1", "1039", occurred_at, "on_site", "ordinary"], strict=True))
    return list((values | other).values())


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                match cell:
                    case None:
                        pass
                    case str():
                        sheet.write_string(row, column, cell)
                    case int() | float():
                        sheet.write_number(row, column, cell)
                    case _:
                        sheet.write_datetime(row, column, cell)
    book.close()
    return path


def write_parquet(path: Path, rows: Rows) -> Path:
    header, *body = rows
    pq.write_table(pa.table({name: [row[place] for row in body] for place, name in enumerate(header)}), path)
    return path


def loaded(data: Path, profile: Path | None = None) -> tuple[Loaded, "Store"]:
    """The folder, loaded into a store outside of it."""
    store = Path(tempfile.mkdtemp(dir=data.parent)) / "store.duckdb"
    return load(data, profile=profile, store=store, progress=Silent()), Store(store)


class Store:
    """A finished store, to look into."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self._path), read_only=True) as con:
            return con.table(table).select(*[duckdb.ColumnExpression(column) for column in columns]).fetchall()

    def columns(self, table: str) -> dict[str, str]:
        with duckdb.connect(str(self._path), read_only=True) as con:
            relation = con.table(table)
            return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}
