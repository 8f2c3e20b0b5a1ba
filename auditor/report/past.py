"""Earlier months: in which runs of the chain a finding was found, and how many each unit and officer had in each."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from auditor.core.finding import CARRIED, Certainty, State
from auditor.core.result import Run
from auditor.core.since import STATES, periods
from auditor.report.numbers import count

Owner = tuple[str, str | None]
"""(`unit` or `officer`, id): a finding belongs to its unit, and to the officer whom it is about, not to those named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Findings of one certainty in one run: `found` then, of which `new` are new or came back; and what was carried."""

    found: str
    new: str
    resolved: str
    not_retested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One run's line; `is_now` for the run of this report."""

    period: str
    as_of: str
    violations: Side
    leads: Side
    is_now: bool


class Past:
    """Look-ups over the history of one run; rules on trial are in no count."""

    def __init__(self, run: Run) -> None:
        self._runs = [*((one.period, one.as_of) for one in run.chain), (run.period.label, run.as_of)]
        self._found = periods(run)
        self._counts: dict[Owner, Counter[tuple[str, Certainty, State]]] = defaultdict(Counter)
        for entry in run.history if run.chain else ():
            if not entry.trial:
                cell = (entry.period, entry.certainty, entry.state)
                self._counts["unit", entry.unit_id][cell] += 1
                if entry.subject_type == "officer":
                    self._counts["officer", entry.subject_id][cell] += 1

    def found_in(self, finding_id: str) -> tuple[str, ...]:
        """The periods in which it was found, oldest first."""
        return self._found.get(finding_id, ())

    def months(self, owner: Owner) -> tuple[Month, ...]:
        """Every run of the chain and this one, also those with nothing; none where nothing was compared."""
        if len(self._runs) == 1 or owner not in self._counts:
            return ()
        counts = self._counts[owner]
        return tuple(
            Month(
                period=period,
                as_of=as_of.isoformat(),
                violations=_side(counts, period, "violation"),
                leads=_side(counts, period, "lead"),
                is_now=number == len(self._runs) - 1,
            )
            for number, (period, as_of) in enumerate(self._runs)
        )


def _side(counts: Counter[tuple[str, Certainty, State]], period: str, certainty: Certainty) -> Side:
    by_state = {state: counts[period, certainty, state] for state in STATES}
    return Side(
        found=count(sum(n for state, n in by_state.items() if state not in CARRIED)),
        new=count(by_state["new"] + by_state["reopened"]),
        resolved=count(by_state["resolved"]),
        not_retested=count(by_state["not_retested"]),
    )
