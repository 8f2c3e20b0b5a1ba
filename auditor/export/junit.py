"""A run as a JUnit report, so that any build server can show it and hold a gate by it.

A testcase a rule: `failure` for findings at or above the gate, `error` for a rule that could not run, `skipped` only
for one whose tables were not provided, with the reason. The extract itself is one more testcase, `contract`. A rule
whose findings lie below the gate passes and names them in its output. In a run that follows on from another, each is
named with its state, and those carried from before stand in the output too.
"""

from auditor.core.finding import Finding, Level
from auditor.core.result import RuleCard, RuleResult, Run
from auditor.export.gate import Verdict, gravity, judge, quarantined_rows
from auditor.export.said import Said
from auditor.export.testcase import Testcase, capped, document


def render(run: Run, *, gate: Level) -> str:
    """The XML document, in English, with personal values masked."""
    verdict, said = judge(run, gate), Said(run, personal=False)
    cards = {card.rule_id: card for card in run.cards}
    results = sorted(run.results, key=lambda result: result.rule_id)
    rules = (_rule(result, cards.get(result.rule_id), run, verdict, said) for result in results)
    return document("auditor", [_contract(run), *rules])


def _contract(run: Run) -> Testcase:
    rows = quarantined_rows(run)
    if not (rows or run.contract):
        return Testcase(group="auditor", name="contract")
    lines = [f"{fault.table_name}: {fault.check}: {fault.text.en}" for fault in run.contract]
    lines += [
        f"{entry.source_file}:{entry.source_row}: {entry.reason}" + (f" ({entry.column})" if entry.column else "")
        for entry in run.quarantine
    ]
    return Testcase(
        group="auditor",
        name="contract",
        outcome="failure",
        type="contract",
        message=f"{_number(rows, 'source row')} could not be used, {_number(len(run.contract), 'table fault')}",
        details=tuple(lines),
    )


def _rule(result: RuleResult, card: RuleCard | None, run: Run, verdict: Verdict, said: Said) -> Testcase:
    group, reason = "auditor.rules", result.reason.en if result.reason else "no reason given"
    match result.result:
        case "error":
            return Testcase(group=group, name=result.rule_id, outcome="error", type="rule", message=reason)
        case "not_applicable":
            return Testcase(group=group, name=result.rule_id, outcome="skipped", message=reason)
        case "flagged" | "clean":
            return _judged(group, result, card, run, verdict, said)


def _judged(group: str, result: RuleResult, card: RuleCard | None, run: Run, verdict: Verdict, said: Said) -> Testcase:
    counts = (
        f"tested {result.tested}, flagged {result.violation}, unknown {result.unknown}, skipped {result.skipped}"
        f" ({result.grain})"
    )
    compared = verdict.since is not None
    failing = [finding for finding in verdict.findings if finding.rule_id == result.rule_id]
    named = {finding.finding_id for finding in failing}
    others = sorted((f for f in run.findings if f.rule_id == result.rule_id and f.finding_id not in named), key=gravity)
    others.sort(key=lambda finding: finding.carried)
    why = "on trial" if card and card.status != "active" else "not gating"
    output = (
        counts,
        *capped(f"{'carried' if finding.carried else why}: {_line(finding, said, compared)}" for finding in others),
    )
    if not failing:
        return Testcase(group=group, name=result.rule_id, output=output)
    title = card.title.en if card else result.rule_id
    return Testcase(
        group=group,
        name=result.rule_id,
        outcome="failure",
        type=failing[0].certainty,
        message=f"{title}: {_number(len(failing), 'finding')} at or above {verdict.level}"
        f"{f', new or reopened since {verdict.since}' if compared else ''}; {counts}",
        details=tuple(_line(finding, said, compared) for finding in failing),
        output=output,
    )


def _line(finding: Finding, said: Said, compared: bool) -> str:
    state = f" {finding.state}" if compared else ""
    kind = f"{finding.level} {finding.certainty} {finding.subject_type}"
    return f"{finding.finding_id}{state} {kind} {said.subject(finding)}: {said.sentence(finding).en}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
