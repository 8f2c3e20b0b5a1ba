"""Rules over the data: counts of every verdict, and the findings with the rows that they rest on.

Rules over one table are read together (`scan`), those that look at neighbouring rows look closer at the few in company
(`closer`); the rows that all these ask more about are fetched together (`places`); what can do neither is judged by
itself. A rule that breaks is a result of its own, `error`, and stops nobody else: where a reading for many breaks, each
of them is judged alone. A rule whose table or column is missing is `not_applicable`, and so is one that found nothing
it could test: clean is only said of something tested.
"""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.core.picture import Picture
from auditor.core.progress import Progress, Silent
from auditor.core.result import Period
from auditor.core.settled import settled
from auditor.engines import slices as counts
from auditor.engines.absent import absent
from auditor.engines.alone import by_the_row, scan_alone
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.closer import in_company
from auditor.engines.contradicted import contradicted
from auditor.engines.groups import Concluded, conclude, judged_groups, uncounted
from auditor.engines.history import ShortHistory, short_history
from auditor.engines.jobs import Job, done, many_rows
from auditor.engines.judged import Data, Judged, broken, noted
from auditor.engines.once import Once
from auditor.engines.places import Fetched, Places, fetch
from auditor.engines.prepared import prepare
from auditor.engines.query import Part
from auditor.engines.rows import Looked, Reported, judged_rows, look_alone, look_at_part, look_closer
from auditor.engines.scan import Scan, batches, scan
from auditor.engines.slices import Slices
from auditor.kinds.base import GroupKind
from auditor.kinds.scope import Clock
from auditor.rulebook import Rule


def judge(rule: Rule, session: Session, data: Data, clock: Clock, period: Period) -> Judged:
    """Runs one rule and tells its findings; never raises for what lies in the rule or the data."""
    return tell(judge_all([rule], session, data, clock, period)[rule.rule_id])


def judge_all(
    rules: Sequence[Rule],
    session: Session,
    data: Data,
    clock: Clock,
    period: Period,
    progress: Progress | None = None,
) -> dict[str, Judged]:
    """Runs rules that don't rest on one another, by id. Their findings are told when they are asked for (`tell`)."""
    return _Audit(session, data, clock, period, progress or Silent()).run(rules)


def tell(judged: Judged) -> Judged:
    """The same with its findings put into words; what breaks in that is the rule's error, too."""
    started = time.perf_counter()
    try:
        _ = judged.told.all
    except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result, with its trace kept
        return broken(judged.result.rule_id, error, judged.statement, judged.seconds)
    return replace(judged, seconds=judged.seconds + time.perf_counter() - started)


@dataclass(kw_only=True)
class _State:
    """What is known of a rule so far."""

    asked: Asked
    statement: str
    slices: Slices | None = None
    reported: Reported | None = None
    looked: Looked | None = None
    concluded: Concluded | None = None
    drawn: Picture | None = None
    short: ShortHistory | None = None
    error: Exception | None = None
    seconds: float = 0.0
    shared: bool = False
    """Whether a reading for many rules gives its counts."""
    awaits: bool = False
    """Whether rows of it are fetched with those of other rules."""
    apart: str | None = None
    """The trace of why a reading for many did not give what it should; the manifest keeps it."""
    closer: bool = False
    """Whether what was looked at are the rows in company alone."""


