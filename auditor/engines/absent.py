"""Rows that could not be used, told of by the rules that may have taken one for missing."""

from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.engines.judged import Data
from auditor.engines.query import Query
from auditor.rulebook import Rule


def absent(rule: Rule, query: Query, data: Data) -> Text | None:
    """What a rule that flags rows says of those that it did not see: of the tables in which it looks something up, and
    of its own where a row shows by the others that it is missing."""
    read = {*query.needs} - (set() if rule.kind.misses_rows else {rule.scope.table.name})
    told = [(tables()[name].label, data.held[name]) for name in sorted(read) if data.held.get(name)]
    if not told:
        return None
    zh = "、".join(f"“{label.zh}”{rows} 行" for label, rows in told)
    en = ", ".join(f"{rows} of {label.en}" for label, rows in told)
    return Text(
        zh=f"有数据因错误未能使用（{zh}，见“隔离的记录”），本规则没有看到：认定缺失的，可能就在其中",
        en=f"rows that could not be used ({en}; see the quarantine) were not seen by the rule: anything that it "
        "takes for missing may be among them",
    )
