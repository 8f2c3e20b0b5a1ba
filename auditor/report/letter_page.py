"""The enquiry letter (函询) to a unit: what was found in its records, on what ground, and what it is asked to answer.

Findings in force today alone: none on trial, waived or resolved, and none that rests only on cases in reconsideration
or in court, which are not supervised again. The numbers are those of the ledger, so that an answer can be filed there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.core.finding import Finding
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.articles import Cited, cite
from auditor.report.book import Book, counts_now
from auditor.report.counts import checks, slices
from auditor.report.labels import LEVEL, Label, subject_word
from auditor.report.ledger.entries import LEADS, VIOLATIONS, in_ledger_order, officers_of
from auditor.report.numbers import count, share
from auditor.report.page import Page
from auditor.report.priority import IN_DISPUTE, in_dispute, rests_on

LISTED = 200
"""Findings of one kind that a letter names; the ledger has them all."""

ROWS = 3
"""Source rows named beside a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A finding in the table: `number` is that of the ledger's sheet."""

    number: str
    kind: Text
    subject: str
    dates: str
    message: Text
    officers: tuple[str, ...]
    places: tuple[str, ...]
    more_places: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One rule's findings: its ground on the days concerned, and what the unit is to look at for its answer."""

    title: Text
    level: Label
    cited: tuple[Cited, ...]
    verify: tuple[Text, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All violations, or all leads; `total` counts those that are not named too."""

    asked: tuple[Asked, ...]
    total: str
    named: str
    cut: bool


def letter_href(book: Book, unit_id: str) -> str:
    return f"letters/{book.unit_href(unit_id).partition('/')[2]}"


def letters(book: Book) -> dict[str, list[tuple[int, int, Finding]]]:
    """The findings that each unit is asked about, as (part, number, finding) of the ledger; units without any are not
    among the keys, nor is the place of findings that name no unit: nobody could answer."""
    disputed = in_dispute(book)
    found: dict[str, list[tuple[int, int, Finding]]] = {}
    for part, number, finding in in_ledger_order(book):
        open_ = part in (VIOLATIONS, LEADS) and counts_now(finding) and finding.rule_id != IN_DISPUTE
        if open_ and finding.unit_id is not None and not rests_on(book, finding, disputed):
            found.setdefault(finding.unit_id, []).append((part, number, finding))
    return {unit: found[unit] for unit in sorted(found)}


def letter_pages(book: Book) -> Iterator[Page]:
    disputed = in_dispute(book)
    counted = slices(book, "violation")
    for unit, listed in letters(book).items():
        looked = checks(counted, lambda one, unit=unit: one.unit_id == unit)
        left_out = sum(
            counts_now(one) and not book.on_trial(one) and one.rule_id != IN_DISPUTE and rests_on(book, one, disputed)
            for one in book.by_unit[unit]
        )
        yield Page(
            path=letter_href(book, unit),
            template="letter.html.j2",
            title=Text(zh=f"函询：{book.unit_name(unit).zh}", en=f"Enquiry: {book.unit_name(unit).en}"),
            context={
                "unit": book.unit_name(unit),
                "unit_id": unit,
                "unit_href": book.unit_href(unit),
                "violations": _listed(book, [(n, one) for part, n, one in listed if part == VIOLATIONS]),
                "leads": _listed(book, [(n, one) for part, n, one in listed if part == LEADS]),
                "tested": count(looked.tested) if looked else None,
                "flagged": count(looked.flagged) if looked else None,
                "share": share(looked.flagged, looked.tested) if looked else None,
                "disputed": count(left_out) if left_out else None,
            },
        )


def _listed(book: Book, found: list[tuple[int, Finding]]) -> Listed:
    by_rule: dict[str, list[tuple[int, Finding]]] = {}
    for number, finding in found[:LISTED]:
        by_rule.setdefault(finding.rule_id, []).append((number, finding))
    return Listed(
        asked=tuple(_asked(book, book.cards[rule], items) for rule, items in by_rule.items()),
        total=count(len(found)),
        named=count(min(len(found), LISTED)),
        cut=len(found) > LISTED,
    )


def _asked(book: Book, card: RuleCard, found: list[tuple[int, Finding]]) -> Asked:
    cited = cite(card.basis, [book.act_day(finding) for _, finding in found])
    return Asked(
        title=card.title,
        level=LEVEL[card.level],
        cited=tuple(one for one in cited if one.in_force),
        verify=card.verify,
        items=tuple(_item(book, number, finding) for number, finding in found),
    )


def _item(book: Book, number: int, finding: Finding) -> Item:
    secrets = book.secrets(finding)
    days = [str(moment.date()) for moment in (finding.first_at, finding.last_at) if moment is not None]
    rows = book.evidence.get(finding.finding_id, [])
    places = dict.fromkeys(f"{row.source_file}:{row.source_row}" for row in rows)
    officers = dict.fromkeys(officer for officer, _ in officers_of(book, finding))
    return Item(
        number=str(number),
        kind=subject_word(finding.subject_type),
        subject=book.masks.subject(finding.subject_type, finding.subject_id, secrets),
        dates=" – ".join(dict.fromkeys(days)),
        message=book.masks.sentence(book.card(finding).message, finding, secrets),
        officers=tuple(f"{book.officer_name(one)} {one}".strip() for one in officers),
        places=tuple(places)[:ROWS],
        more_places=count(len(places)) if len(places) > ROWS else None,
    )
