"""The days on which offices work, swapped weekends included: the county keeps its deadlines by these.

The calendar is the published one (chinese_calendar), not a rule of thumb: working days around Spring Festival and
National Day are swapped every year, and deadlines that fall there are what an audit gets wrong first.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from random import Random

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

YEAR = 2025
FIRST_DAY, LAST_DAY = date(YEAR, 1, 1), date(YEAR, 12, 31)
LEDGERS_BEGIN = date(YEAR - 1, 6, 15)
"""The ledgers begin half a year before the audited one: a count that jumps is known by the months before it."""
EARLY = 75
"""Days before that whose acts were decided, or are still to be decided, within the ledgers."""
DAYS = tuple(LEDGERS_BEGIN + timedelta(days=n) for n in range((LAST_DAY - LEDGERS_BEGIN).days + 1))
"""Every day of the ledgers."""
EXPORTED_AT = datetime(YEAR, 12, 31, 23, 59, 59)
"""The ledgers are exported at the year's end: what happens later is blank in them."""

_DAYS = [
    day
    for day in (date(YEAR - 1, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365))
    if chinese_calendar.is_workday(day)  # pyright: ignore[reportUnknownMemberType]
]


def is_working(day: date) -> bool:
    return day in _SET


_SET = frozenset(_DAYS)


def after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which is itself not counted; 0: the first that is not before `day`."""
    return _DAYS[bisect_left(_DAYS, day) if count == 0 else bisect_right(_DAYS, day) + count - 1]


def at_office(rng: Random, day: date, *, half: str = "day") -> datetime:
    """A minute of office hours on that day: in the morning, in the afternoon, or in either."""
    first, last = {"morning": (510, 710), "afternoon": (810, 990), "day": (510, 1040)}[half]
    return datetime.combine(day, time()) + timedelta(minutes=first + int(rng.random() * (last - first)))
