"""A run as one JSON document for machines: the summary, the gate, every rule and every finding with its rows.

Personal values are masked, and the fingerprint in clear is left out with them, because its key may be a plate or a
person's id; `finding_id` stays and is the same in every edition.
"""

import json
from math import isfinite
from typing import Any

from auditor.core.finding import Finding, Level
from auditor.core.masks import described
from auditor.core.result import InputFile, PassedOver, QuarantineEntry, RuleCard, RuleResult, Run, TooFew
from auditor.core.since import since
from auditor.core.text import Text
from auditor.export.gate import gravity, judge
from auditor.export.said import Said
from auditor.export.summary import Summary, summarise

FORM = "auditor-results/1"


def render(run: Run, *, gate: Level | None = None, report: str | None = None, personal: bool = False) -> str:
    """The document, ending in a line break; keys stand in reading order, equal runs give equal bytes. `report` is where
    the report lies, where one was written."""
    said = Said(run, personal=personal)
    cards = {card.rule_id: card for card in run.cards}
    document: dict[str, Any] = {
        "form": FORM,
        "masked": not personal,
        "period": {
            "label": run.period.label,
            "first": run.period.first.isoformat(),
            "last": run.period.last.isoformat(),
        },
        "as_of": run.as_of.isoformat(),
        "rulebook_sha256": run.rulebook_sha256,
        "overrides": dict(sorted(run.overrides.items())),
        "summary": _summary(summarise(run)),
    }
    if report is not None:
        document["report"] = report
    document["baseline"] = _baseline(run)
    if gate is not None:
        document["gate"] = _gate(run, gate)
    document["inputs"] = [
        {**input_file(file), "passed_over": [_passed_over(row, personal=personal) for row in file.passed_over]}
        for file in run.inputs
    ]
    document["unread"] = [{"file": file.file, "reason": file.reason.to_dict()} for file in run.unread]
    document["contract"] = [
        {
            "table": fault.table_name,
            "check": fault.check,
            "rows": len(fault.rows),
            "text": fault.text.to_dict(),
        }
        for fault in run.contract
    ]
    document["quarantine"] = [_quarantined(entry, personal=personal) for entry in run.quarantine]
    document["rules"] = [
        _rule(result, cards.get(result.rule_id), said) for result in sorted(run.results, key=lambda r: r.rule_id)
    ]
    rows = _evidence(run)
    document["findings"] = [
        _finding(finding, said, rows.get(finding.finding_id, [])) for finding in sorted(run.findings, key=gravity)
    ]
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "rules": summary.rules,
        "tested": [
            {
                "grain": part.grain,
                "rules": part.rules,
                "tested": part.tested,
                "flagged": part.flagged,
                "unknown": part.unknown,
                "skipped": part.skipped,
            }
            for part in summary.tested
        ],
        "violations": summary.levels["violation"],
        "leads": summary.levels["lead"],
        "on_trial": summary.trial_findings,
        "waived": summary.waived,
        "rules_not_run": [
            {"rule_id": rule.rule_id, "result": rule.result, "reason": _text(rule.reason)} for rule in summary.not_run
        ],
        "rows": {"read": summary.read, "loaded": summary.loaded, "quarantined": summary.quarantined},
    }


def _baseline(run: Run) -> dict[str, Any] | None:
    """What the run follows on from, and what became of its findings; null where nothing was compared, and then every
    state is `new` for want of anything to compare with."""
    told = since(run)
    if told is None:
        return None
    return {
        "period": told.period,
        "runs": [
            {"period": one.period, "as_of": one.as_of.isoformat(), "rulebook_sha256": one.rulebook_sha256}
            for one in run.chain
        ],
        "violations": dict(told.counts["violation"]),
        "leads": dict(told.counts["lead"]),
        "notes": [note.to_dict() for note in run.chain_notes],
    }


def _gate(run: Run, gate: Level) -> dict[str, Any]:
    verdict = judge(run, gate)
    return {
        "fail_on": gate,
        "findings": len(verdict.findings),
        **({} if verdict.since is None else {"since": verdict.since, "standing": verdict.standing}),
        "broken_contract": verdict.broken_contract,
        "rules_in_error": list(verdict.errors),
        "exit_status": verdict.exit_status,
    }


def input_file(file: InputFile) -> dict[str, Any]:
    """A file and what became of each of its rows: the counts under `accounted` add up to `rows`."""
    return {
        "file": file.file,
        "table": file.table_name,
        "format": file.format,
        "encoding": file.encoding,
        "sha256": file.sha256,
        "rows": file.rows,
        "accounted": file.counts(),
        "read": file.read,
        "loaded": file.loaded,
        "quarantined": file.quarantined,
    }


