"""What the made-up run finds: each maker writes the rows of one subject and the finding that rests on them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from auditor.core.fact import Fact, FactType
from auditor.core.finding import Evidence, Finding, Record, finding_id, fingerprint
from tests.report.made_up_rules import card, two

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "安平文武强敏丽静宇航海山林森泽瑞"
UNITS = {
    "P01": "交警一大队",
    "P02": "交警二大队",
    "P03": "交警高速大队",
    "T01": "运输执法一中队",
    "T02": "运输执法二中队",
}
MONTHS = [f"2023-{month:02}" for month in range(6, 13)] + [f"2024-{month:02}" for month in range(1, 6)]


class Maker:
    """Grows a run step by step; `word` can replace every free value, to see what becomes of hostile text."""

    def __init__(self, seed: int, word: Callable[[str], str]) -> None:
        self.random, self.word = Random(seed), word
        self.personal: set[str] = set()
        self.records: list[Record] = []
        self.evidence: list[Evidence] = []
        self.findings: list[Finding] = []
        self.officers = {f"{unit}{n:03}": self.name() for unit in UNITS for n in range(1, 9)}

    def name(self) -> str:
        return self.random.choice(SURNAMES) + "".join(self.random.sample(GIVEN, 2))

    def private(self, value: str) -> str:
        self.personal.add(value)
        return value

    def plate(self) -> str:
        return self.private(self.word("辽D" + "".join(self.random.choices("ABCDEFGH0123456789", k=5))))

    def moment(self, month: str | None = None) -> datetime:
        year, number = map(int, (month or "2024-05").split("-"))
        return datetime(
            year, number, self.random.randint(1, 27), self.random.randint(6, 21), self.random.randint(0, 59)
        )

    def case(self, number: int, unit: str, at: datetime, **changes: str) -> Record:
        officers = [officer for officer in self.officers if officer.startswith(unit)]
        plain = {
            "case_id": self.word(f"{unit}-{at:%Y}-{number:06}"),
            "domain": "traffic_police" if unit.startswith("P") else "transport",
            "unit_id": unit,
            "officer_id": self.random.choice(officers),
            "officer2_id": self.random.choice(officers),
            "party_id": self.private(self.word(f"2104{self.random.randint(10**13, 10**14 - 1)}")),
            "party_name": self.private(self.word(self.name())),
            "party_phone": self.private(self.word(f"139{self.random.randint(10**7, 10**8 - 1)}")),
            "party_type": "person",
            "plate_no": self.plate(),
            "violation_code": self.word("1039"),
            "violation_name": self.word("违反规定停放"),
            "grade": "ordinary",
            "occurred_at": at.isoformat(),
            "place_id": self.word(f"L{self.random.randint(1, 40):03}"),
            "place_name": self.word("人民路与新华街路口"),
            "capture": "on_site",
            "procedure": "ordinary",
            "filed_at": (at + timedelta(days=1)).isoformat(),
            "rights_notice_at": (at + timedelta(days=3)).isoformat(),
            "decided_at": (at + timedelta(days=9, hours=3)).isoformat(),
            "served_at": (at + timedelta(days=12)).isoformat(),
            "outcome": "fine",
            "fine_amount": "200.00",
            "status": "decided",
            "first_offence": "false",
            "当事人备注": self.private(self.word(f"其配偶电话138{self.random.randint(10**7, 10**8 - 1)}")),
        }
        plain["deviation_reason"] = f"当事人{plain['party_name']}({plain['party_phone']})家庭困难"
        values: dict[str, str] = {**plain, **changes}
        return self.record("cases", values["case_id"], f"案件台账_{at:%Y-%m}.csv", number, values)

    def record(self, table: str, key: str, file: str, row: int, values: dict[str, str]) -> Record:
        made = Record(table_name=table, row_key=key, source_file=self.word(file), source_row=row, values=values)
        self.records.append(made)
        return made

    def flag(
        self, rule_id: str, subject: tuple[str, str], rows: list[Record], facts: tuple[Fact, ...], **changes: object
    ) -> None:
        described = card(rule_id)
        clear = fingerprint(
            rule_id, [subject[1]], rows[0].values.get("occurred_at") or rows[0].values.get("started_at")
        )
        moments = sorted(
            datetime.fromisoformat(moment)
            for row in rows
            if (moment := row.values.get("occurred_at") or row.values.get("started_at"))
        )
        plain = Finding(
            finding_id=finding_id(clear),
            fingerprint=clear,
            rule_id=rule_id,
            covers=described.covers,
            certainty=described.certainty,
            level=described.level,
            subject_type=subject[0],
            subject_id=subject[1],
            unit_id=rows[0].values.get("unit_id"),
            period="2024-05",
            n_cases=len(rows),
            first_at=moments[0] if moments else None,
            last_at=moments[-1] if moments else None,
            message=two(f"原文 {subject[1]}", f"in full {subject[1]}"),
            facts=facts,
        )
        made = replace(plain, **changes)
        self.findings.append(made)
        self.evidence += [
            Evidence(
                finding_id=made.finding_id,
                table_name=row.table_name,
                row_key=row.row_key,
                role="subject",
                source_file=row.source_file,
                source_row=row.source_row,
            )
            for row in rows
        ]


def fact(name: str, type_: FactType, value: str | None, column: str | None = None, personal: str | None = None) -> Fact:
    return Fact(name=name, type=type_, value=value, column=column, personal=personal)  # type: ignore[arg-type]


def impound(maker: Maker, index: int, unit: str) -> None:
    start = maker.moment(maker.random.choice(MONTHS[:-1]))
    late = maker.random.randint(1, 90)
    due = datetime(start.year, start.month, start.day) + timedelta(days=30)
    finish = None if index % 9 == 0 else due + timedelta(days=late, hours=10)
    plate = maker.plate()
    values = {
        "measure_id": word if (word := maker.word(f"M{index:05}")) else "",
        "domain": "transport",
        "kind": "impound_vehicle",
        "unit_id": unit,
        "officer_id": f"{unit}001",
        "officer2_id": f"{unit}002",
        "plate_no": plate,
        "started_at": start.isoformat(),
        "document_given_at": (start + timedelta(hours=2)).isoformat(),
        "lot_id": maker.word("L1"),
        "fee_payer": maker.private(maker.word(maker.name())),
        **({"released_at": finish.isoformat()} if finish else {}),
    }
    if index % 3 == 0:
        values["case_id"] = maker.word(f"K{index:05}")
    row = maker.record("measures", values["measure_id"], "强制措施.xlsx#2024", index + 3, values)
    level = "critical" if late > 60 else "high" if late > 7 else "medium"
    facts = (
        fact("plate_no", "string", plate, "measures.plate_no", "plate"),
        fact("start", "timestamp", start.isoformat(), "measures.started_at"),
        fact("finish", "timestamp", finish.isoformat() if finish else None, "measures.released_at"),
        fact("due", "timestamp", due.isoformat()),
        fact("overdue", "days", str(late)),
        fact("limit", "duration", "30 days"),
        fact("as_of", "date", "2024-05-31"),
    )
    maker.flag(
        "impound.transport-overdue",
        ("measure", values["measure_id"]),
        [row],
        facts,
        level=level,
        metric="days_overdue",
        value=float(late),
        threshold=0.0,
        state="new" if index % 4 else "recurring",
        waived=index == 5,
    )
    if "case_id" in values:
        case = maker.case(index + 90000, unit, start, case_id=values["case_id"])
        if index % 6 == 0:
            maker.flag(
                "officer.one-alone",
                ("case", values["case_id"]),
                [case],
                (
                    fact("case_id", "string", values["case_id"], "cases.case_id"),
                    fact("officer_id", "string", case.values["officer_id"], "cases.officer_id"),
                ),
            )


def single(maker: Maker, index: int, unit: str) -> None:
    row = maker.case(index + 2, unit, maker.moment(), fine_amount=f"{300 + 50 * (index % 7)}.00")
    case = row.values["case_id"]
    rule = ("profit.fine-above-range", "officer.one-alone", "case.service-late", "case.too-fast")[index % 4]
    facts = (
        fact("case_id", "string", case, "cases.case_id"),
        fact("officer_id", "string", row.values["officer_id"], "cases.officer_id"),
        fact("violation_code", "string", row.values["violation_code"], "cases.violation_code"),
        fact("fine_amount", "money", row.values["fine_amount"], "cases.fine_amount"),
        fact("statutory_max", "money", "200.00"),
        fact("party", "string", row.values["party_name"], "cases.party_name"),
    )
    maker.flag(
        rule, ("case", case), [row], facts, metric="fine", value=float(row.values["fine_amount"]), threshold=200.0
    )


def late_hand_in(maker: Maker, index: int, unit: str) -> None:
    start, plate = maker.moment(), maker.plate()
    due, late = start + timedelta(hours=24), maker.random.randint(5, 3000)
    key = maker.word(f"H{index:05}")
    row = maker.record(
        "measures",
        key,
        "扣留.csv",
        index + 2,
        {
            "measure_id": key,
            "domain": "traffic_police",
            "kind": "impound_vehicle",
            "plate_no": plate,
            "unit_id": unit,
            "officer_id": f"{unit}003",
            "started_at": start.isoformat(),
            "handed_in_at": (due + timedelta(minutes=late)).isoformat(),
        },
    )
    maker.flag(
        "impound.police-handed-in-late",
        ("measure", key),
        [row],
        (
            fact("plate_no", "string", plate, "measures.plate_no"),
            fact("start", "timestamp", start.isoformat()),
            fact("finish", "timestamp", (due + timedelta(minutes=late)).isoformat()),
            fact("due", "timestamp", due.isoformat()),
            fact("overdue", "minutes", str(late)),
            fact("limit", "duration", "24 hours"),
        ),
        metric="minutes_overdue",
        value=float(late),
        threshold=0.0,
    )


def repeat(maker: Maker, index: int, unit: str) -> None:
    plate, at = maker.plate(), maker.moment()
    rows = [
        maker.case(index * 10 + n + 50000, unit, at + timedelta(hours=n * 5), plate_no=plate, capture="camera")
        for n in range(2 + index % 3)
    ]
    maker.flag(
        "repeat.same-place-time",
        ("vehicle", plate),
        rows,
        (
            fact("plate_no", "string", plate, "cases.plate_no", "plate"),
            fact("place_id", "string", rows[0].values["place_id"], "cases.place_id"),
            fact("violation_code", "string", "1039", "cases.violation_code"),
            fact("events", "int", str(len(rows))),
            fact("span", "minutes", str(300 * (len(rows) - 1))),
        ),
    )


def peer(maker: Maker, officer: str, n: int) -> None:
    unit = officer[:3]
    expected = round(maker.random.uniform(0.15, 0.4), 4)
    excess = round(maker.random.uniform(0.22, 0.5), 4)
    start = int(officer[-3:]) * 1000 + 100000
    rows = [
        maker.case(start + i, unit, maker.moment(maker.random.choice(MONTHS)), officer_id=officer) for i in range(n)
    ]
    maker.flag(
        "profit.max-fine-rate",
        ("officer", officer),
        rows,
        (
            fact("observed", "share", str(round(expected + excess, 4))),
            fact("expected", "share", str(expected)),
            fact("excess", "share", str(excess)),
            fact("rank", "int", str(int(officer[-3:]))),
            fact("judged", "int", "31"),
        ),
        metric="share_at_maximum",
        value=round(expected + excess, 4),
        expected=expected,
        lower=round(excess - 0.09, 4),
        upper=round(excess + 0.09, 4),
        p_value=0.00004,
        q_value=0.0012,
    )


def camera(maker: Maker, index: int) -> None:
    camera = maker.word(f"CAM-{index:03}")
    rows = [
        maker.case(index * 1000 + i + 300000, "P03", maker.moment(), capture="camera", camera_id=camera)
        for i in range(40 + 15 * index)
    ]
    maker.flag(
        "camera.unpublished",
        ("camera", camera),
        rows,
        (fact("camera_id", "string", camera, "cases.camera_id"), fact("n", "int", str(len(rows)))),
        value=float(len(rows)),
    )
