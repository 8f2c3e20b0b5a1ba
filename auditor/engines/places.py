"""Where the rows stand that rules ask more about, as one number each, and these rows fetched once for all.

A place is short enough to be kept of every row of a large table, and is handed from one session to another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table
from auditor.engines.asked import Asked, columns_of
from auditor.engines.base import Answer, Session
from auditor.engines.query import Part
from auditor.kinds import sql

PLACE = "place"
FEW = 5_000
"""Rows of one rule that are fetched as they are with those of others, and all columns that any of these reads; of more
it is asked first whether they are needed, or the rule reads them by itself."""

ROW_NUMBER = "rowid"
"""What DuckDB calls the number of a stored row; a view that stands for a table has a column of that name."""

HELD = "held_rows"
_ASKED, _LOOKED, _HANDED = "asked", "looked", "handed_places"


@dataclass(frozen=True, kw_only=True)
class Places:
    """An answer with one place a row and, for each rule by its number, whether the row is one that it asks about, and
    for a rule judged by neighbours whether the row is judged itself."""

    answer: Answer
    asked: Mapping[int, Asked]
    looked: frozenset[int] = frozenset()

    @property
    def marks(self) -> list[str]:
        return [*(asked_by(number) for number in self.asked), *(looked_by(number) for number in sorted(self.looked))]


def place_of(table: Table) -> sql.Expr:
    """The number that the engine itself gives the row, by which it finds it without looking at others. What the program
    made has none: there it is a hash of file, row and key, 64 bits; two rows of one hash are both fetched."""
    if not table.derived:
        return sql.column(ROW_NUMBER, table.name)
    return hashed([sql.column(name, table.name) for name in (SOURCE_FILE, SOURCE_ROW, *table.key)])


def hashed(values: Sequence[sql.Expr]) -> sql.Expr:
    return exp.Anonymous(this="hash", expressions=[value.copy() for value in values])


def asked_by(number: int) -> str:
    return f"{_ASKED}_{number}"


def looked_by(number: int) -> str:
    return f"{_LOOKED}_{number}"


def found_by(asked: Asked, number: int, condition: sql.Expr, session: Session) -> Places:
    """Where the rows are of which a condition over the columns of the rule's own table holds."""
    table = asked.rule.scope.table
    rows = sql.select_named({PLACE: place_of(table), asked_by(number): exp.true()})
    rows = rows.from_(exp.to_table(table.name), copy=False).where(condition, copy=False)
    return Places(answer=session.answer(rows), asked={number: asked})


def of_own_columns(asked: Asked, value: sql.Expr) -> bool:
    """Whether an expression is over the columns of the rule's own table, and looks at nothing but the row."""
    table = asked.rule.scope.table.name
    own = all(column.table == table for column in value.find_all(exp.Column))
    return own and not value.find(exp.Window, exp.Query)


def fetch(found: Sequence[Places], session: Session) -> dict[int, Part]:
    """The rows of all these places, which are of one table, in one reading: by the rule's number the part that is its
    own, until the session fetches others."""
    asked = {number: one for places in found for number, one in places.asked.items()}
    described = next(iter(asked.values())).rule.scope.table
    table = described.name
    marks = [name for places in found for name in places.marks]
    listed: exp.Query | None = None
    for number, places in enumerate(found):
        handed = f"{_HANDED}_{number}"
        session.keep_answer(handed, places.answer)
        rows = sql.select_named({name: sql.column(name) for name in places.marks}, sql.column(PLACE))
        rows = rows.from_(handed, copy=False)
        listed = rows if listed is None else exp.Union(this=listed, expression=rows, distinct=False, by_name=True)
    if listed is None:
        raise ValueError("no places to fetch rows of")
    each = exp.select(
        sql.column(PLACE),
        *(exp.alias_(sql.coalesce(exp.LogicalOr(this=sql.column(name)), exp.false()), name) for name in marks),
    )
    each = each.from_(listed.subquery("l", copy=False), copy=False).group_by(sql.column(PLACE), copy=False)
    columns = sorted(set[str]().union(*(columns_of(one) for one in asked.values())))
    rows = exp.select(*(sql.column(name, table) for name in columns), *(sql.column(name, "p") for name in marks))
    rows = rows.from_(exp.to_table(table), copy=False)
    same = sql.equal(place_of(described), sql.column(PLACE, "p"))
    session.keep(HELD, rows.join(each.subquery("p", copy=False), on=same, join_type="inner", copy=False))
    looked = frozenset[int]().union(*(places.looked for places in found))
    return {number: _part(number, table, looked=number in looked) for number in asked}


def _part(number: int, table: str, *, looked: bool) -> Part:
    rows = exp.select(exp.Star()).from_(HELD).where(sql.column(asked_by(number))).subquery(table)
    return Part(rows=rows, looked=sql.column(looked_by(number), table) if looked else None)
