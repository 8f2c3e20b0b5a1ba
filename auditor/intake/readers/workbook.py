"""A sheet of a workbook as text rows, numbered as the sheet numbers them.

Cells become text without loss: a whole number has no `.0`, a date cell is ISO text, a text cell is kept as it stands,
so that an 18-digit id typed as text survives. One typed as a *number* lost its last digits when it was typed: it is
written as the spreadsheet shows it, `1.1010119900307E+17`, which no id looks like. An error says its name (`#N/A`), a
formula that no program has computed says itself (`=B2*2`): neither is ever taken for an empty cell.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import fastexcel as _fastexcel

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.text import Text
from auditor.intake.readers.base import Reading, file_sha256, pa, pc
from auditor.intake.readers.book import Kind, first_line, kind_of, open_book, raise_if_panic, sheets_of_cells
from auditor.intake.readers.calendar import counts_from_1904
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.heading import LOOK
from auditor.intake.readers.merged import Merged, filled_down, heading_of, merged_in_ods, merged_in_xls
from auditor.intake.readers.sheet_xml import Found, Sheet, head, is_empty, look, sheets, shortened

_SLICE = 50_000
_DAYLESS = ("1899-12-30 ", "1899-12-31 ")
"""A cell that holds only a time of day comes with the day on which the spreadsheet's calendar begins."""
_DAYLESS_1904 = ("1904-01-01 ",)
_ERRORS = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Name": "#NAME?",
    "Num": "#NUM!",
    "Null": "#NULL!",
    "GettingData": "#GETTING_DATA",
}
_EMPTY = Text(zh="工作表为空，没有有值的单元格", en="the sheet is empty: no cell has a value")
_CHART = Text(zh="没有单元格的页，如图表页", en="a sheet without cells, such as a chart")
_MERGED_UNSEEN = Text(
    zh="xlsb 中的合并单元格无法识别，只有左上角的单元格有值，请另存为 .xlsx",
    en="merged cells of an .xlsb are not seen: only the first cell of each has its value; save it as .xlsx",
)
_LONG = r"^-?\d{16,}$"


class WorkbookReading(Reading):
    """One sheet, opened; it is held in memory while it is read (a sheet has at most 1,048,576 rows)."""

    def __init__(self, asked: Asked, kind: Kind) -> None:
        self._path = asked.path
        self.format = kind
        file = asked.name.partition("#")[0]
        part = asked.part or sheet_names(asked.path, file)[0]
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Unpacking and fastexcel leave the interpreter to each other.
            looked = beside.submit(_looked, asked, kind, part)
            says_its_size, from_a = _head(asked.path, part) if kind == "xlsx" else (True, False)
            if not says_its_size:
                looked.result()
            columns, offset = _cells(asked, kind, part, quick=from_a)
        found, self._dayless = looked.result()
        if from_a and found.unplaced:
            columns, offset = _cells(asked, kind, part)
        merged = [replace(each, left=each.left - offset, right=each.right - offset) for each in found.merged]
        said = {(row, column - offset): text for (row, column), text in found.said.items() if column >= offset}
        columns = _said(columns, said)
        if not columns or not len(columns[0]):
            raise InputError(Problem("the sheet is empty", Location(asked.name)))
        top = max(LOOK, (asked.heading.row or 0) + (asked.heading.rows or 1))
        head = [[cell or "" for cell in column.slice(0, top).to_pylist()] for column in columns]
        records = [list(cells) for cells in zip(*head, strict=True)]
        heading = heading_of(records, merged, asked.name, asked.heading)
        width = len(heading.headers)
        while width > 1 and heading.headers[width - 1] == f"#{width}" and _is_blank(columns[width - 1]):
            width -= 1
        self._columns = filled_down(columns, merged, heading.last)[:width]
        self.since_1904 = self._dayless == _DAYLESS_1904
        self.filled = frozenset(each.left for each in merged if each.bottom > each.top and each.bottom >= heading.last)
        super().__init__(asked.name, replace(heading, headers=heading.headers[:width]))
        self.expected = len(self._columns[0]) - self.header_row

    @property
    def sha256(self) -> str:
        return file_sha256(self._path)

    def batches(self) -> Iterator[Any]:
        height = len(self._columns[0])
        wanted = [_without_days(column, self._dayless) for column in self._columns]
        self._columns = []
        for first in range(self.header_row, height, _SLICE):
            size = min(_SLICE, height - first)
            columns = [column.slice(first, size) for column in wanted]
            yield self.records(columns, pa.arange(first + 1, first + 1 + size))


