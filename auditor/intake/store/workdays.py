"""The calendar of working days that every deadline is counted on.

Announced years come from the maintained record of the State Council's notices, which knows the swapped days around
festivals; later ones are Monday to Friday and marked as not announced. The agency's own table overrules both.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any, cast

import chinese_calendar as _calendar  # pyright: ignore[reportMissingTypeStubs]

from auditor.intake.readers.base import pa
from auditor.intake.store.database import ibis

calendar = cast(Any, _calendar)

TABLE = "workdays"
_YEARS_AHEAD = 3


_SATURDAY = 5


def announced_years() -> tuple[int, int]:
    """The first and the last year whose working days are known."""
    years = {day.year for day in calendar.constants.holidays}
    return min(years), max(years)


def write_workdays(con: Any, own: Mapping[date, bool]) -> None:
    """The table `workdays`: a row a day, `ordinal` counts the working days up to and including it. `own` is what the
    agency says; days of its that lie outside the calendar extend it."""
    days, working, announced = workdays(own)
    con.create_table(
        TABLE, schema=ibis.schema({"day": "date", "is_workday": "boolean", "announced": "boolean", "ordinal": "int64"})
    )
    columns = {
        "day": pa.array(days, pa.date32()),
        "is_workday": pa.array(working, pa.bool_()),
        "announced": pa.array(announced, pa.bool_()),
        "ordinal": pa.array(list(accumulate(map(int, working))), pa.int64()),
    }
    con.insert(TABLE, pa.table(columns))


def own_days(calendar_table: Any) -> dict[date, bool]:
    """What the agency said of days, out of a table `workdays`: where it says more, or something else, than the law."""
    known = _announced()
    rows = calendar_table.filter(calendar_table["announced"]).select("day", "is_workday").to_pyarrow().to_pylist()
    return {row["day"]: row["is_workday"] for row in rows if known.get(row["day"]) is not row["is_workday"]}


def workdays(own: Mapping[date, bool]) -> tuple[list[date], list[bool], list[bool]]:
    """Every day without a gap, whether it is worked, and whether that is announced (or said by the agency)."""
    first_year, last_year = announced_years()
    first = min([date(first_year, 1, 1), *own])
    last = max([date(last_year + _YEARS_AHEAD, 12, 31), *own])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    known = {**_announced(), **own}
    return days, [known.get(day, day.weekday() < _SATURDAY) for day in days], [day in known for day in days]


@cache
def _announced() -> Mapping[date, bool]:
    first, last = announced_years()
    days = (
        date(first, 1, 1) + timedelta(days=number) for number in range((date(last + 1, 1, 1) - date(first, 1, 1)).days)
    )
    # The library's own question works out the range of its years anew for each day, which takes as long as a load.
    free, worked = calendar.constants.holidays, calendar.constants.workdays
    return {day: day in worked or (day.weekday() < _SATURDAY and day not in free) for day in days}
