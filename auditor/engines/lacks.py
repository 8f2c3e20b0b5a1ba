"""What a rule that cannot run lacks: a table, a column, or a figure of the law."""

from collections.abc import Iterator

from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.engines.judged import Data
from auditor.engines.query import Query
from auditor.rulebook import Rule


def waiting(rule: Rule) -> Text | None:
    """Which figures of the law the rule waits for; None where it has all."""
    open_ = [parameter for parameter in rule.parameters if parameter.waits]
    if not open_:
        return None
    zh = "、".join(
        f"“{parameter.doc.zh if parameter.doc else parameter.name}”（{parameter.figure}）" for parameter in open_
    )
    en = "; ".join(
        f"{parameter.doc.en if parameter.doc else parameter.name} ({parameter.figure})" for parameter in open_
    )
    return Text(
        zh=f"本地尚未填写数额：{zh}；在 auditor.yaml 的 figures 中填写后才运行",
        en=f"waits for a figure that the county has not given: {en}; name a table of it under figures in auditor.yaml",
    )


def lacked(query: Query, data: Data) -> Iterator[str]:
    """The tables (`captures`) and columns (`cases.speed_kmh`) that the rule needs and the data do not have."""
    for name in sorted(query.needs):
        if name == "workdays":
            continue
        if name not in data.columns:
            yield name
        else:
            yield from (f"{name}.{column}" for column in sorted(query.needs[name] - data.columns[name]))


def lacking(query: Query, data: Data) -> Text | None:
    """Which table or column the rule cannot do without and the data does not have."""
    zh: list[str] = []
    en: list[str] = []
    for name in sorted(query.needs):
        label = tables()[name].label
        if name == "workdays":
            continue
        if name not in data.columns:
            zh.append(f"缺少表“{label.zh}”（{name}）")
            en.append(f"table {name} is missing")
            continue
        columns = sorted(query.needs[name] - data.columns[name])
        if columns:
            words = "、".join(f"{tables()[name].columns[column].zh}（{column}）" for column in columns)
            zh.append(f"表“{label.zh}”缺少字段 {words}")
            en.append(f"table {name} lacks {', '.join(columns)}")
    return Text(zh="；".join(zh), en="; ".join(en)) if zh else None