def open_sheet(asked: Asked) -> Reading:
    """A sheet; or the csv text that an office's system wrote under the name of a workbook."""
    kind = kind_of(asked.path, asked.name.partition("#")[0])
    return CsvReading(asked) if kind == "text" else WorkbookReading(asked, kind)


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """The sheets of a workbook in its order, hidden ones too, without charts and, where any has a value, those without
    one; raises InputError where it cannot be opened."""
    kind = kind_of(path, name)
    if kind == "text":
        return ()
    tables = _xlsx_sheets(path) if kind == "xlsx" else None
    if tables is not None:
        names = {each.name: not is_empty(path, each) for each in tables[0] if each.is_table}
    else:
        book = open_book(path, name, kind)
        every: Sequence[str] = book.sheet_names
        names = {each: len(every) == 1 or _height(book, each) > 0 for each in every}
    if not names:
        raise InputError(Problem("holds no sheet with a table", Location(name)))
    return tuple(each for each, has_values in names.items() if has_values) or tuple(names)


def sheets_without_table(path: Path, name: str) -> dict[str, Text]:
    """The sheets that `sheet_names` leaves out, each with the reason; under `""` what is not seen of any."""
    kind = kind_of(path, name)
    if kind == "text":
        return {}
    tables = _xlsx_sheets(path) if kind == "xlsx" else None
    with_table = sheet_names(path, name)
    every = sheets_of_cells(path) if tables is None else {each.name: each.is_table for each in tables[0]}
    every = every or dict.fromkeys(open_book(path, name, kind).sheet_names, True)
    unseen = {"": _MERGED_UNSEEN} if kind == "xlsb" else {}
    return unseen | {each: _EMPTY if of_cells else _CHART for each, of_cells in every.items() if each not in with_table}


def _height(book: Any, sheet: str) -> int:
    try:
        return book.load_sheet(sheet, header_row=None, dtypes="string", n_rows=1).height
    except _fastexcel.FastExcelError:
        return 0


def _xlsx_sheets(path: Path) -> tuple[tuple[Sheet, ...], bool] | None:
    try:
        return sheets(path)
    except (KeyError, ValueError, zipfile.BadZipFile, OSError):
        # What is wrong with it, or that it is only unusual, fastexcel says.
        return None


def _head(path: Path, part: str) -> tuple[bool, bool]:
    known = _xlsx_sheets(path)
    try:
        return (
            next((head(path, each) for each in known[0] if each.name == part), (False, False))
            if known
            else (False, False)
        )
    except zipfile.BadZipFile:
        return False, False


def _looked(asked: Asked, kind: Kind, part: str) -> tuple[Found, tuple[str, ...]]:
    """What fastexcel does not tell of the sheet, and the days that a time of day comes with."""
    merged: Sequence[Merged] = ()
    match kind:
        case "xlsx":
            known = _xlsx_sheets(asked.path)
            mine = [each for each in known[0] if each.name == part and each.is_table] if known else []
            if known and mine:
                dayless = _DAYLESS_1904 if known[1] else _DAYLESS
                try:
                    return look(asked.path, mine[0], asked.name), dayless
                except (zipfile.BadZipFile, OSError, EOFError, zipfile.error) as error:
                    raise InputError(
                        Problem(f"the sheet cannot be read: it is damaged ({error})", Location(asked.name))
                    ) from error
        case "xls":
            merged = merged_in_xls(asked.path, part)
        case "ods":
            merged = merged_in_ods(asked.path, part, asked.name)
        case _:
            pass
    return Found(merged=tuple(merged), said={}), _DAYLESS_1904 if counts_from_1904(asked.path, kind) else _DAYLESS


