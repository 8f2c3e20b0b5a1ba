"""The workbook of the office ledger: lists with filters, lists to choose from, and a set-up that prints on A4."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.office_ledger import Cell, Column, Entry, Form, OfficeLedger, Table
from auditor.core.text import Language, Text
from auditor.export.sheets import SHEET_ROWS, cell_text, printable, sheet_names

_ALWAYS_THEN = datetime(2000, 1, 1, tzinfo=UTC)
"""The workbook says no true moment of its making: equal runs give equal bytes."""

_A4, _LISTED_SCALE = 9, 54
"""At this scale the columns that the audit fills are as wide as a page in landscape, and the office's are the next."""

_LINE, _ROW_MOST = 15.5, 400
"""Points: a line of text, and a row at most. Heights are set because not every office program fits them by itself."""

_NUMBERS: dict[Form, str] = {"text": "@", "whole": "#,##0", "share": "0.00%", "date": "yyyy-mm-dd"}

_FROZEN_COLUMNS = 2
_FIRST_DAY = date(2000, 1, 1)
_HEAD, _TO_FILL, _RULE = "#DCE4EE", "#FFF3C4", "#B4BFCC"
_ABOUT_WIDTH = 100
_CUT = Text(zh="……（此处截断，全文见报告）", en="… (cut here; in full in the report)")
_NOTHING = Text(zh="没有", en="none")
_EXPLAINED = Text(zh="说明", en="About")
_CHOOSE = Text(zh="请从列表中选择", en="Choose from the list")
_A_DATE = Text(zh="请填写日期，如 2026-03-01", en="Write a date, such as 2026-03-01")


