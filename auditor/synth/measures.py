"""Innocent coercive measures: vehicles and licences taken on the road, handed in within the day, given back in time."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from auditor.synth.offence import Offence
from auditor.synth.records import Case, Measure
from auditor.synth.workdays import after, at_office

PAPERS = ("missing_plate", "missing_papers", "no_insurance")
"""Grounds on which the police keep a vehicle until its papers are there."""


def taken(rng: Random, case: Case, offence: Offence) -> Measure:
    """The measure that goes with a case on the road, taken a few minutes into it."""
    assert offence.measure is not None
    kind, ground = offence.measure
    started = case.occurred_at.replace(second=0) + timedelta(minutes=5 + int(rng.random() * 20))
    approver = "JT05009" if case.domain == "transport" else "000009"
    lots = ("TC03",) if case.domain == "transport" else ("TC01", "TC02")
    return Measure(
        measure_id="",
        case_id=case.case_id,
        domain=case.domain,
        kind=kind,
        ground=ground,
        plate_no=case.plate_no,
        unit_id=case.unit_id,
        officer_id=case.officer_id,
        officer2_id=case.officer2_id,
        started_at=started,
        document_given_at=started + timedelta(minutes=2),
        approved_at=started + timedelta(minutes=30 + int(rng.random() * 900)),
        approved_by=case.approver_id or approver,
        handed_in_at=started + timedelta(minutes=40 + int(rng.random() * 600)),
        lot_id=None if kind == "hold_licence" else lots[int(rng.random() * len(lots))],
    )


def returned(rng: Random, measure: Measure) -> Measure:
    """The measure carried to its lawful end: by the papers for the police, within 30 days (or the approved extension)
    for transport."""
    day = measure.started_at.date()
    if measure.domain == "transport":
        return _within_days(rng, measure)
    if measure.ground not in PAPERS:
        end = at_office(rng, after(day, 1 + int(rng.random() * 9)))
        return replace(measure, released_at=end, disposal="returned")
    if rng.random() < 0.04:
        return measure
    supplied = at_office(rng, after(day, 1 + int(rng.random() * 12)), half="morning")
    wait = int(rng.random() ** 2 * 9)
    end = at_office(rng, after(supplied.date(), wait)) if wait else supplied + timedelta(minutes=45)
    return replace(measure, documents_supplied_at=supplied, released_at=end, disposal="returned")


def _within_days(rng: Random, measure: Measure) -> Measure:
    day, kind = measure.started_at.date(), rng.random()
    if kind < 0.07:
        until = day + timedelta(days=45 + int(rng.random() * 15))
        end = at_office(rng, until - timedelta(days=int(rng.random() * 12)))
        return replace(
            measure,
            extended_until=until,
            extension_approved_by=measure.approved_by,
            extension_approved_at=at_office(rng, after(day, 12 + int(rng.random() * 4))),
            released_at=end,
            disposal="returned",
        )
    end = at_office(rng, day + timedelta(days=1 + int(rng.random() * 28)))
    if kind < 0.12:
        first = day + timedelta(days=1)
        return replace(
            measure, test_from=first, test_to=first + timedelta(days=3), released_at=end + timedelta(days=4),
            disposal="returned",
        )  # fmt: skip
    return replace(measure, released_at=end, disposal="returned")
