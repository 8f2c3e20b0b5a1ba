"""On the road: barriers and closed streets, towing, where and for how long vehicles stand, speeds and points."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import Restriction
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _restrictions(p)
    _fined_before(p)
    _towed(p)
    _lots(p)
    _disposed(p)
    _facts(p)


def _restriction(number: int, kind: str, **changes: str | datetime | None) -> Restriction:
    row = Restriction(
        restriction_id="", kind=kind, place_id=f"LY{number:02d}", place_name=f"样例县{number}号路口",
        approved_ref=f"样政批〔2025〕{number}号", detour_published_at=on(3, 10, 9), installed_at=on(3, 20, 9),
    )  # fmt: skip
    return replace(row, **changes)  # pyright: ignore[reportArgumentType]


def _restrictions(p: Planting) -> None:
    rule = "restriction.barrier-unapproved"
    p.plant_rows("problem", rule, "a height barrier without approval", _restriction(1, "height", approved_ref=None))
    p.plant_rows("problem", rule, "a width barrier without approval", _restriction(2, "width", approved_ref=None))
    p.plant_rows("decoy", rule, "a height barrier with approval", _restriction(3, "height"))
    p.plant_rows(
        "decoy", rule, "a barrier without approval that was taken down",
        _restriction(4, "height", approved_ref=None, removed_at=on(5, 6, 9)),
    )  # fmt: skip
    rule = "restriction.detour-not-published"
    p.plant_rows(
        "problem", rule, "a street closed, no detour told", _restriction(5, "traffic", detour_published_at=None)
    )
    p.plant_rows(
        "problem", rule, "a street closed the day before the detour was told",
        _restriction(6, "traffic", detour_published_at=on(3, 21, 9)),
    )  # fmt: skip
    p.plant_rows("decoy", rule, "a street closed ten days after the detour was told", _restriction(7, "traffic"))


def _fined_before(p: Planting) -> None:
    """The street is closed at the moment at which it was told."""
    for number, kind, minutes, why in (
        (11, "problem", -1, "fined a minute before the closing was told"),
        (12, "decoy", 0, "fined in the minute in which the closing was told"),
    ):
        told = on(4, 22, 10)
        closed = _restriction(number, "traffic", detour_published_at=told, installed_at=told + timedelta(minutes=30))
        p.enter(closed, "restriction_id")
        case = p.case("1344", "ordinary", told + timedelta(minutes=minutes), unit="JJ02")
        case = replace(case, place_id=closed.place_id, place_name=closed.place_name)
        p.plant(
            "problem" if kind == "problem" else "decoy", "restriction.fined-before-notice", why, case,
            key={"place_id": closed.place_id},
        )  # fmt: skip


def _towed(p: Planting) -> None:
    for kind, fee, payer, why in (
        ("problem", 200, "当事人", "the party paid for the towing"),
        ("decoy", 200, "样例县公安局交通警察大队", "the agency paid for the towing"),
        ("decoy", 0, "当事人", "nothing was paid for the towing"),
    ):
        case, measure = p.held("1110", "ordinary", p.moment())
        end = measure.started_at + timedelta(hours=20)
        measure = replace(
            measure, kind="tow", ground="illegal_parking", handed_in_at=None, fee_charged=fee, fee_payer=payer,
            released_at=end, disposal="returned", case_id=case.case_id,
        )  # fmt: skip
        named: Kind = "problem" if kind == "problem" else "decoy"
        p.plant_measure(named, "fee.charged-with-measure", why, measure)


def _lots(p: Planting) -> None:
    for kind, lot, why in (
        ("problem", "TC04", "a vehicle kept in a commercial car park"),
        ("problem", "TC99", "a vehicle kept in a place that is on no list"),
        ("decoy", "TC02", "a vehicle kept in a car park under contract"),
    ):
        _, measure = p.held("1110", "ordinary", p.moment())
        supplied = at(after(measure.started_at.date(), 2), 10)
        measure = replace(
            measure, lot_id=lot, documents_supplied_at=supplied, released_at=supplied + timedelta(hours=2),
            disposal="returned",
        )  # fmt: skip
        named: Kind = "problem" if kind == "problem" else "decoy"
        p.plant_measure(named, "impound.commercial-lot", why, measure, key={"lot_id": lot})


def _disposed(p: Planting) -> None:
    for kind, day, why in (
        ("problem", date(2025, 6, 9), "scrapped a day before three months were over"),
        ("decoy", date(2025, 6, 10), "scrapped when three months were over"),
    ):
        _, measure = p.held("1110", "ordinary", on(3, 10, 9))
        measure = replace(measure, released_at=at(day, 16), disposal="scrapped")
        p.plant_measure("problem" if kind == "problem" else "decoy", "impound.disposed-early", why, measure)


def _facts(p: Planting) -> None:
    rule = "speed.not-over-limit"
    case = p.case("1636", "ordinary", p.moment(), unit="JJ03")
    p.plant("problem", rule, "fined for speeding at exactly the limit", replace(case, speed_kmh=case.limit_kmh))
    case = p.case("1636", "ordinary", p.moment(), unit="JJ03")
    assert case.limit_kmh is not None
    p.plant(
        "decoy", rule, "fined for speeding a fifth over the limit", replace(case, speed_kmh=case.limit_kmh * 6 // 5)
    )
    rule = "points.not-as-schedule"
    p.plant("problem", rule, "one point where the schedule has six",
            replace(p.case("1625", "ordinary", p.moment(), unit="JJ03"), points=1))  # fmt: skip
    p.plant("decoy", rule, "six points as in the schedule", p.case("1625", "ordinary", p.moment(), unit="JJ03"))
    rule = "points.with-a-warning"
    for kind, points, why in (("problem", 1, "a warning, and a point"), ("decoy", 0, "a warning, and no points")):
        case = p.case("1344", "slight", p.moment(), unit="JJ03")
        case = replace(case, outcome="warning", fine_amount=0, points=points, paid_at=None)
        p.plant("problem" if kind == "problem" else "decoy", rule, why, case)
