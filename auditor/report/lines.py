"""A finding as one line of a list."""

from dataclasses import dataclass

from auditor.core.finding import FRESH, Finding
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.labels import CERTAINTY, LEVEL, Label, state_word, subject_word
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
        dates=dates(finding),
        rows=count(finding.n_cases),
        state=state_word(finding.state, compared=compared),
        is_new=compared and finding.state in FRESH,
        carried=finding.carried,
        waived=finding.waived,
        trial=book.on_trial(finding),
    )


def dates(finding: Finding) -> str:
    """From the first row that it rests on to the last; one day where both are of it."""
    days = [str(moment.date()) for moment in (finding.first_at, finding.last_at) if moment is not None]
    return " – ".join(dict.fromkeys(days))
