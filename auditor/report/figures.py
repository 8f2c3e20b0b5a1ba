"""The figures of a statistical finding, each under its name."""

from dataclasses import dataclass

from auditor.core.finding import Finding
from auditor.core.text import Text
from auditor.report.numbers import count, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value under its name."""

    label: Text
    value: Text


def statistics(finding: Finding) -> tuple[Entry, ...]:
    """The figures of a statistical finding; its interval is that of the excess."""
    if finding.value is None or finding.expected is None:
        return ()
    shares = 0 <= finding.value <= 1 and 0 <= finding.expected <= 1
    excess = finding.value - finding.expected
    lines = [
        (Text(zh="观察值", en="observed"), _figure(finding.value, shares)),
        (Text(zh="同类案件期望值", en="expected of like cases"), _figure(finding.expected, shares)),
        (Text(zh="超出", en="excess"), _figure(excess, shares)),
    ]
    if finding.lower is not None and finding.upper is not None:
        interval = f"{_figure(finding.lower, shares)} – {_figure(finding.upper, shares)}"
        lines.append((Text(zh="超出的区间（95%）", en="interval of the excess (95 %)"), interval))
    lines += [
        (Text(zh="p 值", en="p"), quantity(finding.p_value)),
        (Text(zh="q 值（错误发现率）", en="q (false discovery rate)"), quantity(finding.q_value)),
        (Text(zh="所依据案件数", en="cases it rests on"), count(finding.n_cases)),
    ]
    return tuple(Entry(label=label, value=Text(figure, figure)) for label, figure in lines)


def _figure(value: float, is_share: bool) -> str:
    return f"{100 * value:.1f} %" if is_share else quantity(value)
