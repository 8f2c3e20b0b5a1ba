"""CSV files for office programs: what a cell says stays text, however it begins and whatever separators it holds."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.export.csv_ import CsvFile, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 139",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=cmd|'/C calc'!A0",
        '"=1+1',
        "'=1+1",
        "  =1+1",
        "＝1+1",
        "＠SUM",
        "\u202e=1+1",
        "\ufeff=1",
    ],
)
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text).startswith("'")
    assert safe(text)[1:].strip() == text.strip()


@pytest.mark.parametrize("text", ["", "案件 5", "1=1", "辽D12345", "2024-05-03", "《法》第一条", "😀"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@example("\x08=1+1")  # what is left once a sign that no file may hold is taken out
@given(st.text())
def test_no_text_begins_like_a_formula_and_none_has_a_second_line(text: str) -> None:
    told = safe(text)
    assert told.lstrip('" \t\u3000')[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert "\n" not in told and "\r" not in told


def written(path: Path, *rows: tuple[object, ...]) -> bytes:
    with CsvFile(path, ["头", "b"]) as file:
        for row in rows:
            file.row(row)  # pyright: ignore[reportArgumentType]
    return path.read_bytes()


def test_the_file_has_its_mark_and_quotes_every_text_and_no_number(tmp_path: Path) -> None:
    told = written(tmp_path / "a.csv", ('a;b,c"d', 3), (None, 0.5), (date(2024, 5, 3), "x"))
    assert told == ('\ufeff"头","b"\r\n"a;b,c""d",3\r\n"",0.5\r\n"2024-05-03","x"\r\n'.encode())


def test_rows_added_later_follow_without_a_second_head_or_mark(tmp_path: Path) -> None:
    written(tmp_path / "a.csv", ("x", 1))
    with CsvFile(tmp_path / "a.csv", ["头", "b"], more=True) as file:
        file.row(("y", 2))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["头", "b"], ["x", "1"], ["y", "2"]]
