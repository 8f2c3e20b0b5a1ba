"""Precedence, response, absence: a step of one record that is missing, out of order, too fast, or should not be there.

Two steps known to the day only, on one day, may have come in either order: a verdict is given only where every hour
of those days leads to it. What is dated after the as-of day has not happened yet, whatever is written: a verdict is
given only where it is the same whenever the step comes, and if it never does.
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
_NOTHING = sql.cast_to(exp.null(), "text")


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

    A step dated after the as-of day lies ahead: it is not missing, nor has it been taken, and may come at any later
    moment or never. What the steps taken show is told all the same; what turns on one that lies ahead is unknown.
    `complete`: a step taken although one before it in the list is blank or lies ahead is a violation, since it came
    too early whatever follows; any other row with a step that lies ahead is unknown, and its blank steps may yet be
    taken. `ordered`: a step taken although one before it lies ahead is unknown, since that one may never come, and so
    are two that lie ahead; the last step alone lying ahead changes nothing but, with `at_least`, a distance that is
    not over by the end of the as-of day. `absent`: unknown where the verdict turns on an event that lies ahead.

    NULL: a blank step is one that was not taken. A row with fewer than two steps taken shows no order, and is unknown
    under `ordered`. Steps of one day that are known to the day only are unknown as to order, and as to a distance
    wherever the hours could decide it.
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
        its day is known, else the moment itself. `ahead_n` is its moment where it is dated after the as-of day."""
        columns: dict[str, sql.Expr] = {}
        until: dict[str, sql.Expr] = {}
        end, steps = setting.clock.end, self._steps(setting)
        for number, (event, step) in enumerate(zip(self.events, steps, strict=True), 1):
            at = sql.moment(event)
            for name, when in ((f"step_{number}", sql.less(at, end)), (f"ahead_{number}", sql.at_most(end, at))):
                found = sql.case((when, at))
                columns[name] = sql.moment(sql.day(found)) if step.by_day else found
            if step.by_day:
                until[f"until_{number}"] = sql.later(step.start, _DAY)
        tests = self._tests(steps, end)
        found = [sql.coalesce(sql.column(name), exp.false()) for name in ("in_scope", "violation")]
        return Judgement(
            columns=columns,
            stages=tuple(Stage(columns=made) for made in (until, tests) if made) or (Stage(columns={}),),
            violation=self._violation(steps, [sql.column(name) for name in tests]),
            reported=sql.both(sql.column("in_period"), *found),
            facts=self._facts(steps),
        )

    def _steps(self, setting: Setting) -> list["_Step"]:
        coarse = [_is_coarse(setting, event) for event in self.events]
        return [
            _Step(
                start=sql.column(f"step_{number}"),
                end=sql.column(f"until_{number}" if by_day else f"step_{number}"),
                ahead=sql.column(f"ahead_{number}"),
                by_day=by_day,
            )
            for number, by_day in enumerate(coarse, 1)
        ]

    def _tests(self, steps: Sequence["_Step"], end: sql.Expr) -> dict[str, sql.Expr]:
        """Whether each step is a fault of its own: missing, out of order, too fast."""
        tests: dict[str, sql.Expr] = {}
        if self.expect == "absent":
            return tests
        if self.expect == "complete":
            at_rest = sql.negate(_any_ahead(steps))
            for number, step in enumerate(steps, 1):
                surely = sql.either(at_rest, *(later.taken for later in steps[number:]))
                tests[f"missing_{number}"] = sql.case((step.written, exp.false()), (surely, exp.true()))
        for place, step in enumerate(steps[1:], 1):
            before = steps[:place]
            starts, ends = [one.start for one in before], [one.end for one in before]
            overtakes = sql.case((sql.negate(sql.both(_any_ahead(before), step.written)), exp.false()))
            if self.expect == "complete":  # the step ahead comes later, or is missing: a fault either way
                overtakes = sql.case((sql.both(_any_ahead(before), step.taken), exp.true()), otherwise=overtakes)
            early = step.sooner(sql.latest(*starts), sql.latest(*ends), None)
            tests[f"reversed_{place + 1}"] = sql.either(early, overtakes)
            if self.at_least is not None:
                last = sql.coalesce(*reversed(starts)), sql.coalesce(*reversed(ends))
                tests[f"hurried_{place + 1}"] = sql.case(
                    (sql.is_known(step.ahead), _not_over(*last, self.at_least, end)),
                    otherwise=step.sooner(*last, self.at_least),
                )
        return tests

    def _violation(self, steps: Sequence["_Step"], tests: Sequence[sql.Expr]) -> sql.Expr:
        match self.expect:
            case "absent":
                return sql.both(steps[0].happened, sql.either(*(step.happened for step in steps[1:])))
            case "complete":
                under_way = sql.case((sql.negate(_any_ahead(steps)), exp.false()))
                return sql.either(*tests, under_way)
            case _:
                taken = [step.taken for step in steps]
                compared = [sql.both(taken[place], sql.either(*taken[:place])) for place in range(1, len(steps))]
                return sql.case((sql.either(*compared), sql.either(*tests)))

    def _facts(self, steps: Sequence["_Step"]) -> dict[str, sql.Expr]:
        names = [sql.text(sql.words(event)) for event in self.events]
        dated = [
            sql.joined(exp.Array(expressions=[name, sql.cast_to(step.as_written, "text")]), " ")
            for name, step in zip(names, steps, strict=True)
        ]
        facts = {"steps": _listed([(step.written, what) for step, what in zip(steps, dated, strict=True)])}
        if self.expect == "absent":
            taken = [(step.taken, what) for step, what in zip(steps, dated, strict=True)]
            return {**facts, "present": _listed(taken[1:])}
        if self.expect == "complete":
            facts["missing"] = _listed([(sql.column(f"missing_{n}"), name) for n, name in enumerate(names, 1)])
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
        if self.expect == "absent":
            taken = [
                Condition(text=_TAKEN.filled(step=name), met=step.happened, about=(event,))
                for name, step, event in zip(names, self._steps(setting), self.events, strict=True)
            ]
            present = _TAKEN.filled(step=listed(names[1:], OR))
            return [replace(taken[0], role="scope"), choice(present, taken[1:])]
        ways: list[Condition] = []
        for number, (name, event) in enumerate(zip(names, self.events, strict=True), 1):
            if self.expect == "complete":
                missing = sql.column(f"missing_{number}")
                ways.append(Condition(text=_NOT_TAKEN.filled(step=name), met=missing, about=(event,)))
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
    """When a step may have happened: from `start`, up to but not including `end` where only its day is known; `ahead`
    instead of both where it is dated after the as-of day. All three are NULL where it is blank."""

    start: sql.Expr
    end: sql.Expr
    ahead: sql.Expr
    by_day: bool

    @property
    def taken(self) -> sql.Expr:
        return sql.is_known(self.start)

    @property
    def written(self) -> sql.Expr:
        return sql.either(self.taken, sql.is_known(self.ahead))

    @property
    def happened(self) -> sql.Expr:
        """Whether it was taken; NULL where it lies ahead, and may be yet."""
        return sql.case((sql.is_null(self.ahead), self.taken))

    @property
    def as_written(self) -> sql.Expr:
        at = sql.coalesce(self.start, self.ahead)
        return sql.day(at) if self.by_day else at

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


