"""A backtest as one page that opens from disk: the months, the units, the curve of a parameter, what came and went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.core.backtest import Backtest, Comparison, MonthCount, Moved, Shift, Tried, Value
from auditor.core.text import Language, Text
from auditor.report.assets import write_linked
from auditor.report.charts import Chart
from auditor.report.charts.months import Month, month_curve
from auditor.report.charts.varied import Value as Drawn
from auditor.report.charts.varied import varied
from auditor.report.labels import CERTAINTY, LEVEL, STATUS, Label, subject_word
from auditor.report.numbers import count, share
from auditor.report.page import Page
from auditor.report.render import Frame, environment, write
from auditor.report.tally import grain_word

LISTED = 200
"""Findings listed on the page; backtest.json has them all."""

_NONE = "—"
_NO_UNIT = Text(zh="未记录单位", en="no unit recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A month, a unit or a value: its counts as printed, and its findings month by month where they are told."""

    name: Text
    tested: str
    flagged: str
    share: str
    unknown: str
    findings: str
    reason: Text | None = None
    as_set: bool = False
    months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifted:
    """A month or a unit, and how many findings came, went and stayed there."""

    name: Text
    newly: str
    gone: str
    unchanged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding as listed; `months` are those of the version that flags it."""

    level: Label
    kind: Text
    subject: str
    message: Text
    unit: Text
    months: str
    finding_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One of the two lists of a comparison; `total` counts what is left out of `lines` too."""

    title: Text
    total: str
    left_out: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The rule beside another version; `lacks` where one of the two could not run at all."""

    source: str
    parameters: str
    lacks: Text | None
    months: tuple[Shifted, ...]
    units: tuple[Shifted, ...]
    total: Shifted
    lists: tuple[Listing, ...]


def render(result: Backtest, folder: Path, *, language: Language) -> None:
    """Writes index.html into `folder`. Raises OSError where it cannot be written."""
    first, last = result.months[0], result.months[-1]
    frame = Frame(period=f"{first}..{last}", as_of=last, masked=True, quarantined=False, language=language)
    write_linked(folder, "backtest.html.j2")
    write(environment(), page_of(result), frame, folder)


def page_of(result: Backtest) -> Page:
    tried, card = result.tried, result.tried.card
    read, aside = sum(file.read for file in result.inputs), sum(file.quarantined for file in result.inputs)
    context: dict[str, object] = {
        "result": result,
        "card": card,
        "certainty": CERTAINTY[card.certainty],
        "level": LEVEL[card.level],
        "status": STATUS[card.status],
        "grain": grain_word(tried.grain),
        "lacks": tried.lacks,
        "total": _counted(_text(""), tried),
        "months": [_month(month) for month in tried.months],
        "noted": any(month.reason for month in tried.months),
        "months_chart": None if tried.lacks else _months_chart(tried),
        "units": _units(result),
        "curve_chart": _curve(result),
        "values": [_value(one) for one in result.values],
        "compared": None if result.comparison is None else _compared(result, result.comparison),
        "read": count(read),
        "aside": count(aside) if aside else None,
    }
    title = Text(zh=f"回测 {card.title.zh}", en=f"Backtest: {card.title.en}")
    return Page(path="index.html", template="backtest.html.j2", title=title, context=context)


def _months_chart(tried: Tried) -> Chart:
    ran = [month.result != "error" for month in tried.months]
    counted = [
        Month(month=month.month, flagged=month.flagged if ok else None, tested=month.tested if ok else None)
        for month, ok in zip(tried.months, ran, strict=True)
    ]
    title = Text(zh="各月标出与受检", en="Flagged of tested, month by month")
    return month_curve(counted, title=title, tone=tried.card.certainty, what=grain_word(tried.grain))


def _curve(result: Backtest) -> Chart | None:
    if result.varied is None:
        return None
    return varied(result.varied, [_point(one) for one in result.values], tone=result.tried.card.certainty)


def _point(one: Value) -> Drawn:
    """A value with which the rule broke in some month has no number to draw: it would read like fewer findings."""
    tried = one.tried
    runs = not (tried.lacks or tried.failed)
    return Drawn(
        value=one.value,
        findings=tried.findings if runs else None,
        flagged=tried.flagged if runs else 0,
        tested=tried.tested if runs else 0,
        as_set=one.as_set,
    )


def _month(month: MonthCount) -> Counted:
    if month.result == "error":
        return _not_run(_text(month.month), month.reason)
    return _counted(_text(month.month), month, reason=month.reason)


def _not_run(name: Text, reason: Text | None, *, as_set: bool = False, by_month: tuple[str, ...] = ()) -> Counted:
    return Counted(
        name=name,
        tested=_NONE,
        flagged=_NONE,
        share=_NONE,
        unknown=_NONE,
        findings=_NONE,
        reason=reason,
        as_set=as_set,
        months=by_month,
    )


def _counted(
    name: Text,
    of: MonthCount | Tried,
    *,
    reason: Text | None = None,
    as_set: bool = False,
    by_month: tuple[str, ...] = (),
) -> Counted:
    return Counted(
        name=name,
        tested=count(of.tested),
        flagged=count(of.flagged),
        share=share(of.flagged, of.tested),
        unknown=count(of.unknown),
        findings=count(of.findings),
        reason=reason,
        as_set=as_set,
        months=by_month,
    )


def _units(result: Backtest) -> list[Counted]:
    """Every unit over all months; none where the rule tells no units apart."""
    tried = result.tried
    if all(unit.unit_id is None for unit in tried.units):
        return []
    by_month = [{unit.unit_id: unit for unit in month.units} for month in tried.months]
    return [
        Counted(
            name=_unit(result.units, unit.unit_id),
            tested=_known(unit.tested),
            flagged=_known(unit.flagged),
            share=_NONE if unit.tested is None else share(unit.flagged or 0, unit.tested),
            unknown=_known(unit.unknown),
            findings=count(unit.findings),
            months=tuple(count(month[unit.unit_id].findings) if unit.unit_id in month else _NONE for month in by_month),
        )
        for unit in tried.units
    ]


def _value(one: Value) -> Counted:
    tried, name = one.tried, _text(one.value)
    if tried.lacks is not None:
        return _not_run(name, tried.lacks, as_set=one.as_set, by_month=(_NONE,) * len(tried.months))
    by_month = tuple(_NONE if month.result == "error" else count(month.findings) for month in tried.months)
    if tried.failed:
        reason = next(month.reason for month in tried.months if month.result == "error")
        return _not_run(name, reason, as_set=one.as_set, by_month=by_month)
    return _counted(name, tried, as_set=one.as_set, by_month=by_month)


def _compared(result: Backtest, found: Comparison) -> Compared:
    card = found.before.card
    lists = ((_NEWLY, found.newly), (_GONE, found.gone))
    return Compared(
        source=card.source,
        parameters=", ".join(f"{parameter.name} = {parameter.value}" for parameter in card.parameters),
        lacks=result.tried.lacks or found.before.lacks,
        months=tuple(
            _shifted(_text(month.month), (month.newly, month.gone, month.unchanged) if month.compared else None)
            for month in found.months
        ),
        units=tuple(_shifted(_unit(result.units, unit.unit_id), _numbers(unit)) for unit in found.units),
        total=_shifted(_text(""), (len(found.newly), len(found.gone), len(found.unchanged))),
        lists=tuple(_listing(title, moved, result.units) for title, moved in lists if moved),
    )


_NEWLY = Text(zh="新标出", en="Newly flagged")
_GONE = Text(zh="不再标出", en="No longer flagged")


def _numbers(unit: Shift) -> tuple[int, int, int]:
    return unit.newly, unit.gone, unit.unchanged


def _shifted(name: Text, numbers: tuple[int, int, int] | None) -> Shifted:
    newly, gone, unchanged = (_NONE, _NONE, _NONE) if numbers is None else map(count, numbers)
    return Shifted(name=name, newly=newly, gone=gone, unchanged=unchanged)


def _listing(title: Text, found: Sequence[Moved], names: Mapping[str, str]) -> Listing:
    return Listing(
        title=title,
        total=count(len(found)),
        left_out=max(0, len(found) - LISTED),
        lines=tuple(_lines(found[:LISTED], names)),
    )


def _lines(found: Iterable[Moved], names: Mapping[str, str]) -> Iterable[Line]:
    for one in found:
        yield Line(
            level=LEVEL[one.level],
            kind=subject_word(one.subject_type),
            subject=one.subject,
            message=one.sentence,
            unit=_unit(names, one.unit_id),
            months=", ".join(one.months or one.months_before),
            finding_id=one.finding_id,
        )


def _unit(names: Mapping[str, str], unit_id: str | None) -> Text:
    return _NO_UNIT if unit_id is None else _text(f"{unit_id} {names.get(unit_id, '')}".rstrip())


def _known(value: int | None) -> str:
    return _NONE if value is None else count(value)


def _text(same: str) -> Text:
    return Text(same, same)
