"""Small static charts as inline SVG: no script, no file, colours and fonts from the page's own style.

Shapes carry the meaning (filled, hollow, dashed), so that a grey print says the same. Numbers stand beside the marks:
nobody has to read a value off an axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from auditor.core.text import Text
from auditor.report.markup import element, one_line
from auditor.report.numbers import count, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month: `of` is how many were tested, None where that was not counted; `flagged` None: nobody looked."""

    month: str
    flagged: int | None
    of: int | None


def months(bars: Sequence[Bar], title: Text) -> Markup:
    """A bar a month, with its count above and, where known, its share of the tested below the month."""
    step, height, base = 64, 84, 104
    top = max((bar.flagged or 0 for bar in bars), default=0) or 1
    marks: list[Markup] = []
    for index, bar in enumerate(bars):
        x = 6 + index * step
        marks.append(_label(bar.month, x + step / 2 - 4, base + 14, "tick"))
        if bar.flagged is None:
            marks.append(_label("✕", x + step / 2 - 4, base - 4, "value"))
            continue
        tall = height * bar.flagged / top
        marks += [
            element("rect", class_="bar", x=x + 8, y=base - tall, width=step - 24, height=tall),
            _label(count(bar.flagged), x + step / 2 - 4, base - tall - 4, "value"),
        ]
        if bar.of is not None:
            marks.append(_label(f"/ {count(bar.of)}", x + step / 2 - 4, base + 27, "tick"))
            marks.append(_label(share(bar.flagged, bar.of), x + step / 2 - 4, base + 40, "tick"))
    width = 12 + step * len(bars)
    marks.append(element("line", class_="axis", x1=4, x2=width - 4, y1=base, y2=base))
    return _svg(width, base + 46 if any(bar.of is not None for bar in bars) else base + 20, title, marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a parameter: how many findings it gives, None where the rule did not run with it; `of` and `share`
    say what was tested. `as_set` is the value in use, drawn hollow."""

    value: str
    findings: int | None
    of: str
    share: str
    as_set: bool


def curve(points: Sequence[Point], title: Text) -> Markup:
    """The points in the order given, evenly spaced, each with its number; none is joined across a gap."""
    step, height, base = 112, 120, 144
    top = max((point.findings or 0 for point in points), default=0) or 1

    def at(index: int, findings: int) -> tuple[float, float]:
        return 10 + step * (index + 0.5), base - height * findings / top

    width = 20 + step * len(points)
    lines = [element("line", class_="axis", x1=4, x2=width - 4, y1=base, y2=base)]
    marks: list[Markup] = []
    before: tuple[float, float] | None = None
    for index, point in enumerate(points):
        x, _ = at(index, 0)
        marks += [_label(point.value, x, base + 18, "value"), _label(point.of, x, base + 32, "tick")]
        marks.append(_label(point.share, x, base + 45, "tick"))
        if point.findings is None:
            before = None
            continue
        x, y = here = at(index, point.findings)
        if before is not None:
            lines.append(element("line", class_="curve", x1=before[0], y1=before[1], x2=x, y2=y))
        marks.append(element("circle", class_="point as-set" if point.as_set else "point", cx=x, cy=y, r=5))
        marks.append(_label(count(point.findings), x, y - 10, "value"))
        before = here
    return _svg(width, base + 52, title, [*lines, *marks])


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """One subject: the observed value, the value expected of its cases, and the limits given with it."""

    name: str
    n: int
    observed: float
    expected: float | None
    lower: float | None
    upper: float | None


def whiskers(rows: Sequence[Whisker], title: Text) -> Markup:
    """A row a subject, on one scale: dot for observed, upright tick for expected, line from lower to upper."""
    left, wide, row = 190, 420, 22
    values = [
        value for one in rows for value in (one.observed, one.expected, one.lower, one.upper) if value is not None
    ]
    low, high = min(0.0, *values), max(1.0, *values) if max(values) > 0.5 or min(values) < 0 else max(values) * 1.1
    is_share = low >= 0 and high <= 1

    def across(value: float) -> float:
        return left + wide * (value - low) / ((high - low) or 1)

    marks: list[Markup] = []
    bottom = 8 + row * len(rows)
    for quarter in range(5):
        value = low + (high - low) * quarter / 4
        marks.append(element("line", class_="grid", x1=across(value), x2=across(value), y1=4, y2=bottom))
        marks.append(_label(f"{100 * value:.0f} %" if is_share else f"{value:.3g}", across(value), bottom + 14, "tick"))
    for index, one in enumerate(rows):
        y = 18 + row * index
        marks.append(element("text", one.name, class_="name", x=left - 8, y=y, text_anchor="end"))
        if one.lower is not None and one.upper is not None:
            marks.append(
                element("line", class_="range", x1=across(one.lower), x2=across(one.upper), y1=y - 4, y2=y - 4)
            )
        if one.expected is not None:
            x = across(one.expected)
            marks.append(element("line", class_="expected", x1=x, x2=x, y1=y - 11, y2=y + 3))
        marks.append(element("circle", class_="observed", cx=across(one.observed), cy=y - 4, r=4.5))
        shown = f"{100 * one.observed:.0f} %" if is_share else f"{one.observed:.3g}"
        marks.append(element("text", f"{shown} · n={count(one.n)}", class_="value", x=left + wide + 10, y=y))
    return _svg(left + wide + 110, bottom + 20, title, marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment on the line; `limit` draws the end of a legal time limit instead of a step."""

    at: datetime
    day: str
    limit: bool = False


def line_of_time(marks: Sequence[Mark], title: Text) -> Markup | None:
    """The steps to scale, numbered as in the list beside it, with what lies past a limit drawn as overrun; nothing
    where all fall on one moment."""
    if len(marks) < 2 or marks[0].at == marks[-1].at:
        return None
    start, whole = marks[0].at, (marks[-1].at - marks[0].at).total_seconds()
    wide, y = 880, 34

    def across(moment: datetime) -> float:
        return 20 + wide * (moment - start).total_seconds() / whole

    first_limit = next((mark for mark in marks if mark.limit), None)
    limit = first_limit.at if first_limit else None
    drawn = [element("line", class_="axis", x1=20, x2=20 + wide, y1=y, y2=y)]
    if limit is not None and limit < marks[-1].at:
        drawn.append(element("line", class_="overrun", x1=across(limit), x2=20 + wide, y1=y, y2=y))
    shown_at = -100.0
    for number, mark in enumerate(marks, start=1):
        x = across(mark.at)
        if mark.limit:
            drawn.append(element("line", class_="limit", x1=x, x2=x, y1=y - 16, y2=y + 16))
        else:
            drawn.append(element("circle", class_="step", cx=x, cy=y, r=4))
        if x - shown_at >= 14:
            drawn.append(_label(str(number), x, y - 20 if mark.limit else y - 10, "value"))
            shown_at = x
    drawn += [
        _label(marks[0].day, 20, y + 26, "tick", "start"),
        _label(marks[-1].day, 20 + wide, y + 26, "tick", "end"),
    ]
    if first_limit and 60 < across(first_limit.at) - 20 < wide - 60:
        drawn.append(_label(first_limit.day, across(first_limit.at), y + 26, "tick"))
    return _svg(920, 66, title, drawn)


def _label(text: str, x: float, y: float, class_: str, anchor: str = "middle") -> Markup:
    return element("text", text, class_=class_, x=x, y=y, text_anchor=anchor)


def _svg(width: float, height: float, title: Text, marks: Sequence[Markup]) -> Markup:
    return element(
        "svg",
        element("title", one_line(title)),
        *marks,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
    )
