"""Amounts: fines outside the statutory range, and summary procedure above its cap."""

from dataclasses import replace

from auditor.synth import identity
from auditor.synth.planting import Planting

ABOVE, BELOW, CAP = "profit.fine-above-range", "profit.fine-below-range", "procedure.summary-above-cap"
LIGHT, HEAVY = "disproportion.light-overload-heavy-fine", "disproportion.heavy-overload-light-fine"
_REASON = "主动消除危害后果，依法减轻处罚"


def plant(p: Planting) -> None:
    _above(p)
    _below(p)
    _cap(p)


def _above(p: Planting) -> None:
    for code, grade, fine, most in (
        ("1353", "ordinary", 600, 500),
        ("T6301", "serious", 12000, 10000),
        ("T6902", "serious", 25000, 20000),
    ):
        case = p.add(p.case(code, grade, p.moment(), fine=fine))
        p.plant("problem", ABOVE, f"fined {fine}, the law allows at most {most}", case)
        if code == "1353":
            p.plant("problem", LIGHT, f"fined {fine} for an overload of less than 30 %, the law allows 500", case)
    both = p.add(p.case("1344", "serious", p.moment(), fine=250))
    p.plant("problem", ABOVE, "fined 250, the law allows at most 200", both)
    p.plant("problem", CAP, "fined 250 in summary procedure, whose cap is 200 for the police", both)
    exactly = p.add(p.case("1353", "ordinary", p.moment(), fine=500))
    p.plant("decoy", ABOVE, "fined exactly the statutory maximum", exactly)
    p.plant("decoy", LIGHT, "an overload of less than 30 %, fined exactly the most that the law allows", exactly)
    for code, grade, fine, why in (
        ("T6302", "serious", 100000, "fined exactly the statutory maximum"),
        ("T6301", "grave", 20000, "above the usual maximum, within the one for grave circumstances"),
        ("1039", "serious", 200, "fined exactly the statutory maximum"),
    ):
        p.plant("decoy", ABOVE, why, p.case(code, grade, p.moment(), fine=fine))


def _below(p: Planting) -> None:
    for code, grade, fine, least in (
        ("1637", "serious", 300, 500),
        ("T6301", "slight", 2000, 3000),
        ("T6302", "slight", 6000, 10000),
    ):
        case = p.add(p.case(code, grade, p.moment(), fine=fine))
        p.plant("problem", BELOW, f"fined {fine} without a reason, the law demands at least {least}", case)
        if code == "1637":
            p.plant("problem", HEAVY, f"fined {fine} for an overload beyond 30 %", case)
        spared = p.add(replace(p.case(code, grade, p.moment(), fine=fine), deviation_reason=_REASON))
        p.plant("decoy", BELOW, f"fined {fine}, below the minimum, with a recorded reason", spared)
        if code == "1637":
            p.plant("decoy", HEAVY, f"fined {fine} for an overload beyond 30 %, with a recorded reason", spared)
        p.plant("decoy", BELOW, "fined exactly the statutory minimum", p.case(code, grade, p.moment(), fine=least))
    warned = replace(p.case("1344", "slight", p.moment(), fine=0), outcome="warning", points=None, paid_at=None)
    p.plant("decoy", BELOW, "a warning: no fine at all", warned)
    spared = replace(p.case("1603", "serious", p.moment(), fine=0), outcome="no_penalty", points=None, paid_at=None)
    p.plant("decoy", BELOW, "no penalty was imposed", spared)


def _cap(p: Planting) -> None:
    police = p.summary(p.case("1353", "ordinary", p.moment(), fine=400))
    p.plant("problem", CAP, "the police fined a person 400 in summary procedure, cap 200", police)
    firm = identity.organization(p.vehicle())
    owner = replace(
        p.summary(p.case("1353", "slight", p.moment(), fine=250)),
        party_id=firm.party_id, party_name=firm.name, party_type=firm.party_type, plate_no=firm.plate_no,
        party_role="carrier",
    )  # fmt: skip
    p.plant(
        "problem", CAP, "the police fined an organisation 250 in summary procedure; their cap is 200 for all", owner
    )
    p.plant(
        "problem", CAP, "transport fined a person 300 in summary procedure, cap 200",
        p.summary(p.case("T6400", "slight", p.moment(), fine=300)),
    )  # fmt: skip
    p.plant(
        "problem", CAP, "transport fined an organisation 3,500 in summary procedure, cap 3,000",
        p.summary(p.case("T6901", "serious", p.moment(), fine=3500)),
    )  # fmt: skip
    for code, grade, fine, why in (
        ("1344", "serious", 200, "the police fined exactly 200 in summary procedure"),
        ("T6400", "slight", 200, "transport fined a person exactly 200 in summary procedure"),
        ("T6901", "ordinary", 3000, "transport fined an organisation exactly 3,000 in summary procedure"),
    ):
        p.plant("decoy", CAP, why, p.summary(p.case(code, grade, p.moment(), fine=fine)))
    p.plant("decoy", CAP, "fined 400 in ordinary procedure", p.case("1353", "ordinary", p.moment(), fine=400))
