"""Findings as lines of the ledger, each with its number: the same number stands in a unit's enquiry letter."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from auditor.core.finding import LEVELS, Finding
from auditor.core.office_ledger import Cell, Entry
from auditor.core.text import Language, Text
from auditor.report.articles import MARKS, Cited, cite
from auditor.report.book import OFFICER_COLUMNS, SUBJECT_ROLE, Book
from auditor.report.labels import CERTAINTY, LEVEL, state_word, subject_word
from auditor.report.names import rule_name

EVIDENCE = 20
"""Source rows named in one cell; of more, the number is given."""

VIOLATIONS, LEADS, TRIAL = range(3)

_WAIVED = Text(zh="已豁免", en="waived")
_DEFAULT = Text(zh="项目默认值（非法律规定）：", en="project default (not law): ")
_NO_ARTICLE = Text(zh="规则未列出该日有效的条文", en="the rule names no article in force on that day")


def part_of(book: Book, finding: Finding) -> int:
    if book.on_trial(finding):
        return TRIAL
    return VIOLATIONS if finding.certainty == "violation" else LEADS


def in_ledger_order(book: Book) -> list[tuple[int, int, Finding]]:
    """(part, number within it, finding): gravest first, then rule by rule, unit by unit, day by day."""
    ordered = sorted(
        book.findings,
        key=lambda one: (
            part_of(book, one),
            LEVELS.index(one.level),
            one.rule_id,
            one.unit_id is None,
            one.unit_id or "",
            one.first_at.isoformat() if one.first_at else "",
            one.finding_id,
        ),
    )
    numbers = [0, 0, 0]
    found: list[tuple[int, int, Finding]] = []
    for one in ordered:
        part = part_of(book, one)
        numbers[part] += 1
        found.append((part, numbers[part], one))
    return found


def entries(book: Book, language: Language) -> Iterator[Entry]:
    """Every finding, with a cell for each column that the program fills."""
    line = _Line(book, language)
    for part, number, finding in in_ledger_order(book):
        yield Entry(part=part, rule=rule_name(finding.rule_id), cells=line.cells(number, finding))


def officers_of(book: Book, finding: Finding) -> list[tuple[str, Text]]:
    """The officers whom the record names and their part, in the order of the columns; each pair once."""
    if finding.subject_type == "officer":
        return [(finding.subject_id, SUBJECT_ROLE)]
    if not book.has_cases(finding):
        return []
    records = book.records_of(book.subjects(finding))
    named = [
        (record.values[column], role)
        for column, role in OFFICER_COLUMNS.items()
        for record in records
        if record.values.get(column)
    ]
    return list(dict.fromkeys(named))


def basis(cited: list[Cited], language: Language) -> str:
    """The articles in force, a line each; what is not checked or no law says so."""
    found = [
        f"{_DEFAULT.in_(language) if one.article.mark == 'P' else ''}《{one.article.law}》{one.article.article}"
        + (f" ({MARKS['V2'].in_(language)})" if one.article.mark == "V2" else "")
        for one in cited
        if one.in_force
    ]
    return "\n".join(found) or _NO_ARTICLE.in_(language)


class _Line:
    """Words that many findings share are made once: a ledger has a hundred thousand lines of a few hundred rules."""

    def __init__(self, book: Book, language: Language) -> None:
        self._book: Book = book
        self._language: Language = language
        titles = {item.item: item.title for item in book.run.plan}
        self._items = {
            card.rule_id: "\n".join(
                f"{item} {titles[item].in_(language)}" if item in titles else item for item in card.covers
            )
            for card in book.cards.values()
        }
        self._basis = cache(self._basis_on)

    def cells(self, number: int, finding: Finding) -> tuple[Cell, ...]:
        book, say = self._book, self._say
        card, secrets = book.card(finding), book.secrets(finding)
        rows = book.evidence.get(finding.finding_id, [])
        name = book.unit_name(finding.unit_id)
        unit = say(name) if finding.unit_id in (None, name.zh) else f"{say(name)} {finding.unit_id}"
        return (
            number,
            unit,
            say(card.title),
            say(book.masks.sentence(card.message, finding, secrets)),
            self._basis(finding.rule_id, book.act_day(finding)),
            self._items[finding.rule_id],
            say(CERTAINTY[finding.certainty].word),
            say(LEVEL[finding.level].word),
            f"{say(subject_word(finding.subject_type))} "
            f"{book.masks.subject(finding.subject_type, finding.subject_id, secrets)}",
            "\n".join(self._officer(*named) for named in officers_of(book, finding)),
            finding.first_at.date() if finding.first_at else None,
            finding.last_at.date() if finding.last_at else None,
            book.run.as_of,
            say(_WAIVED if finding.waived else state_word(finding.state, compared=bool(book.run.chain))),
            self._evidence([f"{row.source_file}:{row.source_row}" for row in rows]),
            len(rows),
            finding.rule_id,
            finding.finding_id,
        )

    def _say(self, text: Text) -> str:
        return text.in_(self._language)

    def _basis_on(self, rule_id: str, day: date) -> str:
        return basis(cite(self._book.cards[rule_id].basis, [day]), self._language)

    def _officer(self, officer: str, role: Text) -> str:
        name = self._book.officer_name(officer)
        inner = f"{officer}, {self._say(role)}" if name else self._say(role)
        return f"{name or officer} ({inner})"

    def _evidence(self, places: list[str]) -> str:
        shown = "\n".join(dict.fromkeys(places[:EVIDENCE]))
        if len(places) <= EVIDENCE:
            return shown
        more = Text(zh=f"……共 {len(places):,} 行", en=f"… {len(places):,} rows in all")
        return f"{shown}\n{self._say(more)}"
