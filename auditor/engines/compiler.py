"""A rule becomes queries: who is in scope, the verdict on every row, and all that a finding will need.

The verdict is made here once for all kinds, three-valued: outside `where` a row is skipped; where `where` or the
violation is NULL it is unknown; else ok or violation. Rows outside the audited period are not in the query at all.
"""

from collections.abc import Collection, Mapping

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table
from auditor.core.words import placeholders
from auditor.engines import registers
from auditor.engines.days import by_day, is_special, special_days
from auditor.engines.months import by_month
from auditor.engines.needs import computed, needs
from auditor.engines.query import FactColumn, Part, Query, RegisterRows
from auditor.engines.rowwise import Rowwise, inlined, rowwise
from auditor.kinds import sql
from auditor.kinds.base import IS_LATER, GroupKind, Judgement, RowKind
from auditor.kinds.population import Population
from auditor.kinds.scope import Scope, Setting
from auditor.rulebook import Rule

ROWS = "judged_rows"
FACT = "fact_"


def compile_rule(
    rule: Rule, setting: Setting, part: Part | None = None, *, clashing: Collection[str] | None = None
) -> Query:
    """The rule over the whole table, or over a part of it that was picked beforehand. `clashing` are the registers, by
    alias, known to have rows in force at the same time; while that is not known, each of them may."""
    rule = rule.on(setting.clock.as_of)
    match rule.kind:
        case RowKind() as kind:
            return _Compiler(rule, setting, part, clashing).rows(kind.judge(setting))
        case GroupKind() as kind:
            return _Compiler(rule, setting, part, clashing).groups(kind.population(setting))
        case _:
            raise TypeError(f"kind {rule.kind.name} is neither a row nor a group kind")


def row_key(table: Table, alias: str) -> sql.Expr:
    """The name of a row: its key columns joined by `/`, or its file and row where the table has no key."""
    names = table.key or (SOURCE_FILE, SOURCE_ROW)
    parts = [sql.cast_to(sql.column(name, alias), "text") for name in names]
    return parts[0] if len(parts) == 1 else exp.ConcatWs(expressions=[sql.text("/"), *parts])


