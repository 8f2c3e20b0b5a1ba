"""Ordinary procedure: reviewed by the handler, decided after 90 days, served after seven working days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from auditor.synth import steps
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.workdays import after

REVIEW, DECISION, SERVICE = "procedure.reviewer-is-handler", "case.decision-overdue", "case.service-late"


def plant(p: Planting) -> None:
    _review(p)
    _decision(p)
    _service(p)


def _review(p: Planting) -> None:
    for code, grade in (("1603", "serious"), ("T6901", "slight")):
        case = p.case(code, grade, p.moment())
        p.plant("problem", REVIEW, "reviewed by the officer who handled it", replace(case, reviewer_id=case.officer_id))
        case = p.case(code, grade, p.moment())
        p.plant(
            "problem", REVIEW, "reviewed by the second of the two handling officers",
            replace(case, reviewer_id=case.officer2_id),
        )  # fmt: skip
        case = p.case(code, grade, p.moment())
        named = {case.officer_id, case.officer2_id}
        members = p.agency.post(case.unit_id).members
        other = next(m.officer_id for m in members if m.officer_id not in named)
        p.plant("decoy", REVIEW, "reviewed by a colleague of the same unit", replace(case, reviewer_id=other))
    case = p.case("1344", "ordinary", p.moment())
    p.plant(
        "decoy", REVIEW, "summary procedure, which knows no legal review; the system filled in the officer",
        replace(case, reviewer_id=case.officer_id),
    )  # fmt: skip


def _decision(p: Planting) -> None:
    def decided(kind: Kind, why: str, filed: datetime, days: int, code: str = "1603", grade: str = "serious") -> None:
        case = p.case(code, grade, filed - timedelta(hours=2))
        late = at((filed + timedelta(days=days)).date(), 15)
        p.plant(kind, DECISION, why, steps.taken(case, steps.around(p.rng, filed, late)))

    decided("problem", "decided on day 91 after filing", at(p.day(90, 91), 10), 91)
    decided("decoy", "decided on day 90 after filing", at(p.day(90, 91), 10), 90)
    decided(
        "problem",
        "a transport case decided on day 120 after filing",
        at(p.day(90, 91, 120), 10),
        120,
        "T6901",
        "slight",
    )
    decided("decoy", "a transport case decided on day 90 after filing", at(p.day(90, 91), 10), 90, "T6901", "slight")
    decided("problem", "filed 91 days before the year's end and still open", on(10, 1), 100)
    decided("decoy", "filed 90 days before the year's end and still open", on(10, 2), 100)
    unit, when = "JJ01", on(2, 12, 8, 30)
    waited = steps.at_the_window(p.rng, when)
    begun = at(after(date(2025, 6, 16), 0), 10, 20)
    paid_late = replace(
        steps.settled(p.rng, begun, begun), entered_at=waited.entered_at, notified_at=waited.notified_at
    )
    case = p.case("1345", "ordinary", when, unit=unit, capture="camera", timing=paid_late)
    p.plant("decoy", DECISION, "a camera record dealt with after four months in summary procedure", case)


def _service(p: Planting) -> None:
    def served(kind: Kind, why: str, decided: date, count: int, code: str = "1603", grade: str = "serious") -> None:
        """Served on the `count`-th working day after the decision, if the year is long enough."""
        filed = at(after(decided - timedelta(days=16), 0), 9, 30)
        case = p.case(code, grade, filed - timedelta(hours=1))
        moments = steps.around(p.rng, filed, at(decided, 15), at(after(decided, count), 16))
        p.plant(kind, SERVICE, why, steps.taken(case, moments))

    served("problem", "served on working day 8, across Spring Festival", date(2025, 1, 22), 8)
    served("decoy", "served on working day 7, across Spring Festival", date(2025, 1, 22), 7)
    served("problem", "served on working day 8, across National Day", date(2025, 9, 25), 8, "T6901", "slight")
    served("decoy", "served on working day 7, across National Day", date(2025, 9, 25), 7, "T6901", "slight")
    served("problem", "served on working day 8 of an ordinary fortnight", date(2025, 6, 10), 8)
    served("decoy", "served on working day 7 of an ordinary fortnight", date(2025, 6, 10), 7)
    served("problem", "decided on 19 December, not served by the year's end (working day 8)", date(2025, 12, 19), 12)
    served("decoy", "decided on 22 December, not served by the year's end (working day 7)", date(2025, 12, 22), 12)
