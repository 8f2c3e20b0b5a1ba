"""A rule judged month by month over the same data, and two versions of it beside each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditor.core.backtest import Comparison, MonthCount, MonthShift, Moved, Shift, Tried, UnitCount
from auditor.core.finding import Evidence, Finding
from auditor.core.masks import Masks, secrets_in
from auditor.core.progress import Progress, Silent
from auditor.core.result import ContractFinding, Period, RuleCard
from auditor.core.text import Text
from auditor.engines.base import Session
from auditor.engines.cards import card
from auditor.engines.compiler import compile_rule
from auditor.engines.facts import records
from auditor.engines.judged import Data, Judged
from auditor.engines.lacks import lacking
from auditor.engines.together import Time, judge_together, needed_for
from auditor.intake import Loaded
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A version of the rule: its outcome month by month, and that in counts."""

    judged: Sequence[Judged]
    tried: Tried

    def ran_in(self, month: int) -> bool:
        return self.tried.lacks is None and self.judged[month].result.result != "error"


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A finding as the last month that reports it tells it, with its rows, and all months that report it."""

    finding: Finding
    evidence: tuple[Evidence, ...]
    months: tuple[str, ...]


class Past:
    """The months, the data, and what is wrong with whole tables of it as far as the rule met it."""

    def __init__(self, session: Session, loaded: Loaded, months: Sequence[Period], progress: Progress) -> None:
        """`progress` advances by one for each month of each version; what a version combines runs within that."""
        self._session, self._columns, self._months, self._progress = session, loaded.columns, months, progress
        self._data = Data.of(loaded)
        self.contract: list[ContractFinding] = []

    def run(self, rule: Rule, others: Sequence[Rule] = ()) -> Ran:
        """Every month as its own audit would judge it: reported for its days, as of its last one. Of the `others`
        those run with it whose findings it combines."""
        judged: list[Judged] = []
        for month in self._months:
            time = Time(clock=_clock(month), period=month)
            together = judge_together(needed_for(rule, others), self._session, self._data, time, Silent())
            judged.append(together[-1][1])
            self._progress.advance()
        self.contract += [found for one in judged for found in one.contract]
        months = tuple(_counted(month, one) for month, one in zip(self._months, judged, strict=True))
        each_once = {found.finding_id: found for one in judged for found in one.findings}
        tried = Tried(
            card=card(rule, statement=judged[-1].statement),
            sha256=rule.sha256,
            grain=next((one.result.grain for one in judged if one.result.grain != "row"), "row"),
            lacks=self._lacks(rule, others) if judged[-1].result.result == "not_applicable" else None,
            months=months,
            units=_units([unit for month in months for unit in month.units], each_once.values()),
            findings=len(each_once),
        )
        return Ran(judged=judged, tried=tried)

    def compare(self, ran: Ran, before: Ran) -> Comparison:
        """The findings of two versions by their identity, over the months in which both ran."""
        both = [number for number in range(len(self._months)) if ran.ran_in(number) and before.ran_in(number)]
        now, then = self._found(ran, both), self._found(before, both)
        told = self._told(before.tried.card, then, now, then) | self._told(ran.tried.card, now, now, then)

        def in_order(ids: Iterable[str]) -> tuple[Moved, ...]:
            found = [told[one] for one in ids]
            return tuple(sorted(found, key=lambda one: (one.months or one.months_before, one.finding_id)))

        return Comparison(
            before=before.tried,
            months=tuple(
                self._month_shift(number, ran, before, compared=number in both) for number in range(len(self._months))
            ),
            units=_shifts(_findings(now), _findings(then)),
            newly=in_order(now.keys() - then.keys()),
            gone=in_order(then.keys() - now.keys()),
            unchanged=in_order(now.keys() & then.keys()),
        )

    def _month_shift(self, number: int, ran: Ran, before: Ran, *, compared: bool) -> MonthShift:
        months = [number] if compared else []
        units = _shifts(_findings(self._found(ran, months)), _findings(self._found(before, months)))
        return MonthShift(
            month=self._months[number].label,
            compared=compared,
            newly=sum(unit.newly for unit in units),
            gone=sum(unit.gone for unit in units),
            unchanged=sum(unit.unchanged for unit in units),
            units=units,
        )

    def _found(self, ran: Ran, months: Iterable[int]) -> dict[str, _Found]:
        found: dict[str, _Found] = {}
        for number in months:
            evidence: dict[str, list[Evidence]] = {}
            for row in ran.judged[number].evidence:
                evidence.setdefault(row.finding_id, []).append(row)
            for finding in ran.judged[number].findings:
                earlier = found.get(finding.finding_id)
                found[finding.finding_id] = _Found(
                    finding=finding,
                    evidence=tuple(evidence.get(finding.finding_id, ())),
                    months=(*(earlier.months if earlier else ()), self._months[number].label),
                )
        return found

    def _told(
        self, rule: RuleCard, found: Mapping[str, _Found], now: Mapping[str, _Found], then: Mapping[str, _Found]
    ) -> dict[str, Moved]:
        """The findings in words, with all masked that their own rows hold of private persons."""
        masks = Masks(masked=True)
        cited = records(self._session, self._columns, [row for one in found.values() for row in one.evidence])
        by_place = {(record.table_name, record.source_file, record.source_row): record for record in cited}
        told: dict[str, Moved] = {}
        for finding_id, one in found.items():
            finding = one.finding
            rows = [by_place[row.table_name, row.source_file, row.source_row] for row in one.evidence]
            secrets = secrets_in(rows, finding.facts)
            told[finding_id] = Moved(
                finding_id=finding_id,
                unit_id=finding.unit_id,
                level=finding.level,
                subject_type=finding.subject_type,
                subject=masks.subject(finding.subject_type, finding.subject_id, secrets),
                sentence=masks.sentence(rule.message, finding, secrets),
                months=now[finding_id].months if finding_id in now else (),
                months_before=then[finding_id].months if finding_id in then else (),
            )
        return told

    def _lacks(self, rule: Rule, others: Sequence[Rule]) -> Text | None:
        if rule.combines:
            combined = [self._lacks(one, ()) for one in needed_for(rule, others)[:-1]]
            return next((lacks for lacks in combined if lacks is not None), None) if all(combined) else None
        setting = Setting(
            scope=rule.scope,
            clock=_clock(self._months[-1]),
            date_precision=self._data.date_precision,
            provided=self._data.columns,
        )
        return lacking(compile_rule(rule, setting), self._data)


def _clock(month: Period) -> Clock:
    return Clock(first=month.first, last=month.last, as_of=month.last)


def _counted(month: Period, judged: Judged) -> MonthCount:
    result = judged.result
    slices = [
        UnitCount(unit_id=one.unit_id, tested=one.tested, flagged=one.violation, unknown=one.unknown, findings=0)
        for one in result.slices
    ]
    return MonthCount(
        month=month.label,
        result=result.result,
        reason=result.reason,
        tested=result.tested,
        flagged=result.violation,
        unknown=result.unknown,
        findings=result.findings,
        units=_units(slices, judged.findings),
    )


def _units(counts: Iterable[UnitCount], findings: Iterable[Finding]) -> tuple[UnitCount, ...]:
    """The counts of each unit added up, with the number of its findings. A unit of which nothing was in scope has no
    line, and one that the rule did not count has findings alone."""
    found = Counter(finding.unit_id for finding in findings)
    sums: dict[str | None, list[int]] = {}
    for one in counts:
        if one.tested is not None and (one.tested or one.unknown):
            sum_ = sums.setdefault(one.unit_id, [0, 0, 0])
            for index, value in enumerate((one.tested, one.flagged or 0, one.unknown or 0)):
                sum_[index] += value
    counted: list[UnitCount] = []
    for unit in _in_order({*sums, *found}):
        tested, flagged, unknown = sums.get(unit, (None, None, None))
        counted.append(UnitCount(unit_id=unit, tested=tested, flagged=flagged, unknown=unknown, findings=found[unit]))
    return tuple(counted)


def _findings(found: Mapping[str, _Found]) -> dict[str, Finding]:
    return {finding_id: one.finding for finding_id, one in found.items()}


def _shifts(now: Mapping[str, Finding], then: Mapping[str, Finding]) -> tuple[Shift, ...]:
    """By unit; a finding that both versions flag is counted with the unit that it has now."""
    newly = Counter(now[one].unit_id for one in now.keys() - then.keys())
    gone = Counter(then[one].unit_id for one in then.keys() - now.keys())
    unchanged = Counter(now[one].unit_id for one in now.keys() & then.keys())
    return tuple(
        Shift(unit_id=unit, newly=newly[unit], gone=gone[unit], unchanged=unchanged[unit])
        for unit in _in_order({*newly, *gone, *unchanged})
    )


def _in_order(units: Iterable[str | None]) -> list[str | None]:
    """By id, what belongs to no unit last."""
    return sorted(units, key=lambda unit: (unit is None, unit or ""))
