"""`ledger.xlsx` as a spreadsheet program finds it: sheets apart, real dates and numbers, lists, and no formula."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import fastexcel
import pytest
import python_calamine

from auditor.core.masks import Masks
from auditor.core.office_ledger import CSV_AT_MOST, Entry, OfficeLedger
from auditor.core.result import Run
from auditor.core.text import Text
from auditor.export import ledger
from auditor.export.ledger_book import LedgerBook
from auditor.report.book import Book
from auditor.report.ledger import office_ledger
from tests.report.made_up_run import made_up
from tests.specimen import PARTY, PHONE, PLATE
from tests.specimen import run as specimen

SHEETS = ["违反规定", "线索", "试行规则", "单位汇总", "规则", "整治事项", "说明"]


def written(run: Run, folder: Path, *, personal: bool = False, language: str = "zh") -> Path:
    folder.mkdir(exist_ok=True)
    ledger.write(office_ledger(run, language=language, personal=personal), folder, language=language)  # pyright: ignore
    return folder / ledger.FILE


def rows(path: Path, sheet: str) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()


def xml(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(specimen(), tmp_path_factory.mktemp("ledger"))


def test_violations_leads_and_trials_have_sheets_of_their_own(book: Path) -> None:
    assert fastexcel.read_excel(str(book)).sheet_names == SHEETS
    heads, *violations = rows(book, "违反规定")
    kind, rule = heads.index("性质"), heads.index("规则编号")
    assert [(row[kind], row[rule]) for row in violations] == [("违反规定", "repeat.same-place-time")]
    assert [(row[kind], row[rule]) for row in rows(book, "线索")[1:]] == [("线索", "profit.max-fine-rate")]
    assert [row[rule] for row in rows(book, "试行规则")[1:]] == ["trial.rule"]


def test_a_line_has_what_the_plan_asks_for(book: Path) -> None:
    heads, line = rows(book, "违反规定")
    told = dict(zip(heads, line, strict=True))
    assert told["序号"] == 1 and told["证据行数"] == 2
    assert told["单位"] == "第一中队 U1"
    assert told["具体情形"] == "辽D****5 被罚 3 次"
    assert told["依据"] == "《行政处罚法》第二十九条"
    assert told["整治事项"] == "A3-05"
    assert told["对象"] == "车辆 辽D****5"
    assert told["责任人"] == "某某 (P001, 主办)"
    assert told["行为日期(起)"] == date(2024, 5, 3) and told["发现日期"] == date(2024, 5, 31)
    assert told["状态"] == "未比对"
    assert told["证据"] == "cases.csv:2\ncases.csv:3"
    assert {told[head] for head in ("核查结果", "整改措施", "责任领导", "整改期限", "整改进度", "销号日期")} == {""}


def test_what_the_office_fills_in_has_lists_and_dates(book: Path) -> None:
    heads = rows(book, "违反规定")[0]
    sheet = xml(book)["xl/worksheets/sheet1.xml"]
    lists = re.findall(r'<dataValidation type="list".*?sqref="([A-Z]+)2:\1?2?".*?<formula1>"(.*?)"</formula1>', sheet)
    lists = lists or re.findall(
        r'<dataValidation type="list".*?sqref="([A-Z]+)2".*?<formula1>"(.*?)"</formula1>', sheet
    )
    column = {head: python_column(place) for place, head in enumerate(heads)}
    assert dict(lists) == {
        column["核查结果"]: "属实,部分属实,不属实,记录有误,需进一步核查",
        column["整改进度"]: "未整改,整改中,已整改待验收,已销号",
    }
    dates = set(re.findall(r'<dataValidation type="date".*?sqref="([A-Z]+)2', sheet))
    assert dates == {column["整改期限"], column["销号日期"]}


def python_column(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def test_it_filters_freezes_and_prints_on_a4_with_heads_and_page_numbers(book: Path) -> None:
    parts = xml(book)
    sheet, workbook = parts["xl/worksheets/sheet1.xml"], parts["xl/workbook.xml"]
    assert "<autoFilter" in sheet and 'state="frozen"' in sheet
    assert 'paperSize="9"' in sheet and 'orientation="landscape"' in sheet
    assert "第 &amp;P 页，共 &amp;N 页" in sheet
    assert workbook.count("_xlnm.Print_Titles") == 6


def test_units_have_their_denominators_and_rules_their_reasons(book: Path) -> None:
    _, heads, *units = rows(book, "单位汇总")
    first = dict(zip(heads, units[0], strict=True))
    assert (first["单位编号"], first["违规发现"], first["线索"], first["试行规则发现"]) == ("U1", 1, 1, 1)
    assert (first["受检行次"], first["命中行次"], first["占受检"]) == (98, 2, 2 / 98)
    _, heads, *rules = rows(book, "规则")
    told = {row[heads.index("规则编号")]: dict(zip(heads, row, strict=True)) for row in rules}
    assert told["broken.rule"]["受检"] == "" and told["broken.rule"]["未运行的原因"] == "division by zero（中）"
    assert told["repeat.same-place-time"]["受检"] > 0


def test_what_it_is_and_whether_it_is_masked_is_said(tmp_path: Path) -> None:
    def about(path: Path) -> str:
        return " ".join(str(cell) for row in rows(path, "说明") for cell in row)

    masked, full = written(specimen(), tmp_path / "a"), written(specimen(), tmp_path / "b", personal=True)
    assert "2024-05" in about(masked) and "已脱敏" in about(masked) and "不等于违法" in about(masked)
    assert "未脱敏的个人信息" in about(full)


def test_personal_values_are_masked_in_the_workbook_and_every_csv_unless_asked_for(tmp_path: Path) -> None:
    made = made_up(size=2)
    written(made.run, tmp_path / "masked")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "masked").rglob("*.csv")).decode()
    everything += "".join(xml(tmp_path / "masked" / ledger.FILE).values())
    namesakes = set(made.run.officers.values())
    assert len(made.personal - namesakes) > 100
    assert [value for value in made.personal - namesakes if value in everything] == []
    assert [value for value in (PLATE, PARTY, PHONE) if value in everything] == []
    full = written(specimen(), tmp_path / "full", personal=True)
    assert any(PLATE in text for text in xml(full).values())


def test_english_heads_where_asked_for(tmp_path: Path) -> None:
    path = written(specimen(), tmp_path, language="en")
    assert fastexcel.read_excel(str(path)).sheet_names[:3] == ["Violations", "Leads", "Rules on trial"]
    assert rows(path, "Violations")[0][:4] == ["No.", "Unit", "Problem", "What was found"]


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    run = made_up(size=1).run
    turned = replace(run, findings=run.findings[::-1], evidence=run.evidence[::-1], cards=run.cards[::-1])
    written(run, tmp_path / "a")
    written(turned, tmp_path / "b")
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("a", "b")
    )
    assert first == second


HOSTILE = [
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a\"b'c&d",
    "\u202eabc\u202c",
    "𠮷😀𡈽",
    "http://example.org/",
    "_x0041_",
    "{=1+1}",
]


def one_line(text: str) -> OfficeLedger:
    plain = office_ledger(specimen(), language="zh", personal=False)
    cells = tuple(text if column.form == "text" else None for column in plain.told)
    return replace(plain, entries=[Entry(part=0, rule="a", cells=cells)], about=((text, text),))


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_says_it_stays_that_text(text: str, tmp_path: Path) -> None:
    ledger.write(one_line(text), tmp_path, language="zh")
    path = tmp_path / ledger.FILE
    heads, line = rows(path, "违反规定")
    assert line[heads.index("具体情形")] == text and line[heads.index("单位")] == text
    assert rows(path, "说明")[2][:2] == [text, text]
    for name, part in xml(path).items():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in part and "<f " not in part and "<hyperlink" not in part


def test_control_characters_go_and_an_overlong_text_is_cut_with_a_note(tmp_path: Path) -> None:
    ledger.write(one_line("a\x00\x07b\x1b\ufffec"), tmp_path, language="zh")
    assert rows(tmp_path / ledger.FILE, "违反规定")[1][2] == "abc"
    for text in ("x" * 40_000, "😀" * 20_000):
        ledger.write(one_line(text), tmp_path, language="zh")
        cell = str(rows(tmp_path / ledger.FILE, "违反规定")[1][2])
        assert cell.endswith("……（此处截断，全文见报告）")
        assert 31_990 < len(cell.encode("utf-16-le")) // 2 <= 32_000
        assert set(cell.partition("…")[0]) == set(text)
    ledger.write(one_line("y" * 10_000), tmp_path, language="zh")
    assert rows(tmp_path / ledger.FILE, "违反规定")[1][2] == "y" * 10_000


def test_more_lines_than_a_sheet_holds_go_on_in_further_sheets(tmp_path: Path) -> None:
    """With room for three lines a sheet: seven need three sheets, and each has its head and its filter."""
    plain = one_line("x")
    book = LedgerBook(tmp_path / "a.xlsx", plain, "zh", rows=4)
    entry = next(iter(plain.entries))
    for number in range(7):
        book.entry(replace(entry, cells=(number, *entry.cells[1:])))
    book.close()
    names = fastexcel.read_excel(str(tmp_path / "a.xlsx")).sheet_names
    assert [name for name in names if name.startswith("违反规定")] == ["违反规定", "违反规定 (2)", "违反规定 (3)"]
    found = [row[0] for name in names if name.startswith("违反规定") for row in rows(tmp_path / "a.xlsx", name)]
    assert found == ["序号", 0, 1, 2, "序号", 3, 4, 5, "序号", 6]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    path = written(replace(specimen(), findings=(), evidence=()), tmp_path)
    assert rows(path, "违反规定")[1][1] == "没有"
    assert not list((tmp_path / "rules").iterdir())


def test_each_rule_with_findings_has_its_csv_and_findings_csv_has_them_all(tmp_path: Path) -> None:
    run = made_up(size=2).run
    written(run, tmp_path)
    ruled: dict[str, int] = {}
    for finding in run.findings:
        ruled[finding.rule_id] = ruled.get(finding.rule_id, 0) + 1
    counted = {
        path.stem: len(path.read_text(encoding="utf-8-sig").splitlines()) - 1 for path in tmp_path.glob("rules/*")
    }
    assert counted == ruled
    assert len((tmp_path / "findings.csv").read_text(encoding="utf-8-sig").splitlines()) == len(run.findings) + 1


def test_hostile_data_of_a_whole_run_makes_no_formula(tmp_path: Path) -> None:
    hostile = made_up(size=1, word=lambda value: f"=cmd|'/C calc'!A0{value}<script>").run
    hostile = replace(hostile, units=dict.fromkeys(hostile.units, "=1+1"))
    hostile = replace(hostile, cards=tuple(replace(card, title=Text("=1", "=1")) for card in hostile.cards))
    path = written(hostile, tmp_path)
    assert not any("<f>" in part for part in xml(path).values())
    for line in (tmp_path / "findings.csv").read_text(encoding="utf-8-sig").splitlines():
        assert not re.search(r'(^|,)"?[=+@-]', line)


def test_very_many_findings_stand_in_the_ledger_alone(tmp_path: Path) -> None:
    """CSV files of so many would be larger than the report; the line is held on both sides."""
    run = made_up(size=2).run
    composed = office_ledger(run, language="zh", personal=False)
    assert composed.with_csv and len(run.findings) <= CSV_AT_MOST
    many = replace(run, findings=run.findings * (CSV_AT_MOST // len(run.findings) + 1))
    assert not Book(many, Masks(masked=True)).with_csv
    ledger.write(replace(composed, with_csv=False), tmp_path, language="zh")
    assert [path.name for path in tmp_path.rglob("*.*")] == [ledger.FILE]
    told = sum(len(rows(tmp_path / ledger.FILE, sheet)) - 1 for sheet in SHEETS[:3])
    assert told == len(run.findings)
