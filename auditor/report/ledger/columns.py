"""The columns of the ledger: what the audit tells of a finding, then what the office fills in while it acts on it.

The plan asks for the problem, its basis, unit, person responsible, deadline, state and evidence. Deadlines are left to
the office: neither the plan nor the law fixes a number of days for putting a finding right.
"""

from auditor.core.office_ledger import Column, Form
from auditor.core.text import Text


def _told(zh: str, en: str, means_zh: str, means_en: str, *, width: int, form: Form = "text") -> Column:
    return Column(head=Text(zh, en), means=Text(means_zh, means_en), width=width, form=form)


def _fill(
    zh: str, en: str, means_zh: str, means_en: str, *, width: int, form: Form = "text", choices: tuple[Text, ...] = ()
) -> Column:
    return Column(
        head=Text(zh, en),
        means=Text(means_zh, means_en),
        width=width,
        form=form,
        to_fill=True,
        choices=choices,
    )


VERIFIED = (
    Text(zh="属实", en="confirmed"),
    Text(zh="部分属实", en="confirmed in part"),
    Text(zh="不属实", en="not confirmed"),
    Text(zh="记录有误", en="record is wrong"),
    Text(zh="需进一步核查", en="to be looked into further"),
)
PROGRESS = (
    Text(zh="未整改", en="not begun"),
    Text(zh="整改中", en="in hand"),
    Text(zh="已整改待验收", en="done, to be accepted"),
    Text(zh="已销号", en="struck off"),
)

_BEFORE = (
    _told(
        "序号",
        "No.",
        "本表内的编号，函询中引用同一编号",
        "number within this sheet; letters refer to it",
        width=7,
        form="whole",
    ),
    _told("单位", "Unit", "记录所载的办案单位", "the unit as recorded", width=16),
    _told("问题", "Problem", "规则的名称", "the title of the rule", width=18),
    _told("具体情形", "What was found", "规则对该对象的结论与数字", "what the rule says of it, with figures", width=40),
    _told(
        "依据",
        "Basis",
        "行为发生之日有效的条文；标明未核对原文的和项目默认值",
        "articles in force on the day of the act; marked where not checked in full text or where a project default",
        width=22,
    ),
    _told("整治事项", "Plan items", "对应的专项整治事项", "items of the rectification plan", width=16),
    _told("性质", "Kind", "违反规定，或线索（不等于违法）", "violation, or lead (which is not a violation)", width=8),
    _told("程度", "Level", "规则设定的严重程度", "the level set by the rule", width=8),
    _told("对象", "Subject", "发现所针对的案件、措施、设备、人员等", "the case, measure, device or person", width=16),
    _told(
        "责任人",
        "Officers",
        "记录中载明的执法人员及其角色，不等于责任认定",
        "officers named in the record and their part; no finding of fault",
        width=18,
    ),
    _told("行为日期(起)", "Acts from", "所涉记录的最早日期", "first day of the rows concerned", width=11, form="date"),
    _told("行为日期(止)", "Acts to", "所涉记录的最晚日期", "last day of the rows concerned", width=11, form="date"),
    _told("发现日期", "Found as of", "本次审计的事实截止日", "the day up to which facts count", width=11, form="date"),
    _told("状态", "State", "与以往审计相比的状态", "the state against earlier audits", width=8),
    _told("证据", "Evidence", "所依据的源文件与行号", "source files and rows it rests on", width=20),
    _told("证据行数", "Rows", "所依据的记录行数", "how many rows it rests on", width=7, form="whole"),
)
_FILLED = (
    _fill(
        "核查结果",
        "Verified",
        "核查后填写，从列表中选择",
        "after verification, from the list",
        width=14,
        choices=VERIFIED,
    ),
    _fill("核查人", "Verified by", "核查人姓名", "who verified it", width=12),
    _fill("整改措施", "Measures", "采取的整改措施", "what is done about it", width=32),
    _fill("整改责任人", "Owner", "负责整改的人员", "who puts it right", width=12),
    _fill("责任领导", "Responsible leader", "分管责任领导", "the leader who answers for it", width=12),
    _fill(
        "整改期限",
        "Due",
        "由单位确定的期限；本程序不设定",
        "set by the office, not by this program",
        width=12,
        form="date",
    ),
    _fill("整改进度", "Progress", "从列表中选择", "from the list", width=14, choices=PROGRESS),
    _fill("销号日期", "Struck off on", "验收后销号的日期", "the day on which it was accepted", width=12, form="date"),
    _fill("验收人", "Accepted by", "须为整改责任人以外的人员", "someone other than the owner", width=12),
    _fill("备注", "Remarks", "", "", width=24),
)
_AFTER = (
    _told("规则编号", "Rule id", "规则的编号", "the id of the rule", width=24),
    _told(
        "发现编号", "Finding id", "同一问题在以后各月编号不变", "the same problem keeps it in later months", width=22
    ),
)

COLUMNS = (*_BEFORE, *_FILLED, *_AFTER)
