"""What the circulation edition says: counts of a run, each either a number or withheld, and nothing else of the data.

Findings are counted once each, in the unit, the month, and the chapter of the first plan item that their rule names, so
that every table adds up to the same total; violations and leads are counted apart. Rules on trial are left out.
"""

from dataclasses import dataclass

from auditor.core.catalogue import CHAPTERS
from auditor.core.finding import LEVELS, Certainty
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.circulation.figures import Figure
from auditor.report.circulation.found import OTHER, Found
from auditor.report.circulation.pseudonyms import Pseudonyms
from auditor.report.circulation.suppress import withheld
from auditor.report.circulation.tested import tested
from auditor.report.counts import open_findings
from auditor.report.labels import LEVEL, RESULT, Label
from auditor.report.tally import grain_word, result_kind

NOT_RECORDED = Text(zh="未记录单位", en="no unit recorded")
NOT_DATED = Text(zh="未注明日期", en="not dated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A unit, chapter, level or month with how much was tested there and what was found; `tested` None: not counted."""

    name: Text
    found: Figure
    tested: Figure | None = None
    cells: tuple[Figure, ...] = ()
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule that ran, in words of its own: its title, the items of the plan, and its counts in rows or subjects."""

    title: Text
    items: str
    level: Label
    grain: Text
    tested: Figure
    unknown: Figure
    found: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """All that is a violation, or all that is a lead. `chapters` are in the order of the cells of each unit."""

    total: Figure
    row_checks: Figure
    levels: tuple[Line, ...]
    chapters: tuple[Line, ...]
    units: tuple[Line, ...]
    months: tuple[Line, ...]
    rules: tuple[RuleLine, ...]


def side(book: Book, certainty: Certainty, names: Pseudonyms, least: int) -> Side:
    ran = [
        (card, result)
        for card in sorted(book.run.cards, key=lambda card: (LEVELS.index(card.level), card.rule_id))
        if card.certainty == certainty and card.status == "active" and (result := book.results.get(card.rule_id))
        if result_kind(card, result) in ("flagged", "leads", "clean")
    ]
    looked = tested(book, certainty, [result for _, result in ran], least)
    counts = Found(open_findings(book, certainty), [card for card, _ in ran])
    arcs = counts.arcs({rule: figure.value for rule, figure in looked.rules.items()})
    hidden = withheld(arcs, least)

    def figure(name: str) -> Figure:
        return Figure(None if name in hidden else arcs[name].count if name in arcs else 0)

    units = sorted(
        (names.of("unit", unit), unit) if unit is not None else ("~", None)
        for unit in {*book.run.units, *counts.units, *looked.units}
    )
    return Side(
        total=figure("total"),
        row_checks=looked.total,
        levels=tuple(
            Line(name=LEVEL[level].word, label=LEVEL[level], found=figure(f"level {level}")) for level in LEVELS
        ),
        chapters=tuple(Line(name=_chapter(one), found=figure(f"chapter {one}")) for one in counts.chapters),
        units=tuple(
            Line(
                name=NOT_RECORDED if unit is None else Text(f"单位 {shown}", f"unit {shown}"),
                found=figure(f"unit {unit}"),
                tested=looked.units.get(unit),
                cells=tuple(figure(f"cell {unit} {chapter}") for chapter in counts.chapters),
            )
            for shown, unit in units
        ),
        months=tuple(
            Line(
                name=NOT_DATED if month is None else Text(month, month),
                found=figure(f"month {month}"),
                tested=looked.months.get(month),
            )
            for month in sorted({*counts.months, *looked.months}, key=lambda month: (month is None, month or ""))
        ),
        rules=tuple(
            RuleLine(
                title=card.title,
                items=", ".join(card.covers),
                level=LEVEL[card.level],
                grain=grain_word(result.grain),
                tested=looked.rules[card.rule_id],
                unknown=looked.unknown[card.rule_id],
                found=figure(f"rule {card.rule_id}"),
            )
            for card, result in ran
        ),
    )


def _chapter(code: str) -> Text:
    return Text(zh="其他", en="other") if code == OTHER else CHAPTERS.get(code, Text(code, code))


def not_run(book: Book) -> list[tuple[Text, Label]]:
    """The active rules that looked at nothing: titles, and why in a word. Reasons in full may hold words of data."""
    found = [
        (card, result_kind(card, book.results.get(card.rule_id))) for card in book.run.cards if card.status == "active"
    ]
    silent = [(card, kind) for card, kind in found if kind in ("error", "not_applicable", "untested")]
    return [(card.title, RESULT[kind]) for card, kind in sorted(silent, key=lambda one: (one[1], one[0].rule_id))]
