"""Each condition of a rule answered for each finding: met, not met, or not to be told.

Of a row kind it is the first judged row of a finding that is asked, by one query over the rows that the rule reported;
of a group kind it is the verdict's own numbers. What is answered here decides nothing: the verdict was made before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from auditor.core.condition import AskedColumn, ConditionCard
from auditor.core.finding import Finding, fingerprint
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.engines.base import Row
from auditor.engines.compiler import row_key
from auditor.engines.query import Part
from auditor.kinds import sql
from auditor.kinds.base import GroupKind, RowKind, Verdict
from auditor.kinds.conditions import Condition, parts
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.rulebook import Rule

_FIXED = (exp.Literal, exp.Boolean)
_MET = "met_"
_ROW = "f"
"""The reported row with all that the kind computed of it; the canonical row goes by its table's name."""


def condition_cards(rule: Rule, setting: Setting) -> tuple[ConditionCard, ...]:
    """What the rule asks, in words and in the order of the outcomes."""
    say = Speaker(rule.scope)
    cards = [_card(rule, one, say, branch=branch) for one, branch in _in_line(_asked(rule, setting))]
    if isinstance(rule.kind, GroupKind):
        cards += [ConditionCard(text=limit.text.spaced(), role="test") for limit in rule.kind.limits(say)]
    return tuple(cards)


def of_subjects(
    rule: Rule, setting: Setting, verdicts: Iterable[Verdict], findings: Sequence[Finding]
) -> list[Finding]:
    """The findings of a group kind with the outcomes for their subjects. Only rows of the kind that the rule looks at
    were counted, so that every subject meets these conditions."""
    if not isinstance(rule.kind, GroupKind):
        raise TypeError(f"kind {rule.kind.name} judges rows, not subjects")
    counted = [True for _ in _asked(rule, setting)]
    limits = rule.kind.limits(Speaker(rule.scope))
    outcomes = {
        fingerprint(rule.rule_id, verdict.parts or (verdict.subject,)): tuple(limit.met(verdict) for limit in limits)
        for verdict in verdicts
    }
    return [replace(found, conditions=(*counted, *outcomes[found.fingerprint])) for found in findings]


def question(rule: Rule, setting: Setting, reported: str, part: Part | None = None) -> exp.Select:
    """Asks of every row that a row kind reported which conditions it meets. `reported` is the relation of reported rows
    that the session keeps for the rule, with every column that the kind computed; `part` has the rows of its table that
    are enough, and the columns of `trees`."""
    asked = [one for one, _ in _in_line(_asked(rule.on(setting.clock.as_of), setting))]
    outputs = [f"{_MET}{number}" for number in range(1, len(asked) + 1)]
    return _question(rule, asked, outputs, reported, exp.to_table(rule.scope.table.name) if part is None else part.rows)


def outcomes(met: Sequence[Row]) -> dict[tuple[str, int], tuple[bool | None, ...]]:
    """What the rows that answer the question say, by the file and row of each."""
    found: dict[tuple[str, int], tuple[bool | None, ...]] = {}
    names = [name for name in met[0] if name.startswith(_MET)] if met else []
    for row in met:
        found.setdefault((row["source_file"], row["source_row"]), tuple([_outcome(row, name) for name in names]))
    return found


def trees(rule: Rule, setting: Setting) -> list[sql.Expr]:
    """All that the conditions of a rule look at."""
    return [one.met for one, _ in _in_line(_asked(rule.on(setting.clock.as_of), setting))]


def _asked(rule: Rule, setting: Setting) -> list[Condition]:
    say = Speaker(rule.scope)
    found = [] if rule.where is None else parts(rule.where, say, "scope")
    match rule.kind:
        case RowKind() as kind:
            told = {one.text for one in found}
            return [
                *found,
                *(one for one in kind.conditions(setting, say) if one.role != "scope" or one.text not in told),
            ]
        case GroupKind() as kind:
            within = kind.population(setting).within
            found += [] if within is None else parts(within, say, "scope")
            # A subject has many rows, each counted on grounds of its own: alternatives cannot be told apart.
            return [replace(one, branches=()) for one in found]
        case _:
            raise TypeError(f"kind {rule.kind.name} is neither a row nor a group kind")


