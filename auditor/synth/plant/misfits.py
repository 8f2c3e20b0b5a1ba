"""Fines that do not fit: the wrong version of the law, a child, fined twice, outside the standard, the same few."""

from dataclasses import replace
from datetime import date, timedelta

from auditor.synth import identity
from auditor.synth.matters import Campaign
from auditor.synth.plant.loads import firm, of_firm
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.police_records import Capture
from auditor.synth.records import Step
from auditor.synth.workdays import YEAR, after


def plant(p: Planting) -> None:
    _versions(p)
    _rigid(p)
    _double(p)
    _standard(p)
    _chosen(p)
    _campaign(p)


def _versions(p: Planting) -> None:
    """An offence whose maximum fell in the middle of the year."""
    for first, last, most in ((date(YEAR - 2, 1, 1), date(YEAR, 6, 30), 5_000), (date(YEAR, 7, 1), None, 2_000)):
        p.standards.append(
            Step(
                violation_code="T9901",
                grade="ordinary",
                party_type=None,
                fine_min=500,
                fine_max=most,
                statutory_min=500,
                statutory_max=most,
                points=None,
                basis="道路运输条例第六十六条",
                valid_from=first,
                valid_to=last,
            )
        )
    for fine, kind in either(2_500, 2_000):
        case = p.case("T6901", "ordinary", at(date(YEAR, 6, 27), 10), fine=fine)
        p.plant(
            kind,
            "law-version.heavier-applied",
            f"fined {fine} in July; from then on the law allowed 2,000",
            replace(case, violation_code="T9901", violation_name="不按规定携带车辆营运证"),
        )


def _rigid(p: Planting) -> None:
    def young(kind: Kind, rule: str, why: str, age: int, code: str, fine: int) -> None:
        case = p.case(code, "ordinary" if code == "2001" else "serious", p.moment(), fine=fine)
        born = case.occurred_at.date().replace(year=YEAR - age) - timedelta(days=100)
        number = identity.number_of(p.vehicle(), born)
        p.plant(kind, rule, why, replace(case, party_id=number, party_age=age))

    for age, kind in either(13, 14):
        young(kind, "rigid.child-penalised", f"a child of {age} fined", age, "2001", 20)
    for fine, kind in either(50, 45):
        young(kind, "rigid.minor-at-maximum", f"somebody of 17 fined {fine}, the maximum is 50", 17, "2001", fine)


def _double(p: Planting) -> None:
    for minutes, kind in either(20, 40):
        day, vehicle = p.day(), p.vehicle()
        p.add(p.case("1344", "ordinary", at(day, 10), unit="JJ01", capture="camera", vehicle=vehicle))
        stopped = p.add(p.case("1344", "ordinary", at(day, 10, minutes), unit="JJ01", vehicle=vehicle, place=9))
        p.plant(
            kind,
            "double.on-site-and-camera",
            f"caught by a camera, stopped {minutes} minutes later",
            stopped,
            key={"case_id": stopped.case_id},
        )
    for minutes, kind in either(110, 130):
        day, vehicle = p.day(), p.vehicle()
        p.add(p.case("1637", "grave", at(day, 9), unit="JJ03", vehicle=vehicle, fine=1_500))
        weighed = p.case("T0064", "slight", at(day, 9) + timedelta(minutes=minutes), unit="JT03", vehicle=vehicle)
        p.plant(
            kind, "double.police-and-transport", f"fined by the police, {minutes} minutes later by transport", weighed
        )


def _standard(p: Planting) -> None:
    rule = "discretion.outside-benchmark"
    case = p.case("1344", "ordinary", p.moment(), fine=150)
    p.plant("problem", rule, "fined 150 without a reason, the step ends at 100", case)
    case = replace(p.case("1344", "ordinary", p.moment(), fine=150), deviation_reason="逃避检查，从重处罚")
    p.plant("decoy", rule, "fined 150 with a recorded reason", case)
    rule = "code.speed-does-not-fit"
    for speed, kind in either(91, 90):
        case = replace(p.case("1636", "serious", p.moment(), fine=200), limit_kmh=60, speed_kmh=speed)
        p.plant(kind, rule, f"{speed} km/h where 60 are allowed, coded as less than half over", case)
    rule = "discretion.repeat-marked-first"
    for code, kind in either("T6400", "T6901"):
        vehicle, day = p.vehicle(), p.day(months=(2, 4))
        owner = firm(20 + (code == "T6400"))
        p.add(of_firm(p.case(code, "slight", at(day, 10), unit="JT02", vehicle=vehicle), owner))
        again = of_firm(
            p.case("T6400", "slight", at(day + timedelta(days=130), 10), unit="JT02", vehicle=vehicle), owner
        )
        p.plant(kind, rule, f"marked as a first offence after one of {code}", replace(again, first_offence=True))


def _chosen(p: Planting) -> None:
    """Chosen by whom it is: one plate's captures struck out, one witness in every case."""
    device, clerk = p.agency.post("JJ01").cameras[0], p.agency.reviewers["traffic_police"][0]
    for count, kind in either(3, 2):
        plate, day = identity.plate(p.vehicle()), p.day(months=(3, 5))
        rows = list[Capture]()
        for n in range(count):
            when = at(day + timedelta(days=20 * n), 8)
            read = at(after(when.date(), 1), 10)
            rows.append(
                Capture(
                    capture_id="",
                    camera_id=device.camera_id,
                    plate_no=plate,
                    violation_code="1344",
                    at=when,
                    reviewed_at=read,
                    reviewer_id=clerk,
                    entered_at=None,
                    notified_at=None,
                    voided_at=read,
                    void_reason="图像不清",
                    voided_by=p.agency.reviewers["traffic_police"][n % 2],
                )
            )
        p.plant_rows(
            kind,
            "selective.same-plate-voided",
            f"{count} captures of one plate struck out within a year",
            *rows,
            key={"plate_no": plate},
        )
    for count, kind in either(3, 2):
        witness, day = identity.person(p.vehicle()).party_id, p.day(months=(2, 5))
        cases = [
            replace(p.case("T6302", "slight", at(day + timedelta(days=25 * n), 10)), witness_id=witness)
            for n in range(count)
        ]
        p.plant(
            kind,
            "entrapment.same-witness",
            f"one witness in {count} cases within a year",
            *cases,
            key={"witness_id": witness},
        )


def _campaign(p: Planting) -> None:
    """Two units under a campaign, which both went on as always."""
    first = date(YEAR, 9, 8)
    for unit in ("JT01", "JT02"):
        p.standing.append(
            Campaign(
                campaign_id=f"ZX{unit}",
                name="道路运输秩序专项整治",
                unit_id=unit,
                from_on=first,
                to_on=first + timedelta(days=11),
            )
        )
