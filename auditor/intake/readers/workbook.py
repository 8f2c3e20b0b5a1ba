"""A sheet of a workbook as text rows, numbered as the sheet numbers them.

Cells become text without loss: a whole number has no `.0`, a date cell is ISO text, a text cell is kept as it stands,
so that an 18-digit id typed as text survives. (One typed as a *number* lost its last digits when it was typed.)
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import fastexcel as _fastexcel

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.intake.readers.base import Reading, file_sha256, pa, pc, text_batch

fastexcel = cast(Any, _fastexcel)

_SLICE = 50_000
_MIDNIGHTLESS = "1899-12-3[01] "
"""A cell that holds only a time of day comes with the day on which the spreadsheet's calendar begins."""


class XlsxReading(Reading):
    """One sheet, opened; it is held in memory while it is read (a sheet has at most 1,048,576 rows)."""

    format = "xlsx"

    def __init__(self, path: Path, name: str, sheet: str, *, header_row: int = 1) -> None:
        self._path, self._sheet = path, sheet
        self._rows = _cells(path, name, sheet)
        if self._rows.num_rows < header_row:
            raise InputError(
                Problem(
                    "the sheet is empty" if not self._rows.num_rows else f"has no record {header_row}", Location(name)
                )
            )
        header = [column[header_row - 1].as_py() or "" for column in self._rows.columns]
        while (
            header and not header[-1].strip() and self._rows.column(len(header) - 1).null_count == self._rows.num_rows
        ):
            header.pop()
        super().__init__(name, header, header_row)

    @property
    def sha256(self) -> str:
        return file_sha256(self._path)

    def batches(self) -> Iterator[Any]:
        wanted = self._rows.columns[: len(self.headers)]
        for first in range(self.header_row, self._rows.num_rows, _SLICE):
            size = min(_SLICE, self._rows.num_rows - first)
            columns = [
                pc.replace_substring_regex(column.slice(first, size), f"^{_MIDNIGHTLESS}", "") for column in wanted
            ]
            yield text_batch(columns, pa.array(range(first + 1, first + 1 + size), pa.int64()))


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