def _any_ahead(steps: Sequence[_Step]) -> sql.Expr:
    return sql.either(*(sql.is_known(step.ahead) for step in steps))


def _not_over(start: sql.Expr, end: sql.Expr, distance: Duration, now: sql.Expr) -> sql.Expr:
    """Whether what comes from `now` on comes sooner than `distance` after a step that happened between `start` and
    `end`: FALSE where it cannot, or where there was no such step, else NULL."""
    if distance.is_exact:
        over = sql.at_most(sql.later(end, distance), now)
    else:
        over = sql.at_most(sql.day(sql.later(sql.day(start), distance)), sql.day(now))
    return sql.case((sql.either(sql.is_null(start), over), exp.false()))


def _is_coarse(setting: Setting, event: sql.Expr) -> bool:
    """Known to the day only: by the export, or because the rule itself cuts the moment to its day."""
    return setting.is_coarse(event) or any(cut.to.this == exp.DType.DATE for cut in event.find_all(exp.Cast))


def _listed(items: Sequence[tuple[sql.Expr, sql.Expr]]) -> sql.Expr:
    """The texts whose condition holds, joined by commas; NULL where none does."""
    chosen = exp.Array(expressions=[sql.case(item) for item in items])
    found = sql.either(*(sql.coalesce(condition, exp.false()) for condition, _ in items))
    return sql.case((found, sql.joined(chosen, ", ")))
