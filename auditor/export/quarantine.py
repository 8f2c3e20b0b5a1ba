"""The quarantined rows as a workbook to send back to the agency: one sheet a file, each row as it stands, with reasons.

Whatever a file says is written as text and stays text: no formula, no number, no link is made of it. Personal values
are masked unless asked for in full; what no column of the model knows is then withheld, since it could hold anything.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.masks import Masks, Secrets, described
from auditor.core.privacy import WITHHELD, mask
from auditor.core.reasons import reason_word
from auditor.core.result import Header, HeldRow, InputFile, QuarantineEntry, Run
from auditor.core.text import Language, Text
from auditor.export.sheets import SHEET_COLUMNS, SHEET_ROWS, cell_text, sheet_names

FILE = "quarantine.xlsx"

_ALWAYS_THEN = datetime(2000, 1, 1, tzinfo=UTC)
"""The workbook says no true moment of its making: equal runs give equal bytes."""
_FAULTY = "#FFD9D0"
_COVER = Text(zh="说明", en="About")
_ROW = Text(zh="源文件行号", en="row in the file")
_COLUMN, _RAW, _WHY = Text(zh="列", en="column"), Text(zh="原值", en="value"), Text(zh="原因", en="reasons")
_JOINED = "；"

_HOW = (
    Text(
        zh="以下各表为审计时未能使用的行，每个源文件一张工作表，行号为源文件（工作表）中的行号，有问题的单元格已着色。",
        en="Each sheet holds the rows of one file that could not be used, with their row numbers in that file; the "
        "cells at fault are coloured.",
    ),
    Text(
        zh="请在源系统或源文件中更正，然后重新导出整份文件；不要在本表中更正，本表不会被读回。",
        en="Put them right in the system or file that they come from and export the whole file again; this workbook is "
        "not read back.",
    ),
    Text(
        zh="编号重复：确认哪一行为准，删除或改正其余各行。缺少必填项：补全。日期、数字无法识别：改为规范写法，"
        "如 2024-05-03 08:05、1200.50。代码不在范围内：改用规定的代码，或告知该词的含义。"
        "数值超出可能的范围：核对原始凭证。列数不符：核对该行的分隔符、引号和换行。"
        "表达式读不出：核对该值的写法。",
        en="An id twice: decide which row holds, and remove or renumber the others. A required value missing: fill it "
        "in. An unreadable date or number: write 2024-05-03 08:05, 1200.50. An unknown code: use one of the codes, or "
        "tell us what the word means. A value outside what is possible: look at the paper. A row of another width: "
        "look at its separators, quotes and line breaks. A value not read by its expression: check how it is written.",
    ),
)
_MASKED = Text(
    zh="个人信息已脱敏；无法识别的值只显示形状（9 为数字，A 为字母，字为汉字），不属于规范列的值不显示。"
    "请按行号在源文件中查看原值。",
    en="Personal data is masked, unreadable values show their shape alone (9 a digit, A a letter, 字 an ideograph), "
    "and values under headers that are not known are withheld. Look the values up by their row numbers.",
)
_IN_FULL = Text(
    zh="本表含未脱敏的个人信息，只能退回其来源单位，不得另行传播。",
    en="This workbook holds personal data in full: return it to the agency that it came from, and to nobody else.",
)
_CUT = Text(
    zh="超过 32,000 字的单元格和 16,000 列以外的列已截断。",
    en="Cells longer than 32,000 characters and columns beyond 16,000 are cut off.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    held: HeldRow | None
    faults: Sequence[QuarantineEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A part of a file's rows that fits one sheet."""

    file: str
    headers: tuple[Header, ...]
    rows: Sequence[_Row]
    read: int


def write(run: Run, path: Path, *, language: Language = "zh", personal: bool = False) -> bool:
    """Writes the workbook; no file, and False, where no row was quarantined. Raises OSError where it cannot be."""
    if not run.quarantine:
        return False
    sheets = _sheets(run)
    names = sheet_names(_COVER.in_(language), [sheet.file for sheet in sheets])
    book = _Book(path, Masks(masked=not personal), language)
    book.cover(names, sheets, run)
    for name, sheet in zip(names[1:], sheets, strict=True):
        book.sheet(name, sheet)
    book.close()
    return True


def _sheets(run: Run) -> list[_Sheet]:
    inputs = {(file.file, file.table_name): file for file in run.inputs}
    held = {(row.source_file, row.table_name, row.source_row): row for row in run.held}
    by_file: dict[tuple[str, str], dict[int, list[QuarantineEntry]]] = defaultdict(lambda: defaultdict(list))
    for entry in run.quarantine:
        by_file[entry.source_file, entry.table_name][entry.source_row].append(entry)
    sheets: list[_Sheet] = []
    for (file, table), faulty in sorted(by_file.items()):
        about: InputFile | None = inputs.get((file, table))
        rows = [
            _Row(number=number, held=held.get((file, table, number)), faults=faults)
            for number, faults in sorted(faulty.items())
        ]
        most = SHEET_ROWS - 1
        sheets += [
            _Sheet(
                file=file,
                headers=about.headers if about else (),
                rows=rows[start : start + most],
                read=about.read if about else len(rows),
            )
            for start in range(0, len(rows), most)
        ]
    return sheets


