"""The workbook that goes back to the agency: every quarantined row, as text alone, masked unless asked for in full."""

import zipfile
from dataclasses import replace
from pathlib import Path

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.result import Header, HeldRow, InputFile, PassedOver, QuarantineEntry, Run
from auditor.core.text import Text
from auditor.export import quarantine, sheets
from tests.specimen import run as specimen

HEADERS = (
    Header(name="编号", column="case_id"),
    Header(name="姓名", column="party_name"),
    Header(name="证件号", column="party_id"),
    Header(name="电话", column="party_phone"),
    Header(name="号牌", column="plate_no"),
    Header(name="违法时间", column="occurred_at"),
    Header(name="地点", column="place_name"),
    Header(name="备注"),
)
PERSONAL = ("张三四", "110101199003070012", "13800138000", "川A12345")
ROW = ("=1+1", *PERSONAL, "soon", "张三四 家门口", "+cmd|' /C calc'!A0")
WHY = Text(zh="违法时间不是可识别的日期", en="occurred at is not a date that can be read")
Rows = list[list[str]]


def entry(number: int, reason: str = "date_unreadable", file: str = "案件.csv") -> QuarantineEntry:
    return QuarantineEntry(
        table_name="cases",
        source_file=file,
        source_row=number,
        column="违法时间",
        raw_value="soon",
        reason=reason,
        text=WHY,
    )


def held(number: int, cells: tuple[str | None, ...] = ROW, file: str = "案件.csv") -> HeldRow:
    return HeldRow(table_name="cases", source_file=file, source_row=number, cells=cells, faulty=(5,))


def received(file: str, read: int) -> InputFile:
    return InputFile(
        file=file,
        sha256="ab" * 32,
        table_name="cases",
        format="csv",
        encoding="gb18030",
        rows=read + 1,
        read=read,
        loaded=0,
        quarantined=read,
        passed_over=(PassedOver(source_row=1, kind="header", text="编号"),),
        headers=HEADERS,
    )


def made(*rows: HeldRow, entries: tuple[QuarantineEntry, ...] | None = None) -> Run:
    files = list(dict.fromkeys(row.source_file for row in rows))
    return replace(
        specimen(),
        inputs=tuple(received(file, sum(row.source_file == file for row in rows)) for file in files),
        held=rows,
        quarantine=entries
        if entries is not None
        else tuple(entry(row.source_row, file=row.source_file) for row in rows),
    )


def read_back(path: Path) -> dict[str, Rows]:
    book = fastexcel.read_excel(path)
    found: dict[str, Rows] = {}
    for name in book.sheet_names:
        table = book.load_sheet(name, header_row=None, dtypes="string").to_arrow()
        found[name] = [[row[column] or "" for column in row] for row in table.to_pylist()]
    return found


def written(run: Run, folder: Path, *, personal: bool = False) -> dict[str, Rows]:
    path = folder / quarantine.FILE
    assert quarantine.write(run, path, personal=personal)
    return read_back(path)


def test_in_full_the_row_stands_as_it_was_with_its_number_and_its_reasons(tmp_path: Path) -> None:
    faults = (entry(7), replace(entry(7, "code_unknown"), column="地点", raw_value="x"))
    book = written(made(held(7), entries=faults), tmp_path, personal=True)
    assert list(book) == ["说明", "案件.csv"]
    head, row = book["案件.csv"]
    assert head == ["源文件行号", *(header.name for header in HEADERS), "列", "原值", "原因"]
    assert row[0] == "7" and tuple(row[1:9]) == ROW
    assert row[9:11] == ["违法时间；地点", "soon；x"]
    assert row[11] == f"日期无法识别：{WHY.zh}；代码不在范围内：{WHY.zh}"


def test_the_cover_names_files_counts_and_what_is_in_it(tmp_path: Path) -> None:
    for personal, said in ((True, "未脱敏"), (False, "已脱敏")):
        cover = written(made(held(7), held(8)), tmp_path, personal=personal)["说明"]
        assert ["案件.csv", "案件.csv", "2", "2"] in cover and ["", "日期无法识别", "", "2"] in cover
        assert said in "".join(cell for line in cover for cell in line)


