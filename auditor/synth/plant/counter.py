"""The counter: points taken for strangers' cars, tests too early, reductions too often, an agent and a clerk."""

from datetime import datetime, timedelta

from auditor.synth import identity
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import Capture, LicenceService, PointsRecord
from auditor.synth.registers.counter import CLERKS, WINDOWS, phone

_AGENTS = 900_000
_CLERK, _WINDOW = "CK007", "W04"


def plant(p: Planting) -> None:
    _beyond_twelve(p)
    _owners(p)
    _agents(p)
    _licences(p)
    _studies(p)
    _reductions(p)
    _registrations(p)
    _passed(p)


def _holder(p: Planting) -> str:
    return identity.resident_number(p.vehicle())


def _points(licence: str, owner: str, points: int, when: datetime) -> PointsRecord:
    return PointsRecord(
        record_id="", case_id=None, licence_no=licence, plate_no=None, owner_party_id=owner, points=points,
        processed_at=when, window_id=WINDOWS[0], clerk_id=CLERKS[0],
    )  # fmt: skip


def _service(kind: str, licence: str | None, when: datetime, **more: str | None) -> LicenceService:
    named = {"window_id": WINDOWS[1], "clerk_id": CLERKS[2], "result": "办结", **more}
    return LicenceService(service_id="", kind=kind, licence_no=licence, at=when, **named)  # pyright: ignore[reportArgumentType]


def _beyond_twelve(p: Planting) -> None:
    rule = "points.beyond-twelve"
    for kind, first, tested, why in (
        ("problem", 6, False, "points for a second owner's car after twelve were reached"),
        ("decoy", 5, False, "points for a second owner's car when eleven were reached"),
        ("decoy", 6, True, "twelve reached, the full-score test taken, points again after it"),
    ):
        mine, other = _holder(p), _holder(p)
        p.enter(_points(mine, mine, 6, on(3, 4, 9)), "record_id")
        p.enter(_points(mine, other, first, on(3, 18, 9)), "record_id")
        if tested:
            p.enter(_service("full_points_study", mine, on(3, 20, 9)), "service_id")
            p.enter(_service("full_points_test", mine, on(3, 27, 9)), "service_id")
        last = _points(mine, other, 3, on(4, 9, 9))
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, last, key={"licence_no": mine})


def _owners(p: Planting) -> None:
    rule = "points.other-owners-vehicles"
    for kind, count, why in (
        ("problem", 3, "points for the cars of three owners on one licence"),
        ("decoy", 2, "points for the cars of two owners on one licence"),
    ):
        mine = _holder(p)
        rows = [p.enter(_points(mine, _holder(p), 1, on(5, 6 + n, 10)), "record_id") for n in range(count)]
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, rows[-1], key={"licence_no": mine})


def _agents(p: Planting) -> None:
    """An agent whose business all goes to one clerk, and one who takes whichever window is free."""
    for agent, kind, why in (
        (1, "problem", "all of an agent's business goes to one clerk"),
        (2, "decoy", "an agent's business goes to all clerks alike"),
    ):
        rows = [
            p.enter(
                _service(
                    "inspection", _holder(p), at(p.day(months=(2, 11)), 10, n),
                    clerk_id=_CLERK if kind == "problem" else CLERKS[n % 6],
                    window_id=_WINDOW if kind == "problem" else WINDOWS[n % 6 // 2],
                    agent_id=identity.resident_number(9_900_000 + agent),
                ),
                "service_id",
            )
            for n in range(24)
        ]  # fmt: skip
        clerk = {"clerk_id": _CLERK if kind == "problem" else CLERKS[0]}
        named: Kind = "problem" if kind == "problem" else "decoy"
        p.plant_rows(named, "counter.agent-concentration", why, *rows, key=clerk)


def _licences(p: Planting) -> None:
    """Twenty different holders through one telephone within thirty days."""
    for number, (kind, count) in enumerate((("problem", 20), ("decoy", 19))):
        rows = [
            p.enter(
                _service(
                    "other", _holder(p), on(6, 3, 9, n) + timedelta(days=n), clerk_id=CLERKS[n % 6],
                    agent_phone=phone(_AGENTS + number),
                ),
                "service_id",
            )
            for n in range(count)
        ]  # fmt: skip
        p.plant_rows(
            "problem" if kind == "problem" else "decoy", "agent.many-licences",
            f"{count} licence holders through one telephone within thirty days", rows[-1],
            key={"agent_phone": phone(_AGENTS + number)},
        )  # fmt: skip


def _studies(p: Planting) -> None:
    for kind, days, why in (
        ("problem", 6, "tested six days after the study began"),
        ("decoy", 7, "tested seven days after the study began"),
    ):
        mine, begun = _holder(p), on(7, 1, 9)
        p.enter(_service("full_points_study", mine, begun), "service_id")
        test = _service("full_points_test", mine, begun + timedelta(days=days, hours=1), result="合格")
        p.plant_rows("problem" if kind == "problem" else "decoy", "study.test-too-early", why, test)


def _reductions(p: Planting) -> None:
    for kind, count in (("problem", 7), ("decoy", 6)):
        mine = _holder(p)
        rows = [p.enter(_service("points_reduction", mine, on(2 + n, 12, 9)), "service_id") for n in range(count)]
        p.plant_rows(
            "problem" if kind == "problem" else "decoy", "reduction.more-than-six",
            f"points taken off {count} times within a year", *rows, key={"licence_no": mine},
        )  # fmt: skip


def _registrations(p: Planting) -> None:
    post = p.agency.post("JJ04")
    for kind, days, why in (
        ("problem", 1, "registered the day after an open violation was entered"),
        ("decoy", 0, "registered on the day on which the violation was entered"),
    ):
        plate, entered = identity.plate(p.vehicle()), on(9, 16, 8)
        record = Capture(
            capture_id="", camera_id=post.cameras[1].camera_id, plate_no=plate, violation_code="1345",
            at=on(9, 15, 7), reviewed_at=entered - timedelta(minutes=5), reviewer_id=post.members[1].officer_id,
            entered_at=entered, notified_at=on(9, 18, 9),
        )  # fmt: skip
        p.enter(record, "capture_id")
        service = _service("registration", None, entered + timedelta(days=days, hours=2), plate_no=plate)
        p.plant_rows("problem" if kind == "problem" else "decoy", "registration.open-violations", why, service)


def _passed(p: Planting) -> None:
    """Full-score tests under seven clerks; under one of them everybody passes."""
    for clerk, ninths, count in (*((clerk, 5, 36) for clerk in CLERKS), ("CK008", 9, 54)):
        for n in range(count):
            result = "合格" if n % 9 < ninths else "不合格"
            when = at(p.day(months=(1, 12)), 9, n)
            p.enter(_service("full_points_test", _holder(p), when, clerk_id=clerk, result=result), "service_id")
    for n in range(8):
        when = at(p.day(months=(1, 12)), 10, n)
        p.enter(_service("full_points_test", _holder(p), when, clerk_id="CK009", result="合格"), "service_id")
    rule = "licence.pass-rate"
    p.plant("problem", rule, "54 tests, all passed; five in nine under other clerks", key={"clerk_id": "CK008"})
    p.plant("decoy", rule, "8 tests, all passed: too few to say anything", key={"clerk_id": "CK009"})
