"""The interval overlap and impossible travel: one officer or vehicle in two places at once.

Each event is held against one before it, the one that ends last: whoever is in two places at once is found with it,
and no event has to be compared with every other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.core.text import Text, run_on
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.company import Beside, Soon
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.read_from import column_of
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_FURTHEST_KM = 20_016
"""Half the circumference of a sphere of the mean earth radius: no two places lie further apart."""


_AT_ONCE = Text(zh="两个事件的{place}不同而时间重叠", en="the two overlap at different values of {place}")
_APART = Text(
    zh="两个事件的{place}不同而相隔不足{least}", en="the two lie less than {least} apart at different values of {place}"
)
_TOO_FAST = Text(
    zh="从前一事件的地点赶来需要超过每小时 {speed} 公里",
    en="to come from the one before asks for more than {speed} km/h",
)
_IMPOSSIBLE = Text(zh="两个事件不可能都属实", en="the two cannot both be so")


@kind("overlap")
@dataclass(frozen=True, kw_only=True)
class Overlap(RowKind):
    """Flags an event of somebody (`who`) who was at another place too short a time before.

    An event takes place at the moment `at`, or lasts until `to`. It is held against the event before it in time, of
    those that began before it the one that ends last, and of ties the later by key. With `place`, the two are flagged
    where the places differ and less than `within` lies between them; exactly `within` apart is in order. With `to`,
    `within` may be left out: then only events that overlap are flagged, not those that touch. With `lon`, `lat` and
    `speed_kmh` they are flagged where the great-circle distance (haversine formula, Sinnott, Virtues of the Haversine,
    1984; mean earth radius 6,371.0088 km) asks for more than that speed. As moments are often recorded to the minute,
    one minute is added to the time that there was; over the road the way is longer than the great circle, never
    shorter. Flagged is the later event; the earlier one is its evidence, and may lie before the period.

    NULL: an event with a blank in `who`, `at`, `to`, `place`, `lon` or `lat`, as far as they are named, or one that
    ends before it begins, is unknown and held against nothing. On moments known to the day only nothing is judged:
    every event is unknown.
    """

    example = """\
