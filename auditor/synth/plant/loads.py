"""Overloaded lorries: fined and driven on, weighed without a case, over the limit again and again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from auditor.synth import identity, steps
from auditor.synth.identity import Party
from auditor.synth.matters import Unloading, Vehicle, Weighing
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.records import Case
from auditor.synth.workdays import YEAR, after

_ALSO = ("unloading.released-over-limit",)
_BARE = frozenset({"weighings", "unloadings"})


def plant(p: Planting) -> None:
    _unloaded(p)
    _stations(p)
    _carriers(p)
    _gains(p)
    _formula(p)


def _over(p: Planting, when: datetime, fine: int = 2000, *, by: int = 8_000, **facts: Any) -> Case:
    """Somebody over the limit on the road; fined as the formula has it where `by` is about twice the fine."""
    grade = "slight" if fine <= 2000 else "ordinary" if fine <= 4500 else "serious"
    case = p.case("T0064", grade, when, unit="JT03", fine=fine)
    assert case.limit_kg is not None
    return p.add(replace(case, gross_kg=case.limit_kg + by, **facts))


def _weighed(p: Planting, case: Case, at: datetime, gross: int, stage: str, **facts: Any) -> Weighing:
    row = Weighing(
        weighing_id="",
        case_id=case.case_id,
        plate_no=case.plate_no,
        station_id="ZC01",
        at=at,
        axles=case.axles or 6,
        gross_kg=gross,
        limit_kg=case.limit_kg or 49_000,
        stage=stage,
        officer_id=case.officer_id,
    )
    return p.enter(replace(row, **facts), "weighing_id")


def _unloaded(p: Planting) -> None:
    def handled(
        why: str,
        listed: tuple[tuple[Kind, str], ...],
        *,
        left: int = -200,
        recheck: int | None = -200,
        off: int = 0,
        permit: str | None = None,
        unloaded: bool = True,
    ) -> None:
        """`left` and `recheck`: what the lorry weighed after unloading, beyond its limit."""
        case = _over(p, p.moment(), by=4_400)
        assert case.limit_kg is not None and case.gross_kg is not None
        begun = case.occurred_at.replace(second=0) + timedelta(minutes=5)
        first = _weighed(p, case, begun, case.gross_kg, "first", permit_no=permit)
        if recheck is not None:
            _weighed(p, case, begun + timedelta(hours=2), case.limit_kg + recheck, "recheck")
        row = Unloading(
            unloading_id="",
            weighing_id=first.weighing_id,
            case_id=case.case_id,
            at=begun + timedelta(hours=1),
            before_kg=case.gross_kg,
            after_kg=case.limit_kg + left,
            unloaded_kg=4_400 - left + off,
            place_id="XZ01",
            released_at=begun + timedelta(hours=3),
        )
        if unloaded:
            row = p.enter(row, "unloading_id")
        else:
            p.bare[case.case_id] = _BARE
        for kind, rule in listed:
            if rule in ("unload.no-recheck", "unload.fined-without-unloading"):
                p.plant(kind, rule, why, case)
            else:
                p.plant_rows(kind, rule, why, row)

    never = "unload.fined-without-unloading"
    handled(
        "released 100 kg over its limit",
        (*(("problem", rule) for rule in _ALSO), ("problem", "unload.no-recheck")),
        left=100,
        recheck=100,
    )
    handled(
        "released exactly at its limit",
        (*(("decoy", rule) for rule in _ALSO), ("decoy", "unload.no-recheck")),
        left=0,
        recheck=0,
    )
    handled("unloaded, not weighed again", (("problem", "unload.no-recheck"),), recheck=None)
    handled("fined, weighed and not unloaded", (("problem", never),), unloaded=False)
    handled("over the limit with a permit", (("decoy", never),), unloaded=False, recheck=None, permit="XK25001")
    handled("the weights differ by 301 kg", (("problem", "unloading.weights-disagree"),), off=301)
    handled("the weights differ by 300 kg", (("decoy", "unloading.weights-disagree"),), off=300)
    police = p.add(p.case("1637", "grave", p.moment(), fine=1_500))
    p.bare[police.case_id] = _BARE
    p.plant("problem", never, "an overloaded lorry fined by the police and not unloaded", police)


def _stations(p: Planting) -> None:
    for hours, kind in either(5, 25):
        case = _over(p, p.moment(), by=4_400)
        assert case.limit_kg is not None
        second = case.occurred_at.replace(second=0) + timedelta(hours=hours)
        row = replace(_loose(p, case.plate_no, second, case.limit_kg + 2_000, case.axles or 6), limit_kg=case.limit_kg)
        p.plant_rows(
            kind,
            "unload.over-again-within-a-day",
            f"over the limit elsewhere {hours} hours later",
            replace(row, station_id="ZC02"),
        )
    for over, kind in either(1_001, 1_000):
        row = _loose(p, identity.plate(p.vehicle()), p.moment(), 49_000 + over, 6)
        p.plant_rows(
            kind,
            "filing.overweight-without-case",
            f"{over} kg over the limit when weighed again, no case",
            replace(row, stage="recheck"),
        )
    officer = p.agency.post("JT03").members[0].officer_id
    for last, kind in either(29, 31):
        plate, day = identity.plate(p.vehicle()), p.day()
        rows = [_loose(p, plate, at(day + timedelta(days=n), 10), 40_000, 6) for n in (0, 9, last)]
        p.plant_rows(
            kind,
            "inspection.repeated-without-finding",
            f"three checks without a finding in {last} days",
            *(replace(row, officer_id=officer) for row in rows),
            key={"plate_no": plate, "officer_id": officer},
        )
    for axles, kind in either(5, 6):
        row = _loose(p, identity.plate(p.vehicle()), p.moment(), 41_000, axles)
        p.plant_rows(
            kind,
            "weighing.limit-not-by-axles",
            f"{axles} axles held to the limit of six",
            replace(row, station_id="ZC03"),
            key={"station_id": "ZC03"},
        )


def _loose(p: Planting, plate: str | None, when: datetime, gross: int, axles: int) -> Weighing:
    return Weighing(
        weighing_id="",
        case_id=None,
        plate_no=plate,
        station_id="ZC01",
        at=when,
        axles=axles,
        gross_kg=gross,
        limit_kg=49_000,
        stage="first",
        officer_id=p.agency.post("JT03").members[1].officer_id,
    )


def firm(number: int) -> Party:
    """A carrier that no innocent case knows."""
    name = f"样例县安达{number}号运输有限公司"
    return Party(party_id=identity.credit_code(900 + number), name=name, party_type="organization", plate_no=None)


def of_firm(case: Case, owner: Party) -> Case:
    return replace(
        case, party_id=owner.party_id, party_name=owner.name, party_type="organization", party_role="carrier"
    )


def _carriers(p: Planting) -> None:
    for count, kind in either(4, 3):
        vehicle, day = p.vehicle(), p.day(months=(2, 4))
        cases = list[Case]()
        for n in range(count):
            case = p.case("T0064", "slight", at(day + timedelta(days=20 * n), 10), unit="JT03", vehicle=vehicle)
            cases.append(p.add(case))
        p.plant(kind, "tolerate.overlimit-four-times", f"{count} times over the limit within a year", cases[-1])
    for number, (count, kind) in enumerate(either(2, 1), start=1):
        owner, fleet = firm(number), [p.vehicle() for _ in range(10)]
        for vehicle in fleet:
            p.standing.append(
                Vehicle(
                    plate_no=identity.plate(vehicle),
                    owner_party_id=owner.party_id,
                    vehicle_use="freight",
                    approved_load_kg=30_000,
                    gross_limit_kg=49_000,
                    transport_permit=f"YS{vehicle:07d}",
                    valid_from=date(YEAR - 2, 5, 1),
                )
            )
        day = p.day()
        cases = [
            p.add(
                of_firm(
                    p.case("T0064", "slight", at(day + timedelta(days=9 * n), 10), unit="JT03", vehicle=vehicle), owner
                )
            )
            for n, vehicle in enumerate(fleet[:count])
        ]
        p.plant(kind, "tolerate.carrier-over-a-tenth", f"{count} of ten lorries over the limit", cases[-1])
    for gross, kind in either(4_500, 4_501):
        case = p.add(p.case("T6301", "slight", p.moment()))
        assert case.plate_no is not None
        p.standing.append(
            Vehicle(
                plate_no=case.plate_no,
                owner_party_id=case.party_id,
                vehicle_use="freight",
                approved_load_kg=1_500,
                gross_limit_kg=gross,
                transport_permit=None,
                valid_from=date(YEAR - 2, 5, 1),
            )
        )
        p.plant(kind, "freight.light-vehicle-unlicensed", f"a lorry of {gross} kg fined for want of a permit", case)
    for days, kind in either(16, 15):
        case = p.case("T6901", "slight", p.moment())
        found = case.occurred_at
        filed = at(after(found.date(), days), 10)
        case = replace(case, discovered_at=found)
        decided = at(after(filed.date(), 12), 15)
        case = steps.taken(case, steps.around(p.rng, filed, decided))
        p.plant(kind, "filing.late-after-discovery", f"filed on working day {days} after discovery", case)


def _gains(p: Planting) -> None:
    for gain, kind in either(50, 51):
        case = replace(
            p.case("T6302", "slight", p.moment()),
            vehicle_use="private",
            first_offence=True,
            illegal_gain=gain,
            confiscated_amount=gain,
        )
        p.plant(kind, "rideshare.small-gain-fined", f"a private car, first time, gain {gain} yuan", case)
    for taken, kind in either(400, 500):
        case = replace(p.case("T6301", "slight", p.moment()), illegal_gain=500, confiscated_amount=taken)
        p.plant(kind, "gain.not-confiscated", f"gain 500 yuan, confiscated {taken}", case)
    for gain, kind in either(12_000, 10_000):
        case = replace(p.case("T6301", "grave", p.moment(), fine=10_000), illegal_gain=gain, confiscated_amount=gain)
        p.plant(kind, "gain.multiple-freight", f"gain {gain} yuan, fined 10,000", case)
    for gain, kind in either(30_000, 20_000):
        case = replace(p.case("T6302", "ordinary", p.moment(), fine=30_000), illegal_gain=gain, confiscated_amount=gain)
        p.plant(kind, "gain.multiple-passenger", f"gain {gain} yuan, fined 30,000", case)


def _formula(p: Planting) -> None:
    rule = "overlimit.fine-above-formula"
    p.plant("problem", rule, "4,000 kg over the limit, fined 3,000", _over(p, p.moment(), 3_000, by=4_000))
    p.plant("decoy", rule, "5,001 kg over the limit, fined 3,000", _over(p, p.moment(), 3_000, by=5_001))
    rule = "overlimit.fine-below-formula"
    p.plant("problem", rule, "8,000 kg over the limit, fined 3,000", _over(p, p.moment(), 3_000, by=8_000))
    p.plant("decoy", rule, "7,980 kg over the limit, fined 3,000", _over(p, p.moment(), 3_000, by=7_980))
