"""Innocent alcohol tests and criminal cases: a device numbers its tests in a row, each positive test has a case."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from auditor.synth import identity
from auditor.synth.agency import Agency
from auditor.synth.planting import Planted
from auditor.synth.police_records import AlcoholTest, CriminalCase
from auditor.synth.records import Case, Row
from auditor.synth.workdays import after, at_office, is_working

_BLOOD = 0.15
_LOOKED_AT = 20
"""From this content on (mg/100 ml) a driver is tested for the record."""


class AlcoholTests:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:alcohol_tests")
        self._numbers: dict[str, int] = defaultdict(int)
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """A breath test for each drink driver, two negative ones before it, a blood test for some."""
        cases = [r for r in rows if isinstance(r, Case) and (r.bac_mg_100ml or 0) >= _LOOKED_AT]
        made: list[Row] = []
        for case in sorted(cases, key=lambda case: case.occurred_at):
            for minutes, content in ((9, 0), (6, int(self._rng.random() * 12)), (3, None)):
                made.append(self._breath(case, case.occurred_at - timedelta(minutes=minutes), content))
            if (case.bac_mg_100ml or 0) >= 80 or self._rng.random() < _BLOOD:
                made.append(self._blood(case))
        return made

    def _breath(self, case: Case, at: datetime, content: int | None) -> AlcoholTest:
        device = f"JJY{case.unit_id[2:]}"
        self._numbers[device] += 1
        positive = content is None
        return AlcoholTest(
            test_id="",
            case_id=case.case_id if positive else None,
            party_id=case.party_id if positive else None,
            at=at,
            bac_mg_100ml=(case.bac_mg_100ml or 0) if content is None else content,
            method="breath",
            device_id=device,
            sequence_no=f"{self._numbers[device]:06d}",
            officer_id=case.officer_id,
        )

    def _blood(self, case: Case) -> AlcoholTest:
        drawn = case.occurred_at.replace(second=0) + timedelta(minutes=40)
        sent = at_office(self._rng, after(drawn.date(), 1 + int(self._rng.random() * 3)))
        result = at_office(self._rng, after(sent.date(), 1 + int(self._rng.random() * 3)))
        return AlcoholTest(
            test_id="",
            case_id=case.case_id,
            party_id=case.party_id,
            at=drawn,
            bac_mg_100ml=case.bac_mg_100ml or 0,
            method="blood",
            drawn_at=drawn,
            sent_at=sent,
            result_at=result,
            told_at=at_office(self._rng, after(result.date(), 1 + int(self._rng.random() * 3))),
            officer_id=case.officer_id,
        )


class CriminalCases:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:criminal_cases")
        self._daily = max(size / 400_000, 0.05)
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """Now and then one, whose act was never an administrative case: bail of some weeks, then sent on."""
        if not is_working(day):
            return ()
        count = int(self._daily) + (self._rng.random() < self._daily % 1)
        return [self._case(day) for _ in range(count)]

    def _case(self, day: date) -> CriminalCase:
        filed = datetime.combine(day, time(9)) + timedelta(minutes=int(self._rng.random() * 400))
        sent = at_office(self._rng, after(day, 20 + int(self._rng.random() * 60)))
        return CriminalCase(
            criminal_id="",
            case_id=None,
            party_id=identity.resident_number(7_000_000 + int(self._rng.random() * 400_000)),
            filed_at=filed,
            bail_authority="police",
            bail_from=day,
            bail_ended_at=sent,
            sent_for_prosecution_at=sent,
        )