who: [officer_id]
at: occurred_at
place: place_id
within: 5 minutes
"""

    fact_specs = {
        "other": FactSpec(type="string", doc=Text(zh="前一事件", en="the earlier event")),
        "other_at": FactSpec(type="timestamp", doc=Text(zh="前一事件时间", en="when the earlier event took place")),
        "other_end": FactSpec(type="timestamp", doc=Text(zh="前一事件结束", en="when the earlier event ended")),
        "other_place": FactSpec(type="string", doc=Text(zh="前一地点", en="the place of the earlier event")),
        "apart": FactSpec(type="minutes", doc=Text(zh="间隔", en="from the earlier event's end to this one's start")),
        "distance_km": FactSpec(type="double", doc=Text(zh="直线距离（公里）", en="great-circle distance in km")),
    }

    who: tuple[sql.Expr, ...] = reads("expressions", Text(zh="何人何车", en="who cannot be in two places at once"))
    at: sql.Expr | None = reads(
        "expression", Text(zh="事件时间", en="the moment of an event; the table's own, if left out"), default=None
    )
    to: sql.Expr | None = reads("expression", Text(zh="结束时间", en="when an event ended, if it lasted"), default=None)
    place: sql.Expr | None = reads("expression", Text(zh="地点", en="the place, by its code"), default=None)
    within: Duration | None = reads(
        "duration", Text(zh="最短间隔", en="the least time between two places; 0 if events have an end"), default=None
    )
    lon: sql.Expr | None = reads("expression", Text(zh="经度", en="longitude in degrees"), default=None)
    lat: sql.Expr | None = reads("expression", Text(zh="纬度", en="latitude in degrees"), default=None)
    speed_kmh: int | None = reads("count", Text(zh="最高可能时速", en="the highest possible speed, km/h"), default=None)

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        steps = [
            Text(zh="前一事件 {other}：{other_at}，间隔 {apart}", en="earlier event {other}: {other_at}, {apart} apart")
        ]
        if self.place is not None:
            steps.append(Text(zh="前一地点 {other_place}", en="earlier place {other_place}"))
        if self.lon is not None:
            steps.append(Text(zh="直线距离 {distance_km} 公里", en="{distance_km} km as the crow flies"))
        return tuple(steps)

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        travel = [self.lon is not None, self.lat is not None, self.speed_kmh is not None]
        if any(travel) and not all(travel):
            found.append(("speed_kmh", "`lon`, `lat` and `speed_kmh` go together"))
        if self.place is None and not any(travel):
            found.append(("place", "name the `place`, or `lon`, `lat` and `speed_kmh`"))
        if self.place is None and self.within is not None:
            found.append(("within", "is the time between two places; name the `place`"))
        if self.place is not None and self.within is None and self.to is None:
            found.append(("within", "is needed where events have no end (`to`)"))
        if self.within is not None and self.within.minutes is None:
            found.append(("within", "must be in minutes, hours or days"))
        return found

    def reaches_back_to(self, first: date, last: date) -> date | None:
        """An event that lasts may have begun earlier still: how long they last, no rule says."""
        lengths = [self.within] if self.within is not None and self.within.count else []
        if self.speed_kmh:
            lengths.append(Duration(-(-_FURTHEST_KM // self.speed_kmh), "hours"))
        return min((day_before(first, length) for length in lengths), default=None)

    def judge(self, setting: Setting) -> Judgement:
        at = self.at if self.at is not None else setting.needed_moment()
        coarse = setting.is_coarse(at) or (self.to is not None and setting.is_coarse(self.to))
        who = {f"who_{number}": part for number, part in enumerate(self.who, 1)}
        where: dict[str, sql.Expr] = {}
        if self.place is not None:
            where["event_place"] = sql.cast_to(self.place, "text")
        if self.lon is not None and self.lat is not None:
            where |= {"event_lon": self.lon, "event_lat": self.lat}
        start, end = sql.column("event_at"), sql.column("event_end")
        usable = sql.both(
            exp.false() if coarse else exp.true(),
            sql.coalesce(sql.column("in_scope"), exp.false()),
            sql.less(start, setting.clock.end),
            exp.true() if self.to is None else sql.at_most(start, end),
            *(sql.is_known(sql.column(name)) for name in (*who, *where)),
        )
        alike = [sql.column("usable"), *(sql.column(name) for name in who)]
        order = [sql.column(name) for name in ("event_at", "row_key", "source_file", "source_row")]
        carried = {"other": "row_key", "other_file": "source_file", "other_row": "source_row"}
        carried |= {"other_at": "event_at", "other_end": "event_end"}
        carried |= {name.replace("event", "other"): name for name in where}
        steps = (
            {"usable": sql.coalesce(usable, exp.false())},
            *self._before(carried, alike, order),
            {"metres": self._metres(), "seconds": sql.seconds_between(sql.column("other_end"), start)},
        )
        violation = sql.case(
            (sql.negate(sql.column("usable")), exp.null()),
            otherwise=sql.coalesce(sql.either(*self._conflicts()), exp.false()),
        )
        earlier = sql.both(
            sql.equal(sql.column(SOURCE_FILE, "register"), sql.column("other_file", "f")),
            sql.equal(sql.column(SOURCE_ROW, "register"), sql.column("other_row", "f")),
        )
        facts = {name: sql.column(name) for name in ("other", "other_at", "other_end")}
        facts["apart"] = sql.minutes_between(sql.column("other_end"), start)
        repeated: dict[str, str] = {}
        if self.place is not None:
            facts["other_place"] = sql.column("other_place")
            if (named := column_of(self.place)) is not None:
                repeated["other_place"] = named
        if self.lon is not None:
            facts["distance_km"] = exp.Round(
                this=sql.product(sql.column("metres"), sql.number(0.001)), decimals=sql.number(1)
            )
        return Judgement(
            columns={
                **who,
                **where,
                "event_at": sql.moment(at),
                "event_end": sql.moment(at if self.to is None else self.to),
            },
            stages=tuple(Stage(columns=step) for step in steps),
            violation=violation,
            reported=sql.both(sql.column("in_period"), sql.coalesce(violation, exp.false())),
            moment=start,
            facts=facts,
            fact_columns=repeated,
            registers={setting.scope.table.name: earlier},
            company=self._company(list(who), list(where)) if self.to is None else None,
        )

    def _company(self, who: Sequence[str], where: Sequence[str]) -> Beside:
        """Of events without an end only those can be in conflict that are so with the one before them in time; where
        several are at one moment, which of them is that one is left to the closer look."""
        at, previous, second = (sql.column(name) for name in ("event_at", "previous_event_at", "second_event_at"))
        there = {"other_end": previous, "seconds": sql.seconds_between(previous, at), "metres": self._metres()}

        def beside(node: sql.Expr) -> sql.Expr:
            if not isinstance(node, exp.Column):
                return node
            return sql.wrap(there[node.name]) if node.name in there else sql.column(_of_previous(node.name))

        conflict = sql.either(*(condition.transform(beside).transform(beside) for condition in self._conflicts()))
        at_one_moment = [
            sql.equal(at, previous),
            sql.equal(at, sql.column("next_event_at")),
            sql.equal(previous, second),
        ]
        usable = sql.column("usable")
        return Beside(
            blank=sql.negate(usable),
            usable=usable,
            by=tuple(sql.column(name) for name in who),
            order=at,
            compare={name: sql.column(name) for name in ("event_at", *where)},
            suspect=sql.coalesce(sql.either(conflict, *at_one_moment), exp.false()),
            soon=self._soon(),
        )

    def _soon(self) -> Soon | None:
        """A journey may be impossible however long ago it began; two places are too near in time only so long."""
        within = None if self.within is None else self.within.minutes
        if self.place is None or within is None or self.speed_kmh is not None:
            return None
        return Soon(within=within, spot=sql.column("event_place"))

    def _before(
        self, carried: Mapping[str, str], alike: Sequence[sql.Expr], order: Sequence[sql.Expr]
    ) -> list[dict[str, sql.Expr]]:
        """The event that each is held against: the one before it or, of events that last, the last of those before it
        that ended no sooner than any earlier one."""
        if self.to is None:
            return [{name: sql.previous(sql.column(value), alike, order) for name, value in carried.items()}]
        end = sql.column("event_end")
        before = sql.frame("ROWS", "UNBOUNDED", "PRECEDING", sql.number(1), "PRECEDING")

        def last(value: sql.Expr) -> sql.Expr:
            longest = exp.IgnoreNulls(this=exp.LastValue(this=sql.case((sql.column("outlasts"), value))))
            return sql.in_order(longest, alike, order, before.copy())

        return [
            {"end_before": sql.in_order(exp.Max(this=end), alike, order, before.copy())},
            {"outlasts": sql.coalesce(sql.at_most(sql.column("end_before"), end), exp.true())},
            {name: last(sql.column(value)) for name, value in carried.items()},
        ]

    def _metres(self) -> sql.Expr:
        if self.lon is None:
            return sql.cast_to(exp.null(), "double")
        names = ("event_lon", "event_lat", "other_lon", "other_lat")
        return sql.metres_between(*(sql.column(name) for name in names))

    def _conflicts(self) -> list[sql.Expr]:
        """What makes the event and the one before it impossible together; NULL where there is none before it."""
        found: list[sql.Expr] = []
        if self.place is not None:
            apart = sql.negate(sql.equal(sql.column("event_place"), sql.column("other_place")))
            end = sql.column("other_end")
            free = end if self.within is None else sql.later(end, self.within)
            found.append(sql.both(apart, sql.less(sql.column("event_at"), free)))
        if self.speed_kmh is not None:
            had = sql.plus(
                sql.case(
                    (sql.less(sql.number(0), sql.column("seconds")), sql.column("seconds")), otherwise=sql.number(0)
                ),
                sql.number(60),
            )
            # metres in 3,600 seconds, so that nothing is rounded by dividing
            asked = sql.product(sql.column("metres"), sql.number(3600))
            found.append(sql.less(sql.product(had, sql.number(self.speed_kmh * 1000)), asked))
        return found

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        before = Text(zh="同一{who}此前有另一事件", en="there is an event of one {who} before it")
        earlier = Condition(
            text=before.filled(who=say.values(self.who)),
            met=sql.is_known(sql.column("other_at")),
            role="scope",
            about=self.who,
        )
        texts: list[tuple[Text, tuple[sql.Expr, ...]]] = []
        if self.place is not None:
            least = self.within or Duration(0, "minutes")
            form = _APART if least.count else _AT_ONCE
            texts.append((form.filled(place=say.value(self.place), least=least.text), (self.place,)))
        if self.speed_kmh is not None and self.lon is not None and self.lat is not None:
            texts.append((_TOO_FAST.filled(speed=self.speed_kmh), (self.lon, self.lat)))
        conflicts = zip(texts, self._conflicts(), strict=True)
        ways = [Condition(text=text, met=conflict, about=about) for (text, about), conflict in conflicts]
        return [earlier, choice(_IMPOSSIBLE, ways)]

    def sentence(self, say: Speaker) -> Text:
        conflicts: list[Text] = []
        if self.place is not None:
            least = self.within or Duration(0, "minutes")
            form = Text(zh="在两个不同的{place}时间上重叠", en="overlap at two different values of {place}")
            if least.count:
                form = Text(
                    zh="在两个不同的{place}相隔不足{least}",
                    en="lie less than {least} apart at two different values of {place}",
                )
            conflicts.append(form.filled(place=say.value(self.place), least=least.text))
        if self.speed_kmh is not None:
            fast = Text(
                zh="前后两地的直线距离需要超过每小时 {speed} 公里的速度才能到达",
                en="ask for more than {speed} km/h as the crow flies",
            )
            conflicts.append(fast.filled(speed=self.speed_kmh))
        return Text(
            zh="同一{who}的前后事件{conflicts}的，即予列出",
            en="flags an event of one {who} that, with the one before it, would {conflicts}",
        ).filled(who=say.values(self.who), conflicts=run_on(conflicts, Text(zh="，或者", en=" or ")))


def _of_previous(name: str) -> str:
    """What the event before is called beside an event: other_place is its event_place."""
    return name.replace("other_", "previous_event_") if name.startswith("other_") else name
