"""Rules as findings refer to them: the sentence cut at its facts, the article of a day, and what to check."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.core.fact import Fact
from auditor.core.finding import Finding
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.articles import MARKS, in_force, span
from auditor.report.book import Book
from auditor.report.fact_labels import fact_label
from auditor.report.labels import STATUS

Parts = list[str | int | None]
"""A template: text, the position of a fact among the rule's facts, or None for a fact that no finding has."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule's number and the names of the facts of its findings, in the order in which findings list their values."""

    number: int
    card: RuleCard
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])


def rule_words(book: Book) -> Mapping[str, RuleWords]:
    """Every rule, in the order of the ids; facts in the order in which findings have them."""
    ordered = sorted(book.cards.values(), key=lambda card: card.rule_id)
    found = {card.rule_id: RuleWords(number, card) for number, card in enumerate(ordered)}
    for finding in book.findings:
        known = found[finding.rule_id].facts
        for fact in finding.facts:
            known.setdefault(fact.name, fact)
    return found


def short(book: Book, rules: Iterable[RuleWords]) -> list[dict[str, Any]]:
    """What a list of findings needs of each rule."""
    return [
        {
            "id": one.card.rule_id,
            "title": _pair(one.card.title),
            "href": book.rule_href(one.card.rule_id),
            "lead": one.card.certainty == "lead",
            "trial": None if one.card.status == "active" else _pair(STATUS[one.card.status]),
            "covers": list(one.card.covers),
            "message": _parts(one.card.message, one),
        }
        for one in rules
    ]


def full(book: Book, rules: Iterable[RuleWords]) -> list[dict[str, Any] | None]:
    """What a finding worked out needs of its rule; None for rules without findings."""
    return [_full(book, one) if one.facts else None for one in rules]


def _full(book: Book, one: RuleWords) -> dict[str, Any]:
    card, result = one.card, book.results.get(one.card.rule_id)
    return {
        "notes": [_pair(book.scrubbed(note)) for note in result.notes] if result else [],
        "names": [*one.facts],
        "facts": [_pair(fact_label(fact, card)) for fact in one.facts.values()],
        "arithmetic": [_parts(step, one) for step in card.arithmetic],
        "basis": [
            {
                "law": article.law,
                "article": article.article,
                "span": _pair(span(article)),
                "mark": _pair(MARKS[article.mark]),
                "default": article.mark == "P",
                "says": None if article.says is None else _pair(article.says),
            }
            for article in card.basis
        ],
        "conditions": [
            {
                "role": condition.role,
                "branch": condition.branch,
                "text": _pair(condition.text),
                "columns": [[column.table, column.column, _pair(column.label)] for column in condition.columns],
            }
            for condition in card.conditions
        ],
        "excuses": [_pair(text) for text in card.false_positives],
        "verify": [_pair(text) for text in card.verify],
    }


def cited(card: RuleCard, day: date) -> list[int]:
    """Which of the rule's articles were in force on the day."""
    return [number for number, article in enumerate(card.basis) if in_force(article, day)]


def values_of(finding: Finding, words: RuleWords) -> list[Fact | None]:
    by_name = {fact.name: fact for fact in finding.facts}
    return [by_name.get(name) for name in words.facts]


def _parts(template: Text, one: RuleWords) -> dict[str, Parts]:
    places = {name: place for place, name in enumerate(one.facts)}
    return {"zh": _cut(template.zh, places), "en": _cut(template.en, places)}


def _cut(template: str, places: Mapping[str, int]) -> Parts:
    parts: Parts = []
    for text, name, _, _ in string.Formatter().parse(template):
        if text:
            parts.append(text)
        if name is not None:
            parts.append(places.get(name))
    return parts


def _pair(text: Text) -> list[str]:
    return [text.zh, text.en]
