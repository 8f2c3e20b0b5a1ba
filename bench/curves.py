"""How a cost grows: the exponent of a curve, and curves drawn side by side as one SVG file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from statistics import linear_regression

LAST = 4
"""Points that the shape is taken of: the largest ones, where what grows fastest shows."""

WIDTH, HEIGHT = 300, 190
LEFT, TOP, RIGHT, BOTTOM = 52, 42, 14, 34
COLOURS = ("#1b5e8c", "#b3541e")
MARKS = ("none", "#fff")


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What something costs (`unit`: s or MB) at each size, sizes rising."""

    name: str
    unit: str
    sizes: Sequence[float]
    costs: Sequence[float]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """p of the cost a + b × size^p that fits the last points best, by least squares: 1 linear, 2 quadratic.

    Where a cost grows as n log n, that is a little above 1. None where the last cost is less than a tenth above the
    first of these: what hardly grows has no shape. Needs four sizes, all different; finds nothing above 4.
    """
    if len(sizes) < LAST:
        raise ValueError(f"a shape needs {LAST} sizes or more")
    largest = sizes[-1]
    shares, last = [size / largest for size in sizes[-LAST:]], costs[-LAST:]
    if last[-1] < 1.1 * last[0]:
        return None

    def off(power: float) -> float:
        raised = [share**power for share in shares]
        slope, base = linear_regression(raised, last)
        return sum((cost - base - slope * x) ** 2 for x, cost in zip(raised, last, strict=True))

    return min((step / 100 for step in range(5, 401)), key=off)


def chart(panels: Mapping[str, Sequence[Curve]]) -> str:
    """One column a title: seconds above, memory below; the dashed line is straight from the first point to the last, so
    that a curve which bends upwards lies under it."""
    columns = list(panels.items())
    total = (len(columns) * WIDTH, 2 * HEIGHT + 24)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" '
        'font-family="sans-serif" font-size="11" fill="#222">',
        f'<rect width="{total[0]}" height="{total[1]}" fill="#fff"/>',
    ]
    for number, (title, curves) in enumerate(columns):
        for row, unit in enumerate(("s", "MB")):
            shown = [curve for curve in curves if curve.unit == unit]
            what = "processor, s" if unit == "s" else "memory, MB"
            parts.append(f'<g transform="translate({number * WIDTH} {row * HEIGHT})">')
            parts += _panel(f"{title}: {what}", shown)
            parts.append("</g>")
    parts.append(
        f'<text x="{LEFT}" y="{total[1] - 8}">Dashed: straight from the first point to the last; a cost that grows '
        "faster than linearly lies under it.</text>"
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(title: str, curves: Sequence[Curve]) -> list[str]:
    top = _round(max(max(curve.costs) for curve in curves))
    wide = _round(max(max(curve.sizes) for curve in curves))
    bottom = HEIGHT - BOTTOM

    def across(size: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * size / wide, 1)

    def up(cost: float) -> float:
        return round(bottom - (bottom - TOP) * cost / top, 1)

    parts = [f'<text x="{LEFT}" y="14" font-weight="bold">{escape(title)}</text>']
    for step in range(3):
        value = top * step / 2
        parts.append(f'<path d="M{LEFT} {up(value)}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{up(value) + 4}" text-anchor="end">{value:,g}</text>')
    for step, anchor in ((0, "middle"), (1, "middle"), (2, "end")):
        size = wide * step / 2
        parts.append(f'<text x="{across(size)}" y="{bottom + 16}" text-anchor="{anchor}">{_short(size)}</text>')
    for number, curve in enumerate(curves):
        places = [(across(size), up(cost)) for size, cost in zip(curve.sizes, curve.costs, strict=True)]
        line = "L".join(f"{x} {y}" for x, y in places)
        colour = COLOURS[number]
        ends = f"M{places[0][0]} {places[0][1]}L{places[-1][0]} {places[-1][1]}"
        parts.append(f'<path d="{ends}" stroke="{colour}" stroke-dasharray="3 3" fill="none" opacity=".6"/>')
        parts.append(f'<path d="M{line}" stroke="{colour}" stroke-width="1.5" fill="none"/>')
        fill = colour if MARKS[number] == "none" else MARKS[number]
        parts += [f'<circle cx="{x}" cy="{y}" r="2.5" fill="{fill}" stroke="{colour}"/>' for x, y in places]
        label_at = LEFT + 110 * number
        parts.append(f'<circle cx="{label_at + 3}" cy="26" r="2.5" fill="{fill}" stroke="{colour}"/>')
        parts.append(f'<text x="{label_at + 10}" y="30">{escape(curve.name)}</text>')
    return parts


def _round(value: float) -> float:
    """The least of 1, 2, 4, 5, 6 and 8 times a power of ten that is not below by more than a hundredth."""
    power = 10.0 ** floor(log10(value)) if value > 0 else 1.0
    return next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power * 1.01 >= value)


def _short(value: float) -> str:
    """A size on an axis: 2M, 250k, 96."""
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return str(ceil(value))
