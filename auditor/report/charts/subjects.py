"""Whom a point of a chart stands for: as printed, masked where that is personal, and where it is told of."""

from dataclasses import dataclass

from auditor.core.masks import subject_privacy
from auditor.report.book import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    shown: str
    name: str
    href: str | None

    @property
    def full(self) -> str:
        return f"{self.shown} {self.name}".strip()


def subject(book: Book, grain: str, subject_id: str, rule_id: str | None = None) -> Subject:
    """`grain` is the column whose values are the subjects. Of subjects without a page of their own, the finding of the
    rule about them is where they are told of."""
    kind = grain.removesuffix("_id").removesuffix("_no")
    hidden = book.masks.masked and subject_privacy(kind) is not None
    href: str | None = None
    if kind == "officer" and subject_id in book.by_officer:
        href = book.officer_href(subject_id)
    elif kind == "unit" and subject_id in book.by_unit:
        href = book.unit_href(subject_id)
    elif rule_id is not None:
        told = (one for one in book.by_rule[rule_id] if one.subject_id == subject_id)
        href = next((book.finding_href(one) for one in told), None)
    names = {"officer": book.run.officers, "unit": book.run.units}
    return Subject(
        shown=book.masks.subject(kind, subject_id) if hidden else subject_id,
        name=names.get(kind, {}).get(subject_id, ""),
        href=href,
    )
