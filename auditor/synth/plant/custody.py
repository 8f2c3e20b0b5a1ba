"""What is taken into custody and what is paid in: measures, goods, removed records, receipts and batches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from auditor.synth import identity
from auditor.synth.matters import Treasury, Unloading, Weighing
from auditor.synth.plant.slips import moment
from auditor.synth.planting import Kind, Planted, Planting, at, either, on
from auditor.synth.police_records import Capture, Complaint
from auditor.synth.records import Case, Measure
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _who(p)
    _grounds(p)
    _again(p)
    _extended(p)
    _goods(p)
    _removed(p)
    _receipts(p)
    _batches(p)
    _loads(p)
    _words(p)


def _held(p: Planting, code: str = "1110", grade: str = "ordinary") -> tuple[Case, Measure]:
    """A vehicle kept two days until its papers were there, lawful in all."""
    case, measure = p.held(code, grade, p.moment())
    supplied = at(after(measure.started_at.date(), 2), 10)
    end = supplied + timedelta(hours=2)
    return case, replace(measure, documents_supplied_at=supplied, released_at=end, disposal="returned")


def _who(p: Planting) -> None:
    helpers = p.agency.post("JJ01").auxiliaries
    for alone, kind in either(True, False):
        _, measure = _held(p)
        first = helpers[0] if alone else measure.officer_id
        p.plant_measure(kind, "measure.auxiliary-alone", f"taken by auxiliaries alone: {alone}",
                        replace(measure, officer_id=first, officer2_id=helpers[1]))  # fmt: skip
    _, measure = _held(p)
    rule = "measure.officer-without-credential"
    stranger = replace(measure, officer_id="099999", officer2_id=measure.officer_id)
    p.plant_measure("problem", rule, "taken by somebody who is in no register", stranger)
    _, measure = _held(p)
    p.plant_measure("decoy", rule, "taken by an officer with a credential in force", measure)


def _grounds(p: Planting) -> None:
    for code, kind in either("1345", "1110"):
        case = p.add(p.case(code, "ordinary", p.moment(), unit="JJ04"))
        _, model = _held(p)
        began = case.occurred_at + timedelta(minutes=9)
        row = _registered(p, case, model, began, ground=None)
        p.plant_rows(kind, "measure.held-for-summary-fine", f"a vehicle kept for offence {code}, no ground named", row)
    for days, kind in either(8, 7):
        _, model = _held(p)
        began = at(p.day(2, 7, 8), 9)
        row = _registered(p, None, model, began, released_at=began + timedelta(days=days), documents_supplied_at=None)
        p.plant_rows(kind, "measure.no-case", f"kept {days} days, no case on record", row)


def _registered(p: Planting, case: Case | None, model: Measure, began: datetime, **facts: Any) -> Measure:
    """Another measure like the model, entered in the register by itself."""
    who = case or model
    row = replace(
        model, measure_id="", case_id=case.case_id if case else None, plate_no=who.plate_no,
        unit_id=who.unit_id, officer_id=who.officer_id,
        started_at=began, document_given_at=began + timedelta(minutes=2), approved_at=began + timedelta(hours=2),
        handed_in_at=began + timedelta(hours=3), documents_supplied_at=began + timedelta(hours=4),
        released_at=began + timedelta(hours=6),
    )  # fmt: skip
    return replace(row, officer2_id=_beside(p, row), **facts)


def _beside(p: Planting, measure: Measure) -> str:
    """A colleague of the officer who took it."""
    return next(m.officer_id for m in p.agency.post(measure.unit_id).members if m.officer_id != measure.officer_id)


def _again(p: Planting) -> None:
    for days, kind in either(30, 31):
        case = p.add(p.case("T6902", "slight", at(p.day(7, 8, months=(2, 4)), 9)))
        _, model = _held(p)
        began = case.occurred_at + timedelta(hours=1)
        kept: dict[str, Any] = {
            "kind": "register_evidence", "domain": "transport", "ground": "evidence", "handed_in_at": None,
            "documents_supplied_at": None, "disposal": "returned", "approved_at": began, "lot_id": None,
        }  # fmt: skip
        ended = began + timedelta(days=3)
        p.enter(_registered(p, case, model, began, **kept | {"released_at": ended}), "measure_id")
        second = ended + timedelta(days=days)
        kept |= {"approved_at": second, "released_at": second + timedelta(days=2)}
        row = _registered(p, case, model, second, **kept)
        p.plant_rows(kind, "evidence.registered-again", f"registered again {days} days after", row)


def _extended(p: Planting) -> None:
    for days, kind in either(33, 29):
        began = at(p.day(30, 31, 32, 33, months=(2, 6)), 9)
        case, measure = p.held("T6301", "slight", began)
        told = at((began + timedelta(days=days)).date(), 10)
        end = at((began + timedelta(days=50)).date(), 10)
        measure = replace(
            measure, extension_approved_at=told, extension_approved_by=measure.approved_by,
            extended_until=(began + timedelta(days=58)).date(), released_at=end, disposal="returned",
        )  # fmt: skip
        why = f"extended on day {days} of the seizure"
        p.plant_measure(kind, "impound.extension-approved-late", why, measure)
        assert case.case_id


def _goods(p: Planting) -> None:
    for booked, kind in either(False, True):
        case, measure = p.held("T6902", "slight", p.moment())
        measure = replace(measure, released_at=measure.started_at + timedelta(days=20), disposal="transferred")
        if not booked:
            p.alone(case, "goods")
        p.plant_measure(kind, "goods.not-in-ledger", f"seized, in the ledger of goods: {booked}", measure)
    for hours, kind in either(25, 23):
        case = p.add(p.case("1637", "serious", p.moment(), unit="JJ04"))
        _, model = _held(p)
        began = case.occurred_at + timedelta(minutes=20)
        row = _registered(
            p, case, model, began, kind="seize_property", ground="evidence",
            handed_in_at=began + timedelta(hours=hours), documents_supplied_at=None,
            released_at=began + timedelta(days=5), disposal="returned", lot_id=None,
        )  # fmt: skip
        p.plant_rows(kind, "goods.police-handed-in-late", f"with its keeper after {hours} hours", row)


def _removed(p: Planting) -> None:
    post = p.agency.post("JJ03")
    who, device = post.members[0].officer_id, post.cameras[1].camera_id

    def record(plate: str, when: datetime, **facts: Any) -> Capture:
        row = Capture(
            capture_id="", camera_id=device, plate_no=plate, violation_code="1345", at=when,
            reviewed_at=when + timedelta(hours=20), reviewer_id=post.members[1].officer_id,
            entered_at=when + timedelta(hours=21), notified_at=when + timedelta(hours=30),
        )  # fmt: skip
        return replace(row, **facts)

    def voided(plate: str, when: datetime, reason: str | None) -> Capture:
        later = at(after(when.date(), 5), 10)
        return record(
            plate, when, objection_at=later, void_verified_at=later + timedelta(hours=2), voided_by=who,
            objection_answered_at=later + timedelta(hours=3), voided_at=later + timedelta(hours=4), void_reason=reason,
        )  # fmt: skip

    for count, kind in either(4, 3):
        plate = identity.plate(p.vehicle())
        rows = [p.enter(voided(plate, on(3 + n, 11, 9), "号牌识别错误"), "capture_id") for n in range(count)]
        p.plant_rows(kind, "favour.void-pair", f"one person removed {count} records of one vehicle", rows[-1],
                     key={"voided_by": who})  # fmt: skip
    for reason, kind in either("其他", "套牌车辆"):
        row = voided(identity.plate(p.vehicle()), on(5, 13, 9), reason)
        p.plant_rows(kind, "favour.void-without-ground", f"removed, reason: {reason}", row)
    for told, kind in either(False, True):
        row = record(identity.plate(p.vehicle()), on(5, 20, 9))
        row = row if told else replace(row, notified_at=None)
        why = f"entered in May, the owner told: {told}"
        p.plant_rows(kind, "capture.no-notice", why, row, key={"camera_id": device})


def _receipts(p: Planting) -> None:
    def paid(kind: Kind, rule: str, why: str, **facts: Any) -> None:
        case = p.add(p.case("3001", "ordinary", p.moment(), unit="JJ01", fine=20))
        tag = f"#{p.rng.getrandbits(60):x}"
        p.pays[case.case_id] = {"payment_id": tag, "channel": "cash_on_site", **facts}
        p.entries.append(Planted(rule=rule, kind=kind, table="payments", tags=(tag,), key={"payment_id": tag}, why=why))

    paid("problem", "receipt.missing-on-site", "collected on the road without a receipt", receipt_no=None)
    paid("decoy", "receipt.missing-on-site", "collected on the road with a receipt")

    def banked(kind: Kind, rules: Sequence[str], why: str, handed: int, booked: int | None, channel: str) -> None:
        case = p.add(p.case("3001", "ordinary", p.moment(), unit="JJ01", fine=20))
        cash = channel == "cash_on_site"
        day, tag = (case.occurred_at if cash else moment(case.paid_at)).date(), f"#{p.rng.getrandbits(60):x}"
        into = {"handed_in_at": at(after(day, handed), 10)} if cash else {}
        deposited = None if booked is None else at(after(day, booked), 10)
        p.pays[case.case_id] = {"payment_id": tag, "channel": channel, "deposited_at": deposited, **into}
        for rule in rules:
            key = {"payment_id": tag}
            p.entries.append(Planted(rule=rule, kind=kind, table="payments", tags=(tag,), key=key, why=why))

    bank, whole, treasury = "handin.bank-late", "handin.whole-way-late", "treasury.not-deposited"
    banked("problem", [bank], "at the bank on the third working day after the agency had it", 1, 4, "cash_on_site")
    banked("decoy", [bank], "at the bank on the second working day after the agency had it", 1, 3, "cash_on_site")
    banked("problem", [bank, whole], "at the bank on the fifth working day", 2, 5, "cash_on_site")
    banked("decoy", [bank, whole], "at the bank on the fourth working day", 2, 4, "cash_on_site")
    banked("problem", [treasury], "never booked in", 0, None, "bank")
    banked("decoy", [treasury], "booked in on the tenth working day", 0, 10, "bank")


def _batches(p: Planting) -> None:
    def booked(batch: str, amount: int, when: datetime) -> Treasury:
        return Treasury(treasury_id="", unit_id="JJ01", batch=batch, item_code="103050101", amount=amount, at=when)

    for short, kind in either(50, 0):
        case = p.add(p.case("1344", "ordinary", p.moment(), unit="JJ01", fine=100))
        batch, tag = f"JJ01-P{1 + short}", f"#{p.rng.getrandbits(60):x}"
        p.pays[case.case_id] = {"payment_id": tag, "channel": "bank", "batch": batch}
        if short:
            p.enter(booked(batch, short, moment(case.decided_at) + timedelta(days=8)), "treasury_id")
        rules = ("treasury.batch-differs", "treasury.batch-without-payments")
        for rule in rules if kind == "decoy" else rules[:1]:
            why = f"the treasury has {short} more than was paid"
            p.entries.append(
                Planted(rule=rule, kind=kind, table="payments", tags=(tag,), key={"batch": batch}, why=why)
            )
    p.plant_rows("problem", "treasury.batch-without-payments", "no payment has this batch",
                 booked("JJ01-P0", 400, on(6, 12, 16)))  # fmt: skip


def _loads(p: Planting) -> None:
    for after_kg, kind in either(50_000, 48_400):
        first = Weighing(
            weighing_id="", case_id=None, plate_no=identity.plate(p.vehicle()), station_id="ZC01", at=on(4, 16, 9),
            axles=6, gross_kg=51_000, limit_kg=49_000, stage="first",
            officer_id=p.agency.post("JT03").members[0].officer_id,
        )  # fmt: skip
        first = p.enter(first, "weighing_id")
        row = Unloading(
            unloading_id="", weighing_id=first.weighing_id, case_id=None, at=on(4, 16, 10), before_kg=51_000,
            after_kg=after_kg, unloaded_kg=51_000 - after_kg, place_id="XZ01", released_at=None,
        )  # fmt: skip
        p.plant_rows(kind, "unload.hardly-lighter", f"51,000 kg before unloading, {after_kg} after", row)


def _words(p: Planting) -> None:
    for text, kind in either("来电人反映执法人员说每月有罚款任务。", "来电人反映工地任务重，罚单寄送太慢。"):
        row = Complaint(
            complaint_id="", channel="12345", received_at=on(5, 14, 9), topic="反映执法", text=text, unit_id="JJ00",
            resolved_at=on(5, 20, 11), outcome="已答复",
        )  # fmt: skip
        p.plant_rows(kind, "quota.words-in-complaints", text, row)
