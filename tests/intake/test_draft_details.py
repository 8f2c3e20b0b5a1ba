"""What a draft says of units that a header names, and of files whose own names hold signs of a pattern."""

import gzip
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.core.progress import Silent
from auditor.intake.draft import inspect, profile_text
from auditor.intake.profile.file import read_profile
from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx


def drafted(folder: Path) -> str:
    return profile_text(inspect([folder], profile=None, progress=Silent()).draft, "en")


@pytest.mark.parametrize(
    ("header", "times", "asks"),
    [
        ("酒精含量(mg/100ml)", None, False),  # the model's own unit
        ("酒精含量", None, False),
        ("血液酒精含量(mg/L)", Decimal("0.1"), False),
        ("酒精含量（呼气，mg／L）", Decimal(220), False),
        ("呼气酒精含量(毫克/升)", Decimal(220), False),
        # Nothing tells which; between the two lies a factor of 2,200.
        ("酒精含量(mg/L)", None, True),
    ],
)
def test_alcohol_in_a_litre_is_of_blood_or_of_breath(
    data: Path, header: str, times: Decimal | None, asks: bool
) -> None:
    rows = [[*case(f"C{number}"), f"0.{number}"] for number in range(1, 6)]
    write_csv(data / "cases.csv", [[*HEADERS, header], *rows])
    text = drafted(data)
    path = data.parent / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    [mapping] = read_profile(path).tables
    assert mapping.columns["bac_mg_100ml"].times == times
    assert ("of blood or of breath: say which as `unit`" in text) == asks


def test_a_number_sign_or_a_bracket_in_the_name_of_a_file(data: Path) -> None:
    write_csv(data / "案件#东[1].csv", [HEADERS, case("C1")])
    write_xlsx(data / "案件#西.xlsx", {"表": [HEADERS, case("C2")], "另": [["x"]]})
    text = drafted(data)
    assert "案件[#]东[[]1].csv" in text and "案件[#]西.xlsx#表" in text
    path = data.parent / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_profile(path).tables
    _, store = loaded(data, path)
    assert sorted(store.rows("cases", "case_id")) == [("C1",), ("C2",)]


def test_a_number_of_the_row_names_a_case_only_where_nothing_else_does(tmp_path: Path) -> None:
    rows = [[str(number), f"交罚〔2024〕{number:03d}号", "甲", "1039", "2024-05-03"] for number in range(1, 31)]
    headers = ["序号", "案件编号", "办案单位", "违法代码", "违法时间"]
    write_csv(tmp_path / "处罚案件.csv", [headers, *rows])
    write_csv(tmp_path / "违章台账.csv", [["序号", *headers[2:]], *([row[0], *row[2:]] for row in rows)])
    text = drafted(tmp_path)
    assert "case_id: 案件编号\n" in text
    assert "case_id: 序号 # " in text
    assert "seems to number the rows" in text


def test_a_sheet_of_remarks_is_of_no_table(tmp_path: Path) -> None:
    write_xlsx(
        tmp_path / "处罚案件台账2024年5月.xlsx",
        {"五月": [["案件编号", "办案单位", "违法时间"], ["1", "甲", "2024-05-03"]], "说明": [["本表由系统导出"]]},
    )
    draft = inspect([tmp_path], profile=None, progress=Silent()).draft
    assert draft.homeless == ("处罚案件台账2024年5月.xlsx#说明",)
    [source] = draft.sources
    assert source.files == ("处罚案件台账*.xlsx#*月",)  # and so the next month's, too


def test_archives_are_looked_into_and_next_months_is_meant_too(tmp_path: Path) -> None:
    headers = ["案件编号", "办案单位", "违法代码", "违法时间", "采集方式", "处罚程序", "系统"]
    row = ["甲1", "一中队", "1039", "2024年5月3日8时5分", "现场", "简易程序", "交通运输"]
    text = "\n".join(",".join(cells) for cells in (headers, row))
    (may := tmp_path / "may").mkdir()
    (june := tmp_path / "june").mkdir()
    for folder, archive, member in ((may, "五月.zip", "案件202405.csv"), (june, "六月.zip", "案件202406.csv")):
        with zipfile.ZipFile(folder / archive, "w") as packed:
            packed.writestr(member, text.encode("gb18030"))
            packed.writestr("readme.md", "x")
    (may / "坏.zip").write_bytes(b"PK no archive")
    inspection = inspect([may], profile=None, progress=Silent())
    assert [seen.name for seen in inspection.seen] == ["五月.zip/案件202405.csv"]
    assert [failed.name for failed in inspection.failed] == ["坏.zip"]
    assert [unread.file for unread in inspection.unread] == ["五月.zip/readme.md"]
    (tmp_path / "p.yaml").write_text(profile_text(inspection.draft, "en"), encoding="utf-8")
    for data in (may / "五月.zip", june / "六月.zip"):
        result, store = loaded(data, tmp_path / "p.yaml")
        assert not result.quarantine
        assert store.rows("cases", "case_id", "occurred_at") == [("甲1", datetime(2024, 5, 3, 8, 5))]


def test_a_compressed_file_named_by_itself_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "units.csv.gz"
    path.write_bytes(gzip.compress("unit_id,name\n1,甲\n".encode()))
    [seen] = inspect([path], profile=None, progress=Silent()).seen
    assert (seen.name, seen.rows) == ("units.csv.gz/units.csv", 1)
