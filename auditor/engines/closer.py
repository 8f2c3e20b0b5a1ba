"""The rows that a kind with windows must look at closer: those in company, by their places.

Rows alike are found by a hash of what makes them alike (`alike`); rows beside one another by an order over the few
columns that are compared, of a numbering only where it is broken (`hundreds`), or by their moments alone
(`crossings`); what a query lists by the keys that it gives. Two rows of one hash only bring a few rows too many; two
series of one hash would be put in order together, of which the chance is 3 in 10^12 among ten thousand series.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from auditor.engines import alike, crossings, hundreds
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.places import FEW, PLACE, Places, asked_by, hashed, looked_by, place_of
from auditor.engines.rowwise import computed, inlined, untexted, with_texts_unread
from auditor.kinds import sql
from auditor.kinds.company import Alike, Beside, Listed, Soon

if TYPE_CHECKING:
    from auditor.engines.alike import Numbers

_ALIKE, _NAMED, _PLACES = "alike_rows", "named_rows", "looked_places"
_SOON, _BEFORE, _IN_BROKEN = "soon_rows", "rows_before", "rows_in_broken"
_SERIES, _ROW, _LOOK, _THERE = "series_hash", "row_place", "looked_at", "there"
_AROUND = ("previous", "second", "next")
_NEAR = 4
"""Of how many rows one may have another near it, for moments to be sorted rather than rows."""
_SELDOM = 200
"""Of how many rows one may have a key that others have, for it to be left to the closer look when they were."""


def in_company(asked: Asked, number: int, session: Session) -> Places | None:
    """Where the rows are that the rule's windows must run over, or that its query lists; None for a kind that doesn't
    say."""
    judgement = asked.query.judgement
    if judgement is None or judgement.company is None or asked.query.rowwise is None:
        return None
    picking = _Picking(asked, session)
    match judgement.company:
        case Listed() as company:
            found = picking.listed(company)
        case Alike() as company:
            found = picking.alike(company)
        case Beside() as company:
            soon = None if company.soon is None else picking.soon(company, company.soon)
            found = picking.beside(company) if soon is None else soon
    marks = {asked_by(number): exp.true(), looked_by(number): sql.column(_LOOK)}
    answer = session.answer(sql.select_named({PLACE: sql.column(_ROW), **marks}).from_(found.subquery("f")))
    return Places(answer=answer, asked={number: asked}, looked=frozenset({number}))


class _Picking:
    def __init__(self, asked: Asked, session: Session) -> None:
        if asked.query.judgement is None or asked.query.rowwise is None:
            raise TypeError("a kind judged in company has a judgement, and a verdict for rows without company")
        self._asked, self._session = asked, session
        self._judgement, self._alone = asked.query.judgement, asked.query.rowwise
        self._table = asked.rule.scope.table.name
        self._place = place_of(asked.rule.scope.table)
        self._known = computed(asked.query.outputs, self._judgement)

    def _value(self, value: sql.Expr) -> sql.Expr:
        return inlined(value, self._known)

    def _select(self, *values: sql.Expr) -> exp.Select:
        """From the table, with the registers of which the rule reads columns in what makes rows comparable."""
        query = exp.Select(expressions=list(values)).from_(exp.to_table(self._table), copy=False)
        for alias in self._asked.rule.scope.joined:
            query = self._asked.join(query, alias, alias)
        return query

    def alike(self, company: Alike) -> exp.Query:
        """Rows whose keys are borne by enough of them that lie near enough in time. Where few keys are borne by so many
        at all, it is left to the closer look when these rows were, and whether they may be told of."""
        by, usable = [self._value(part) for part in company.by], self._value(company.usable)

        def asked(rest: sql.Expr) -> "list[tuple[Numbers, ...]]":
            rows = self._select(*sql.select_named({"key": hashed(by), "rest": rest}).expressions)
            return self._session.numbers(rows.where(with_texts_unread(usable), copy=False))

        keys = asked(sql.unsigned(self._place))
        found = alike.places(keys, company.at_least)
        if len(found) > max(FEW, sum(len(part) for part, _ in keys) // _SELDOM):
            del keys
            told = self._value(sql.column("in_period"))
            at = None if company.at is None else self._value(company.at)
            within = None if company.at is None else company.within
            found = alike.in_company(asked(alike.rest_of(self._place, told, at)), company.at_least, within)
        self._session.keep_numbers(_ALIKE, _ROW, found)
        return exp.select(sql.column(_ROW), exp.alias_(exp.true(), _LOOK)).from_(_ALIKE)

    def soon(self, company: Beside, soon: Soon) -> exp.Query | None:
        """Rows that come soon after one elsewhere, and those before them; None where too many have any so near."""
        asked = sql.select_named(
            {
                "series": hashed([self._value(part) for part in company.by]),
                "rest": alike.rest_of(self._place, exp.false(), self._value(company.order)),
                "spot": hashed([untexted(self._value(soon.spot))]),
            }
        )
        inside = sql.both(self._alone.seen, self._value(sql.column("in_scope")), self._value(company.usable))
        rows = self._select(*asked.expressions).where(with_texts_unread(inside), copy=False)
        parts = self._session.numbers(rows)
        most = sum(len(series) for series, *_ in parts) // _NEAR
        found = crossings.soon_after_another(parts, soon.within, most)
        if found is None:
            return None
        listed: list[exp.Select] = []
        for name, places, look in zip((_SOON, _BEFORE), found, (exp.true(), exp.false()), strict=True):
            self._session.keep_numbers(name, _ROW, places)
            listed.append(exp.select(sql.column(_ROW), exp.alias_(look, _LOOK)).from_(name))
        return sql.stacked(listed)

    def beside(self, company: Beside) -> exp.Query:
        """First the few columns that are compared, in order; then the places of suspect rows and of those before
        them."""
        sure = company.blank == sql.negate(company.usable)
        there = company.usable if company.there is None else company.there
        values = {_SERIES: hashed(list(company.by) if sure else [*company.by, there])}
        if not sure:
            values[_THERE] = there
        apart = self._told_apart(company)
        compare = {name: hashed([value]) if name in apart else value for name, value in company.compare.items()}
        values |= {**compare, _ROW: sql.column(_ROW)}
        judged, perhaps = (sql.coalesce(sql.column("in_scope"), other) for other in (exp.false(), exp.true()))
        inside = sql.both(judged if company.there is None else perhaps, sql.negate(company.blank))
        look: dict[str, sql.Expr] = {} if company.there is None else {_LOOK: judged}
        values |= look
        broken = self._broken(company, inside)
        if broken is not None:
            values[hundreds.OWN] = sql.column(hundreds.OWN)

        def narrow(way: hundreds.Way | None) -> exp.Select:
            rows = self._in_steps(self._compared(company, way, apart))
            return sql.select_named(values).from_(rows, copy=False).where(inside)

        [order] = [sql.column(name) for name, value in company.compare.items() if value == company.order]
        wanted = {column.name for column in company.suspect.find_all(exp.Column)} - {*company.compare}
        around = {name: _around(name, order) for name in sorted({*wanted, f"previous_{_ROW}"})}
        beside = exp.select(exp.Star(), *(exp.alias_(value, name) for name, value in around.items()))
        rows = narrow(None).subquery("n", copy=False) if broken is None else self._of_broken(broken, narrow)
        beside = beside.from_(rows, copy=False)
        suspect = company.suspect if sure else sql.either(sql.negate(sql.column(_THERE)), company.suspect)
        if broken is not None:
            suspect = sql.both(sql.column(hundreds.OWN), suspect)
        found = exp.select(*(sql.column(name) for name in (_ROW, f"previous_{_ROW}", *look)))
        found = found.from_(beside.subquery("b", copy=False), copy=False).where(suspect, copy=False)
        self._session.keep(_PLACES, found)
        row, previous = sql.column(_ROW), sql.column(f"previous_{_ROW}")
        own = exp.select(row, sql.column(_LOOK) if look else exp.alias_(exp.true(), _LOOK)).from_(_PLACES)
        before = exp.select(exp.alias_(previous, _ROW), exp.alias_(exp.false(), _LOOK)).from_(_PLACES)
        return exp.Union(this=own, expression=before.where(sql.is_known(previous)), distinct=False)

    def _broken(self, company: Beside, inside: sql.Expr) -> hundreds.Broken | None:
        """The broken hundreds, where their rows alone need be put in order."""
        numbered = company.numbered
        if numbered is None:
            return None
        if self._session.size(self._table) < hundreds.FEWEST:
            return None
        named = {value.name: self._value(value) for value in (numbered.text, *numbered.series)}
        rows = self._select(*sql.select_named(named).expressions).where(
            sql.both(self._alone.seen, self._value(inside)), copy=False
        )
        return hundreds.broken(company, numbered, rows, self._session, self._in_steps)

    def _of_broken(self, broken: hundreds.Broken, narrow: Callable[[hundreds.Way], exp.Select]) -> exp.Table:
        """The rows of broken hundreds, held; each way as far as it must be gone."""
        for way in filter(None, (broken.quickly, broken.by_hundred)):
            self._session.keep(hundreds.BROKEN, way.listed)
            self._session.keep(_IN_BROKEN, narrow(way))
            counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(_IN_BROKEN)
            if self._session.rows(counted)[0]["n"] == broken.rows:
                break
        return exp.to_table(_IN_BROKEN)

    def _compared(self, company: Beside, broken: hundreds.Way | None, apart: set[str]) -> exp.Select:
        """What is compared of each row is made of these values of its own, of which those in `apart` are `_told_apart`;
        where there are `broken` hundreds, of the rows in them alone."""
        outputs = self._asked.query.outputs
        asked = [company.blank, company.usable, *company.by, *company.compare.values()]
        asked += [] if company.there is None else [company.there]
        asked += [value for step in self._steps() for value in step.values()]
        named = {column.name for value in asked for column in value.find_all(exp.Column)} | {"in_scope"}
        values = {name: untexted(value) if name in apart else value for name, value in outputs.items() if name in named}
        values[_ROW] = self._place
        if broken is not None:
            values[hundreds.OWN] = sql.column(hundreds.OWN, hundreds.BROKEN)
        rows = self._select(*sql.select_named(values).expressions).where(self._alone.seen, copy=False)
        if broken is None:
            return rows
        same = sql.equal(self._value(broken.told), sql.column(hundreds.HUNDRED, hundreds.BROKEN))
        return rows.join(exp.to_table(hundreds.BROKEN), on=same, join_type="inner", copy=False)

    def _told_apart(self, company: Beside) -> set[str]:
        """Of the values of the row's own that are compared those that need only be told apart: of which nothing is
        asked but whether two are alike, and whether there is one. A number stands for each, whatever it is; a row
        without one must not be among those compared."""
        if company.blank != sql.negate(company.usable):
            return set()
        steps = [value for step in self._steps() for value in step.values()]
        found: set[str] = set()
        for name, value in company.compare.items():
            beside = {name, *(f"{which}_{name}" for which in _AROUND)}
            alike = all(
                _of_two(column, company.suspect, beside)
                for column in company.suspect.find_all(exp.Column)
                if column.name in beside
            )
            known = all(
                isinstance(sql.above(column, tree), exp.Is)
                for tree in (company.blank, company.usable, *steps)
                for column in tree.find_all(exp.Column)
                if column.name == name
            )
            own = value != company.order and value.name == name and name in self._asked.query.outputs
            if own and alike and known and name not in {part.name for part in company.by}:
                found.add(name)
        return found

    def _steps(self) -> list[dict[str, sql.Expr]]:
        """What the kind works out of a row alone, step by step."""
        return [
            {name: value for name, value in stage.columns.items() if name in self._known}
            for stage in self._judgement.stages
        ]

    def _in_steps(self, rows: exp.Select) -> exp.Subquery:
        """The rows with what is compared, worked out step by step as the kind does, so that nothing is worked out
        twice; the engine leaves out what nobody asks for."""
        for step in self._steps():
            if step:
                rows = sql.select_named(step, exp.Star()).from_(rows.subquery("s", copy=False), copy=False)
        return rows.subquery("s", copy=False)

    def listed(self, company: Listed) -> exp.Query:
        """The query is asked once; the rows that it names are told by what it names them by."""
        keys = company.named
        returned = exp.select(*(sql.column(key) for key in keys)).from_(company.query.subquery("returned")).distinct()
        self._session.keep(_NAMED, returned)
        own = [sql.column(key, self._table) for key in keys]
        listed = exp.select(*(sql.column(key) for key in keys)).from_(_NAMED).subquery()
        among = exp.In(this=own[0] if len(own) == 1 else exp.Tuple(expressions=own), query=listed)
        inside = sql.coalesce(self._value(sql.column("in_scope")), exp.false())
        rows = self._select(*sql.select_named({_ROW: self._place, _LOOK: exp.true()}).expressions)
        return rows.where(sql.both(among, self._value(company.usable), inside), copy=False)


def _of_two(column: exp.Column, tree: sql.Expr, names: set[str]) -> bool:
    """Whether all that a tree asks of the column is whether it is the same as another of these."""
    asked = sql.above(column, tree)
    return isinstance(asked, exp.EQ) and all(
        isinstance(side, exp.Column) and side.name in names for side in (asked.this, asked.expression)
    )


def _around(name: str, order: sql.Expr) -> sql.Expr:
    """The value of the row beside; `second_` is that of the one before the previous."""
    which, _, column = name.partition("_")
    if which not in _AROUND:
        raise ValueError(f"{name} is no value of a row beside")
    value = sql.column(column)
    function = exp.Lead(this=value) if which == "next" else exp.Lag(this=value)
    if which == "second":
        function.set("offset", sql.number(2))
    return sql.in_order(function, [sql.column(_SERIES)], [order])
