"""Aging: B comes later than the law allows after A; what is still open is aged to the as-of day.

A limit in days, working days or months ends at 24:00 of its last day, whatever the hour at which it began; the day of
the event is not counted. A limit in hours runs from the exact moment, and from or to a moment that the export knows
only to the day the verdict is given only where every possible hour leads to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.text import Text, run_on
from auditor.kinds import deadline_words as words
from auditor.kinds import sql
from auditor.kinds.base import Band, FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.conditions import Condition
from auditor.kinds.last_days import day_after, nth_workday, rolled, workday
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_START, _DUE = "start_calendar", "due_calendar"


@kind("deadline")
@dataclass(frozen=True, kw_only=True)
class Deadline(RowKind):
    """Flags a row whose `to` comes after `from` + `within`; a row without `to` is aged to the as-of day.

    An extension counts from `extended_until` (never further than `at_most` past the basic limit) or, without that
    column, as `at_most` added where `extended_if` holds. The days of the spans in `excludes` don't count. `roll` says
    what a last day on a holiday does: nothing, move to the next working day, or lower the level of what is overdue
    only by not moving (where the law is silent).

    NULL: no `from`, an open span in `excludes`, a `to` that lies before `from`, or an `extended_if` that cannot be
    told make the row unknown.
    """

    example = """\
