"""A column that nobody fills: blank in every row that a rule could accuse, it says nothing of anybody.

An export may have the column for a step and leave it empty from top to bottom, because the step is written down
elsewhere. A rule that takes a blank for a step not taken would then accuse everybody. So the column counts as not
provided, and the rule is not run, as if it were missing. A few rows that are all blank are no such sign.
"""

from collections.abc import Iterator

from sqlglot import exp

from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.engines.base import Session
from auditor.kinds import sql
from auditor.rulebook import Rule

FEWEST = 10
"""With so many rows in scope and not one of them filled, the column is taken for one that nobody fills (a default of
this project)."""


def unfilled(rule: Rule, session: Session) -> tuple[Text, tuple[str, ...]] | None:
    """Why the rule is not run, and the columns; None where some row has what the rule misses in others."""
    table = rule.scope.table
    accusing = rule.kind.accuses_by_blank
    names = sorted({column.name for column in accusing if column.table in ("", table.name)})
    if not names or len(names) < len({column.name for column in accusing}):
        return None
    scope = sql.both(exp.true(), *_scope(rule, frozenset(names)))
    filled = sql.either(*(sql.is_known(sql.column(name, table.name)) for name in names))
    one = exp.select(exp.alias_(sql.number(1), "one")).from_(exp.to_table(table.name))
    if session.rows(one.where(sql.both(scope, filled)).limit(1)):
        return None
    every = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n_rows")).from_(exp.to_table(table.name))
    rows = session.rows(every.where(scope))[0]["n_rows"]
    if rows < FEWEST:
        return None
    said = "、".join(f"{tables()[table.name].columns[name].zh}（{name}）" for name in names)
    reason = Text(
        zh=f"表“{table.label.zh}”的字段 {said} 在适用的 {rows} 行中没有一行填写，视为未提供，不据空白作出认定",
        en=f"{', '.join(names)} of table {table.name} is blank in each of the {rows} rows in scope: taken as "
        "not provided, for a column that nobody fills says nothing of anybody",
    )
    return reason, tuple(f"{table.name}.{name}" for name in names)


def _scope(rule: Rule, blank: frozenset[str]) -> Iterator[sql.Expr]:
    """Those conditions of the rule's scope that speak of other columns of its own table, in any period."""
    if rule.where is None:
        return
    table = rule.scope.table.name
    for part in rule.where.unnest().flatten() if isinstance(rule.where.unnest(), exp.And) else (rule.where,):
        columns = list(part.find_all(exp.Column))
        if all(column.table == table and column.name not in blank for column in columns):
            yield part.copy()
