"""A table that is left out of an audit because one of its files lacks a column that every row must have.

The other tables are audited all the same, and each rule that needs this one says that it was not run.
"""

from collections.abc import Sequence

from auditor.core.result import ContractFinding, Unread
from auditor.core.schema import exported
from auditor.core.text import Text
from auditor.intake.store.staging import Lack


def column_missing(lack: Lack) -> ContractFinding:
    """What the file lacks, and what to do."""
    table = exported()[lack.source.table]
    name = lack.source.name
    zh = "、".join(f"{table.columns[column].zh}（{column}）" for column in lack.columns)
    en = ", ".join(lack.columns)
    return ContractFinding(
        table_name=table.name,
        check="column_missing",
        text=Text(
            zh=f"{name} 缺少必填的列：{zh}，{table.label.zh}整表未装载，需要它的规则未运行，请补上后重新导出，"
            "或在对接配置中说明对应的表头",
            en=f"{name} lacks required columns: {en}; {table.label.en} are not loaded at all, and rules that need them "
            "are not run: export it with them, or say in a profile which headers they are",
        ),
        rows=(name, *(source.name for source in lack.others)),
    )


def left_unread(lacking: Sequence[Lack]) -> list[Unread]:
    """The files of such tables, each once with its reason."""
    reasons: dict[str, Text] = {}
    for lack in lacking:
        reasons[lack.source.name] = Text(zh="缺少必填的列", en="it lacks required columns")
    for lack in lacking:
        for other in lack.others:
            reasons.setdefault(
                other.name,
                Text(
                    zh=f"同一张表的 {lack.source.name} 缺少必填的列",
                    en=f"{lack.source.name}, of the same table, lacks required columns",
                ),
            )
    return [Unread(file=name, reason=reason) for name, reason in reasons.items()]
