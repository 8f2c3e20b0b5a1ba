"""The months by which a rule counts: those of the audited period and the whole ones before it.

Where the period doesn't begin with a month, the days of that month before it belong to neither side and are left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlglot import exp

from auditor.kinds import sql
from auditor.kinds.scope import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The first day of a row's month, whether the row is of the period, and which rows are looked at at all."""

    month: sql.Expr
    audited: sql.Expr
    looked_at: sql.Expr


def by_month(at: sql.Expr | None, clock: Clock, months: int) -> Months:
    """From `months` months before that of the period's first day on; without a period, the last month is audited.

    Raises ValueError where a table's rows have no moment.
    """
    if at is None:
        raise ValueError("the table has no moment to place its rows by")
    last = min(clock.last, clock.as_of)
    first = clock.first or last.replace(day=1)
    month = first.replace(day=1)
    index = month.year * 12 + month.month - 1 - months
    begin = date(index // 12, index % 12 + 1, 1)
    of_the_past = sql.both(sql.at_most(_start(begin), at), sql.less(at, _start(month)))
    of_the_period = sql.both(sql.at_most(_start(first), at), sql.less(at, clock.period_end))
    return Months(
        month=sql.cast_to(exp.TimestampTrunc(this=at.copy(), unit=exp.Var(this="MONTH")), "date"),
        audited=sql.at_most(_start(first), at),
        looked_at=sql.coalesce(sql.either(of_the_past, of_the_period), exp.true()),
    )


def _start(day: date) -> sql.Expr:
    return sql.timestamp(datetime.combine(day, time()))
