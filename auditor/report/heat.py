"""The heat map: units by chapters of the plan, how much was flagged of how much was tested, as a table to be read.

A cell counts row checks by active rules that cover an item of the chapter. Shade follows the share in fixed steps, so
that two reports can be laid side by side; a small denominator gets none. Rules that compare subjects have no rows of
one unit and are in no cell. What no rule tested says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.core.catalogue import CHAPTERS
from auditor.core.finding import Certainty
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.numbers import count, share

SMALL = 20
"""Fewer tested than this are not shaded, and get no share."""

STEPS = (0.001, 0.01, 0.05)
"""Shares at which the shade grows; the first begins above nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`css` is `unseen` where nothing was tested, `none` where nothing was flagged, `small`, or `s1` to `s4`."""

    flagged: str
    tested: str
    share: str
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    name: Text
    href: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """`total` is over all units; `chapters` are (code, title) in the plan's order."""

    certainty: Certainty
    chapters: tuple[tuple[str, Text], ...]
    rows: tuple[HeatRow, ...]
    total: HeatRow


def heat_map(book: Book, certainty: Certainty) -> HeatMap | None:
    """None where the run counted no rows of this certainty by unit."""
    counts: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    units: set[str | None] = set(book.run.units)
    for card in book.run.cards:
        result = book.results.get(card.rule_id)
        if card.certainty != certainty or card.status != "active" or result is None:
            continue
        for one in result.slices:
            units.add(one.unit_id)
            for chapter in {item.rpartition("-")[0] for item in card.covers} & CHAPTERS.keys():
                counts[one.unit_id, chapter][0] += one.violation
                counts[one.unit_id, chapter][1] += one.tested
    if not any(tested for _, tested in counts.values()):
        return None
    ordered = sorted(units, key=lambda unit: (unit is None, unit or ""))
    return HeatMap(
        certainty=certainty,
        chapters=tuple(CHAPTERS.items()),
        rows=tuple(_row(book, unit, counts) for unit in ordered),
        total=HeatRow(
            name=Text(zh="全部单位", en="All units"),
            href=None,
            cells=tuple(_cell(counts[unit, chapter] for unit in ordered) for chapter in CHAPTERS),
        ),
    )


def _row(book: Book, unit: str | None, counts: Mapping[tuple[str | None, str], list[int]]) -> HeatRow:
    return HeatRow(
        name=book.unit_name(unit),
        href=book.unit_href(unit) if unit in book.by_unit else None,
        cells=tuple(_cell([counts[unit, chapter]]) for chapter in CHAPTERS),
    )


def _cell(counts: Iterable[list[int]]) -> Cell:
    sums = [sum(column) for column in zip(*counts, strict=True)]
    flagged, tested = (sums[0], sums[1]) if sums else (0, 0)
    return Cell(flagged=count(flagged), tested=count(tested), share=share(flagged, tested), css=_shade(flagged, tested))


def _shade(flagged: int, tested: int) -> str:
    if tested == 0:
        return "unseen"
    if tested < SMALL:
        return "small"
    if flagged == 0:
        return "none"
    return f"s{1 + sum(flagged / tested > step for step in STEPS)}"
