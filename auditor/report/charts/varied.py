"""The curve of a parameter: how many findings each of its values gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.text import Text
from auditor.report.charts.chart import Chart, Row
from auditor.report.numbers import count, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`findings` is None where the rule did not run with the value: it would read like fewer of them. `as_set` is the
    value in use."""

    value: str
    findings: int | None
    flagged: int
    tested: int
    as_set: bool


def varied(name: str, values: Sequence[Value], *, tone: str) -> Chart:
    return Chart(
        name="varied",
        title=Text(zh=f"{name} 取不同值时的发现数", en=f"Findings as {name} varies"),
        caption=Text(
            zh="点上为发现数（每项一次），其下为命中 / 受检；空心点为现值，✕ 为未能运行。各值等距排列。",
            en="Above a point its findings (each once), below it flagged / tested; hollow: the value as set; ✕: the "
            "rule did not run. Values are evenly spaced.",
        ),
        tone=tone,
        data={
            "name": name,
            "values": [
                {
                    "value": one.value,
                    "findings": one.findings,
                    "flagged": one.flagged,
                    "tested": one.tested,
                    "asSet": one.as_set,
                }
                for one in values
            ],
        },
        heads=(
            Text(name, name),
            Text(zh="发现", en="Findings"),
            Text(zh="命中", en="Flagged"),
            Text(zh="受检", en="Tested"),
            Text(zh="占受检", en="Of tested"),
        ),
        rows=tuple(Row(cells=_cells(one)) for one in values),
    )


def _cells(one: Value) -> tuple[str, ...]:
    if one.findings is None:
        return (one.value, "✕", "✕", "✕", "✕")
    return (one.value, count(one.findings), count(one.flagged), count(one.tested), share(one.flagged, one.tested))
