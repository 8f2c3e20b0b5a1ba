"""What a finding of several events rests on, along time: how close they lie, and the window or the gap that counts.

Drawn are findings that say so by their facts: `events` of a chain, or the `other` event with which one collides. Which
column an event's moment stands in no finding says; it is the one in which the rows span what the finding does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.core.duration import parse_duration
from auditor.core.finding import Evidence, Finding
from auditor.core.masks import Secrets, described
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts.chart import Chart, Row

LANES = 6
"""Findings in one picture, the gravest."""

EVENTS = 60
"""Events of one finding drawn, the first; its page lists every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`other` is the event that another one is held against, before or beside it."""

    at: datetime
    key: str
    href: str | None
    other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The events of one finding in order; `window` in minutes, None where no span of time counts."""

    name: str
    href: str
    events: tuple[Event, ...]
    window: int | None
    note: str
    total: int


def events(book: Book, findings: Sequence[Finding], *, tone: str) -> Chart | None:
    """The first of the findings that can be drawn; None where there is none."""
    lanes: list[Lane] = []
    for finding in findings:
        if len(lanes) < LANES and (lane := lane_of(book, finding)) is not None:
            lanes.append(lane)
    if not lanes:
        return None
    few = Text(zh=f"图中为最严重的 {len(lanes)} 项。", en=f" The {len(lanes)} gravest are drawn.")
    more = few if len(findings) > len(lanes) else Text("", "")
    return Chart(
        name="events",
        title=Text(zh="所依据事件的先后", en="The events in time"),
        caption=Text(
            zh=f"每行一项发现，自首个事件起计时；实心点为被判断的记录，空心点为与之比较的记录，"
            f"虚框为规则的时间窗或最短间隔。{more.zh}",
            en="A line a finding, in time from its first event; filled: judged rows, hollow: what they are held "
            f"against; the dashed box: the rule's window, or the least time between.{more.en}",
        ),
        tone=tone,
        data={"lanes": [_drawn(lane) for lane in lanes]},
        heads=(
            Text(zh="对象", en="Subject"),
            Text(zh="记录", en="Row"),
            Text(zh="时间", en="At"),
            Text(zh="距首个事件", en="From the first"),
        ),
        rows=tuple(
            Row(
                cells=(lane.name, one.key, _moment(one.at), _apart(one.at - lane.events[0].at)),
                href=one.href or lane.href,
            )
            for lane in lanes
            for one in lane.events
        ),
        cut=sum(lane.total - len(lane.events) for lane in lanes),
    )


def lane_of(book: Book, finding: Finding) -> Lane | None:
    facts = {fact.name: fact.value for fact in finding.facts}
    if not ({"events", "other_at"} & facts.keys()) or finding.first_at is None:
        return None
    secrets = book.secrets(finding)
    rows = [
        (one, record.table_name, dict(record.values.items()))
        for one in book.subjects(finding)
        if (record := book.record(one)) is not None
    ]
    column = _column([(table, values) for _, table, values in rows], finding)
    if column is None:
        return None
    found = [_event(book, one, datetime.fromisoformat(values[column]), secrets) for one, _, values in rows]
    if other_at := facts.get("other_at"):
        href = book.finding_href(finding)
        key = book.masks.scrub(facts.get("other") or "", secrets)
        found.append(Event(at=datetime.fromisoformat(other_at), key=key, href=href, other=True))
    found = sorted(found, key=lambda one: (one.at, one.key))
    if len(found) < 2:
        return None
    length = parse_duration(facts.get("window") or "")
    subject = book.masks.subject(finding.subject_type, finding.subject_id, secrets)
    name = book.officer_name(finding.subject_id) if finding.subject_type == "officer" else ""
    distance = facts.get("distance_km")
    return Lane(
        name=f"{subject} {name}".strip(),
        href=book.finding_href(finding),
        events=tuple(found[:EVENTS]),
        window=None if length is None else length.minutes,
        note=f"{float(distance):,.0f} km" if distance else "",
        total=len(found),
    )


def _column(rows: Sequence[tuple[str, Mapping[str, str]]], finding: Finding) -> str | None:
    """The moment in which the rows, each its table and its values, begin and end as the finding does; of several the
    first of the table."""
    if not rows or finding.first_at is None or finding.last_at is None:
        return None
    for name in dict.fromkeys(name for _, values in rows for name in values):
        column = described(rows[0][0], name)
        if column is None or column.type not in ("timestamp", "date"):
            continue
        moments = [datetime.fromisoformat(values[name]) for _, values in rows if name in values]
        if len(moments) == len(rows) and (min(moments), max(moments)) == (finding.first_at, finding.last_at):
            return name
    return None


def _event(book: Book, one: Evidence, at: datetime, secrets: Secrets) -> Event:
    slug = book.slug_of(book.case_key(one))
    return Event(at=at, key=book.masks.scrub(one.row_key, secrets), href=None if slug is None else f"case.html#{slug}")


def compact(lane: Lane) -> dict[str, object]:
    """A lane as the viewer's `figures.js` reads it: there may be a hundred thousand."""
    first = lane.events[0].at
    item: dict[str, object] = {
        "f": f"{first:%Y-%m-%d %H:%M}",
        "m": [round((one.at - first).total_seconds() / 60) for one in lane.events],
    }
    if lane.window is not None:
        item["w"] = lane.window
    if lane.note:
        item["n"] = lane.note
    if others := [place for place, one in enumerate(lane.events) if one.other]:
        item["o"] = others
    return item


def _drawn(lane: Lane) -> dict[str, object]:
    first = lane.events[0].at
    return {
        "name": lane.name,
        "href": lane.href,
        "from": _moment(first),
        "window": lane.window,
        "note": lane.note,
        "events": [
            {
                "minutes": round((one.at - first).total_seconds() / 60, 2),
                "at": _moment(one.at),
                "key": one.key,
                **({"href": one.href} if one.href else {}),
                **({"other": 1} if one.other else {}),
            }
            for one in lane.events
        ],
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{at:%Y-%m-%d %H:%M}"


def _apart(apart: timedelta) -> Text:
    minutes = int(apart.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "天", "d"), (hours, "小时", "h"), (left, "分", "min")]
    said = [part for part in parts if part[0]] or [(0, "分", "min")]
    return Text(
        zh="+" + " ".join(f"{n} {zh}" for n, zh, _ in said), en="+" + " ".join(f"{n} {en}" for n, _, en in said)
    )
