"""Shifts of the last quarter in two units, with their footage: each officer's shift is round the day's cases."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from auditor.synth.agency import Agency
from auditor.synth.planting import Planted, Planting
from auditor.synth.police_records import Roster
from auditor.synth.records import Case, Measure, Row
from auditor.synth.workdays import YEAR

FIRST = date(YEAR, 9, 25)
"""From this day on; footage is asked for over the quarter before the day of the audit."""
LACKING, COMPLETE = "JJ03", "JT01"
"""A unit that did not film all its cases, though all its measures, and one that handed in all its footage."""
_FILMED = 0.7
_JUDGED = 30
"""Acts of a unit in the quarter, from which on it is judged."""
_QUARTER = datetime(YEAR, 9, 30)


class Rosters:
    def __init__(self, agency: Agency, seed: int, planted: Sequence[Planting]) -> None:
        self._rng = Random(f"{seed}:rosters")
        self._members = {unit: [m.officer_id for m in agency.post(unit).members] for unit in (LACKING, COMPLETE)}
        self._own = {row.officer_id for chapter in planted for row in chapter.rows if isinstance(row, Roster)}
        self._unfilmed: list[str] = []
        self._acts = 0

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """A shift for every officer of the two units, in duty hours or round the cases on the road."""
        if day < FIRST:
            return ()
        spans = {officer: [datetime.combine(day, time(8)), datetime.combine(day, time(17, 30))] for unit in
                 self._members.values() for officer in unit}  # fmt: skip
        acts = [row for row in rows if isinstance(row, Case | Measure) and row.unit_id in self._members]
        for row in acts:
            at = row.occurred_at if isinstance(row, Case) else row.started_at
            if isinstance(row, Case) and row.capture != "on_site":
                continue
            for officer in (row.officer_id, row.officer2_id):
                if officer is not None:
                    first, last = spans.get(officer, (at, at))
                    spans[officer] = [min(first, _hour(at, -1)), max(last, _hour(at, 2))]
        unit_of = {officer: unit for unit, officers in self._members.items() for officer in officers}
        unit_of |= {o: r.unit_id for r in acts for o in (r.officer_id, r.officer2_id) if o}
        measuring = {o for r in acts if isinstance(r, Measure) for o in (r.officer_id, r.officer2_id)}
        shifts = [
            Roster(
                roster_id="",
                officer_id=officer,
                from_at=first,
                to_at=last,
                post="路面勤务",
                video_id=f"SP{day:%m%d}{officer}"
                if self._rng.random() < _FILMED or unit_of[officer] == COMPLETE or officer in measuring
                else None,
            )
            for officer, (first, last) in sorted(spans.items())
            if officer not in self._own
        ]
        self._note(acts, {shift.officer_id for shift in shifts if shift.video_id})
        return shifts

    def _note(self, acts: Sequence[Case | Measure], filmed: set[str]) -> None:
        """Keeps what nobody filmed, so that it can be told what is to be found."""
        for row in acts:
            if not isinstance(row, Case) or row.unit_id != LACKING or row.capture != "on_site":
                continue
            if row.occurred_at >= _QUARTER and row.officer_id is not None:
                self._acts += 1
                if not filmed & {row.officer_id, row.officer2_id}:
                    self._unfilmed.append(row.case_id)

    @property
    def entries(self) -> list[Planted]:
        rule = "record.video-coverage-cases"
        if self._acts < _JUDGED:
            return []
        return [
            Planted(
                rule=rule, kind="problem", table="cases", tags=tuple(self._unfilmed), key={"unit_id": LACKING},
                why="footage of a third of the shifts of the last quarter is missing",
            ),
            Planted(
                rule=rule, kind="decoy", table="cases", tags=(), key={"unit_id": COMPLETE},
                why="footage of all shifts of the last quarter is there",
            ),
        ]  # fmt: skip


def _hour(at: datetime, by: int) -> datetime:
    """A full hour before or after."""
    return min(at.replace(minute=0, second=0) + timedelta(hours=by), at.replace(hour=23, minute=59, second=0))
