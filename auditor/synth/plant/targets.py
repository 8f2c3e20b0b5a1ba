"""Counts that look like targets: units that surge at month ends, in campaigns, on days off; officers with equal sums.

Each is a small unit of its own, so that its own ordinary days are known and nobody else's figures move.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from auditor.synth.agency import enlist
from auditor.synth.matters import Campaign
from auditor.synth.planting import Planting, at
from auditor.synth.records import Case
from auditor.synth.workdays import DAYS, FIRST_DAY, YEAR, is_working

HASTY, MASSED, HOLIDAYS, EVEN = "JT04", "JJ05", "JJ06", "JT05"
"""Fines at month ends, in a campaign, on days off, and the same number for everybody every month."""
OFFICER_ENDS, UNIT_ENDS = "quota.month-end-surge-of-officer", "quota.month-end-surge-of-unit"
HIGH_ENDS, JUMP = "quota.high-fines-at-month-end", "quota.unit-count-jump"
SURGE, DAYS_OFF = "campaign.surge", "campaign.holiday-surge"
ROUND, SAME, SUM = "quota.round-count-three-months", "quota.same-count-for-all", "quota.same-sum-three-months"
FLOOR = "transport.own-floor"
LARGE = "JJ01"
"""A unit with so many fines that twenty more in a month make no jump."""
_CAMPAIGN = (date(YEAR, 5, 12), date(YEAR, 5, 23))
_WORKED = tuple(day for day in DAYS if is_working(day))


def plant(p: Planting) -> None:
    _month_ends(p)
    _campaign(p)
    _days_off(p)
    _alike(p)


def _fine(p: Planting, unit: str, officer: str, when: datetime, fine: int | None = None) -> Case:
    """A fine on the road, decided within minutes."""
    transport = unit.startswith("JT")
    code, grade, beside = ("T6801", "slight", "JT02") if transport else ("1344", "ordinary", "JJ03")
    beside = LARGE if unit == LARGE else beside
    case = p.case(code, grade, when + timedelta(minutes=int(p.rng.random() * 40)), unit=beside, place=0, fine=fine)
    return p.add(replace(case, unit_id=unit, officer_id=officer, officer2_id=None))


def _every(p: Planting, step: int, unit: str, officer: str, wanted: Callable[[date], bool]) -> None:
    """One fine on each so many-th working day that is wanted."""
    for day in _WORKED[::step]:
        if wanted(day):
            _fine(p, unit, officer, at(day, 9))


def _last_days(day: date) -> bool:
    return (day + timedelta(days=5)).month != day.month


def _month_ends(p: Planting) -> None:
    officer = enlist(p.officers, HASTY, 1, "officer")
    _every(p, 3, HASTY, officer, lambda day: not _last_days(day))
    for day in _WORKED:
        if day >= FIRST_DAY and _last_days(day):
            for number, hour in enumerate((9, 11, 14, 16)):
                _fine(p, HASTY, officer, at(day, hour), 1_000 + 100 * (day.day % 2 * 4 + number) % 500)
    why = "four fines on each of a month's last working days, one in three days otherwise"
    p.plant("problem", OFFICER_ENDS, why, key={"officer_id": officer})
    for rule in (UNIT_ENDS, HIGH_ENDS, JUMP):
        p.plant("problem", rule, why, key={"unit_id": HASTY})
        p.plant("decoy", rule, "the decisions of this unit are spread over the month", key={"unit_id": "JT01"})
    calm = p.agency.post("JJ01").members[0].officer_id
    p.plant("decoy", OFFICER_ENDS, "this officer's fines are spread over the month", key={"officer_id": calm})


def _campaign(p: Planting) -> None:
    officer = enlist(p.officers, MASSED, 1, "officer")
    first, last = _CAMPAIGN
    _every(p, 3, MASSED, officer, lambda day: not first <= day <= last)
    for day in _WORKED:
        if first <= day <= last:
            for hour in (9, 11, 14, 16):
                _fine(p, MASSED, officer, at(day, hour))
    for number, unit in ((21, MASSED), (22, "JT01")):
        p.standing.append(
            Campaign(
                campaign_id=f"ZX{YEAR}{number}", name="路面秩序整治行动", unit_id=unit, from_on=first, to_on=last
            )
        )  # fmt: skip
    why = "four fines a day while the campaign lasted, one in three days otherwise"
    for rule in (SURGE, JUMP):
        p.plant("problem", rule, why, key={"unit_id": MASSED})
    p.plant("decoy", SURGE, "as many cases in the campaign as before and after", key={"unit_id": "JT01"})


def _days_off(p: Planting) -> None:
    officer = enlist(p.officers, HOLIDAYS, 1, "officer")
    _every(p, 6, HOLIDAYS, officer, lambda day: True)
    for day in DAYS:
        if day >= FIRST_DAY and not is_working(day):
            _fine(p, HOLIDAYS, officer, at(day, 10))
    p.plant("problem", DAYS_OFF, "one fine on each day off, one in six days otherwise", key={"unit_id": HOLIDAYS})
    p.plant("decoy", DAYS_OFF, "no more cases on days off than on others", key={"unit_id": "JJ01"})


def _alike(p: Planting) -> None:
    """Four officers with twenty fines each in each of the last three months, 100,000 yuan a month in all."""
    last: list[Case] = []
    every: list[Case] = []
    for number in range(1, 5):
        officer = enlist(p.officers, EVEN, number, "officer")
        for month in (10, 11, 12):
            made = _twenty(p, EVEN, officer, month, number)
            every += made
            if month == 12:
                p.plant("problem", ROUND, "twenty fines in each of three months", *made, key={"officer_id": officer})
                last += made
    p.plant("problem", SAME, "four officers with twenty fines each in December", *last, key={"unit_id": EVEN})
    p.plant("problem", SUM, "100,000 yuan in each of three months", *last, key={"unit_id": EVEN})
    p.plant("problem", FLOOR, "nobody fined at the minimum of 1,000, however slight", *every, key={"unit_id": EVEN})
    p.plant("decoy", FLOOR, "many are fined at the minimum of 1,000", key={"unit_id": HASTY})
    spread = enlist(p.officers, LARGE, 37, "officer")
    for month in (10, 11, 12):
        made = [_fine(p, LARGE, spread, when) for when in _twenty_times(month, 6)]
    odd = _fine(p, LARGE, spread, datetime(YEAR, 12, 23, 15))
    p.plant("decoy", ROUND, "twenty, twenty and twenty-one", *made, odd, key={"officer_id": spread})
    for rule in (SAME, SUM):
        p.plant("decoy", rule, "officers and months of this unit differ", key={"unit_id": LARGE})


def _twenty_times(month: int, number: int) -> list[datetime]:
    days = [day for day in _WORKED if (day.year, day.month) == (YEAR, month)]
    return [at(days[n % len(days)], 8 + number if n < len(days) else 15) for n in range(20)]


def _twenty(p: Planting, unit: str, officer: str, month: int, number: int) -> list[Case]:
    times = _twenty_times(month, number)
    return [_fine(p, unit, officer, when, 1_100 + 300 * (n % 2)) for n, when in enumerate(times)]
