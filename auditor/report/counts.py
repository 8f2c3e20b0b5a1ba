"""Counts of row checks and findings as numbers, for what is added up further: sheets, and the circulation edition.

Row checks are those of active rules that prove violations, or those of active rules that give leads; never both.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.core.finding import Certainty, Finding
from auditor.core.result import Slice
from auditor.report.book import Book, counts_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Row checks: `flagged` are among those `tested`, those `unknown` are not."""

    tested: int
    flagged: int
    unknown: int


def slices(book: Book, certainty: Certainty) -> list[Slice]:
    """What the active rules of one certainty that judge rows counted by unit and month."""
    names = {card.rule_id for card in book.run.cards if card.certainty == certainty and card.status == "active"}
    judged = [result for result in book.run.results if result.rule_id in names and result.grain == "row"]
    return [one for result in judged for one in result.slices]


def checks(found: Iterable[Slice], wanted: Callable[[Slice], bool] = lambda one: True) -> Checks | None:
    """The sum over the slices that are wanted; None where there is none: nobody counted."""
    kept = [one for one in found if wanted(one)]
    if not kept:
        return None
    return Checks(
        tested=sum(one.tested for one in kept),
        flagged=sum(one.violation for one in kept),
        unknown=sum(one.unknown for one in kept),
    )


def open_findings(book: Book, certainty: Certainty) -> list[Finding]:
    """Findings of active rules that count today."""
    return [one for one in book.findings if one.certainty == certainty and counts_now(one) and not book.on_trial(one)]
