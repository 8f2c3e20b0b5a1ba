"""All rules of an audit, in the order in which they can be judged: those over the data, then those over the findings.

A rule over `findings` sees what the rules over the data found, never what another such rule made of it: so their order
says nothing, and no finding is counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditor.core.finding import Evidence
from auditor.core.progress import Progress
from auditor.core.result import Period, RuleResult
from auditor.core.text import Text
from auditor.engines import found
from auditor.engines.base import Session
from auditor.engines.judge import judge, judge_all, tell
from auditor.engines.judged import Data, Judged, Told
from auditor.kinds.scope import Clock
from auditor.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class Time:
    """The days audited and the present, in the engine's words and in the report's."""

    clock: Clock
    period: Period


def judge_together(
    rules: Sequence[Rule], session: Session, data: Data, time: Time, progress: Progress
) -> list[tuple[Rule, Judged]]:
    """Every rule with what it came to, in the order given. Advances the progress by one a rule."""
    came_to: dict[str, Judged] = {}
    plain = [rule for rule in rules if not rule.combines]
    for rule_id, judged in judge_all(plain, session, data, time.clock, time.period, progress).items():
        came_to[rule_id] = tell(judged)
    combining = [rule for rule in rules if rule.combines]
    if combining:
        earlier = list(came_to.values())
        findings = [one for judged in earlier for one in judged.findings]
        evidence = [row for judged in earlier for row in judged.evidence]
        found.keep(session, data.columns, findings, evidence)
        known = replace(data, columns={**data.columns, found.FINDINGS: found.provided()})
        results = {judged.result.rule_id: judged.result for judged in earlier}
        for rule in combining:
            judged = judge(rule, session, known, time.clock, time.period)
            judged = replace(judged, told=_on_ground(judged, evidence))
            came_to[rule.rule_id] = replace(judged, result=_said(rule, judged.result, results))
            progress.advance()
    return [(rule, came_to[rule.rule_id]) for rule in rules]


def _on_ground(judged: Judged, evidence: Sequence[Evidence]) -> Told:
    """The findings with the source rows as their evidence in place of those of the table of findings."""
    findings, rows = list(judged.findings), list(found.grounded(judged.evidence, evidence))
    return Told(lambda: (findings, rows))


def needed_for(rule: Rule, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rule itself and those whose findings it combines, among these rules."""
    if not rule.combines:
        return (rule,)
    named: set[str] = set() if rule.kind.takes_all else set(rule.kind.rests_on)
    return (*(one for one in rules if one.runs and not one.combines and (not named or one.rule_id in named)), rule)


def _said(rule: Rule, result: RuleResult, results: dict[str, RuleResult]) -> RuleResult:
    """What was not looked at for a rule that combines: findings of a rule that did not run cannot be among them."""
    if result.result == "error":
        return result
    wanted = rule.kind.rests_on or tuple(sorted(results))
    if rule.kind.must_run and all(_not_run(rule_id, results.get(rule_id)) for rule_id in rule.kind.must_run):
        notes = tuple(note for rule_id in rule.kind.must_run if (note := _not_run(rule_id, results.get(rule_id))))
        reason = Text(zh="；".join(note.zh for note in notes), en="; ".join(note.en for note in notes))
        return RuleResult(rule_id=rule.rule_id, result="not_applicable", reason=reason)
    notes = tuple(_not_run(rule_id, results.get(rule_id)) for rule_id in wanted)
    missing = tuple(note for note in notes if note is not None)
    reason = result.reason
    if missing and len(missing) == len(wanted):
        reason = Text(zh="所依据的规则都没有运行", en="none of the rules that it combines was run")
    elif not result.tested and not result.unknown:
        reason = Text(zh="所依据的规则没有发现，无可合并", en="the rules that it combines found nothing to combine")
    return replace(result, reason=reason, notes=(*result.notes, *missing))


def _not_run(rule_id: str, result: RuleResult | None) -> Text | None:
    if result is not None and result.result in ("flagged", "clean"):
        return None
    why = _why(result)
    return Text(
        zh=f"规则 {rule_id} 未检查，不在合并之内：{why.zh}",
        en=f"{rule_id} was not checked and is not combined: {why.en}",
    )


def _why(result: RuleResult | None) -> Text:
    match result:
        case None:
            return Text(zh="不在本次运行的规则之中", en="it is not among the rules of this run")
        case RuleResult(reason=Text() as reason):
            return reason
        case _:
            return Text(zh="没有结果", en="it has no result")
