"""The days by which a rule counts: every one of the calendar in the window, whether a subject had rows on it or not.

A day without rows is a day with a count of 0, which no grouping of rows would show; so each subject is put beside
each day. What is given back is summed by month and class of day, with the squares from which the ups and downs are
known.
"""

from sqlglot import exp

from auditor.engines.months import by_month
from auditor.kinds import sql
from auditor.kinds.population import Days
from auditor.kinds.scope import Clock

_CALENDAR = "workdays"
_SUBJECTS = "subjects"


def special_days(days: Days, rows: exp.Select, clock: Clock, months: int) -> exp.Select:
    """(subject, day) for every special day of the window. `rows` gives the counted rows, with subject and day_unit."""
    subjects = exp.select(sql.column("subject"), sql.column("day_unit")).distinct().from_(rows.subquery("r"))
    found = exp.select(sql.column("subject", _SUBJECTS), sql.column("day", _CALENDAR)).distinct()
    found = found.from_(subjects.subquery(_SUBJECTS)).join(sql.relation(_CALENDAR, _CALENDAR), join_type="cross")
    if days.register is not None:
        found = found.join(days.register.source(), on=days.register.on, join_type="inner")
    return found.where(sql.both(_in_window(clock, months), days.special))


def is_special(days: Days, rows: exp.Select, clock: Clock, months: int, outer: str) -> sql.Expr:
    """Whether a row of the relation `outer` lies on a special day of its subject."""
    same = sql.both(
        sql.equal(sql.column("subject", "s"), sql.column("subject", outer)),
        sql.equal(sql.column("day", "s"), sql.column("day", outer)),
    )
    listed = special_days(days, rows, clock, months).subquery("s")
    return exp.Exists(this=exp.select(sql.number(1)).from_(listed).where(same))


def by_day(days: Days, judged: exp.Select, clock: Clock, months: int) -> exp.Select:
    """Days, rows and the sum of squares by subject, month, special or ordinary, and class of day."""
    counted = exp.select(exp.Star()).from_("counted_rows").where(sql.column("counted"))
    keys = [sql.column("subject"), sql.column("day")]
    n = exp.Count(this=exp.Star())
    daily = exp.select(*keys, exp.alias_(n, "n")).from_(counted.subquery("c")).group_by(*keys)
    calendar = by_month(sql.moment(sql.column("day", _CALENDAR)), clock, months)
    word = sql.case((sql.is_known(sql.column("day", "s")), sql.text("special")), otherwise=sql.text("ordinary"))
    grid = (
        exp.select(
            sql.column("subject", _SUBJECTS),
            exp.alias_(word, "stratum_1"),
            exp.alias_(days.like, "stratum_2"),
            exp.alias_(calendar.month, "month"),
            exp.alias_(calendar.audited, "audited"),
            exp.alias_(sql.coalesce(sql.column("n", "d"), sql.number(0)), "n"),
        )
        .from_(exp.select(sql.column("subject")).distinct().from_("daily_rows").subquery(_SUBJECTS))
        .join(sql.relation(_CALENDAR, _CALENDAR), join_type="cross")
        .join(sql.relation("special_days", "s"), on=_same("s"), join_type="left")
        .join(sql.relation("daily_rows", "d"), on=_same("d"), join_type="left")
        .where(_in_window(clock, months))
    )
    cells = [sql.column(name) for name in ("subject", "stratum_1", "stratum_2", "month", "audited")]
    each = sql.column("n", "grid")
    total = sql.cast_to(exp.Sum(this=each), "bigint")
    return (
        exp.select(
            *cells,
            exp.alias_(total, "n"),
            exp.alias_(total.copy(), "k"),
            exp.alias_(exp.Count(this=exp.Star()), "days"),
            exp.alias_(sql.cast_to(exp.Sum(this=sql.product(each, each)), "bigint"), "squares"),
        )
        .from_(grid.subquery("grid"))
        .group_by(*cells)
        .order_by(*cells)
        .with_("counted_rows", as_=judged.copy())
        .with_("daily_rows", as_=daily)
        .with_("special_days", as_=special_days(days, counted, clock, months))
    )


def _same(alias: str) -> sql.Expr:
    return sql.both(
        sql.equal(sql.column("subject", alias), sql.column("subject", _SUBJECTS)),
        sql.equal(sql.column("day", alias), sql.column("day", _CALENDAR)),
    )


def _in_window(clock: Clock, months: int) -> sql.Expr:
    return by_month(sql.moment(sql.column("day", _CALENDAR)), clock, months).looked_at
