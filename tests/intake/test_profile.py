"""What a profile may say, what it means for the rows, and how its mistakes are shown: all at once, with places."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.core.errors import InputError, ProfileError
from auditor.intake.profile.file import read_profile
from tests.intake.office import loaded, write_csv, write_xlsx

SOUND = """
profile: county
title: {zh: 某县, en: a county}
encoding: GBK
blank: ["-", 无, "NULL"]
tables:
  cases:
    files: ["案件台账*.csv"]
    header_row: 2
    columns:
      case_id: 案件编号
      domain: {from: 领域, words: {公安交管: traffic_police, 交通运输: transport}}
      unit_id: {join: [区, 所], with: "-"}
      officer_id: 警号
      violation_code: {from: 代码, words: {"": 未载明}}
      grade: {from: 档次, words: {一般: ordinary, 不适用: ""}}
      occurred_at: {from: 违法时间, format: ["%Y-%m-%d %H:%M:%S", "%Y年%m月%d日%H时%M分"]}
      capture: {value: camera}
      procedure: {value: ordinary}
      fine_amount: {from: "罚款金额(万元)", times: 10000}
"""
HEADER = ["案件编号", "领域", "区", "所", "警号", "代码", "档次", "违法时间", "罚款金额\n(万元)", "备注"]


def _profile(folder: Path, text: str) -> Path:
    path = folder / "county.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _row(case_id: str, moment: str, **other: str) -> list[str]:
    values = dict(
        zip(HEADER, [case_id, "公安交管", "东", "一所", "007", "1039", "一般", moment, "0.02", "无"], strict=True)
    )
    return list((values | other).values())


def test_headers_words_formats_units_and_constants(data: Path, tmp_path: Path) -> None:
    rows = [
        ["某县案件台账"],
        HEADER,
        _row("C1", "2024-05-03 08:05:07"),
        _row("C2", "2024年05月03日23时59分", 代码="", 档次="不适用", 警号="-", 所="NULL"),
        _row("C3", "2024-05-03", 领域="农业"),
        _row("C4", "2024年02月30日00时00分", 区="无", 所="无"),
    ]
    write_csv(data / "案件台账2024.csv", rows, "gbk")
    result, store = loaded(data, _profile(tmp_path, SOUND))
    assert store.rows("cases", "case_id", "unit_id", "officer_id", "violation_code", "grade", "_row") == [
        ("C1", "东-一所", "007", "1039", "ordinary", 3),
        ("C2", "东-", None, "未载明", None, 4),
    ]
    assert store.rows("cases", "occurred_at", "fine_amount", "capture", "extra") == [
        (datetime(2024, 5, 3, 8, 5, 7), Decimal("200.00"), "camera", {"备注": None}),
        (datetime(2024, 5, 3, 23, 59), Decimal("200.00"), "camera", {"备注": None}),
    ]
    assert [(entry.source_row, entry.column, entry.raw_value, entry.reason) for entry in result.quarantine] == [
        (5, "领域", "农业", "code_unknown"),
        (5, "违法时间", "2024-05-03", "date_unreadable"),
        (6, "区 + 所", "无-无", "required_missing"),
        (6, "违法时间", "2024年02月30日00时00分", "date_unreadable"),
    ]


def test_amounts_in_units_of_ten_thousand_are_exact(data: Path, tmp_path: Path) -> None:
    amounts = ["0.000001", "0.0123", "1,200.5", "99999999.999999", "0.3"]
    rows = [_row(f"C{number}", "2024-05-03 08:05:07", **{HEADER[8]: amount}) for number, amount in enumerate(amounts)]
    write_csv(data / "案件台账.csv", [["题"], HEADER, *rows], "gb18030")
    _, store = loaded(data, _profile(tmp_path, SOUND))
    assert [amount for (amount,) in store.rows("cases", "fine_amount")] == [
        Decimal("0.01"),
        Decimal("123.00"),
        Decimal("12005000.00"),
        Decimal("999999999999.99"),
        Decimal("3000.00"),
    ]


def test_date_cells_are_understood_whatever_the_format_says(data: Path, tmp_path: Path) -> None:
    text = SOUND.replace("案件台账*.csv", "台账.xlsx#案件").replace("encoding: GBK\n", "")
    typed = _row("C1", "")
    rows = [["题"], HEADER, [*typed[:7], datetime(2024, 5, 3, 8, 5), 0.02, None], _row("C2", "2024年05月03日08时06分")]
    write_xlsx(data / "台账.xlsx", {"说明": [["x"]], "案件": rows})
    result, store = loaded(data, _profile(tmp_path, text))
    assert store.rows("cases", "occurred_at", "_file", "_row") == [
        (datetime(2024, 5, 3, 8, 5), "台账.xlsx#案件", 3),
        (datetime(2024, 5, 3, 8, 6), "台账.xlsx#案件", 4),
    ]
    assert [entry.file for entry in result.unread] == ["台账.xlsx#说明"]


def test_one_table_from_several_kinds_of_files(data: Path, tmp_path: Path) -> None:
    text = """
