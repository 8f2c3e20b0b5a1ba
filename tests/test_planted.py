"""Every problem planted in the sample is found, no decoy is, and nothing else is: from either form of the files."""

import json
from collections import defaultdict
from collections.abc import Mapping

import pytest

from auditor.core.result import Run
from auditor.core.schema import tables as schema
from auditor.rulebook import load
from auditor.synth.planting import ITEMS
from tests.conftest import SAMPLE

PLANTED = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))
RULES = [rule.rule_id for rule in load().rules]
DERIVED = "lead."
"""Rules that weigh the findings of other rules: what they find follows from what is planted for those."""


def planted(rule_id: str, kind: str) -> set[str]:
    """The rows, or for a rule about officers the officers, planted as problems or decoys of a rule."""
    entries = [entry for entry in PLANTED if entry["rule"] == rule_id and entry["kind"] == kind]
    return {name for entry in entries for name in (entry["ids"] or entry["key"].values())}


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


def test_every_planted_rule_is_in_the_rulebook_and_has_problems_and_decoys() -> None:
    assert set(ITEMS) <= set(RULES)
    for kind in ("problem", "decoy"):
        assert {entry["rule"] for entry in PLANTED if entry["kind"] == kind} == set(ITEMS)


@pytest.mark.parametrize("rule_id", RULES)
@pytest.mark.parametrize("form", ["sample_run", "office_run"])
def test_what_was_planted_is_found_and_nothing_else(form: str, rule_id: str, request: pytest.FixtureRequest) -> None:
    names = found(request.getfixturevalue(form))[rule_id]
    if rule_id.startswith(DERIVED):
        assert names >= planted(rule_id, "problem")
    else:
        assert names == planted(rule_id, "problem")
    assert not names & planted(rule_id, "decoy")


def test_both_forms_of_the_files_give_the_same_findings(sample_run: Run, office_run: Run) -> None:
    def said(run: Run) -> list[tuple[str, str, str]]:
        return [(finding.finding_id, finding.level, finding.message.zh) for finding in run.findings]

    assert said(sample_run) == said(office_run)


def test_every_planted_rule_ran_and_every_row_is_accounted_for(sample_run: Run, office_run: Run) -> None:
    for run in (sample_run, office_run):
        assert {result.rule_id for result in run.results if result.result == "flagged"} >= set(ITEMS)
        assert {result.result for result in run.results} <= {"flagged", "clean", "not_applicable"}
        assert all(file.read == file.loaded + file.quarantined for file in run.inputs)
        assert all(result.tested == result.ok + result.violation for result in run.results)


def test_a_finding_rests_on_rows_that_are_in_the_files(sample_run: Run) -> None:
    lines = {file.file: (SAMPLE / file.file).read_text(encoding="utf-8").splitlines() for file in sample_run.inputs}
    assert sample_run.evidence
    for row in sample_run.evidence:
        # No cell of the sample holds a line break, so record n of the file is its line n.
        name = row.row_key.split("/")[0]
        line = lines[row.source_file][row.source_row - 1]
        assert name in line or not schema()[row.table_name].key
