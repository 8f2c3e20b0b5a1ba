"""The steps of an innocent case, in order and in time, and what an export of the year's end still shows of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from auditor.synth.records import Case, Measure
from auditor.synth.workdays import EXPORTED_AT, LAST_DAY, after, at_office


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Moments of one case; None where this procedure has no such step."""

    entered_at: datetime | None = None
    notified_at: datetime | None = None
    filed_at: datetime | None = None
    rights_notice_at: datetime | None = None
    legal_review_at: datetime | None = None
    decided_at: datetime
    served_at: datetime
    paid_at: datetime
    closed_at: datetime


def on_the_spot(rng: Random, occurred_at: datetime) -> Steps:
    """Stopped, heard, decided and handed over within minutes."""
    decided = occurred_at.replace(second=0) + timedelta(minutes=5 + int(rng.random() * 12))
    return settled(rng, decided, decided + timedelta(minutes=1 + int(rng.random() * 4)))


def at_the_window(rng: Random, occurred_at: datetime) -> Steps:
    """A camera record: entered, the owner told, and dealt with when the owner comes."""
    entered, notified = recorded(rng, occurred_at)
    decided = at_office(rng, after(notified.date(), 1 + int(rng.random() ** 2 * 18)))
    return replace(settled(rng, decided, decided + timedelta(minutes=1)), entered_at=entered, notified_at=notified)


def recorded(rng: Random, occurred_at: datetime) -> tuple[datetime, datetime]:
    """When a camera record was entered and the owner told; each within five working days."""
    entered = at_office(rng, after(occurred_at.date(), 1 + int(rng.random() * 4)))
    return entered, at_office(rng, after(entered.date(), 1 + int(rng.random() * 4)))


def investigated(rng: Random, begun: datetime) -> Steps:
    """Filed soon after, investigated for one to nine weeks, reviewed, decided, served within seven working days."""
    filed = at_office(rng, after(begun.date(), 1 + int(rng.random() * 2)))
    return around(rng, filed, at_office(rng, after(filed.date(), 5 + int(rng.random() ** 2 * 35)), half="afternoon"))


def around(rng: Random, filed_at: datetime, decided_at: datetime, served_at: datetime | None = None) -> Steps:
    """The steps of an ordinary case between two given moments (at least three working days apart) and after."""
    review_day = after(filed_at.date(), 2)
    while after(review_day, 2) <= decided_at.date():
        review_day = after(review_day, 1)
    served = served_at
    if served is None:
        wait = 0 if rng.random() < 0.6 else 1 + int(rng.random() * 5)
        minutes = timedelta(minutes=10 + int(rng.random() * 30))
        served = at_office(rng, after(decided_at.date(), wait)) if wait else decided_at + minutes
    return replace(
        settled(rng, decided_at, served),
        filed_at=filed_at,
        rights_notice_at=at_office(rng, after(filed_at.date(), 1)),
        legal_review_at=at_office(rng, review_day, half="morning"),
    )


def settled(rng: Random, decided_at: datetime, served_at: datetime) -> Steps:
    """Paid within 15 days of service and then closed."""
    paid = served_at + timedelta(minutes=5 + int(rng.random() ** 2 * 14 * 1440))
    return Steps(
        decided_at=decided_at,
        served_at=served_at,
        paid_at=paid,
        closed_at=paid + timedelta(minutes=2 + int(rng.random() * 2 * 1440)),
    )


def taken(case: Case, steps: Steps) -> Case:
    """The case with these steps."""
    return replace(
        case,
        entered_at=steps.entered_at,
        notified_at=steps.notified_at,
        filed_at=steps.filed_at,
        rights_notice_at=steps.rights_notice_at,
        legal_review_at=steps.legal_review_at,
        decided_at=steps.decided_at,
        served_at=steps.served_at,
        paid_at=steps.paid_at,
        closed_at=steps.closed_at,
    )


def entered(case: Case, bare: frozenset[str] = frozenset()) -> Case:
    """The case as the police's system has it: a ticket entered on the day it was written, or the morning after; whoever
    came about a camera record accepted a few minutes before the decision. `bare` names columns that stay blank."""
    if case.domain != "traffic_police" or case.decided_at is None:
        return case
    if case.capture in ("camera", "mobile") and case.accepted_at is None and "accepted_at" not in bare:
        return replace(case, accepted_at=case.decided_at - timedelta(minutes=2 + case.decided_at.minute % 7))
    if case.capture == "on_site" and case.procedure == "summary" and case.entered_at is None:
        return replace(case, entered_at=case.decided_at + timedelta(minutes=30 + case.decided_at.minute * 11))
    return case


def _seen(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment <= EXPORTED_AT else None


def as_exported(case: Case) -> Case:
    """The case as the ledger shows it at the year's end: what has not happened yet is blank."""
    if _seen(case.closed_at):
        return case
    paid, decided, reviewed = _seen(case.paid_at), _seen(case.decided_at), _seen(case.legal_review_at)
    unhandled = decided is None and case.procedure == "summary"
    return replace(
        case,
        entered_at=_seen(case.entered_at),
        accepted_at=_seen(case.accepted_at),
        notified_at=_seen(case.notified_at),
        filed_at=_seen(case.filed_at),
        rights_notice_at=_seen(case.rights_notice_at),
        legal_review_at=reviewed,
        reviewer_id=case.reviewer_id if reviewed else None,
        approver_id=case.approver_id if decided else None,
        officer_id=None if unhandled else case.officer_id,
        decided_at=decided,
        served_at=_seen(case.served_at),
        outcome=case.outcome if decided else None,
        fine_amount=case.fine_amount if decided else None,
        points=case.points if decided else None,
        paid_at=paid,
        closed_at=None,
        status="enforced" if paid else "decided" if decided else "open",
    )


def measure_as_exported(measure: Measure) -> Measure:
    """The measure as the ledger shows it at the year's end."""
    released, extended = _seen(measure.released_at), _seen(measure.extension_approved_at)
    pending = measure.extension_approved_at is not None and extended is None
    tested = measure.test_to is not None and measure.test_to <= LAST_DAY
    return replace(
        measure,
        approved_at=_seen(measure.approved_at),
        handed_in_at=_seen(measure.handed_in_at),
        documents_supplied_at=_seen(measure.documents_supplied_at),
        test_from=measure.test_from if tested else None,
        test_to=measure.test_to if tested else None,
        extended_until=None if pending else measure.extended_until,
        extension_approved_by=None if pending else measure.extension_approved_by,
        extension_approved_at=extended,
        released_at=released,
        disposal=measure.disposal if released else None,
    )
