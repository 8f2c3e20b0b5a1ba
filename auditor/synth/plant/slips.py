"""Single slips in the entries of one case: steps, numbers, bases and facts that do not go together."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from auditor.synth import steps
from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, either
from auditor.synth.records import Case, Step
from auditor.synth.workdays import YEAR, after

_REASON = "情节特殊，经集体讨论"


def plant(p: Planting) -> None:
    _steps(p)
    _accepted(p)
    _reviews(p)
    _facts(p)
    _bases(p)
    _standards(p)
    _late_found(p)
    _incomplete(p)


def long_case(p: Planting, code: str = "1603", grade: str = "serious", fine: int | None = None) -> Case:
    """A case with eight weeks between filing and decision."""
    filed = at(p.day(), 9, 30)
    case = p.case(code, grade, filed - timedelta(hours=1), fine=fine)
    return steps.taken(case, steps.around(p.rng, filed, at(after(filed.date(), 40), 15)))


def moment(value: datetime | None) -> datetime:
    assert value is not None
    return value


def _steps(p: Planting) -> None:
    case = long_case(p)
    served = moment(case.decided_at) - timedelta(days=1)
    rule = "procedure.steps-reversed"
    p.plant("problem", rule, "served the day before it was decided", replace(case, served_at=served))
    case = long_case(p)
    p.plant("decoy", rule, "served when it was decided", replace(case, served_at=case.decided_at))
    for minutes, kind in either(0, 1):
        case = long_case(p)
        told = moment(case.filed_at) + timedelta(minutes=minutes)
        p.plant(kind, "procedure.steps-same-moment", f"told {minutes} minutes after filing",
                replace(case, rights_notice_at=told))  # fmt: skip
    for minutes, kind in either(9, 10):
        case = replace(long_case(p, "T6400", "slight"), statement_waived=False)
        told = moment(case.decided_at) - timedelta(minutes=minutes)
        case = p.add(replace(case, rights_notice_at=told, legal_review_at=told + timedelta(minutes=2)))
        p.alone(case, "statement_waived", "investigated_at", "statement_at", "statement_reviewed_at", "proposed_fine")
        p.plant(kind, "procedure.decided-right-after-notice", f"decided {minutes} minutes after the notice", case)
    case = p.add(p.case("1344", "slight", p.moment(), unit="JJ03"))
    p.alone(case, "doc_no")
    p.plant("problem", "procedure.summary-no-number", "a ticket without a number", case)
    p.plant("decoy", "procedure.summary-no-number", "a ticket with its number", p.case("1344", "slight", p.moment()))
    for rule, code, unit, days in (
        ("procedure.summary-filed-late-police", "1344", "JJ03", 2),
        ("procedure.summary-filed-late-transport", "T3600", "JT02", 5),
    ):
        for late, kind in either(1, 0):
            case = p.case(code, "ordinary", at(p.day(1, 2, 5, 6), 9), unit=unit)
            filed = at(moment(case.decided_at).date() + timedelta(days=days + late), 9)
            why = f"filed on day {days + late} after the decision"
            p.plant(kind, rule, why, replace(case, summary_filed_at=filed))


def _accepted(p: Planting) -> None:
    for hours, kind in either(25, 23):
        case = long_case(p)
        came = moment(case.decided_at) - timedelta(hours=hours)
        p.plant(kind, "case.police-fine-overdue", f"decided {hours} hours after the party came in",
                replace(case, accepted_at=came))  # fmt: skip
    for days, kind in either(4, 3):
        case = p.case("1712", "ordinary", at(p.day(), 15))
        came = at(after(moment(case.filed_at).date(), 3), 10)
        done = steps.around(p.rng, moment(case.filed_at), at(after(came.date(), days), 16))
        p.plant(kind, "case.police-suspension-overdue", f"suspended on working day {days} after the party came in",
                replace(steps.taken(case, done), accepted_at=came))  # fmt: skip
    for days, kind in either(8, 7):
        case = long_case(p)
        came = at(after(moment(case.filed_at).date(), 20), 10)
        done = steps.around(p.rng, moment(case.filed_at), at(after(came.date(), days), 16))
        case = replace(steps.taken(case, done), accepted_at=came)
        _revoked(p, kind, "case.police-revocation-overdue", f"revoked on working day {days}", case)
    for unit, kind in either("JJ00", "SJ00"):
        rule = "jurisdiction.revocation-below-city"
        _revoked(p, kind, rule, f"revoked by {unit}", long_case(p), decision_unit_id=unit)


def _revoked(p: Planting, kind: Kind, rule: str, why: str, case: Case, **facts: Any) -> None:
    """A licence revoked by the city's police, told of the right to be heard only where the rule does not ask."""
    made = {"decision_unit_id": "SJ00", "hearing_notice_at": case.rights_notice_at} | facts
    if rule.startswith("case."):
        heard = moment(case.accepted_at)
        made["hearing_at"] = heard
        made["hearing_summons_at"] = at(after(moment(case.rights_notice_at).date(), 2), 10)
    case = p.add(replace(case, outcome="revocation", fine_amount=0, paid_at=None, statement_waived=True, **made))
    p.plant(kind, rule, why, case)


