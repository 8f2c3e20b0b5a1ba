"""Precedence, response, absence: a step of one record that is missing, out of order, too fast, or should not be there.

Two steps known to the day only, on one day, may have come in either order: a verdict is given only where every hour
of those days leads to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.text import Text, listed, run_on
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.labels import OR
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_DAY = Duration(1, "days")
_NOTHING = exp.cast(exp.null(), "text")


_TAKEN = Text(zh="{step}有记载", en="{step} is recorded")
_NOT_TAKEN = Text(zh="{step}没有记载", en="{step} is not recorded")
_EARLIER = Text(zh="{step}早于前面的环节", en="{step} lies before an earlier step")
_TOO_SOON = Text(zh="{step}距前一环节不足{least}", en="{step} follows the step before it by less than {least}")
_DISORDER = Text(zh="各环节不符合应有的次序：{order}", en="the steps are not as they should be: {order}")


@kind("sequence")
@dataclass(frozen=True, kw_only=True)
class Steps(RowKind):
    """Flags a row whose dated `events` are not as `expect` says.

    `ordered`: no recorded step may lie before an earlier one of the list; a blank step is passed over. `complete`: the
    same, and a blank step is a violation. `absent`: where the first event is recorded, none of the others may be,
    whenever it happened; without the first the row is in order. Equal moments are in order. With `at_least` a step
    that comes sooner than that after the recorded step before it is a violation as well; exactly that long after is in
    order. In days or months the day of the earlier step is not counted, in hours or minutes moments are compared.

    NULL: a blank step is one that was not taken, and so is one dated after the as-of day. A row with fewer than two
    steps recorded shows no order, and is unknown under `ordered`. Steps of one day that are known to the day only are
    unknown as to order, and as to a distance wherever the hours could decide it.
    """

    example = """\
