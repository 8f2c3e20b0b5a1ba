"""The rules of the made-up run: one of every kind of result, with sentences as real ones have."""

from dataclasses import replace
from datetime import date

from auditor.core.result import Article, Parameter, RuleCard
from auditor.core.text import Text


def two(zh: str, en: str) -> Text:
    return Text(zh, en)


RULES: dict[str, dict[str, object]] = {
    "impound.transport-overdue": {
        "title": two("运输执法超期扣押", "Seizure by transport enforcement past its limit"),
        "covers": ("A4-04",),
        "kind": "deadline",
        "table": "measures",
        "level": "high",
        "message": two(
            "{plate_no} 自 {start} 起扣押，应于 {due} 前解除，实际 {finish}，逾期 {overdue}",
            "{plate_no} was seized on {start}, due back by {due}, given back {finish}: {overdue} late",
        ),
        "arithmetic": (
            two("{start} + {limit} → 应于 {due} 24:00 前解除", "{start} + {limit} → due {due} 24:00"),
            two("完成时间 {finish} → 逾期 {overdue}", "done {finish} → {overdue} late"),
        ),
        "basis": (
            Article(
                law="行政强制法",
                article="第二十五条",
                from_=date(2012, 1, 1),
                says=two(
                    "查封、扣押一般不超过三十日，经批准可再延长，最多三十日。",
                    "A seizure lasts thirty days at most; with approval thirty more.",
                ),
            ),
        ),
    },
    "impound.police-handed-in-late": {
        "title": two("扣留车辆未按时移交单位", "Impounded vehicle not handed in within 24 hours"),
        "covers": ("T-12",),
        "kind": "deadline",
        "table": "measures",
        "level": "medium",
        "message": two(
            "{plate_no} {start} 扣留，{finish} 移交，逾期 {overdue}",
            "{plate_no}: held {start}, handed in {finish}, {overdue} late",
        ),
        "arithmetic": (two("{start} + {limit} → {due}", "{start} + {limit} → {due}"),),
        "basis": (
            Article(law="道路交通安全违法行为处理程序规定", article="第二十七条", from_=date(2020, 5, 1), mark="V2"),
        ),
    },
    "profit.fine-above-range": {
        "title": two("罚款超出法定上限", "Fine above the statutory maximum"),
        "covers": ("A1-11",),
        "kind": "check",
        "table": "cases",
        "level": "critical",
        "message": two(
            "{violation_code}：罚款 {fine_amount} 元，法定上限 {statutory_max} 元",
            "{violation_code}: fined {fine_amount} yuan where the law allows {statutory_max}",
        ),
        "arithmetic": (two("{fine_amount} > {statutory_max}", "{fine_amount} > {statutory_max}"),),
        "basis": (
            Article(law="行政处罚法", article="第三十四条", from_=date(2021, 7, 15)),
            Article(law="行政处罚法", article="第二十七条", from_=date(1996, 10, 1), until=date(2021, 7, 14)),
        ),
    },
    "repeat.same-place-time": {
        "title": two("同一地点短时间重复处罚", "Fined again at the same place within a day"),
        "covers": ("A3-05",),
        "kind": "repeat",
        "table": "cases",
        "certainty": "lead",
        "level": "medium",
        "message": two(
            "{plate_no} 在 {place_id} 因 {violation_code} 于 {span} 内被罚 {events} 次",
            "{plate_no} was fined {events} times in {span} at {place_id} for {violation_code}",
        ),
        "basis": (
            Article(law="行政处罚法", article="第二十九条", from_=date(2021, 7, 15)),
            Article(law="同一时段的窗口", article="24 小时", mark="P"),
        ),
    },
    "profit.max-fine-rate": {
        "title": two("执法人员顶格处罚率异常", "Officer fines at the maximum far more often than peers"),
        "covers": ("A1-08",),
        "kind": "peer",
        "table": "cases",
        "certainty": "lead",
        "level": "high",
        "message": two(
            "顶格处罚率 {observed}，同类案件期望 {expected}；{judged} 人中排第 {rank}",
            "{observed} of fines at the maximum where like cases give {expected}; rank {rank} of {judged}",
        ),
        "arithmetic": (two("{observed} − {expected} = {excess}", "{observed} − {expected} = {excess}"),),
        "basis": (Article(law="行政处罚法", article="第五条", from_=date(2021, 7, 15)),),
    },
    "camera.unpublished": {
        "title": two("设置地点未公布的监控设备", "Camera whose site was not published"),
        "covers": ("T-01",),
        "kind": "lookup",
        "table": "cases",
        "level": "critical",
        "message": two(
            "设备 {camera_id} 未公布，据其记录处罚 {n} 件", "camera {camera_id} was not published; {n} fines rest on it"
        ),
        "basis": (Article(law="行政处罚法", article="第四十一条", from_=date(2021, 7, 15)),),
    },
    "officer.one-alone": {
        "title": two("一人执法", "One officer alone"),
        "covers": ("A6-02",),
        "level": "high",
        "message": two("{case_id} 只有一名执法人员 {officer_id}", "{case_id} names one officer only, {officer_id}"),
        "basis": (Article(law="行政处罚法", article="第四十二条", from_=date(2021, 7, 15)),),
    },
    "case.service-late": {
        "title": two("决定书送达超期", "Decision served late"),
        "covers": ("A4-07",),
        "level": "low",
        "message": two("{case_id} 超期送达", "{case_id} was served late"),
        "basis": (Article(law="行政处罚法", article="第六十一条", from_=date(2021, 7, 15)),),
    },
    "officer.auxiliary-alone": {"title": two("辅助人员独立执法", "Auxiliaries alone"), "covers": ("A6-03",)},
    "procedure.reviewer-is-handler": {"title": two("审核人即办案人", "Reviewer is the handler"), "covers": ("A2-09",)},
    "camera.uncalibrated": {"title": two("设备检定过期", "Camera past its calibration"), "covers": ("T-01", "T-02")},
    "procedure.summary-above-cap": {
        "title": two("简易程序超额", "Summary procedure above its cap"),
        "covers": ("A2-08",),
    },
    "payment.cash-on-site": {
        "title": two("当场收缴不符条件", "Cash taken on site without ground"),
        "covers": ("A1-03",),
    },
    "case.too-fast": {
        "title": two("办案过快", "Too fast to be true"),
        "covers": ("A2-07",),
        "status": "trial",
        "certainty": "lead",
        "level": "info",
        "message": two("{case_id} 过快", "{case_id} was too fast"),
    },
}


