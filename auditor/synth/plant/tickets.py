"""Season tickets: a lorry fined the same sum month after month, whatever it weighed, and let pass in between."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from auditor.synth import identity, steps
from auditor.synth.matters import Weighing
from auditor.synth.planting import Kind, Planting, at, either, on
from auditor.synth.police_records import Complaint, Document
from auditor.synth.records import Case
from auditor.synth.registers.follow import STATION
from auditor.synth.workdays import after

REGULAR, FLAT, TOGETHER = "ticket.regular-fines", "ticket.flat-amount", "ticket.company-days"
PASSES, FOUR = "ticket.passes-between-fines", "tolerate.overlimit-four-times"
_REASON = "主动卸载并消除危害后果"


def plant(p: Planting) -> None:
    _regular(p)
    _flat(p)
    _together(p)
    _passes(p)
    _words(p)


def _regular(p: Planting) -> None:
    for days, kind in either(30, 40):
        vehicle, first = p.vehicle(), at(p.day(months=(2, 4)), 9)
        made = [
            p.add(p.case("1353", "ordinary", first + timedelta(days=days * n), unit="JJ03", vehicle=vehicle, fine=350))
            for n in range(4)
        ]
        why = f"fined 350 for overload four times, {days} days apart"
        p.plant(kind, REGULAR, why, made[-1], key={"plate_no": made[-1].plate_no or ""})


def _flat(p: Planting) -> None:
    """The same 2,000 yuan for four and for nine tons too many; reasons are on record, so the sums may stand."""
    for count, kind in either(4, 3):
        vehicle, first = p.vehicle(), at(p.day(months=(2, 4)), 9)
        made: list[Case] = []
        for n in range(count):
            case = p.case("T0064", "slight", first + timedelta(days=33 * n), unit="JT03", vehicle=vehicle, fine=2_000)
            assert case.limit_kg is not None
            over = (4_200, 9_000, 5_100, 9_300)[n]
            case = replace(case, axles=6, limit_kg=49_000, gross_kg=49_000 + over, deviation_reason=_REASON)
            made.append(p.add(case))
        why = f"{count} fines of 2,000 yuan for overloads of which one is twice another"
        p.plant(kind, FLAT, why, made[-1], key={"plate_no": made[-1].plate_no or ""})
        if kind == "problem":
            p.plant("problem", FOUR, "four over-limit acts within a year, no revocation", made[-1],
                    key={"plate_no": made[-1].plate_no or ""})  # fmt: skip


def _together(p: Planting) -> None:
    """Three lorries of one company, all decided on one day, and again a month later, and again."""
    for months, kind in either(3, 2):
        owner = identity.organization(p.vehicle())
        vehicles = [p.vehicle() for _ in range(3)]
        first = p.day(30, 60, months=(3, 6))
        last: list[Case] = []
        for month in range(months):
            decided = at(first + timedelta(days=30 * month), 15)
            last = [_decided(p, vehicle, owner, decided - timedelta(days=9, hours=6), decided) for vehicle in vehicles]
        why = f"three lorries of one company fined on one day, {months} months running"
        p.plant(kind, TOGETHER, why, *last, key={"party_id": owner.party_id})


def _decided(p: Planting, vehicle: int, owner: identity.Party, when: datetime, decided: datetime) -> Case:
    filed = at(after(when.date(), 1), 9)
    case = p.case("1353", "ordinary", when, unit="JJ04", vehicle=vehicle, place=3)
    case = replace(
        case, party_id=owner.party_id, party_name=owner.name, party_type=owner.party_type, party_role="carrier"
    )
    return p.add(steps.taken(case, steps.around(p.rng, filed, decided)))


def _passes(p: Planting) -> None:
    for count, kind in either(5, 3):
        vehicle, first = p.vehicle(), at(p.day(months=(3, 6)), 9)
        fined = p.add(p.case("T0064", "slight", first, unit="JT03", vehicle=vehicle))
        rows = [
            p.enter(
                Weighing(
                    weighing_id="", case_id=None, plate_no=fined.plate_no, station_id=STATION,
                    at=first + timedelta(days=8 * n, minutes=7), axles=6, gross_kg=52_400 + 40 * n, limit_kg=49_000,
                    stage="first", officer_id=p.agency.post("JT03").members[n % 3].officer_id,
                ),
                "weighing_id",
            )
            for n in range(1, count + 1)
        ]  # fmt: skip
        why = f"fined once, then {count} passes over the limit without a case"
        named = rows[3:] if kind == "problem" else rows
        p.plant_rows(kind, PASSES, why, *named, key={"plate_no": fined.plate_no or ""})


def _words(p: Planting) -> None:
    def said(kind: Kind, when: datetime, text: str) -> None:
        row = Complaint(
            complaint_id="", channel="12328", received_at=when, topic="反映货车超限", text=text, unit_id="JT00",
            resolved_at=at(after(when.date(), 4), 11), outcome="已答复",
        )  # fmt: skip
        p.plant_rows(kind, "ticket.words-in-complaints", text, row)

    said("problem", on(4, 9, 9), "来电人称交了月票的货车在站口不再检查。")
    said("decoy", on(4, 10, 9), "来电人咨询公交月票在哪里办理。")

    def written(kind: Kind, when: datetime, text: str, **changes: Any) -> None:
        row = Document(document_id="", unit_id="JT00", title="会议纪要", issued_on=when.date(), text=text)
        p.plant_rows(kind, "ticket.words-in-documents", text, replace(row, **changes))

    written("problem", on(4, 15), "对长期往返车辆可以按包月方式收取。")
    written("decoy", on(4, 16), "严禁以年票、月票等任何方式收取罚款。", title="纪律要求")