class _Book:
    """The workbook while it is written: sheet after sheet, row after row, since no more is kept in memory."""

    def __init__(self, path: Path, masks: Masks, language: Language) -> None:
        self._masks, self._language = masks, language
        made: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        made.set_properties({"created": _ALWAYS_THEN, "title": FILE})
        text = {"num_format": "@", "quote_prefix": True, "valign": "top"}
        self._text, self._faulty = made.add_format(text), made.add_format({**text, "bg_color": _FAULTY})
        self._wrapped = made.add_format({**text, "text_wrap": True})
        self._head = made.add_format({**text, "bold": True, "bottom": 1})
        self._number = made.add_format({"valign": "top", "num_format": "0"})
        self._book = made

    def cover(self, names: Sequence[str], sheets: Sequence[_Sheet], run: Run) -> None:
        """What the workbook is, what to do with it, and how many rows of each file have which fault."""
        sheet: Any = self._book.add_worksheet(names[0])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 3, 16)
        said = [*_HOW, _MASKED if self._masks.masked else _IN_FULL, _CUT]
        lines: list[Sequence[str | int]] = [[self._say(Text(zh="审计期间", en="period")), run.period.label]]
        lines += [["", self._say(text)] for text in said]
        labels = (
            Text(zh="工作表", en="sheet"),
            Text(zh="源文件", en="file"),
            Text(zh="读入行数", en="rows read"),
            Text(zh="隔离行数", en="quarantined"),
        )
        head = len(lines) + 1
        lines += [[], [self._say(label) for label in labels]]
        for name, one in zip(names[1:], sheets, strict=True):
            lines.append([name, one.file, one.read, len(one.rows)])
            reasons = Counter(fault.reason for row in one.rows for fault in row.faults)
            lines += [["", self._say(reason_word(reason)), "", n] for reason, n in sorted(reasons.items())]
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, self._number)
                else:
                    self._write(sheet, number, column, value, self._head if number == head else self._wrapped)

    def sheet(self, name: str, one: _Sheet) -> None:
        sheet: Any = self._book.add_worksheet(name)
        width = max([len(one.headers), *(len(row.held.cells) for row in one.rows if row.held)])
        width = min(width, SHEET_COLUMNS)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, width, 16)
        sheet.set_column(width + 1, width + 2, 20)
        sheet.set_column(width + 3, width + 3, 60)
        headers = [header.name for header in one.headers] + [""] * width
        for column, header in enumerate(
            [self._say(_ROW), *headers[:width], *(self._say(label) for label in (_COLUMN, _RAW, _WHY))]
        ):
            self._write(sheet, 0, column, header, self._head)
        for place, row in enumerate(one.rows, start=1):
            sheet.write_number(place, 0, row.number, self._number)
            shown = _cells(row.held, one.headers, self._masks)[:width] if row.held else []
            faulty = set(row.held.faulty) if row.held else set[int]()
            for column in range(width):
                value = shown[column] if column < len(shown) else ""
                if value or column in faulty:
                    form = self._faulty if column in faulty else self._text
                    self._write(sheet, place, column + 1, value, form)
            for column, value in enumerate(self._told(row), start=width + 1):
                self._write(sheet, place, column, value, self._text)

    def close(self) -> None:
        self._book.close()

    def _told(self, row: _Row) -> tuple[str, str, str]:
        columns = [fault.column or "" for fault in row.faults]
        values = [self._masks.raw(fault.raw_value) for fault in row.faults]
        reasons = [self._say(_reason(fault)) for fault in row.faults]
        return _JOINED.join(columns), _JOINED.join(values), _JOINED.join(reasons)

    def _say(self, text: Text) -> str:
        return text.zh if self._language == "zh" or text.zh == text.en else f"{text.zh} / {text.en}"

    def _write(self, sheet: Any, row: int, column: int, value: str, form: Any) -> None:
        if value:
            sheet.write_string(row, column, cell_text(value), form)
        else:
            sheet.write_blank(row, column, None, form)


def _reason(fault: QuarantineEntry) -> Text:
    word = reason_word(fault.reason)
    return Text(zh=f"{word.zh}：{fault.text.zh}", en=f"{word.en}: {fault.text.en}")


def _cells(row: HeldRow, headers: Sequence[Header], masks: Masks) -> list[str]:
    """The cells as they may be read by whom the workbook is made for."""
    if not masks.masked:
        return [cell or "" for cell in row.cells]
    if row.ragged or len(headers) != len(row.cells):
        return [masks.raw(cell) if cell else "" for cell in row.cells]
    secrets = _secrets(row, headers)
    return [
        _masked(row.table_name, header, cell, masks, secrets, faulty=place in row.faulty) if cell else ""
        for place, (header, cell) in enumerate(zip(headers, row.cells, strict=True))
    ]


def _masked(table: str, header: Header, cell: str, masks: Masks, secrets: Secrets, *, faulty: bool) -> str:
    column = described(table, header.column) if header.column else None
    if column is None:
        return WITHHELD.zh
    if column.personal is not None:
        return mask(cell, column.personal)
    # An unreadable date may be a name that slipped over from the next column.
    return masks.raw(cell) if faulty and column.type != "string" else masks.scrub(cell, secrets)


def _secrets(row: HeldRow, headers: Sequence[Header]) -> Secrets:
    found: Mapping[str, Any] = {
        cell: column.personal
        for header, cell in zip(headers, row.cells, strict=True)
        if cell
        and len(cell) >= 2
        and header.column
        and (column := described(row.table_name, header.column))
        and column.personal
    }
    return tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))
