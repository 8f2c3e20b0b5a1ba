"""All dated steps of a case in order, with the ends of legal time limits drawn among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from auditor.core.finding import Finding, Record
from auditor.core.masks import described
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts import Mark, line_of_time

_TITLE = Text(zh="案件时间线", en="timeline of the case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`at` sorts; `shown` is printed. `since` says how long after the step before it. `limit` marks a legal limit."""

    at: datetime
    shown: str
    what: Text
    where: Text
    limit: bool
    late: bool = False
    since: Text | None = None


def steps(book: Book, records: Iterable[Record], findings: Iterable[Finding]) -> list[Step]:
    """Steps of records of acts (not of registers, whose validity is no step of the case), limits from `due` facts."""
    found = {(step.at, step.where.zh, step.what.zh): step for record in records for step in _steps_of(record)}
    for finding in findings:
        for fact in finding.facts:
            if fact.name == "due" and fact.value and fact.type in ("date", "timestamp"):
                step = _limit(fact.value, book.card(finding).title)
                found[step.at, step.where.zh, step.what.zh] = step
        if not finding.carried and (step := _open_until(finding)) is not None:
            found[step.at, step.where.zh, step.what.zh] = step
    ordered = sorted(found.values(), key=lambda step: (step.at, step.limit, step.where.zh, step.what.zh))
    return _spaced(ordered)


def chart(found: list[Step]) -> Markup | None:
    return line_of_time([Mark(at=step.at, day=step.shown[:10], limit=step.limit) for step in found], _TITLE)


def _steps_of(record: Record) -> Iterable[Step]:
    table = tables().get(record.table_name)
    if table is None or table.valid is not None:
        return
    for name, value in record.values.items():
        column = described(record.table_name, name)
        if column is not None and column.type in ("timestamp", "date"):
            moment = datetime.fromisoformat(value)
            yield Step(at=moment, shown=_shown(moment), what=column.label, where=table.label, limit=False)


def _limit(value: str, rule: Text) -> Step:
    """A limit in whole days ends at 24:00 of its day, so it stands after everything of that day."""
    moment = datetime.fromisoformat(value)
    whole_day = moment.time() == time(0)
    return Step(
        at=moment + timedelta(days=1) if whole_day else moment,
        shown=f"{_shown(moment)} 24:00" if whole_day else _shown(moment),
        what=Text(zh="期限届满", en="legal limit ends"),
        where=rule,
        limit=True,
    )


def _open_until(finding: Finding) -> Step | None:
    """The as-of day, as the last step of what was not done by then."""
    facts = {fact.name: fact.value for fact in finding.facts}
    as_of = facts.get("as_of")
    if as_of is None or "finish" not in facts or facts["finish"] is not None:
        return None
    day = datetime.fromisoformat(as_of)
    return Step(
        at=day + timedelta(days=1),
        shown=f"{_shown(day)} 24:00",
        what=Text(zh="统计截止,尚未完成", en="as-of day, still open"),
        where=Text(zh="", en=""),
        limit=False,
    )


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if moment.time() == time(0) else f"{moment:%Y-%m-%d %H:%M}"


def _spaced(ordered: list[Step]) -> list[Step]:
    limits = [step.at for step in ordered if step.limit]
    spaced: list[Step] = []
    for before, step in zip([None, *ordered], ordered, strict=False):
        spaced.append(
            Step(
                at=step.at,
                shown=step.shown,
                what=step.what,
                where=step.where,
                limit=step.limit,
                late=not step.limit and bool(limits) and step.at > limits[0],
                since=_since(before.at, step.at) if before else None,
            )
        )
    return spaced


def _since(before: datetime, after: datetime) -> Text | None:
    days = _day(after) - _day(before)
    if after == before:
        return None
    if days.days == 0:
        minutes = int((after - before).total_seconds() // 60)
        hours, rest = divmod(minutes, 60)
        return Text(
            zh=f"+{hours} 小时 {rest} 分" if hours else f"+{rest} 分",
            en=f"+{hours} h {rest} min" if hours else f"+{rest} min",
        )
    return Text(zh=f"+{days.days} 天", en=f"+{days.days} day{'' if days.days == 1 else 's'}")


def _day(moment: datetime) -> date:
    return moment.date()
