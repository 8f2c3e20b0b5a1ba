"""`auditor inspect`: what is printed, the draft that is written, and how it ends when something cannot be read."""

import json
from pathlib import Path

import pytest

from auditor.intake.profile.file import read_profile
from tests.cli.conftest import Command

UNITS = "单位代码,单位名称,上级代码,系统\nA,甲,,公安交管\nB,乙,A,公安交管\n"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "单位代码表2024年5月.csv"
    path.write_text(UNITS, encoding="utf-8")
    return path


@pytest.mark.parametrize(("lang", "said"), [("zh", "最可能是 units"), ("en", "most likely units")])
def test_it_says_what_the_file_is(command: Command, units: Path, lang: str, said: str) -> None:
    ended = command("inspect", str(units), "--lang", lang)
    assert (ended.status, ended.err) == (0, "")
    assert said in ended.out
    assert "unit_id" in ended.out


def test_the_json_is_one_document(command: Command, units: Path) -> None:
    found = json.loads(command("inspect", str(units), "--format", "json").out)
    (file,) = found["files"]
    assert found["version"] == 1
    assert set(found) == {"version", "files", "failed", "unread"}
    assert (file["table"], file["rows"], file["sampled"], file["delimiter"]) == ("units", 2, 2, ",")
    domain = file["columns"][3]
    assert domain["words"] == [{"word": "公安交管", "code": "traffic_police", "count": 2, "sure": True}]
    assert [column["column"] for column in file["columns"]] == ["unit_id", "name", "parent_id", "domain"]


def test_the_draft_is_a_profile_and_is_never_written_over_another(
    command: Command, units: Path, tmp_path: Path
) -> None:
    out = tmp_path / "profile.yaml"
    assert command("inspect", str(units), "--out", str(out)).status == 0
    profile = read_profile(out)
    assert [mapping.table for mapping in profile.tables] == ["units"]
    assert profile.tables[0].files[0].file == "单位代码表*.csv"
    again = command("inspect", str(units), "--out", str(out))
    assert again.status == 3
    assert "exists already" in again.err


def test_an_unreadable_file_ends_with_3_and_the_others_are_told(command: Command, units: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"no workbook")
    ended = command("inspect", str(bad), str(units))
    assert ended.status == 3
    assert "坏.xlsx" in ended.err
    assert "Traceback" not in ended.err
    assert "units" in ended.out


@pytest.mark.parametrize("name", ["missing.csv", "letter.docx"])
def test_nothing_readable_ends_with_3(command: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.docx").write_bytes(b"x")
    ended = command("inspect", str(tmp_path / name))
    assert ended.status == 3
    assert name in ended.err


def test_no_file_is_a_bad_request(command: Command) -> None:
    assert command("inspect").status == 2
