"""Merged cells: what a range says, said in each cell where a reader of the sheet sees it.

A spreadsheet keeps the value of a range in its first cell alone. In the headers a range names all columns under it; in
the body a unit's name stands once beside all of its rows. A range across (a title, a remark) is said once.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import pa, pc
from auditor.intake.readers.book import workbook_of
from auditor.intake.readers.heading import Heading, Told, clean, find_heading, known_headers

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merged range; rows and columns are counted from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


def merged_in_xls(path: Path, sheet: str) -> tuple[Merged, ...]:
    ranges: Any = workbook_of(path).get_sheet_by_name(sheet).merged_cell_ranges
    return tuple(
        Merged(top=top, left=left, bottom=bottom, right=right) for (top, left), (bottom, right) in ranges or ()
    )


def merged_in_ods(path: Path, sheet: str, name: str) -> tuple[Merged, ...]:
    """An .ods says of a cell how many it spans, and repeats like rows and cells by number."""
    found: list[Merged] = []
    row = column = repeated = 0
    inside = False
    try:
        with zipfile.ZipFile(path) as book, book.open("content.xml") as file:
            for event, element in ElementTree.iterparse(file, ("start", "end")):
                match event, element.tag.removeprefix(_TABLE):
                    case "start", "table":
                        inside, row = element.get(f"{_TABLE}name") == sheet, 0
                    case "start", "table-row":
                        column, repeated = 0, int(element.get(f"{_TABLE}number-rows-repeated", 1))
                    case "end", "table-row":
                        row += repeated
                        element.clear()
                    case "end", "table-cell" | "covered-table-cell":
                        across = int(element.get(f"{_TABLE}number-columns-spanned", 1))
                        down = int(element.get(f"{_TABLE}number-rows-spanned", 1))
                        if inside and across * down > 1:
                            found.append(Merged(top=row, left=column, bottom=row + down - 1, right=column + across - 1))
                        column += int(element.get(f"{_TABLE}number-columns-repeated", 1))
                    case _:
                        pass
    except (ElementTree.ParseError, zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, OSError) as bad:
        raise InputError(Problem(f"the sheet cannot be read: {bad}", Location(name))) from bad
    return tuple(found)


def heading_of(records: Sequence[Sequence[str]], merged: Sequence[Merged], name: str, told: Told) -> Heading:
    """The headers, found among the rows as they stand, named by the ranges that stand over them. Titles are ranges too,
    and stay single."""
    heading = find_heading(records, name, told)
    depth = max(1, sum(row.kind == "header" for row in heading.above))
    first = heading.last - depth
    if depth == 1 and told.rows is None:
        both = [each for each in merged if each.bottom - each.top == 1]
        if any(each.top == first for each in both) and first + 2 <= len(records):
            depth = 2
        elif told.row is None and first and any(each.bottom == first for each in both):
            first, depth = first - 1, 2
    rows = [list(record) for record in records]
    for each in merged:
        for row in range(max(each.top, first), min(each.bottom + 1, first + depth)):
            if each.top >= first:
                rows[row][each.left : each.right + 1] = [rows[each.top][each.left]] * len(
                    rows[row][each.left : each.right + 1]
                )
    if depth == 2 and any(each.top == first for each in merged):
        # Where ranges say what stands over what, an empty cell stands over nothing.
        upper, lower = rows[first], rows[first + 1]
        rows[first] = [above if clean(above) else below for above, below in zip(upper, lower, strict=True)]
    named = find_heading(rows, name, replace(told, row=first + 1, rows=depth))
    if depth == 2 and told.rows is None and known_headers(named, told) < known_headers(heading, told):
        # A range that reaches below the headers, but does not make headers of the row below.
        return heading
    plain = find_heading(records, name, replace(told, row=first + 1, rows=depth))
    return replace(named, above=plain.above)


def filled_down(columns: Sequence[Any], merged: Sequence[Merged], first: int) -> list[Any]:
    """The columns of a sheet, in which each row of a range below the headers says what the range says. What a row says
    itself stays, a row that says nothing stays blank, and a range over the whole width is a remark."""
    filled = list(columns)
    mine: dict[int, list[Merged]] = {}
    for each in merged:
        whole = each.left == 0 and each.right >= len(columns) - 1 and len(columns) > 1
        if each.top >= first and each.bottom > each.top and 0 <= each.left < len(columns) and not whole:
            mine.setdefault(each.left, []).append(each)
    if not mine:
        return filled
    said = pa.nulls(len(columns[0]), pa.bool_())
    for column in columns:
        said = pc.or_(pc.fill_null(said, False), pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), False))
    own_row = pa.arange(0, len(said))
    for place, ranges in mine.items():
        source: list[int] = own_row.to_pylist()
        for each in ranges:
            source[each.top : each.bottom + 1] = [each.top] * len(source[each.top : each.bottom + 1])
        over = columns[place].take(pc.if_else(said, pa.array(source), own_row))
        own = columns[place]
        filled[place] = pc.if_else(pc.fill_null(pc.not_equal(own, ""), False), own, over)
    return filled
