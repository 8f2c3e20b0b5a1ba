"""A flagged case as one compact item: every row of it as recorded, and which findings tell of it."""

from typing import Any

from auditor.core.finding import Evidence, Finding
from auditor.core.masks import secrets_in
from auditor.report.book import Book, CaseKey
from auditor.report.data.vocabulary import Vocabulary


def case_item(book: Book, vocabulary: Vocabulary, key: CaseKey, findings: list[Finding]) -> dict[str, Any]:
    """`f` are the findings told on the page, `m` the wide ones that rest on the case among many; `r` the rows."""
    rows: dict[tuple[str, str, int], Evidence] = {}
    for finding in findings:
        for row in book.evidence[finding.finding_id]:
            if row.role != "subject" or book.case_key(row) == key:
                rows.setdefault((row.table_name, row.source_file, row.source_row), row)
    records = book.records_of(rows.values())
    secrets = secrets_in(records, (fact for finding in findings for fact in finding.facts)) if book.masks.masked else ()
    item: dict[str, Any] = {
        "id": book.case_slug(key),
        "k": book.masks.scrub(key[1], secrets),
        "t": vocabulary.number("tables", key[0]),
        "f": [book.ordinal[finding.finding_id] for finding in findings],
        "r": [
            [
                vocabulary.number("tables", record.table_name),
                vocabulary.number("files", record.source_file),
                record.source_row,
                vocabulary.values(record, secrets),
            ]
            for record in records
        ],
    }
    mentions = book.mentions.get(key, ())
    if mentions:
        item["m"] = [book.ordinal[finding.finding_id] for finding in mentions]
    return item
