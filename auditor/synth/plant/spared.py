"""Fees that nobody may charge, and fines for what should be spared: minor, harmless, corrected, a first time."""

from dataclasses import replace
from datetime import date
from typing import Any

from auditor.synth.matters import Exemption
from auditor.synth.plant.money import extra
from auditor.synth.planting import Kind, Planting, either


def plant(p: Planting) -> None:
    _fees(p)
    _minor(p)


def _fees(p: Planting) -> None:
    for item in ("storage", "towing", "testing"):
        for amount, kind in either(200, 0):
            case = p.add(p.case("1110", "ordinary", p.moment(), fine=80))
            p.plant_rows(
                kind, f"fee.{item}-paid", f"{amount} yuan for {item}", extra(case, item, amount, case.decided_at)
            )


def _minor(p: Planting) -> None:
    p.standing.append(
        Exemption(violation_code="T3600", condition="首次违法、危害后果轻微并及时改正", valid_from=date(2024, 1, 1))
    )

    def case(rule: str, kind: Kind, why: str, code: str, fine: int, **facts: Any) -> None:
        p.plant(kind, rule, why, replace(p.case(code, "slight", p.moment(), fine=fine), **facts))

    rule = "minor.harmless-corrected-fined"
    case(rule, "problem", "no harm, corrected, fined", "T6400", 300, harm="none", corrected=True)
    case(rule, "decoy", "slight harm, corrected, fined", "T6400", 300, harm="slight", corrected=True)
    case(rule, "decoy", "no harm, not corrected, fined", "T6400", 300, harm="none", corrected=False)
    rule = "minor.first-offence-exempt-fined"
    case(
        rule,
        "problem",
        "a first offence that the list spares, fined",
        "T3600",
        60,
        first_offence=True,
        harm="slight",
        corrected=True,
    )
    case(rule, "decoy", "not the first offence", "T3600", 60, first_offence=False, harm="slight", corrected=True)
    spared: dict[str, Any] = {"outcome": "no_penalty", "points": None, "paid_at": None}
    rule = "minor.no-education"
    bare = p.add(replace(p.case("1039", "slight", p.moment(), fine=0), **spared))
    p.bare[bare.case_id] = frozenset({"educated_at"})
    p.plant("problem", rule, "spared without being taught", bare)
    p.plant("decoy", rule, "spared and taught", replace(p.case("1039", "slight", p.moment(), fine=0), **spared))
