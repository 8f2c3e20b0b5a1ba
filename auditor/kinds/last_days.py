"""Last days of limits: days or months on, the n-th working day of the calendar, the next one after a holiday."""

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.kinds import sql
from auditor.kinds.base import Stage
from auditor.kinds.population import Joined

_DUE_DAY, _ROLLED = "last_day_calendar", "rolled_calendar"


def workday(alias: str, day: sql.Expr) -> Joined:
    return Joined(alias=alias, relation="workdays", on=sql.equal(sql.column("day", alias), day))


def nth_workday(alias: str, ordinal: sql.Expr) -> Joined:
    on = sql.both(sql.column("is_workday", alias), sql.equal(sql.column("ordinal", alias), ordinal))
    return Joined(alias=alias, relation="workdays", on=on)


def rolled() -> Stage:
    """The last day, or the next working day where it is none; provisional where that year is not announced yet."""
    last_day = sql.column("last_day")
    step = sql.case((sql.column("is_workday", _DUE_DAY), sql.number(0)), otherwise=sql.number(1))
    return Stage(
        columns={
            "rolled_day": sql.coalesce(sql.column("day", _ROLLED), last_day),
            "provisional": sql.negate(sql.column("announced", _DUE_DAY)),
        },
        joins=(
            workday(_DUE_DAY, last_day),
            nth_workday(_ROLLED, sql.plus(sql.column("ordinal", _DUE_DAY), step)),
        ),
    )


def day_after(start: sql.Expr, count: sql.Expr, length: Duration) -> sql.Expr:
    """The day `count` natural days or months after a day; a month without that day ends on its last."""
    unit = exp.Var(this={"days": "DAY", "months": "MONTH"}[length.unit])
    return sql.day(exp.DateAdd(this=start.copy(), expression=sql.wrap(count), unit=unit))
