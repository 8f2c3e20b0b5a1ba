"""A backtest on a screen: a line a month, a line a unit, the curve of a parameter, what came and what went."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.console import console, table
from auditor.core.backtest import Backtest, Comparison, MonthCount, Moved, Tried
from auditor.core.text import Language, Text
from auditor.report.labels import CERTAINTY, STATUS
from auditor.report.numbers import count, share
from auditor.report.tally import grain_word

if TYPE_CHECKING:
    from rich.table import Table

_BAR, _BESIDE_A_BAR = 40, 62
_A_MONTH = "2024-05"
_LISTED = 20
_NONE = "—"
_IN_ALL = Text(zh="合计", en="in all")
_MONTH, _UNIT = Text(zh="月份", en="month"), Text(zh="单位", en="unit")
_COUNTS = (
    Text(zh="已检", en="tested"),
    Text(zh="标出", en="flagged"),
    Text(zh="无法判断", en="unknown"),
    Text(zh="发现", en="findings"),
)
_SHIFTS = (
    Text(zh="新标出", en="newly flagged"),
    Text(zh="不再标出", en="no longer flagged"),
    Text(zh="不变", en="unchanged"),
)
_SUMS = Text(
    zh="合计：各月已检、标出、无法判断相加；同一发现几个月都报告的只计一次",
    en="in all: tested, flagged and unknown of the months added up; a finding that several months report counts once",
)
_LEAD = Text(zh="线索不等于违法，须核查后认定", en="a lead is not a violation: it must be looked into")


def print_backtest(result: Backtest, language: Language, *, page: Path | None = None) -> None:
    """The rule as it is set first, then its values, then what differs from the other version."""
    screen = _Screen(result, language)
    screen.heading()
    if result.tried.lacks is not None:
        screen.say(_lacking(result.tried.lacks))
    else:
        screen.months()
        screen.units()
    if result.varied is not None:
        screen.curve(result.varied)
    if result.comparison is not None:
        screen.comparison(result.comparison)
    if page is not None:
        screen.say(Text(zh=f"页面：{page.as_posix()}", en=f"Page: {page.as_posix()}"))


def _lacking(lacks: Text) -> Text:
    return Text(zh=f"不适用：{lacks.zh}", en=f"not applicable: {lacks.en}")


class _Screen:
    def __init__(self, result: Backtest, language: Language) -> None:
        self.result, self.tried = result, result.tried
        self.language: Language = language
        self.out = console()

    def say(self, text: Text) -> None:
        self.out.print(text.in_(self.language))

    def heading(self) -> None:
        result, card = self.result, self.tried.card
        self.out.print(
            f"{card.rule_id}  {card.title.in_(self.language)}  ({CERTAINTY[card.certainty].word.in_(self.language)}, "
            f"{STATUS[card.status].in_(self.language)})"
        )
        for parameter in card.parameters:
            self.out.print(f"  {parameter.name} = {parameter.value}")
        if card.certainty == "lead":
            self.say(_LEAD)
        for fault in result.contract:
            self.say(Text(zh=f"数据台账问题：{fault.text.zh}", en=f"Fault of a whole table: {fault.text.en}"))
        done, span = len(result.months), f"{result.first} – {result.last}"
        self.say(
            Text(
                zh=f"最近 {done} 个完整月份，每月以月末为截止日；数据 {span}",
                en=f"The last {done} complete months, each as of its last day; data {span}",
            )
        )
        if done < result.asked:
            self.say(
                Text(
                    zh=f"要求 {result.asked} 个月，数据只有 {done} 个",
                    en=f"{result.asked} months were asked for; the data cover {done}",
                )
            )
        read, aside = sum(file.read for file in result.inputs), sum(file.quarantined for file in result.inputs)
        if aside:
            self.say(
                Text(
                    zh=f"数据：读入 {read:,} 行，{aside:,} 行无法使用，已隔离",
                    en=f"Data: {read:,} rows read, {aside:,} of them could not be used",
                )
            )

    def months(self) -> None:
        grain = grain_word(self.tried.grain)
        self._title(Text(zh=f"按月（{grain.zh}）", en=f"By month ({grain.en})"))
        tried = self.tried
        why = (Text(zh="说明", en="note"),) if any(month.reason for month in tried.months) else ()
        rows = self._table(_MONTH, *_COUNTS, *why, words=1 + len(_COUNTS))
        for month in tried.months:
            reason = (month.reason.in_(self.language),) if month.reason else ()
            rows.add_row(month.month, *_month_cells(month), *reason)
        rows.add_row(_IN_ALL.in_(self.language), *_cells(tried.tested, tried.flagged, tried.unknown, tried.findings))
        self.out.print(rows)
        self.say(_SUMS)

    def units(self) -> None:
        """Each unit in all, then its findings month by month."""
        if all(unit.unit_id is None for unit in self.tried.units):
            return
        self._title(Text(zh="按单位（各月合计）", en="By unit (in all)"))
        rows, monthly = self._table(_UNIT, *_COUNTS), list[tuple[str, list[str]]]()
        by_month = [{unit.unit_id: unit for unit in month.units} for month in self.tried.months]
        for unit in self.tried.units:
            name = self._unit(unit.unit_id)
            rows.add_row(name, *_cells(unit.tested, unit.flagged, unit.unknown, unit.findings))
            found = [count(month[unit.unit_id].findings) if unit.unit_id in month else _NONE for month in by_month]
            monthly.append((name, found))
        self.out.print(rows)
        self._monthly(_UNIT, monthly)

    def curve(self, name: str) -> None:
        """A bar a value, as long as its findings are many, with what was tested beside it; then its months."""
        values = self.result.values
        self._title(Text(zh=f"{name} 取不同值时的发现", en=f"Findings as {name} varies"))
        top = max((one.tried.findings for one in values if not one.tried.failed), default=0) or 1
        longest = min(_BAR, max(self.out.width - _BESIDE_A_BAR, _BAR // 4))
        heads = (Text(name, name), Text("", ""), _COUNTS[3], _COUNTS[0], _COUNTS[1])
        rows, monthly = self._table(*heads, words=1), list[tuple[str, list[str]]]()
        for one in values:
            tried, mark = one.tried, Text(zh="（现值）", en=" (as set)").in_(self.language) if one.as_set else ""
            value = f"{one.value}{mark}"
            if tried.lacks is not None:
                rows.add_row(value, _lacking(tried.lacks).in_(self.language))
                continue
            flagged = f"{count(tried.flagged)} ({share(tried.flagged, tried.tested)})"
            cells = (_bar(tried.findings, top, longest), count(tried.findings), count(tried.tested), flagged)
            rows.add_row(value, *(("✕", *(_NONE,) * 3) if tried.failed else cells))
            found = [_NONE if month.result == "error" else count(month.findings) for month in tried.months]
            monthly.append((value, found))
        self.out.print(rows)
        self._monthly(Text(name, name), monthly)
        for one in values:
            self._failed(one.tried, Text(f"{name} = {one.value}", f"{name} = {one.value}"))

    def comparison(self, found: Comparison) -> None:
        source = found.before.card.source
        self._title(Text(zh=f"与 {source} 中的版本比较", en=f"Beside the version in {source}"))
        for one in (self.tried, found.before):
            if one.lacks is not None:
                self.say(Text(zh=f"未比较：{one.lacks.zh}", en=f"not compared: {one.lacks.en}"))
                return
        self._failed(found.before, Text(source, source))
        rows = self._table(_MONTH, *_SHIFTS)
        for month in found.months:
            numbers = (month.newly, month.gone, month.unchanged)
            rows.add_row(month.month, *((count(n) for n in numbers) if month.compared else (_NONE,) * 3))
        lists = (found.newly, found.gone, found.unchanged)
        rows.add_row(_IN_ALL.in_(self.language), *(count(len(listed)) for listed in lists))
        self.out.print(rows)
        if any(unit.unit_id is not None for unit in found.units):
            rows = self._table(_UNIT, *_SHIFTS)
            for unit in found.units:
                rows.add_row(self._unit(unit.unit_id), *(count(n) for n in (unit.newly, unit.gone, unit.unchanged)))
            self.out.print(rows)
        for word, listed in zip(_SHIFTS[:2], lists[:2], strict=True):
            self._list(word, listed)

    def _list(self, word: Text, found: Sequence[Moved]) -> None:
        if not found:
            return
        self.out.print(f"{word.in_(self.language)}  {count(len(found))}")
        for one in found[:_LISTED]:
            months = ", ".join(one.months or one.months_before)
            told = one.sentence.in_(self.language)
            self.out.print(f"  {one.finding_id[:12]}  {months}  {self._unit(one.unit_id)}  {told}")
        if len(found) > _LISTED:
            more = len(found) - _LISTED
            self.say(Text(zh=f"  另有 {more} 项，见 JSON", en=f"  and {more} more: the JSON has them all"))

    def _monthly(self, head: Text, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Findings month by month, in as many tables as it takes to cut no number off."""
        from rich.cells import cell_len

        months = self.result.months
        beside = max((cell_len(name) for name, _ in rows), default=0)
        fit = max(1, (self.out.width - beside - 2) // (len(_A_MONTH) + 2))
        if rows:
            self.say(Text(zh="各月发现", en="Findings by month"))
        for start in range(0, len(months) if rows else 0, fit):
            part = slice(start, start + fit)
            made = self._table(head, *(Text(month, month) for month in months[part]))
            for name, found in rows:
                made.add_row(name, *found[part])
            self.out.print(made)

    def _failed(self, tried: Tried, whose: Text) -> None:
        """Why a version has no numbers for a month."""
        for month in tried.months:
            if month.result == "error" and month.reason is not None:
                self.out.print(f"{whose.in_(self.language)}  {month.month}  {month.reason.in_(self.language)}")

    def _unit(self, unit_id: str | None) -> str:
        if unit_id is None:
            return Text(zh="未记录单位", en="no unit recorded").in_(self.language)
        return f"{unit_id} {self.result.units.get(unit_id, '')}".rstrip()

    def _title(self, text: Text) -> None:
        self.out.print()
        self.say(text)

    def _table(self, *heads: Text, words: int = 0) -> "Table":
        """The first column and that at place `words` hold words, the others numbers."""
        numbers = tuple(place for place in range(1, len(heads)) if place != words)
        return table(*(head.in_(self.language) for head in heads), numbers=numbers)


def _bar(findings: int, top: int, longest: int) -> str:
    """As long as there are findings beside the most of any value; one finding is never nothing."""
    return "█" * max(round(longest * findings / top), 1 if findings else 0)


def _month_cells(month: MonthCount) -> Iterable[str]:
    if month.result == "error":
        return (_NONE,) * 4
    return _cells(month.tested, month.flagged, month.unknown, month.findings)


def _cells(tested: int | None, flagged: int | None, unknown: int | None, findings: int) -> tuple[str, ...]:
    """A share stands beside the count that it is of."""
    if tested is None or flagged is None or unknown is None:
        return (_NONE, _NONE, _NONE, count(findings))
    return (count(tested), f"{count(flagged)} ({share(flagged, tested)})", count(unknown), count(findings))
