"""What the log says was changed and by whom, and what became of the decision in reconsideration or in court."""

from dataclasses import replace
from datetime import datetime, timedelta

from auditor.synth.matters import CaseEvent, Relief, Transfer
from auditor.synth.plant.slips import long_case, moment
from auditor.synth.planting import Planting, at, either, on
from auditor.synth.records import Case
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _edits(p)
    _withdrawn(p)
    _logins(p)
    _disputes(p)
    _others(p)


def _event(case: Case, when: datetime, actor: str, kind: str = "edit", **changes: str | None) -> CaseEvent:
    row = CaseEvent(event_id="", case_id=case.case_id, at=when, actor_id=actor, kind=kind)
    return replace(row, **changes)  # pyright: ignore[reportArgumentType]


def _edits(p: Planting) -> None:
    for (count, kind), actor in zip(either(3, 2), ("XT0001", "XT0002"), strict=True):
        rows = [
            p.enter(
                _event(
                    p.add(p.case("1637", "grave", on(5, 6, 9), fine=1_500)), on(5, 12, 9) + timedelta(days=9 * n),
                    actor, field="load_kg", old_value="15000", new_value="15200",
                ),
                "event_id",
            )
            for n in range(count)
        ]  # fmt: skip
        p.plant_rows(kind, "amended.often-by-one-user", f"{count} facts changed by one login within a month", *rows,
                     key={"actor_id": actor})  # fmt: skip
        for row in rows:
            p.plant_rows("problem", "amended.offence-changed", "a fact changed after the decision, not approved", row)
    for hours, kind in either(23, 25):
        case = p.add(_paid(p.case("1344", "ordinary", at(p.day(1, 2), 9)), hours + 1))
        edited = moment(case.decided_at) + timedelta(hours=1)
        row = _event(case, edited, case.officer_id or "", field="grade", old_value="serious", new_value="ordinary")
        row = p.enter(row, "event_id")
        p.plant_rows("problem", "amended.offence-changed", "the grade changed after the decision, not approved", row)
        p.plant_rows(kind, "amended.shortly-before-payment", f"grade changed {hours} hours before payment", row)
    for new, kind in either("1800", "1200"):
        case = replace(long_case(p, "1637", "grave", 1_500), statement_waived=False)
        said = at(after(moment(case.rights_notice_at).date(), 2), 10)
        case = p.add(replace(case, statement_at=said, statement_reviewed_at=said + timedelta(days=1)))
        row = _event(case, said + timedelta(days=2), case.officer_id or "", field="fine_amount",
                     old_value="1500", new_value=new)  # fmt: skip
        why = f"the fine changed from 1,500 to {new} after the party had spoken"
        p.plant_rows(kind, "defence.raised-in-log-after-statement", why, row, key={"case_id": case.case_id})


def _paid(case: Case, hours: int) -> Case:
    when = moment(case.decided_at) + timedelta(hours=hours)
    return replace(case, served_at=case.decided_at, paid_at=when, closed_at=when + timedelta(minutes=5))


def _withdrawn(p: Planting) -> None:
    for reason, kind in either(None, "事实有误"):
        case = p.case("1344", "ordinary", p.moment())
        undone = at(after(moment(case.decided_at).date(), 3), 10)
        case = replace(case, status="withdrawn", withdrawn_at=undone, withdrawn_reason=reason)
        case = p.add(replace(case, paid_at=None, closed_at=undone))
        row = _event(case, undone, case.officer_id or "", kind="withdraw")
        p.plant_rows(kind, "amended.withdrawn-unapproved", f"withdrawn without approval; reason: {reason}", row)


def _logins(p: Planting) -> None:
    auxiliary, officer = p.agency.post("JJ02").auxiliaries[0], p.agency.post("JJ02").members[0].officer_id
    for actor, kind in either(auxiliary, officer):
        case = p.add(p.case("1344", "ordinary", p.moment(), unit="JJ02", officer=officer))
        row = _event(case, moment(case.decided_at), actor, kind="decide")
        p.plant_rows(kind, "decision.login-of-auxiliary", "decided from the account of an auxiliary: "
                     f"{kind == 'problem'}", row, key={"case_id": case.case_id})  # fmt: skip


def _disputes(p: Planting) -> None:
    def disputed(case: Case, kind: str, result: str | None) -> Case:
        case = case if case.case_id else p.add(case)
        filed = at(after(moment(case.served_at).date(), 20), 10)
        row = Relief(relief_id="", case_id=case.case_id, kind=kind, filed_at=filed, result=result, reason="不服处罚")
        p.enter(row, "relief_id")
        return case

    overturned, open_ = "case.overturned", "case.in-dispute"
    for (result, kind), instance in zip(
        (*either("撤销原处罚决定", "维持原处罚决定"), *either("变更罚款数额", "驳回诉讼请求")),
        ("reconsideration", "reconsideration", "litigation", "litigation"),
        strict=True,
    ):
        case = disputed(long_case(p), instance, result)
        p.plant(kind, overturned, f"{instance}: {result}", case)
        p.plant("problem", open_, f"{instance} on record", case)
    own = disputed(long_case(p), "self_correction", "自行纠正")
    p.plant("decoy", open_, "the agency's own correction is no dispute", own)
    for fine, kind in either(600, 500):
        case = disputed(p.case("1353", "ordinary", p.moment(), fine=fine), "reconsideration", None)
        p.plant("problem", open_, "reconsideration not decided yet", case)
        p.plant(kind, "lead.findings-in-dispute", f"fined {fine}, the law allows 500; in reconsideration", case)
        p.plant(kind, "profit.fine-above-range", f"fined {fine}, the law allows at most 500", case)
        p.plant(kind, "disproportion.light-overload-heavy-fine", f"fined {fine} for an overload below 30 %", case)


def _others(p: Planting) -> None:
    """Matters of another body: handed over, or kept."""
    for handed, kind in either(False, True):
        case = p.case("T6901", "slight", p.moment())
        case = p.add(replace(case, approved_load_kg=10_000, load_kg=12_000))
        _handed(p, case, handed)
        p.plant(kind, "transfer.drink-or-overload-kept", f"overload seen by transport, handed over: {handed}", case)
        case = p.add(replace(p.case("1344", "ordinary", p.moment()), violation_name="涉嫌非法营运载客"))
        _handed(p, case, handed)
        p.plant(kind, "transfer.other-bodys-matter-named", f"an illegal taxi, handed over: {handed}", case)


def _handed(p: Planting, case: Case, handed: bool) -> None:
    if handed:
        when = at(after(case.occurred_at.date(), 2), 10)
        row = Transfer(
            transfer_id="", case_id=case.case_id, kind="jurisdiction", reported_at=when, approved_at=when, sent_at=when,
            to_unit="有管辖权的机关", receipt_at=when + timedelta(days=1),
        )  # fmt: skip
        p.enter(row, "transfer_id")