events: [filed_at, investigated_at, decided_at]
expect: ordered
"""

    fact_specs = {
        "steps": FactSpec(type="columns", doc=Text(zh="各环节时间", en="the steps as recorded")),
        "missing": FactSpec(type="columns", doc=Text(zh="缺少的环节", en="steps that are blank")),
        "out_of_order": FactSpec(
            type="columns", doc=Text(zh="顺序颠倒的环节", en="steps that lie before an earlier one")
        ),
        "too_fast": FactSpec(type="columns", doc=Text(zh="间隔过短的环节", en="steps that follow too soon")),
        "present": FactSpec(type="columns", doc=Text(zh="不应出现的环节", en="steps that should not be there")),
        "at_least": FactSpec(type="duration", doc=Text(zh="最短间隔", en="the least distance between two steps")),
    }

    events: tuple[sql.Expr, ...] = reads("expressions", Text(zh="各环节", en="the moments, in their lawful order"))
    expect: str = reads(
        "choice",
        Text(zh="应当如何", en="ordered, complete (ordered and none blank), or absent (none after the first)"),
        choices=("ordered", "complete", "absent"),
    )
    at_least: Duration | None = reads(
        "duration", Text(zh="最短间隔", en="how far apart two neighbouring steps must lie at least"), default=None
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        found = [Text(zh="各环节：{steps}", en="steps: {steps}")]
        if self.expect == "complete":
            found.append(Text(zh="缺少：{missing}", en="missing: {missing}"))
        if self.expect == "absent":
            return (*found, Text(zh="不应出现：{present}", en="should not be there: {present}"))
        found.append(Text(zh="顺序颠倒：{out_of_order}", en="out of order: {out_of_order}"))
        if self.at_least is not None:
            found.append(
                Text(zh="距前一环节不足 {at_least}：{too_fast}", en="less than {at_least} after the last: {too_fast}")
            )
        return tuple(found)

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if len(self.events) < 2:
            found.append(("events", "must be two or more"))
        if len({sql.render(event) for event in self.events}) < len(self.events):
            found.append(("events", "names one moment twice"))
        if self.at_least is not None:
            if self.expect == "absent":
                found.append(("at_least", "steps that must not be there have no distance"))
            if self.at_least.unit == "working days":
                found.append(("at_least", "must be in minutes, hours, days or months"))
            if self.at_least.count == 0:
                found.append(("at_least", "must be 1 or more"))
        return found

    def judge(self, setting: Setting) -> Judgement:
        """A step is the stretch in which it may have happened: from `step_n` up to, not including, `until_n` where only
        its day is known, else the moment itself."""
        coarse = [_is_coarse(setting, event) for event in self.events]
        columns: dict[str, sql.Expr] = {}
        until: dict[str, sql.Expr] = {}
        for number, (event, by_day) in enumerate(zip(self.events, coarse, strict=True), 1):
            at = sql.moment(event)
            happened = sql.case((sql.less(at, setting.clock.end), at))
            columns[f"step_{number}"] = sql.moment(sql.day(happened)) if by_day else happened
            if by_day:
                until[f"until_{number}"] = sql.later(sql.column(f"step_{number}"), _DAY)
        steps = [sql.column(name) for name in columns]
        ends = [sql.column(f"until_{n}") if by_day else steps[n - 1] for n, by_day in enumerate(coarse, 1)]
        tests: dict[str, sql.Expr] = {}
        for place in range(1, len(steps)) if self.expect != "absent" else ():
            step = _Step(start=steps[place], end=ends[place], by_day=coarse[place])
            tests[f"reversed_{place + 1}"] = step.sooner(sql.latest(*steps[:place]), sql.latest(*ends[:place]), None)
            if self.at_least is not None:
                last = sql.coalesce(*reversed(steps[:place])), sql.coalesce(*reversed(ends[:place]))
                tests[f"hurried_{place + 1}"] = step.sooner(*last, self.at_least)
        found = [sql.coalesce(sql.column(name), exp.false()) for name in ("in_scope", "violation")]
        return Judgement(
            columns=columns,
            stages=tuple(Stage(columns=made) for made in (until, tests) if made) or (Stage(columns={}),),
            violation=self._violation(steps, [sql.column(name) for name in tests]),
            reported=sql.both(sql.column("in_period"), *found),
            facts=self._facts(steps, coarse),
        )

    def _violation(self, steps: Sequence[sql.Expr], tests: Sequence[sql.Expr]) -> sql.Expr:
        known = [sql.is_known(step) for step in steps]
        match self.expect:
            case "absent":
                return sql.both(known[0], sql.either(*known[1:]))
            case "complete":
                return sql.either(*(sql.is_null(step) for step in steps), *tests)
            case _:
                compared = [sql.both(known[place], sql.either(*known[:place])) for place in range(1, len(steps))]
                return sql.case((sql.either(*compared), sql.either(*tests)))

    def _facts(self, steps: Sequence[sql.Expr], coarse: Sequence[bool]) -> dict[str, sql.Expr]:
        names = [sql.text(sql.words(event)) for event in self.events]
        dated = [
            sql.joined(exp.Array(expressions=[name, sql.cast_to(sql.day(step) if by_day else step, "text")]), " ")
            for name, step, by_day in zip(names, steps, coarse, strict=True)
        ]
        recorded = [(sql.is_known(step), what) for step, what in zip(steps, dated, strict=True)]
        facts = {"steps": _listed(recorded)}
        if self.expect == "absent":
            return {**facts, "present": _listed(recorded[1:])}
        if self.expect == "complete":
            facts["missing"] = _listed([(sql.is_null(step), name) for step, name in zip(steps, names, strict=True)])
        later = list(enumerate(names[1:], 2))
        facts["out_of_order"] = _listed([(sql.column(f"reversed_{number}"), name) for number, name in later])
        if self.at_least is not None:
            hurried = [
                (
                    sql.both(
                        sql.column(f"hurried_{n}"), sql.negate(sql.coalesce(sql.column(f"reversed_{n}"), exp.false()))
                    ),
                    name,
                )
                for n, name in later
            ]
            facts |= {"too_fast": _listed(hurried), "at_least": sql.text(str(self.at_least))}
        return facts

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        names = [say.value(event) for event in self.events]
        steps = [sql.column(f"step_{number}") for number in range(1, len(self.events) + 1)]
        if self.expect == "absent":
            taken = [
                Condition(text=_TAKEN.filled(step=name), met=sql.is_known(step), about=(event,))
                for name, step, event in zip(names, steps, self.events, strict=True)
            ]
            present = _TAKEN.filled(step=listed(names[1:], OR))
            return [replace(taken[0], role="scope"), choice(present, taken[1:])]
        ways: list[Condition] = []
        for number, (name, step, event) in enumerate(zip(names, steps, self.events, strict=True), 1):
            if self.expect == "complete":
                ways.append(Condition(text=_NOT_TAKEN.filled(step=name), met=sql.is_null(step), about=(event,)))
            if number > 1:
                about = self.events[:number]
                ways.append(
                    Condition(text=_EARLIER.filled(step=name), met=sql.column(f"reversed_{number}"), about=about)
                )
            if number > 1 and self.at_least is not None:
                soon = _TOO_SOON.filled(step=name, least=self.at_least.text)
                ways.append(Condition(text=soon, met=sql.column(f"hurried_{number}"), about=self.events[:number]))
        return [choice(_DISORDER.filled(order=run_on(names, Text(zh=" → ", en=" → "))), ways)]

    def sentence(self, say: Speaker) -> Text:
        names = [say.value(event) for event in self.events]
        if self.expect == "absent":
            return Text(
                zh="{first}有记载，而{others}仍有记载的，即为问题",
                en="flags every row on which {first} is recorded and yet {others} is, too",
            ).filled(first=names[0], others=listed(names[1:], OR))
        parts = [
            Text(
                zh="各环节应依次为{order}，后一环节早于前一环节的，即为问题",
                en="flags every row whose steps are not in the order {order}",
            ).filled(order=run_on(names, Text(zh=" → ", en=" → ")))
        ]
        if self.expect == "complete":
            parts.append(Text(zh="缺少任一环节的，也是问题", en="or of which a step is missing"))
        if self.at_least is not None:
            hurried = Text(
                zh="距前一环节不足{least}的，也是问题", en="or in which a step follows the last by less than {least}"
            )
            parts.append(hurried.filled(least=self.at_least.text))
        return run_on(parts, Text(zh="；", en=", "))


@dataclass(frozen=True, kw_only=True)
class _Step:
    """When a step may have happened: from `start`, up to but not including `end` where only its day is known."""

    start: sql.Expr
    end: sql.Expr
    by_day: bool

    def sooner(self, start: sql.Expr, end: sql.Expr, distance: Duration | None) -> sql.Expr:
        """Whether it came before (with a distance: less than that after) a step that happened between `start` and
        `end`; NULL where the hours of a day would decide it, FALSE where either was not taken."""
        absent = sql.either(sql.is_null(self.start), sql.is_null(start))
        if distance is not None and not distance.is_exact:
            first = sql.day(sql.later(sql.day(start), distance))
            return sql.case((absent, exp.false()), otherwise=sql.less(sql.day(self.start), first))
        if distance is not None:
            start, end = sql.later(start, distance), sql.later(end, distance)
        surely = sql.at_most(self.end, start) if self.by_day else sql.less(self.end, start)
        return sql.case((absent, exp.false()), (surely, exp.true()), (sql.at_most(end, self.start), exp.false()))


def _is_coarse(setting: Setting, event: sql.Expr) -> bool:
    """Known to the day only: by the export, or because the rule itself cuts the moment to its day."""
    return setting.is_coarse(event) or any(cut.to.this == exp.DType.DATE for cut in event.find_all(exp.Cast))


def _listed(items: Sequence[tuple[sql.Expr, sql.Expr]]) -> sql.Expr:
    """The texts whose condition holds, joined by commas; NULL where none does."""
    chosen = exp.Array(expressions=[sql.case(item) for item in items])
    found = sql.either(*(sql.coalesce(condition, exp.false()) for condition, _ in items))
    return sql.case((found, sql.joined(chosen, ", ")))
