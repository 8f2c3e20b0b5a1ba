"""The ledgers of the county, day by day: the audited year and half a year before it.

Innocent cases with the planted ones among them, numbered as they happen.

Days are made one at a time and written at once, so that a million cases need no more memory than a day of them.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from auditor.synth import measures, steps
from auditor.synth.agency import Agency
from auditor.synth.cases import Desk
from auditor.synth.further import Further
from auditor.synth.identity import MOST_PLATES, resident_number
from auditor.synth.offences import OFFENCES
from auditor.synth.planting import RESERVED, Planting
from auditor.synth.records import Case, Measure, Payment
from auditor.synth.workdays import DAYS, EARLY, LEDGERS_BEGIN, is_working

_MONTHS = (0.85, 0.70, 0.95, 1.00, 1.10, 1.05, 0.98, 1.05, 1.15, 0.92, 1.15, 1.10)
_TRAVEL = timedelta(minutes=4)
"""Enough to get from any place of a unit to any other."""
_APART = 3
"""Days between two cases of one vehicle: no innocent is stopped twice within a day."""


@dataclass(kw_only=True)
class Year:
    """`ordinary`: how many innocent cases; `ids` gives, as days are made, the final id of each planted tag."""

    seed: int
    agency: Agency
    ordinary: int
    planted: Sequence[Planting]
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self._rng = Random(f"{self.seed}:year")
        self._desk = Desk(self._rng, self.agency)
        fleet = min(max(1000, self.ordinary * 3 // 5), MOST_PLATES - RESERVED)
        self._last = array("h", [-EARLY - _APART - 1]) * fleet
        self._cases: dict[date, list[Case]] = defaultdict(list)
        self._held = {m.case_id: m for chapter in self.planted for m in chapter.measures}
        bare = {tag: names for chapter in self.planted for tag, names in chapter.bare.items()}
        pays = {tag: like for chapter in self.planted for tag, like in chapter.pays.items()}
        self._further = Further(self.seed, self.agency, bare, pays)
        self._missing = {tag: count for chapter in self.planted for tag, count in chapter.missing.items()}
        for chapter in self.planted:
            for case in chapter.cases:
                self._cases[max(case.occurred_at.date(), DAYS[0])].append(case)
        self._bound = self._bound_to_place()
        self._serial: dict[str, int] = defaultdict(int)
        self._drinkers: set[str] = set()

    def days(self) -> Iterator[list[Case | Measure | Payment]]:
        """The rows of each day, in the order of the acts; each case is followed by its measure and its payment."""
        total, reached, made = sum(_weight(day) for day in DAYS), 0.0, 0
        early = self._early(self.ordinary / total)
        self._cases[DAYS[0]] += early
        ordinary = self.ordinary - len(early)
        for number, day in enumerate(DAYS):
            reached += _weight(day)
            count = round(ordinary * reached / total) - made
            made += count
            cases = [self._innocent(day, number) for _ in range(count)] + self._cases.get(day, [])
            cases.sort(key=lambda case: case.occurred_at)
            _settle(cases, self._bound)
            yield [row for case in cases for row in self._registered(case)]

    def _bound_to_place(self) -> set[str]:
        """Tags of planted cases whose place is part of the plant: off the unit's own places, or of an officer who was
        enlisted for it."""
        own = {place.place_id for posts in self.agency.posts.values() for post in posts for place in post.places}
        enlisted = {officer.officer_id for chapter in self.planted for officer in chapter.officers}
        cases = [case for chapter in self.planted for case in chapter.cases]
        return {case.case_id for case in cases if case.place_id not in own or case.officer_id in enlisted}

    def _early(self, rate: float) -> list[Case]:
        """Cases of the weeks before: the ledgers hold what was decided, or was still open, from their first day on."""
        made: list[Case] = []
        for number in range(-EARLY, 0):
            day = LEDGERS_BEGIN + timedelta(days=number)
            cases = [self._innocent(day, number) for _ in range(round(rate * _weight(day)))]
            made += [case for case in cases if case.decided_at is not None and case.decided_at.date() >= LEDGERS_BEGIN]
        return made

    def _innocent(self, day: date, number: int) -> Case:
        desk, capture = self._desk, self._desk.capture()
        domain = desk.domain(capture)
        post = desk.post(domain, capture)
        member = desk.member(post)
        when, vehicle = desk.moment(datetime.combine(day, time()), capture), self._vehicle(number)
        offence = desk.offence(domain, capture, member)
        return desk.case(
            occurred_at=when,
            vehicle=self._sober(vehicle, number) if offence.facts == "alcohol" else vehicle,
            capture=capture,
            offence=offence,
            post=post,
            member=member,
        )

    def _sober(self, vehicle: int, day: int) -> int:
        """This vehicle, or the next whose owner did not drink and drive before: a second time is another matter."""
        while (owner := resident_number(vehicle)) in self._drinkers:
            vehicle = (vehicle + 1) % len(self._last)
        self._drinkers.add(owner)
        self._last[vehicle] = day
        return vehicle

    def _vehicle(self, day: int) -> int:
        while True:
            vehicle = int(self._rng.random() * len(self._last))
            if day - self._last[vehicle] >= _APART:
                self._last[vehicle] = day
                return vehicle

    def _registered(self, case: Case) -> Iterator[Case | Measure | Payment]:
        """The rows of one case as the ledgers of the year's end have them, with their final ids."""
        number = self._next(case.unit_id)
        police = case.domain == "traffic_police"
        year = case.occurred_at.year
        case_id = f"{case.unit_id[2:]}{year % 100}{number:07d}" if police else f"{case.unit_id}-{year}-{number:06d}"
        if case.case_id:
            self.ids[case.case_id] = case_id
        case, measure = self._further.matched(case, self._measure(case))
        case = self._further.case(case)
        shown = self._further.shown(steps.as_exported(steps.entered(case, self._further.bare(case))))
        doc_no = None
        if shown.decided_at is not None and "doc_no" not in self._further.bare(case):
            doc_no = self._document_no(case)
        shown = replace(shown, case_id=case_id, doc_no=doc_no)
        yield shown
        if measure is not None:
            measure_id = f"QZ25{self._next('measure'):06d}"
            if measure.measure_id:
                self.ids[measure.measure_id] = measure_id
            exported = self._further.measure_shown(steps.measure_as_exported(measure))
            yield replace(exported, measure_id=measure_id, case_id=case_id)
        if shown.paid_at is not None and shown.fine_amount:
            yield self._payment(shown, case.case_id)

    def _payment(self, case: Case, tag: str) -> Payment:
        """The payment of a case's fine; `tag` is that of a planted case."""
        assert case.paid_at is not None and case.fine_amount is not None
        number = self._next("payment")
        payment = Payment(
            payment_id=f"JK{number:07d}",
            case_id=case.case_id,
            item="fine",
            amount=case.fine_amount,
            paid_at=case.paid_at,
            channel=("online", "bank", "online", "pos", "online")[number % 5],
            payee_is_treasury=True,
        )
        if listed := self._further.tag(tag):
            self.ids[listed] = payment.payment_id
        return self._further.payment(payment, case, tag)

    def _document_no(self, case: Case) -> str:
        """Each procedure of a unit has its own forms, numbered one after the other."""
        year = case.occurred_at.year
        series = f"{case.unit_id}:{case.procedure}:{year}"
        self._serial[series] += self._missing.get(case.case_id, 0)
        serial, summary = self._next(series), case.procedure == "summary"
        if case.domain == "traffic_police":
            return f"{case.unit_id[2:]}{year % 10}{'1' if summary else '2'}{serial:06d}"
        return f"样{case.unit_id}{'简' if summary else ''}罚〔{year}〕{serial}号"

    def _measure(self, case: Case) -> Measure | None:
        if case.case_id:
            return self._held.get(case.case_id)
        offence = OFFENCES[case.violation_code]
        if offence.measure is None or case.capture != "on_site":
            return None
        return measures.returned(self._rng, measures.taken(self._rng, case, offence))

    def _next(self, series: str) -> int:
        self._serial[series] += 1
        return self._serial[series]


def _settle(cases: list[Case], bound: Set[str]) -> None:
    """Nobody is at two places within minutes: a case so close to another of its officer is at its place.

    An innocent case gives way to a planted one, and of two planted ones of different vehicles, which chance alone
    brought together, the later to the earlier unless its tag is among those `bound`.
    """
    last: dict[str, int] = {}
    for number, case in enumerate(cases):
        if case.capture != "on_site" or case.officer_id is None:
            continue
        before = last.get(case.officer_id)
        last[case.officer_id] = number
        if before is None or case.occurred_at - cases[before].occurred_at >= _TRAVEL:
            continue
        if not case.case_id:
            cases[number] = _moved(case, cases[before])
        elif not cases[before].case_id:
            cases[before] = _moved(cases[before], case)
        elif case.case_id not in bound and case.plate_no != cases[before].plate_no:
            cases[number] = _moved(case, cases[before])


def _moved(case: Case, to: Case) -> Case:
    return replace(case, place_id=to.place_id, place_name=to.place_name, lon=to.lon, lat=to.lat)


def _weight(day: date) -> float:
    return _MONTHS[day.month - 1] * (1.0 if is_working(day) else 0.82)
