"""What the offices call the columns that came after the first ledgers: of cases, measures and payments, and of the
registers that follow from a case."""

from auditor.synth.matters import (
    Campaign,
    CaseEvent,
    Exemption,
    Good,
    Matter,
    Relief,
    Transfer,
    Treasury,
    Unloading,
    Vehicle,
    Weighing,
)  # fmt: skip

POLICE = {
    "statement_at": "陈述申辩时间", "statement_reviewed_at": "申辩复核时间", "hearing_summons_at": "听证通知时间",
    "hearing_at": "听证时间",
    "hearing_notice_at": "听证告知时间", "educated_at": "教育时间", "collective_discussion_at": "集体讨论时间",
    "decision_unit_id": "决定机关", "jurisdiction_unit_id": "管辖机关",
    "service_mode": "送达方式", "service_consent": "电子送达确认", "service_failed_at": "直接送达未果时间",
    "party_age": "当事人年龄", "withdrawn_at": "撤销时间", "withdrawn_reason": "撤销原因",
    "punish_article": "处罚依据", "summary_filed_at": "简易程序备案时间",
}  # fmt: skip
"""The ledger of the police is long, so it has the columns only that something is entered in."""
TRANSPORT = {
    "approved_load_kg": "核定载质量(kg)", "load_kg": "实载质量(kg)", "party_age": "当事人年龄",
    "first_offence": "是否首次", "harm": "危害后果", "corrected": "是否改正", "educated_at": "教育时间",
    "discovered_at": "发现时间", "investigated_at": "调查终结时间", "statement_at": "陈述申辩时间",
    "statement_reviewed_at": "申辩复核时间", "proposed_fine": "拟处罚金额(元)", "hearing_notice_at": "听证告知时间",
    "hearing_summons_at": "听证通知时间", "hearing_at": "听证时间", "hearing_chair_id": "听证主持人",
    "review_result": "法审结论", "collective_discussion_at": "集体讨论时间", "decision_unit_id": "决定机关",
    "jurisdiction_unit_id": "管辖机关", "service_mode": "送达方式", "service_consent": "电子送达确认",
    "payment_due_on": "缴款期限", "surcharge_announced": "是否告知加处罚款", "witness_id": "证人证件号",
    "illegal_gain": "违法所得(元)", "confiscated_amount": "没收金额(元)", "correction_ordered_at": "责令改正时间",
    "correction_due_at": "改正期限", "correction_verified_at": "改正复查时间", "withdrawn_at": "撤销时间",
    "withdrawn_reason": "撤销原因", "punish_article": "处罚依据", "summary_filed_at": "简易程序备案时间",
}  # fmt: skip
MEASURE = {
    "extension_notified_at": "延长告知时间", "cargo_held": "是否扣押所载货物", "fee_charged": "收取费用(元)",
    "fee_payer": "费用承担人",
}  # fmt: skip
PAYMENT = {
    "collector_id": "收缴人", "receipt_no": "票据号", "handed_in_at": "交至单位时间", "on_site_ground": "当场收缴理由",
    "consent_signed": "当事人签名同意", "payer_id": "缴款人证件号", "batch": "汇缴批次", "refunded_at": "退款时间",
    "deposited_at": "入账时间",
}  # fmt: skip
UNIT = {"level": "层级"}
OFFICER = {"legal_exam": "是否通过法律职业资格考试"}
STEP = {"first_offence_exempt": "首违可不罚"}
REGISTERS: tuple[tuple[type[Matter], str, dict[str, str]], ...] = (
    (
        Weighing,
        "治超称重记录",
        {
            "weighing_id": "称重单号",
            "case_id": "关联案号",
            "plate_no": "车牌",
            "station_id": "检测站",
            "at": "称重时间",
            "axles": "轴数",
            "gross_kg": "总质量(kg)",
            "limit_kg": "限重(kg)",
            "stage": "初复检",
            "permit_no": "超限许可证号",
            "officer_id": "检测人",
        },
    ),
    (
        Unloading,
        "卸载记录",
        {
            "unloading_id": "卸载单号",
            "weighing_id": "称重单号",
            "case_id": "关联案号",
            "at": "卸载时间",
            "before_kg": "卸前质量(kg)",
            "after_kg": "卸后质量(kg)",
            "unloaded_kg": "卸货量(kg)",
            "place_id": "卸货场",
            "released_at": "放行时间",
        },
    ),
    (
        Good,
        "涉案财物登记",
        {
            "item_id": "物品编号",
            "case_id": "关联案号",
            "received_at": "入库时间",
            "keeper_id": "保管人",
            "disposal": "处理方式",
            "disposed_at": "处理时间",
            "proceeds": "变价款(元)",
            "approved_by": "批准人",
            "remitted_at": "上缴时间",
        },
    ),
    (
        Transfer,
        "案件移送登记",
        {
            "transfer_id": "移送编号",
            "case_id": "关联案号",
            "kind": "移送类型",
            "reported_at": "报告时间",
            "approved_at": "批准时间",
            "sent_at": "送出时间",
            "to_unit": "接收单位",
            "receipt_at": "回执时间",
            "outcome": "处理结果",
        },
    ),
    (
        Relief,
        "行政救济登记",
        {
            "relief_id": "编号",
            "case_id": "关联案号",
            "kind": "类型",
            "filed_at": "提出时间",
            "result": "结果",
            "reason": "理由",
        },
    ),
    (
        CaseEvent,
        "系统操作日志",
        {
            "event_id": "日志号",
            "case_id": "案号",
            "at": "操作时间",
            "actor_id": "操作人",
            "kind": "操作",
            "field": "字段",
            "old_value": "原值",
            "new_value": "新值",
            "approved_by": "审批人",
        },
    ),
    (
        Treasury,
        "非税入库明细",
        {
            "treasury_id": "入库单号",
            "unit_id": "执收单位",
            "batch": "汇缴批次",
            "item_code": "收入项目",
            "amount": "金额(元)",
            "at": "入库时间",
        },
    ),
    (
        Vehicle,
        "营运车辆名录",
        {
            "plate_no": "车牌",
            "owner_party_id": "业户证照号",
            "vehicle_use": "使用性质",
            "approved_load_kg": "核定载质量(kg)",
            "gross_limit_kg": "最大总质量(kg)",
            "transport_permit": "道路运输证号",
            "valid_from": "发证日期",
            "valid_to": "注销日期",
        },
    ),
    (
        Exemption,
        "轻微违法免罚清单",
        {
            "violation_code": "代码",
            "condition": "适用情形",
            "valid_from": "施行日期",
            "valid_to": "废止日期",
        },
    ),
    (
        Campaign,
        "专项行动",
        {
            "campaign_id": "编号",
            "name": "名称",
            "unit_id": "单位",
            "from_on": "开始日期",
            "to_on": "结束日期",
        },
    ),
)
"""Row, file and headers; each is a GB18030 file."""
