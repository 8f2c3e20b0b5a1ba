"""The month curve: of what was tested in a month, how much was flagged, and what share that is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.core.result import Slice
from auditor.core.text import Text
from auditor.report.charts.chart import Chart, Row
from auditor.report.numbers import count, share

SMALL = 20
"""Fewer tested than this and a share says little: it is drawn hollow."""

LONGEST = 36
"""Months drawn, the latest; the table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`tested` is None where that was not counted; `flagged` None where nobody looked."""

    month: str
    flagged: int | None
    tested: int | None


def of_slices(slices: Iterable[Slice]) -> list[Month]:
    """Sums by month, with the months between that had nothing to test; what has no month is in none of them."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in slices:
        if one.month:
            sums[one.month][0] += one.violation
            sums[one.month][1] += one.tested
    if not sums:
        return []
    return [
        Month(month=month, flagged=sums[month][0], tested=sums[month][1])
        if month in sums
        else Month(month=month, flagged=0, tested=0)
        for month in between(min(sums), max(sums))
    ]


def between(first: str, last: str) -> list[str]:
    """Every month from the first to the last, both included."""
    year, month = int(first[:4]), int(first[5:])
    found = [first]
    while found[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(f"{year:04}-{month:02}")
    return found


def month_curve(months: Sequence[Month], *, title: Text, tone: str, what: Text) -> Chart:
    """`what` says what was counted: row checks, findings."""
    tested = any(one.tested is not None for one in months)
    heads = [Text(zh="月份", en="Month"), Text(zh="命中", en="Flagged")]
    if tested:
        heads += [Text(zh="受检", en="Tested"), Text(zh="占受检", en="Of tested")]
    return Chart(
        name="months",
        title=title,
        tone=tone,
        caption=_how_to_read(what, tested=tested, cut=len(months) - LONGEST),
        data={
            "small": SMALL,
            "months": [{"month": one.month, "flagged": one.flagged, "tested": one.tested} for one in months[-LONGEST:]],
        },
        heads=tuple(heads),
        rows=tuple(Row(cells=_cells(one, tested=tested)) for one in months),
    )


def _cells(one: Month, *, tested: bool) -> tuple[str, ...]:
    if one.flagged is None:
        return (one.month, "✕", *(("✕", "✕") if tested else ()))
    figures = (count(one.tested), share(one.flagged, one.tested)) if one.tested is not None else ("—", "—")
    return (one.month, count(one.flagged), *(figures if tested else ()))


def _how_to_read(what: Text, *, tested: bool, cut: int) -> Text:
    latest = Text(zh=f"图中为最近 {LONGEST} 个月。", en=f" Drawn are the latest {LONGEST} months.")
    cut_ = latest if cut > 0 else Text("", "")
    if not tested:
        return Text(zh=f"柱高为{what.zh}。{cut_.zh}", en=f"The height of a bar is {what.en}.{cut_.en}")
    return Text(
        zh=f"上图：命中占受检的比例；受检不足 {SMALL} 的月份为空心点，比例不足为凭。"
        f"下图：{what.zh}，空框为受检，实心为命中。{cut_.zh}",
        en=f"Above: the share of the tested that was flagged; hollow where fewer than {SMALL} were tested, too few for "
        f"a share to say much. Below: {what.en}, outlined what was tested, filled what was flagged.{cut_.en}",
    )