class LedgerBook:
    """The workbook while it is written, entry after entry: no more than one row is kept in memory."""

    def __init__(self, path: Path, ledger: OfficeLedger, language: Language, *, rows: int = SHEET_ROWS) -> None:
        """`rows` is how many a sheet holds, its head among them; what is over goes to further sheets."""
        made: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        made.set_properties({"title": ledger.title.in_(language), "created": _ALWAYS_THEN})
        self._book, self._ledger, self._rows = made, ledger, rows
        self._language: Language = language
        self._forms: dict[Form, Any] = {}
        wrapped = {"valign": "top", "text_wrap": True}
        ruled = {**wrapped, "border": 1, "border_color": _RULE}
        for form, number in _NUMBERS.items():
            self._forms[form] = made.add_format({**ruled, "num_format": number})
        self._wrapped = made.add_format(wrapped)
        self._bold = made.add_format({"valign": "top", "bold": True})
        head = {**ruled, "bold": True, "valign": "vcenter"}
        self._head = made.add_format({**head, "bg_color": _HEAD})
        self._to_fill = made.add_format({**head, "bg_color": _TO_FILL})
        self._open: list[tuple[Any, int, int]] = []
        """Of each part: its sheet, the next row in it, and how many sheets came before it."""
        self._names: list[str] = [part.name.in_(language) for part in ledger.parts]
        for number in range(len(ledger.parts)):
            self._open.append((self._list(number, self._names[number]), 1, 0))
        self._told = [place for place, column in enumerate(ledger.columns) if not column.to_fill]

    def entry(self, entry: Entry) -> None:
        """Writes one line; a part that is full goes on in a sheet of its own."""
        sheet, row, before = self._open[entry.part]
        if row >= self._rows:
            self._finish(sheet, row)
            before += 1
            name = f"{self._names[entry.part]} ({before + 1})"
            sheet, row = self._list(entry.part, name), 1
        columns = self._ledger.columns
        sheet.set_row(row, _height(zip(entry.cells, self._ledger.told, strict=True)))
        for place, cell in zip(self._told, entry.cells, strict=True):
            self._write(sheet, row, place, cell, columns[place])
        self._open[entry.part] = (sheet, row + 1, before)

    def close(self) -> None:
        """Ends the lists, adds the tables and the sheet that explains, and writes the file."""
        for sheet, row, before in self._open:
            if row == 1 and not before:
                sheet.write_string(1, 1, _NOTHING.in_(self._language), self._wrapped)
            self._finish(sheet, row)
        for table in self._ledger.tables:
            self._table(table)
        self._about()
        self._book.close()

    def _list(self, part: int, name: str) -> Any:
        """A sheet for a part's entries, with its head."""
        columns = self._ledger.columns
        sheet = self._sheet(name, self._ledger.parts[part].note.in_(self._language))
        sheet.set_row(0, 2 * _LINE + 2)
        self._columns(sheet, columns, 0)
        sheet.freeze_panes(1, _FROZEN_COLUMNS)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, _FROZEN_COLUMNS - 1)
        sheet.set_print_scale(_LISTED_SCALE)
        sheet.set_v_pagebreaks([next((place for place, one in enumerate(columns) if one.to_fill), len(columns))])
        return sheet

    def _finish(self, sheet: Any, row: int) -> None:
        """Filters over all rows, and for the columns to be filled the lists and dates that they take."""
        columns, last = self._ledger.columns, max(row - 1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        for place, column in enumerate(columns):
            if column.to_fill and column.choices:
                choices = [choice.in_(self._language) for choice in column.choices]
                told = {"validate": "list", "source": choices, "error_message": _CHOOSE.in_(self._language)}
                sheet.data_validation(1, place, last, place, told)
            elif column.to_fill and column.form == "date":
                told = {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
                sheet.data_validation(1, place, last, place, {**told, "error_message": _A_DATE.in_(self._language)})

    def _table(self, table: Table) -> None:
        sheet = self._sheet(table.name.in_(self._language), "")
        sheet.write_string(0, 0, cell_text(table.note.in_(self._language)), self._bold)
        sheet.set_row(1, 2 * _LINE + 2)
        self._columns(sheet, table.columns, 1)
        for row, cells in enumerate(table.rows, start=2):
            sheet.set_row(row, _height(zip(cells, table.columns, strict=True)))
            for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                self._write(sheet, row, place, cell, column)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, max(len(table.rows) + 1, 2), len(table.columns) - 1)
        sheet.repeat_rows(1)
        sheet.fit_to_pages(1, 0)

    def _about(self) -> None:
        sheet = self._sheet(_EXPLAINED.in_(self._language), "")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, _ABOUT_WIDTH)
        sheet.write_string(0, 0, self._ledger.title.in_(self._language), self._bold)
        for row, (label, text) in enumerate(self._ledger.about, start=2):
            sheet.set_row(row, _LINE * _lines(text, _ABOUT_WIDTH) + 2)
            sheet.write_string(row, 0, cell_text(printable(label)), self._bold)
            sheet.write_string(row, 1, cell_text(printable(text)), self._wrapped)
        sheet.fit_to_pages(1, 0)

    def _sheet(self, name: str, note: str) -> Any:
        taken: list[str] = [sheet.get_name() for sheet in self._book.worksheets()]
        sheet: Any = self._book.add_worksheet(sheet_names("-", [*taken, name])[-1])
        title = self._ledger.title.in_(self._language)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        sheet.set_header(f'&C&"-,Bold"{_in_header(title)}&"-,Regular"\n&9{_in_header(note)}'[:255])
        page = Text(zh="第 &P 页，共 &N 页", en="page &P of &N")
        sheet.set_footer(f"&L&9&A&R&9{page.in_(self._language)}")
        return sheet

    def _columns(self, sheet: Any, columns: tuple[Column, ...], row: int) -> None:
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, self._forms[column.form])
            head = self._to_fill if column.to_fill else self._head
            sheet.write_string(row, place, column.head.in_(self._language), head)

    def _write(self, sheet: Any, row: int, place: int, cell: Cell, column: Column) -> None:
        form = self._forms[column.form]
        match cell:
            case None | "":
                pass
            case str():
                sheet.write_string(row, place, cell_text(printable(cell), _CUT.in_(self._language)), form)
            case date():
                sheet.write_datetime(row, place, datetime.combine(cell, time()), form)
            case _:
                sheet.write_number(row, place, cell, form)


def _height(cells: Iterable[tuple[Cell, Column]]) -> float:
    lines = max((_lines(cell, column.width) for cell, column in cells if isinstance(cell, str)), default=1)
    return min(_LINE * lines + 2, _ROW_MOST)


@lru_cache(maxsize=8192)
def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column, an ideograph being two characters wide, as in GB 18030 it is two bytes."""
    return sum(-(-len(line.encode("gb18030", "replace")) // (width - 2)) or 1 for line in text.split("\n"))


def _in_header(text: str) -> str:
    """An ampersand begins an instruction in a page's header."""
    return text.replace("&", "&&")
