"""The canonical form of the county: one UTF-8 file a table, with the model's own column names."""

import csv
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import cast

from auditor.synth.records import TABLES, Row, Value, columns
from auditor.synth.workdays import YEAR


class Canonical:
    """The folder of canonical files, open for writing row by row."""

    def __init__(self, folder: Path) -> None:
        (folder / "auditor.yaml").write_text(f"period: {YEAR}\n", encoding="utf-8", newline="\n")
        self._files = {
            table: (folder / f"{table.TABLE}.csv").open("w", encoding="utf-8", newline="") for table in TABLES
        }
        self._writers = {table: csv.writer(file, lineterminator="\n") for table, file in self._files.items()}
        self._get = {table: attrgetter(*columns(table)) for table in TABLES}
        for table, writer in self._writers.items():
            writer.writerow(columns(table))

    def write(self, row: Row) -> None:
        values = cast(tuple[Value, ...], self._get[type(row)](row))
        self._writers[type(row)].writerow([_text(value) for value in values])

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def _text(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
        case date():
            return value.isoformat()
        case _:
            return value
