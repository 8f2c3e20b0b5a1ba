"""The page of a flagged case: the facts as recorded, its time line, and every finding worked out to the last row."""

from collections.abc import Iterator

from auditor.core.finding import Evidence, Finding
from auditor.core.masks import secrets_in
from auditor.core.text import Text
from auditor.report import timeline
from auditor.report.book import Book, CaseKey
from auditor.report.labels import table_word
from auditor.report.lines import lines
from auditor.report.page import Page
from auditor.report.sheet import sheet
from auditor.report.told import tell


def case_pages(book: Book) -> Iterator[Page]:
    for key, findings in book.cases.items():
        yield _case(book, key, findings)


def _case(book: Book, key: CaseKey, findings: list[Finding]) -> Page:
    rows: dict[tuple[str, str, int], Evidence] = {}
    for finding in findings:
        for row in book.evidence[finding.finding_id]:
            if row.role != "subject" or book.case_key(row) == key:
                rows.setdefault((row.table_name, row.source_file, row.source_row), row)
    records = book.records_of(rows.values())
    secrets = secrets_in(records, (fact for finding in findings for fact in finding.facts))
    found = timeline.steps(book, records, findings)
    shown = book.masks.scrub(key[1], secrets)
    kind = Text(zh="案件", en="case") if key[0] == "cases" else table_word(key[0])
    return Page(
        path=book.case_href(key) or "",
        template="case.html.j2",
        title=Text(zh=f"{kind.zh} {shown}", en=f"{kind.en} {shown}"),
        context={
            "case_id": shown,
            "kind": kind,
            "sheets": [sheet(book, record, secrets) for record in records],
            "steps": found,
            "timeline": timeline.chart(found),
            "findings": [tell(book, finding, secrets) for finding in findings],
            "related": lines(book, book.mentions.get(key, ())),
        },
    )
