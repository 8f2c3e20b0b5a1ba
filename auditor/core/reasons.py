"""Why a row is quarantined, in the reader's words."""

from auditor.core.text import Text

REASONS: dict[str, Text] = {
    "id_duplicate": Text(zh="编号重复", en="id occurs twice"),
    "superseded": Text(zh="另有优先来源", en="a source with precedence has it"),
    "required_missing": Text(zh="缺少必填项", en="required value missing"),
    "date_unreadable": Text(zh="日期无法识别", en="unreadable date"),
    "number_unreadable": Text(zh="数字无法识别", en="unreadable number"),
    "cell_error": Text(zh="单元格是错误值", en="cell holds an error"),
    "expression_failed": Text(zh="表达式读不出", en="not read by its expression"),
    "id_damaged": Text(zh="编号已损坏", en="damaged id"),
    "code_unknown": Text(zh="代码不在范围内", en="unknown code"),
    "value_implausible": Text(zh="数值超出可能的范围", en="value outside what is possible"),
    "row_ragged": Text(zh="行的列数不符", en="row of another width"),
}


def reason_word(reason: str) -> Text:
    return REASONS.get(reason, Text(reason, reason.replace("_", " ")))
