"""A CSV file that office programs open as what it says: UTF-8 with its mark, and no cell that could run as a formula.

A text that begins with a sign by which a spreadsheet knows a formula gets an apostrophe before it, after OWASP's advice
on CSV injection; quotes and blanks before such a sign do not hide it. Every text is quoted, so that no separator of
another locale can cut a cell open, and stands on one line.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.core.office_ledger import Cell
from auditor.export.sheets import printable

_FORMULA = re.compile(r"""[\s"'＂＇‘’“”\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹣﹢﹦﹫\t\r\n]""")


class CsvFile:
    """One file while it is written; with `more` its rows follow those that are there already."""

    def __init__(self, path: Path, heads: Iterable[str], *, more: bool = False) -> None:
        self._file = path.open("a" if more else "w", encoding="utf-8" if more else "utf-8-sig", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        if not more:
            self.row(heads)

    def row(self, cells: Iterable[Cell]) -> None:
        self.plain_row(plain(cells))

    def plain_row(self, cells: Sequence[str | int | float]) -> None:
        """A row that is plain already."""
        self._writer.writerow(cells)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def plain(cells: Iterable[Cell]) -> list[str | int | float]:
    """Cells as a CSV file holds them; None is an empty cell."""
    return [_plain(cell) for cell in cells]


@lru_cache(maxsize=8192)
def safe(text: str) -> str:
    """The text on one line, with an apostrophe before it where a spreadsheet could take it for a formula."""
    shown = printable(text)
    marked = "'" if _FORMULA.match(text) or _FORMULA.match(shown) else ""
    return marked + re.sub(r"\s*[\r\n]+\s*", " ", shown)


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case str():
            return safe(cell)
        case date():
            return cell.isoformat()
        case _:
            return cell
