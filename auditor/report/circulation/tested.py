"""How much was tested, as published: row checks by rule, unit and month, and subjects rule by rule.

Row checks add up to one total, by rule as by unit and month where every rule counted so. What rules judge otherwise
(officers, sites) is never added up.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.core.finding import Certainty
from auditor.core.result import RuleResult
from auditor.report.book import Book
from auditor.report.circulation.figures import Figure, alone
from auditor.report.circulation.flows import Arc
from auditor.report.circulation.suppress import withheld
from auditor.report.counts import slices


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Units and months that nobody counted are not among the keys."""

    total: Figure
    rules: Mapping[str, Figure]
    unknown: Mapping[str, Figure]
    units: Mapping[str | None, Figure]
    months: Mapping[str | None, Figure]


def tested(book: Book, certainty: Certainty, ran: Sequence[RuleResult], least: int) -> Tested:
    """Of the rules that ran and are of this certainty."""
    by_row = [result for result in ran if result.grain == "row"]
    counted = slices(book, certainty)
    units, months = Counter[str | None](), Counter[str | None]()
    for one in counted:
        units[one.unit_id] += one.tested
        months[one.month] += one.tested
    arcs = {f"rule {result.rule_id}": Arc("all", "sum", result.tested) for result in by_row}
    total = sum(result.tested for result in by_row)
    splits = [("unit", units), ("month", months)]
    node = "sum"
    loose: dict[str, Arc] = {}
    for kind, counts in splits:
        adds_up = sum(counts.values()) == total
        tail, head = (node, f"{kind}s") if adds_up else (f"{kind}s apart", f"{kind}s together")
        for name, n in counts.items():
            loose[f"{kind} {name}"] = Arc(tail, head, n)
        if adds_up:
            node = head
        else:
            loose[f"all {kind}s"] = Arc(head, tail, sum(counts.values()))
    arcs |= loose
    arcs["total"] = Arc(node, "all", total)
    hidden = withheld(arcs, least)

    def figure(name: str) -> Figure:
        return Figure(None if name in hidden else arcs[name].count)

    return Tested(
        total=figure("total"),
        rules={
            result.rule_id: figure(f"rule {result.rule_id}") if result.grain == "row" else alone(result.tested, least)
            for result in ran
        },
        unknown={result.rule_id: alone(result.unknown, least) for result in ran},
        units={unit: figure(f"unit {unit}") for unit in units},
        months={month: figure(f"month {month}") for month in months},
    )
