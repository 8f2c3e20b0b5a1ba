"""Aging: B comes later than the law allows after A; what is still open is aged to the as-of day.

A limit in days, working days or months ends at 24:00 of its last day, whatever the hour at which it began; the day of
the event is not counted. A limit in hours runs from the exact moment, and from or to a moment that the export knows
only to the day the verdict is given only where every possible hour leads to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Band, FactSpec, Joined, Judgement, RowKind, kind, reads
from auditor.kinds.scope import Setting

_START, _DUE, _DUE_DAY, _ROLLED = "start_day", "due_day", "due_calendar", "rolled_day"


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

    fact_specs = {
        "start": FactSpec(type="timestamp", doc=Text(zh="起算时间", en="from when the limit runs")),
        "finish": FactSpec(type="timestamp", doc=Text(zh="完成时间", en="when it was done; blank while open")),
        "due": FactSpec(type="timestamp", doc=Text(zh="期限届满", en="the last day, or the last moment, in time")),
        "overdue": FactSpec(type="minutes", doc=Text(zh="逾期", en="by how much it is late")),
        "limit": FactSpec(type="duration", doc=Text(zh="法定期限", en="the limit")),
        "rolled_due": FactSpec(type="date", doc=Text(zh="顺延后的届满日", en="the last day moved past a holiday")),
        "provisional": FactSpec(
            type="bool", doc=Text(zh="节假日安排尚未公布", en="whether the year's holidays are not announced yet")
        ),
        "as_of": FactSpec(type="date", doc=Text(zh="统计截止日", en="the as-of day")),
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
    def arithmetic(self) -> tuple[Text, ...]:  # type: ignore[override]
        end = ("当日24时", " 24:00") if not self.within.is_exact else ("", "")
        return (
            Text(
                zh=f"{{start}} + {{limit}} → 应于 {{due}}{end[0]}前完成",
                en=f"{{start}} + {{limit}} → due by {{due}}{end[1]}",
            ),
            Text(
                zh="完成时间：{finish}（“—”表示截至 {as_of} 尚未完成）→ 逾期 {overdue}",
                en="done: {finish} (“—”: still open on {as_of}) → {overdue} late",
            ),
        )

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

    def judge(self, setting: Setting) -> Judgement:
        return self._exact(setting) if self.within.is_exact else self._in_days(setting)

    def _finish(self, setting: Setting) -> sql.Expr:
        """The end as far as it lies before the present."""
        to = sql.moment(self.to)
        return sql.case((sql.less(to, setting.clock.end), to))

    def _length(self, extra: int) -> sql.Expr:
        """The limit's count, or that with the extension where `extended_if` alone grants one."""
        basic = sql.number(self.within.count)
        if self.extended_if is None or self.extended_until is not None:
            return basic
        longer = sql.number(self.within.count + extra)
        return sql.case((self.extended_if, longer), (sql.negate(self.extended_if), basic))

    def _in_days(self, setting: Setting) -> Judgement:
        joins: list[Joined] = []
        start = sql.day(self.from_)
        for first, last in self.excludes:
            days = sql.case((sql.is_null(first), sql.number(0)), otherwise=sql.days_between(first, last))
            start = sql.days_later(start, days)
        length = self._length(self.at_most.count if self.at_most else 0)
        match self.within.unit:
            case "working days":
                joins.append(Joined(alias=_START, relation="workdays", on=sql.equal(sql.column("day", _START), start)))
                ordinal = sql.plus(sql.column("ordinal", _START), length)
                joins.append(_nth_workday(_DUE, ordinal))
                due = sql.column("day", _DUE)
            case "months":
                due = sql.day(exp.DateAdd(this=start, expression=sql.wrap(length), unit=exp.Var(this="MONTH")))
            case _:
                due = sql.days_later(start, length)
        due = self._extended(due)
        provisional = sql.column("announced", _DUE) if self.within.unit == "working days" else None
        rolled = None
        if self.roll != "none":
            joins.append(Joined(alias=_DUE_DAY, relation="workdays", on=sql.equal(sql.column("day", _DUE_DAY), due)))
            step = sql.case((sql.column("is_workday", _DUE_DAY), sql.number(0)), otherwise=sql.number(1))
            joins.append(_nth_workday(_ROLLED, sql.plus(sql.column("ordinal", _DUE_DAY), step)))
            rolled = sql.coalesce(sql.column("day", _ROLLED), due)
            provisional = provisional or sql.column("announced", _DUE_DAY)
        in_time = rolled if rolled is not None and self.roll == "next_working_day" else due
        finish = self._finish(setting)
        until = sql.coalesce(sql.day(finish), sql.date_(setting.clock.as_of))
        overdue = sql.days_between(in_time, until)
        violation = sql.case(
            (sql.is_null(sql.days_between(self.from_, in_time)), exp.null()),
            (sql.coalesce(sql.less(sql.day(finish), sql.day(self.from_)), exp.false()), exp.null()),
            otherwise=sql.less(in_time, until),
        )
        facts = self._facts(setting, in_time, sql.times(overdue, 24 * 60), finish)
        if rolled is not None:
            facts["rolled_due"] = rolled
        if provisional is not None:
            facts["provisional"] = sql.negate(provisional)
        return Judgement(
            violation=violation,
            facts=facts,
            joins=tuple(joins),
            span=(sql.moment(self.from_), sql.moment(self.to)),
            level=self._level(overdue, until, rolled),
            metric="days_overdue",
            value=overdue,
            threshold=0,
        )

    def _extended(self, basic: sql.Expr) -> sql.Expr:
        if self.extended_until is None:
            return basic
        until = sql.day(self.extended_until)
        if self.at_most is not None:
            cap = exp.DateAdd(this=basic, expression=sql.number(self.at_most.count), unit=_var(self.at_most))
            until = exp.Least(this=until, expressions=[sql.day(cap)])
        longer = exp.Greatest(this=basic.copy(), expressions=[until])
        none = sql.is_null(self.extended_until)
        if self.extended_if is None:
            return sql.case((none, basic), otherwise=longer)
        return sql.case((sql.either(none, sql.negate(self.extended_if)), basic), (self.extended_if, longer))

    def _exact(self, setting: Setting) -> Judgement:
        one_day = Duration(1, "days")
        start, finish = sql.moment(self.from_), self._finish(setting)
        coarse_start, coarse_finish = setting.is_coarse(self.from_), setting.is_coarse(self.to)
        latest_start = sql.later(start, one_day) if coarse_start else start
        open_until = sql.coalesce(finish, setting.clock.end)
        latest_finish = sql.coalesce(sql.later(finish, one_day), setting.clock.end) if coarse_finish else open_until
        due, earliest_due = self._after(latest_start), self._after(start)
        late = sql.at_most(due, open_until) if coarse_start else sql.less(due, open_until)
        violation = sql.case(
            (sql.either(sql.is_null(start), sql.is_null(due)), exp.null()),
            (sql.less(latest_finish, start), exp.null()),
            (late, exp.true()),
            (sql.at_most(latest_finish, earliest_due), exp.false()),
        )
        overdue = sql.minutes_between(due, open_until)
        return Judgement(
            violation=violation,
            facts=self._facts(setting, due, overdue, finish),
            span=(start, sql.moment(self.to)),
            level=self._level(overdue, None, None),
            metric="minutes_overdue",
            value=overdue,
            threshold=0,
        )

    def _after(self, start: sql.Expr) -> sql.Expr:
        """The moment at which the exact limit ends."""
        basic = sql.later(start, self.within)
        if self.extended_if is None or self.at_most is None:
            return basic
        longer = sql.later(basic, self.at_most)
        return sql.case((self.extended_if, longer), (sql.negate(self.extended_if), basic))

    def _facts(self, setting: Setting, due: sql.Expr, overdue: sql.Expr, finish: sql.Expr) -> dict[str, sql.Expr]:
        return {
            "start": sql.moment(self.from_),
            "finish": finish,
            "due": due,
            "overdue": overdue,
            "limit": sql.text(str(self.within)),
            "as_of": sql.date_(setting.clock.as_of),
        }

    def _level(self, overdue: sql.Expr, until: sql.Expr | None, rolled: sql.Expr | None) -> sql.Expr | None:
        branches: list[tuple[sql.Expr, sql.Expr]] = []
        if self.roll == "lower_level" and until is not None and rolled is not None:
            branches.append((sql.at_most(until, rolled), sql.text("low")))
        otherwise: sql.Expr | None = None
        for band in self.bands:
            if band.to is None:
                otherwise = sql.text(band.level)
                continue
            minutes = band.to.count * (60 if band.to.unit == "hours" else 1)
            branches.append((sql.at_most(overdue, sql.number(minutes)), sql.text(band.level)))
        return sql.case(*branches, otherwise=otherwise) if branches else otherwise

    def sentence(self) -> Text:
        start, end = sql.words(self.from_), sql.words(self.to)
        zh = [f"自 {start} 起，{end} 超过{self.within.text.zh}的，即为问题；尚未完成的计算至统计截止日"]
        en = [
            f"flags every row whose {end} comes later than {self.within} after {start}; open ones age to the as-of day"
        ]
        if self.extended_until is not None or self.extended_if is not None:
            condition = f"（{sql.words(self.extended_if)}）" if self.extended_if is not None else ""
            cap = self.at_most
            zh.append(f"依法延长的{condition}另加{'，最多' + cap.text.zh if cap else ''}")
            en.append(
                "a lawful extension"
                + (f" ({sql.words(self.extended_if)})" if self.extended_if is not None else "")
                + " is added"
                + (f", {cap} at most" if cap else "")
            )
        for first, last in self.excludes:
            zh.append(f"{sql.words(first)} 至 {sql.words(last)} 的期间不计入")
            en.append(f"the days from {sql.words(first)} to {sql.words(last)} don't count")
        return Text(zh="；".join(zh), en="; ".join(en))


def _nth_workday(alias: str, ordinal: sql.Expr) -> Joined:
    on = sql.both(sql.column("is_workday", alias), sql.equal(sql.column("ordinal", alias), ordinal))
    return Joined(alias=alias, relation="workdays", on=on)


def _var(length: Duration) -> exp.Var:
    return exp.Var(this={"days": "DAY", "months": "MONTH"}[length.unit])