profile: two
tables:
  lots:
    - {files: [a*.csv], columns: {lot_id: 编号, name: 名称}}
    - {files: [b.csv], columns: {lot_id: no}}
"""
    write_csv(data / "a1.csv", [["编号", "名称"], ["1", "甲"]])
    write_csv(data / "a2.csv", [["名称", "编号"], ["乙", "2"]])
    write_csv(data / "b.csv", [["no"], ["3"]])
    write_csv(data / "units.csv", [["unit_id"], ["U1"]])
    result, store = loaded(data, _profile(tmp_path, text))
    assert store.rows("lots", "lot_id", "name") == [("1", "甲"), ("2", "乙"), ("3", None)]
    assert result.rows == {"lots": 3, "units": 1}


def test_a_header_that_is_not_there(data: Path, tmp_path: Path) -> None:
    write_csv(data / "案件台账.csv", [["题"], ["案件编号", *HEADER[1:7], "违法时刻", "罚款金额"]], "gb18030")
    with pytest.raises(ProfileError) as caught:
        loaded(data, _profile(tmp_path, SOUND))
    first, second = caught.value.problems
    assert first.message == "案件台账.csv has no header '违法时间'"
    assert first.hint is not None and first.hint.startswith("did you mean '违法时刻'?; the headers there: 案件编号")
    assert first.location is not None and first.location.line == 17
    assert second.message == "案件台账.csv has no header '罚款金额(万元)'"


def test_all_mistakes_of_a_profile_at_once(tmp_path: Path) -> None:
    text = """
profile: county
encoding: gb2313
tabels: {}
tables:
  cases:
    files: []
    header_row: zero
    columns:
      case_id:
      domain: {from: 领域, words: {公安: trafic_police}}
      unit: 单位
      occurred_at: {from: 时间, format: "%Q"}
      fine_amount: {from: 金额, times: ten, join: [a]}
      capture: {value: cam}
      procedure: {value: ordinary, with: "/"}
      first_offence: {from: 初次, words: {有: maybe}}
  case: {}
"""
    with pytest.raises(ProfileError) as caught:
        read_profile(_profile(tmp_path, text))
    shown = str(caught.value)
    for expected in [
        "did you mean 'gb2312'?",
        "unknown key 'tabels' in a profile",
        "`files` says which files are meant",
        "`header_row` is the number",
        "case_id needs a header",
        "'trafic_police' is not a code of domain",
        "no column 'unit'",
        "requires the column 'unit_id'",
        "requires the column 'violation_code'",
        "%Q is not known",
        "exactly one of: from, join, value",
        "`times` is a number",
        "'cam' is not a code of capture",
        "`with` belongs to `join`",
        "first_offence is true or false",
        "there is no table 'case'",
    ]:
        assert expected in shown
    assert all(problem.location is not None and problem.location.line for problem in caught.value.problems)


def test_a_file_that_a_profile_names_and_the_folder_lacks(data: Path, tmp_path: Path) -> None:
    write_csv(data / "案件总账.csv", [["a"], ["b"]])
    with pytest.raises(InputError, match=r"no file matches '案件台账\*.csv'"):
        loaded(data, _profile(tmp_path, SOUND))


def test_the_same_file_claimed_twice_for_a_table(data: Path, tmp_path: Path) -> None:
    text = """
profile: twice
tables:
  lots:
    - {files: [a*.csv], columns: {lot_id: no}}
    - {files: [a1.csv], columns: {lot_id: no}}
"""
    write_csv(data / "a1.csv", [["no"], ["1"]])
    with pytest.raises(ProfileError, match="claimed twice"):
        loaded(data, _profile(tmp_path, text))


def test_a_profile_beside_the_data_is_found(data: Path) -> None:
    (data / "profile.yaml").write_text("profile: p\ntables: {lots: {files: [a.csv], columns: {lot_id: no}}}\n")
    write_csv(data / "a.csv", [["no"], ["1"]])
    result, store = loaded(data)
    assert store.rows("lots", "lot_id") == [("1",)] and result.unread == ()
