"""Limits of time that every row of a table keeps, so that no row need be asked whether it does.

An extract mostly holds nothing later than its day, and one of a single year is all of the year audited. An engine knows
of every part of a table between which moments it lies, so that a search for a row outside is over before it has begun
where there is none; where there is one, the first that is found ends it.
"""

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from auditor.engines.base import Session
from auditor.engines.query import Query
from auditor.kinds import sql
from auditor.kinds.scope import Setting

FEWEST = 100_000
"""A table of fewer rows is asked as it is."""


def limited(setting: Setting, query: Query, session: Session) -> Setting:
    """The same with the columns of the rule's own table that keep to the audited period in all rows, of those by which
    the rule places its rows in time."""
    table = setting.scope.table
    if table.derived or session.size(table.name) < FEWEST:
        return setting
    span = None if query.judgement is None else query.judgement.span
    moments = [query.outputs["at"], *(span or ())]
    names = sorted(frozenset[str]().union(*(setting.picked_from(moment) for moment in moments)))
    start, end = setting.clock.period_start, setting.clock.period_end
    columns = {name: sql.moment(setting.own(name)) for name in names}
    early = {name: sql.less(column, start) for name, column in columns.items() if start is not None}
    late = {name: sql.at_most(end, column) for name, column in columns.items()}
    return replace(
        setting,
        none_early=frozenset(_without(early.items(), table.name, session)),
        none_late=frozenset(_without(late.items(), table.name, session)),
    )


def _without(outside: Iterable[tuple[str, sql.Expr]], table: str, session: Session) -> Iterable[str]:
    """The names of the conditions that no row meets."""
    one = exp.select(exp.alias_(sql.number(1), "one")).from_(exp.to_table(table)).limit(1)
    return [name for name, condition in outside if not session.rows(one.where(condition))]
