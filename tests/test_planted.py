"""Every problem planted in the sample is found, no decoy is, and nothing else is: from either form of the files."""

import json

import pytest

from auditor.core.result import RuleResult, Run
from auditor.core.schema import tables as schema
from auditor.kinds.base import GroupKind
from auditor.rulebook import Rule, load
from auditor.synth import score
from auditor.synth.planting import ITEMS
from tests.conftest import SAMPLE

PLANTED = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))
RULEBOOK = load().rules
RULES = [rule.rule_id for rule in RULEBOOK]


def test_every_planted_rule_is_in_the_rulebook_and_has_problems_and_decoys() -> None:
    assert set(ITEMS) <= set(RULES)
    for kind in ("problem", "decoy"):
        assert {entry["rule"] for entry in PLANTED if entry["kind"] == kind} == set(ITEMS)


@pytest.mark.parametrize("rule_id", RULES)
@pytest.mark.parametrize("form", ["sample_run", "office_run"])
def test_what_was_planted_is_found_and_nothing_else(form: str, rule_id: str, request: pytest.FixtureRequest) -> None:
    names = score.found(request.getfixturevalue(form)).get(rule_id, set())
    if rule_id.startswith(score.DERIVED):
        assert names >= score.planted(PLANTED, rule_id, "problem")
    else:
        assert names == score.planted(PLANTED, rule_id, "problem")
    assert not names & score.planted(PLANTED, rule_id, "decoy")


def test_every_item_that_a_rule_covers_has_a_problem_and_a_decoy() -> None:
    covered = {item for rule in RULEBOOK for item in rule.covers}
    for kind in ("problem", "decoy"):
        rules = {entry["rule"] for entry in PLANTED if entry["kind"] == kind}
        assert covered - {item for rule in RULEBOOK if rule.rule_id in rules for item in rule.covers} == set()


def test_every_item_that_a_rule_covers_has_a_result_in_the_sample(sample_run: Run) -> None:
    results = {result.rule_id: result.result for result in sample_run.results}
    flagged = {item for rule in RULEBOOK if results[rule.rule_id] == "flagged" for item in rule.covers}
    assert {item for rule in RULEBOOK for item in rule.covers} - flagged == set()


def why_unplanted(rule: Rule, result: RuleResult) -> str | None:
    """Why nothing is planted for a rule, read off the rule and its result; None where that gives no reason."""
    if rule.combines:
        return "rests on the findings of others"
    if any(parameter.waits for parameter in rule.parameters):
        return "waits for a figure that the county gives"
    if result.lacks:
        return "the sample lacks what it reads"
    if not isinstance(rule.kind, GroupKind):
        return None
    if not result.tested:
        return "a comparison, for which the sample has too few subjects or rows"
    return "a comparison in which nobody of the sample was made to stand out"


def test_a_rule_for_which_nothing_is_planted_has_a_reason_that_the_rule_itself_gives(sample_run: Run) -> None:
    results = {result.rule_id: result for result in sample_run.results}
    bare = [rule for rule in RULEBOOK if rule.rule_id in score.unplanted(RULES, PLANTED)]
    unexplained = [rule.rule_id for rule in bare if why_unplanted(rule, results[rule.rule_id]) is None]
    assert unexplained == []
    print(*(f"{rule.rule_id}: {why_unplanted(rule, results[rule.rule_id])}" for rule in bare), sep="\n")


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
