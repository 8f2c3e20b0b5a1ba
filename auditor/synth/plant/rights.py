"""Rights of the party in ordinary procedure: told, heard, answered, reviewed, served and given time to pay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from auditor.synth import steps
from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.records import Case
from auditor.synth.workdays import after

_HEARD = frozenset({"statement_waived", "statement_at", "statement_reviewed_at", "proposed_fine", "hearing_notice_at"})


def plant(p: Planting) -> None:
    _hearings(p)
    _defence(p)
    _reviews(p)
    _order(p)
    _served(p)
    _corrected(p)


def _long(p: Planting, code: str = "T6901", grade: str = "slight", fine: int | None = None) -> Case:
    """A case with eight weeks between filing and decision; its party wants to be heard."""
    filed = at(p.day(), 9, 30)
    case = p.case(code, grade, filed - timedelta(hours=1), fine=fine)
    case = steps.taken(case, steps.around(p.rng, filed, at(after(filed.date(), 40), 15)))
    return replace(case, statement_waived=False)


def _bare(p: Planting, kind: Kind, rule: str, why: str, case: Case, names: frozenset[str] = _HEARD) -> Case:
    case = p.add(case)
    p.bare[case.case_id] = names
    p.plant(kind, rule, why, case)
    return case


def _heard(p: Planting, case: Case, **facts: Any) -> Case:
    """With a hearing three weeks after notice, summoned eight working days before."""
    assert case.rights_notice_at is not None
    held = at(after(case.rights_notice_at.date(), 20), 9)
    return replace(
        case,
        hearing_notice_at=case.rights_notice_at,
        hearing_at=held,
        hearing_chair_id=p.agency.reviewers[case.domain][0],
        hearing_summons_at=at(after(case.rights_notice_at.date(), 8), 10),
        **facts,
    )


def _hearings(p: Planting) -> None:
    case = _heard(p, _long(p))
    assert case.decided_at is not None and case.hearing_at is not None and case.rights_notice_at is not None
    late = case.decided_at + timedelta(days=2)
    _bare(p, "problem", "hearing.after-decision", "heard two days after the decision", replace(case, hearing_at=late))
    _bare(p, "decoy", "hearing.after-decision", "heard before the decision", _heard(p, _long(p)))
    rule = "hearing.chaired-by-handler"
    case = _heard(p, _long(p))
    _bare(
        p, "problem", rule, "the second officer of the case chaired", replace(case, hearing_chair_id=case.officer2_id)
    )
    _bare(p, "decoy", rule, "somebody else chaired", _heard(p, _long(p)))
    for days, kind in either(6, 7):
        case = _heard(p, _long(p))
        assert case.rights_notice_at is not None
        told = at(after(case.rights_notice_at.date(), 20 - days), 10)
        _bare(
            p,
            kind,
            "hearing.short-notice",
            f"notice on working day {days} before the hearing",
            replace(case, hearing_summons_at=told),
        )
    rule = "hearing.not-told-police"
    for fine, kind in either(2_000, 1_950):
        case = p.case("1603", "grave", p.moment(), fine=fine)
        _bare(p, kind, rule, f"fined {fine} without word of a hearing", case, frozenset({"hearing_notice_at"}))
    rule = "hearing.decided-too-soon"
    for days, kind in either(5, 6):
        filed = at(p.day(), 9, 30)
        case = p.case("1603", "grave", filed - timedelta(hours=1), fine=2_000)
        told = at(after(filed.date(), 1), 10)
        case = steps.taken(case, steps.around(p.rng, filed, at(after(told.date(), days), 16)))
        case = replace(case, rights_notice_at=told, hearing_notice_at=told, statement_waived=False)
        _bare(p, kind, rule, f"decided on working day {days} after word of a hearing", case)


def _said(case: Case, *, reviewed: bool = True, proposed: int | None = None) -> Case:
    assert case.rights_notice_at is not None
    said = at(after(case.rights_notice_at.date(), 2), 10)
    return replace(
        case,
        statement_at=said,
        statement_reviewed_at=said + timedelta(days=1) if reviewed else None,
        proposed_fine=case.fine_amount if proposed is None else proposed,
    )


def _defence(p: Planting) -> None:
    rule = "defence.not-reviewed"
    _bare(p, "problem", rule, "what the party said was not answered", _said(_long(p), reviewed=False))
    _bare(p, "decoy", rule, "what the party said was answered", _said(_long(p)))
    rule = "defence.reviewed-after-decision"
    case = _said(_long(p))
    assert case.decided_at is not None
    _bare(
        p,
        "problem",
        rule,
        "answered the day after the decision",
        replace(case, statement_reviewed_at=case.decided_at + timedelta(days=1)),
    )
    case = _said(_long(p))
    assert case.decided_at is not None
    _bare(
        p,
        "decoy",
        rule,
        "answered a minute before the decision",
        replace(case, statement_reviewed_at=case.decided_at - timedelta(minutes=1)),
    )
    for proposed, kind in either(1_200, 1_400):
        why = f"proposed {proposed}, fined 1,400"
        _bare(
            p,
            kind,
            "defence.fine-above-proposal",
            f"{why} after a statement",
            _said(_long(p, fine=1_400), proposed=proposed),
        )
        _bare(
            p,
            kind,
            "defence.fine-above-proposal-after-hearing",
            f"{why} after a hearing",
            _heard(p, _long(p, fine=1_400), proposed_fine=proposed),
        )
    rule = "defence.notice-after-decision"
    case = _long(p, "1603", "serious")
    assert case.decided_at is not None
    _bare(
        p,
        "problem",
        rule,
        "told of the rights the day after the decision",
        replace(case, rights_notice_at=case.decided_at + timedelta(days=1)),
    )
    _bare(
        p,
        "problem",
        "defence.no-notice",
        "never told of the rights",
        replace(_long(p, "1603", "serious"), rights_notice_at=None),
    )
    for kept in (rule, "defence.no-notice"):
        _bare(p, "decoy", kept, "told of the rights in time", _long(p, "1603", "serious"))


def _reviews(p: Planting) -> None:
    rule = "review.after-decision"
    case = _long(p, "1603", "serious")
    assert case.decided_at is not None
    for minutes, kind in either(60, -60):
        when = case.decided_at + timedelta(minutes=minutes)
        p.plant(kind, rule, f"reviewed {minutes} minutes after the decision", replace(case, legal_review_at=when))
        case = _long(p, "1603", "serious")
        assert case.decided_at is not None
    for result, kind in either("failed", "passed"):
        p.plant(kind, "review.failed-yet-decided", f"legal review: {result}", replace(_long(p), review_result=result))
    rule = "procedure.approver-is-handler"
    case = _long(p)
    p.plant("problem", rule, "approved by an officer of the case", replace(case, approver_id=case.officer2_id))
    p.plant("decoy", rule, "approved by the head", _long(p))
    for number, (exam, kind) in enumerate(either(False, True)):
        reviewer = enlist(p.officers, "JT00", 20 + number, "officer", exam=exam)
        p.plant(
            kind,
            "review.reviewer-without-legal-exam",
            f"reviewer with the legal exam: {exam}",
            replace(_long(p), reviewer_id=reviewer),
        )
    for discussed, kind in either(False, True):
        case = replace(
            _long(p, "T6801", "slight"), procedure="ordinary", outcome="revocation", fine_amount=0, paid_at=None
        )
        case = replace(
            case,
            officer2_id=p.agency.post(case.unit_id).members[0].officer_id,
            reviewer_id="JT05001",
            approver_id=p.agency.approver["transport"],
            hearing_notice_at=case.rights_notice_at,
        )
        if case.officer2_id == case.officer_id:
            case = replace(case, officer2_id=p.agency.post(case.unit_id).members[1].officer_id)
        names = frozenset[str]() if discussed else frozenset({"collective_discussion_at"})
        _bare(
            p,
            kind,
            "review.no-joint-discussion",
            f"a licence revoked; discussed by the heads: {discussed}",
            case,
            names,
        )


def _order(p: Planting) -> None:
    rule = "procedure.investigation-after-decision"
    case = _long(p)
    assert case.decided_at is not None
    for days, kind in either(1, -10):
        case = _long(p)
        assert case.decided_at is not None
        p.plant(
            kind,
            rule,
            f"the investigation ended {days} days after the decision",
            replace(case, investigated_at=case.decided_at + timedelta(days=days)),
        )
    p.plant("problem", "procedure.no-filing", "never filed", replace(_long(p, "1603", "serious"), filed_at=None))
    p.plant(
        "decoy", "procedure.no-filing", "summary procedure, which knows no filing", p.case("1344", "slight", p.moment())
    )
    for outcome, kind in either("suspension", "fine"):
        case = replace(p.case("1344", "serious", p.moment(), fine=200), outcome=outcome)
        p.plant(kind, "procedure.summary-graver-penalty", f"summary procedure ended with: {outcome}", case)


def _served(p: Planting) -> None:
    for agreed, kind in either(False, True):
        case = replace(p.case("1603", "serious", p.moment()), service_mode="electronic", service_consent=agreed)
        p.plant(kind, "service.electronic-without-consent", f"served electronically; agreed: {agreed}", case)
        failed: datetime | None = None
        case = replace(p.case("1603", "serious", p.moment()), service_mode="announcement")
        if agreed and case.served_at is not None:
            failed = case.served_at - timedelta(minutes=5)
        p.plant(
            kind,
            "service.announced-at-once",
            f"announced; tried to hand over before: {agreed}",
            replace(case, service_failed_at=failed),
        )
    for days, kind in either(14, 15):
        case = p.case("T6400", "slight", p.moment())
        assert case.served_at is not None
        due = case.served_at.date() + timedelta(days=days)
        p.plant(
            kind, "service.payment-period-short", f"due {days} days after service", replace(case, payment_due_on=due)
        )


def _corrected(p: Planting) -> None:
    rule = "correction.not-checked"
    checked: Sequence[tuple[int | None, Kind]] = ((None, "problem"), (6, "problem"), (5, "decoy"))
    for days, kind in checked:
        case = p.case("T0069", "slight", p.moment())
        assert case.decided_at is not None
        due = at(after(case.decided_at.date(), 10), 15)
        case = replace(case, corrected=False, correction_ordered_at=case.decided_at, correction_due_at=due)
        if days is not None:
            case = replace(case, correction_verified_at=at(after(due.date(), days), 10))
        told = "never checked" if days is None else f"checked on working day {days} after it was due"
        p.plant(kind, rule, f"a correction {told}", case)
