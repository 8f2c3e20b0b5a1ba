"""Ledgers as offices keep them in workbooks: grouped headers, merged cells, errors, numbers that are no numbers."""

import datetime as dt
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import odfdo
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.errors import InputError
from auditor.intake.readers.base import Reading
from auditor.intake.readers.formats import Asked, format_of
from auditor.intake.readers.heading import Told
from auditor.intake.readers.workbook import sheet_names
from tests.intake.office import HEADERS, case, loaded, write_xlsx

ID = 110101199003070012
DATE = "yyyy-mm-dd hh:mm:ss"


def opened(path: Path, part: str | None = None, **told: Any) -> Reading:
    form = format_of(path.name)
    assert form is not None
    name = path.name if part is None else f"{path.name}#{part}"
    return form.open(Asked(path=path, name=name, part=part, heading=Told(**told)))


def rows_of(reading: Reading) -> list[tuple[Any, ...]]:
    """The rows given, each with its number first."""
    found: list[tuple[Any, ...]] = []
    for batch in reading.batches():
        *columns, numbers = (column.to_pylist() for column in batch.columns)
        found += zip(numbers, *columns, strict=True)
    return found


def values(path: Path) -> dict[str, str | None]:
    """Of a sheet of two columns: what stands beside each name."""
    return {name: value for _, name, value in rows_of(opened(path))}


