"""The audited stretch of days as people write it: a month, a quarter, a year, or a span with both ends."""

import re
from calendar import monthrange
from datetime import date, timedelta

from auditor.core.duration import Duration
from auditor.core.result import Period

_FORMS = (
    (re.compile(r"(\d{4})-(\d{2})"), "month"),
    (re.compile(r"(\d{4})Q([1-4])"), "quarter"),
    (re.compile(r"(\d{4})"), "year"),
    (re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})"), "span"),
)


def parse_period(written: str) -> Period | None:
    """2024-05, 2024Q2, 2024 or 2023-07-01..2024-06-30; None where it is none of these or no such day exists."""
    for form, name in _FORMS:
        match = form.fullmatch(written.strip())
        if match is None:
            continue
        try:
            first, last = _ends(name, match[1], match[match.lastindex or 1])
        except ValueError:
            return None
        return Period(first=first, last=last, label=written.strip()) if first <= last else None
    return None


def month_of(day: date) -> Period:
    """The month in which a day lies."""
    last = monthrange(day.year, day.month)[1]
    return Period(first=day.replace(day=1), last=day.replace(day=last), label=f"{day:%Y-%m}")


def last_complete_month(first: date, last: date) -> Period:
    """The last month whose last day is reached by the days from `first` to `last`; else the one month they lie in."""
    month = month_of(last)
    return month if month.last == last or month_of(first) == month else _month_before(month)


def months_until(last: Period, count: int, earliest: date) -> tuple[Period, ...]:
    """The month `last` and those before it, oldest first: `count` of them, and none before the month of `earliest`."""
    found = [last]
    while len(found) < count and found[-1].first > earliest:
        found.append(_month_before(found[-1]))
    return tuple(reversed(found))


def day_before(day: date, length: Duration) -> date:
    """The day that lies a length of time before another; hours count as the days they begin, and a month without that
    day ends on its last. Working days are counted as natural ones: this is for how far back to look, not for limits."""
    match length.unit:
        case "months":
            years, month = divmod(day.year * 12 + day.month - 1 - length.count, 12)
            return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
        case "hours":
            return day - timedelta(days=-(-length.count // 24))
        case "minutes":
            return day - timedelta(days=-(-length.count // (24 * 60)))
        case "days" | "working days":
            return day - timedelta(days=length.count)


def _month_before(month: Period) -> Period:
    return month_of(month.first - timedelta(days=1))


def _ends(form: str, one: str, two: str) -> tuple[date, date]:
    match form:
        case "month":
            month = month_of(date(int(one), int(two), 1))
            return month.first, month.last
        case "quarter":
            first = date(int(one), 3 * int(two) - 2, 1)
            return first, month_of(date(int(one), 3 * int(two), 1)).last
        case "year":
            return date(int(one), 1, 1), date(int(one), 12, 31)
        case _:
            return date.fromisoformat(one), date.fromisoformat(two)
