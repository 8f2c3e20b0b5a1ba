"""Histograms: how late or early things were done about their limit, and how measured values lie about a threshold."""

from auditor.core.picture import Bin, Picture
from auditor.core.result import RuleResult
from auditor.core.text import Text
from auditor.report.charts.chart import Chart, Row
from auditor.report.numbers import count, quantity

_MINUTES = {"minutes_overdue": 1, "days_overdue": 1440}
_UNITS = {
    1440: Text(zh="天", en="days"),
    60: Text(zh="小时", en="hours"),
    1: Text(zh="分钟", en="minutes"),
}


def distribution(result: RuleResult, *, tone: str) -> Chart | None:
    """None where the rule measured nothing, or all that it measured is one value."""
    picture = result.picture
    if picture is None or not picture.bins:
        return None
    return _values(picture, tone) if picture.line is not None else _overdue(picture, result, tone)


def _overdue(picture: Picture, result: RuleResult, tone: str) -> Chart | None:
    minutes = _MINUTES.get(picture.metric)
    if minutes is None:
        return None
    edges = [edge * minutes for one in picture.bins for edge in (one.low, one.high) if edge is not None]
    size = next(size for size in _UNITS if all(edge % size == 0 for edge in edges))
    unit, scale = _UNITS[size], size / minutes
    in_time, late = sum(one.ok for one in picture.bins), sum(one.violation for one in picture.bins)
    whole = size == minutes
    return Chart(
        name="histogram",
        title=Text(zh="距期限届满的时间分布", en="How long before or after the limit"),
        caption=Text(
            zh=f"横轴为距期限届满的{unit.zh}数，0 为届满，右侧为逾期；尚未完成的计至统计截止日。"
            f"浅色为未逾期 {count(in_time)}，实心为逾期 {count(late)}；"
            f"无法判断的 {count(result.unknown)} 行不在图中。两端的柱包括更早、更晚的全部。",
            en=f"Across: {unit.en} from the end of the limit, 0, to the right of it too late; what is open counts "
            f"up to the as-of day. Pale: {count(in_time)} in time; filled: {count(late)} late. "
            f"{count(result.unknown)} unknown rows are not in it. Bars at either end hold all that lies beyond.",
        ),
        tone=tone,
        data={"unit": unit.to_dict(), "line": 0, "bins": [_drawn(one, scale) for one in picture.bins]},
        heads=(
            Text(zh=f"距届满（{unit.zh}）", en=f"From the limit ({unit.en})"),
            Text(zh="未逾期", en="In time"),
            Text(zh="逾期", en="Late"),
        ),
        rows=tuple(
            Row(cells=(_span(one, scale, whole=whole), count(one.ok), count(one.violation)))
            for one in picture.bins
            if one.ok + one.violation
        ),
    )


def _values(picture: Picture, tone: str) -> Chart:
    line = quantity(picture.line)
    return Chart(
        name="histogram",
        title=Text(zh=f"临界值 {line} 附近的数值分布", en=f"Values about the threshold of {line}"),
        caption=Text(
            zh=f"竖线为临界值 {line}；每柱自左端（含）至右端（不含）。实心为被标出对象的数值，浅色为其余。",
            en=f"The upright line is the threshold of {line}; a bar runs from its left edge, included, to under its "
            "right one. Filled: values of subjects that are flagged; pale: all others.",
        ),
        tone=tone,
        data={"line": picture.line, "bins": [_drawn(one, 1) for one in picture.bins]},
        heads=(
            Text(zh="数值", en="Values"),
            Text(zh="其余对象", en="Others"),
            Text(zh="被标出对象", en="Flagged subjects"),
        ),
        rows=tuple(
            Row(cells=(f"{quantity(one.low)} – <{quantity(one.high)}", count(one.ok), count(one.violation)))
            for one in picture.bins
        ),
    )


def _drawn(one: Bin, scale: float) -> list[float | None]:
    low, high = (None if edge is None else round(edge / scale, 6) for edge in (one.low, one.high))
    return [low, high, one.ok, one.violation]


def _span(one: Bin, scale: float, *, whole: bool) -> Text:
    """A bin in words: from the whole unit after its lower edge, or, of parts of a unit, from above that edge."""
    if one.low is None:
        edge = quantity((one.high or 0.0) / scale)
        return Text(zh=f"{edge} 及更早", en=f"{edge} and earlier")
    if one.high is None:
        edge = quantity(one.low / scale)
        return Text(zh=f"超过 {edge}", en=f"over {edge}")
    low, high = one.low / scale, one.high / scale
    if whole:
        same = quantity(high) if high == low + 1 else f"{quantity(low + 1)} … {quantity(high)}"
        return Text(same, same)
    return Text(zh=f"{quantity(low)}（不含）… {quantity(high)}", en=f"over {quantity(low)} … {quantity(high)}")
