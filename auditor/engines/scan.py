"""One reading of a table for many rules: what each of them counts, and the rows that any of them asks more about.

The verdicts of a row are packed into one number, three bits a rule, so that rows are grouped once for all rules by
unit, month and number; the rows to be told of are then read once for all rules, with the columns that these need, into
a relation in which every rule has its mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.engines import conditions, registers
from auditor.engines.base import Session
from auditor.engines.query import Part, Query
from auditor.engines.slices import VERDICTS, Slices, month_of, place
from auditor.kinds import sql
from auditor.kinds.scope import Setting
from auditor.rulebook import Rule

MOST = 20
"""Rules in one reading: three bits each in a number of 64."""

_OK, _VIOLATION, _UNKNOWN, _SKIPPED = 1, 2, 3, 4
_CODES = dict(zip(VERDICTS, (_OK, _VIOLATION, _UNKNOWN, _SKIPPED), strict=True))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A rule compiled, with what the data provide. `clashing` are its registers, by alias, that have rows in force at
    the same time; the others can be joined as they are."""

    rule: Rule
    query: Query
    setting: Setting
    clashing: frozenset[str] = frozenset()

    def join(self, query: exp.Select, alias: str, named: str) -> exp.Select:
        """The query with a register joined under a name."""
        with_ = replace(self.rule.scope.joined[alias], alias=named)
        condition = registers.condition(with_, self.setting)
        if alias not in self.clashing:
            return query.join(sql.relation(with_.table.name, named), on=condition, join_type="left", copy=False)
        clash = f"{named}_clashes"
        query = query.join(registers.clear(with_, clash), on=condition, join_type="left", copy=False)
        return query.with_(clash, as_=registers.clashes(with_, self.setting), copy=False)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one reading came to, by rule: the counts, and where its rows to be told of are."""

    slices: Mapping[str, Slices]
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part])


def batches(asked: Sequence[Asked]) -> list[list[Asked]]:
    """The rules that can be read together: over one table, placed alike in unit and month. The others are left out."""
    groups: dict[tuple[str, ...], list[Asked]] = {}
    for one in asked:
        alone = one.query.rowwise
        if alone is None:
            continue
        like = [
            one.rule.scope.table.name,
            *_of_registers(one),
            *(sql.render(part, pretty=False) for part in (alone.unit, alone.at)),
        ]
        if one.query.counts is not None:
            like.append(sql.render(alone.counted, pretty=False))
        groups.setdefault(tuple(like), []).append(one)
    return [group[start : start + MOST] for group in groups.values() for start in range(0, len(group), MOST)]


def _of_registers(one: Asked) -> list[str]:
    """The rule itself where a register places its rows in time; such a rule is read alone."""
    placed = one.query.outputs["at"].find_all(exp.Column)
    return [one.rule.rule_id] if any(column.table in one.rule.scope.joined for column in placed) else []


def scan(batch: Sequence[Asked], session: Session, name: str) -> Scan:
    """Reads the table once for the counts of the batch, and once more where rows are to be told of; these are then
    held under `name`, prefixed."""
    reading = _Reading(batch)
    slices = reading.counted(session)
    told = [
        (number, one)
        for number, one in enumerate(batch)
        if one.query.rowwise is not None
        and one.query.rowwise.reported is not None
        and one.query.counts is None
        and any(counts["violation"] for counts in slices[one.rule.rule_id].values())
    ]
    if not told:
        return Scan(slices=slices)
    reading.hold(session, name, told)
    parts = {one.rule.rule_id: Part(rows=picked(name, one, _mark(number))) for number, one in told}
    return Scan(slices=slices, parts=parts)


def picked(name: str, one: Asked, mark: str) -> exp.Subquery:
    """Of the rows held under a name those of one rule, under the name of its table."""
    rows = exp.select(exp.Star()).from_(name).where(sql.column(mark))
    return rows.subquery(one.rule.scope.table.name)


def columns_of(one: Asked) -> set[str]:
    """The columns of its own table that a rule reads for all that it will say of a row."""
    table, with_ = one.rule.scope.table.name, one.rule.scope.joined.values()
    trees = [*one.query.outputs.values(), *(registers.condition(register, one.setting) for register in with_)]
    if one.query.judgement is not None:
        judgement = one.query.judgement
        trees += [*judgement.registers.values(), judgement.violation, *judgement.facts.values()]
        trees += [value for stage in judgement.stages for value in stage.columns.values()]
        trees += [joined.on for stage in judgement.stages for joined in stage.joins]
    trees += conditions.trees(one.rule, one.setting)
    named = {column.name for tree in trees for column in tree.find_all(exp.Column) if column.table == table}
    return {*named, SOURCE_FILE, SOURCE_ROW}


def _mark(number: int) -> str:
    return f"asked_{number}"


class _Reading:
    """The table with the registers of all rules joined, each under a name of its own."""

    def __init__(self, batch: Sequence[Asked]) -> None:
        self._batch = batch
        self._table = batch[0].rule.scope.table.name
        self._joined: dict[str, tuple[str, str, Asked]] = {}
        self._names: list[dict[str, str]] = [self._renamed(one) for one in batch]

    def _renamed(self, one: Asked) -> dict[str, str]:
        """The name of each of the rule's registers in the reading; rules that join one alike share it."""
        found: dict[str, str] = {}
        for alias, with_ in one.rule.scope.joined.items():
            plain = replace(with_, alias="r")
            like = f"{with_.table.name} {sql.render(registers.condition(plain, one.setting), pretty=False)}"
            name, _, _ = self._joined.setdefault(like, (f"register_{len(self._joined) + 1}", alias, one))
            found[alias] = name
        return found

    def _there(self, number: int, value: sql.Expr) -> sql.Expr:
        names = self._names[number]

        def rename(node: sql.Expr) -> sql.Expr:
            if isinstance(node, exp.Column) and node.table in names:
                return sql.column(node.name, names[node.table])
            return node

        return value.transform(rename) if names else value

    def _from(self, query: exp.Select, numbers: Sequence[int]) -> exp.Select:
        needed = {name for number in numbers for name in self._names[number].values()}
        query = query.from_(exp.to_table(self._table), copy=False)
        for name, alias, one in self._joined.values():
            if name in needed:
                query = one.join(query, alias, name)
        return query

    def counted(self, session: Session) -> dict[str, Slices]:
        alone = [one.query.rowwise for one in self._batch if one.query.rowwise is not None]
        named = _Named()
        codes: list[sql.Expr] = []
        limits: list[sql.Expr] = []
        for number, part in enumerate(alone):
            counted, in_scope, wrong = (
                self._there(number, value) for value in (part.counted, part.in_scope, part.violation)
            )
            limits.append(counted)
            verdict = _code(number, named.as_column(in_scope, "scope"), named.as_column(wrong, "wrong"))
            inside = named.as_column(counted, "counted")
            codes.append(sql.case((inside, exp.cast(verdict, "bigint")), otherwise=exp.cast(sql.number(0), "bigint")))
        month = month_of(self._there(0, alone[0].at))
        values = sql.select_named({"unit_id": alone[0].unit, "month": month, **dict(named.values())})
        values = self._from(values, range(len(alone)))
        if len({sql.render(limit, pretty=False) for limit in limits}) == 1:
            values = values.where(limits[0], copy=False)
        code = codes[0]
        for more in codes[1:]:
            code = sql.plus(code, more)
        rows = exp.select(sql.column("unit_id"), sql.column("month"), exp.alias_(code, "code"))
        rows = rows.from_(values.subquery("v", copy=False), copy=False)
        keys = [sql.column(name) for name in ("unit_id", "month", "code")]
        grouped = (
            exp.select(*keys, exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(rows.subquery("r", copy=False), copy=False)
            .group_by(*keys, copy=False)
        )
        sums = [
            exp.alias_(_sum_where(number, value), f"{verdict}_{number}", copy=False)
            for number in range(len(alone))
            for verdict, value in _CODES.items()
        ]
        asked = exp.Select(expressions=[*keys[:2], *sums]).from_(grouped.subquery("g", copy=False), copy=False)
        found: dict[str, Slices] = {one.rule.rule_id: {} for one in self._batch}
        for row in session.rows(asked.group_by(*keys[:2], copy=False)):
            for number, one in enumerate(self._batch):
                counts = {verdict: int(row[f"{verdict}_{number}"] or 0) for verdict in VERDICTS}
                if any(counts.values()):
                    found[one.rule.rule_id][place(row)] = counts
        return found

    def hold(self, session: Session, name: str, told: Sequence[tuple[int, Asked]]) -> None:
        columns = sorted(set[str]().union(*(columns_of(one) for _, one in told)))
        marks = {
            _mark(number): self._there(number, one.query.rowwise.reported)
            for number, one in told
            if one.query.rowwise is not None and one.query.rowwise.reported is not None
        }
        named = {alias: sql.coalesce(mark, exp.false()) for alias, mark in marks.items()}
        rows = sql.select_named(named, *(sql.column(column, self._table) for column in columns))
        rows = self._from(rows, [number for number, _ in told]).where(
            sql.either(*(mark.copy() for mark in marks.values())), copy=False
        )
        session.keep(name, rows)


class _Named:
    """Conditions as columns of the reading, each once however many rules ask for it; an engine that meets the same
    condition in two branches works it out twice."""

    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, sql.Expr]] = {}

    def as_column(self, value: sql.Expr, what: str) -> sql.Expr:
        if isinstance(value, exp.Boolean):
            return value
        text = sql.render(value, pretty=False)
        return sql.column(self._columns.setdefault(text, (f"{what}_{len(self._columns) + 1}", value))[0])

    def values(self) -> list[tuple[str, sql.Expr]]:
        return list(self._columns.values())


def _code(number: int, in_scope: sql.Expr, violation: sql.Expr) -> sql.Expr:
    def coded(value: int) -> sql.Expr:
        return sql.number(value << 3 * number)

    verdict = sql.case((violation, coded(_VIOLATION)), (sql.negate(violation), coded(_OK)), otherwise=coded(_UNKNOWN))
    if isinstance(in_scope, exp.Boolean):
        return verdict
    return sql.case((in_scope, verdict), (sql.is_null(in_scope), coded(_UNKNOWN)), otherwise=coded(_SKIPPED))


def _sum_where(number: int, value: int) -> sql.Expr:
    """How many rows have the verdict in the rule's three bits."""
    shifted = exp.BitwiseRightShift(this=sql.column("code"), expression=sql.number(3 * number))
    bits = exp.BitwiseAnd(this=exp.Paren(this=shifted), expression=sql.number(7))
    return exp.Sum(this=sql.case((sql.equal(bits, sql.number(value)), sql.column("n"))))
