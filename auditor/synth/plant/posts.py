"""Units and stations by their own records: measures not filmed or come to nothing, stops, weights that heap."""

from dataclasses import replace
from datetime import timedelta

from auditor.synth import identity, measures
from auditor.synth.agency import enlist
from auditor.synth.matters import Weighing
from auditor.synth.offences import OFFENCES
from auditor.synth.planting import Planting, at, either, on
from auditor.synth.police_records import Roster
from auditor.synth.records import Case
from auditor.synth.workdays import DAYS, YEAR, after, is_working

UNIT = "JJ07"
"""A squad with 30 measures in the last quarter, ten of them not filmed, eighteen of them come to nothing."""
_FILMED, _KEPT = 20, 12


def plant(p: Planting) -> None:
    _measures(p)
    _stops(p)
    _weights(p)


def _measures(p: Planting) -> None:
    officer, second = (enlist(p.officers, UNIT, number, "officer") for number in (1, 2))
    days = [day for day in DAYS if (day.year, day.month) >= (YEAR, 10) and is_working(day)][:30]
    cases: list[Case] = []
    for n, day in enumerate(days):
        case = p.case("1110", "ordinary", at(day, 10), unit="JJ03", place=2)
        case = replace(case, unit_id=UNIT, officer_id=officer, officer2_id=second)
        if n >= _KEPT:
            case = replace(case, outcome="no_penalty", fine_amount=0, points=None, paid_at=None)
        case = p.add(case)
        supplied = at(after(day, 1), 10)
        measure = replace(
            measures.taken(p.rng, case, OFFENCES["1110"]), officer2_id=second, documents_supplied_at=supplied,
            released_at=supplied + timedelta(hours=1), disposal="returned",
        )  # fmt: skip
        filmed = n < _FILMED
        for who in (officer, second):
            p.enter(_shift(who, day.strftime("%m%d") if filmed else None, case), "roster_id")
        why = f"filmed: {filmed}"
        if filmed:
            p.measures.append(replace(measure, measure_id=f"#{p.rng.getrandbits(60):x}"))
        else:
            p.plant_measure("problem", "record.video-coverage-measures", why, measure, key={"unit_id": UNIT})
            cases.append(case)
    rule = "record.video-coverage-cases"
    p.plant("problem", rule, "ten of thirty not filmed", *cases, key={"unit_id": UNIT})
    p.plant("decoy", "record.video-coverage-measures", "all measures filmed", key={"unit_id": "JJ03"})
    rule = "measure.released-without-finding"
    rows = [measure for measure in p.measures if measure.unit_id == UNIT]
    for measure in rows:
        p.plant_rows("problem", rule, "eighteen of thirty came to nothing", measure, key={"unit_id": UNIT})
    p.plant("decoy", rule, "few measures come to nothing", key={"unit_id": "JJ03"})
    why = "eighteen of thirty drivers without papers let off, hardly any elsewhere"
    p.plant("problem", "correction.no-penalty-rate", why, key={"unit_id": UNIT})
    p.plant("problem", "favour.lenient-rate", why, key={"officer_id": officer})
    p.plant("decoy", "correction.no-penalty-rate", "hardly anybody is let off here", key={"unit_id": "JJ03"})


def _shift(officer: str, video: str | None, case: Case, place: str | None = None) -> Roster:
    begun = case.occurred_at.replace(hour=8, minute=0, second=0)
    return Roster(
        roster_id="", officer_id=officer, from_at=begun, to_at=begun + timedelta(hours=9), post="路面勤务",
        place_id=place, video_id=video and f"SP{video}{officer}",
    )  # fmt: skip


def _stops(p: Planting) -> None:
    places = p.agency.post("JT02").places
    for number, ((place, kind), why) in enumerate(
        zip(either(5, 2), ("stopped at another place than its post", "stopped at its post"), strict=True)
    ):
        officer = enlist(p.officers, "JT02", 45 + number, "officer")
        case = p.case("T3600", "ordinary", at(p.day(), 10, 7), unit="JT02", officer=officer, place=place)
        case = p.add(case)
        p.enter(_shift(officer, "0001", case, places[2].place_id), "roster_id")
        p.plant(kind, "stop.off-post", why, case)


def _weights(p: Planting) -> None:
    """Seven stations with 36 lorries each, half a ton to one and a half over; at one of them just under a ton."""
    crew = [member.officer_id for member in p.agency.post("JT03").members]
    for station in range(11, 18):
        for n in range(36):
            over = 900 + 20 * (n % 5) if station == 17 else 500 + 20 * ((n * 7 + station) % 50)
            row = Weighing(
                weighing_id="", case_id=None, plate_no=identity.plate(p.vehicle()), station_id=f"ZC{station}",
                at=on(1 + n % 12, 3 + n // 2, 9, n), axles=6, gross_kg=49_000 + over, limit_kg=49_000, stage="first",
                officer_id=crew[n % len(crew)],
            )  # fmt: skip
            p.enter(row, "weighing_id")
    rule = "weighing.just-under-limit"
    p.plant("problem", rule, "every lorry just under one ton over", key={"station_id": "ZC17"})
    p.plant("decoy", rule, "weights on both sides of one ton", key={"station_id": "ZC11"})
