"""The rows of a table in groups by unit, month and what the conditions of many rules come to.

Every verdict is made of a group, not of a row. In the same reading the rows are grouped once more by what a rule
measures, and the places of the rows to be told of are listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from sqlglot import exp

from auditor.core.picture import Picture
from auditor.engines import picture, registers
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.places import PLACE, Places, asked_by, place_of
from auditor.engines.rowwise import Rowwise, compares_little, with_texts_unread
from auditor.engines.slices import VERDICTS, Slices, from_one_reading, grouped, listing, month_of, place
from auditor.kinds import sql

GROUPS = "counted_groups"
_LUMP, _PLACES = "lump", "places"


@dataclass(frozen=True, kw_only=True)
class _Told:
    """The columns of the groups, by name or what is fixed, that tell what a rule says of a row. `wrong` does not hold
    out of scope, and of a measuring rule is not known there; `asked` says whether more is asked of it, which is so only
    of rows `listed`, and `units` what was measured."""

    counted: sql.Expr
    in_scope: sql.Expr
    wrong: sql.Expr
    listed: sql.Expr | None
    asked: sql.Expr | None
    units: sql.Expr | None

    @property
    def measuring(self) -> list[sql.Expr]:
        """By what a measuring rule's rows are grouped to be drawn."""
        keys = [key for key in (self.counted, self.wrong, self.units) if key is not None]
        return list({column.name: column for key in keys for column in key.find_all(exp.Column)}.values())

    def gives(self, verdict: str) -> sql.Expr:
        match verdict:
            case "ok":
                met = sql.both(self.in_scope, sql.negate(self.wrong))
            case "violation":
                met = self.wrong
            case "skipped":
                met = sql.negate(self.in_scope)
            case _:
                met = sql.either(sql.is_null(self.in_scope), sql.both(self.in_scope, sql.is_null(self.wrong)))
        return sql.both(self.counted, met)


