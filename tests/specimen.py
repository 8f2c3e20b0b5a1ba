"""A small audit made by hand: one of everything that a run can hold, for tests that need no data and no engine."""

from dataclasses import replace
from datetime import date, datetime

from auditor.core.condition import AskedColumn, ConditionCard
from auditor.core.fact import Fact
from auditor.core.finding import Evidence, Finding, Record, RowPlace, finding_id, fingerprint
from auditor.core.picture import Bin, Peer, Picture, Site, Sites
from auditor.core.result import (
    Article,
    ContractFinding,
    InputFile,
    NotJudged,
    Parameter,
    PassedOver,
    Period,
    PlanItem,
    QuarantineEntry,
    RuleCard,
    RuleResult,
    Run,
    Slice,
    Unread,
)
from auditor.core.text import Text

PLATE, PARTY, PHONE = "辽D12345", "210421199001011234", "13900001111"
"""Personal values of the specimen: none of them may be in an output that leaves."""


def both(text: str) -> Text:
    return Text(zh=f"{text}（中）", en=text)


def card(rule_id: str, **changes: object) -> RuleCard:
    plain = RuleCard(
        rule_id=rule_id,
        title=both(f"title of {rule_id}"),
        covers=("A3-05",),
        level="high",
        certainty="violation",
        status="active",
        kind="check",
        table="cases",
        basis=(Article(law="行政处罚法", article="第二十九条", from_=date(2021, 7, 15), says=both("not fined twice")),),
        why=both("why it matters"),
        false_positives=(both("two vehicles under one plate"),),
        verify=(both("look at the pictures"),),
        parameters=(Parameter(name="times", value="3", default="2", overridden=True, doc=both("how often")),),
        message=Text(zh="{plate_no} 被罚 {times} 次", en="{plate_no} was fined {times} times"),
        arithmetic=(Text(zh="{times} ≥ 3", en="{times} ≥ 3"),),
        sentence=both("A row is flagged where the same plate comes back."),
        sql="SELECT case_id\nFROM cases",
        source=f"rules/{rule_id}.yaml",
        needs=("cases.plate_no",),
        facts={"times": both("times fined")},
        conditions=(
            ConditionCard(
                text=both("the fine is above 100"),
                role="scope",
                columns=(AskedColumn(table="cases", column="fine_amount", role="subject", label=both("fine")),),
            ),
            ConditionCard(text=both("one of two is so"), role="test"),
            ConditionCard(
                text=both("the plate is known"),
                role="test",
                branch=True,
                columns=(AskedColumn(table="cases", column="plate_no", role="subject", label=both("plate")),),
            ),
            ConditionCard(
                text=both("it was served late"),
                role="test",
                branch=True,
                columns=(AskedColumn(table="cases", column="served_at", role="subject", label=both("served")),),
            ),
        ),
    )
    return replace(plain, **changes)


def finding(rule_id: str, key: str, **changes: object) -> Finding:
    clear = fingerprint(rule_id, [key], "2024-05-03")
    plain = Finding(
        finding_id=finding_id(clear),
        fingerprint=clear,
        rule_id=rule_id,
        covers=("A3-05",),
        certainty="violation",
        level="high",
        subject_type="vehicle",
        subject_id=key,
        unit_id="U1",
        period="2024-05",
        metric="fines",
        value=3.0,
        threshold=3.0,
        n_cases=2,
        first_at=datetime(2024, 5, 3, 8, 0),
        last_at=datetime(2024, 5, 3, 19, 30),
        message=Text(zh=f"{key} 被罚 3 次", en=f"{key} was fined 3 times"),
        facts=(
            Fact(name="plate_no", type="string", value=key, personal="plate", column="cases.plate_no"),
            Fact(name="times", type="int", value="3"),
        ),
        conditions=(True, True, True, None),
        first_row=RowPlace(source_file="cases.csv", source_row=2),
    )
    return replace(plain, **changes)


def evidence(of: Finding, case: str, row: int) -> Evidence:
    return Evidence(
        finding_id=of.finding_id,
        table_name="cases",
        row_key=case,
        role="subject",
        source_file="cases.csv",
        source_row=row,
    )


def record(case: str, row: int) -> Record:
    return Record(
        table_name="cases",
        row_key=case,
        source_file="cases.csv",
        source_row=row,
        values={
            "case_id": case,
            "domain": "traffic_police",
            "officer_id": "P001",
            "party_id": PARTY,
            "party_phone": PHONE,
            "plate_no": PLATE,
            "fine_amount": "200.00",
            "备注": f"电话 {PHONE}",
        },
    )


