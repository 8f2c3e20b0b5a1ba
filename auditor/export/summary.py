"""A run in a dozen numbers: how much was tested, how much of it was flagged, and what nobody could look at.

Rows are counted once for every rule that tested them, and rules that count rows are never added to rules that count
officers. Rules on trial stand apart from all totals.
"""

from dataclasses import dataclass

from auditor.core.finding import LEVELS, Certainty, Level
from auditor.core.result import RuleResult, Run
from auditor.core.since import Since, since
from auditor.core.text import Text
from auditor.export.gate import open_findings, quarantined_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What the rules of one grain came to; `grain` is `row` or the column whose values were judged."""

    grain: str
    rules: int
    tested: int
    flagged: int
    unknown: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    rule_id: str
    result: str
    reason: Text | None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`levels` counts open findings by certainty and level; levels without any are left out. `since` says what became
    of all findings since the baseline, None where nothing was compared."""

    tested: tuple[Tested, ...]
    levels: dict[Certainty, dict[Level, int]]
    trial_findings: int
    waived: int
    rules: int
    not_run: tuple[NotRun, ...]
    read: int
    loaded: int
    quarantined: int
    contract: int
    since: Since | None = None


def summarise(run: Run) -> Summary:
    trial = {card.rule_id for card in run.cards if card.status != "active"}
    counted = [result for result in run.results if result.rule_id not in trial]
    ran = [result for result in counted if result.result in ("flagged", "clean")]
    found = open_findings(run)
    return Summary(
        tested=tuple(_tested(grain, [r for r in ran if r.grain == grain]) for grain in _grains(ran)),
        levels={
            certainty: {
                level: count
                for level in LEVELS
                if (count := sum(f.certainty == certainty and f.level == level for f in found))
            }
            for certainty in ("violation", "lead")
        },
        trial_findings=sum(finding.rule_id in trial and not finding.carried for finding in run.findings),
        waived=sum(finding.waived for finding in run.findings),
        rules=len(run.results),
        not_run=tuple(
            NotRun(rule_id=result.rule_id, result=result.result, reason=result.reason, lacks=result.lacks)
            for result in sorted(run.results, key=lambda result: (result.result != "error", result.rule_id))
            if result.result in ("error", "not_applicable")
        ),
        read=sum(file.read for file in run.inputs),
        loaded=sum(file.loaded for file in run.inputs),
        quarantined=quarantined_rows(run),
        contract=len(run.contract),
        since=since(run),
    )


def _grains(results: list[RuleResult]) -> list[str]:
    return sorted({result.grain for result in results}, key=lambda grain: (grain != "row", grain))


def _tested(grain: str, results: list[RuleResult]) -> Tested:
    return Tested(
        grain=grain,
        rules=len(results),
        tested=sum(result.tested for result in results),
        flagged=sum(result.violation for result in results),
        unknown=sum(result.unknown for result in results),
        skipped=sum(result.skipped for result in results),
    )
