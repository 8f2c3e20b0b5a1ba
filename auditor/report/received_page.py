"""What was read: every file with the fate of each of its rows, what was passed over in it, and what was not read."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.result import InputFile, PassedOver
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.labels import table_word
from auditor.report.numbers import count
from auditor.report.page import Page

_FATES: dict[str, Text] = {
    "loaded": Text(zh="装载", en="Loaded"),
    "quarantined": Text(zh="隔离", en="Quarantined"),
    "title": Text(zh="标题", en="Titles"),
    "header": Text(zh="表头", en="Headers"),
    "total": Text(zh="合计", en="Totals"),
    "note": Text(zh="附注", en="Notes"),
    "blank": Text(zh="空行", en="Blank"),
    "filtered": Text(zh="已过滤", en="Filtered"),
}
_KIND: dict[str, Text] = {
    "title": Text(zh="标题行", en="title"),
    "header": Text(zh="表头行", en="headers"),
    "total": Text(zh="合计行", en="total"),
    "note": Text(zh="附注行", en="note"),
}
_MOST_LINES = 50
"""Of a file whose every printed page repeats its headers, so many such lines are shown; the manifest has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that is no record, as it may be shown."""

    row: str
    kind: Text
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file, its rows by fate, and the headers that no column of the model takes."""

    file: InputFile
    table: Text
    rows: str
    counts: Sequence[str]
    superseded: str
    lines: Sequence[Line]
    more: int
    unplaced: Sequence[str]


def received_page(book: Book) -> Page:
    files = sorted(book.run.inputs, key=lambda file: (file.table_name, file.file))
    sums = [sum(file.counts()[fate] for file in files) for fate in _FATES]
    return Page(
        path="received.html",
        template="received.html.j2",
        title=Text(zh="数据接收情况", en="What was read"),
        context={
            "fates": list(_FATES.values()),
            "files": [_received(book, file) for file in files],
            "rows": count(sum(file.rows for file in files)),
            "sums": [count(number) for number in sums],
            "unread": sorted(book.run.unread, key=lambda file: file.file),
            "quarantined": sum(file.quarantined for file in files),
            "superseded": count(superseded) if (superseded := sum(file.superseded for file in files)) else None,
        },
    )


def _received(book: Book, file: InputFile) -> Received:
    counts = file.counts()
    return Received(
        file=file,
        table=table_word(file.table_name),
        rows=count(file.rows),
        counts=[count(counts[fate]) for fate in _FATES],
        superseded=count(file.superseded),
        lines=[_line(book, row) for row in file.passed_over[:_MOST_LINES]],
        more=max(len(file.passed_over) - _MOST_LINES, 0),
        unplaced=[header.name for header in file.headers if header.column is None],
    )


def _line(book: Book, row: PassedOver) -> Line:
    """Headers hold no data; what any other line says could be anything, a name and a telephone number among it."""
    text = row.text if row.kind == "header" else book.masks.raw(row.text)
    return Line(row=str(row.source_row), kind=_KIND.get(row.kind, Text(row.kind, row.kind)), text=text)
