"""The former run that an audit follows on from: read first, held against what is asked, and followed at the end."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from auditor.core.result import Period, Run
from auditor.engines.base import Session
from auditor.engines.facts import agencies
from auditor.engines.judged import Data, Judged
from auditor.engines.retest import retest
from auditor.engines.together import Time
from auditor.ledger import papers
from auditor.ledger.follow import begin, follow, missing, must_precede
from auditor.rulebook import Rule


class Baseline:
    """The run in a folder; of no folder there is none, and nothing is compared."""

    def __init__(self, folder: Path | None) -> None:
        """Raises InputError where the folder holds no run that can be read back."""
        self._folder = folder
        self._run = None if folder is None else papers.read(folder)

    def check(self, period: Period, session: Session, data: Data) -> None:
        """Raises UsageError where an audit of that period and these data cannot follow on from it."""
        if self._run is not None:
            must_precede(self._run, period, agencies(session, data.columns), str(self._folder))

    def followed(
        self, run: Run, judged: Sequence[tuple[Rule, Judged]], session: Session, data: Data, time: Time
    ) -> Run:
        """The run with the states of its findings; asks the rules again about those that are missing."""
        if self._run is None:
            return begin(run)
        results = [(rule, outcome.result) for rule, outcome in judged]
        traces: dict[str, str] = {}
        answers = retest(missing(run, self._run), self._run, results, session, data, time, traces)
        followed = follow(run, self._run, answers)
        return replace(followed, clock={**run.clock, "retest_traces": traces}) if traces else followed
