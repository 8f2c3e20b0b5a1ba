"""The funnel plot: every judged subject by its cases and by how far it lies from what its peers lead to expect.

Expected rates differ with each subject's mix of cases (indirect standardisation), so observed rates have no common line
to lie about; the excess has, and it is what is judged. The limits are drawn for a subject of average expectation:
z · sqrt(p(1-p)/n + spread²), the spread among honest subjects added as the judgement adds it (Spiegelhalter 2005, Stat.
Med. 24(8), 1185-1202). They show the shape; who is flagged is decided case mix by case mix, with the false discovery
rate and the least excess besides.
"""

from collections.abc import Sequence
from math import exp, log, sqrt

from auditor.core.picture import Peer, Picture
from auditor.core.result import RuleResult
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts.chart import Chart, Row
from auditor.report.charts.subjects import subject
from auditor.report.numbers import count

LIMITS = {"95": 1.959963984540054, "99.8": 3.090232306167813}
"""Two-sided, in per cent: the customary lines of a funnel plot."""

STEPS = 40
LISTED = 60


def funnel(book: Book, result: RuleResult, *, tone: str) -> Chart | None:
    """None where no subjects were judged."""
    picture = result.picture
    if picture is None or not picture.peers:
        return None
    peers = sorted(picture.peers, key=lambda one: (-_height(one), one.subject_id))
    against = all(one.expected is not None for one in peers)
    return Chart(
        name="funnel",
        title=Text(zh="漏斗图：全部可比对象", en="Funnel plot: everyone who was judged"),
        caption=_how_to_read(picture, against=against),
        tone=tone,
        data={
            "against": "peers" if against else "limit",
            "limit": picture.limit,
            "bothWays": picture.both_ways,
            "points": [_point(book, result, one) for one in peers],
            "limits": limits(picture),
        },
        heads=(
            Text(zh="对象", en="Subject"),
            Text(zh="件数", en="Cases"),
            Text(zh="实际", en="Observed"),
            *((Text(zh="期望", en="Expected"), Text(zh="高出", en="Excess")) if against else ()),
            Text(zh="判断", en="Verdict"),
        ),
        rows=tuple(_row(book, result, one, against=against) for one in _first(peers)),
        cut=max(0, len(peers) - LISTED) + picture.left_out,
    )


def limits(picture: Picture) -> dict[str, list[list[float]]]:
    """The lines, by their per cent: [cases, lowest, highest] at steps that are even in the logarithm of the cases."""
    sizes = [max(one.n, 1) for one in picture.peers]
    rate, spread, middle = picture.limit, 0.0, picture.limit
    if picture.spread is not None:
        expected = [(one.expected or 0.0) * one.n for one in picture.peers]
        rate, spread, middle = sum(expected) / max(1, sum(one.n for one in picture.peers)), picture.spread, 0.0
    first, last = log(min(sizes)), log(max(max(sizes), min(sizes) + 1))
    steps = [exp(first + (last - first) * step / STEPS) for step in range(STEPS + 1)]
    return {
        name: [
            [round(n, 2), round(middle - half, 5), round(middle + half, 5)]
            for n, half in _halves(steps, z, rate, spread)
        ]
        for name, z in LIMITS.items()
    }


def _halves(steps: Sequence[float], z: float, rate: float, spread: float) -> list[tuple[float, float]]:
    return [(n, z * sqrt(rate * (1 - rate) / n + spread * spread)) for n in steps]


def _height(one: Peer) -> float:
    return one.value - (one.expected or 0.0)


def _point(book: Book, result: RuleResult, one: Peer) -> dict[str, object]:
    who = subject(book, result.grain, one.subject_id, result.rule_id if one.flagged else None)
    point: dict[str, object] = {"n": one.n, "y": round(_height(one), 5), "value": round(one.value, 5), "id": who.shown}
    if one.flagged:
        point |= {"flagged": 1, "name": who.full}
    if one.expected is not None:
        point["expected"] = round(one.expected, 5)
    if who.href:
        point["href"] = who.href
    return point


def _first(peers: Sequence[Peer]) -> list[Peer]:
    ordered = sorted(peers, key=lambda one: (not one.flagged, -_height(one), one.subject_id))
    return ordered[:LISTED]


def _row(book: Book, result: RuleResult, one: Peer, *, against: bool) -> Row:
    who = subject(book, result.grain, one.subject_id, result.rule_id if one.flagged else None)
    verdict = Text(zh="标出", en="flagged") if one.flagged else Text(zh="未标出", en="not flagged")
    rates = (f"{one.expected or 0:.1%}", f"{_height(one):+.1%}") if against else ()
    cells = (who.full, count(one.n), f"{one.value:.1%}", *rates)
    return Row(
        cells=(*(cell.replace("%", " %") if index else cell for index, cell in enumerate(cells)), verdict),
        href=who.href,
    )


def _how_to_read(picture: Picture, *, against: bool) -> Text:
    others = Text("", "")
    if picture.left_out:
        n = count(picture.left_out)
        others = Text(zh=f"另有 {n} 个未标出的对象没有画出。", en=f" {n} more that were not flagged are not drawn.")
    if not against:
        return Text(
            zh=f"每点一个对象：横轴为件数，纵轴为所占比例；粗线为上限 {picture.limit:.0%}。"
            f"虚线以下的偏离，仅凭偶然即可出现。实心为标出。{others.zh}",
            en=f"A point a subject: across its cases, up its share; the thick line is the limit, {picture.limit:.0%}. "
            f"Up to the dashed lines chance alone may explain the distance. Filled: flagged.{others.en}",
        )
    spread = picture.spread or 0.0
    floor = f"±{picture.limit:.0%}" if picture.both_ways else f"+{picture.limit:.0%}"
    return Text(
        zh=f"每点一个对象：横轴为可比件数，纵轴为实际比例减去同类案件同行的比例（各人案件构成不同，故比超出而不比比例本身）。"
        f"虚线为 95% 与 99.8% 控制限，已计入正常对象之间的差异（标准差 {100 * spread:.1f} 个百分点）；"
        f"粗线为最小幅度 {floor}。"
        f"实心为标出：还须错误发现率达标，所以限外的点不一定是线索。{others.zh}",
        en="A point a subject: across its comparable cases, up its rate less that of peers on like cases (mixes of "
        "cases differ, so the excess is compared and not the rate). Dashed: control limits of 95 % and 99.8 %, widened "
        f"by what honest subjects differ (standard deviation {100 * spread:.1f} points); thick: the least excess, "
        f"{floor}. Filled: flagged, which asks for the false discovery rate besides: a point outside is not yet a "
        f"lead.{others.en}",
    )