def test_masked_no_personal_value_is_left_and_nothing_of_unknown_headers(tmp_path: Path) -> None:
    book = written(made(held(7)), tmp_path)
    text = "".join(cell for rows in book.values() for row in rows for cell in row)
    assert not [value for value in (*PERSONAL, "calc", "soon") if value in text]
    assert book["案件.csv"][1][1:9] == [
        *("=1+1", "张**", "11********12", "138******00", "川A****5"),
        *("AAAA", "张** 家门口", "（已隐去）"),
    ]


def test_nothing_that_a_file_says_becomes_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    cells = ('=HYPERLINK("http://x")', "{=1}", "@SUM(A1)", "-1", "http://example.org", "0012", "_x0041_", "\x01<b>&")
    book = written(made(held(7, cells)), tmp_path, personal=True)
    assert tuple(book["案件.csv"][1][1:9]) == cells
    with zipfile.ZipFile(tmp_path / quarantine.FILE) as packed:
        sheet = packed.read("xl/worksheets/sheet2.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert 'quotePrefix="1"' in packed.read("xl/styles.xml").decode()


def test_a_row_of_another_width_stands_whole_and_masked_shows_its_shape(tmp_path: Path) -> None:
    row = HeldRow(table_name="cases", source_file="案件.csv", source_row=3, cells=("张三,x",), faulty=(0,), ragged=True)
    assert written(made(row), tmp_path, personal=True)["案件.csv"][1][1] == "张三,x"
    assert written(made(row), tmp_path)["案件.csv"][1][1] == "字字,A"


def test_equal_runs_give_equal_bytes_and_without_quarantine_there_is_no_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    quarantine.write(made(held(7)), one)
    quarantine.write(made(held(7)), other)
    assert one.read_bytes() == other.read_bytes()
    assert not quarantine.write(made(), tmp_path / "none.xlsx") and not (tmp_path / "none.xlsx").exists()


def test_more_rows_than_a_sheet_holds_go_on_upon_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of three rows has room for the headers and two."""
    monkeypatch.setattr(quarantine, "SHEET_ROWS", 3)
    book = written(made(*(held(number) for number in range(2, 7))), tmp_path)
    assert list(book) == ["说明", "案件.csv", "案件.csv (2)", "案件.csv (3)"]
    numbers = [row[0] for name in list(book)[1:] for row in book[name][1:]]
    assert numbers == ["2", "3", "4", "5", "6"] and all(len(book[name]) <= 3 for name in list(book)[1:])


def test_a_row_of_which_only_the_entry_is_known_is_listed_all_the_same(tmp_path: Path) -> None:
    book = written(replace(made(held(7)), held=()), tmp_path, personal=True)
    assert [book["案件.csv"][1][0], book["案件.csv"][1][-1]] == ["7", f"日期无法识别：{WHY.zh}"]


def test_a_cell_too_long_for_a_workbook_is_cut_with_a_sign(tmp_path: Path) -> None:
    cells = ("x" * 40_000, *ROW[1:])
    cell = written(made(held(7, cells)), tmp_path, personal=True)["案件.csv"][1][1]
    assert len(cell) == 32_000 and cell.endswith("x…")


@given(st.lists(st.text(max_size=40), max_size=8))
def test_names_of_sheets_are_allowed_and_no_two_alike(files: list[str]) -> None:
    names = sheets.sheet_names("说明", files)
    assert len({name.casefold() for name in names}) == len(files) + 1 and "history" not in names
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name) and name == name.strip("'")


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a/案件.csv", "b/案件.csv"], ["案件.csv", "案件.csv (2)"]),
        (["账[1]*.xlsx#表:1"], ["账_1__.xlsx#表_1"]),
        (["x" * 40, "X" * 40], ["x" * 31, f"{'X' * 27} (2)"]),
        (["History", "'"], ["History (2)", "-"]),
    ],
)
def test_names_of_sheets(files: list[str], names: list[str]) -> None:
    assert sheets.sheet_names("说明", files) == ["说明", *names]
