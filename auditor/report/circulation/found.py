"""Findings counted by unit, chapter, rule, level and month, as one network of counts that add up.

A finding counts once: in the chapter of the first plan item that its rule names, though it may concern others too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from auditor.core.catalogue import CHAPTERS
from auditor.core.finding import Finding
from auditor.core.result import RuleCard
from auditor.report.circulation.flows import UNLIMITED, Arc

_MARGIN = 8
"""How many times dearer it is to withhold the total of a unit, a chapter or a level than a cell."""

OTHER = "—"
"""The chapter of rules that name no item of the plan."""


class Found:
    """The open findings of one certainty; `cards` are the rules that are listed whether or not they found anything."""

    def __init__(self, findings: Sequence[Finding], cards: Iterable[RuleCard]) -> None:
        self._findings = findings
        self._chapter = {card.rule_id: chapter_of(card.covers) for card in cards}
        self._chapter |= {one.rule_id: chapter_of(one.covers) for one in findings if one.rule_id not in self._chapter}
        order = [*CHAPTERS, *sorted({*self._chapter.values()} - {*CHAPTERS})]
        self.chapters = [chapter for chapter in order if chapter in self._chapter.values()]
        self.units = {one.unit_id for one in findings}
        self.months = {month_of(one) for one in findings}

    def arcs(self, tested: Mapping[str, int | None]) -> dict[str, Arc]:
        """Units are split into cells, the cells of a chapter flow together, chapters are split into rules, rules make
        the total, and the total is split by level and by month. `tested` is what readers know was tested by a rule:
        it cannot have found more."""
        found, chapter = self._findings, self._chapter
        arcs = {
            f"unit {unit}": Arc("all", f"u {unit}", n, worth=_MARGIN)
            for unit, n in Counter(one.unit_id for one in found).items()
        }
        for (unit, code), n in Counter((one.unit_id, chapter[one.rule_id]) for one in found).items():
            arcs[f"cell {unit} {code}"] = Arc(f"u {unit}", f"c {code}", n)
        for code, n in Counter(chapter[one.rule_id] for one in found).items():
            arcs[f"chapter {code}"] = Arc(f"c {code}", f"r {code}", n, worth=_MARGIN)
        for rule, n in Counter(one.rule_id for one in found).items():
            known = tested.get(rule)
            arcs[f"rule {rule}"] = Arc(f"r {chapter[rule]}", "sum", n, UNLIMITED if known is None else max(known, n))
        arcs["total"] = Arc("sum", "levels", len(found), worth=_MARGIN**2)
        arcs |= {
            f"level {one}": Arc("levels", "months", n, worth=_MARGIN)
            for one, n in Counter(one.level for one in found).items()
        }
        arcs |= {f"month {one}": Arc("months", "all", n) for one, n in Counter(map(month_of, found)).items()}
        return arcs


def chapter_of(covers: Sequence[str]) -> str:
    return covers[0].partition("-")[0] if covers else OTHER


def month_of(finding: Finding) -> str | None:
    return f"{finding.first_at:%Y-%m}" if finding.first_at else None
