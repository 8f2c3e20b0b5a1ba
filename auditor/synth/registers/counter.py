"""Innocent business of the counter: points on the holder's own vehicle, registrations, studies, tests, reductions."""

from collections.abc import Sequence
from datetime import date
from random import Random

from auditor.synth import identity
from auditor.synth.agency import Agency
from auditor.synth.planting import Planted
from auditor.synth.police_records import LicenceService, PointsRecord
from auditor.synth.records import Case, Row
from auditor.synth.workdays import at_office, is_working

CLERKS = ("CK001", "CK002", "CK003", "CK004", "CK005", "CK006")
WINDOWS = ("W01", "W02", "W03")
_RECORDED = 16
"""One of so many camera cases with points is in the counter's own register; the others were handled online."""
_HOLDERS = 3_000_000
"""Holders of licences begin at this number: far from all owners of vehicles that are caught."""


class PointsRecords:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:points_records")
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """Owners who came to the counter for their own vehicles."""
        made: list[Row] = []
        for row in rows:
            if (
                not isinstance(row, Case)
                or row.capture != "camera"
                or row.party_type != "person"
                or not row.points
                or row.decided_at is None
                or self._rng.random() * _RECORDED >= 1
            ):
                continue
            place = int(self._rng.random() * len(CLERKS))
            made.append(
                PointsRecord(
                    record_id="",
                    case_id=row.case_id,
                    licence_no=row.party_id,
                    plate_no=row.plate_no,
                    owner_party_id=row.party_id,
                    points=row.points,
                    processed_at=row.decided_at,
                    window_id=WINDOWS[place // 2],
                    clerk_id=CLERKS[place],
                )
            )
        return made


class LicenceServices:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:licence_services")
        self._daily = max(1, size // 8000)
        self._agents = max(200, size // 2000)
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """Business of a working day; one in five comes through an agent, to any of the clerks."""
        if not is_working(day):
            return ()
        return [self._service(day) for _ in range(self._daily)]

    def _service(self, day: date) -> LicenceService:
        rng = self._rng
        kind = ("registration", "inspection", "points_reduction", "other")[int(rng.random() ** 1.5 * 4)]
        holder, place = _HOLDERS + int(rng.random() * 900_000), int(rng.random() * len(CLERKS))
        agent = int(rng.random() * self._agents) if rng.random() < 0.2 else None
        return LicenceService(
            service_id="",
            kind=kind,
            licence_no=identity.resident_number(holder),
            plate_no=f"样X{holder % 100_000:05d}" if kind == "registration" else None,
            at=at_office(rng, day),
            window_id=WINDOWS[place // 2],
            clerk_id=CLERKS[place],
            agent_id=None if agent is None else identity.resident_number(9_000_000 + agent),
            agent_phone=None if agent is None else phone(agent),
            result="办结",
        )


def phone(number: int) -> str:
    """A number in a block that no carrier has."""
    return f"1000{number:07d}"
