"""Alcohol: tests without a case or with a number left out, blood sent and told late, drivers let off too lightly."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from auditor.synth import identity, steps
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import AlcoholTest, CriminalCase
from auditor.synth.records import Case
from auditor.synth.workdays import after

_DRUNK: dict[str, Any] = {"violation_code": "1714", "violation_name": "醉酒驾驶机动车"}


def plant(p: Planting) -> None:
    _let_go(p)
    _gaps(p)
    _blood(p)
    _penalties(p)
    _drunk(p)
    _bail(p)


def _breath(p: Planting, when: datetime, content: int, device: str, number: int, **changes: Any) -> AlcoholTest:
    test = AlcoholTest(
        test_id="", case_id=None, party_id=None, at=when, bac_mg_100ml=content, method="breath", device_id=device,
        sequence_no=f"{number:06d}", officer_id=p.agency.post("JJ01").members[0].officer_id,
    )  # fmt: skip
    return replace(test, **changes)


def _let_go(p: Planting) -> None:
    rule = "alcohol.positive-without-case"
    for number, (kind, content, why) in enumerate(
        (
            ("problem", 20, "20 mg/100 ml in the breath, which is the limit, and no case"),
            ("decoy", 19, "19 mg/100 ml in the breath and no case"),
            ("problem", 66, "66 mg/100 ml in the breath and no case"),
        )
    ):
        test = _breath(p, on(4, 8 + number, 21), content, "JJY91", 1 + number)
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, test)


def _gaps(p: Planting) -> None:
    rule = "alcohol.sequence-gap"
    tests = [
        p.enter(_breath(p, on(5, 6, 20, minute), 0, "JJY92", number), "test_id")
        for minute, number in ((1, 501), (9, 502), (20, 505), (31, 506), (44, 600))
    ]
    p.plant_rows("decoy", rule, "the number after the one before", tests[1])
    p.plant_rows("problem", rule, "two numbers of the device are missing before it", tests[2])
    p.plant_rows("decoy", rule, "93 numbers missing: another memory card, or a part export", tests[4])


def _blood(p: Planting) -> None:
    def drawn(when: datetime, **changes: Any) -> AlcoholTest:
        test = AlcoholTest(
            test_id="", case_id=None, party_id=identity.resident_number(p.vehicle()), at=when, bac_mg_100ml=15,
            method="blood", drawn_at=when, sent_at=at(after(when.date(), 1), 9), result_at=at(after(when.date(), 2), 9),
            told_at=at(after(when.date(), 3), 9),
        )  # fmt: skip
        return replace(test, **changes)

    for kind, count in (("problem", 6), ("decoy", 5)):
        named: Kind = "problem" if kind == "problem" else "decoy"
        day = p.day(months=(3, 7))
        sent = at(after(day, count), 16)
        p.plant_rows(
            named, "blood.sent-late", f"blood sent on working day {count}",
            drawn(at(day, 2), sent_at=sent, result_at=sent + timedelta(days=1), told_at=sent + timedelta(days=2)),
        )  # fmt: skip
        day = p.day(months=(3, 7))
        result = at(after(day, 2), 9)
        p.plant_rows(
            named, "blood.told-late", f"the result told on working day {count}",
            drawn(at(day, 2), told_at=at(after(result.date(), count), 16)),
        )  # fmt: skip


def _drink(p: Planting, when: datetime, **changes: Any) -> Case:
    return replace(p.case("1712", "ordinary", when, unit="JJ02"), **changes)


def _revoked(p: Planting, when: datetime, vehicle: int | None = None, **changes: Any) -> Case:
    """The licence revoked after notice of a hearing and joint discussion."""
    filed = at(after(when.date(), 1), 9)
    decided = at(after(filed.date(), 12), 15)
    case = p.case("1712", "ordinary", when, unit="JJ02", vehicle=vehicle)
    case = steps.taken(case, steps.around(p.rng, filed, decided))
    return replace(
        case, outcome="revocation", hearing_notice_at=case.rights_notice_at, statement_waived=True,
        collective_discussion_at=decided - timedelta(hours=2), **changes,
    )  # fmt: skip


def _penalties(p: Planting) -> None:
    p.plant("problem", "dui.fine-only", "drink driving, a fine alone", _drink(p, on(3, 4, 21), outcome="fine"))
    p.plant("decoy", "dui.fine-only", "drink driving, fine and suspension", _drink(p, on(3, 5, 21)))
    rule = "dui.points-not-as-law"
    p.plant("problem", rule, "drink driving with 6 points", _drink(p, on(3, 6, 21), points=6))
    p.plant("decoy", rule, "drink driving with 12 points", _drink(p, on(3, 7, 21), points=12))
    rule = "dui.second-time-as-first"
    vehicle, revoked = p.vehicle(), p.vehicle()
    for each in (vehicle, revoked):
        p.add(p.case("1712", "ordinary", on(2, 11, 21), unit="JJ02", vehicle=each))
    second = p.case("1712", "ordinary", on(8, 11, 21), unit="JJ02", vehicle=vehicle)
    p.plant("problem", rule, "caught again after an earlier decision, punished as for the first time", second)
    second = _revoked(p, on(8, 12, 21), vehicle=revoked)
    p.plant("decoy", rule, "caught again after an earlier decision, licence revoked", second)


def _drunk(p: Planting) -> None:
    """80 and more: blood is drawn, and the case goes the criminal way."""
    rule = "drunk.no-criminal-case"
    case = p.add(_revoked(p, on(5, 13, 22), bac_mg_100ml=80, **_DRUNK))
    p.plant("problem", rule, "80 mg/100 ml, which is the limit, and no criminal case", case)
    case = p.add(_drink(p, on(5, 14, 22), bac_mg_100ml=79))
    p.plant("decoy", rule, "79 mg/100 ml: no crime", case)
    case = p.add(_revoked(p, on(5, 15, 22), bac_mg_100ml=122, **_DRUNK))
    p.enter(
        CriminalCase(criminal_id="", case_id=case.case_id, party_id=case.party_id, filed_at=on(5, 16, 10)),
        "criminal_id",
    )
    p.plant("decoy", rule, "122 mg/100 ml, with its criminal case", case)
    rule = "blood.not-drawn"
    for day, content, kind, why in (
        (3, 80, "problem", "80 mg/100 ml in the breath and no blood drawn; the driver was fined for a sign"),
        (4, 79, "decoy", "79 mg/100 ml in the breath: no blood needed"),
    ):
        case = p.add(p.case("1344", "ordinary", on(6, day, 22), unit="JJ02"))
        test = _breath(p, on(6, day, 22, 4), content, "JJY93", day, case_id=case.case_id, party_id=case.party_id)
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, test)


def _bail(p: Planting) -> None:
    def bailed(kind: Kind, why: str, **changes: Any) -> None:
        row = CriminalCase(
            criminal_id="", case_id=None, party_id=identity.resident_number(p.vehicle()), filed_at=on(1, 6),
            bail_authority="police", bail_from=date(2024, 3, 11),
        )  # fmt: skip
        p.plant_rows(kind, "bail.overdue", why, replace(row, **changes))

    bailed("problem", "bail by the police still on after twelve months and a day", bail_ended_at=on(3, 12, 9))
    bailed("decoy", "bail by the police ended on the last day of twelve months", bail_ended_at=on(3, 11, 17))
    bailed("problem", "bail never ended", filed_at=on(1, 7))