def run() -> Run:
    """Six rules: one flagged, one lead, one on trial, one clean, one that broke, one not applicable."""
    repeated = finding("repeat.same-place-time", PLATE)
    lead = finding(
        "profit.max-fine-rate",
        "P001",
        certainty="lead",
        level="medium",
        subject_type="officer",
        expected=0.2,
        lower=0.15,
        upper=0.45,
        p_value=0.0001,
        q_value=0.002,
        first_at=None,
        last_at=None,
        facts=(
            Fact(name="plate_no", type="string", value=None, personal="plate"),
            Fact(name="times", type="int", value="3"),
        ),
    )
    trial = finding("trial.rule", "辽D99999", level="critical")
    return Run(
        period=Period(first=date(2024, 5, 1), last=date(2024, 5, 31), label="2024-05"),
        as_of=date(2024, 5, 31),
        agencies=("traffic_police",),
        rows={"cases": 98, "officers": 4},
        inputs=(
            InputFile(
                file="cases.csv",
                sha256="ab" * 32,
                table_name="cases",
                format="csv",
                encoding="gb18030",
                rows=100 + 1,
                passed_over=(PassedOver(source_row=1, kind="header", text="编号"),),
                read=100,
                loaded=98,
                quarantined=2,
            ),
            InputFile(
                file="officers.xlsx#名册",
                sha256="cd" * 32,
                table_name="officers",
                format="xlsx",
                encoding=None,
                rows=4 + 1,
                passed_over=(PassedOver(source_row=1, kind="header", text="编号"),),
                read=4,
                loaded=4,
                quarantined=0,
            ),
        ),
        unread=(Unread(file="README.txt", reason=both("no table is called so")),),
        contract=(ContractFinding(table_name="officers", check="overlap", text=both("P001 twice"), rows=("P001",)),),
        quarantine=(
            QuarantineEntry(
                table_name="cases",
                source_file="cases.csv",
                source_row=8,
                column="违法时间",
                raw_value=f"2024-13-01 {PHONE}",
                reason="date_unreadable",
                text=both(f"2024-13-01 {PHONE} is no date"),
            ),
            QuarantineEntry(
                table_name="cases",
                source_file="cases.csv",
                source_row=19,
                column=None,
                raw_value=None,
                reason="row_ragged",
                text=both("31 fields, 30 expected"),
            ),
        ),
        cards=(
            card("broken.rule", sql=None),
            card("camera.unpublished", needs=("cameras.published_at",)),
            card("officer.one-alone"),
            card("profit.max-fine-rate", certainty="lead", level="medium"),
            card("repeat.same-place-time"),
            card("trial.rule", status="trial", level="critical"),
        ),
        results=(
            RuleResult(rule_id="broken.rule", result="error", reason=both("division by zero")),
            RuleResult(rule_id="camera.unpublished", result="not_applicable", reason=both("no table cameras")),
            RuleResult(rule_id="officer.one-alone", result="clean", tested=50, ok=50, unknown=3, skipped=45),
            RuleResult(
                rule_id="profit.max-fine-rate",
                result="flagged",
                tested=4,
                ok=3,
                violation=1,
                findings=1,
                grain="officer_id",
                not_judged=(NotJudged(subject_id="P004", reason=both("too few"), n=7),),
                notes=(both("limits widened"),),
                picture=Picture(
                    metric="rate",
                    limit=0.2,
                    peers=(
                        Peer(subject_id="P001", n=40, value=0.5, expected=0.2, lower=0.15, upper=0.45, flagged=True),
                        Peer(subject_id="P002", n=30, value=0.2, expected=None, lower=None, upper=None, flagged=False),
                    ),
                    left_out=1,
                    spread=0.04,
                    both_ways=True,
                ),
            ),
            RuleResult(
                rule_id="repeat.same-place-time",
                result="flagged",
                tested=98,
                ok=96,
                violation=2,
                unknown=1,
                findings=1,
                picture=Picture(
                    metric="days_overdue",
                    limit=0,
                    bins=(Bin(low=None, high=0, ok=96, violation=0), Bin(low=0, high=2.5, ok=0, violation=2)),
                    line=80.0,
                ),
                slices=(
                    Slice(unit_id="U1", month="2024-05", tested=98, violation=2, unknown=0),
                    Slice(unit_id=None, month=None, tested=0, violation=0, unknown=1),
                ),
            ),
            RuleResult(rule_id="trial.rule", result="flagged", tested=98, ok=97, violation=1, findings=1),
        ),
        findings=(lead, repeated, trial),
        evidence=tuple(
            sorted(
                (evidence(repeated, "C1", 2), evidence(repeated, "C2", 3), evidence(trial, "C2", 3)),
                key=lambda row: (row.finding_id, row.row_key),
            )
        ),
        records=(record("C1", 2), record("C2", 3)),
        plan=(
            PlanItem(item="A1-08", title=both("maximum fines"), detectability="D3", severity="S2", core=True),
            PlanItem(
                item="A4-01",
                title=both("rough words"),
                detectability="D5",
                severity="S2",
                core=False,
                unseen=both("signs"),
                instead=both("visit"),
            ),
        ),
        units={"U1": "第一中队"},
        sites=(
            Sites(
                table_name="cameras",
                sites=(Site(site_id="C1", name=None, lon=123.1, lat=38.0),),
                unplaced=1,
                left_out=2,
            ),
        ),
        officers={"P001": "某某"},
        rulebook_sha256="ef" * 32,
        overrides={"repeat.same-place-time.times": "3"},
        versions={"auditor": "0.1.0", "duckdb": "2.0.0"},
        clock={"started_at": "2024-06-01T09:00:00", "seconds": {"trial.rule": 0.25}},
    )
