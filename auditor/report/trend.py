"""Trends: of all row checks of a month, how many were flagged; violations and leads apart, whole or within one unit."""

from collections import defaultdict
from collections.abc import Iterator

from auditor.core.finding import Certainty
from auditor.core.result import Slice
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts import Chart
from auditor.report.charts.months import month_curve, of_slices

_TITLES: dict[Certainty, Text] = {
    "violation": Text(zh="■ 违反规定：各月命中与受检", en="■ Violations: flagged of tested, month by month"),
    "lead": Text(zh="◇ 线索：各月命中与受检", en="◇ Leads: flagged of tested, month by month"),
}
_WHAT = Text(zh="行次（全部启用规则合计）", en="row checks of all active rules")


def trends(book: Book) -> list[Chart]:
    """Of the whole; a curve needs two months at least."""
    return [chart for certainty in _TITLES for chart in _curve(certainty, list(_slices(book, certainty)))]


def unit_trends(book: Book) -> dict[str | None, list[Chart]]:
    """Those of every unit that has any."""
    found: dict[str | None, list[Chart]] = defaultdict(list)
    for certainty in _TITLES:
        by_unit: dict[str | None, list[Slice]] = defaultdict(list)
        for one in _slices(book, certainty):
            by_unit[one.unit_id].append(one)
        for unit, slices in by_unit.items():
            found[unit] += _curve(certainty, slices)
    return found


def _curve(certainty: Certainty, slices: list[Slice]) -> list[Chart]:
    months = of_slices(slices)
    if len(months) < 2:
        return []
    return [month_curve(months, title=_TITLES[certainty], tone=certainty, what=_WHAT)]


def _slices(book: Book, certainty: Certainty) -> Iterator[Slice]:
    for card in book.run.cards:
        result = book.results.get(card.rule_id)
        if card.certainty == certainty and card.status == "active" and result is not None:
            yield from result.slices