def _reviews(p: Planting) -> None:
    unseen: dict[str, Any] = {"legal_review_at": None, "reviewer_id": None}
    for seen, kind in either(False, True):
        blank = {} if seen else unseen
        case = long_case(p, "1603", "grave", 2_000)
        case = p.add(replace(case, hearing_notice_at=case.rights_notice_at, statement_waived=True, **blank))
        p.plant(kind, "review.large-fine-police", f"fined 2,000, with a legal review: {seen}", case)
        case = long_case(p, "T6901", "slight")
        told = moment(case.rights_notice_at)
        case = replace(
            case, hearing_notice_at=told, hearing_summons_at=at(after(told.date(), 8), 10), statement_waived=True,
            hearing_at=at(after(told.date(), 20), 9), hearing_chair_id=p.agency.reviewers["transport"][0], **blank,
        )  # fmt: skip
        p.plant(kind, "review.heard-without-review", f"heard, with a legal review: {seen}", case)
        case = long_case(p)
        case = replace(
            case, outcome="revocation", fine_amount=0, paid_at=None, statement_waived=True,
            decision_unit_id="SJ00", collective_discussion_at=case.legal_review_at, **blank,
        )  # fmt: skip
        case = replace(case, hearing_notice_at=case.rights_notice_at)
        p.plant(kind, "review.grave-case-without-review", f"revoked, with a legal review: {seen}", case)


def _facts(p: Planting) -> None:
    for content, kind in either(19, 20):
        case = replace(p.case("1712", "ordinary", p.moment()), bac_mg_100ml=content)
        p.plant(kind, "code.alcohol-does-not-fit", f"drink driving at {content} mg/100 ml", case)
    for share, kind in either(131, 130):
        case = p.case("1353", "ordinary", p.moment(), fine=400)
        p.plant(kind, "code.overload-does-not-fit", f"{share} % of the load, named as less than 30 % over",
                replace(case, approved_load_kg=10_000, load_kg=share * 100))  # fmt: skip
        if kind == "problem":
            p.plant(kind, "disproportion.heavy-overload-light-fine", "400 for an overload of 31 %", p.cases[-1])
    for reason, kind in either(None, _REASON):
        case = replace(p.case("T3600", "slight", p.moment(), fine=200), deviation_reason=reason)
        p.plant(kind, "ceiling.slight-at-maximum", f"slight, fined the highest; reason: {reason}", case)
        if kind == "problem":
            p.plant(kind, "discretion.outside-benchmark", "200 where the step ends at 100", p.cases[-1])
        case = p.case("1637", "grave", p.moment(), fine=500)
        case = replace(case, approved_load_kg=10_000, load_kg=20_000, deviation_reason=reason)
        why = f"twice the load, the least fine; reason: {reason}"
        p.plant(kind, "disproportion.gravest-facts-least-fine", why, case)
        if kind == "problem":
            p.plant(kind, "discretion.outside-benchmark", "500 where the step begins at 1,000", p.cases[-1])
        case = replace(p.case("1344", "ordinary", p.moment()), grade=None, deviation_reason=reason)
        p.plant(kind, "discretion.grade-missing", f"no step on record; reason: {reason}", case)
    rule = "discretion.same-facts-double-fine"
    for n in range(6):
        _like(p, 1_000, n)
    p.plant("problem", rule, "2,000 where six others like it were fined 1,000", _like(p, 2_000, 7))
    p.plant("decoy", rule, "1,000, like six others", _like(p, 1_000, 8))


