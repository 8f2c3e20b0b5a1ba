"""A made-up run as large as asked, for the report: rules in every state, deadlines, repeats, a device and peers.

Everything comes from one seeded generator. `Made.personal` lists each personal value that went in, so that a test can
look for all of them in what came out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from auditor.core.result import (
    ContractFinding,
    InputFile,
    NotJudged,
    Parameter,
    PassedOver,
    Period,
    PlanItem,
    QuarantineEntry,
    RuleResult,
    Run,
    Slice,
    Unread,
)
from tests.report.made_up_pictures import BINS, peers, sites
from tests.report.made_up_rules import RULES, card, two
from tests.report.made_up_subjects import (
    MONTHS,
    UNITS,
    Maker,
    camera,
    impound,
    late_hand_in,
    peer,
    repeat,
    single,
)

CHAPTERS = {"A1": 13, "A2": 14, "A3": 6, "A4": 9, "A5": 6, "A6": 5, "T": 30, "Y": 10}


@dataclass
class Made:
    run: Run
    personal: set[str] = field(default_factory=set)


def made_up(seed: int = 7, *, size: int = 10, word: Callable[[str], str] = lambda value: value) -> Made:
    """About 20 findings for each step of `size`; the wide ones rest on more rows than a case page is made for."""
    maker = Maker(seed, word)
    units = list(UNITS)
    for index in range(7 * size):
        impound(maker, index, maker.random.choice(units[3:]))
        single(maker, index, maker.random.choice(units))
    for index in range(2 * size):
        late_hand_in(maker, index, maker.random.choice(units[:3]))
        repeat(maker, index, maker.random.choice(units[:3]))
    for officer in list(maker.officers)[: 6 if size >= 10 else 2]:
        peer(maker, officer, maker.random.randint(30, 30 + 29 * min(size, 10)))
    for index in range(4 if size >= 10 else 1):
        camera(maker, index)
    return Made(run=_run(maker), personal=maker.personal)


def _run(maker: Maker) -> Run:
    results = [_result(maker, rule_id) for rule_id in RULES]
    plate = maker.private("辽D9Q8W7")
    return Run(
        period=Period(first=date(2024, 5, 1), last=date(2024, 5, 31), label="2024-05"),
        as_of=date(2024, 5, 31),
        agencies=("traffic_police", "transport"),
        rows={"cases": 20311, "measures": 1184, "cameras": 96, "officers": 41},
        inputs=(
            InputFile(
                file="案件台账_2024-05.csv",
                sha256="ab" * 32,
                table_name="cases",
                format="csv",
                encoding="gb18030",
                rows=20318 + 1,
                passed_over=(PassedOver(source_row=1, kind="header", text="编号"),),
                read=20318,
                loaded=20311,
                quarantined=7,
            ),
            InputFile(
                file="强制措施.xlsx#2024",
                sha256="cd" * 32,
                table_name="measures",
                format="xlsx",
                encoding=None,
                rows=1184 + 1,
                passed_over=(PassedOver(source_row=1, kind="header", text="编号"),),
                read=1184,
                loaded=1184,
                quarantined=0,
            ),
        ),
        unread=(Unread(file="README.txt", reason=two("没有表认领此文件", "no table claims this file")),),
        contract=(
            ContractFinding(
                table_name="penalty_schedule",
                check="one_in_force",
                text=two("代码 1039 在同一日有两行基准施行", "two rows of code 1039 are in force on one day"),
            ),
        ),
        quarantine=tuple(
            QuarantineEntry(
                table_name="cases",
                source_file=maker.word("案件台账_2024-05.csv"),
                source_row=40 + n,
                column=maker.word("违法时间"),
                raw_value=maker.word(f"2024-05-3{n} {plate}"),
                reason="date_unreadable",
                text=two(f"“2024-05-3{n} {plate}” 不是日期", f"“2024-05-3{n} {plate}” is not a date"),
            )
            for n in range(7)
        ),
        cards=tuple(card(rule_id, **_changed(rule_id)) for rule_id in RULES),
        results=tuple(results),
        findings=tuple(maker.findings),
        evidence=tuple(maker.evidence),
        records=tuple(maker.records),
        plan=_plan(),
        sites=sites([one.subject_id for one in maker.findings if one.subject_type == "camera"], word=maker.word),
        units={key: maker.word(name) for key, name in UNITS.items()},
        officers={key: maker.word(name) for key, name in maker.officers.items()},
        rulebook_sha256="ef" * 32,
        overrides={"profit.max-fine-rate.min_cases": "40"},
        versions={"auditor": "0.1.0", "duckdb": "2.0.0"},
        clock={"started": "never printed"},
    )


def _changed(rule_id: str) -> dict[str, object]:
    if rule_id != "profit.max-fine-rate":
        return {}
    return {
        "parameters": (
            Parameter(
                name="min_cases", value="40", default="30", overridden=True, doc=two("最少案件数", "fewest cases")
            ),
        )
    }


def _result(maker: Maker, rule_id: str) -> RuleResult:
    found = sum(finding.rule_id == rule_id for finding in maker.findings)
    match rule_id:
        case "camera.uncalibrated":
            return RuleResult(
                rule_id=rule_id,
                result="not_applicable",
                reason=two("缺少列 cameras.calibrated_until", "column cameras.calibrated_until is missing"),
            )
        case "payment.cash-on-site":
            return RuleResult(
                rule_id=rule_id, result="not_applicable", reason=two("没有表 payments", "no table payments")
            )
        case "procedure.summary-above-cap":
            return RuleResult(rule_id=rule_id, result="error", reason=two("查询失败", "the query failed"))
        case "officer.auxiliary-alone":
            return RuleResult(rule_id=rule_id, result="clean", tested=20311, ok=20311, skipped=12)
        case "procedure.reviewer-is-handler":
            return RuleResult(rule_id=rule_id, result="clean", unknown=20311)
        case "profit.max-fine-rate":
            return RuleResult(
                rule_id=rule_id,
                result="flagged",
                tested=31,
                ok=31 - found,
                violation=found,
                findings=found,
                grain="officer_id",
                not_judged=(NotJudged(subject_id="P01008", reason=two("案件太少", "too few cases"), n=12),),
                picture=peers([one for one in maker.findings if one.rule_id == rule_id], word=maker.word),
            )
        case _:
            slices = tuple(
                Slice(
                    unit_id=unit,
                    month=month,
                    tested=maker.random.randint(80, 400),
                    violation=maker.random.randint(0, 6),
                    unknown=maker.random.randint(0, 3),
                )
                for unit in UNITS
                for month in MONTHS
            )
            tested, flagged = sum(one.tested for one in slices), sum(one.violation for one in slices)
            return RuleResult(
                rule_id=rule_id,
                result="flagged" if found else "clean",
                tested=tested,
                ok=tested - flagged,
                violation=flagged,
                unknown=sum(one.unknown for one in slices),
                skipped=410,
                findings=found,
                slices=slices if rule_id != "case.service-late" else (),
                picture=BINS if rule_id == "impound.transport-overdue" else None,
            )


def _plan() -> tuple[PlanItem, ...]:
    return tuple(
        PlanItem(
            item=f"{chapter}-{n:02}",
            title=two(f"整治事项 {chapter}-{n:02}", f"item {chapter}-{n:02} of the plan"),
            detectability="D5" if chapter == "T" and n in (7, 17) else ("D1", "D2", "D3")[n % 3],
            severity=("S1", "S2", "S3/S2", "S4")[n % 4],
            core=n % 2 == 0,
            unseen=two("记录看不到", "records cannot show it") if n == 17 else None,
            instead=two("现场查看标志", "look at the signs on the spot") if n == 17 else None,
        )
        for chapter, count in CHAPTERS.items()
        for n in range(1, count + 1)
    )