class _Compiler:
    def __init__(self, rule: Rule, setting: Setting, part: Part | None, clashing: Collection[str] | None) -> None:
        self.rule, self.setting, self.part = rule, setting, part
        self.clashing = frozenset(rule.scope.joined if clashing is None else clashing)
        self.scope: Scope = setting.scope
        self.table = self.scope.table
        self.outputs: dict[str, sql.Expr] = {}

    def rows(self, judgement: Judgement) -> Query:
        rule, clock = self.rule, self.setting.clock
        at = sql.moment(rule.at) if rule.at is not None else self.setting.row_moment()
        self._common(at)
        if judgement.within is not None:
            self.outputs["in_scope"] = sql.both(self.outputs["in_scope"], judgement.within)
        self.outputs.update(judgement.columns)
        staged = bool(judgement.stages)
        verdict = {"violation": judgement.violation}
        if judgement.level is not None:
            verdict["level"] = sql.coalesce(judgement.level, sql.text(rule.level))
        if judgement.value is not None:
            verdict["value"] = sql.cast_to(judgement.value, "double")
        if judgement.anchor is not None:
            verdict["anchor"] = judgement.anchor
        verdict["moment"] = judgement.moment if judgement.moment is not None else self._moment(at, staged=staged)
        facts = self._facts(judgement.facts, judgement.fact_columns)
        kind_facts = {f"{FACT}{name}": value for name, value in judgement.facts.items()}
        if not staged:
            self.outputs.update(verdict | kind_facts)
        start = clock.period_start
        early = exp.true() if at is None else self.setting.not_after(at)
        if judgement.looks_ahead:
            self.outputs[IS_LATER] = sql.negate(early)
        if judgement.span is not None:
            begun, ended = judgement.span
            limit = [self.setting.not_after(begun)]
            alive = exp.true() if start is None else self.setting.not_before(start, ended)
            if start is not None and not judgement.looks_back:
                limit.append(alive)
            in_period: sql.Expr = alive if judgement.looks_back else exp.true()
        else:
            # What was found is of the period already, however long before it began.
            if at is None or self.table.derived:
                limit, inside = [], exp.true()
            else:
                inside = exp.true() if start is None else self.setting.not_before(start, at)
                inside, limit = (sql.both(early, inside), []) if judgement.looks_ahead else (inside, [early])
            if not staged:
                limit.append(inside)
            in_period = inside if staged else exp.true()
        if self.part is not None and self.part.looked is not None:
            in_period = sql.both(in_period, self.part.looked)
        self.outputs["in_period"] = in_period
        alone: Rowwise | None = None
        # What the program made is little: a kind that compares its rows looks at all of them.
        if judgement.company is None or not self.table.derived:
            alone = rowwise(self.outputs, judgement, seen=limit, in_period=in_period, joined=self.scope.joined)
        query = self._select(limit)
        last = ROWS
        ctes: list[tuple[str, sql.Expr]] = [(ROWS, query)]
        for number, stage in enumerate(judgement.stages, 1):
            every = exp.Column(this=exp.Star(), table=exp.to_identifier(last))
            step = sql.select_named(stage.columns, every).from_(last, copy=False)
            for joined in stage.joins:
                step = step.join(joined.source(), on=joined.on, join_type="left", copy=False)
            ctes.append((f"stage_{number}", step))
            last = f"stage_{number}"
        if staged:
            named = verdict | kind_facts
            ctes.append(("weighed", sql.select_named(named, exp.Star()).from_(last, copy=False)))
            last = "weighed"
        in_scope, violation = sql.column("in_scope"), sql.column("violation")
        word = sql.case(
            (sql.negate(in_scope), sql.text("skipped")),
            (sql.is_null(in_scope), sql.text("unknown")),
            (sql.is_null(violation), sql.text("unknown")),
            (violation, sql.text("violation")),
            otherwise=sql.text("ok"),
        )
        reported = judgement.reported or sql.both(
            sql.coalesce(in_scope, exp.false()), sql.coalesce(violation, exp.false())
        )
        judged = sql.select_named({"verdict": word, "reported": reported}, exp.Star()).from_(last, copy=False)
        for name, cte in ctes:
            judged = judged.with_(name, as_=cte, copy=False)
        judged, clashes = self._clear(judged)
        needed = [*judgement.columns.values(), judgement.violation, *computed(judgement.stages)]
        return Query(
            judged=judged,
            counts=None,
            strata=0,
            facts=facts,
            registers=self._registers(),
            needs=needs(rule, needed, judgement),
            clashes=clashes,
            judgement=judgement,
            rowwise=alone,
            outputs=self.outputs,
        )

    def groups(self, population: Population) -> Query:
        rule, clock = self.rule, self.setting.clock
        at = sql.moment(rule.at) if rule.at is not None else self.setting.row_moment()
        self._common(at)
        self.outputs["subject"] = sql.cast_to(population.by, "text")
        self.outputs["outcome"] = population.of
        self.outputs["moment"] = self._moment(at, staged=False)
        for number, part in enumerate(population.strata, 1):
            self.outputs[f"stratum_{number}"] = sql.cast_to(part, "text")
        within = [] if population.within is None else [population.within]
        self.outputs["in_scope"] = sql.both(self.outputs["in_scope"], *within)
        limit: list[sql.Expr] = []
        if at is None and population.months is not None:
            at = self.setting.needed_moment()
        months = None if population.months is None else by_month(at, clock, population.months)
        if months is not None:
            self.outputs |= {"month": months.month, "audited": months.audited}
            if population.days is not None and at is not None:
                unit = population.days.unit if population.days.unit is not None else exp.null()
                self.outputs |= {"day": sql.day(at), "day_unit": sql.cast_to(unit, "text")}
            limit.append(months.looked_at)
        elif at is not None and not self.table.derived:
            limit.append(self.setting.not_after(at))
            start = clock.period_start
            if population.window is not None:
                start = sql.moment(sql.minus(clock.period_end, sql.interval(population.window)))
            if start is not None:
                limit.append(self.setting.not_before(start, at))
        strata = [sql.column(f"stratum_{number}") for number in range(1, len(population.strata) + 1)]
        dated = [] if months is None else [sql.column("month"), sql.column("audited")]
        compared = [sql.column("outcome"), sql.column("subject"), *strata, *dated]
        known = sql.both(*(sql.is_known(part) for part in compared))
        counted = sql.both(sql.coalesce(sql.column("in_scope"), exp.false()), known)
        facts = self._facts({}, {})
        told = sql.both(counted, *([sql.column("audited")] if dated else []))
        needed = [*within, population.of, population.by, *population.strata]
        days, back = population.days, population.months
        if days is not None and back is not None:
            rows = exp.select(exp.Star()).from_(ROWS).where(counted)
            told = sql.both(told, is_special(days, rows, clock, back, ROWS))
            needed += [special_days(days, rows, clock, back), *([] if days.unit is None else [days.unit])]
        judged = sql.select_named({"counted": counted, "told": told}, exp.Star()).from_(ROWS, copy=False)
        judged = judged.with_(ROWS, as_=self._select(limit), copy=False)
        judged, clashes = self._clear(judged)
        n = exp.Count(this=exp.Star())
        k = exp.Sum(this=sql.case((sql.column("outcome"), sql.number(1)), otherwise=sql.number(0)))
        keys = [sql.column("subject"), *strata, *dated]
        counts = (
            exp.select(*keys, exp.alias_(n, "n"), exp.alias_(sql.cast_to(k, "bigint"), "k"))
            .from_("counted_rows", copy=False)
            .where(sql.column("counted"), copy=False)
            .group_by(*keys, copy=False)
            .order_by(*keys, copy=False)
            .with_("counted_rows", as_=judged, copy=True)
        )
        if days is not None and back is not None:
            counts = by_day(days, judged, clock, back)
        return Query(
            judged=judged,
            counts=counts,
            strata=len(strata) if days is None else 2,
            facts=facts,
            registers=self._registers(),
            needs=needs(rule, needed, None),
            clashes=clashes,
            judgement=None,
            rowwise=self._left_out(counted, limit),
            outputs=self.outputs,
            fewest=population.fewest,
            subject=self.outputs["subject"] if days is None else None,
        )

    def _left_out(self, counted: sql.Expr, limit: list[sql.Expr]) -> Rowwise | None:
        """Which rows in scope lack what is compared: a verdict `violation` on the row, to be counted like one."""
        lacks = sql.both(sql.coalesce(self.outputs["in_scope"], exp.true()), sql.negate(inlined(counted, self.outputs)))
        return rowwise(
            {**self.outputs, "in_scope": exp.true()},
            Judgement(violation=lacks),
            seen=limit,
            joined=self.scope.joined,
        )

    def _moment(self, at: sql.Expr | None, *, staged: bool) -> sql.Expr:
        if staged:
            return sql.column("at")
        return at if at is not None else sql.cast_to(exp.null(), "timestamp")

    def _common(self, at: sql.Expr | None) -> None:
        name, subject = self.table.name, self.rule.subject
        self.outputs["row_key"] = row_key(self.table, name)
        self.outputs["source_file"] = sql.column(SOURCE_FILE, name)
        self.outputs["source_row"] = sql.column(SOURCE_ROW, name)
        self.outputs["at"] = at if at is not None else sql.cast_to(exp.null(), "timestamp")
        self.outputs["in_scope"] = self.rule.where if self.rule.where is not None else exp.true()
        for number, key in enumerate(self.rule.key, 1):
            self.outputs[f"key_{number}"] = sql.cast_to(sql.column(key, name), "text")
        self.outputs["subject_id"] = sql.cast_to(sql.column(subject.id, name), "text")
        has_unit = subject.unit is not None and self.setting.has(name, subject.unit)
        unit = sql.column(subject.unit, name) if has_unit and subject.unit else exp.null()
        self.outputs["unit_id"] = sql.cast_to(unit, "text")
        for alias, with_ in self.scope.joined.items():
            self.outputs[f"{alias}__key"] = sql.case(
                (sql.is_known(sql.column(SOURCE_ROW, alias)), row_key(with_.table, alias))
            )
            self.outputs[f"{alias}__file"] = sql.column(SOURCE_FILE, alias)
            self.outputs[f"{alias}__row"] = sql.column(SOURCE_ROW, alias)

    def _facts(self, kind_facts: Mapping[str, sql.Expr], columns: Mapping[str, str]) -> tuple[FactColumn, ...]:
        """The kind's own facts and every column that the message or the arithmetic names and the data has."""
        found: dict[str, FactColumn] = {}
        for name, spec in self.rule.kind.fact_specs.items():
            if name in kind_facts:
                found[name] = FactColumn(
                    name=name,
                    output=f"{FACT}{name}",
                    type=spec.type,
                    personal=spec.personal,
                    column=columns.get(name),
                )
        templates = [self.rule.message, *self.rule.kind.arithmetic]
        for template in templates:
            for name in sorted({*placeholders(template.zh), *placeholders(template.en)}):
                alias, _, column = name.rpartition(".")
                described = self.scope.find(column, alias or None)
                if name in found or name in self.rule.kind.fact_specs or described is None:
                    continue
                table = self.scope.joined[alias].table if alias else self.table
                if not self.setting.has(table.name, column):
                    continue
                output = f"{FACT}{alias + '__' if alias else ''}{column}"
                self.outputs[output] = sql.column(column, alias or self.table.name)
                found[name] = FactColumn(
                    name=name,
                    output=output,
                    type=described.type,
                    personal=described.personal,
                    column=f"{table.name}.{column}",
                )
        return tuple(found.values())

    def _select(self, limit: list[sql.Expr]) -> exp.Select:
        query = sql.select_named(self.outputs)
        query = query.from_(exp.to_table(self.table.name) if self.part is None else self.part.rows, copy=False)
        for alias, with_ in self.scope.joined.items():
            clear = alias not in self.clashing
            register = sql.relation(with_.table.name, alias) if clear else registers.clear(with_, _clash_name(alias))
            on = registers.condition(with_, self.setting)
            query = query.join(register, on=on, join_type="left", copy=False)
        asked = sql.both(*limit)
        return query if asked == exp.true() else query.where(asked, copy=False)

    def _clear(self, judged: exp.Select) -> tuple[exp.Select, dict[str, exp.Select]]:
        """Puts the lists of clashing register rows in front, where every part of the query sees them."""
        clashes = {alias: registers.clashes(with_, self.setting) for alias, with_ in self.scope.joined.items()}
        if not self.clashing:
            return judged, clashes
        with_ = judged.args["with_"]
        first = exp.select(exp.Star()).from_("x")
        for alias in clashes:
            if alias in self.clashing:
                first = first.with_(_clash_name(alias), as_=clashes[alias].copy())
        with_.set("expressions", [*first.args["with_"].expressions, *with_.expressions])
        return judged, clashes

    def _registers(self) -> tuple[RegisterRows, ...]:
        return tuple(
            RegisterRows(table=with_.table, role=alias, outputs=(f"{alias}__key", f"{alias}__file", f"{alias}__row"))
            for alias, with_ in self.scope.joined.items()
        )


def _clash_name(alias: str) -> str:
    return f"{alias}_clashes"
