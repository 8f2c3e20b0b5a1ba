"""What holds of a table's sources as wholes: which of them has only days, and which could hardly be read at all."""

from collections.abc import Sequence
from typing import Any

from auditor.core.result import ContractFinding
from auditor.core.schema import Column, Table
from auditor.core.text import Text
from auditor.intake.checks.thresholds import DAYS_ONLY, FEWEST_VALUES, UNREADABLE
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.columns.marks import unreadable
from auditor.intake.store.database import ibis
from auditor.intake.store.staging import Staged

_DATES = ("timestamp", "date")


def survey(con: Any, rows: Any, staged: Sequence[Staged], table: Table) -> tuple[frozenset[str], list[ContractFinding]]:
    """The `table.column` of moments that some source gives as days only, and the findings about columns of which too
    many values are not of their type or not among their codes."""
    judged = [
        column
        for column in table.columns.values()
        if column.name in rows.columns and (column.type != "string" and (column.type != "code" or column.codes))
    ]
    if not judged:
        return frozenset(), []
    counts: dict[str, Any] = {}
    for column in judged:
        value = rows[column.name]
        counts[f"{column.name} bad"] = _bad(rows, column).sum()
        counts[f"{column.name} written"] = (value.notnull() | _bad(rows, column)).sum()
        if column.type == "timestamp":
            counts[f"{column.name} midnight"] = (value == value.truncate("D")).sum()
    by_source: list[dict[str, Any]] = con.to_pyarrow(
        rows.group_by(SOURCE).aggregate(**counts).order_by(SOURCE)
    ).to_pylist()
    days_only: set[str] = set()
    findings: list[ContractFinding] = []
    for row in by_source:
        name = staged[int(row[SOURCE])].source.name
        for column in judged:
            bad, written = int(row[f"{column.name} bad"] or 0), int(row[f"{column.name} written"] or 0)
            said = written - bad
            if column.type == "timestamp" and said and (row[f"{column.name} midnight"] or 0) > DAYS_ONLY * said:
                days_only.add(f"{table.name}.{column.name}")
            if written >= FEWEST_VALUES and bad > UNREADABLE * written:
                findings.append(_unreadable(table, column, name, bad, written))
    return frozenset(days_only), findings


def emptiness(table: Table, loaded: int, staged: Sequence[Staged]) -> list[ContractFinding]:
    """A finding where a table was provided and no row of it could be loaded."""
    if loaded:
        return []
    read = sum(each.read for each in staged)
    return [
        ContractFinding(
            table_name=table.name,
            check="empty",
            text=Text(
                zh=f"{table.label.zh}没有任何可用的行（读取 {read} 行）",
                en=f"no row of {table.label.en} could be used ({read} read)",
            ),
            rows=tuple(each.source.name for each in staged),
        )
    ]


def _bad(rows: Any, column: Column) -> Any:
    """Whether a value was written that is none; never NULL."""
    if column.type != "code":
        return rows[unreadable(column.name)].fill_null(False)
    value = rows[column.name]
    return ibis.ifelse(value.isnull(), False, ~value.isin(sorted(column.codes)))


def _unreadable(table: Table, column: Column, name: str, bad: int, written: int) -> ContractFinding:
    zh, en = column.zh, column.label.en
    if column.type in _DATES:
        text = Text(
            zh=f"{name}：{zh}有 {bad}/{written} 个值不能识别为日期，请核对对接配置中的日期格式",
            en=f"{name}: {bad} of {written} values of {en} cannot be read as dates; check the format in the profile",
        )
    elif column.type in ("code", "bool"):
        text = Text(
            zh=f"{name}：{zh}有 {bad}/{written} 个值不在代码表中，请核对对接配置中的代码对照",
            en=f"{name}: {bad} of {written} values of {en} are none of its codes; check the words in the profile",
        )
    else:
        text = Text(
            zh=f"{name}：{zh}有 {bad}/{written} 个值不能识别为数字，请核对列是否对应、数字如何书写",
            en=f"{name}: {bad} of {written} values of {en} cannot be read as numbers; check which header it is read "
            "from, and how numbers are written there",
        )
    check = "dates_unreadable" if column.type in _DATES else "values_unreadable"
    return ContractFinding(table_name=table.name, check=check, text=text, rows=(name,))
