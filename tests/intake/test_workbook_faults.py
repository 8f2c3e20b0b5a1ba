"""What a workbook hides: errors where text is meant, sheets with nothing on them, totals that are none, passwords."""

import zipfile
from datetime import datetime
from pathlib import Path

import odfdo
import pytest
import xlsxwriter
import xlwt

from auditor.core.errors import InputError
from auditor.intake.readers.calendar import counts_from_1904
from auditor.intake.readers.workbook import sheets_without_table
from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx

ERRORS = ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]


def with_error(path: Path, column: str, error: str) -> None:
    """Two cases with a place; the first has the error in the column, the second is sound."""
    headers = [*HEADERS, "place_name"]
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, headers)
    sheet.write_row(1, 0, [*case("C1"), "桥头"])
    sheet.write_row(2, 0, [*case("C2"), "N/A#"])
    sheet.write(1, headers.index(column), "=1/0", None, error)
    book.close()


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_in_a_column_of_words_is_no_value(data: Path, error: str) -> None:
    with_error(data / "cases.xlsx", "place_name", error)
    result, store = loaded(data)
    [entry] = result.quarantine
    assert (entry.source_row, entry.column, entry.reason) == (2, "place_name", "cell_error")
    assert entry.raw_value == error and error not in entry.text.zh + entry.text.en
    assert store.rows("cases", "case_id", "place_name") == [("C2", "N/A#")]


@pytest.mark.parametrize("column", ["case_id", "unit_id", "violation_code", "capture"])
def test_an_error_in_a_required_column_is_one_and_not_missing(data: Path, column: str) -> None:
    with_error(data / "cases.xlsx", column, "#REF!")
    result, store = loaded(data)
    assert [(entry.column, entry.reason) for entry in result.quarantine] == [(column, "cell_error")]
    assert store.rows("cases", "case_id") == [("C2",)]


@pytest.mark.parametrize("suffix", ["xlsm", "xls", "et"])
def test_errors_are_none_in_any_format_of_workbook(data: Path, suffix: str) -> None:
    with_error(data / "cases.xlsx", "place_name", "#N/A")
    (data / "cases.xlsx").rename(data / f"cases.{suffix}")
    result, _ = loaded(data)
    assert [entry.reason for entry in result.quarantine] == ["cell_error"]


def test_in_a_text_file_the_same_words_are_words(data: Path) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "place_name"], [*case("C1"), "#N/A"]])
    result, store = loaded(data)
    assert not result.quarantine
    assert store.rows("cases", "place_name") == [("#N/A",)]


def test_a_workbook_beside_a_text_file_of_the_same_table(data: Path) -> None:
    with_error(data / "cases.xlsx", "place_name", "#N/A")
    write_csv(data / "cases-2.csv", [[*HEADERS, "place_name"], [*case("C3"), "#N/A"]])
    result, store = loaded(data)
    assert [(entry.source_file, entry.reason) for entry in result.quarantine] == [("cases.xlsx#Sheet1", "cell_error")]
    assert store.rows("cases", "case_id", "place_name") == [("C3", "#N/A"), ("C2", "N/A#")]