class Shared:
    """A batch of rules over one table, with the registers of all joined, each under a name of its own."""

    def __init__(self, batch: Sequence[Asked]) -> None:
        self._batch = batch
        self._table = batch[0].rule.scope.table.name
        self._joined: dict[str, tuple[str, str, Asked]] = {}
        self._names = [self._renamed(one) for one in batch]
        self._conditions, self._measures = _Named(), _Named()
        self._told = [self._columns(number) for number in range(len(batch))]

    def _renamed(self, one: Asked) -> dict[str, str]:
        """The name of each of the rule's registers in the reading; rules that join one alike share it."""
        found: dict[str, str] = {}
        for alias, with_ in one.rule.scope.joined.items():
            plain = replace(with_, alias="r")
            like = f"{with_.table.name} {sql.render(registers.condition(plain, one.setting), pretty=False)}"
            name, _, _ = self._joined.setdefault(like, (f"register_{len(self._joined) + 1}", alias, one))
            found[alias] = name
        return found

    def _part(self, number: int) -> Rowwise:
        part = self._batch[number].query.rowwise
        if part is None:
            raise TypeError("a rule that is read with others has a verdict over the row alone")
        return part

    def _there(self, number: int, value: sql.Expr) -> sql.Expr:
        names = self._names[number]

        def rename(node: sql.Expr) -> sql.Expr:
            if isinstance(node, exp.Column) and node.table in names:
                return sql.column(node.name, names[node.table])
            return node

        return with_texts_unread(value.transform(rename) if names else value)

    def _columns(self, number: int) -> _Told:
        part, named = self._part(number), self._conditions
        scope, wrong = self._there(number, part.in_scope), self._there(number, part.violation)
        counted = named.as_column(self._there(number, part.counted), "counted")
        in_scope, usable = named.as_column(scope, "scope"), _in_order_if(wrong)
        if usable is not None:
            wrong = sql.case((named.as_column(usable, "usable"), exp.false()))
        if not isinstance(scope, exp.Boolean):
            inside = scope if usable is None else in_scope
            anywhere = usable is None and part.measured is None and compares_little(wrong)
            wrong = sql.both(inside, wrong) if anywhere else sql.case((inside, wrong))
        if usable is None:
            wrong = named.as_column(wrong, "wrong")
        listed, asked, units = None, None, None
        if part.reported is not None and self._batch[number].query.counts is None:
            listed = wrong if part.flagged else named.as_column(self._there(number, part.reported), "asked")
            asked = sql.both(counted, wrong) if part.flagged else listed
        if part.measured is not None:
            measured = picture.near(self._there(number, part.measured))
            units = self._measures.as_column(measured, "units", counted, wrong)
        return _Told(counted=counted, in_scope=in_scope, wrong=wrong, listed=listed, asked=asked, units=units)

    def asks(self, number: int) -> bool:
        """Whether more than the verdict is asked of a rule's rows."""
        return self._told[number].asked is not None

    def counted(self, session: Session) -> tuple[dict[str, Slices], dict[str, Picture]]:
        """The groups stay in the session, with the places of the rows to be told of."""
        session.keep(GROUPS, self._groups())
        return self._slices(session), self._drawn(session)

    def _groups(self) -> exp.Query:
        """By unit, month and all conditions; as a `lump` by what is measured, for all that are measured alike; and the
        places of the rows to be told of, by what tells which rules ask about them."""
        placed = [sql.column(name) for name in ("unit_id", "month")]
        asked = [grouped([*placed, *(sql.column(name) for name in self._conditions.values())], lump=False)]
        measured = {str(told.units): told for told in self._told if told.units is not None}
        asked += [grouped(told.measuring, lump=True) for told in measured.values()]
        if few := [told.listed for told in self._told if told.listed is not None]:
            asking = [told.asked for told in self._told if told.asked is not None]
            marks = {column.name: column for one in asking for column in one.find_all(exp.Column)}
            asked.append(listing(sql.column(PLACE), _PLACES, sql.either(*few), [*marks.values()] or placed))
        return from_one_reading(self._values(), asked)

    def _values(self) -> exp.Select:
        """The rows that any rule counts, with all of which groups are made; what is not asked for is not worked out."""
        first = self._part(0)
        values = {"unit_id": first.unit, "month": month_of(first.at), PLACE: place_of(self._batch[0].rule.scope.table)}
        rows = sql.select_named({**values, **self._conditions.values(), **self._measures.values()})
        rows = rows.from_(exp.to_table(self._table), copy=False)
        for name, alias, one in self._joined.values():
            rows = one.join(rows, alias, name)
        limits = [self._there(number, self._part(number).counted) for number in range(len(self._batch))]
        each = {sql.render(limit, pretty=False): limit for limit in limits}
        return rows.where(sql.either(*each.values()), copy=False)

    def _slices(self, session: Session) -> dict[str, Slices]:
        keys = [sql.column("unit_id"), sql.column("month")]
        sums = [
            exp.alias_(_total(sql.case((told.gives(verdict), sql.column("n")))), f"{verdict}_{number}")
            for number, told in enumerate(self._told)
            for verdict in VERDICTS
        ]
        asked = exp.Select(expressions=[*keys, *sums]).from_(GROUPS).where(sql.negate(sql.column(_LUMP)))
        found: dict[str, Slices] = {one.rule.rule_id: {} for one in self._batch}
        named = [
            (found[one.rule.rule_id], itemgetter(*(f"{verdict}_{number}" for verdict in VERDICTS)))
            for number, one in enumerate(self._batch)
        ]
        for row in session.rows(asked.group_by(*keys, copy=False)):
            where = place(row)
            for slices, of_rule in named:
                counts = of_rule(row)
                if any(counts):
                    slices[where] = dict(zip(VERDICTS, counts, strict=True))
        return found

    def _drawn(self, session: Session) -> dict[str, Picture]:
        found: dict[str, Picture] = {}
        for one, told in zip(self._batch, self._told, strict=True):
            if told.units is None:
                continue
            if one.query.judgement is None:
                raise TypeError("a measuring rule has a judgement")
            values = sql.select_named({"units": told.units, "late": told.wrong}, sql.column("n")).from_(GROUPS)
            known = (sql.column(_LUMP), told.counted, sql.is_known(told.wrong), sql.is_known(told.units))
            drawn = picture.of_counts(one.query.judgement, session.rows(values.where(sql.both(*known))))
            if drawn is not None:
                found[one.rule.rule_id] = drawn
        return found

    def places(self, session: Session, told: Mapping[int, int]) -> Places:
        """The places of the rows to be told of, taken from where they stay in the session. `told` are the rules that
        have any: the place in the batch, and the number that the rule goes by elsewhere."""
        marks = {
            asked_by(named): sql.coalesce(self._told[number].asked or exp.false(), exp.false())
            for number, named in told.items()
        }
        places = sql.select_named({PLACE: exp.Explode(this=sql.column(_PLACES)), **marks}).from_(GROUPS)
        any_ = sql.either(*marks.values())
        answer = session.answer(places.where(any_))
        return Places(answer=answer, asked={named: self._batch[number] for number, named in told.items()})


def _total(count: sql.Expr) -> sql.Expr:
    """The sum of counts, 0 of none; as a number that Python need not make of a longer one."""
    return sql.coalesce(sql.cast_to(exp.Sum(this=count), "bigint"), sql.number(0))


def _in_order_if(wrong: sql.Expr) -> sql.Expr | None:
    """The condition, where a row is in order if it holds and nobody knows if not; so it is said of groups, too."""
    plain = wrong.unnest()
    if not isinstance(plain, exp.Case) or plain.this or plain.args.get("default") or len(plain.args["ifs"]) != 1:
        return None
    [branch] = plain.args["ifs"]
    return branch.this if branch.args["true"] == exp.false() else None


class _Named:
    """Expressions as columns of the reading, each once however many rules ask for it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, sql.Expr]] = {}

    def as_column(self, value: sql.Expr, what: str, *beside: sql.Expr) -> sql.Expr:
        """The column, one for all that are alike and stand beside the same; what is fixed is no column."""
        if isinstance(value, exp.Boolean):
            return value
        like = " ".join(sql.render(part, pretty=False) for part in (value, *beside))
        return sql.column(self._known.setdefault(like, (f"{what}_{len(self._known) + 1}", value))[0])

    def values(self) -> dict[str, sql.Expr]:
        return dict(self._known.values())