def _in_line(asked: Sequence[Condition]) -> Iterator[tuple[Condition, bool]]:
    """Every condition followed by its branches."""
    for one in asked:
        yield one, False
        for branch in one.branches:
            yield replace(branch, role=one.role), True


def _card(rule: Rule, asked: Condition, say: Speaker, *, branch: bool) -> ConditionCard:
    columns: dict[tuple[str, str], AskedColumn] = {}
    for tree in (asked.met, *asked.about):
        for column in _columns(rule, tree, say):
            known = columns.setdefault((column.role, column.column), column)
            columns[column.role, column.column] = replace(known, needed=known.needed or column.needed)
    return ConditionCard(text=asked.text.spaced(), role=asked.role, branch=branch, columns=tuple(columns.values()))


def _columns(rule: Rule, tree: sql.Expr, say: Speaker) -> Iterator[AskedColumn]:
    """The columns of the row and of what is joined to it; not those of a register that is only searched."""
    own = rule.scope.table
    inner = {table.alias_or_name for table in tree.find_all(exp.Table)}
    for column in tree.find_all(exp.Column, bfs=False):
        alias = column.table
        if alias == own.name and column.name in own.columns:
            label, table, role = say.own(column.name), own.name, "subject"
        elif alias in rule.scope.joined and alias not in inner:
            label, table, role = say.labels.column(column.name, alias), rule.scope.joined[alias].table.name, alias
        else:
            continue
        needed = not _may_be_blank(column, tree)
        yield AskedColumn(table=table, column=column.name, role=role, label=label, needed=needed)


def _may_be_blank(column: exp.Column, tree: sql.Expr) -> bool:
    """Whether all that a tree asks of a column is whether it is blank, or a blank counts as something fixed."""
    node: sql.Expr = column
    while above := sql.above(node, tree):
        asked = isinstance(above, exp.Is) and isinstance(above.expression, exp.Null)
        fixed = isinstance(above, exp.Coalesce) and any(isinstance(one, _FIXED) for one in above.expressions)
        if asked or fixed:
            return True
        node = above
    return False


def _question(
    rule: Rule, asked: Sequence[Condition], outputs: Sequence[str], reported: str, rows: sql.Expr
) -> exp.Select:
    """The reported rows, each with its canonical row, the registers' rows that were joined to it, and the outcomes."""
    base = rule.scope.table
    met = [exp.alias_(_of_row(one.met), output) for one, output in zip(asked, outputs, strict=True)]
    place = [sql.column(name, _ROW) for name in ("source_file", "source_row")]
    same = _same_place(base.name, "source_file", "source_row")
    if base.derived:
        # A row of the findings table stands for a source row, which several findings may rest on.
        same = sql.both(same, sql.equal(sql.column("row_key", _ROW), row_key(base, base.name)))
    question = exp.select(*place, *met).from_(sql.relation(reported, _ROW))
    question = question.join(rows.copy(), on=same, join_type="inner")
    for alias, with_ in rule.scope.joined.items():
        register = sql.relation(with_.table.name, alias)
        question = question.join(register, on=_same_place(alias, f"{alias}__file", f"{alias}__row"), join_type="left")
    return question


def _same_place(alias: str, file: str, row: str) -> sql.Expr:
    return sql.both(
        sql.equal(sql.column(SOURCE_FILE, alias), sql.column(file, _ROW)),
        sql.equal(sql.column(SOURCE_ROW, alias), sql.column(row, _ROW)),
    )


def _of_row(met: sql.Expr) -> sql.Expr:
    """The condition with every bare name, a column that the kind computed, found in the reported row."""

    def named(node: sql.Expr) -> sql.Expr:
        bare = isinstance(node, exp.Column) and not node.table
        return sql.column(node.name, _ROW) if bare else node

    return met.transform(named)


def _outcome(row: Row, output: str) -> bool | None:
    return None if row[output] is None else bool(row[output])
