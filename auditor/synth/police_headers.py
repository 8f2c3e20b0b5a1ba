"""The registers beside the cases as the offices export them: which file, in which form, under which headers."""

from typing import Literal

from auditor.synth.police_records import (
    AlcoholTest,
    Capture,
    Complaint,
    CriminalCase,
    Document,
    LicenceService,
    PointsRecord,
    PoliceRow,
    Restriction,
    Roster,
)

_CAPTURE = {
    "capture_id": "记录流水号", "camera_id": "设备编号", "plate_no": "号牌号码", "violation_code": "违法代码",
    "at": "采集时间",
    "value": "测量值", "reviewed_at": "审核时间", "reviewer_id": "审核人", "entered_at": "录入时间",
    "notified_at": "告知时间",
    "objection_at": "异议提出时间", "objection_answered_at": "异议答复时间", "void_verified_at": "核实时间",
    "voided_at": "消除时间", "void_reason": "消除原因", "voided_by": "消除人", "case_id": "违法编号",
}  # fmt: skip
_TEST = {
    "test_id": "检测编号", "case_id": "违法编号", "party_id": "被测人证件号码", "at": "检测时间",
    "bac_mg_100ml": "检测结果",
    "method": "检测方式", "device_id": "仪器编号", "sequence_no": "仪器流水号", "drawn_at": "抽血时间",
    "sent_at": "送检时间",
    "result_at": "出具结果时间", "told_at": "结果告知时间", "officer_id": "检测民警",
}  # fmt: skip
_CRIMINAL = {
    "criminal_id": "刑事案件编号", "case_id": "关联违法编号", "party_id": "犯罪嫌疑人证件号码",
    "filed_at": "刑事立案时间",
    "bail_authority": "取保决定机关", "bail_from": "取保起始日", "bail_ended_at": "取保解除时间",
    "sent_for_prosecution_at": "移送审查起诉时间", "closed_at": "结案时间", "reason": "结案原因",
}  # fmt: skip
_POINTS = {
    "record_id": "记分流水号", "case_id": "违法编号", "licence_no": "驾驶证号", "plate_no": "号牌号码",
    "owner_party_id": "车主证件号码", "points": "记分分值", "processed_at": "处理时间", "window_id": "窗口号",
    "clerk_id": "经办人", "agent_phone": "联系电话",
}  # fmt: skip
_SERVICE = {
    "service_id": "业务流水号", "kind": "业务种类", "licence_no": "驾驶证号", "plate_no": "号牌号码",
    "at": "办理时间",
    "window_id": "窗口号", "clerk_id": "经办人", "agent_id": "代办人证件号码", "agent_phone": "代办人电话",
    "result": "办理结果",
}  # fmt: skip
_RESTRICTION = {
    "restriction_id": "设施编号", "kind": "设施类别", "place_id": "地点代码", "place_name": "设置地点",
    "approved_ref": "批准文号", "detour_published_at": "绕行公告时间", "installed_at": "设置时间",
    "removed_at": "拆除时间",
}  # fmt: skip
_DOCUMENT = {
    "document_id": "登记号", "unit_id": "发文单位", "title": "标题", "issued_on": "成文日期", "text": "正文摘录",
}  # fmt: skip
_COMPLAINT = {
    "complaint_id": "工单号", "channel": "来源", "received_at": "受理时间", "topic": "诉求标题", "text": "诉求内容",
    "unit_id": "承办单位", "officer_id": "被反映人员", "plate_no": "涉及车牌", "case_id": "涉及案号",
    "place_id": "地点代码",
    "due_at": "办理期限", "resolved_at": "办结时间", "upheld": "是否属实", "outcome": "办理结果",
}  # fmt: skip
_ROSTER = {
    "roster_id": "勤务编号", "officer_id": "人员编号", "from_at": "上岗时间", "to_at": "下岗时间", "post": "岗位",
    "place_id": "岗位地点代码", "video_id": "执法记录仪视频号",
}  # fmt: skip

POLICE_LEDGERS: tuple[
    tuple[type[PoliceRow], str, Literal["csv", "xlsx"], dict[str, str], tuple[str, ...]], ...
] = (
    (Capture, "非现场记录清单", "csv", _CAPTURE, ()),
    (AlcoholTest, "酒精检测登记", "csv", _TEST, ()),
    (CriminalCase, "危险驾驶刑事案件台账", "xlsx", _CRIMINAL, ("危险驾驶刑事案件台账（2025年度）",)),
    (PointsRecord, "窗口记分处理记录", "csv", _POINTS, ()),
    (LicenceService, "车驾管业务流水", "csv", _SERVICE, ()),
    (Restriction, "限高限宽限行设施台账", "xlsx", _RESTRICTION, ("限高限宽限行设施排查台账",)),
    (Document, "发文登记簿", "xlsx", _DOCUMENT, ("发文登记簿（2025年度）",)),
    (Complaint, "投诉举报工单", "xlsx", _COMPLAINT, ("12345等渠道投诉举报工单", "导出日期：2025年12月31日")),
    (Roster, "勤务排班表", "csv", _ROSTER, ()),
)  # fmt: skip
"""Row, file, form, headers by column, and the titles above them."""
