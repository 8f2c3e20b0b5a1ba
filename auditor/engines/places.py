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
"""Rows of one rule that are fetched with those of others in any case, and all columns that any of these reads."""

ROW_NUMBER = "rowid"
"""What DuckDB calls the number of a stored row; a view that stands for a table has a column of that name."""

_HELD = "held_rows"
_ASKED, _LOOKED, _HANDED, _WORD = "asked", "looked", "handed_places", "marks"
_BITS = 62
"""Marks in one whole number."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """An answer with one place a row and, for each rule by its number, whether the row is one that it asks about, and
    for a rule judged by neighbours whether the row is judged itself. `apart` says that the rule can as well read the
    rows by itself."""

    answer: Answer
    asked: Mapping[int, Asked]
    looked: frozenset[int] = frozenset()
    apart: bool = False

    @property
    def marks(self) -> list[str]:
        return [*(asked_by(number) for number in self.asked), *(looked_by(number) for number in sorted(self.looked))]


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """Rows of one table, the name by which a session is to see them, and by the rule's number the part that is its
    own."""

    name: str
    parts: Mapping[int, Part]


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
    """Where the rows are of which a condition over the columns of the rule's own table holds, of a rule that can as
    well read them by itself."""
    table = asked.rule.scope.table
    rows = sql.select_named({PLACE: place_of(table), asked_by(number): exp.true()})
    rows = rows.from_(exp.to_table(table.name), copy=False).where(condition, copy=False)
    return Places(answer=session.answer(rows), asked={number: asked}, apart=True)


def of_own_columns(asked: Asked, value: sql.Expr) -> bool:
    """Whether an expression is over the columns of the rule's own table, and looks at nothing but the row."""
    table = asked.rule.scope.table.name
    own = all(column.table == table for column in value.find_all(exp.Column))
    return own and not value.find(exp.Window, exp.Query)


def _worth_fetching(found: Sequence[Places]) -> list[Places]:
    """Without those rows that a rule can read by itself, where they are more than all that must be fetched: they would
    come with every column that any rule reads."""
    room = sum(len(places.answer) for places in found if not places.apart)
    kept: list[Places] = []
    for places in sorted(found, key=lambda places: (places.apart, len(places.answer))):
        many = places.apart and len(places.answer) > FEW
        if not many or len(places.answer) <= room:
            kept.append(places)
            room -= len(places.answer) if many else 0
    return kept


def fetch(places: Sequence[Places], session: Session) -> Fetched | None:
    """The rows of all these places, which are of one table, in one reading, if there are any to be fetched. Rules
    without a part read their rows by themselves."""
    found = _worth_fetching(places)
    asked = {number: one for places in found for number, one in places.asked.items()}
    if not asked:
        return None
    described = next(iter(asked.values())).rule.scope.table
    table = described.name
    names = [name for some in found for name in some.marks]
    bits = {name: (f"{_WORD}_{number // _BITS}", number % _BITS) for number, name in enumerate(names)}
    listed: list[exp.Select] = []
    for number, some in enumerate(found):
        handed = f"{_HANDED}_{number}"
        session.keep_answer(handed, some.answer)
        # Of different types they would come to be of a third, by which the engine leaves out no row while it reads.
        place = sql.column(PLACE)
        place = sql.unsigned(place) if described.derived else sql.cast_to(place, "bigint")
        listed.append(sql.select_named({PLACE: place, **_in_words(some.marks, bits)}).from_(handed, copy=False))
    words = {word: exp.BitwiseOrAgg(this=sql.column(word)) for word, _ in bits.values()}
    each = sql.select_named(words, sql.column(PLACE)).from_(sql.stacked(listed).subquery("l", copy=False), copy=False)
    each = each.group_by(sql.column(PLACE), copy=False)
    columns = sorted(set[str]().union(*(columns_of(one) for one in asked.values())))
    marks = {name: _bit_of(sql.column(word, "p"), bit) for name, (word, bit) in bits.items()}
    rows = sql.select_named(marks, *(sql.column(name, table) for name in columns))
    rows = rows.from_(exp.to_table(table), copy=False)
    same = sql.equal(place_of(described), sql.column(PLACE, "p"))
    rows = rows.join(each.subquery("p", copy=False), on=same, join_type="inner", copy=False)
    looked = frozenset[int]().union(*(places.looked for places in found))
    session.share(_held(table), rows)
    parts = {number: _part(number, table, looked=number in looked) for number in asked}
    return Fetched(name=_held(table), parts=parts)


def _in_words(marks: Sequence[str], bits: Mapping[str, tuple[str, int]]) -> dict[str, sql.Expr]:
    """The marks of a row as bits of whole numbers: hundreds of rules may ask about one, and each of them is laid over
    the others."""
    found: dict[str, sql.Expr] = {}
    for name in marks:
        word, bit = bits[name]
        here = sql.case((sql.column(name), sql.number(1 << bit)), otherwise=sql.number(0))
        found[word] = sql.plus(found[word], here) if word in found else here
    return {word: sql.cast_to(value, "bigint") for word, value in found.items()}


def _bit_of(word: sql.Expr, bit: int) -> sql.Expr:
    set_ = exp.BitwiseAnd(this=sql.coalesce(word, sql.number(0)), expression=sql.number(1 << bit))
    return sql.less(sql.number(0), sql.wrap(set_))


def _held(table: str) -> str:
    return f"{table}_{_HELD}"


def _part(number: int, table: str, *, looked: bool) -> Part:
    rows = exp.select(exp.Star()).from_(_held(table)).where(sql.column(asked_by(number))).subquery(table)
    return Part(rows=rows, looked=sql.column(looked_by(number), table) if looked else None)
