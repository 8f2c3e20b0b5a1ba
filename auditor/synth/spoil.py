"""The office form of the county: GB18030 files and workbooks with titles above their headers, dates in several forms.

Nothing is lost in it and nothing added: mapped back by the profile, the rows are those of the canonical files.
"""

import csv
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol, cast

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from auditor.synth import profile
from auditor.synth.ledgers import LEDGERS, Column, Ledger
from auditor.synth.records import Case, Row, Value
from auditor.synth.workdays import LAST_DAY, YEAR

MOST_ROWS = 500_000
"""Rows of one workbook; a sheet holds 1,048,576, a person's patience less."""


class _Sink(Protocol):
    def write(self, row: Row, cells: list[Value]) -> None: ...
    def close(self) -> None: ...


class Office:
    """The folder of office files, open for writing row by row."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "profile.yaml").write_text(profile.text(), encoding="utf-8", newline="\n")
        (folder / "auditor.yaml").write_text(f"period: {YEAR}\n", encoding="utf-8", newline="\n")
        self._open = [(ledger, _cells(ledger), _sink(folder, ledger)) for ledger in LEDGERS]

    def write(self, row: Row) -> None:
        for ledger, cells, sink in self._open:
            if isinstance(row, ledger.row) and (ledger.domain is None or getattr(row, "domain", None) == ledger.domain):
                sink.write(row, cells(row))

    def close(self) -> None:
        for _, _, sink in self._open:
            sink.close()


class _Cells:
    """Turns rows of a table into what the office writes, form after form."""

    def __init__(self, ledger: Ledger) -> None:
        self._columns = ledger.columns
        self._get = attrgetter(*(column.name for column in ledger.columns))
        self._blank = "-" if ledger.form == "xlsx" else ""
        self._count = 0

    def __call__(self, row: Row) -> list[Value]:
        self._count += 1
        values = cast(tuple[Value, ...], self._get(row))
        return [self._cell(column, value) for column, value in zip(self._columns, values, strict=True)]

    def _cell(self, column: Column, value: Value) -> Value:
        match value:
            case None:
                return None if column.cell else self._blank
            case bool():
                return "是" if value else "否"
            case str():
                if column.dotted and self._count % 3 == 0:
                    return f"{value[:2]}·{value[2:]}"
                return column.words.get(value, value)
            case datetime() | date():
                return value if column.cell else value.strftime(column.formats[self._count % len(column.formats)])
            case _:
                return value


def _cells(ledger: Ledger) -> _Cells:
    return _Cells(ledger)


def _sink(folder: Path, ledger: Ledger) -> _Sink:
    return _Book(folder, ledger) if ledger.form == "xlsx" else _Csv(folder, ledger)


class _Csv:
    """GB18030 text; the case ledger in three files, one for each half of the year and one for the months before."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        halves = (f"_{YEAR - 1}年", "_上半年", "_下半年") if ledger.row is Case else ("",)
        self._files = [
            (folder / f"{ledger.stem}{half}.csv").open("w", encoding="gb18030", newline="") for half in halves
        ]
        self._writers = [csv.writer(file, lineterminator="\r\n") for file in self._files]
        for writer in self._writers:
            writer.writerow([column.header for column in ledger.columns])

    def write(self, row: Row, cells: list[Value]) -> None:
        self._writers[_half(row.occurred_at) if isinstance(row, Case) else 0].writerow(cells)

    def close(self) -> None:
        for file in self._files:
            file.close()


def _half(moment: datetime) -> int:
    return 0 if moment.year < YEAR else 1 if moment.month <= 6 else 2


class _Book:
    """Workbooks of at most MOST_ROWS rows; the creation date is told, or no two would have the same bytes."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder, self._ledger, self._number = folder, ledger, 0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        suffix = "" if self._number == 1 else f"_{self._number}"
        path = self._folder / f"{self._ledger.stem}{suffix}.xlsx"
        self._book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties(
            {"title": self._ledger.stem, "created": datetime.combine(LAST_DAY, datetime.min.time())}
        )
        self._sheet: Any = self._book.add_worksheet("台账")
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._next = 0
        for title in self._ledger.titles:
            self._sheet.write_string(self._next, 0, title)
            self._next += 1
        for place, column in enumerate(self._ledger.columns):
            self._sheet.write_string(self._next, place, column.header)
        self._next += 1
        self._last = self._next + MOST_ROWS

    def write(self, row: Row, cells: list[Value]) -> None:
        if self._next >= self._last:
            self._book.close()
            self._begin()
        sheet, line = self._sheet, self._next
        for place, cell in enumerate(cells):
            match cell:
                case None:
                    pass
                case str():
                    sheet.write_string(line, place, cell)
                case datetime():
                    sheet.write_datetime(line, place, cell, self._moment)
                case date():
                    sheet.write_datetime(line, place, cell, self._day)
                case _:
                    sheet.write_number(line, place, cell)
        self._next += 1

    def close(self) -> None:
        self._book.close()
