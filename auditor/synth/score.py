"""What an audit of a made-up county found of what was planted: rows for most rules, subjects for statistical ones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from auditor.core.result import Run

Kind = Literal["problem", "decoy"]
DERIVED = "lead."
"""Rules that weigh the findings of other rules: what they find besides follows from what is planted for those."""


def planted(entries: Iterable[Mapping[str, Any]], rule_id: str, kind: Kind) -> set[str]:
    """From the entries of planted.json: the rows, or where none are listed the subjects, planted for a rule."""
    listed = [entry for entry in entries if entry["rule"] == rule_id and entry["kind"] == kind]
    return {name for entry in listed for name in (entry["ids"] or entry["key"].values())}


def found(run: Run) -> Mapping[str, set[str]]:
    """By rule, the rows that findings rest on as subjects; for a statistical rule, who was flagged."""
    by_id = {finding.finding_id: finding for finding in run.findings}
    names: dict[str, set[str]] = defaultdict(set)
    for row in run.evidence:
        finding = by_id[row.finding_id]
        if row.role == "subject" and finding.q_value is None:
            names[finding.rule_id].add(row.row_key)
    for finding in run.findings:
        if finding.q_value is not None:
            names[finding.rule_id].add(finding.subject_id)
    return names


def unplanted(rules: Sequence[str], entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rules for which nothing is planted."""
    named = {entry["rule"] for entry in entries if entry["kind"] == "problem"}
    return [rule_id for rule_id in rules if rule_id not in named]
