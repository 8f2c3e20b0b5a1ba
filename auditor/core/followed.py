"""Findings over several runs: the earlier runs that an audit follows on from, what each made of every finding, and
whether one that is not found any more was looked at again."""

from dataclasses import dataclass
from datetime import date

from auditor.core.finding import Certainty, Level, State
from auditor.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """One run of the chain: its audited days under their label, and by which rules it judged."""

    period: str
    first: date
    last: date
    as_of: date
    rulebook_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One row of history.parquet: how a run left a finding. `period` is the run's, whenever the finding was made;
    `trial` says that its rule was on trial then."""

    finding_id: str
    period: str
    as_of: date
    state: State
    rule_id: str
    subject_type: str
    subject_id: str
    unit_id: str | None
    level: Level
    certainty: Certainty
    trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retested:
    """What the rule says today of a subject that it flagged before and does not flag now.

    `in_order` only where it was in scope, could be judged and was judged ok; `reason` says so, or why that is
    not known.
    """

    in_order: bool
    reason: Text
