"""A finding as one line of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.core.finding import Finding
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.labels import CERTAINTY, LEVEL, NOT_COMPARED, STATE, Label, subject_word
from auditor.report.numbers import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`place` is a finding's page or its place on the page of its case; `dates` spans the rows it rests on."""

    level: Label
    certainty: Label
    href: str
    subject_kind: Text
    subject: str
    subject_name: str
    unit: Text
    unit_href: str
    rule: Text
    rule_href: str
    message: Text
    dates: str
    rows: str
    state: Text
    is_new: bool
    carried: bool
    waived: bool
    trial: bool


def line(book: Book, finding: Finding) -> Line:
    card, secrets, compared = book.card(finding), book.secrets(finding), bool(book.run.chain)
    first, last = finding.first_at, finding.last_at
    days = [str(moment.date()) for moment in (first, last) if moment is not None]
    return Line(
        level=LEVEL[finding.level],
        certainty=CERTAINTY[finding.certainty],
        href=book.finding_href(finding),
        subject_kind=subject_word(finding.subject_type),
        subject=book.masks.subject(finding.subject_type, finding.subject_id, secrets),
        subject_name=book.officer_name(finding.subject_id) if finding.subject_type == "officer" else "",
        unit=book.unit_name(finding.unit_id),
        unit_href=book.unit_href(finding.unit_id),
        rule=card.title,
        rule_href=book.rule_href(finding.rule_id),
        message=book.masks.sentence(card.message, finding, secrets),
        dates=" – ".join(dict.fromkeys(days)),
        rows=count(finding.n_cases),
        state=STATE[finding.state] if compared or finding.state != "new" else NOT_COMPARED,
        is_new=compared and finding.state in ("new", "reopened"),
        carried=finding.carried,
        waived=finding.waived,
        trial=book.on_trial(finding),
    )


def lines(book: Book, findings: Iterable[Finding]) -> list[Line]:
    return [line(book, finding) for finding in findings]
