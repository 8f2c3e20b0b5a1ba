"""Innocent camera records: those of two devices, reviewed, entered and told in time; some voided on objection."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from auditor.synth.agency import Agency
from auditor.synth.planting import Planted
from auditor.synth.police_records import Capture
from auditor.synth.records import Case, Row
from auditor.synth.workdays import after, at_office

UNIT, DEVICES = "JJ04", 2
"""The unit, and how many of its devices report to the platform that the register comes from."""
_VOIDED = 0.01


class Captures:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:captures")
        self._reviewers = [member.officer_id for member in agency.post(UNIT).members]
        self._devices = {device.camera_id for device in agency.post(UNIT).cameras[:DEVICES]}
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """One record for each camera case of the unit, and now and then one that was voided and became none."""
        made: list[Row] = []
        for row in rows:
            if isinstance(row, Case) and row.capture == "camera" and row.camera_id in self._devices:
                record = self._record(row)
                made.append(record)
                if record.notified_at is not None and self._rng.random() < _VOIDED:
                    made.append(self._voided(record))
        return made

    def _record(self, case: Case) -> Capture:
        assert case.camera_id is not None
        entered = case.entered_at
        return Capture(
            capture_id="",
            camera_id=case.camera_id,
            plate_no=case.plate_no,
            violation_code=case.violation_code,
            at=case.occurred_at,
            value=case.speed_kmh,
            reviewed_at=None if entered is None else entered - timedelta(minutes=1 + int(self._rng.random() * 20)),
            reviewer_id=None if entered is None else self._reviewers[int(self._rng.random() * len(self._reviewers))],
            entered_at=entered,
            notified_at=case.notified_at,
            case_id=case.case_id,
        )

    def _voided(self, record: Capture) -> Capture:
        assert record.notified_at is not None
        objected = at_office(self._rng, after(record.notified_at.date(), 1), half="morning")
        verified = at_office(self._rng, after(objected.date(), 1 + int(self._rng.random() * 3)), half="morning")
        return replace(
            record,
            at=record.at + timedelta(seconds=41),
            plate_no=_misread(record.plate_no),
            objection_at=objected,
            void_verified_at=verified,
            objection_answered_at=verified + timedelta(minutes=20),
            voided_at=verified + timedelta(hours=5),
            void_reason="号牌识别错误",
            voided_by=record.reviewer_id,
            case_id=None,
        )


def _misread(plate: str | None) -> str | None:
    return None if plate is None else f"{plate[:2]}{99_999 - int(plate[2:]):05d}"
