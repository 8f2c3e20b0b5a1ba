"""The same agency as its offices would export it: which ledger, in which form, under which headers and words.

One description serves three ends: the files are written from it (`spoil`), the profile that maps them back is printed
from it (`profile`), and no header is therefore written down twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from auditor.core.schema import ColumnType, tables
from auditor.synth import headers as further
from auditor.synth.police_headers import POLICE_LEDGERS
from auditor.synth.records import Camera, Case, Lot, Measure, Officer, Payment, Row, Step, Unit

_MINUTES = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日%H时%M分")
_SECONDS = ("%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒")
"""Moments in the mix of forms that hand-merged exports have; devices alone tell the second."""
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A canonical column and how the office writes it: `formats` in turn for moments, `words` by code.

    `cell`: an Excel date cell instead of text. `dotted`: a plate with its separator.
    """

    name: str
    header: str
    formats: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cell: bool = False
    dotted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A file, or a series of files, for one table. `titles` are the lines above the header (xlsx only)."""

    row: type[Row]
    stem: str
    form: Literal["csv", "xlsx"]
    columns: tuple[Column, ...]
    titles: tuple[str, ...] = ()
    domain: str | None = None
    """Where told, the ledger holds this domain only and has no column for it."""

    @property
    def pattern(self) -> str:
        return f"{self.stem}*.{self.form}"


_OTHER_WORDS = {
    ("cases", "procedure", "ordinary"): "一般程序",
    ("cases", "capture", "on_site"): "现场查处",
    ("cases", "capture", "camera"): "电子监控",
    ("cases", "party_type", "person"): "自然人",
    ("cases", "party_type", "organization"): "法人及非法人组织",
    ("officers", "role", "auxiliary"): "辅警、协管",
    ("payments", "channel", "online"): "电子支付",
}
"""Where the office says it otherwise than the model does."""


def _columns(row: type[Row], headers: Mapping[str, str], *, cells: tuple[str, ...] = ()) -> tuple[Column, ...]:
    model = tables()[row.TABLE].columns
    made: list[Column] = []
    for name, header in headers.items():
        column = model[name]
        words = {code: _OTHER_WORDS.get((row.TABLE, name, code), word) for code, word in column.codes.items()}
        made.append(
            Column(
                name=name,
                header=header,
                formats=_formats(name, column.type),
                words=MappingProxyType(words),
                cell=name in cells,
                dotted=name == "plate_no",
            )
        )
    return tuple(made)


def _formats(name: str, type_: ColumnType) -> tuple[str, ...]:
    match type_:
        case "timestamp":
            return _SECONDS if name in ("occurred_at", "at") else _MINUTES
        case "date":
            return _DAYS
        case _:
            return ()


_POLICE = {
    "case_id": "违法编号", "doc_no": "决定书编号", "unit_id": "处理机关", "officer_id": "主办民警警号",
    "officer2_id": "协办民警警号", "party_id": "当事人证件号码", "party_name": "当事人姓名", "party_type": "当事人类别",
    "plate_no": "号牌号码", "vehicle_use": "使用性质", "violation_code": "违法代码", "violation_name": "违法行为",
    "grade": "违法程度", "occurred_at": "违法时间", "place_id": "地点代码", "place_name": "违法地点", "lon": "经度",
    "lat": "纬度", "capture": "采集方式", "camera_id": "设备编号", "procedure": "处罚程序", "entered_at": "录入时间",
    "notified_at": "告知时间", "filed_at": "立案时间", "rights_notice_at": "处罚告知时间",
    "statement_waived": "是否放弃陈述申辩", "legal_review_at": "法制审核时间", "reviewer_id": "法制审核人",
    "approver_id": "审批人", "decided_at": "处罚时间", "served_at": "送达时间", "outcome": "处罚种类",
    "speed_kmh": "实测车速", "limit_kmh": "限速值", "bac_mg_100ml": "酒精含量", "approved_load_kg": "核定载质量",
    "load_kg": "实载质量", "deviation_reason": "裁量说明", "party_role": "人员分类", "fine_amount": "罚款金额",
    "points": "记分", "status": "处理标记", "closed_at": "结案时间",
    "accepted_at": "接受处理时间", "agent_id": "代办人证件号码",
}  # fmt: skip
_TRANSPORT = {
    "case_id": "案号", "doc_no": "处罚决定书文号", "unit_id": "执法单位", "officer_id": "执法人员一",
    "officer2_id": "执法人员二", "party_id": "当事人证照号", "party_name": "当事人", "party_type": "当事人类型",
    "plate_no": "车辆号牌", "vehicle_use": "车辆使用性质", "violation_code": "案由代码", "violation_name": "案由",
    "grade": "裁量档次", "occurred_at": "案发时间", "place_id": "路段代码", "place_name": "案发地点", "lon": "经度",
    "lat": "纬度", "capture": "案件来源", "camera_id": "采集设备", "procedure": "程序类别",
    "entered_at": "数据录入时间",
    "notified_at": "短信告知时间", "filed_at": "受案时间", "rights_notice_at": "事先告知时间",
    "statement_waived": "放弃陈述申辩", "legal_review_at": "法审时间", "reviewer_id": "法审人员",
    "approver_id": "批准人", "decided_at": "决定日期时间", "served_at": "送达日期时间", "outcome": "处理结果",
    "gross_kg": "车货总质量(kg)", "limit_kg": "限定质量(kg)", "axles": "轴数", "deviation_reason": "减轻理由",
    "party_role": "当事人身份", "fine_amount": "处罚金额(元)", "points": "记分", "status": "办理状态",
    "closed_at": "结案日期时间",
}  # fmt: skip
_MEASURE = {
    "measure_id": "措施编号", "case_id": "关联案号", "domain": "所属系统", "kind": "强制措施类型", "ground": "事由代码",
    "plate_no": "车牌", "unit_id": "实施单位", "officer_id": "实施人一", "officer2_id": "实施人二",
    "started_at": "实施时间", "document_given_at": "凭证交付时间", "approved_at": "批准时间", "approved_by": "批准人",
    "handed_in_at": "入库移交时间", "test_from": "鉴定开始日", "test_to": "鉴定结束日",
    "documents_supplied_at": "补齐手续时间", "extended_until": "延长至", "extension_approved_by": "延长批准人",
    "extension_approved_at": "延长批准时间", "released_at": "解除时间", "disposal": "处理方式", "lot_id": "存放场所",
}  # fmt: skip
_CAMERA = {
    "camera_id": "设备编号", "place_id": "地点代码", "place_name": "设置地点", "lon": "经度", "lat": "纬度",
    "published_at": "公布时间", "published_until": "公布截止日", "publication_ref": "公告文号",
    "calibrated_until": "检定有效期至", "sign_installed": "是否设置标志", "enabled_at": "启用时间",
    "legal_review_on": "法制审核日期", "technical_review_on": "技术审核日期",
}  # fmt: skip
_OFFICER = {
    "officer_id": "警号/执法证号",
    "name": "姓名", "unit_id": "所在单位", "role": "人员类别", "credential_no": "证件编号",
    "valid_from": "发证日期", "valid_to": "有效期至",
}  # fmt: skip
_UNIT = {"unit_id": "单位代码", "name": "单位全称", "parent_id": "上级代码", "domain": "系统"}
_STEP = {
    "violation_code": "代码", "grade": "档次", "party_type": "适用对象", "fine_min": "裁量下限(元)",
    "fine_max": "裁量上限(元)", "statutory_min": "法定下限(元)", "statutory_max": "法定上限(元)", "points": "记分值",
    "basis": "处罚依据", "valid_from": "施行日期", "valid_to": "废止日期",
}  # fmt: skip
_PAYMENT = {
    "payment_id": "流水号", "case_id": "对应案号", "item": "款项类别", "amount": "缴款金额(元)", "paid_at": "缴款时间",
    "channel": "缴款渠道", "payee_is_treasury": "是否缴入财政专户",
}  # fmt: skip
_LOT = {"lot_id": "场所编号", "name": "场所名称", "kind": "场所性质"}
_EXPORTED = "导出日期：2025年12月31日    金额单位：元"

LEDGERS: tuple[Ledger, ...] = (
    Ledger(
        row=Case, stem="交警违法处理台账", form="csv", domain="traffic_police",
        columns=_columns(Case, _POLICE | further.POLICE),
    ),
    Ledger(
        row=Case, stem="交通执法案件台账", form="xlsx", domain="transport",
        titles=("样例县交通运输综合行政执法大队案件台账（2024年6月15日至2025年12月31日）", _EXPORTED),
        columns=_columns(Case, _TRANSPORT | further.TRANSPORT, cells=tuple(further.TRANSPORT)),
    ),
    Ledger(
        row=Measure, stem="行政强制措施登记表", form="xlsx", titles=("行政强制措施登记表（2024年6月15日起）",),
        columns=_columns(
            Measure, _MEASURE | further.MEASURE,
            cells=("started_at", "document_given_at", "approved_at", "handed_in_at", "documents_supplied_at",
                   "extension_approved_at", "released_at"),
        ),
    ),
    Ledger(
        row=Camera, stem="监控设备台账", form="xlsx", titles=("固定式交通技术监控设备台账", _EXPORTED),
        columns=_columns(Camera, _CAMERA, cells=("calibrated_until", "published_until")),
    ),
    Ledger(
        row=Officer, stem="执法人员名册", form="xlsx", titles=("行政执法人员及辅助人员名册",),
        columns=_columns(Officer, _OFFICER | further.OFFICER),
    ),
    Ledger(
        row=Step, stem="裁量基准", form="xlsx", titles=("行政处罚裁量基准",),
        columns=_columns(Step, _STEP | further.STEP),
    ),
    Ledger(row=Payment, stem="罚款缴款记录", form="csv", columns=_columns(Payment, _PAYMENT | further.PAYMENT)),
    Ledger(row=Unit, stem="单位代码表", form="csv", columns=_columns(Unit, _UNIT | further.UNIT)),
    Ledger(row=Lot, stem="扣押物品存放场所", form="csv", columns=_columns(Lot, _LOT)),
    *(
        Ledger(row=row, stem=stem, form=form, titles=titles, columns=_columns(row, headers))
        for row, stem, form, headers, titles in POLICE_LEDGERS
    ),
    *(
        Ledger(row=row, stem=stem, form="csv", columns=_columns(row, headers))
        for row, stem, headers in further.REGISTERS
    ),
)  # fmt: skip
