"""The items of the rectification plan, each with what was done about it in this run.

An item that nobody looked at must never look like one in order: no rule, a rule that could not run and a rule with
nothing to test are each said, and an item is clean only if every rule about it ran, tested something and found nothing.
"""

from collections import defaultdict
from dataclasses import dataclass

from auditor.core.catalogue import CHAPTERS
from auditor.core.result import PlanItem
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.labels import RESULT, Label
from auditor.report.tally import RuleLine, rule_line

_FOUND = ("flagged", "leads")
_GRAVEST = ("flagged", "leads", "error", "not_applicable", "untested", "clean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """`partly`: something was found or tested, and another rule about the item said nothing."""

    item: PlanItem
    kind: str
    label: Label
    partly: bool
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    code: str
    title: Text
    items: tuple[Covered, ...]


def covered(book: Book) -> list[Covered]:
    about: dict[str, list[RuleLine]] = defaultdict(list)
    for card in sorted(book.run.cards, key=lambda card: card.rule_id):
        if card.status in ("active", "trial"):
            for item in card.covers:
                about[item].append(rule_line(book, card))
    return [_cover(item, tuple(about[item.item])) for item in book.run.plan]


def chapters(items: list[Covered]) -> list[Chapter]:
    found: dict[str, list[Covered]] = defaultdict(list)
    for one in items:
        found[one.item.item.partition("-")[0]].append(one)
    return [Chapter(code=code, title=CHAPTERS.get(code, Text(code, code)), items=tuple(found[code])) for code in found]


def summary(items: list[Covered]) -> list[tuple[Label, int]]:
    """How many items are in each state, in the order in which a reader should mind them."""
    kinds = [*_GRAVEST, "none", "invisible"]
    return [(RESULT[kind], n) for kind in kinds if (n := sum(one.kind == kind for one in items))]


def _cover(item: PlanItem, rules: tuple[RuleLine, ...]) -> Covered:
    kinds = {rule.kind for rule in rules}
    if not kinds:
        kind = "invisible" if item.detectability == "D5" else "none"
    else:
        kind = next(kind for kind in _GRAVEST if kind in kinds)
    silent = bool(kinds - {*_FOUND, "clean"}) and bool(kinds & {*_FOUND, "clean"})
    return Covered(item=item, kind=kind, label=RESULT[kind], partly=silent, rules=rules)
