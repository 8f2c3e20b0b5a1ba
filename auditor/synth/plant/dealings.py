"""Dealings behind the case: edits after the decision, goods, hand-overs, who was competent."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from auditor.synth.matters import CaseEvent, Good, Transfer
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.records import Case
from auditor.synth.registers.follow import KEEPERS
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _edited(p)
    _goods(p)
    _handed_over(p)
    _competence(p)


def _decided(case: Case) -> datetime:
    assert case.decided_at is not None
    return case.decided_at


def _edited(p: Planting) -> None:
    def edit(
        kind: Kind, rule: str, why: str, field: str, old: str, new: str, approved: bool = False, before: bool = False
    ) -> None:
        case = p.add(p.case("1637", "grave", p.moment(), fine=1_500))
        assert case.officer_id is not None and case.rights_notice_at is not None and case.paid_at is not None
        when = case.rights_notice_at - timedelta(hours=2) if before else case.paid_at + timedelta(hours=5)
        p.plant_rows(
            kind,
            rule,
            why,
            CaseEvent(
                event_id="",
                case_id=case.case_id,
                at=when,
                actor_id=case.officer_id,
                kind="edit",
                field=field,
                old_value=old,
                new_value=new,
                approved_by=p.agency.approver[case.domain] if approved else None,
            ),
        )

    for rule, field, old, new in (
        ("amended.fine-lowered", "fine_amount", "2000", "1500"),
        ("amended.offence-changed", "violation_code", "1637", "1353"),
        ("amended.party-changed", "party_id", "990000197001010010", "990000198001010029"),
        ("amended.points-lowered", "points", "3", "0"),
    ):
        edit("problem", rule, f"{field} changed from {old} to {new} after the decision", field, old, new)
        edit("decoy", rule, f"{field} changed with approval", field, old, new, approved=True)
    edit("decoy", "amended.fine-lowered", "the fine raised, not lowered", "fine_amount", "1000", "1500")
    case = p.add(p.case("1637", "grave", p.moment(), fine=1_500))
    assert case.officer_id and case.filed_at and case.legal_review_at and case.reviewer_id
    for one, kind in either(True, False):
        actors = (
            ("file", case.filed_at, case.officer_id),
            ("review", case.legal_review_at, case.reviewer_id),
            ("approve", _decided(case), case.approver_id),
        )
        for step, when, actor in actors:
            who = case.officer_id if one else actor
            assert who is not None
            p.enter(CaseEvent(event_id="", case_id=case.case_id, at=when, actor_id=who, kind=step), "event_id")
        p.plant(kind, "procedure.one-login-all-steps", f"filed, reviewed and approved by one login: {one}", case)
        case = p.add(p.case("1637", "grave", p.moment(), fine=1_500))
        assert case.officer_id and case.filed_at and case.legal_review_at and case.reviewer_id


def _goods(p: Planting) -> None:
    def kept(kind: Kind, rule: str, why: str, case: Case, **facts: Any) -> None:
        row = Good(
            item_id="",
            case_id=case.case_id,
            received_at=case.occurred_at.replace(second=0) + timedelta(hours=1),
            keeper_id=KEEPERS[case.domain],
        )
        p.plant_rows(kind, rule, why, replace(row, **facts))

    def some(code: str = "1637", grade: str = "grave") -> tuple[Case, dict[str, Any]]:
        case = p.add(p.case(code, grade, p.moment(), fine=1_500))
        assert case.closed_at is not None
        return case, {"disposal": "返还", "disposed_at": case.closed_at + timedelta(days=1)}

    case, given = some()
    kept(
        "problem",
        "goods.keeper-is-handler",
        "kept by the officer of the case",
        case,
        **given,
        keeper_id=case.officer_id,
    )
    case, given = some()
    kept("decoy", "goods.keeper-is-handler", "kept by the keeper", case, **given)
    case, given = some()
    sold = {**given, "disposal": "拍卖"}
    kept("problem", "goods.disposed-without-record", "auctioned, nobody approved it", case, **sold)
    case, given = some()
    kept("decoy", "goods.disposed-without-record", "given back", case, **given)
    for days, kind in either(31, 30):
        case, given = some()
        facts = {**given, "disposal": "拍卖", "approved_by": "000009", "proceeds": 5_000}
        kept(
            kind,
            "goods.proceeds-not-remitted",
            f"proceeds handed over on day {days}",
            case,
            **facts,
            remitted_at=given["disposed_at"] + timedelta(days=days),
        )
    for days, kind in either(91, 90):
        case, given = some()
        assert case.closed_at is not None
        kept(
            kind,
            "goods.left-after-closing",
            f"given back on day {days} after the case was closed",
            case,
            disposal="返还",
            disposed_at=case.closed_at + timedelta(days=days),
        )


def _handed_over(p: Planting) -> None:
    def over(kind: Kind, rule: str, why: str, days: int, minutes: int, answered: int) -> None:
        case = p.add(p.case("T6301", "grave", p.moment()))
        told = at(p.day(0, 3, 4, months=(9, 9)), 10)
        agreed = told + timedelta(days=days, hours=1)
        sent = agreed + timedelta(minutes=minutes)
        p.plant_rows(
            kind,
            rule,
            why,
            Transfer(
                transfer_id="",
                case_id=case.case_id,
                kind="crime",
                reported_at=told,
                approved_at=agreed,
                sent_at=sent,
                to_unit="样例县公安局",
                receipt_at=sent + timedelta(days=answered),
            ),
        )

    for days, kind in either(4, 3):
        over(kind, "transfer.decided-late", f"decided on day {days} after the report", days, 60, 1)
    for minutes, kind in either(24 * 60 + 1, 24 * 60):
        over(kind, "transfer.sent-late", f"sent {minutes} minutes after approval", 1, minutes, 1)
    for answered, kind in either(8, 7):
        over(kind, "transfer.no-receipt", f"a receipt on day {answered}", 1, 60, answered)
    for days, kind in either(8, 7):
        case = p.add(p.case("T0064", "slight", p.moment(), unit="JT03"))
        sent = at(after(_decided(case).date(), days), 10)
        p.plant_rows(
            kind,
            "transfer.overlimit-copied-late",
            f"copied to the home authority on working day {days}",
            Transfer(
                transfer_id="", case_id=case.case_id, kind="notice", reported_at=sent, sent_at=sent, to_unit="车籍地"
            ),
        )
    named: dict[str, Any] = {"violation_code": "5701", "violation_name": "使用伪造、变造的机动车号牌", "points": None}
    for sent, kind in either(False, True):
        case = p.add(replace(p.case("1603", "grave", p.moment(), fine=1_900), speed_kmh=None, limit_kmh=None, **named))
        if sent:
            told = at(after(_decided(case).date(), 1), 10)
            p.enter(
                Transfer(
                    transfer_id="",
                    case_id=case.case_id,
                    kind="crime",
                    reported_at=told,
                    approved_at=told + timedelta(hours=3),
                    sent_at=told + timedelta(hours=6),
                    to_unit="样例县公安局",
                    receipt_at=told + timedelta(hours=8),
                ),
                "transfer_id",
            )
        p.plant(kind, "crime.forgery-fined-only", f"forged plates; handed over as a crime: {sent}", case)


def _competence(p: Planting) -> None:
    for unit, kind in either("JT01", "JJ02"):
        case = replace(p.case("1344", "ordinary", p.moment(), unit="JJ01"), jurisdiction_unit_id=unit)
        p.plant(kind, "jurisdiction.outside-area", f"stopped by JJ01 where {unit} is competent", case)
    for unit, kind in either("JT01", "JT00"):
        case = replace(p.case("T6400", "slight", p.moment(), unit="JT01"), decision_unit_id=unit)
        p.plant(kind, "jurisdiction.decided-below-county", f"decided by {unit}", case)