def _like(p: Planting, fine: int, number: int) -> Case:
    case = p.case("1603", "grave", at(date(YEAR, 3, 11), 9) + timedelta(days=7 * number), unit="JJ04", fine=fine)
    return p.add(replace(case, limit_kmh=30, speed_kmh=66))


def _bases(p: Planting) -> None:
    def based(kind: Kind, rule: str, code: str, article: str | None, **facts: Any) -> None:
        case = p.add(replace(p.case(code, "ordinary", p.moment()), punish_article=article, **facts))
        if article is None:
            p.alone(case, "punish_article")
        p.plant(kind, rule, f"based on: {article}", case)

    based("problem", "basis.no-article", "T6400", None)
    based("decoy", "basis.no-article", "T6400", "道路运输条例第六十四条")
    based("problem", "basis.document-only", "1344", "样公交〔2025〕8号通知")
    based("decoy", "basis.document-only", "1344", "道路交通安全法第九十条、样公交〔2025〕8号通知")
    based("problem", "jurisdiction.other-bodys-statute", "T6400", "道路交通安全法第九十条")
    based("decoy", "jurisdiction.other-bodys-statute", "T6400", "道路交通安全法第一百零四条")
    based("problem", "code.taxi-under-transport-regulation", "T3402", "道路运输条例第六十三条第二项")
    based("decoy", "code.taxi-under-transport-regulation", "T3402", "网络预约出租汽车经营服务管理暂行办法第三十四条")


def _standards(p: Planting) -> None:
    def step(code: str, party: str | None, low: int, high: int, last: date | None) -> Step:
        return Step(
            violation_code=code, grade="ordinary", party_type=party, fine_min=low, fine_max=high, statutory_min=low,
            statutory_max=high, points=None, basis="道路运输条例第六十六条", valid_from=date(YEAR - 2, 1, 1),
            valid_to=last,
        )  # fmt: skip

    p.standards += [step("T9902", "person", 20, 200, None), step("T9902", "organization", 1_000, 3_000, None)]
    for age, kind in either(41, None):
        case = replace(p.case("T6901", "ordinary", p.moment(), fine=1_000), violation_code="T9902", party_age=age)
        p.plant(kind, "basis.person-fined-as-organization", f"an organisation of age {age} fined 1,000",
                replace(case, violation_name="不按规定报送资料"))  # fmt: skip
    p.standards.append(step("T9903", None, 500, 2_000, date(YEAR, 6, 30)))
    for day, kind in either(date(YEAR, 7, 1), date(YEAR, 6, 30)):
        case = replace(p.case("T6901", "ordinary", at(day, 10), fine=1_000), violation_code="T9903")
        p.plant(kind, "basis.standard-expired", f"an act of {day} under a standard that ended on 30 June",
                replace(case, violation_name="不按规定备案"))  # fmt: skip


def _late_found(p: Planting) -> None:
    """Acts of two years before; only the day of discovery tells whether they may still be punished."""
    found = date(YEAR, 9, 17)
    for days, kind in either(1, 0):
        act = at(found.replace(year=YEAR - 2) - timedelta(days=days), 10)
        case = p.case("T6901", "slight", act)
        filed = at(after(found, 1), 9)
        case = steps.taken(case, steps.around(p.rng, filed, at(after(filed.date(), 15), 15)))
        case = p.add(replace(case, discovered_at=at(found, 14), harm="none"))
        p.alone(case, "correction_ordered_at", "correction_due_at", "correction_verified_at", "corrected")
        p.plant(kind, "limitation.discovered-too-late", f"discovered two years and {days} days after the act", case)


def _incomplete(p: Planting) -> None:
    """An officer in whose files the filing is missing half the time."""
    officer = enlist(p.officers, "JJ03", 38, "officer")
    for n in range(36):
        case = p.case("1353", "ordinary", at(p.day(months=(1, 9)), 9, n), unit="JJ03", officer=officer, place=5)
        if n % 2:
            p.plant("problem", "procedure.no-filing", "never filed", replace(case, filed_at=None))
        else:
            p.add(case)
    why = "no filing on record in 18 of 36 cases"
    p.plant("problem", "officer.incomplete-files", why, key={"officer_id": officer})
    calm = p.agency.post("JJ03").members[1].officer_id
    p.plant("decoy", "officer.incomplete-files", "files as complete as others'", key={"officer_id": calm})
