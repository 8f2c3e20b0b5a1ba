"""The report's fixed vocabulary: levels, certainty, results and states, each with a sign that survives a grey print."""

from dataclasses import dataclass

from auditor.core.finding import Certainty, Level, State
from auditor.core.schema import tables
from auditor.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """`sign` stands before the word, so that nothing hangs on colour alone; `means` is what it asks of the reader."""

    css: str
    sign: str
    word: Text
    means: Text


def _label(css: str, sign: str, zh: str, en: str, means_zh: str, means_en: str) -> Label:
    return Label(css=css, sign=sign, word=Text(zh, en), means=Text(means_zh, means_en))


LEVEL: dict[Level, Label] = {
    "critical": _label("critical", "▮▮▮▮", "特别严重", "critical", "立即核查", "look into it at once"),
    "high": _label("high", "▮▮▮▯", "严重", "high", "优先核查", "look into it first"),
    "medium": _label("medium", "▮▮▯▯", "一般", "medium", "按期核查", "look into it in turn"),
    "low": _label("low", "▮▯▯▯", "轻微", "low", "抽查", "look at a sample"),
    "info": _label("info", "▯▯▯▯", "提示", "info", "知悉", "take note"),
}

CERTAINTY: dict[Certainty, Label] = {
    "violation": _label(
        "violation",
        "■",
        "违反规定",
        "violation",
        "记录本身即可证明",
        "the record itself proves it, if the record is right",
    ),
    "lead": _label(
        "lead", "◇", "线索", "lead", "线索不等于违法，须核查后认定", "a lead is not a violation: it must be looked into"
    ),
}

RESULT: dict[str, Label] = {
    "error": _label(
        "error",
        "✕",
        "运行出错",
        "error",
        "规则未能运行完毕，未作任何判断",
        "the rule could not run: nothing was judged",
    ),
    "not_applicable": _label(
        "unseen", "○", "未运行", "not run", "缺少所需的表或列，未检查", "a table or column is missing: not looked at"
    ),
    "untested": _label(
        "unseen", "○", "无可检记录", "nothing to test", "本期没有可以判断的记录", "no row of the period could be judged"
    ),
    "flagged": _label("flagged", "■", "有发现", "flagged", "有违反规定的记录", "rows that break the rule were found"),
    "leads": _label("leads", "◇", "有线索", "leads", "有待核查的线索", "there are leads to look into"),
    "clean": _label("clean", "✓", "未见问题", "clean", "已检查，未发现问题", "tested, and nothing found"),
    "none": _label("unseen", "·", "尚无规则", "no rule yet", "没有规则检查此项", "no rule looks at this"),
    "invisible": _label(
        "unseen",
        "–",
        "记录中不可见",
        "not visible in records",
        "须以现场检查、走访等方式核查",
        "needs a site visit or an interview",
    ),
}
"""Results as shown. Beyond those of a rule: `untested` (clean needs tested > 0), `leads`, and the two of plan items."""

STATE: dict[State, Text] = {
    "new": Text(zh="新发现", en="new"),
    "recurring": Text(zh="持续存在", en="recurring"),
    "resolved": Text(zh="已消除", en="resolved"),
    "reopened": Text(zh="重新出现", en="reopened"),
    "not_retested": Text(zh="未消除", en="not cleared"),
}

NOT_COMPARED = Text(zh="未比对", en="not compared")
"""The state of what was found by a run that follows on from none."""


def state_word(state: State, *, compared: bool) -> Text:
    """A finding's state in words; of a run that follows on from none, nothing is said to be new."""
    return STATE[state] if compared or state != "new" else NOT_COMPARED


STATUS: dict[str, Text] = {
    "draft": Text(zh="草稿", en="draft"),
    "trial": Text(zh="试行", en="on trial"),
    "active": Text(zh="启用", en="active"),
    "retired": Text(zh="停用", en="retired"),
}

SUBJECT: dict[str, Text] = {
    "case": Text(zh="案件", en="case"),
    "measure": Text(zh="强制措施", en="measure"),
    "officer": Text(zh="执法人员", en="officer"),
    "unit": Text(zh="单位", en="unit"),
    "camera": Text(zh="监控设备", en="camera"),
    "vehicle": Text(zh="车辆", en="vehicle"),
    "party": Text(zh="当事人", en="party"),
    "place": Text(zh="地点", en="place"),
    "lot": Text(zh="停放场所", en="lot"),
    "station": Text(zh="检测点", en="station"),
    "clerk": Text(zh="窗口人员", en="clerk"),
    "agent": Text(zh="代办人", en="agent"),
    "licence": Text(zh="驾驶证", en="licence"),
    "capture": Text(zh="非现场记录", en="camera record"),
    "payment": Text(zh="缴款", en="payment"),
    "receipt": Text(zh="票据", en="receipt"),
    "batch": Text(zh="汇缴批次", en="batch"),
    "complaint": Text(zh="投诉举报", en="complaint"),
    "document": Text(zh="文件", en="document"),
    "event": Text(zh="流转记录", en="event"),
    "item": Text(zh="涉案财物", en="item"),
    "criminal_case": Text(zh="刑事案件", en="criminal case"),
    "restriction": Text(zh="限行限高设施", en="restriction"),
    "service": Text(zh="窗口业务", en="service"),
    "test": Text(zh="酒精检测", en="test"),
    "transfer": Text(zh="移送", en="transfer"),
    "unloading": Text(zh="卸载", en="unloading"),
    "weighing": Text(zh="称重", en="weighing"),
}

AGENCY: dict[str, Text] = {
    "traffic_police": Text(zh="公安交管", en="traffic police"),
    "transport": Text(zh="交通运输", en="transport"),
}


def subject_word(subject_type: str) -> Text:
    return SUBJECT.get(subject_type, Text(subject_type, subject_type.replace("_", " ")))


def agency_word(agency: str) -> Text:
    return AGENCY.get(agency, Text(agency, agency))


def table_word(name: str) -> Text:
    return tables()[name].label if name in tables() else Text(name, name)
