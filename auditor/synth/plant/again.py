"""The same again: one act fined twice by devices, one party let off time after time, one sum for everybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from auditor.synth import identity
from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, either, on
from auditor.synth.records import Case

PLACE = "repeat.same-place-time"


def plant(p: Planting) -> None:
    _devices(p)
    _zone(p)
    _let_off(p)
    _one_for_all(p)


def _caught(p: Planting, vehicle: int, when: datetime, code: str = "1345", device: int = 1) -> Case:
    camera = p.agency.post("JJ02").cameras[device]
    grade = "ordinary"
    return p.add(p.case(code, grade, when, unit="JJ02", capture="camera", vehicle=vehicle, camera=camera))


def _devices(p: Planting) -> None:
    rule = "repeat.same-device-minutes"
    for minutes, kind in either(9, 11):
        vehicle, begun = p.vehicle(), at(p.day(), 9)
        both = [_caught(p, vehicle, begun), _caught(p, vehicle, begun + timedelta(minutes=minutes))]
        p.plant(kind, rule, f"one device, one offence, {minutes} minutes apart", *both)
        p.plant("problem", PLACE, f"the same place {minutes} minutes later", *both)
    for minutes, kind in either(14, 16):
        vehicle, begun = p.vehicle(), at(p.day(), 9)
        both = [_caught(p, vehicle, begun), _caught(p, vehicle, begun + timedelta(minutes=minutes), device=2)]
        p.plant(kind, "repeat.same-section-minutes", f"the next device {minutes} minutes later", both[1])
    for seconds, kind in either(0, 1):
        vehicle, begun = p.vehicle(), at(p.day(), 9)
        both = [_caught(p, vehicle, begun), _caught(p, vehicle, begun + timedelta(seconds=seconds), "1208")]
        p.plant(kind, "double.two-codes-one-picture", f"two offences {seconds} seconds apart", *both)


def _zone(p: Planting) -> None:
    for hours, kind in either(5, 25):
        vehicle, begun = p.vehicle(), at(p.day(), 9)
        both = [
            replace(_named(p, vehicle, begun, 1), violation_name="机动车违反禁行规定通行"),
            replace(_named(p, vehicle, begun + timedelta(hours=hours), 2), violation_name="机动车违反禁行规定通行"),
        ]
        p.plant(kind, "repeat.restricted-zone-same-day", f"into the zone again {hours} hours later", *both)


def _named(p: Planting, vehicle: int, when: datetime, place: int) -> Case:
    return p.case("1344", "ordinary", when, unit="JJ02", vehicle=vehicle, place=place)


def _spared(p: Planting, owner: identity.Party, when: datetime, officer: str) -> Case:
    case = p.case("1344", "slight", when, unit="JJ01", officer=officer, place=4)
    case = replace(case, outcome="no_penalty", fine_amount=0, points=None, paid_at=None, plate_no=owner.plate_no)
    return replace(case, party_id=owner.party_id, party_name=owner.name)


def _let_off(p: Planting) -> None:
    crew = [member.officer_id for member in p.agency.post("JJ01").members]
    for count, kind in either(3, 2):
        owner = identity.person(p.vehicle())
        cases = [_spared(p, owner, on(4, 1 + 9 * n, 9), crew[n]) for n in range(count)]
        p.plant(kind, "correction.let-off-again", f"{count} times without penalty within thirty days", *cases)
        owner = identity.person(p.vehicle())
        cases = [p.add(_spared(p, owner, on(2 + 3 * n, 12, 9), crew[3])) for n in range(count)]
        p.plant(kind, "favour.lenient-pair", f"{count} times without penalty by one officer", cases[-1],
                key={"officer_id": crew[3]})  # fmt: skip
    lenient = enlist(p.officers, "JJ01", 38, "officer")
    for n in range(48):
        when = at(p.day(months=(1, 12)), 9, n)
        if n % 2:
            p.add(p.case("1344", "ordinary", when, unit="JJ01", officer=lenient, place=5))
        else:
            p.add(_spared(p, identity.person(p.vehicle()), when, lenient))
    rule = "favour.lenient-rate"
    p.plant("problem", rule, "every second case without penalty", key={"officer_id": lenient})
    p.plant("decoy", rule, "as lenient as others", key={"officer_id": crew[0]})


def _one_for_all(p: Planting) -> None:
    """Thirty-two fines of 500 for the same reason, at a squad that began in October otherwise."""
    officer = enlist(p.officers, "JT05", 9, "officer")
    made: list[Case] = []
    for n in range(32):
        case = p.case("T0069", "slight", at(p.day(months=(2, 4)), 9, n), unit="JT02", fine=500, place=1)
        case = replace(case, unit_id="JT05", officer_id=officer, deviation_reason="情节轻微")
        made.append(p.add(case))
    _listed(p, "problem", ("rigid.one-amount", "rigid.same-reason"), "32 fines of 500 for one reason", made)
    _listed(p, "problem", ("transport.own-floor",), "nobody fined at the minimum", made)
    _listed(p, "decoy", ("rigid.one-amount", "rigid.same-reason"), "amounts and reasons differ", (), unit="JT01")


def _listed(p: Planting, kind: Kind, rules: Sequence[str], why: str, cases: Sequence[Case], unit: str = "JT05") -> None:
    for rule in rules:
        p.plant(kind, rule, why, *cases, key={"unit_id": unit})
