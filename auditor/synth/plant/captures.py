"""Cameras and their records: devices not reviewed, not checked, without a sign; records entered, told, voided late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from auditor.synth import identity, steps
from auditor.synth.agency import camera
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import Capture
from auditor.synth.records import Camera, Case
from auditor.synth.workdays import after

_VOIDED_OF, _RECORDS = {"problem": 12, "decoy": 3}, 60


def plant(p: Planting) -> None:
    _devices(p)
    _absent(p)
    _limits(p)
    _reviews(p)
    _voids(p)


def _device(p: Planting, number: int, **changes: Any) -> Camera:
    """A device of the fourth squad, lawful but for the changes."""
    made = replace(camera(p.rng, p.agency.post("JJ04").places[6 + number % 5], number), **changes)
    p.cameras.append(made)
    return made


def _caught(p: Planting, device: Camera, when: datetime, code: str = "1636") -> Case:
    return p.case(code, "ordinary", when.replace(second=9), unit="JJ04", capture="camera", camera=device)


def _devices(p: Planting) -> None:
    def plant(kind: Kind, rule: str, why: str, device: Camera, *cases: Case) -> None:
        p.plant(kind, rule, why, *cases, key={"camera_id": device.camera_id})

    rule, day = "camera.calibration-expired", date(2025, 5, 13)
    device = _device(p, 121, calibrated_until=day)
    plant(
        "problem", rule, "measured a speed the day after its certificate ended", device, _caught(p, device, on(5, 14))
    )
    device = _device(p, 122, calibrated_until=day)
    plant("decoy", rule, "measured a speed on the last day of its certificate", device, _caught(p, device, on(5, 13)))
    device = _device(p, 123, calibrated_until=day)
    plant(
        "decoy", rule, "certificate ended, but it saw a sign disregarded and measured nothing", device,
        _caught(p, device, on(5, 20), "1344"),
    )  # fmt: skip
    rule, day = "camera.used-before-review", date(2025, 4, 16)
    device = _device(p, 124, legal_review_on=day)
    plant("problem", rule, "used the day before its legal review", device, _caught(p, device, on(4, 15), "1344"))
    device = _device(p, 125, technical_review_on=day)
    plant("problem", rule, "used the day before its technical review", device, _caught(p, device, on(4, 15), "1344"))
    device = _device(p, 126, legal_review_on=day, technical_review_on=day)
    plant("decoy", rule, "used on the day of its reviews", device, _caught(p, device, on(4, 16), "1344"))
    rule = "camera.no-speed-sign"
    device = _device(p, 127, sign_installed=False)
    plant("problem", rule, "measures speed where no sign says so", device, _caught(p, device, on(6, 4), "1636"))
    device = _device(p, 128, sign_installed=False)
    plant("decoy", rule, "no sign, and it measures no speed", device, _caught(p, device, on(6, 4), "1344"))
    rule, when = "camera.review-not-recorded", on(3, 3, 9)
    for number, kind, why, changes in (
        (129, "problem", "neither review on record", {"legal_review_on": None, "technical_review_on": None}),
        (130, "problem", "legal review on record, technical review not", {"technical_review_on": None}),
        (131, "decoy", "both reviews on the day of its first use", {"legal_review_on": when.date()}),
    ):  # fmt: skip
        device = _device(p, number, enabled_at=when, **changes)
        p.name_row("problem" if kind == "problem" else "decoy", rule, why, "cameras", device.camera_id, "camera_id")


def _absent(p: Planting) -> None:
    """Decided although nobody came: sixty days after the notice at the earliest."""
    for kind, days, why in (
        ("problem", 59, "decided in absence 59 days after the notice"),
        ("decoy", 61, "decided in absence 61 days after the notice"),
    ):
        case = p.case("1344", "ordinary", on(3, 3, 9), unit="JJ04", capture="camera")
        assert case.notified_at is not None
        decided = case.notified_at + timedelta(days=days)
        later = replace(
            steps.settled(p.rng, decided, decided), entered_at=case.entered_at, notified_at=case.notified_at
        )
        case = p.add(steps.taken(case, later))
        p.alone(case, "accepted_at")
        p.plant("problem" if kind == "problem" else "decoy", "camera.decided-in-absence-too-soon", why, case)


def _record(p: Planting, when: datetime, **changes: Any) -> Capture:
    """A lawful record of a device of the fourth squad, waiting for the owner."""
    post = p.agency.post("JJ04")
    entered = at(after(when.date(), 2), 10)
    return replace(
        Capture(
            capture_id="",
            camera_id=post.cameras[0].camera_id,
            plate_no=identity.plate(p.vehicle()),
            violation_code="1344",
            at=when,
            reviewed_at=entered - timedelta(minutes=15),
            reviewer_id=post.members[0].officer_id,
            entered_at=entered,
            notified_at=at(after(entered.date(), 2), 15),
        ),
        **changes,
    )


def _limits(p: Planting) -> None:
    def late(rule: str, first: str, last: str, days: int, why: str, **also: Any) -> None:
        for kind, count in (("problem", days + 1), ("decoy", days), ("problem", days + 9)):
            began = at(p.day(months=(3, 7)), 9)
            ended = at(after(began.date(), count), 16)
            record = _record(p, began if first == "at" else at(p.day(months=(3, 7)), 8))
            record = replace(record, **{first: began, **also, last: ended})
            if first == "at":
                record = replace(record, reviewed_at=ended, notified_at=at(after(ended.date(), 1), 10))
            elif first == "entered_at":
                seen = at(after(began.date(), -2), 9)
                record = replace(record, at=seen, reviewed_at=began)
            else:
                seen = at(after(began.date(), -18), 9)
                settled = at(after(began.date(), count), 15)
                record = replace(_record(p, seen), void_reason="号牌识别错误", **{first: began, last: settled})
                if first == "void_verified_at":
                    record = replace(record, objection_at=began - timedelta(hours=20), objection_answered_at=began)
                else:
                    record = replace(record, void_reason=None)
            p.plant_rows("problem" if kind == "problem" else "decoy", rule, f"{why} on working day {count}", record)

    late("capture.entered-late", "at", "entered_at", 5, "entered")
    late("capture.notified-late", "entered_at", "notified_at", 5, "the owner told")
    late("capture.objection-answered-late", "objection_at", "objection_answered_at", 5, "an objection answered")
    late("capture.removed-late", "void_verified_at", "voided_at", 3, "a wrong record removed")


def _reviews(p: Planting) -> None:
    rule, helper = "capture.reviewed-by-auxiliary", p.agency.post("JJ04").auxiliaries[0]
    p.plant_rows("problem", rule, "reviewed by an auxiliary", _record(p, p.moment(), reviewer_id=helper))
    p.plant_rows("decoy", rule, "reviewed by an officer", _record(p, p.moment()))
    rule = "capture.unreviewed"
    p.plant_rows(
        "problem", rule, "entered without a review", _record(p, p.moment(), reviewed_at=None, reviewer_id=None)
    )
    record = _record(p, p.moment())
    assert record.entered_at is not None
    p.plant_rows(
        "problem", rule, "reviewed a minute after it was entered",
        replace(record, reviewed_at=record.entered_at + timedelta(minutes=1)),
    )  # fmt: skip
    p.plant_rows(
        "decoy", rule, "reviewed in the minute in which it was entered",
        replace(_record(p, p.moment()), reviewed_at=record.entered_at, at=record.at, entered_at=record.entered_at,
                notified_at=record.notified_at),
    )  # fmt: skip


def _voids(p: Planting) -> None:
    """Devices whose records are voided again and again."""
    for number, kind, why in (
        (133, "problem", "a fifth of the device's records were voided"),
        (134, "decoy", "a twentieth of the device's records were voided, which is the limit"),
    ):
        device = _device(p, number)
        records = [_voided(p, device, n, n % (_RECORDS // _VOIDED_OF[kind]) == 0) for n in range(_RECORDS)]
        chosen: Sequence[Capture] = [p.enter(record, "capture_id") for record in records]
        p.plant_rows(
            "problem" if kind == "problem" else "decoy", "camera.void-share", why, *chosen,
            key={"camera_id": device.camera_id},
        )  # fmt: skip


def _voided(p: Planting, device: Camera, number: int, wrong: bool) -> Capture:
    record = _record(p, at(after(date(2025, 2, 5), number * 3), 9, number), camera_id=device.camera_id)
    assert record.notified_at is not None
    if not wrong:
        return record
    verified = at(after(record.notified_at.date(), 3), 10)
    return replace(
        record,
        objection_at=verified - timedelta(hours=1),
        objection_answered_at=verified,
        void_verified_at=verified,
        voided_at=verified + timedelta(hours=2),
        void_reason="标志被遮挡",
        voided_by=record.reviewer_id,
    )
