"""Innocent rows that follow from a case: loads weighed, goods given back, notices sent, edits agreed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from auditor.synth import identity
from auditor.synth.agency import Agency
from auditor.synth.matters import CaseEvent, Good, Transfer, Treasury, Unloading, Weighing
from auditor.synth.planting import Planted, Planting
from auditor.synth.records import Case, Measure, Payment, Row
from auditor.synth.workdays import EXPORTED_AT, after, at_office

STATION = "ZC01"
LIMITS = {2: 18_000, 3: 25_000, 4: 31_000, 5: 43_000, 6: 49_000}
KEEPERS = {"traffic_police": "000008", "transport": "JT05008"}
"""Who keeps goods at headquarters, and handles no case."""


class Follower:
    """Draws each register from a stream of its own; `plain` are the planted cases whose rows their plants write."""

    def __init__(self, seed: int, agency: Agency, chapters: Sequence[Planting], ids: Mapping[str, str]) -> None:
        self.entries: list[Planted] = []
        self._ids = ids
        self._plain = {
            (row.TABLE, tag)
            for chapter in chapters
            for row in chapter.rows
            if isinstance(tag := getattr(row, "case_id", None), str) and tag.startswith("#")
        } | {(table, tag) for chapter in chapters for tag, names in chapter.bare.items() for table in names}
        self._crew = [member.officer_id for member in agency.post("JT03").members]
        self._scale, self._yard = Random(f"{seed}:weighings"), Random(f"{seed}:unloadings")
        self._post, self._log = Random(f"{seed}:transfers"), Random(f"{seed}:events")
        self._passed = self._count = 0

    def of_day(self, day: date, rows: Sequence[Row]) -> list[Row]:
        """What follows from the cases of a day, and a lorry that kept its limit and was let through."""
        plain = {(table, self._ids.get(tag, tag)) for table, tag in self._plain}
        held = {row.case_id: row for row in rows if isinstance(row, Measure)}
        made: list[Row] = []
        for case in rows:
            if isinstance(case, Case):
                self._count += 1
                made += self._of(case, held.get(case.case_id))
        made = [row for row in made if (row.TABLE, getattr(row, "case_id", None)) not in plain]
        return [*made, self._passing(datetime.combine(day, time()))]

    def _of(self, case: Case, measure: Measure | None) -> Iterator[Row]:
        yield from self._weighed(case)
        yield from self._kept(case, measure)
        yield from self._copied(case, self._count)
        yield from self._logged(case, self._count)

    def _weighed(self, case: Case) -> Iterator[Row]:
        if case.capture != "on_site":
            return
        first = case.occurred_at.replace(second=0) + timedelta(minutes=2)
        again = first + timedelta(minutes=90 + int(self._yard.random() * 120))
        if case.gross_kg and case.limit_kg and case.gross_kg > case.limit_kg:
            after_kg = case.limit_kg - 20 * int(self._scale.random() * 50)
            for stage, at, gross in (("first", first, case.gross_kg), ("recheck", again, after_kg)):
                yield Weighing(
                    weighing_id=f"#{stage}:{case.case_id}",
                    case_id=case.case_id,
                    plate_no=case.plate_no,
                    station_id=STATION,
                    at=at,
                    axles=case.axles or 6,
                    gross_kg=gross,
                    limit_kg=case.limit_kg,
                    stage=stage,
                    officer_id=case.officer_id,
                )
            before, weighing = case.gross_kg, f"#first:{case.case_id}"
        elif case.load_kg and case.approved_load_kg and case.load_kg > case.approved_load_kg:
            before, after_kg, weighing = case.load_kg, case.approved_load_kg, None
        else:
            return
        if again > EXPORTED_AT:
            return
        yield Unloading(
            unloading_id="",
            weighing_id=weighing,
            case_id=case.case_id,
            at=again - timedelta(minutes=30),
            before_kg=before,
            after_kg=after_kg,
            unloaded_kg=before - after_kg,
            place_id="XZ01",
            released_at=again + timedelta(minutes=10),
        )

    def _kept(self, case: Case, measure: Measure | None) -> Iterator[Row]:
        if measure is None or measure.kind != "seize_property":
            return
        released = measure.released_at
        yield Good(
            item_id="",
            case_id=case.case_id,
            received_at=measure.started_at + timedelta(minutes=90),
            keeper_id=KEEPERS[case.domain],
            disposal="返还" if released else None,
            disposed_at=released,
            approved_by=measure.approved_by if released else None,
        )

    def _copied(self, case: Case, number: int) -> Iterator[Row]:
        if case.violation_code != "T0064" or case.decided_at is None or number % 3:
            return
        sent = at_office(self._post, after(case.decided_at.date(), 1 + int(self._post.random() * 5)))
        if sent <= EXPORTED_AT:
            yield Transfer(
                transfer_id="",
                case_id=case.case_id,
                kind="notice",
                reported_at=sent,
                sent_at=sent,
                to_unit="车籍地运输管理机构",
            )

    def _logged(self, case: Case, number: int) -> Iterator[Row]:
        if case.procedure != "ordinary" or case.decided_at is None or case.filed_at is None or number % 20:
            return
        who = (
            ("file", case.filed_at, case.officer_id),
            ("review", case.legal_review_at, case.reviewer_id),
            ("approve", case.decided_at, case.approver_id),
        )
        for kind, at, actor in who:
            if at and actor:
                yield CaseEvent(event_id="", case_id=case.case_id, at=at, actor_id=actor, kind=kind)
        if self._log.random() < 0.5 and case.officer_id and case.rights_notice_at:
            yield CaseEvent(
                event_id="",
                case_id=case.case_id,
                at=case.rights_notice_at + timedelta(minutes=5),
                actor_id=case.officer_id,
                kind="edit",
                field="place_name",
                old_value=case.place_name[:-1],
                new_value=case.place_name,
                approved_by=case.approver_id,
            )

    def _passing(self, day: datetime) -> Weighing:
        rng = self._scale
        self._passed += 1
        axles = 2 + int(rng.random() * 5)
        return Weighing(
            weighing_id="",
            case_id=None,
            plate_no=identity.plate(2_200_000 + self._passed * 61),
            station_id=STATION,
            at=day + timedelta(hours=8, minutes=int(rng.random() * 540)),
            axles=axles,
            gross_kg=LIMITS[axles] - 20 * int(rng.random() * 400),
            limit_kg=LIMITS[axles],
            stage="first",
            officer_id=self._crew[self._passed % len(self._crew)],
        )


class Treasurer:
    """Adds the payments of a batch up until it is paid in: two days after its fifth."""

    def __init__(self) -> None:
        self.entries: list[Planted] = []
        self._open: dict[str, tuple[datetime, str, int]] = {}

    def of_day(self, day: date, rows: Sequence[Row]) -> list[Row]:
        """The batches that are paid in on a day."""
        units = {row.case_id: row.unit_id for row in rows if isinstance(row, Case)}
        for row in rows:
            if isinstance(row, Payment) and row.batch is not None:
                due, unit, so_far = self._open.get(row.batch, (_due(row.paid_at), units[row.case_id], 0))
                self._open[row.batch] = (due, unit, so_far + row.amount)
        ready = [batch for batch, (due, _, _) in self._open.items() if due.date() <= day]
        return [self._paid_in(batch) for batch in sorted(ready)]

    def _paid_in(self, batch: str) -> Treasury:
        due, unit, amount = self._open.pop(batch)
        return Treasury(treasury_id="", unit_id=unit, batch=batch, item_code="103050101", amount=amount, at=due)


def _due(paid_at: datetime) -> datetime:
    first = datetime(paid_at.year, 1, 1) + timedelta(days=paid_at.timetuple().tm_yday // 5 * 5 - 1)
    return first + timedelta(days=6, hours=16)