def _passed_over(row: PassedOver, *, personal: bool) -> dict[str, Any]:
    """What such a line says could be anything, as with a quarantined row."""
    place: dict[str, Any] = {"row": row.source_row, "kind": row.kind}
    return {**place, "text": row.text} if personal else place


def _quarantined(entry: QuarantineEntry, *, personal: bool) -> dict[str, Any]:
    """Where a row stands and why it was set aside; what it says could be anything, so it is kept back."""
    place: dict[str, Any] = {
        "file": entry.source_file,
        "row": entry.source_row,
        "table": entry.table_name,
        "column": entry.column,
        "reason": entry.reason,
    }
    return {**place, "raw_value": entry.raw_value, "text": entry.text.to_dict()} if personal else place


def _rule(result: RuleResult, card: RuleCard | None, said: Said) -> dict[str, Any]:
    return {
        "rule_id": result.rule_id,
        **(_about(card) if card else {}),
        "result": result.result,
        "reason": _text(result.reason),
        "lacks": list(result.lacks),
        "grain": result.grain,
        "tested": result.tested,
        "ok": result.ok,
        "violation": result.violation,
        "unknown": result.unknown,
        "skipped": result.skipped,
        "findings": result.findings,
        "not_judged": [
            {"subject_id": _counted(card, result, item.subject_id, said), "reason": item.reason.to_dict(), "n": item.n}
            for item in result.not_judged
        ],
        "too_few": _too_few(result.too_few),
        "notes": [note.to_dict() for note in result.notes],
    }


def _too_few(counted: TooFew | None) -> dict[str, Any] | None:
    """Subjects that were not judged and are not named, for they are too many."""
    if counted is None:
        return None
    return {"subjects": counted.subjects, "n": counted.n, "fewest": counted.fewest, "text": counted.text.to_dict()}


def _about(card: RuleCard) -> dict[str, Any]:
    return {
        "title": card.title.to_dict(),
        "covers": list(card.covers),
        "level": card.level,
        "certainty": card.certainty,
        "status": card.status,
        "parameters": {parameter.name: parameter.value for parameter in card.parameters},
    }


def _counted(card: RuleCard | None, result: RuleResult, subject_id: str, said: Said) -> str:
    """A value of the column that a statistical rule counted by."""
    if card is None or described(card.table, result.grain) is None:
        return said.masks.subject(result.grain.removesuffix("_id"), subject_id)
    return said.masks.cell(card.table, result.grain, subject_id).en


def _finding(finding: Finding, said: Said, rows: list[dict[str, Any]]) -> dict[str, Any]:
    personal = not said.masks.masked
    return {
        "finding_id": finding.finding_id,
        **({"fingerprint": finding.fingerprint} if personal else {}),
        "rule_id": finding.rule_id,
        "covers": list(finding.covers),
        "certainty": finding.certainty,
        "level": finding.level,
        "subject_type": finding.subject_type,
        "subject_id": said.subject(finding),
        "unit_id": finding.unit_id,
        "period": finding.period,
        "state": finding.state,
        "state_reason": _text(finding.state_reason),
        "waived": finding.waived,
        "metric": finding.metric,
        "value": _number(finding.value),
        "threshold": _number(finding.threshold),
        "expected": _number(finding.expected),
        "lower": _number(finding.lower),
        "upper": _number(finding.upper),
        "p_value": _number(finding.p_value),
        "q_value": _number(finding.q_value),
        "n_cases": finding.n_cases,
        "first_at": finding.first_at.isoformat() if finding.first_at else None,
        "last_at": finding.last_at.isoformat() if finding.last_at else None,
        "message": said.sentence(finding).to_dict(),
        "evidence": rows,
    }


def _evidence(run: Run) -> dict[str, list[dict[str, Any]]]:
    """Where the rows of each finding stand. A row's key is its canonical id, and a register of vehicles is keyed by
    plate, so keys that are personal are left to the working papers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in run.evidence:
        place = {"table": row.table_name, "role": row.role, "file": row.source_file, "row": row.source_row}
        found.setdefault(row.finding_id, []).append(place)
    return found


def _number(value: float | None) -> float | None:
    """JSON has no word for a number without bounds."""
    return value if value is not None and isfinite(value) else None


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_dict() if text else None
