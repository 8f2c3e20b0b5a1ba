"""The rows of a table in groups by unit, month and what the conditions of many rules come to.

Every verdict is made of a group, not of a row. In the same reading the rows are grouped once more by what a rule
measures, and the places of the rows to be told of are listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.picture import Picture
from auditor.engines import picture, registers
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.places import PLACE, Places, asked_by, place_of
from auditor.engines.rowwise import Rowwise, untexted
from auditor.engines.slices import VERDICTS, Slices, counting, grouped_by, month_of, place
from auditor.kinds import sql

MEASURED = 2
"""Rules that may be measured in the reading that lists places, as it lists them once more for each of these."""

GROUPS, VALUES = "counted_groups", "counted_values"
_LUMP, _PLACES = "lump", "places"


@dataclass(frozen=True, kw_only=True)
class _Told:
    """The columns of the groups, by name or what is fixed, that tell what a rule says of a row. `wrong` is not known
    out of scope; `asked` says whether more is asked of it, which is so only of rows `listed`, and `units` what was
    measured."""

    counted: sql.Expr
    in_scope: sql.Expr
    wrong: sql.Expr
    listed: sql.Expr | None
    asked: sql.Expr | None
    units: sql.Expr | None

    def gives(self, verdict: str) -> sql.Expr:
        match verdict:
            case "ok":
                met = sql.negate(self.wrong)
            case "violation":
                met = self.wrong
            case "skipped":
                met = sql.negate(self.in_scope)
            case _:
                met = sql.both(sql.is_null(self.wrong), sql.coalesce(self.in_scope, exp.true()))
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

        there = value.transform(rename) if names else value.copy()
        for asked in list(there.find_all(exp.Is)):
            if isinstance(asked.expression, exp.Null):
                asked.set("this", untexted(asked.this))
        return there

    def _columns(self, number: int) -> _Told:
        part, named = self._part(number), self._conditions
        scope, wrong = self._there(number, part.in_scope), self._there(number, part.violation)
        if not isinstance(scope, exp.Boolean):
            wrong = sql.case((scope, wrong))
        counted = named.as_column(self._there(number, part.counted), "counted")
        in_scope, wrong = named.as_column(scope, "scope"), named.as_column(wrong, "wrong")
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
        measuring = [number for number, told in enumerate(self._told) if told.units is not None]
        listed = [told.listed for told in self._told if told.listed is not None]
        within = measuring[:MEASURED] if listed else measuring
        session.keep(GROUPS, self._groups(within, listed, placed=True))
        drawn = self._drawn(within, GROUPS, session)
        if apart := measuring[len(within) :]:
            session.keep(VALUES, self._groups(apart, [], placed=False))
            drawn |= self._drawn(apart, VALUES, session)
        return self._slices(session), drawn

    def _groups(self, measuring: Sequence[int], listed: Sequence[sql.Expr], *, placed: bool) -> exp.Select:
        """By unit, month and all conditions where `placed`, and by what each of the measuring rules measures."""
        units = {str(told.units): told for number in measuring if (told := self._told[number]).units is not None}
        sets: list[list[sql.Expr]] = [
            [key for key in (told.counted, told.wrong, told.units) if isinstance(key, exp.Column)]
            for told in units.values()
        ]
        if placed:
            where = [sql.column(name) for name in ("unit_id", "month")]
            sets.insert(0, [*where, *(sql.column(name) for name in self._conditions.values())])
        keys = {key.name: key for keys in sets for key in keys}
        found = [*keys.values(), *(counting("unit_id") if placed else counting(None))]
        if listed:
            few = exp.Where(this=sql.either(*listed))
            places = exp.Filter(this=exp.ArrayAgg(this=sql.column(PLACE)), expression=few)
            found.append(exp.alias_(places, _PLACES))
        return grouped_by(exp.select(*found).from_(self._values().subquery("v", copy=False), copy=False), sets)

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
            exp.alias_(exp.Sum(this=sql.case((told.gives(verdict), sql.column("n")))), f"{verdict}_{number}")
            for number, told in enumerate(self._told)
            for verdict in VERDICTS
        ]
        asked = exp.Select(expressions=[*keys, *sums]).from_(GROUPS).where(sql.negate(sql.column(_LUMP)))
        found: dict[str, Slices] = {one.rule.rule_id: {} for one in self._batch}
        for row in session.rows(asked.group_by(*keys, copy=False)):
            for number, one in enumerate(self._batch):
                counts = {verdict: int(row[f"{verdict}_{number}"] or 0) for verdict in VERDICTS}
                if any(counts.values()):
                    found[one.rule.rule_id][place(row)] = counts
        return found

    def _drawn(self, measuring: Sequence[int], groups: str, session: Session) -> dict[str, Picture]:
        found: dict[str, Picture] = {}
        for number in measuring:
            one, told = self._batch[number], self._told[number]
            if told.units is None or one.query.judgement is None:
                raise TypeError("a measuring rule has a judgement and a value")
            values = sql.select_named({"units": told.units, "late": told.wrong}, sql.column("n")).from_(groups)
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
        listed = sql.select_named({PLACE: exp.Explode(this=sql.column(_PLACES)), **marks}).from_(GROUPS)
        any_ = sql.either(*marks.values())
        answer = session.answer(listed.where(sql.both(sql.negate(sql.column(_LUMP)), any_)))
        return Places(answer=answer, asked={named: self._batch[number] for number, named in told.items()})


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
