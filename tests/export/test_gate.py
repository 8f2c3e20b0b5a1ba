"""The gate: what stops it, what does not, and which exit status each verdict has."""

from dataclasses import replace

import pytest

from auditor.core.finding import LEVELS, Level
from auditor.core.result import RuleResult, Run
from auditor.export.gate import judge, open_findings
from tests.specimen import PLATE, card, finding, run


def sound(**changes: object) -> Run:
    """The specimen with nothing wrong but what `changes` put in."""
    nothing = replace(
        run(),
        contract=(),
        quarantine=(),
        findings=(),
        results=tuple(result for result in run().results if result.result != "error"),
    )
    return replace(nothing, **changes)


def test_nothing_found_passes() -> None:
    assert judge(sound(), "info").exit_status == 0


@pytest.mark.parametrize("level", LEVELS)
def test_a_finding_fails_gates_at_its_level_and_all_below(level: Level) -> None:
    found = sound(findings=(finding("repeat.same-place-time", PLATE, level="medium"),))
    assert judge(found, level).exit_status == (1 if level in ("medium", "low", "info") else 0)


def test_a_lead_counts_at_its_level() -> None:
    lead = finding("profit.max-fine-rate", "P001", certainty="lead", level="high")
    assert judge(sound(findings=(lead,)), "high").exit_status == 1


@pytest.mark.parametrize("status", ["trial", "draft", "retired"])
def test_only_active_rules_gate(status: str) -> None:
    found = sound(cards=(card("some.rule", status=status),), findings=(finding("some.rule", PLATE, level="critical"),))
    assert judge(found, "info").exit_status == 0


def test_a_broken_contract_fails_whatever_the_gate() -> None:
    assert judge(sound(contract=run().contract), "critical").exit_status == 1
    assert judge(sound(quarantine=run().quarantine[:1]), "critical").exit_status == 1


def test_a_row_with_two_faults_is_one_row() -> None:
    entry = run().quarantine[0]
    assert judge(sound(quarantine=(entry, replace(entry, column="other"))), "high").broken_contract == 1


def test_a_rule_in_error_outranks_findings() -> None:
    broken = RuleResult(rule_id="broken.rule", result="error")
    found = sound(results=(broken,), findings=(finding("repeat.same-place-time", PLATE),))
    assert judge(found, "high").exit_status == 3


def test_gravest_first_and_violations_before_leads() -> None:
    found = sound(
        findings=(
            finding("profit.max-fine-rate", "P001", certainty="lead", level="high"),
            finding("repeat.same-place-time", "辽D00002", level="medium"),
            finding("repeat.same-place-time", "辽D00001", level="high"),
        )
    )
    assert [(one.level, one.certainty) for one in open_findings(found)] == [
        ("high", "violation"),
        ("high", "lead"),
        ("medium", "violation"),
    ]