def card(rule_id: str, **changes: object) -> RuleCard:
    plain = RuleCard(
        rule_id=rule_id,
        title=two(rule_id, rule_id),
        covers=("A1-01",),
        level="medium",
        certainty="violation",
        status="active",
        kind="check",
        table="cases",
        basis=(Article(law="行政处罚法", article="第四条", from_=date(2021, 7, 15)),),
        why=two("关系到当事人的权利和处罚的公正。", "The party's rights and the fairness of the penalty hang on it."),
        false_positives=(
            two("经批准延长且有文书，而导出数据未包含", "an approved extension that the export lacks"),
            two("录入时间晚于实际办理时间", "entered later than it was done"),
        ),
        verify=(
            two("调取纸质案卷，核对文书日期", "take the paper file and compare the dates"),
            two("询问经办人员", "ask the officer who handled it"),
        ),
        parameters=(
            Parameter(
                name="limit", value="30 days", default="30 days", overridden=False, doc=two("法定期限", "the limit")
            ),
        ),
        message=two("{case_id}", "{case_id}"),
        arithmetic=(),
        sentence=two(
            "逐行检查本表中范围内的记录，条件成立即命中。",
            "Looks at each row in scope; one for which the condition holds is flagged.",
        ),
        sql="SELECT case_id,\n       fine_amount > 200 AND \"procedure\" = 'summary' AS verdict\nFROM cases",
        source=f"rules/{rule_id}.yaml",
        needs=("cases.officer_id",),
    )
    return replace(plain, **{**RULES.get(rule_id, {}), **changes})