def test_empty_sheets_and_charts_are_named_as_unread(data: Path) -> None:
    book = xlsxwriter.Workbook(data / "cases.xlsx")
    first = book.add_worksheet("一")
    for row, cells in enumerate([HEADERS, case("C1")]):
        first.write_row(row, 0, cells)
    chart = book.add_chart({"type": "bar"})
    assert chart is not None
    chart.add_series({"values": "=一!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.add_worksheet("空")
    book.close()
    result, _ = loaded(data)
    assert [(entry.file, entry.reason.zh) for entry in result.unread] == [
        ("cases.xlsx#图", "没有单元格的页，如图表页"),
        ("cases.xlsx#空", "工作表为空，没有有值的单元格"),
    ]


def test_empty_sheets_of_an_old_workbook_are_named_too(data: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    for row, cells in enumerate([HEADERS, case("C1")]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.add_sheet("Sheet2")
    book.save(str(data / "cases.xls"))
    # As the file may be called when somebody only renamed it, too.
    (data / "cases-2.xlsx").write_bytes((data / "cases.xls").read_bytes())
    result, _ = loaded(data)
    assert [(entry.file, entry.reason.en) for entry in result.unread] == [
        ("cases-2.xlsx#Sheet2", "the sheet is empty: no cell has a value"),
        ("cases.xls#Sheet2", "the sheet is empty: no cell has a value"),
    ]
    assert {file.rows for file in result.inputs} == {2}


def test_all_sheets_are_read_and_none_is_named(data: Path) -> None:
    write_xlsx(data / "cases.xlsx", {"一": [HEADERS, case("C1")]})
    result, _ = loaded(data)
    assert result.unread == ()


LOCKED = Path(__file__).parent / "locked" / "package.xlsx"
"""One case under the password `geheim`, made by msoffcrypto-tool 6 from a sheet of xlsxwriter's."""


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.xls"])
def test_a_workbook_with_a_password_is_called_that(data: Path, name: str) -> None:
    (data / name).write_bytes(LOCKED.read_bytes())
    with pytest.raises(InputError, match=rf"{name}: is protected by a password\s+= save it without the password"):
        loaded(data)


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("before", [b"", b"\x86\0\0\0"])
def test_an_old_workbook_with_a_password_is_called_that(data: Path, way: int, before: bytes) -> None:
    # Behind the first record (and the mark of write protection) stands FilePass: 0 is XOR, 1 RC4.
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "case_id")
    records = book.get_biff_data()
    first = 4 + int.from_bytes(records[2:4], "little")
    lock = b"\x2f\0\x06\0" + way.to_bytes(2, "little") + b"\x34\x12\x78\x56"
    book.get_biff_data = lambda: records[:first] + before + lock + records[first:]
    book.save(str(data / "cases.xls"))
    with pytest.raises(InputError, match=r"cases\.xls: is protected by a password"):
        loaded(data)


def test_an_old_workbook_whose_structure_is_protected_is_read(data: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    for row, cells in enumerate([HEADERS, case("C1")]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.protect = sheet.protect = True
    book.save(str(data / "cases.xls"))
    _, store = loaded(data)
    assert store.rows("cases", "case_id") == [("C1",)]


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_are_counted_from_the_day_the_workbook_counts_them(data: Path, since_1904: bool) -> None:
    book = xlsxwriter.Workbook(data / "cases.xlsx", {"date_1904": since_1904})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, case("C1"))
    # 2024-05-03 08:00 as a bare number, in a cell that nobody formatted: 1,462 days less where they count from 1904.
    place = HEADERS.index("occurred_at")
    sheet.write_number(1, place, 45415.333333333336 - (1462 if since_1904 else 0))
    book.close()
    result, store = loaded(data)
    assert not result.quarantine
    assert store.rows("cases", "occurred_at") == [(datetime(2024, 5, 3, 8),)]


@pytest.mark.parametrize("since_1904", [False, True])
def test_the_same_of_an_xls(data: Path, since_1904: bool) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = since_1904
    sheet = book.add_sheet("案件", cell_overwrite_ok=True)
    style = xlwt.XFStyle()
    style.num_format_str = "yyyy-mm-dd hh:mm"
    headers = [*HEADERS, "decided_at"]
    for place, header in enumerate(headers):
        sheet.write(0, place, header)
    for place, value in enumerate(case("C1")):
        sheet.write(1, place, value)
    serial = 45415.333333333336 - (1462 if since_1904 else 0)
    sheet.write(1, headers.index("occurred_at"), serial)
    sheet.write(1, headers.index("decided_at"), serial, style)  # formatted, so that it is a date without our help
    book.save(data / "cases.xls")
    result, store = loaded(data)
    assert not result.quarantine
    assert store.rows("cases", "occurred_at", "decided_at") == [(datetime(2024, 5, 3, 8),) * 2]


@pytest.mark.parametrize("since_1904", [False, True])
def test_the_same_of_an_ods(data: Path, since_1904: bool) -> None:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    if since_1904:
        settings = (
            '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
        )
        document.body.append(odfdo.Element.from_tag(settings))
    table = odfdo.Table("案件")
    row = case("C1")
    row[HEADERS.index("occurred_at")] = 45415.25 - (1462 if since_1904 else 0)
    table.set_values([HEADERS, row])
    document.body.append(table)
    document.save(str(data / "cases.ods"))
    result, store = loaded(data)
    assert not result.quarantine
    assert store.rows("cases", "occurred_at") == [(datetime(2024, 5, 3, 6),)]


@pytest.mark.parametrize(("flags", "since_1904"), [(0x00, False), (0x01, True), (0x20, False), (0x21, True)])
def test_the_same_of_an_xlsb(tmp_path: Path, flags: int, since_1904: bool) -> None:
    # A record is its number and its size, in groups of seven bits, and its bytes: 131 begins a workbook, 128 names the
    # program, 153 has its properties.
    records = (
        bytes([0x83, 0x01, 0]) + bytes([0x80, 0x01, 0x82, 0x01, *[7] * 130]) + bytes([0x99, 0x01, 4, flags, 1, 0, 0])
    )
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as book:
        book.writestr("xl/workbook.bin", records)
    assert counts_from_1904(tmp_path / "a.xlsb", "xlsb") is since_1904


def test_what_cannot_be_read_so_far_says_nothing_of_its_calendar(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert not any(counts_from_1904(tmp_path / "a", kind) for kind in ("xls", "xlsb", "ods", "xlsx"))


def test_that_merged_cells_of_an_xlsb_are_not_seen_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing at hand writes this format: one of another, opened by its bytes, stands for it.
    write_xlsx(tmp_path / "a.xlsx", {"一": [["编号"], ["1"]], "二": []})
    monkeypatch.setattr("auditor.intake.readers.workbook.kind_of", lambda *_: "xlsb")
    said = sheets_without_table(tmp_path / "a.xlsx", "a.xlsx")
    assert {part: "merged" in reason.en for part, reason in said.items()} == {"": True, "二": False}
