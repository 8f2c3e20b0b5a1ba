"""The rows that could not be used: in no count and in no finding, so they are listed before anyone asks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.core.reasons import reason_word
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.labels import table_word
from auditor.report.numbers import count
from auditor.report.page import Page
from auditor.report.paging import parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    table: Text
    file: str
    row: str
    column: str
    raw: str
    reason: Text
    text: Text


def quarantine_pages(book: Book) -> Iterator[Page]:
    entries = sorted(
        book.run.quarantine, key=lambda one: (one.source_file, one.source_row, one.column or "", one.reason)
    )
    reasons = Counter(entry.reason for entry in entries)

    def href(page: int) -> str:
        return "quarantine.html" if page == 1 else f"quarantine-{page}.html"

    for part in parts(entries, href):
        yield Page(
            path=href(part.number),
            template="quarantine.html.j2",
            title=Text(zh="隔离的记录", en="Quarantined rows"),
            context={
                "part": part,
                "reasons": [(reason_word(reason), count(n)) for reason, n in sorted(reasons.items())],
                "held": [
                    Held(
                        table=table_word(entry.table_name),
                        file=entry.source_file,
                        row=str(entry.source_row),
                        column=entry.column or "",
                        raw=book.masks.raw(entry.raw_value),
                        reason=reason_word(entry.reason),
                        text=book.masks.raw_text(entry.text, entry.raw_value),
                    )
                    for entry in part.items
                ],
                "inputs": [file for file in book.run.inputs if file.quarantined],
            },
        )
