"""The pages of officers: what is said about an officer, kept apart from what was found in records that name one.

Being named in a record with a problem is not a finding about the person; the page says which part the officer had.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.core.text import Text
from auditor.report.among_peers import standings
from auditor.report.book import Book, Named, counts_now
from auditor.report.lines import Line, line
from auditor.report.numbers import count
from auditor.report.page import FIRST, Page, all_findings
from auditor.report.since import Tally, tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLine:
    officer_id: str
    name: str
    href: str
    units: tuple[Text, ...]
    about: str
    violations: str
    leads: str
    since: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    line: Line
    roles: tuple[Text, ...]
    is_subject: bool


def officer_lines(book: Book) -> list[OfficerLine]:
    """Those about whom there is a lead or finding first, then by id: no ranking by how often a name occurs."""
    found = [_line(book, officer, parts) for officer, parts in book.by_officer.items()]
    return sorted(found, key=lambda one: (one.about == "0", one.officer_id))


def officer_pages(book: Book) -> Iterator[Page]:
    found = standings(book)
    for officer, named in book.by_officer.items():
        summary = _line(book, officer, named)
        ordered = sorted(named, key=lambda one: (not one.is_subject, one.finding.certainty == "lead"))
        title = f"{officer} {summary.name}".strip()
        yield Page(
            path=book.officer_href(officer),
            template="officer.html.j2",
            title=Text(title, title),
            context={
                "officer": summary,
                "standings": found.get(("officer", officer), ()),
                "months": book.past.months(("officer", officer)),
                "named": [
                    NamedLine(line=line(book, one.finding), roles=one.roles, is_subject=one.is_subject)
                    for one in ordered[:FIRST]
                ],
                "named_total": len(ordered),
                "all_href": all_findings(officer=officer),
            },
        )


def _line(book: Book, officer: str, named: list[Named]) -> OfficerLine:
    now = [one for one in named if counts_now(one.finding) and not book.on_trial(one.finding)]
    units = sorted({one.finding.unit_id for one in named if one.finding.unit_id is not None})
    others = [one.finding for one in now if not one.is_subject]
    return OfficerLine(
        officer_id=officer,
        name=book.officer_name(officer),
        href=book.officer_href(officer),
        units=tuple(book.unit_name(unit) for unit in units),
        about=count(sum(one.is_subject for one in now)),
        violations=count(sum(finding.certainty == "violation" for finding in others)),
        leads=count(sum(finding.certainty == "lead" for finding in others)),
        since=tallies(one.finding for one in now if one.is_subject) if book.run.chain else (),
    )
