"""Each ready profile over its example, row by row: what the store holds is what plain Python reads out of the file.

Nothing here is copied from a file by hand, and nothing asks the profile: headers, units and words are said once more.
"""

import csv
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from auditor.opening import profile_named
from tests.intake.office import Store, loaded, write_csv, write_parquet

EXAMPLES = Path(__file__).parents[2] / "data" / "examples"
FACTORS = {"元": Decimal(1), "万元": Decimal(10_000), "吨": Decimal(1000), "千克": Decimal(1), "": Decimal(1)}

Read = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file of an example: the row its headers stand in, and of each canonical column the header and how it is read.
    `counts` says of a row whether the profile keeps it."""

    example: str
    file: str
    table: str
    headers: int
    columns: Mapping[str, tuple[str, Read]]
    counts: Callable[[Mapping[str, Any]], bool] = lambda row: True


def text(cell: Any) -> str | None:
    return str(cell).strip() or None


def amount(unit: str) -> Read:
    """A number in the unit, unless the cell says one of its own."""

    def read(cell: Any) -> Decimal | None:
        if not str(cell).strip():
            return None
        said = re.fullmatch(r"([\d,]+(?:\.\d+)?)(元|吨)?", str(cell).strip())
        if said is None:
            raise ValueError(cell)
        return Decimal(said[1].replace(",", "")) * FACTORS[said[2] or unit]

    return read


def moment(cell: Any) -> datetime | None:
    if isinstance(cell, datetime) or not str(cell).strip():
        return cell or None
    parts = re.findall(r"\d+", cell)
    if len(parts) == 1 and len(parts[0]) in (8, 14):
        parts = [parts[0][:4], *re.findall("..", parts[0][4:])]
    if len(parts) < 3:
        raise ValueError(cell)
    year, month, day, hour, minute, second = (int(part) for part in [*parts, 0, 0, 0][:6])
    return datetime(year, month, day, hour, minute, second)


def first_of(*words: str) -> Read:
    """The code of a word of the export, given as `word=code`."""
    meant = dict(word.split("=") for word in words)
    return lambda cell: meant.get(str(cell), "unknown") if str(cell) else None


PENALTIES: Mapping[str, tuple[str, Read]] = {
    "doc_no": ("行政处罚决定书文号", text),
    "party_name": ("行政相对人名称", text),
    "unit_id": ("处罚机关", text),
    "decided_at": ("处罚决定日期", moment),
    "fine_amount": ("罚款金额（万元）", amount("万元")),
    "confiscated_amount": ("没收违法所得、没收非法财物的金额（万元）", amount("万元")),
}
CODED = dict(zip(PENALTIES, ["CF_WSH", "CF_XDR_MC", "CF_CFJG", "CF_JDRQ", "CF_NR_FK", "CF_NR_WFFF"], strict=True))
PLATFORM: Mapping[str, tuple[str, Read]] = {
    "case_id": ("WFBH", text),
    "plate_no": ("HPHM", text),
    "occurred_at": ("WFSJ", moment),
    "decided_at": ("CLSJ", moment),
    "fine_amount": ("FKJE", amount("元")),
    "points": ("WFJFS", amount("")),
    "procedure": ("JDSLB", first_of("简易程序=summary", "一般程序=ordinary")),
}
EXPORTS = (
    Export(
        example="double-publicity",
        file="双公示行政处罚202503.csv",
        table="cases",
        headers=1,
        columns={name: (CODED[name], read) for name, (_, read) in PENALTIES.items()},
        counts=lambda row: "市场监督" not in row["CF_CFJG"],
    ),
    Export(example="double-publicity", file="行政处罚信息公示.xlsx", table="cases", headers=2, columns=PENALTIES),
    Export(example="six-in-one", file="VIO_VIOLATION_202503.csv", table="cases", headers=1, columns=PLATFORM),
    Export(
        example="six-in-one",
        file="VIO_VIOLATION_202503.csv",
        table="payments",
        headers=1,
        columns={"case_id": ("WFBH", text), "amount": ("FKJE", amount("元")), "paid_at": ("JKRQ", moment)},
        counts=lambda row: bool(row["JKRQ"]),
    ),
    Export(
        example="six-in-one",
        file="VIO_SURVEIL_202503.csv",
        table="captures",
        headers=1,
        columns={"camera_id": ("设备编号", text), "at": ("违法时间", moment), "value": ("实测值", amount(""))},
    ),
    Export(
        example="six-in-one",
        file="VIO_FORCE_202503.csv",
        table="measures",
        headers=1,
        columns={"measure_id": ("XH", text), "started_at": ("WFSJ", moment), "doc_no": ("JDSBH", text)},
    ),
    Export(
        example="transport-ledger",
        file="交通执法案件台账.xlsx",
        table="cases",
        headers=3,
        columns={
            "case_id": ("案号", text),
            "occurred_at": ("案发时间", moment),
            "filed_at": ("受案时间", moment),
            "gross_kg": ("车货总重(t)", amount("吨")),
            "limit_kg": ("限重(t)", amount("吨")),
            "axles": ("轴数", amount("")),
            "fine_amount": ("处罚金额(元)", amount("元")),
        },
    ),
    Export(
        example="transport-ledger",
        file="治超检测.csv",
        table="weighings",
        headers=1,
        columns={
            "weighing_id": ("checkNo", text),
            "at": ("checkTime", moment),
            "gross_kg": ("sumWeight", amount("千克")),
            "stage": ("checkType", first_of("1=first", "2=recheck")),
        },
    ),
    Export(
        example="transport-ledger",
        file="过磅记录.xlsx",
        table="weighings",
        headers=2,
        columns={"case_id": ("案号", text), "at": ("检测时间", moment), "gross_kg": ("车货总重(t)", amount("吨"))},
    ),
    Export(
        example="transport-ledger",
        file="卸载记录.xlsx",
        table="unloadings",
        headers=2,
        columns={
            "at": ("卸载时间", moment),
            "unloaded_kg": ("卸载重量(t)", amount("吨")),
            "fee": ("卸载费(元)", amount("元")),
        },
    ),
    Export(
        example="hotline-12345",
        file="12345热线工单.xlsx",
        table="complaints",
        headers=2,
        columns={
            "complaint_id": ("工单编号", text),
            "received_at": ("来电时间", moment),
            "due_at": ("办理期限", moment),
            "resolved_at": ("办结时间", moment),
            "plate_no": ("涉及车牌", text),
        },
    ),
)  # fmt: skip


def plainly(export: Export) -> tuple[int, dict[int, dict[str, Any]]]:
    """How many rows the file has, and those below its headers that say more than a sum, by number and header."""
    path = EXAMPLES / export.example / export.file
    if path.suffix == ".csv":
        with path.open(encoding="gb18030", newline="") as file:
            rows: list[list[Any]] = [list(row) for row in csv.reader(file)]
    else:
        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    headers = rows[export.headers - 1]
    records = {
        number: dict(zip(headers, row, strict=True))
        for number, row in enumerate(rows[export.headers :], start=export.headers + 1)
        if row[0] != "合计"
    }
    return len(rows), records


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: f"{export.file} as {export.table}")
def test_every_row_is_in_the_store_as_the_file_has_it(export: Export, data: Path) -> None:
    count, records = plainly(export)
    shutil.copytree(EXAMPLES / export.example, data, dirs_exist_ok=True)
    result, store = loaded(data, profile_named(Path(export.example)))
    [file] = [
        each for each in result.inputs if each.table_name == export.table and each.file.partition("#")[0] == export.file
    ]
    held: dict[int, set[str]] = {}
    for entry in result.quarantine:
        if (entry.source_file, entry.table_name) == (file.file, export.table):
            held.setdefault(entry.source_row, set()).add(entry.reason)
    wanted = {number: row for number, row in records.items() if export.counts(row)}
    assert (file.rows, file.counts()["filtered"]) == (count, len(records) - len(wanted))
    stored = store.rows(export.table, "_file", "_row", *export.columns)
    kept = {row: values for name, row, *values in stored if name == file.file}
    # Each row that counts is in the store or set aside, and in one of the two.
    assert kept.keys() | held.keys() == wanted.keys() and not kept.keys() & held.keys()
    assert kept, "an example has sound rows"
    for number, values in kept.items():
        expected = [read(wanted[number][header]) for header, read in export.columns.values()]
        assert [Decimal(str(value)) if isinstance(value, float) else value for value in values] == expected
    for number in held:
        unread = [header for header, read in export.columns.values() if not _reads(read, wanted[number][header])]
        assert not unread or held[number] & {"date_unreadable", "number_unreadable"}


def _reads(read: Read, cell: Any) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


def test_every_example_and_every_file_of_it_is_looked_at() -> None:
    files = {(path.parent.name, path.name) for path in EXAMPLES.glob("*/*") if path.suffix in (".csv", ".xlsx")}
    assert {(export.example, export.file) for export in EXPORTS} == files


def test_amounts_of_the_published_penalties_are_in_ten_thousands() -> None:
    # What the oracle itself makes of the file: 0.02 is 200 yuan, so that no fine there is a matter of cents.
    for export in EXPORTS[:2]:
        _, records = plainly(export)
        header, read = export.columns["fine_amount"]
        fines = [read(row[header]) for row in records.values() if _reads(read, row[header])]
        assert len(fines) >= 2 and all(200 <= fine <= 100_000 for fine in fines)


# Ready profiles of public data, which is too large to lie here: a few rows under its headers --------------------------


def _public(data: Path, name: str) -> Store:
    result, store = loaded(data, profile_named(Path(name)))
    for file in result.inputs:
        assert file.read == file.loaded + file.quarantined
    return store


def test_speed_cameras_of_chicago(data: Path) -> None:
    counted = [
        ["camera_id", "violation_date", "violations"],
        ["CHI001", "2019-01-02", "12"],
        ["CHI001", "2019-01-03", "0"],
    ]
    listed = [
        ["camera_id", "address", "longitude", "latitude", "go_live_date"],
        ["CHI001", "1 Main St", "-87.6", "41.9", "2014-05-01"],
    ]
    write_parquet(data / "speed_camera_violations_2019.parquet", counted)
    write_parquet(data / "speed_camera_register_2023.parquet", listed)
    store = _public(data, "chicago-speed-cameras")
    assert store.rows("captures", "capture_id", "at", "value") == [
        ("CHI001/2019-01-02", datetime(2019, 1, 2), 12.0),
        ("CHI001/2019-01-03", datetime(2019, 1, 3), 0.0),
    ]
    assert store.rows("cameras", "camera_id", "lon", "lat") == [("CHI001", -87.6, 41.9)]


SUMMONS = [
    "summons_number", "agency", "command", "issuer_code", "plate_id", "plate_type", "violation_code", "issue_date",
    "vtime", "street", "law_section", "subdiv",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0752A", datetime(2013, 8, 4, 7, 52)),
        ("1159P", datetime(2013, 8, 4, 23, 59)),
        ("1200P", datetime(2013, 8, 4, 12, 0)),
        ("1200A", datetime(2013, 8, 4, 0, 0)),  # midnight
        ("1300P", None),  # there is no such hour with a P
        ("0752", None),
        ("", None),
    ],
)
def test_summonses_of_new_york(data: Path, written: str, meant: datetime | None) -> None:
    row = ["S1", "P", "0044", "000000", "x1", "PAS", "14", "2013-08-04T00:00:00", written, "MAIN ST", "408", "d1"]
    write_csv(data / "nyc_parking_2014.csv", [SUMMONS, row])
    store = _public(data, "nyc-parking")
    expected = [] if meant is None else [("S1", "P/0044", None, "408-d1", meant)]
    assert store.rows("cases", "case_id", "unit_id", "officer_id", "law_article", "occurred_at") == expected
    assert "procedure" not in store.columns("cases")


def test_penalties_of_taiwan(data: Path) -> None:
    headers = [
        "agency_county", "document_no", "party_id", "law_article", "violation_date", "file_facility_id", "longitude",
        "latitude", "penalty_date", "fine_twd", "rescind_reason",
    ]  # fmt: skip
    rows = [
        ["臺中市", "20-1", "P1", "空污法第20條", "2015-03-01", "F1", "120.6", "24.1", "2015-04-01", "100000", ""],
        ["臺中市", "20-1", "P1", "", "2015-03-01", "F1", "0", "0", "2015-04-01", "100000", "資料鍵入錯誤"],
    ]
    write_parquet(data / "taiwan_penalties_slim_dedup.parquet", [headers, *rows])
    store = _public(data, "taiwan-penalties")
    assert store.rows("cases", "case_id", "violation_code", "lon", "fine_amount", "withdrawn_reason") == [
        ("臺中市/20-1/P1/空污法第20條", "空污法第20條", 120.6, Decimal(100_000), None),
        ("臺中市/20-1/P1/", "未载明条文", None, Decimal(100_000), "資料鍵入錯誤"),
    ]
