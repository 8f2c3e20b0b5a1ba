"""Vehicles and evidence taken without what the law asks for, and kept when nothing holds them any more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from auditor.synth import measures, steps
from auditor.synth.offences import OFFENCES
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.records import Measure
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _taken(p)
    _kept(p)
    _evidence(p)


def _returned(
    p: Planting, code: str, grade: str, *, approved: int | None = None, given: int | None = None, **facts: Any
) -> Measure:
    """A vehicle given back after three working days; `approved` and `given`: the minutes until those steps."""
    case, measure = p.held(code, grade, p.moment())
    end = at(after(case.occurred_at.date(), 3), 15)
    if measure.domain == "traffic_police":
        measure = replace(measure, documents_supplied_at=end - timedelta(hours=3))
    measure = replace(measure, released_at=end, disposal="returned")
    if approved is not None:
        measure = replace(measure, approved_at=measure.started_at + timedelta(minutes=approved))
    if given is not None:
        measure = replace(measure, document_given_at=measure.started_at + timedelta(minutes=given))
    return replace(measure, **facts)


def _taken(p: Planting) -> None:
    for minutes, kind in either(24 * 60 + 1, 24 * 60):
        late = _returned(p, "1110", "ordinary", approved=minutes)
        p.plant_measure(kind, "measure.approved-late", f"approved after {minutes} minutes", late)
    for minutes, kind in either(121, 120):
        late = _returned(p, "1110", "ordinary", given=minutes)
        p.plant_measure(kind, "measure.document-late", f"the receipt given after {minutes} minutes", late)
    for rule, code, grade in (
        ("measure.one-officer-police", "1708", "slight"),
        ("measure.one-officer", "T6301", "slight"),
    ):
        alone = _returned(p, code, grade, officer2_id=None)
        p.bare[alone.case_id] = frozenset({"officer2_id"})
        p.plant_measure("problem", rule, "taken by one officer", alone)
        p.plant_measure("decoy", rule, "taken by two officers", _returned(p, code, grade))
    for held, kind in either(True, False):
        p.plant_measure(
            kind,
            "measure.cargo-held",
            f"the load was held too: {held}",
            _returned(p, "1110", "ordinary", cargo_held=held),
        )
    for ground, kind in either("unpaid_fine", "missing_papers"):
        p.plant_measure(
            kind,
            "measure.ground-not-listed",
            f"held on the ground: {ground}",
            _returned(p, "1110", "ordinary", ground=ground),
        )
    for payer, kind in either("当事人", "交警大队"):
        p.plant_measure(
            kind,
            "fee.charged-with-measure",
            f"200 yuan paid by {payer}",
            _returned(p, "1110", "ordinary", fee_charged=200, fee_payer=payer),
        )


def _kept(p: Planting) -> None:
    for days, kind in either(3, 2):
        start = p.day()
        case, measure = p.held("T6301", "slight", at(start, 10))
        # Decided soon, so that the whole stays within the 30 days of a seizure.
        decided = at(after(start, 4), 15)
        filed = at(after(start, 1), 10)
        p.cases[-1] = steps.taken(case, steps.around(p.rng, filed, decided))
        p.bare[case.case_id] = frozenset({"released_at"})
        kept = days + 8
        end = at(after(decided.date(), kept), 10)
        p.plant_measure(
            kind,
            "impound.kept-after-decision",
            f"released on working day {kept} after the decision",
            replace(measure, released_at=end, disposal="returned"),
        )
        start = p.day()
        case, measure = p.held("T6301", "slight", at(start, 10))
        supplied = at(after(start, 2), 10)
        end = at(after(supplied.date(), days), 16)
        p.plant_measure(
            kind,
            "impound.transport-papers-kept",
            f"released on working day {days} after the papers came",
            replace(measure, documents_supplied_at=supplied, released_at=end, disposal="returned"),
        )
    for told, kind in either(False, True):
        start = p.day(40)
        case, measure = p.held("T6301", "slight", at(start, 10))
        agreed = at(after(start, 14), 15)
        if not told:
            p.bare[case.case_id] = frozenset({"extension_notified_at"})
        p.plant_measure(
            kind,
            "impound.extension-not-told",
            f"an approved extension, the party told: {told}",
            replace(
                measure,
                extended_until=start + timedelta(days=45),
                extension_approved_by=measure.approved_by,
                extension_approved_at=agreed,
                released_at=at(start + timedelta(days=40), 10),
                disposal="returned",
            ),
        )


def _evidence(p: Planting) -> None:
    def registered(kind: Kind, rule: str, why: str, days: int = 3, **facts: Any) -> None:
        case = p.add(p.case("T6901", "slight", p.moment()))
        measure = measures.taken(p.rng, case, OFFENCES["T6902"])
        end = at(after(measure.started_at.date(), days), 15)
        measure = replace(
            measure,
            measure_id=f"#m{len(p.measures)}",
            kind="register_evidence",
            ground="evidence",
            lot_id=None,
            released_at=end,
            disposal="returned",
        )
        p.plant_measure(kind, rule, why, replace(measure, **facts))

    for days, kind in either(8, 7):
        registered(kind, "evidence.disposed-late", f"disposed of on working day {days}", days)
    registered("problem", "evidence.no-approval", "nobody approved it", approved_at=None, approved_by=None)
    registered("decoy", "evidence.no-approval", "approved")
    registered("problem", "evidence.no-disposition", "released without a disposition", disposal=None)
    registered("decoy", "evidence.no-disposition", "released to its owner")
    registered("problem", "evidence.vehicle-as-evidence", "a vehicle taken into the yard as evidence", lot_id="TC03")
    registered("decoy", "evidence.vehicle-as-evidence", "papers registered, no vehicle in the yard")
