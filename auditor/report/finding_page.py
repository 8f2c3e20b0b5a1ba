"""The page of a finding that is not about one case: about a person, a device, a place, or several cases together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.core.finding import Evidence, Finding, Record
from auditor.core.masks import described, secrets_in
from auditor.core.schema import Column
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts.events import events
from auditor.report.charts.funnel import funnel
from auditor.report.charts.intervals import intervals
from auditor.report.lines import lines
from auditor.report.numbers import count
from auditor.report.page import Page
from auditor.report.told import ROWS_SHOWN, Row, row, tell

RELATED = 50

_LISTED = ("occurred_at", "started_at", "decided_at", "violation_code", "grade", "place_id", "outcome", "fine_amount")
"""Columns of the list of rows, where the rows have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a wide finding's list, with a few of its values."""

    row: Row
    cells: tuple[Text | None, ...]


def finding_pages(book: Book) -> Iterator[Page]:
    for finding in book.findings:
        if book.has_own_page(finding):
            yield _own(book, finding)


def _own(book: Book, finding: Finding) -> Page:
    secrets = book.secrets(finding)
    subjects = book.subjects(finding)
    records = {id(one): book.record(one) for one in subjects[:ROWS_SHOWN]}
    columns = _columns(record for record in records.values() if record)
    same = [one for one in book.about[finding.subject_type, finding.subject_id] if one is not finding]
    told = tell(book, finding, secrets)
    result = book.results.get(finding.rule_id)
    tone = finding.certainty
    peers = funnel(book, result, tone=tone, focus=finding.subject_id) if result is not None else None
    drawn = (peers, intervals(book, [finding], tone=tone), events(book, [finding], tone=tone))
    return Page(
        path=book.finding_href(finding),
        template="finding.html.j2",
        title=book.card(finding).title,
        context={
            "told": told,
            "charts": [one for one in drawn if one is not None],
            "columns": [column.label for column in columns],
            "listed": [_listed(book, one, records[id(one)], columns) for one in subjects[:ROWS_SHOWN]],
            "listed_total": count(len(subjects)),
            "listed_cut": len(subjects) > ROWS_SHOWN,
            "officer_href": book.officer_href(finding.subject_id) if finding.subject_type == "officer" else None,
            "related": lines(book, same[:RELATED]),
            "related_total": count(len(same)),
        },
    )


def _listed(book: Book, one: Evidence, record: Record | None, columns: list[Column]) -> Listed:
    secrets = secrets_in([record]) if record and book.masks.masked else ()
    return Listed(
        row=row(book, one, secrets),
        cells=tuple(
            book.masks.cell(record.table_name, column.name, record.values[column.name], secrets)
            if record and column.name in record.values
            else None
            for column in columns
        ),
    )


def _columns(records: Iterable[Record]) -> list[Column]:
    found: dict[str, Column] = {}
    for record in records:
        for name in _LISTED:
            column = described(record.table_name, name)
            if column is not None and name in record.values:
                found.setdefault(name, column)
    return [found[name] for name in _LISTED if name in found]
