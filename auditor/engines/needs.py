"""What a rule cannot do without: the canonical columns that its verdict rests on, read off its own query."""

from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp

from auditor.core.schema import tables
from auditor.kinds import sql
from auditor.kinds.base import Judgement, Stage
from auditor.rulebook import Rule


def needs(rule: Rule, expressions: Iterable[sql.Expr], judgement: Judgement | None) -> dict[str, frozenset[str]]:
    """The columns by table; a table of which only the presence matters has none. Columns that only the message names
    are not among them: a finding can do without."""
    scope, own = rule.scope, rule.scope.table.name
    trees = [*expressions, sql.column(rule.subject.id, own)]
    trees += [tree for tree in (rule.where, rule.at) if tree is not None]
    trees += [sql.column(key, own) for key in rule.key]
    found: dict[str, set[str]] = {own: set()}
    for with_ in scope.joined.values():
        found.setdefault(with_.table.name, set()).update(theirs for _, theirs in with_.match)
        trees += [sql.column(mine, own) for mine, _ in with_.match]
        if with_.valid_at is not None:
            trees.append(sql.column(with_.valid_at, own))
    if judgement is not None:
        trees += [*(judgement.span or ()), *([] if judgement.within is None else [judgement.within])]
        for name, condition in judgement.registers.items():
            found.setdefault(name, set())
            trees.append(condition)
    aliases = {alias: with_.table.name for alias, with_ in scope.joined.items()}
    for tree in trees:
        for name, column in _columns(tree, own, aliases):
            found.setdefault(name, set()).add(column)
    return {name: frozenset(columns) for name, columns in found.items()}


def computed(stages: Iterable[Stage]) -> list[sql.Expr]:
    """All that the stages compute, and the queries that they join."""
    values = [value for stage in stages for value in stage.columns.values()]
    joined = [joined.relation for stage in stages for joined in stage.joins]
    return values + [relation for relation in joined if not isinstance(relation, str)]


def _columns(tree: sql.Expr, own: str, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(table, column) for each canonical column in a tree; subqueries say themselves what their aliases stand for."""
    inner = {table.alias: table.name for table in tree.find_all(exp.Table) if table.alias}
    for column in tree.find_all(exp.Column):
        table = {own: own, **aliases, **inner}.get(column.table)
        if table is not None and table in tables() and column.name in tables()[table].columns:
            yield table, column.name
