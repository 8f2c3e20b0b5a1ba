"""What stops a gate: findings as grave as the gate or graver, and an extract that breaks its contract.

A run that follows on from a baseline is stopped by what is new or came back since; what stood there before is known.

Rules on trial never gate, whatever they find; neither does a finding that is waived, or one that is over. A lead counts
at its own level, as a violation does.
"""

from dataclasses import dataclass

from auditor.core.errors import GATE_FAILED, INCOMPLETE, PASSED
from auditor.core.finding import FRESH, LEVELS, Finding, Level
from auditor.core.result import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`broken_contract` counts the faults of tables as a whole and the source rows that could not be used. `since` is
    the period of the baseline, and `standing` counts the findings that were there in it already; without one, None."""

    level: Level
    findings: tuple[Finding, ...]
    broken_contract: int
    errors: tuple[str, ...]
    since: str | None = None
    standing: int | None = None

    @property
    def exit_status(self) -> int:
        """A rule that could not run outranks what the others found: nobody knows what it would have said."""
        if self.errors:
            return INCOMPLETE
        return GATE_FAILED if self.findings or self.broken_contract else PASSED


def judge(run: Run, level: Level) -> Verdict:
    """`errors` are the ids of the rules that could not run."""
    grave = [found for found in open_findings(run) if LEVELS.index(found.level) <= LEVELS.index(level)]
    gating = [found for found in grave if not run.chain or found.state in FRESH]
    return Verdict(
        level=level,
        findings=tuple(gating),
        since=run.chain[-1].period if run.chain else None,
        standing=len(grave) - len(gating) if run.chain else None,
        broken_contract=len(run.contract) + quarantined_rows(run),
        errors=tuple(sorted(result.rule_id for result in run.results if result.result == "error")),
    )


def open_findings(run: Run) -> tuple[Finding, ...]:
    """What stands against someone today: of active rules, not waived, seen this time; gravest first."""
    active = {card.rule_id for card in run.cards if card.status == "active"}
    now = (f for f in run.findings if f.rule_id in active and not f.waived and not f.carried)
    return tuple(sorted(now, key=gravity))


def gravity(finding: Finding) -> tuple[int, bool, str, str]:
    """The order in which findings are read: by level, violations before leads, then by rule and identity."""
    return LEVELS.index(finding.level), finding.certainty == "lead", finding.rule_id, finding.fingerprint


def quarantined_rows(run: Run) -> int:
    """Source rows, not faults: a row with two bad cells counts once."""
    return len({(entry.source_file, entry.source_row) for entry in run.quarantine})
