"""What people complain of and what offices write: reports nothing came of, words of violence, a floor for fines."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from auditor.synth import identity
from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import Complaint, Document
from auditor.synth.records import Case
from auditor.synth.workdays import after

_PARKED = "反映乱停车"


def plant(p: Planting) -> None:
    _places(p)
    _taxis(p)
    _answers(p)
    _words(p)
    _conduct(p)
    _leads(p)
    _documents(p)


def _complaint(when: datetime, topic: str, **changes: Any) -> Complaint:
    row = Complaint(
        complaint_id="", channel="12345", received_at=when, topic=topic, text=None,
        resolved_at=at(after(when.date(), 4), 11), outcome="已答复",
    )  # fmt: skip
    return replace(row, **changes)


def _places(p: Planting) -> None:
    """Reports of one place within thirty days, after which nobody went there."""
    for rule, topic, count, place in (
        ("parking.complaints-without-cases", _PARKED, 5, "LZ1"),
        ("tolerate.complaints-without-case", "反映黑出租揽客", 3, "LZ2"),
        ("tolerate.complaints-without-case", "反映货车超载", 3, "LZ3"),
    ):
        for kind, number in (("problem", count), ("decoy", count - 1)):
            where = f"{place}{'1' if kind == 'problem' else '2'}"
            rows = [
                p.enter(_complaint(on(5, 6, 9) + timedelta(days=n * 5), topic, place_id=where, unit_id="JJ00"), _ID)
                for n in range(number)
            ]
            named: Kind = "problem" if kind == "problem" else "decoy"
            why = f"{number} reports of one place within thirty days, and no case there"
            p.plant_rows(named, rule, why, rows[-1], key={"place_id": where})


_ID = "complaint_id"


def _taxis(p: Planting) -> None:
    for kind, number in (("problem", 3), ("decoy", 2)):
        plate = identity.plate(p.vehicle())
        rows = [
            p.enter(
                _complaint(on(3 + n, 11, 9), "反映出租车拒载", channel="12328", plate_no=plate, unit_id="JT02"), _ID
            )
            for n in range(number)
        ]
        p.plant_rows(
            "problem" if kind == "problem" else "decoy", "taxi.complaints-without-penalty",
            f"{number} reports of one taxi within a year, and no case", rows[-1], key={"plate_no": plate},
        )  # fmt: skip


def _answers(p: Planting) -> None:
    due = on(6, 18, 17, 30)
    for kind, minutes in (("problem", 1), ("decoy", 0)):
        row = _complaint(on(6, 3, 9), "反映路口拥堵", due_at=due, resolved_at=due + timedelta(minutes=minutes))
        why = "settled a minute after its due time" if minutes else "settled at its due time"
        p.plant_rows("problem" if kind == "problem" else "decoy", "complaint.past-its-due-date", why, row)
    for kind, count in (("problem", 16), ("decoy", 15)):
        day = date(2025, 6, 3)
        row = _complaint(at(day, 9), "反映路灯不亮", resolved_at=at(after(day, count), 16))
        why = f"settled on working day {count}, no due date on record"
        p.plant_rows("problem" if kind == "problem" else "decoy", "complaint.resolved-late", why, row)


def _words(p: Planting) -> None:
    for rule, told, untold, untrue in (
        ("fee.complaint-words", "扣车后被要求交拖车费", "咨询停车场位置", False),
        ("stop.complaint-words", "反映执法人员随意拦车检查", "反映路口拥堵", True),
        ("entrapment.complaint-words", "怀疑是钓鱼执法", "咨询网约车手续", True),
    ):
        p.plant_rows("problem", rule, "the words are in the complaint", _complaint(p.moment(), told))
        p.plant_rows("decoy", rule, "the words are not in it", _complaint(p.moment(), untold))
        if untrue:
            p.plant_rows("decoy", rule, "the words are there, and it was not true",
                         _complaint(p.moment(), told, upheld=False))  # fmt: skip


def _conduct(p: Planting) -> None:
    """Upheld complaints are leads themselves: each is listed under that rule too."""
    rude, polite = (enlist(p.officers, "JJ02", number, "officer") for number in (88, 89))
    violent = _upheld(p, on(7, 8, 9), "反映执法人员打人")
    p.plant_rows("problem", "complaint.violence-upheld", "violence, found true", violent)
    p.plant_rows(
        "decoy", "complaint.violence-upheld", "violence, found untrue",
        _complaint(on(7, 9, 9), "反映执法人员打人", upheld=False),
    )  # fmt: skip
    rule = "complaint.conduct-upheld-repeatedly"
    for officer, kind, number in ((rude, "problem", 3), (polite, "decoy", 2)):
        rows = [_upheld(p, on(3 + n * 2, 12, 9), "反映执法人员态度恶劣", officer_id=officer) for n in range(number)]
        p.plant_rows(
            "problem" if kind == "problem" else "decoy", rule, f"{number} upheld complaints of one officer's manner",
            *rows, key={"officer_id": officer},
        )  # fmt: skip


def _upheld(p: Planting, when: datetime, topic: str, **changes: Any) -> Complaint:
    row = p.enter(_complaint(when, topic, upheld=True, **changes), _ID)
    p.plant_rows("problem", "complaint.upheld", "upheld", row)
    return row


def _leads(p: Planting) -> None:
    p.plant_rows(
        "decoy", "complaint.upheld", "looked into and not upheld", _complaint(on(8, 5, 9), "反映处罚不当", upheld=False)
    )
    rule = "complaint.names-a-case"
    case = p.add(p.case("1344", "ordinary", p.moment(), unit="JJ01"))
    named = p.enter(_complaint(case.occurred_at + timedelta(days=3), "对处罚不服", case_id=case.case_id), _ID)
    p.plant_rows("problem", rule, "names a case", named)
    p.plant_rows("decoy", rule, "names none", _complaint(on(8, 6, 9), "对处罚不服"))
    lead = "lead.complaints-and-findings-by-case"
    p.together(
        "decoy", lead, "a complaint about a case in which nothing is found", named, key={"case_id": case.case_id}
    )
    late = _late(p)
    named = p.enter(_complaint(late.occurred_at + timedelta(days=9), "对处罚不服", case_id=late.case_id), _ID)
    p.plant_rows("problem", rule, "names a case", named)
    p.together("problem", lead, "a complaint and a finding about one case", named, late, key={"case_id": late.case_id})
    lead = "lead.complaints-and-findings-by-officer"
    blamed, quiet = (enlist(p.officers, "JJ02", number, "officer") for number in (90, 91))
    late = _late(p, officer_id=blamed, officer2_id=None)
    heard = _upheld(p, on(9, 9, 9), "反映处罚不当", officer_id=blamed)
    p.together("problem", lead, "an upheld complaint of an officer in whose case something is found", heard, late,
               key={"officer_id": blamed})  # fmt: skip
    heard = _upheld(p, on(9, 10, 9), "反映处罚不当", officer_id=quiet)
    p.together("decoy", lead, "an upheld complaint of an officer of whom nothing is found", heard,
               key={"officer_id": quiet})  # fmt: skip
    lead = "lead.complaints-and-findings-by-place"
    late = _late(p, place_id="LV01", place_name="样例县南桥")
    heard = _upheld(p, on(9, 11, 9), "反映处罚不当", place_id="LV01")
    p.together("problem", lead, "an upheld complaint of a place where something is found", heard, late,
               key={"place_id": "LV01"})  # fmt: skip
    heard = _upheld(p, on(9, 12, 9), "反映处罚不当", place_id="LV02")
    p.together("decoy", lead, "an upheld complaint of a place where nothing is found", heard, key={"place_id": "LV02"})


def _late(p: Planting, **changes: Any) -> Case:
    """A ticket entered on the third working day."""
    day = p.day()
    case = replace(p.case("1344", "ordinary", at(day, 9), unit="JJ02"), entered_at=at(after(day, 3), 11), **changes)
    case = p.add(case)
    p.plant("problem", "offsystem.entered-late", "entered on working day 3", case)
    return case


def _documents(p: Planting) -> None:
    floor, quota = "document.minimum-fine", "quota.words-in-documents"
    for kind, rule, text, why in (
        ("problem", floor, "非法营运的罚款起点定为三万元，各中队遵照执行。", "a floor for fines in words"),
        ("decoy", floor, "严禁自行设定罚款最低数额，罚款数额依照裁量基准确定。", "a ban on floors for fines"),
        ("decoy", floor, "开展为期一个月的客运市场整治，加强巡查。", "a campaign without a floor"),
        ("problem", quota, "各中队全年罚款任务100万元，按月通报完成率。", "a quota of fines in words"),
        ("decoy", quota, "严禁下达罚款任务和指标，不得以罚款数额考核。", "a ban on quotas"),
    ):
        row = Document(document_id="", unit_id="JT00", title="会议纪要", issued_on=date(2025, 4, 17), text=text)
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, row)