def _cells(asked: Asked, kind: Kind, sheet: str, *, quick: bool = False) -> tuple[list[Any], int]:
    """The columns of a sheet from its first row on, and how many empty ones stand left of them.

    The `quick` way, a sixth cheaper, is for an .xlsx that begins in column A: it leaves errors empty, to be said by
    what was found in the XML, and does not tell what stands left.
    """
    book = open_book(asked.path, asked.name.partition("#")[0], kind)
    if sheet not in book.sheet_names:
        name = Location(asked.name)
        raise InputError(Problem(f"has no sheet {sheet!r}", name, did_you_mean(sheet, book.sheet_names)))
    try:
        if quick:
            return list(book.load_sheet_eager(sheet, header_row=None, skip_rows=0, dtypes="string").columns), 0
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        cells, errors = loaded.to_arrow_with_errors()
        columns = [_plain(column, kind) for column in cells.columns]
        offset = min((column.absolute_index for column in loaded.available_columns()), default=0)
        said = {error.position: _error(error.detail) for error in (errors.errors if errors else ())}
        if kind != "xlsx":
            said |= _long_numbers(book, sheet, columns)
    except _fastexcel.FastExcelError as error:
        raise InputError(Problem(f"the sheet cannot be read: {first_line(error)}", Location(asked.name))) from error
    except BaseException as error:
        raise_if_panic(error, asked.name)
        raise
    return _said(columns, said), offset


def _plain(column: Any, kind: Kind) -> Any:
    """Moments as in every other kind of workbook: an .ods has a `T` in them."""
    return pc.replace_substring_regex(column, r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", r"\1 \2") if kind == "ods" else column


def _error(detail: str) -> str:
    name = detail.partition("Error(")[2].rstrip("')")
    return _ERRORS.get(name, "#ERROR!")


def _long_numbers(book: Any, sheet: str, columns: Sequence[Any]) -> Mapping[tuple[int, int], str]:
    """The numbers of more digits than a number keeps. Which of the values are numbers, the sheet says when it is asked
    for truth values: a text is none."""
    said: dict[tuple[int, int], str] = {}
    truths: Any = None
    for place, column in enumerate(columns):
        rows = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(column, _LONG), False)).to_pylist()
        if rows and truths is None:
            truths = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="boolean").to_arrow()
        for row in rows:
            if truths.column(place)[row].is_valid and (text := shortened(float(column[row].as_py()))):
                said[row, place] = text
    return said


def _said(columns: Sequence[Any], said: Mapping[tuple[int, int], str]) -> list[Any]:
    """The columns, in which some cells, by row and column, say something else than they did."""
    if not said:
        return list(columns)
    height = max(len(columns[0]) if columns else 0, 1 + max(row for row, _ in said))
    width = max(len(columns), 1 + max(column for _, column in said))
    wanted = [*columns, *[pa.nulls(0, pa.string())] * (width - len(columns))]
    wanted = [
        column if len(column) == height else pa.concat_arrays([column, pa.nulls(height - len(column), pa.string())])
        for column in wanted
    ]
    ordered = sorted((column, row, text) for (row, column), text in said.items())
    for place, cells in groupby(ordered, key=lambda cell: cell[0]):
        mine = list(cells)
        rows = {row for _, row, _ in mine}
        mask = pa.array([row in rows for row in range(height)])
        wanted[place] = pc.replace_with_mask(wanted[place], mask, pa.array([text for *_, text in mine]))
    return wanted


def _without_days(column: Any, days: Sequence[str]) -> Any:
    for day in days:
        timed = pc.fill_null(pc.starts_with(column, day), False)
        if pc.any(timed).as_py():
            column = pc.if_else(timed, pc.utf8_slice_codeunits(column, len(day)), column)
    return column


def _is_blank(column: Any) -> bool:
    return not pc.any(pc.not_equal(column, "")).as_py()


FORMATS = tuple(
    Format(
        name=kind, suffixes=(f".{kind}",), open=open_sheet, parts=sheet_names, others=sheets_without_table, typed=True
    )
    for kind in ("xlsx", "xlsm", "xlsb", "xls", "ods", "et")
)
"""`.et` is what WPS calls its workbooks, which are `.xls` inside."""
