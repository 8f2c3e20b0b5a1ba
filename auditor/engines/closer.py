"""The rows that a kind with windows must look at closer: those in company, fetched with all that the rule reads of them.

Rows alike are found by a hash of what makes them alike, counted before anything is put in order; rows beside one another
by an order over the few columns that are compared. Two different rows of one hash only bring a few rows too many.
"""

from collections.abc import Sequence

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.engines import registers
from auditor.engines.base import Session
from auditor.engines.query import Part
from auditor.engines.rowwise import computed, inlined
from auditor.engines.scan import Asked, columns_of
from auditor.kinds import sql
from auditor.kinds.company import Alike, Beside

_KEYS, _PLACES, _LOOKED = "alike_keys", "looked_places", "looked_rows"
_FILE, _ROW, _LOOK = "at_file", "at_row", "looked_at"
_AROUND = ("previous", "second", "next")


def in_company(asked: Asked, session: Session) -> Part | None:
    """The part of the table that the rule's windows must run over; None for a kind that doesn't say."""
    judgement = asked.query.judgement
    if judgement is None or judgement.company is None or asked.query.rowwise is None:
        return None
    picking = _Picking(asked, session)
    if isinstance(judgement.company, Alike):
        picking.alike(judgement.company)
    else:
        picking.beside(judgement.company)
    rows = exp.select(exp.Star()).from_(_LOOKED).subquery(asked.rule.scope.table.name)
    return Part(rows=rows, looked=sql.column(_LOOK, asked.rule.scope.table.name))


class _Picking:
    def __init__(self, asked: Asked, session: Session) -> None:
        if asked.query.judgement is None:
            raise TypeError("a row kind has a judgement")
        self._asked, self._session = asked, session
        self._table = asked.rule.scope.table.name
        self._known = computed(asked.query.outputs, asked.query.judgement)

    def _value(self, value: sql.Expr) -> sql.Expr:
        return inlined(value, self._known)

    def _select(self, *values: sql.Expr) -> exp.Select:
        """From the table, with the registers of which the rule reads columns in what makes rows comparable."""
        query = exp.select(*values).from_(exp.to_table(self._table))
        for alias, with_ in self._asked.rule.scope.joined.items():
            clash = f"{alias}_clashes"
            condition = registers.condition(with_, self._asked.setting)
            query = query.join(registers.clear(with_, clash), on=condition, join_type="left", copy=False)
            query = query.with_(clash, as_=registers.clashes(with_, self._asked.setting), copy=False)
        return query

    def _columns(self) -> list[sql.Expr]:
        return [sql.column(name, self._table) for name in sorted(columns_of(self._asked))]

    def alike(self, company: Alike) -> None:
        usable = self._value(company.usable)
        key = _hash([self._value(part) for part in company.by])
        enough = sql.at_most(sql.number(company.at_least), exp.Count(this=exp.Star()))
        having = sql.both(enough, sql.coalesce(exp.Max(this=self._value(sql.column("in_period"))), exp.false()))
        keys = self._select(exp.alias_(key, "key")).where(usable, copy=False)
        self._session.keep(_KEYS, keys.group_by(key, copy=False).having(having, copy=False))
        listed = exp.In(this=key.copy(), query=exp.select(sql.column("key")).from_(_KEYS).subquery())
        rows = self._select(*self._columns(), exp.alias_(exp.true(), _LOOK))
        self._session.keep(_LOOKED, rows.where(sql.both(usable, listed), copy=False))

    def beside(self, company: Beside) -> None:
        """First the few columns that are compared, in order; then the places of suspect rows and of those before them;
        then these rows as a whole."""
        blank, usable = self._value(company.blank), self._value(company.usable)
        seen = [] if self._asked.query.rowwise is None else [self._asked.query.rowwise.seen]
        limit = sql.both(*seen, sql.coalesce(self._value(sql.column("in_scope")), exp.false()))
        values = {f"by_{number}": self._value(part) for number, part in enumerate(company.by, 1)}
        sure = blank == sql.negate(usable)
        if not sure:
            values["usable"] = usable
        values |= {name: self._value(value) for name, value in company.compare.items()}
        values |= {_FILE: _hash([sql.column(SOURCE_FILE, self._table)]), _ROW: sql.column(SOURCE_ROW, self._table)}
        narrow = self._select(*(exp.alias_(value, name) for name, value in values.items()))
        narrow = narrow.where(sql.both(limit, sql.negate(blank)), copy=False)
        parts = [sql.column(name) for name in values if name == "usable" or name.startswith("by_")]
        [order] = [sql.column(name) for name, value in company.compare.items() if value == company.order]
        wanted = {column.name for column in company.suspect.find_all(exp.Column)} - {*company.compare}
        around = {name: _around(name, parts, order) for name in sorted({*wanted, f"previous_{_FILE}", f"previous_{_ROW}"})}
        beside = exp.select(exp.Star(), *(exp.alias_(value, name) for name, value in around.items()))
        beside = beside.from_(narrow.subquery("n", copy=False), copy=False)
        suspect = company.suspect if sure else sql.either(sql.negate(sql.column("usable")), company.suspect)
        found = exp.select(exp.Star()).from_(beside.subquery("b", copy=False), copy=False).where(suspect, copy=False)
        self._session.keep(_PLACES, found)
        self._fetch()

    def _fetch(self) -> None:
        places = [sql.column(name) for name in (_FILE, _ROW)]
        own = exp.select(*places, exp.alias_(exp.true(), _LOOK)).from_(_PLACES)
        before = exp.select(
            exp.alias_(sql.column(f"previous_{_FILE}"), _FILE),
            exp.alias_(sql.column(f"previous_{_ROW}"), _ROW),
            exp.alias_(exp.false(), _LOOK),
        )
        before = before.from_(_PLACES).where(sql.is_known(sql.column(f"previous_{_ROW}")))
        both = exp.Union(this=own, expression=before, distinct=False)
        each = exp.select(*places, exp.alias_(exp.Max(this=sql.column(_LOOK)), _LOOK))
        each = each.from_(both.subquery("p", copy=False), copy=False).group_by(*places, copy=False)
        same = sql.both(
            sql.equal(sql.column(SOURCE_ROW, self._table), sql.column(_ROW, "places")),
            sql.equal(_hash([sql.column(SOURCE_FILE, self._table)]), sql.column(_FILE, "places")),
        )
        rows = exp.select(*self._columns(), sql.column(_LOOK, "places")).from_(exp.to_table(self._table))
        rows = rows.join(each.subquery("places", copy=False), on=same, join_type="inner", copy=False)
        self._session.keep(_LOOKED, rows)


def _hash(values: Sequence[sql.Expr]) -> sql.Expr:
    return exp.Anonymous(this="hash", expressions=[value.copy() for value in values])


def _around(name: str, parts: Sequence[sql.Expr], order: sql.Expr) -> sql.Expr:
    """The value of the row beside; `second_` is that of the one before the previous."""
    which, _, column = name.partition("_")
    if which not in _AROUND:
        raise ValueError(f"{name} is no value of a row beside")
    value = sql.column(column)
    function = exp.Lead(this=value) if which == "next" else exp.Lag(this=value)
    if which == "second":
        function.set("offset", sql.number(2))
    return sql.in_order(function, parts, [order])
