"""A row as recorded: every value under its name, codes as words, with the way to whom it names."""

from dataclasses import dataclass

from auditor.core.finding import Record
from auditor.core.masks import Secrets, described
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.report.book import OFFICER_COLUMNS, Book
from auditor.report.labels import table_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recorded value. `href` leads to the officer or unit that it names, where there is such a page."""

    label: Text
    value: Text
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One row as recorded."""

    title: Text
    place: str
    entries: tuple[Entry, ...]


def sheet(book: Book, record: Record, secrets: Secrets) -> Sheet:
    table = tables().get(record.table_name)
    ordered = [*table.columns] if table else []
    names = sorted(record.values, key=lambda name: (ordered.index(name) if name in ordered else len(ordered), name))
    return Sheet(
        title=table_word(record.table_name),
        place=f"{record.source_file} : {record.source_row}",
        entries=tuple(_entry(book, record, name, secrets) for name in names),
    )


def _entry(book: Book, record: Record, name: str, secrets: Secrets) -> Entry:
    value, column = record.values[name], described(record.table_name, name)
    shown = book.masks.cell(record.table_name, name, value, secrets)
    href = None
    if name == "unit_id" and value in book.by_unit:
        href, shown = book.unit_href(value), _beside(shown, book.run.units.get(value, ""))
    elif name in OFFICER_COLUMNS or name in ("approver_id", "withdrawn_by"):
        href = book.officer_href(value) if value in book.by_officer else None
        shown = _beside(shown, book.officer_name(value))
    return Entry(label=column.label if column else Text(name, name), value=shown, href=href)


def _beside(shown: Text, name: str) -> Text:
    return Text(zh=f"{shown.zh} {name}", en=f"{shown.en} {name}") if name else shown
