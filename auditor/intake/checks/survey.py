"""What holds of a table's sources as wholes: which of them has only days, and which could hardly be read at all."""

from collections.abc import Sequence
from typing import Any

from auditor.core.result import ContractFinding
from auditor.core.schema import Table
from auditor.core.text import Text
from auditor.intake.columns.mapping import SOURCE, unreadable
from auditor.intake.store.staging import Staged

_DAYS_ONLY = 0.5
"""A source has only days where more than this share of its moments are midnight: of moments that somebody noted, one in
1,440 is."""
_UNREADABLE = 0.4
"""More than this share of unreadable dates is no row's fault: the format is another than thought."""


def survey(con: Any, rows: Any, staged: Sequence[Staged], table: Table) -> tuple[frozenset[str], list[ContractFinding]]:
    """The `table.column` of moments that some source gives as days only, and the findings about dates."""
    dated = [
        column
        for column in table.columns.values()
        if column.type in ("timestamp", "date") and column.name in rows.columns
    ]
    if not dated:
        return frozenset(), []
    counts: dict[str, Any] = {}
    for column in dated:
        value = rows[column.name]
        counts[f"{column.name} said"] = value.count()
        counts[f"{column.name} bad"] = rows[unreadable(column.name)].sum()
        if column.type == "timestamp":
            counts[f"{column.name} midnight"] = (value == value.truncate("D")).sum()
    by_source: list[dict[str, Any]] = con.to_pyarrow(
        rows.group_by(SOURCE).aggregate(**counts).order_by(SOURCE)
    ).to_pylist()
    days_only: set[str] = set()
    findings: list[ContractFinding] = []
    for row in by_source:
        name = staged[int(row[SOURCE])].source.name
        for column in dated:
            said, bad = row[f"{column.name} said"], int(row[f"{column.name} bad"] or 0)
            if column.type == "timestamp" and said and (row[f"{column.name} midnight"] or 0) > _DAYS_ONLY * said:
                days_only.add(f"{table.name}.{column.name}")
            if bad > _UNREADABLE * (said + bad):
                findings.append(_dates(table, column.zh, column.label.en, name, bad, said + bad))
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


def _dates(table: Table, zh: str, en: str, name: str, bad: int, written: int) -> ContractFinding:
    return ContractFinding(
        table_name=table.name,
        check="dates_unreadable",
        text=Text(
            zh=f"{name}：{zh}有 {bad}/{written} 个值不能识别为日期，请核对对接配置中的日期格式",
            en=f"{name}: {bad} of {written} values of {en} cannot be read as dates; check the format in the profile",
        ),
        rows=(name,),
    )
