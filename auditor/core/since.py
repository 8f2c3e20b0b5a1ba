"""What became of the findings since the run before: so many new, recurring, reopened, resolved and not retested.

Violations and leads are counted apart, and rules on trial and waived findings are in neither.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.core.finding import CARRIED, Certainty, Finding, State
from auditor.core.result import Run

STATES: tuple[State, ...] = ("new", "recurring", "reopened", "resolved", "not_retested")
"""In the order in which they are told: what was found now, then what was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Counts by certainty and state, every state named; `period` is that of the run before, `first` that of the
    first of so many `runs` of the chain."""

    period: str
    first: str
    runs: int
    counts: Mapping[Certainty, Mapping[State, int]]


def since(run: Run) -> Since | None:
    """None where the run follows on from none: then nothing was compared, and new means nothing."""
    if not run.chain:
        return None
    active = {card.rule_id for card in (*run.former_cards, *run.cards) if card.status == "active"}
    counted = [one for one in run.findings if one.rule_id in active and not one.waived]
    return Since(
        period=run.chain[-1].period,
        first=run.chain[0].period,
        runs=len(run.chain),
        counts={
            certainty: by_state(one for one in counted if one.certainty == certainty)
            for certainty in ("violation", "lead")
        },
    )


def periods(run: Run) -> dict[str, tuple[str, ...]]:
    """By the id of each finding: the periods in which it was found, oldest first; not those in which it was carried."""
    order = {label: place for place, label in enumerate([*(one.period for one in run.chain), run.period.label])}
    found: dict[str, list[str]] = defaultdict(list)
    for entry in sorted(run.history, key=lambda entry: order[entry.period]):
        if entry.state not in CARRIED:
            found[entry.finding_id].append(entry.period)
    return {finding_id: tuple(labels) for finding_id, labels in found.items()}


def by_state(findings: Iterable[Finding]) -> dict[State, int]:
    """How many are in each state, none left out."""
    found = Counter(finding.state for finding in findings)
    return {state: found[state] for state in STATES}
