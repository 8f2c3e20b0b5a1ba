"""Months that an extract lacks: one without rows between months that have them, and a last one with half of them.

Judged on the rows that were loaded: a month of which every row was quarantined is as empty as one never exported.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise
from typing import Any

from auditor.core.period import last_complete_month
from auditor.core.result import ContractFinding
from auditor.core.schema import SOURCE_FILE, Table
from auditor.core.text import Text
from auditor.intake.checks.thresholds import (
    EXPECTED,
    EXPECTED_IN_BURSTS,
    FELL,
    FEWEST_MONTHS,
    MONTHS_BEFORE,
    NEIGHBOURS,
    USUAL,
)
from auditor.intake.store.database import ibis

_MAIN = "cases"
"""The table that says how far an extract reaches, as it does for the period of an audit."""

_Month = int
"""Months since the year 0."""


def missing_months(con: Any, tables: Sequence[Table]) -> list[ContractFinding]:
    """Of those of the loaded tables that have a moment: every run of empty months, and a last complete month that fell.

    A table is only judged up to the last complete month of the cases, and only within what it has itself: an export
    that never had the early months is a short one, not a broken one.
    """
    dated = {table.name: _counted(con, table) for table in tables if table.at}
    counts = {name: months for name, (months, _, _) in dated.items() if months}
    findings: list[ContractFinding] = []
    for table in tables:
        if table.name in counts:
            months, (_, first, last) = counts[table.name], dated[_MAIN if _MAIN in counts else table.name]
            complete = _month(last_complete_month(first, last).first)
            gaps = _gaps(months, complete, EXPECTED if table.name == _MAIN else EXPECTED_IN_BURSTS)
            findings += [_empty(con, table, gap, expected) for gap, expected in gaps]
            fell = _fell(months, complete, {month for gap, _ in gaps for month in gap})
            if fell is not None:
                findings.append(_fallen(con, table, complete, *fell))
    return findings


def _counted(con: Any, table: Table) -> tuple[dict[_Month, int], date, date]:
    """The rows of each month, and the first and last day of any."""
    rows = con.table(table.name)
    has = [rows[name] for name in table.at if name in rows.columns]
    if not has:
        return {}, date.min, date.min
    day = reduce(lambda one, other: one.coalesce(other), (value.cast("timestamp") for value in has)).date()
    days = rows.select(day=day)
    days = days.filter(days.day.notnull())
    by_month = days.group_by(month=days.day.year() * 12 + days.day.month() - 1).aggregate(
        n=ibis._.count(), first=ibis._.day.min(), last=ibis._.day.max()
    )
    found: list[dict[str, Any]] = con.to_pyarrow(by_month).to_pylist()
    if not found:
        return {}, date.min, date.min
    return (
        {int(row["month"]): int(row["n"]) for row in found},
        min(row["first"] for row in found),
        max(row["last"] for row in found),
    )


def _gaps(months: Mapping[_Month, int], complete: _Month, enough: int) -> list[tuple[range, float]]:
    """The runs of empty months between months with rows, as far as rows were to be expected there, and how many a
    month: the smaller of the means on both sides, so that a stray date of another year expects nothing."""
    filled = sorted(months)
    first, last = filled[0], min(filled[-1], max(complete, filled[0]))
    found: list[tuple[range, float]] = []
    for before, after in pairwise(filled):
        gap = range(before + 1, after)
        if not gap or before >= last:
            continue
        earlier = range(max(before - NEIGHBOURS + 1, first), before + 1)
        later = range(after, min(after + NEIGHBOURS - 1, filled[-1]) + 1)
        expected = min(_mean(months, earlier), _mean(months, later))
        if expected >= enough:
            found.append((gap, expected))
    return found


def _fell(months: Mapping[_Month, int], complete: _Month, empty: Collection[_Month]) -> tuple[int, float, int] | None:
    """The rows of the last complete month, the mean of those before it and of how many, where it fell by half."""
    before = range(max(complete - MONTHS_BEFORE, min(months)), complete)
    usual = [month for month in before if month not in empty]
    if len(usual) < FEWEST_MONTHS or complete in empty:
        return None
    mean, rows = _mean(months, usual), months.get(complete, 0)
    return (rows, mean, len(usual)) if mean >= USUAL and rows <= FELL * mean else None


def _mean(months: Mapping[_Month, int], of: Collection[_Month]) -> float:
    return sum(months.get(month, 0) for month in of) / len(of)


def _month(day: date) -> _Month:
    return day.year * 12 + day.month - 1


def _label(month: _Month) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _files(con: Any, table: Table) -> tuple[str, ...]:
    names = con.to_pyarrow(con.table(table.name).select(SOURCE_FILE).distinct().order_by(SOURCE_FILE))
    return tuple(row[SOURCE_FILE] for row in names.to_pylist())


def _empty(con: Any, table: Table, gap: range, expected: float) -> ContractFinding:
    span = _label(gap[0]) if len(gap) == 1 else f"{_label(gap[0])} – {_label(gap[-1])}"
    return ContractFinding(
        table_name=table.name,
        check="month_empty",
        text=Text(
            zh=f"{table.label.zh}在 {span} 没有可用的行（{len(gap)} 个月），前后各月平均不少于 {expected:.0f} 行，"
            "请核对导出范围并补交，或说明原因",
            en=f"{table.label.en} have no usable row in {span} (months: {len(gap)}); the months around have "
            f"{expected:.0f} or more on average: check the range of the export, and ask for what is missing or for the "
            "reason",
        ),
        rows=_files(con, table),
    )


def _fallen(con: Any, table: Table, month: _Month, rows: int, mean: float, of: int) -> ContractFinding:
    return ContractFinding(
        table_name=table.name,
        check="rows_fell",
        text=Text(
            zh=f"{table.label.zh}在 {_label(month)} 只有 {rows} 行，此前 {of} 个月平均 {mean:.0f} 行，"
            f"为平均的 {rows / mean:.0%}，请核对导出是否完整",
            en=f"{table.label.en} have {rows} rows in {_label(month)}, and {mean:.0f} in a usual month (mean of {of} "
            f"before): {rows / mean:.0%}; check whether the export is whole",
        ),
        rows=_files(con, table),
    )
