"""A sheet of a workbook as text rows, numbered as the sheet numbers them.

Cells become text without loss: a whole number has no `.0`, a date cell is ISO text, a text cell is kept as it stands,
so that an 18-digit id typed as text survives. (One typed as a *number* lost its last digits when it was typed.)
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import fastexcel as _fastexcel

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.intake.readers.base import Reading, file_sha256, pa, pc
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.heading import LOOK, find_heading

fastexcel = cast(Any, _fastexcel)

_SLICE = 50_000
_MIDNIGHTLESS = "1899-12-3[01] "
"""A cell that holds only a time of day comes with the day on which the spreadsheet's calendar begins."""


class WorkbookReading(Reading):
    """One sheet, opened; it is held in memory while it is read (a sheet has at most 1,048,576 rows)."""

    format = "xlsx"

    def __init__(self, asked: Asked) -> None:
        self._path = asked.path
        self._cells = _cells(asked.path, asked.name, asked.part or sheet_names(asked.path, asked.name)[0])
        if not self._cells.num_rows:
            raise InputError(Problem("the sheet is empty", Location(asked.name)))
        top = max(LOOK, (asked.heading.row or 0) + (asked.heading.rows or 1))
        head = [[cell or "" for cell in column.slice(0, top).to_pylist()] for column in self._cells.columns]
        records = [list(cells) for cells in zip(*head, strict=True)]
        heading = find_heading(records, asked.name, asked.heading)
        width = len(heading.headers)
        while width > 1 and heading.headers[width - 1] == f"#{width}" and self._is_blank(width - 1):
            width -= 1
        super().__init__(asked.name, replace(heading, headers=heading.headers[:width]))

    def _is_blank(self, place: int) -> bool:
        column = self._cells.column(place)
        return column.null_count == len(column)

    @property
    def sha256(self) -> str:
        return file_sha256(self._path)

    def batches(self) -> Iterator[Any]:
        wanted = self._cells.columns[: len(self.headers)]
        for first in range(self.header_row, self._cells.num_rows, _SLICE):
            size = min(_SLICE, self._cells.num_rows - first)
            columns = [
                pc.replace_substring_regex(column.slice(first, size), f"^{_MIDNIGHTLESS}", "") for column in wanted
            ]
            yield self.records(columns, pa.array(range(first + 1, first + 1 + size), pa.int64()))


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """The sheets of a workbook in its order; raises InputError where it cannot be opened."""
    return tuple(_workbook(path, name).sheet_names)


def _cells(path: Path, name: str, sheet: str) -> Any:
    workbook = _workbook(path, name)
    if sheet not in workbook.sheet_names:
        raise InputError(Problem(f"has no sheet {sheet!r}", Location(name), did_you_mean(sheet, workbook.sheet_names)))
    try:
        return workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    except _fastexcel.FastExcelError as error:
        raise InputError(Problem(f"the sheet cannot be read: {_first_line(error)}", Location(name))) from error


def _workbook(path: Path, name: str) -> Any:
    file = name.partition("#")[0]
    if path.stat().st_size == 0:
        raise InputError(Problem("the file is empty", Location(file)))
    try:
        return fastexcel.read_excel(path)
    except _fastexcel.FastExcelError as error:
        raise InputError(
            Problem(
                f"is not a workbook that can be opened: {_first_line(error)}", Location(file), "save it again as .xlsx"
            )
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("calamine error: ")


FORMAT = Format(name="xlsx", suffixes=(".xlsx",), open=WorkbookReading, parts=sheet_names, typed=True)
