"""Officers who fine nearly everybody at the maximum, and officers who only look like it.

The planted officers deal with everyday offences that their colleagues seldom fine at the maximum. The decoys have a
high raw rate too: one because of the gravity of the cases, one by chance in few cases, one because the amount is fixed.
"""

from datetime import date, datetime, timedelta

from auditor.synth.agency import Member, enlist
from auditor.synth.offences import AT_THE_TOP, EVERYDAY, OFFENCES
from auditor.synth.planting import Planting
from auditor.synth.workdays import FIRST_DAY, YEAR

RULE = "profit.max-fine-rate"
UNLIKE = "discretion.officer-unlike-colleagues"
_HARSH = 0.93


def plant(p: Planting) -> None:
    count = max(100, p.size // 180)
    for unit, number in (("JJ01", 21), ("JJ02", 21), ("JJ03", 21)):
        officer = enlist(p.officers, unit, number, "officer")
        for _ in range(count):
            _fined(p, unit, officer, EVERYDAY[int(p.rng.random() * len(EVERYDAY))], _HARSH, days=364)
        _listed(
            p, "problem", officer,
            "fines nearly everybody at the maximum for everyday offences that colleagues seldom fine so",
        )  # fmt: skip
    severe = enlist(p.officers, "JJ03", 22, "officer")
    for n in range(max(40, count // 2)):
        if n % 5 == 4:
            _fined(p, "JJ03", severe, EVERYDAY[int(p.rng.random() * len(EVERYDAY))], None, days=270)
        else:
            code, grade = AT_THE_TOP[n % len(AT_THE_TOP)]
            top = OFFENCES[code].graded(grade).top
            p.add(p.case(code, grade, _some_time(p, 240), unit="JJ03", officer=severe, top=top))
    _listed(p, "decoy", severe, "a high rate that comes from the gravity of the cases: all colleagues fine these so")
    new = enlist(p.officers, "JJ02", 22, "officer", valid_from=date(YEAR, 11, 24))
    for n in range(10):
        day = datetime(YEAR, 12, 1 + n * 2)
        moment = p.desk.moment(day, "on_site")
        p.add(p.case(EVERYDAY[n % 5], "ordinary", moment, unit="JJ02", officer=new, top=1.0 if n < 8 else 0.0))
    _listed(p, "decoy", new, "8 of 10 at the maximum: too few cases to say anything")
    fixed = enlist(p.officers, "JJ04", 21, "officer")
    for n in range(40):
        p.add(p.case(("1625", "1301")[n % 2], "ordinary", _some_time(p, 364), unit="JJ04", officer=fixed))
    _listed(p, "decoy", fixed, "only offences with one fixed amount, where there is no discretion")


def _some_time(p: Planting, days: int) -> datetime:
    day = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=int(p.rng.random() * days))
    return p.desk.moment(day, "on_site")


def _fined(p: Planting, unit: str, officer: str, code: str, top: float | None, *, days: int) -> None:
    """One everyday case; the honest rate where `top` is None."""
    offence = OFFENCES[code]
    when = _some_time(p, days)
    p.add(
        p.desk.case(
            occurred_at=when,
            vehicle=p.vehicle(),
            capture="on_site",
            offence=offence,
            post=p.agency.post(unit),
            member=Member(officer_id=officer, unit_id=unit),
            top=top,
        )
    )


def _listed(p: Planting, kind: str, officer: str, why: str) -> None:
    for rule in (RULE, UNLIKE):
        p.plant("problem" if kind == "problem" else "decoy", rule, why, key={"officer_id": officer})