def test_a_ledger_as_an_office_prints_it(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "台账.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range("A1:G1", "2024年5月行政处罚案件台账")
    sheet.merge_range("A2:C2", "填报单位：城关大队")
    sheet.merge_range("E2:G2", "填报日期：2024-06-01")
    sheet.merge_range("A3:A4", "执法单位")
    sheet.merge_range("B3:B4", "编号")
    sheet.merge_range("C3:D3", "当事人")
    sheet.write_row("C4", ["姓名", "证号"])
    sheet.write("E4", "车号")  # nothing stands over it: it is not the party's
    sheet.merge_range("F3:G3", "处罚")
    sheet.write_row("F4", ["日期", "金额"])
    sheet.merge_range("A5:A7", "一中队")
    sheet.write_row("B5", ["C1", "张三", "X1", "湘A1", "2024-05-03", 200])
    sheet.write_row("B6", ["C2", "李四", "X2", "湘A2", "2024-05-04", 50])
    # Row 7 is inside the range and says nothing itself: it stays blank.
    sheet.write_row("A8", ["小计", None, None, None, None, None, 250])
    sheet.merge_range("A9:A10", "二中队")
    sheet.write_row("B9", ["C3", "王五", "X3", "湘A3", "2024-05-05", 100])
    sheet.write_row("B10", ["C4", "王五", "X3", "湘A3", "2024-05-05", 100])
    sheet.merge_range("A11:F11", "合计")
    sheet.write("G11", 450)
    sheet.merge_range("A12:G12", "制表人：赵六")
    sheet.autofilter("A4:G10")
    book.close()
    reading = opened(tmp_path / "台账.xlsx")
    assert reading.headers == ("执法单位", "编号", "当事人/姓名", "当事人/证号", "车号", "处罚/日期", "处罚/金额")
    assert rows_of(reading) == [
        (5, "一中队", "C1", "张三", "X1", "湘A1", "2024-05-03", "200"),
        (6, "一中队", "C2", "李四", "X2", "湘A2", "2024-05-04", "50"),
        (9, "二中队", "C3", "王五", "X3", "湘A3", "2024-05-05", "100"),
        (10, "二中队", "C4", "王五", "X3", "湘A3", "2024-05-05", "100"),
    ]
    kinds = [(row.source_row, row.kind) for row in reading.passed_over]
    assert kinds == [
        (1, "title"),
        (2, "title"),
        (3, "header"),
        (4, "header"),
        (8, "total"),
        (11, "total"),
        (12, "note"),
    ]
    assert reading.passed_over[0].text == "2024年5月行政处罚案件台账"
    assert (reading.rows, reading.blank) == (12, 1)


def test_a_range_across_the_body_is_said_once_and_own_values_stay(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row("C3", ["编号", "单位", "备注"])  # the table begins in column C, row 3
    sheet.write_row("C4", ["1", "甲", "x"])
    sheet.write_row("C5", ["2", None, "y"])
    sheet.write_row("C6", ["3", "乙", "z"])  # some exporters merge equal cells and keep what stood in them
    sheet.merge_range("D4:D6", "甲")
    sheet.write("D6", "乙")
    sheet.merge_range("C7:D7", "4")
    sheet.write("E7", "w")
    book.close()
    reading = opened(tmp_path / "a.xlsx")
    assert reading.headers == ("编号", "单位", "备注")
    assert rows_of(reading) == [
        (4, "1", "甲", "x"),
        (5, "2", "甲", "y"),
        (6, "3", "乙", "z"),
        (7, "4", None, "w"),
    ]
    assert (reading.rows, reading.blank) == (7, 2)


@pytest.mark.parametrize("since_1904", [False, True])
def test_every_type_of_cell_becomes_text_without_loss(tmp_path: Path, since_1904: bool) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": since_1904})
    sheet = book.add_worksheet()
    form = {code: book.add_format({"num_format": code}) for code in (DATE, "hh:mm:ss", "0.00%", "¥#,##0.00")}
    sheet.write_row(0, 0, ["name", "value"])
    cells: list[tuple[str, Any, str | None, str | None]] = [
        ("whole", 200, None, "200"),
        ("broken", 0.1, None, "0.1"),
        ("small", 1e-7, None, "0.0000001"),
        ("serial", 45415.336, None, "45415.336"),
        ("money", 1234.5, "¥#,##0.00", "1234.5"),
        ("share", 0.35, "0.00%", "0.35"),
        ("moment", dt.datetime(2024, 5, 3, 8, 5), DATE, "2024-05-03 08:05:00"),
        ("time of day", dt.time(8, 5), "hh:mm:ss", "08:05:00"),
        ("yes", True, None, "true"),
        ("id as text", str(ID), None, str(ID)),
        ("id as text with a zero", "110101199003070000", None, "110101199003070000"),
        ("id as number", ID, None, "1.1010119900307E+17"),
        ("15 digits", 999999999999999, None, "999999999999999"),  # the last that a number keeps
        ("16 digits", 1234567890123450, None, "1.23456789012345E+15"),
        ("number as text", "0020", None, "0020"),
    ]
    for row, (name, value, code, _) in enumerate(cells, start=1):
        sheet.write_string(row, 0, name)
        write = sheet.write_string if isinstance(value, str) else sheet.write
        write(row, 1, value, *([form[code]] if code else []))
    row = len(cells)
    for error in ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"):
        row += 1
        sheet.write_string(row, 0, error)
        sheet.write_formula(row, 1, "=A1/0", None, error)
    sheet.write_string(row + 1, 0, "computed")
    sheet.write_formula(row + 1, 1, "=1+1", None, 2)
    sheet.write_string(row + 2, 0, "rich")
    sheet.write_rich_string(row + 2, 1, "湘A", book.add_format({"bold": True}), "12", "34")
    book.close()
    found = values(tmp_path / "a.xlsx")
    assert {name: found[name] for name, *_ in cells} == {name: text for name, *_, text in cells}
    assert all(found[name] == name for name in found if name.startswith("#"))
    assert (found["computed"], found["rich"]) == ("2", "湘A1234")


def test_a_formula_that_nobody_computed_says_itself(tmp_path: Path) -> None:
    rows = f'<row r="1">{text("A1", "name")}{text("B1", "fee")}</row>'
    rows += '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2&gt;1</f></c></row>'
    rows += '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><f>A3*2</f><v>4</v></c></row>'
    rows += '<row r="4"><c r="A4"><v>3</v></c><c r="B4" t="str"><f>""</f><v></v></c></row>'  # computed: it is empty
    rows += '<row r="5"><c r="A5"><f>A4+1</f><v/></c></row>'  # the last row has nothing else
    bare(tmp_path / "a.xlsx", rows)
    reading = opened(tmp_path / "a.xlsx")
    assert [(row, first, second or None) for row, first, second in rows_of(reading)] == [
        (2, "1", "=A2*2>1"),
        (3, "2", "4"),
        (4, "3", None),
        (5, "=A4+1", None),
    ]


def test_errors_are_set_aside_where_they_matter(data: Path) -> None:
    book = xlsxwriter.Workbook(data / "cases.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEADERS, "fine_amount"])
    for row in (1, 2):
        sheet.write_row(row, 0, case(f"C{row}"))
    sheet.write_formula(1, len(HEADERS), "=1/0", None, "#DIV/0!")
    sheet.write_number(2, len(HEADERS), 200)
    book.close()
    result, store = loaded(data)
    [entry] = result.quarantine
    assert (entry.source_row, entry.column, entry.reason) == (2, "fine_amount", "number_unreadable")
    assert entry.raw_value == "#DIV/0!"
    assert store.rows("cases", "case_id", "_row") == [("C2", 3)]


def test_hidden_rows_columns_and_sheets_are_read_and_charts_and_empty_sheets_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    first = book.add_worksheet("一")
    first.write_column(0, 0, ["编号", "1", "2"])
    first.write_column(0, 1, ["金额", "10", "20"])
    first.set_row(1, None, None, {"hidden": True})
    first.set_column(1, 1, None, None, {"hidden": True})
    chart = book.add_chart({"type": "bar"})
    assert chart is not None
    chart.add_series({"values": "=一!$B$2:$B$3"})
    book.add_chartsheet("图").set_chart(chart)
    book.add_worksheet("Sheet2")
    hidden = book.add_worksheet("二")
    hidden.write("A1", "x")
    hidden.hide()
    book.close()
    assert sheet_names(path, path.name) == ("一", "二")
    assert rows_of(opened(path, "一")) == [(2, "1", "10"), (3, "2", "20")]


def test_a_month_on_each_sheet(data: Path) -> None:
    sheets = {f"{month}月": [HEADERS, case(f"C{month}")] for month in (1, 2, 3)}
    write_xlsx(data / "cases.xlsx", {**sheets, "Sheet4": []})
    profile = data.parent / "p.yaml"
    columns = "\n".join(f"        {name}: {name}" for name in HEADERS)
    profile.write_text(f"profile: t\ntables:\n  cases:\n    - files: ['cases.xlsx#*']\n      columns:\n{columns}\n")
    result, store = loaded(data, profile)
    assert store.rows("cases", "case_id", "_file") == [(f"C{month}", f"cases.xlsx#{month}月") for month in (1, 2, 3)]
    assert {file.format for file in result.inputs} == {"xlsx"}
    assert [entry.file for entry in result.unread] == ["cases.xlsx#Sheet4"]
    # Without a profile the first alone is read, and the others are named, the empty one too.
    result, _ = loaded(data)
    assert [entry.file for entry in result.unread] == ["cases.xlsx#2月", "cases.xlsx#3月", "cases.xlsx#Sheet4"]


@pytest.mark.parametrize("said", ["A1", "A1:XFD1048576", "A1:B3", ""])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, said: str) -> None:
    body = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(2, 1002))
    bare(tmp_path / "a.xlsx", f'<row r="1">{text("A1", "no")}</row>{body}', said)
    reading = opened(tmp_path / "a.xlsx")
    assert len(rows_of(reading)) == 1000
    assert reading.rows == 1001


@pytest.mark.parametrize("said", ["A1", "A1:XFD1048576", "", "A1:H2", "A1:AZ99999", "A1:B1048576"])
def test_a_value_in_the_furthest_corner_is_refused_before_memory_is_taken(tmp_path: Path, said: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    bare(tmp_path / "a.xlsx", rows, said)
    with pytest.raises(InputError, match="so far out"):
        opened(tmp_path / "a.xlsx")


@pytest.mark.parametrize("place", ["XFD1048576", "AAAA2", "A1048577", "A4294967295", "ZZ999999"])
def test_a_value_far_behind_what_the_sheet_says_costs_no_memory(tmp_path: Path, place: str) -> None:
    """In a row, besides, that says of itself to be the second."""
    bare(tmp_path / "a.xlsx", f'<row r="1">{text("A1", "no")}</row><row r="2">{text(place, "x")}</row>', "A1:H2")
    try:
        rows = rows_of(opened(tmp_path / "a.xlsx"))
    except InputError as error:
        assert str(error)
    else:
        assert len(rows) == 1


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    """65 MB of blanks, packed to 65 kB: 1,000 times, where sheets have 5 to 30 and 200 are allowed."""
    bare(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', "A1:A1")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/blanks.xml", b" " * (65 << 20))
    with pytest.raises(InputError, match="200 times"):
        opened(tmp_path / "a.xlsx")


def test_the_last_row_there_is(tmp_path: Path) -> None:
    # 1,048,576 rows are the most; here all but two are blank, and counted.
    rows = f'<row r="1">{text("A1", "no")}</row><row r="1048576"><c r="A1048576"><v>7</v></c></row>'
    bare(tmp_path / "a.xlsx", rows, "A1:A1048576")
    reading = opened(tmp_path / "a.xlsx")
    assert rows_of(reading) == [(1048576, "7")]
    assert (reading.rows, reading.blank) == (1048576, 1048574)


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"", "the file is empty"),
        ("a.xlsx", LOCKED, "protected by a password"),
        ("a.xlsx", b"PK\x03\x04 cut off", "is damaged"),
        ("a.xlsx", b"\x00\x01\x02", "is no workbook at all"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is not a workbook that can be opened"),
        ("a.xls", "<html><table><tr><td>编号</td></tr></table>".encode(), r"a web page \(html\)"),
        ("a.ods", b"PK\x05\x06" + bytes(18), "is not a workbook that can be opened"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        opened(tmp_path / name)
    assert name in str(caught.value)


def test_csv_text_and_new_workbooks_under_the_old_name(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes("编号\t金额\n1\t200\n".encode("gb18030"))
    reading = opened(tmp_path / "a.xls")
    assert (rows_of(reading), reading.format, reading.encoding) == ([(2, "1", "200")], "csv", "gb18030")
    write_xlsx(tmp_path / "b.xlsx", {"一": [["编号", "金额"], ["1", 200]]}).rename(tmp_path / "b.xls")
    reading = opened(tmp_path / "b.xls")
    assert (rows_of(reading), reading.format) == ([(2, "1", "200")], "xlsx")


def test_a_workbook_cut_anywhere_is_refused_or_read_and_nothing_else(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "a.xlsx", {"一": [["编号"], *([str(n)] for n in range(200))]}).read_bytes()
    for size in range(1, len(whole), 97):
        (tmp_path / "b.xlsx").write_bytes(whole[:size])
        with pytest.raises(InputError):
            opened(tmp_path / "b.xlsx")


def test_old_workbooks(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    style = xlwt.XFStyle()
    style.num_format_str = DATE
    sheet.write_merge(1, 1, 2, 4, "台账")
    for column, name in enumerate(["单位", "时间", "证号"], start=2):
        sheet.write(2, column, name)
    sheet.write_merge(3, 4, 2, 2, "一中队")
    sheet.write(3, 3, dt.datetime(2024, 5, 3, 8, 5), style)
    sheet.write(3, 4, str(ID - 2))  # text that a number would have, too
    sheet.write(4, 3, 45415.336)
    sheet.write(4, 4, ID)
    book.add_sheet("Sheet2")
    book.save(str(tmp_path / "a.xls"))
    assert sheet_names(tmp_path / "a.xls", "a.xls") == ("一",)
    reading = opened(tmp_path / "a.xls")
    assert reading.headers == ("单位", "时间", "证号")
    assert rows_of(reading) == [
        (4, "一中队", "2024-05-03 08:05:00", str(ID - 2)),
        (5, "一中队", "45415.336", "1.1010119900307E+17"),
    ]
    assert (reading.rows, reading.blank, reading.format) == (5, 1, "xls")


def test_open_document_sheets(tmp_path: Path) -> None:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("一")
    for place, value in {
        "B2": "台账",
        "B3": "单位",
        "C3": "时间",
        "D3": "证号",
        "B4": "一中队",
        "C4": dt.datetime(2024, 5, 3, 8, 5),
        "D4": str(ID),
        "C5": "2024-05-03",
        "D5": ID,
    }.items():
        table.set_value(place, value)
    table.set_span("B2:D2")
    table.set_span("B4:B5")
    document.body.append(table)
    document.save(str(tmp_path / "a.ods"))
    reading = opened(tmp_path / "a.ods")
    assert rows_of(reading) == [
        (4, "一中队", "2024-05-03 08:05:00", str(ID)),
        (5, "一中队", "2024-05-03", "1.1010119900307E+17"),
    ]
    assert (reading.rows, reading.blank, reading.format) == (5, 1, "ods")


TEXTS = st.sampled_from([None, "", " ", "1", "甲", "合计", "小计：", "制表人：赵六", "#N/A", "编号"])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=30),
    above=st.integers(0, 3),
    left=st.integers(0, 2),
    merges=st.lists(st.tuples(st.integers(0, 28), st.integers(1, 3), st.integers(0, 2)), max_size=4),
)
def test_every_row_of_a_sheet_is_accounted_for(
    rows: list[list[str | None]], above: int, left: int, merges: list[tuple[int, int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        sheet.write_row(above, left, ["编号", "单位", "金额"])
        last = above + 1
        taken = set[tuple[int, int]]()
        for number, row in enumerate(rows, start=above + 1):
            for column, text in enumerate(row, start=left):
                if text:
                    sheet.write_string(number, column, text)
                    last = number + 1
        for start, more, column in merges:
            span = {(row, column) for row in range(start, start + more + 1)}
            if not span & taken and start + more < len(rows):
                taken |= span
                # The ranges alone, over what stands there: their values are in the rows written above.
                sheet.merge.append([above + 1 + start, left + column, above + 1 + start + more, left + column])
        book.close()
        reading = opened(path)
        given_rows = rows_of(reading)
        # Each row up to the last with a value is one of: given, passed over, blank.
        assert reading.rows == last
        assert len(given_rows) + len(reading.passed_over) + reading.blank == last
        numbers = [row for row, *_ in given_rows] + [row.source_row for row in reading.passed_over]
        assert len(set(numbers)) == len(numbers)
        said = {
            number for number, row in enumerate(rows, start=above + 2) if any(text and text.strip() for text in row)
        }
        assert set(numbers) == said | {above + 1}


def text(place: str, said: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def bare(path: Path, rows: str, dimension: str = "") -> None:
    """A workbook whose one sheet has exactly this XML."""
    office = "http://schemas.openxmlformats.org"
    sheet = f"{office}/spreadsheetml/2006/main"
    links = f"{office}/officeDocument/2006/relationships"
    size = f'<dimension ref="{dimension}"/>' if dimension else ""

    def linked(kind: str, target: str) -> str:
        inner = f'<Relationship Id="r1" Type="{links}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{office}/package/2006/relationships">{inner}</Relationships>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        types = '<Default Extension="xml" ContentType="application/xml"/>'
        book.writestr("[Content_Types].xml", f'<Types xmlns="{office}/package/2006/content-types">{types}</Types>')
        book.writestr("_rels/.rels", linked("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", linked("worksheet", "worksheets/sheet1.xml"))
        listed = '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>'
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{sheet}" xmlns:r="{links}">{listed}</workbook>')
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{sheet}">{size}<sheetData>{rows}</sheetData></worksheet>'
        )