class _Audit:
    def __init__(self, session: Session, data: Data, clock: Clock, period: Period, progress: Progress) -> None:
        self._session, self._data, self._clock, self._period, self._progress = session, data, clock, period, progress
        self._once = Once(session)
        self._done: dict[str, Judged] = {}
        self._states: dict[str, _State] = {}
        self._places: list[Places] = []
        self._fetched: list[Fetched] = []

    def run(self, rules: Sequence[Rule]) -> dict[str, Judged]:
        for rule in rules:
            self._prepare(rule.on(self._clock.as_of))
        with settled():
            alone = self._one_at_a_time()
            self._work(self._jobs(), alone=alone)
            self._work(self._fetches(), alone=alone)
            self._work(self._looks(), alone=alone)
            for state in self._states.values():
                self._done[state.asked.rule.rule_id] = self._finished(state)
        return self._done

    def _prepare(self, rule: Rule) -> None:
        """What cannot run is done with that."""
        ready = prepare(rule, self._once, self._data, self._clock)
        if isinstance(ready, Judged):
            self._done[rule.rule_id] = ready
            self._progress.advance()
        else:
            state = _State(asked=ready.asked, statement=ready.statement, seconds=ready.seconds)
            self._states[rule.rule_id] = state

    def _jobs(self) -> list[Job]:
        jobs: list[Job] = []
        numbered = dict(enumerate(self._states.values()))
        for batch in batches({number: state.asked for number, state in numbered.items()}):
            states = {number: numbered[number] for number in batch}
            for state in states.values():
                state.shared = True
            jobs.append(Job(work=self._reading(states), weight=len(states)))
        for number, state in numbered.items():
            if not state.shared or self._has_own(state):
                jobs.append(Job(work=self._own(number, state), weight=3 if state.shared else 2))
        return jobs

    def _fetches(self) -> list[Job]:
        """For each table one reading that fetches the rows of all rules."""
        by_table: dict[str, list[Places]] = {}
        for places in self._places:
            [table] = {asked.rule.scope.table.name for asked in places.asked.values()}
            by_table.setdefault(table, []).append(places)
        return [Job(work=self._fetch(found)) for found in by_table.values()]

    def _has_own(self, state: _State) -> bool:
        """Whether a rule has something to ask besides what it shares."""
        judgement = state.asked.query.judgement
        return judgement is None or judgement.company is not None

    def _reading(self, states: Mapping[int, _State]) -> Callable[[Session], int]:
        def work(session: Session) -> int:
            started = time.perf_counter()
            rows = [state for state in states.values() if not self._has_own(state)]
            try:
                found = scan({number: state.asked for number, state in states.items()}, session)
            except Exception:  # noqa: BLE001 - which of them broke it, each shows by itself
                for state in states.values():
                    state.shared, state.apart = False, traceback.format_exc()
                return sum(self._own(number, state)(session) for number, state in states.items() if state in rows)
            share = (time.perf_counter() - started) / len(states)
            self._take(found, states)
            for state in states.values():
                state.seconds += share
            return sum(not state.awaits for state in rows)

        return work

    def _take(self, found: Scan, states: Mapping[int, _State]) -> None:
        """What a reading came to, for the rules that it was made for, each by its number."""
        for number, state in states.items():
            rule_id = state.asked.rule.rule_id
            state.slices, state.drawn = found.slices[rule_id], found.drawn.get(rule_id)
            if found.places is not None and number in found.places.asked:
                state.awaits = True
        if found.places is not None:
            self._places.append(found.places)

    def _own(self, number: int, state: _State) -> Callable[[Session], int]:
        def work(session: Session) -> int:
            started = time.perf_counter()
            kind = state.asked.rule.kind
            try:
                if isinstance(kind, GroupKind):
                    self._conclude(kind, number, state, session)
                else:
                    found = in_company(state.asked, number, session) if state.shared else None
                    if found is not None:
                        self._places.append(found)
                        state.awaits = True
                    elif not state.shared and by_the_row(state.asked):
                        self._take(scan_alone(number, state.asked, session), {number: state})
                    else:
                        self._look_alone(state, session)
            except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result
                state.error = error
            state.seconds += time.perf_counter() - started
            return int(not state.awaits)

        return work

    def _conclude(self, kind: GroupKind, number: int, state: _State, session: Session) -> None:
        """The statistics of a group kind; the rows of the flagged are read with those of others where they can be."""
        state.concluded = conclude(kind, state.asked.query, session)
        if not state.concluded.flagged:
            return
        places = state.concluded.places(state.asked, number, session)
        if places is None:
            state.concluded = state.concluded.with_members(state.asked, session)
        else:
            self._places.append(places)
            state.awaits = True

    def _look_alone(self, state: _State, session: Session) -> None:
        state.looked = look_alone(state.asked, session)
        state.drawn, state.slices, state.closer = state.looked.drawn, None, False

    def _fetch(self, found: Sequence[Places]) -> Callable[[Session], int]:
        numbered = list(self._states.values())
        states = [numbered[number] for places in found for number in places.asked]

        def work(session: Session) -> int:
            started = time.perf_counter()
            try:
                fetched = fetch(found, session)
            except Exception:  # noqa: BLE001 - which of them broke it, each shows by itself
                for state in states:
                    state.shared, state.apart = False, traceback.format_exc()
            else:
                self._fetched += [] if fetched is None else [fetched]
            share = (time.perf_counter() - started) / len(states)
            for state in states:
                state.seconds += share
            return 0

        return work

    def _looks(self) -> list[Job]:
        """What is asked of the rows that were fetched, rule by rule, and of how far back the tables go."""
        parts = {number: part for fetched in self._fetched for number, part in fetched.parts.items()}
        waiting = [(number, state) for number, state in enumerate(self._states.values()) if state.awaits]
        looks = [Job(work=self._look(state, parts.get(number))) for number, state in waiting]
        return [Job(work=self._look_back, weight=2), *looks]

    def _look(self, state: _State, part: Part | None) -> Callable[[Session], int]:
        def work(session: Session) -> int:
            started = time.perf_counter()
            try:
                if state.concluded is not None:
                    state.concluded = state.concluded.with_members(state.asked, session, part)
                elif part is None:
                    self._look_alone(state, session)
                elif self._has_own(state):
                    state.looked, state.closer = look_closer(state.asked, part, session), True
                else:
                    state.reported = look_at_part(state.asked, part, session)
            except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result
                state.error = error
            state.seconds += time.perf_counter() - started
            return 1

        return work

    def _look_back(self, session: Session) -> int:
        once = self._once.on(session)
        for state in self._states.values():
            try:
                state.short = short_history(state.asked.rule, once, state.asked.setting)
            except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result
                state.error = state.error or error
        return 0

    def _one_at_a_time(self) -> bool:
        """The findings so far, which a rule combines, are held in the one session alone."""
        asked = [state.asked.rule for state in self._states.values()]
        return any(rule.combines for rule in asked) or many_rows([rule.scope.table for rule in asked], self._once)

    def _work(self, jobs: Sequence[Job], *, alone: bool) -> None:
        for rules in done(jobs, self._session, alone=alone, ready=self._hand_over):
            for _ in range(rules):
                self._progress.advance()

    def _hand_over(self, session: Session) -> None:
        for fetched in self._fetched:
            session.see(fetched.name)

    def _finished(self, state: _State) -> Judged:
        started = time.perf_counter()
        asked, rule = state.asked, state.asked.rule
        try:
            if state.error is not None:
                raise state.error
            judged = self._judged(state)
            unseen = absent(rule, asked.query, self._data) if judged.result.result == "flagged" else None
            result = noted(judged.result, None if state.short is None else state.short.note, unseen)
            contract = contradicted(rule, asked.query, self._once)
        except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result, with its trace kept
            return broken(rule.rule_id, error, state.statement, state.seconds + time.perf_counter() - started)
        seconds = state.seconds + time.perf_counter() - started
        judged = replace(judged, result=result, contract=contract, statement=state.statement, seconds=seconds)
        return replace(judged, trace=state.apart)

    def _judged(self, state: _State) -> Judged:
        kind = state.asked.rule.kind
        if isinstance(kind, GroupKind):
            if state.concluded is None:
                raise RuntimeError("a group kind was not counted")
            left_out = (
                uncounted(state.asked.query, self._session)
                if state.slices is None
                else counts.totals(state.slices)["violation"]
            )
            return judged_groups(state.asked, kind, state.concluded, left_out, self._period)
        if state.looked is None:
            return judged_rows(state.asked, state.slices or {}, state.reported, self._period, state.drawn)
        found = state.looked.slices
        if state.slices is not None:
            found = counts.corrected(state.slices, found)
        elif state.closer:  # the reading that should have counted the others broke
            self._look_alone(state, self._session)
            found = state.looked.slices
        return judged_rows(state.asked, found, state.looked.reported, self._period, state.drawn)