from: filed_at
to: decided_at
within: 90 days
"""

    fact_specs = {
        "start": FactSpec(type="timestamp", doc=Text(zh="起算时间", en="from when the limit runs")),
        "finish": FactSpec(type="timestamp", doc=Text(zh="完成时间", en="when it was done; blank while open")),
        "due": FactSpec(type="timestamp", doc=Text(zh="期限届满", en="the last day, or the last moment, in time")),
        "overdue": FactSpec(type="minutes", doc=Text(zh="逾期", en="by how much it is late")),
        "limit": FactSpec(type="duration", doc=Text(zh="法定期限", en="the limit")),
        "rolled_due": FactSpec(type="date", doc=Text(zh="顺延后的届满日", en="the last day moved past a holiday")),
        "provisional": FactSpec(type="bool", doc=Text(zh="节假日安排尚未公布", en="holidays not announced yet")),
        "as_of": FactSpec(type="date", doc=Text(zh="统计截止日", en="the as-of day")),
        "excluded": FactSpec(type="days", doc=Text(zh="不计入期限的天数", en="days that don't count")),
        "basic_due": FactSpec(type="date", doc=Text(zh="延长前的届满日", en="the last day without an extension")),
        "extended_to": FactSpec(type="date", doc=Text(zh="有效的延长至", en="until when a valid extension ran")),
        "extended": FactSpec(type="bool", doc=Text(zh="是否延长", en="whether an extension counts")),
    }

    from_: sql.Expr = reads("expression", Text(zh="起算", en="the moment from which the limit runs"), name="from")
    to: sql.Expr = reads("expression", Text(zh="完成", en="the moment that ends it; blank: still open"))
    within: Duration = reads("duration", Text(zh="期限", en="the limit: 30 days, 7 working days, 3 months, 24 hours"))
    extended_until: sql.Expr | None = reads(
        "expression", Text(zh="延长至", en="the day until which it was extended"), default=None
    )
    extended_if: sql.Expr | None = reads(
        "condition", Text(zh="延长有效的条件", en="the extension counts only where this holds"), default=None
    )
    at_most: Duration | None = reads(
        "duration", Text(zh="最长可延长", en="how much an extension may add"), default=None
    )
    excludes: tuple[tuple[sql.Expr, sql.Expr], ...] = reads(
        "spans", Text(zh="不计入期限的期间", en="spans whose days don't count: [[from, to]]"), default=()
    )
    roll: str = reads(
        "choice",
        Text(zh="末日遇节假日", en="what a last day on a holiday does"),
        default="none",
        choices=("none", "next_working_day", "lower_level"),
    )
    bands: tuple[Band, ...] = reads("bands", Text(zh="按逾期长短分级", en="levels by how late it is"), default=())

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        longer = self.at_most if self.extended_if is not None else None
        if self.extended_until is not None:
            return words.steps_with_a_day(self.within, self.at_most, excludes=bool(self.excludes))
        return words.steps(self.within, longer, excludes=bool(self.excludes))

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.at_most and not (self.extended_until or self.extended_if):
            found.append(("at_most", "there is no extension to limit; name `extended_until` or `extended_if`"))
        if self.extended_if and not (self.extended_until or self.at_most):
            found.append(("extended_if", "says when an extension counts, but not how long it is"))
        if self.extended_until is None and self.at_most and self.at_most.unit != self.within.unit:
            found.append(("at_most", f"must be in {self.within.unit}, like the limit"))
        if self.extended_until is not None and self.at_most and self.at_most.unit not in ("days", "months"):
            found.append(("at_most", "must be in days or months where `extended_until` is a day"))
        if self.within.is_exact and (self.excludes or self.extended_until or self.roll != "none"):
            found.append(("within", "a limit in hours has no excluded days, no extension to a day and no roll-over"))
        unit = ("hours", "minutes") if self.within.is_exact else ("days",)
        if any(band.to is not None and band.to.unit not in unit for band in self.bands):
            found.append(("bands", f"must be in {' or '.join(unit)}: what is overdue is counted so"))
        return found

    @property
    def accuses_by_blank(self) -> tuple[exp.Column, ...]:
        ends = [self.to.this, *self.to.expressions] if isinstance(self.to, exp.Coalesce) else [self.to]
        columns = tuple(end for end in ends if isinstance(end, exp.Column))
        return columns if len(columns) == len(ends) else ()

    def judge(self, setting: Setting) -> Judgement:
        return self._exact(setting) if self.within.is_exact else self._in_days(setting)

    def _finish(self, setting: Setting) -> sql.Expr:
        """The end as far as it lies before the present."""
        to = sql.moment(self.to)
        return sql.case((sql.less(to, setting.clock.end), to))

    def _in_days(self, setting: Setting) -> Judgement:
        """Step by step, each a column: the day from which to count, the basic last day, that with an extension, that
        rolled past a holiday, the day on which it is judged, the days overdue."""
        excluded: sql.Expr = sql.number(0)
        for first, last in self.excludes:
            days = sql.case((sql.is_null(first), sql.number(0)), otherwise=sql.days_between(first, last))
            excluded = sql.plus(excluded, days)
        columns: dict[str, sql.Expr] = {
            "start_at": sql.moment(self.from_),
            "finish_at": self._finish(setting),
            "counted_from": sql.days_later(self.from_, excluded) if self.excludes else sql.day(self.from_),
            "judged_on": sql.earliest(sql.day(self.to), sql.date_(setting.clock.as_of)),
        }
        if self.excludes:
            columns["excluded_days"] = excluded
        if self.extended_until is not None or self.extended_if is not None:
            columns["extension_counts"] = self.extended_if if self.extended_if is not None else exp.true()
        if self.extended_until is not None:
            columns["extended_to"] = sql.day(self.extended_until)
        stages = [self._basic(), *self._extended()]
        facts = self._facts(setting)
        if self.excludes:
            facts["excluded"] = sql.column("excluded_days")
        if self.extended_until is not None:
            facts["basic_due"] = sql.column("basic_due")
            facts["extended_to"] = sql.case((sql.column("extension_counts"), sql.column("extended_to")))
        elif self.extended_if is not None:
            facts["extended"] = sql.column("extension_counts")
        if self.roll != "none":
            stages.append(rolled())
            facts["rolled_due"] = sql.column("rolled_day")
        if self.roll != "none" or self.within.unit == "working days":
            facts["provisional"] = sql.column("provisional")
        finish, start_at = sql.column("finish_at"), sql.column("start_at")
        due = sql.column("rolled_day" if self.roll == "next_working_day" else "last_day")
        judged_on, overdue = sql.column("judged_on"), sql.column("days_overdue")
        stages.append(Stage(columns={"days_overdue": sql.days_between(due, judged_on)}))
        violation = sql.case(
            (sql.either(sql.is_null(start_at), sql.is_null(due)), exp.null()),
            (sql.coalesce(sql.less(sql.day(finish), sql.day(start_at)), exp.false()), exp.null()),
            otherwise=sql.less(due, judged_on),
        )
        return Judgement(
            columns=columns,
            stages=tuple(stages),
            violation=violation,
            facts={**facts, "due": due, "overdue": sql.times(overdue, 24 * 60)},
            span=(sql.moment(self.from_), sql.moment(self.to)),
            level=self._level(overdue),
            metric="days_overdue",
            value=overdue,
            threshold=0,
            measured=True,
        )

    def _basic(self) -> Stage:
        """The last day without an extension to a day; one that only adds to the limit is in it already."""
        start, count = sql.column("counted_from"), sql.number(self.within.count)
        if self.extended_until is None and self.extended_if is not None and self.at_most is not None:
            longer, counts = sql.number(self.within.count + self.at_most.count), sql.column("extension_counts")
            count = sql.case((counts, longer), (sql.negate(counts), count))
        if self.within.unit == "working days":
            ordinal = sql.plus(sql.column("ordinal", _START), count)
            return Stage(
                columns={
                    "basic_due": sql.column("day", _DUE),
                    "provisional": sql.negate(sql.column("announced", _DUE)),
                },
                joins=(workday(_START, start), nth_workday(_DUE, ordinal)),
            )
        return Stage(columns={"basic_due": day_after(start, count, self.within)})

    def _extended(self) -> tuple[Stage, ...]:
        basic, until, counts = sql.column("basic_due"), sql.column("extended_to"), sql.column("extension_counts")
        if self.extended_until is None:
            return (Stage(columns={"last_day": basic}),)
        steps: list[Stage] = []
        if self.at_most is not None:
            cap = day_after(basic, sql.number(self.at_most.count), self.at_most)
            steps.append(Stage(columns={"extension_cap": cap}))
            cap = sql.column("extension_cap")
            until = sql.case((sql.less(cap, until), cap), otherwise=until)
        longer = sql.case((sql.less(basic, until), until), otherwise=basic)
        none = sql.either(sql.is_null(sql.column("extended_to")), sql.negate(counts))
        return (*steps, Stage(columns={"last_day": sql.case((none, basic), (counts, longer))}))

    def _exact(self, setting: Setting) -> Judgement:
        """`late_due` is the end of the limit from the latest moment at which it may have begun, `early_due` from the
        earliest; they differ where the start is known to the day only. So do `done_by` and `done_at` of the end."""
        one_day = Duration(1, "days")
        start, finish, end = sql.moment(self.from_), self._finish(setting), setting.clock.end
        coarse_start, coarse_finish = setting.is_coarse(self.from_), setting.is_coarse(self.to)
        at = sql.earliest(sql.moment(self.to), end)
        columns = {
            "start_at": start,
            "finish_at": finish,
            "early_due": self._after(start),
            "late_due": self._after(sql.later(start, one_day) if coarse_start else start),
            "done_at": at,
            "done_by": sql.coalesce(sql.later(finish, one_day), end) if coarse_finish else at,
        }
        start_at, due = sql.column("start_at"), sql.column("late_due")
        done_at, done_by = sql.column("done_at"), sql.column("done_by")
        late = sql.at_most(due, done_at) if coarse_start else sql.less(due, done_at)
        if coarse_start or coarse_finish:
            late = sql.case((late, exp.true()), (sql.at_most(done_by, sql.column("early_due")), exp.false()))
        violation = sql.case((sql.at_most(start_at, done_by), late))
        overdue = sql.column("minutes_overdue")
        return Judgement(
            columns=columns,
            stages=(Stage(columns={"minutes_overdue": sql.minutes_between(due, done_at)}),),
            violation=violation,
            facts={**self._facts(setting), "due": due, "overdue": overdue},
            span=(start, sql.moment(self.to)),
            level=self._level(overdue),
            metric="minutes_overdue",
            value=overdue,
            threshold=0,
            measured=True,
        )

    def _after(self, start: sql.Expr) -> sql.Expr:
        """The moment at which the exact limit ends."""
        basic = sql.later(start, self.within)
        if self.extended_if is None or self.at_most is None:
            return basic
        longer = sql.later(basic, self.at_most)
        return sql.case((self.extended_if, longer), (sql.negate(self.extended_if), basic))

    def _facts(self, setting: Setting) -> dict[str, sql.Expr]:
        return {
            "start": sql.column("start_at"),
            "finish": sql.column("finish_at"),
            "limit": sql.text(str(self.within)),
            "as_of": sql.date_(setting.clock.as_of),
        }

    def _level(self, overdue: sql.Expr) -> sql.Expr | None:
        branches: list[tuple[sql.Expr, sql.Expr]] = []
        if self.roll == "lower_level":
            branches.append((sql.at_most(sql.column("judged_on"), sql.column("rolled_day")), sql.text("low")))
        otherwise: sql.Expr | None = None
        for band in self.bands:
            if band.to is None:
                otherwise = sql.text(band.level)
                continue
            minutes = band.to.count * (60 if band.to.unit == "hours" else 1)
            branches.append((sql.at_most(overdue, sql.number(minutes)), sql.text(band.level)))
        return sql.case(*branches, otherwise=otherwise) if branches else otherwise

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        start, finish = sql.column("start_at"), sql.column("finish_at")
        limit = {"limit": self.within.text, "end": say.value(self.to)}
        if self.within.is_exact:
            due, over = sql.column("late_due"), sql.at_most(sql.column("late_due"), setting.clock.end)
            late = sql.less(due, sql.column("done_at"))
            if setting.is_coarse(self.from_):
                late = sql.at_most(due, sql.column("done_at"))
        else:
            due = sql.column("rolled_day" if self.roll == "next_working_day" else "last_day")
            over, late = sql.less(due, sql.date_(setting.clock.as_of)), sql.less(due, sql.column("judged_on"))
        started = sql.is_known(self.from_)
        found = [Condition(text=say.condition(started), met=sql.is_known(start), role="scope", about=(self.from_,))]
        found += self._extension(say)
        ways = (
            Condition(text=words.OPEN, met=sql.is_null(finish), about=(self.to,)),
            Condition(text=words.TOO_LATE.filled(**limit), met=sql.both(sql.is_known(finish), late), about=(self.to,)),
        )
        return [
            *found,
            Condition(text=words.RUN_OUT.filled(**limit), met=over, about=(self.from_,)),
            Condition(text=words.NOT_BY_THEN.filled(**limit), met=late, about=(self.to,), branches=ways),
        ]

    def _extension(self, say: Speaker) -> list[Condition]:
        """Whether an extension counts, where the rule knows any: said, since it moves the limit."""
        if self.extended_until is None and self.extended_if is None:
            return []
        asked = [] if self.extended_if is None else [self.extended_if]
        if self.extended_until is not None:
            asked.append(sql.is_known(self.extended_until))
        met = sql.both(*asked)
        return [Condition(text=words.EXTENDED.filled(condition=say.condition(met)), met=met, role="note")]

    def sentence(self, say: Speaker) -> Text:
        form = words.LATER if self.within.count else words.LATER_AT_ALL
        parts = [form.filled(start=say.value(self.from_), end=say.value(self.to), limit=self.within.text)]
        if self.extended_until is not None or self.extended_if is not None:
            lawful = Text(zh="依法延长的另加", en="a lawful extension is added")
            if self.extended_if is not None:
                lawful = Text(
                    zh="依法延长的（{condition}）另加", en="a lawful extension ({condition}) is added"
                ).filled(condition=say.condition(self.extended_if))
            parts.append(lawful)
            if self.at_most is not None:
                most = Text(zh="{one}，最多{most}", en="{one}, {most} at most")
                parts[-1] = most.filled(one=lawful, most=self.at_most.text)
        for first, last in self.excludes:
            span = Text(zh="{first}至{last}的期间不计入", en="the days from {first} to {last} don't count")
            parts.append(span.filled(first=say.value(first), last=say.value(last)))
        return run_on(parts, Text(zh="；", en="; "))
