"""The sliding window: N or more events of one key within a stretch of time, wherever a month may end.

Events are chained: windows that share an event belong to one finding, anchored at its first event, so that a third
ticket next month grows the old finding instead of making a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.company import Alike
from auditor.kinds.conditions import Condition
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker


@kind("repeat")
@dataclass(frozen=True, kw_only=True)
class Repeat(RowKind):
    """Flags the events of one key (`by`) of which `at_least` fall within `window`, the window's length included.

    All events up to the as-of day are looked at, so no window is cut at the edge of the period; reported is a chain
    that an event of the period completes.

    NULL: an event with a blank in `by`, or without its moment, is unknown. On moments known to the day only, events
    of one day count as together, and events of neighbouring days only where the window is longer than two days leave
    room for every possible hour.
    """

    example = """\
by: [plate_no, violation_code]
at: occurred_at
window: 24 hours
at_least: 2
"""

    fact_specs = {
        "events": FactSpec(type="int", doc=Text(zh="次数", en="how many events the chain has")),
        "span": FactSpec(type="minutes", doc=Text(zh="跨度", en="from the first event to the last")),
        "window": FactSpec(type="duration", doc=Text(zh="时间窗", en="the window")),
    }
    arithmetic_steps = (
        Text(
            zh="{first_at} 至 {last_at}，跨度 {span}，共 {events} 次；时间窗 {window}",
            en="{first_at} to {last_at}, {span} apart, {events} events; window {window}",
        ),
    )

    by: tuple[sql.Expr, ...] = reads("expressions", Text(zh="同一对象", en="what makes events alike"))
    window: Duration = reads("duration", Text(zh="时间窗", en="the window; its end counts as inside"))
    at_least: int = reads("count", Text(zh="至少几次", en="how many events make a finding"), default=2)
    at: sql.Expr | None = reads(
        "expression", Text(zh="事件时间", en="the moment of an event; the table's own, if left out"), default=None
    )

    def faults(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.window.minutes is None:
            found.append(("window", "must be in minutes, hours or days"))
        if self.at_least < 2:
            found.append(("at_least", "must be 2 or more"))
        return found

    def reaches_back_to(self, first: date, last: date) -> date:
        return day_before(first, self.window)

    def judge(self, setting: Setting) -> Judgement:
        at = self.at if self.at is not None else setting.needed_moment()
        keys = {f"by_{number}": part for number, part in enumerate(self.by, 1)}
        moment, closes, chain = sql.column("event_at"), sql.column("closes"), sql.column("chain")
        usable = sql.both(
            sql.coalesce(sql.column("in_scope"), exp.false()),
            sql.is_known(moment),
            sql.less(moment, setting.clock.end),
            *(sql.is_known(sql.column(name)) for name in keys),
        )
        alike = [sql.column("usable"), *(sql.column(name) for name in keys)]
        reach = sql.interval(self._reach(setting.is_coarse(at)))

        def over(function: sql.Expr, spec: exp.WindowSpec | None) -> sql.Expr:
            return sql.over(function, by=alike, order=moment, spec=spec)

        back = sql.frame("RANGE", reach, "PRECEDING", "CURRENT ROW", None)
        ahead = sql.frame("RANGE", "CURRENT ROW", None, reach.copy(), "FOLLOWING")
        onward = sql.frame("RANGE", "CURRENT ROW", None, "UNBOUNDED", "FOLLOWING")
        closed_at = sql.case((closes, moment))
        previous = sql.column("previous_at")
        apart = sql.less(previous, sql.minus(sql.column("closed_next"), reach))
        in_chain = [*alike, sql.column("member"), chain]
        steps = (
            {"usable": usable},
            {
                "closes": sql.both(
                    sql.column("usable"), sql.at_most(sql.number(self.at_least), over(exp.Count(this=exp.Star()), back))
                )
            },
            {"member": over(exp.Max(this=closes), ahead), "closed_next": over(exp.Min(this=closed_at), onward)},
            {"previous_at": _previous(moment, [*alike, sql.column("member")])},
            {"starts": sql.case((sql.coalesce(apart, exp.true()), sql.number(1)), otherwise=sql.number(0))},
            {"chain": _running(exp.Sum(this=sql.column("starts")), [*alike, sql.column("member")])},
            {
                "chain_start": _whole(exp.Min(this=moment), in_chain),
                "chain_end": _whole(exp.Max(this=moment), in_chain),
                "chain_events": _whole(exp.Count(this=exp.Star()), in_chain),
                "chain_reported": _whole(exp.Max(this=sql.both(sql.column("in_period"), closes)), in_chain),
            },
        )
        return Judgement(
            columns={**keys, "event_at": sql.moment(at)},
            stages=tuple(Stage(columns=step) for step in steps),
            violation=sql.case((sql.column("usable"), sql.column("member"))),
            reported=sql.both(sql.column("usable"), sql.column("member"), sql.column("chain_reported")),
            anchor=sql.to_the_second(sql.column("chain_start")),
            company=Alike(
                usable=sql.column("usable"),
                by=tuple(alike[1:]),
                at_least=self.at_least,
                at=moment,
                within=self._reach(setting.is_coarse(at)).count,
            ),
            moment=moment,
            facts={
                "events": sql.column("chain_events"),
                "span": sql.minutes_between(sql.column("chain_start"), sql.column("chain_end")),
                "window": sql.text(str(self.window)),
            },
            metric="events",
            value=sql.column("chain_events"),
            threshold=self.at_least,
        )

    def _reach(self, coarse: bool) -> Duration:
        """How far apart two recorded moments may lie and still certainly fall within the window."""
        minutes = self.window.minutes
        if minutes is None:
            raise TypeError("a rule with such a window is refused when it is read")
        return Duration(max(0, minutes - 24 * 60) if coarse else minutes, "minutes")

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        text = Text(
            zh="同一{keys}的记录在{window}内有 {least} 次及以上",
            en="{least} or more rows alike in {keys} fall within {window}",
        ).filled(keys=say.values(self.by), window=self.window.text, least=self.at_least)
        return [Condition(text=text, met=sql.column("member"), about=self.by)]

    def sentence(self, say: Speaker) -> Text:
        return Text(
            zh="同一{keys}在{window}内（含）出现 {least} 次及以上的，即予列出",
            en="flags events alike in {keys} of which {least} or more fall within {window} (inclusive)",
        ).filled(keys=say.values(self.by), window=self.window.text, least=self.at_least)


def _previous(value: sql.Expr, parts: list[sql.Expr]) -> sql.Expr:
    """The value of the event before, among the same parts."""
    return _ordered(exp.Lag(this=value.copy()), parts)


def _running(function: sql.Expr, parts: list[sql.Expr]) -> sql.Expr:
    """A whole number so far."""
    window = _ordered(function, parts)
    window.set("spec", sql.frame("ROWS", "UNBOUNDED", "PRECEDING", "CURRENT ROW", None))
    return sql.cast_to(window, "bigint")


def _whole(function: sql.Expr, parts: list[sql.Expr]) -> sql.Expr:
    return exp.Window(this=function, partition_by=[part.copy() for part in parts])


def _ordered(function: sql.Expr, parts: list[sql.Expr]) -> exp.Window:
    """Over the parts in the order of events; ties are settled by the row's key."""
    order = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in ("event_at", "row_key")]
    return exp.Window(this=function, partition_by=[part.copy() for part in parts], order=exp.Order(expressions=order))
