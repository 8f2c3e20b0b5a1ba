"""Observed beside expected, a line a subject, with the interval in which the observed value may well lie."""

from collections.abc import Sequence

from auditor.core.finding import Finding
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts.chart import Chart, Row
from auditor.report.numbers import count, quantity

DRAWN = 30


def intervals(book: Book, findings: Sequence[Finding], *, tone: str) -> Chart | None:
    """The statistical ones among the findings, the first of them drawn; None where there are none."""
    found = [one for one in findings if one.value is not None and one.expected is not None]
    if not found:
        return None
    rates = all(0 <= (one.value or 0) <= 1 and 0 <= (one.expected or 0) <= 1 for one in found)
    drawn = [_line(book, one) for one in found[:DRAWN]]
    cut = len(found) - DRAWN
    more = Text(zh=f"图中为前 {DRAWN} 个。", en=f" The first {DRAWN} are drawn.") if cut > 0 else Text("", "")
    return Chart(
        name="intervals",
        title=Text(zh="与期望值比较", en="Beside what was to be expected"),
        caption=Text(
            zh=f"实心点为观察值，竖线为期望值，横线为观察值的 95% 区间。{more.zh}",
            en=f"Dot: observed; upright: expected; line: 95 % interval of the observed value.{more.en}",
        ),
        tone=tone,
        data={"rates": rates, "lines": drawn},
        heads=(
            Text(zh="对象", en="Subject"),
            Text(zh="件数", en="Cases"),
            Text(zh="观察值", en="Observed"),
            Text(zh="期望值", en="Expected"),
            Text(zh="观察值的区间", en="Interval"),
        ),
        rows=tuple(_row(book, one, rates=rates) for one in found[:DRAWN]),
        cut=max(0, cut),
    )


def _name(book: Book, finding: Finding) -> str:
    subject = book.masks.subject(finding.subject_type, finding.subject_id, book.secrets(finding))
    name = book.officer_name(finding.subject_id) if finding.subject_type == "officer" else ""
    return f"{subject} {name}".strip()


def compact(finding: Finding) -> list[float | None] | None:
    """Observed, expected, lowest and highest, as the viewer's `figures.js` reads them; None where none is expected."""
    if finding.value is None or finding.expected is None:
        return None
    ends = _ends(finding)
    return [finding.value, finding.expected, *((None, None) if ends is None else (round(end, 6) for end in ends))]


def _ends(finding: Finding) -> tuple[float, float] | None:
    """Limits are kept of the excess; the observed value lies so far above the expected one."""
    if finding.lower is None or finding.upper is None or finding.expected is None:
        return None
    return finding.lower + finding.expected, finding.upper + finding.expected


def _line(book: Book, finding: Finding) -> dict[str, object]:
    ends = _ends(finding)
    return {
        "name": _name(book, finding),
        "n": finding.n_cases,
        "observed": finding.value,
        "expected": finding.expected,
        "ends": None if ends is None else [round(end, 6) for end in ends],
        "href": book.finding_href(finding),
    }


def _row(book: Book, finding: Finding, *, rates: bool) -> Row:
    def shown(value: float | None) -> str:
        return quantity(value) if value is None or not rates else f"{100 * value:.1f} %"

    ends = _ends(finding)
    span = "—" if ends is None else f"{shown(ends[0])} – {shown(ends[1])}"
    return Row(
        cells=(_name(book, finding), count(finding.n_cases), shown(finding.value), shown(finding.expected), span),
        href=book.finding_href(finding),
    )
