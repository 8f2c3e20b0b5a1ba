"""Registers joined by the day of the act: at most one row, and two in force on one day are no row at all.

Where two rows of a register match the same case on the same day, no rule may choose between them. Both leave the join,
the verdict becomes unknown, and the clash is reported as an error of the register. A register without a column for
the start or the end of validity is in force without one.
"""

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table
from auditor.kinds import sql
from auditor.kinds.scope import Setting, With

_ONE, _TWO = "one", "two"


def condition(with_: With, setting: Setting) -> sql.Expr:
    """What ties a row of the register, under the alias, to a row of the rule's table."""
    tests: list[sql.Expr] = []
    for own, theirs in with_.match:
        same = sql.equal(sql.column(theirs, with_.alias), setting.own(own))
        if not with_.table.columns[theirs].required:
            same = sql.either(sql.is_null(sql.column(theirs, with_.alias)), same)
        tests.append(same)
    if with_.valid_at is not None and with_.table.valid is not None:
        start, end = with_.table.valid
        if setting.has(with_.table.name, start):
            tests.append(_begun(with_.table, start, setting.own(with_.valid_at), with_.alias))
        if setting.has(with_.table.name, end):
            tests.append(_not_ended(with_.table, end, setting.own(with_.valid_at), with_.alias))
    return sql.both(*tests)


def clashes(with_: With, setting: Setting) -> exp.Select:
    """The rows (file and row) of the register that another row contradicts: alike in every match column, or open
    where the other is not, with validities that share a day."""
    same = [
        sql.either(
            sql.equal(sql.column(name, _ONE), sql.column(name, _TWO)),
            *(
                ()
                if with_.table.columns[name].required
                else (sql.is_null(sql.column(name, _ONE)), sql.is_null(sql.column(name, _TWO)))
            ),
        )
        for _, name in with_.match
    ]
    other = sql.either(
        exp.NEQ(this=sql.column(SOURCE_FILE, _ONE), expression=sql.column(SOURCE_FILE, _TWO)),
        exp.NEQ(this=sql.column(SOURCE_ROW, _ONE), expression=sql.column(SOURCE_ROW, _TWO)),
    )
    tests = [*same, other]
    if with_.valid_at is not None and with_.table.valid is not None:
        start, end = with_.table.valid
        if setting.has(with_.table.name, start) and setting.has(with_.table.name, end):
            for a, b in ((_ONE, _TWO), (_TWO, _ONE)):
                until, begins = sql.column(end, a), sql.day(sql.column(start, b))
                tests.append(sql.either(sql.is_null(until), sql.is_null(begins), sql.at_most(begins, sql.day(until))))
    return (
        exp.select(sql.column(SOURCE_FILE, _ONE), sql.column(SOURCE_ROW, _ONE))
        .distinct()
        .from_(sql.relation(with_.table.name, _ONE))
        .join(sql.relation(with_.table.name, _TWO), on=sql.both(*tests), join_type="inner")
    )


def clear(with_: With, clash: str) -> exp.Subquery:
    """The register without its clashing rows, under the alias; `clash` names the relation that lists those."""
    same = sql.both(
        sql.equal(sql.column(SOURCE_FILE, clash), sql.column(SOURCE_FILE, "r")),
        sql.equal(sql.column(SOURCE_ROW, clash), sql.column(SOURCE_ROW, "r")),
    )
    listed = exp.Exists(this=exp.select(sql.number(1)).from_(sql.relation(clash, clash)).where(same))
    rows = exp.select(exp.Star()).from_(sql.relation(with_.table.name, "r")).where(sql.negate(listed))
    return rows.subquery(with_.alias)


def _begun(table: Table, start: str, at: sql.Expr, alias: str) -> sql.Expr:
    """In force from its first day; a register row that does not say since when is taken as in force all along."""
    begins = sql.column(start, alias)
    act = sql.day(at) if table.columns[start].type == "date" else sql.moment(at)
    return sql.either(sql.is_null(begins), sql.at_most(begins, act))


def _not_ended(table: Table, end: str, at: sql.Expr, alias: str) -> sql.Expr:
    ends = sql.column(end, alias)
    act = sql.day(at) if table.columns[end].type == "date" else sql.moment(at)
    return sql.either(sql.is_null(ends), sql.at_most(act, ends))
