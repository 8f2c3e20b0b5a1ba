"""The enquiry letter to a unit: what it names, what it leaves out, and that its numbers are those of the ledger."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.audit import edition
from auditor.core.finding import Finding
from auditor.core.masks import Masks
from auditor.core.progress import Silent
from auditor.core.result import Run
from auditor.report.book import Book
from auditor.report.ledger.entries import in_ledger_order
from auditor.report.letter_page import LISTED, letter_href, letters
from auditor.report.priority import IN_DISPUTE
from tests.report.made_up_run import made_up
from tests.report.test_report import Page, words
from tests.specimen import card, evidence, finding, record
from tests.specimen import run as specimen

Written = Callable[[Run], dict[str, Page]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(run: Run) -> dict[str, Page]:
        edition(run, tmp_path, language="zh", personal=False, progress=Silent())
        return {path.name: Page(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("letters/*.html"))}

    return write


def of_unit(unit: str | None, count: int, **changes: object) -> list[Finding]:
    return [finding("repeat.same-place-time", f"辽D{n:05}", unit_id=unit, **changes) for n in range(count)]


def with_findings(*findings: Finding) -> Run:
    return replace(specimen(), findings=findings, evidence=())


def test_each_unit_with_findings_has_a_letter_and_nobody_else(written: Written) -> None:
    run = with_findings(*of_unit("U1", 2), *of_unit(None, 1), finding("trial.rule", "辽D77777", unit_id="U9"))
    assert [name.partition("-")[0] for name in written(run)] == ["u1"]


def test_waived_resolved_and_trial_findings_are_not_asked_about(written: Written) -> None:
    waived, resolved = of_unit("U1", 1, waived=True), of_unit("U2", 1, state="resolved")
    run = with_findings(*waived, *resolved, finding("trial.rule", "辽D77777", unit_id="U3"))
    assert written(run) == {}


def test_a_case_in_dispute_is_left_out_and_counted(written: Written) -> None:
    """Article 33: what is in reconsideration or in court is not supervised again."""
    here = finding("repeat.same-place-time", "辽D11111")
    there = finding("repeat.same-place-time", "辽D22222")
    marked = finding(IN_DISPUTE, "C1", subject_type="case", subject_id="C1", certainty="lead")
    run = replace(
        specimen(),
        cards=(*specimen().cards, card(IN_DISPUTE, certainty="lead")),
        findings=(here, there, marked),
        evidence=(evidence(here, "C1", 2), evidence(there, "C2", 3), evidence(marked, "C1", 2)),
        records=(record("C1", 2), record("C2", 3)),
    )
    (page,) = written(run).values()
    said = words(page)
    assert "违反规定（共 1 项）" in said and "另有 1 项只涉及已进入行政复议、行政诉讼的案件" in said


def test_violations_and_leads_are_apart_and_a_lead_is_said_to_be_no_verdict(written: Written) -> None:
    lead = finding("profit.max-fine-rate", "P001", certainty="lead", subject_type="officer")
    (page,) = written(with_findings(*of_unit("U1", 2), lead)).values()
    said = words(page)
    assert said.index("一、违反规定（共 2 项）") < said.index("二、线索（共 1 项）") < said.index("线索不等于违法")
    (alone,) = written(with_findings(lead)).values()
    assert "一、线索（共 1 项）" in words(alone) and "违反规定（共" not in words(alone)


@pytest.mark.parametrize(("found", "rows"), [(LISTED, LISTED), (LISTED + 1, LISTED)])
def test_a_long_list_names_the_first_and_says_how_many_there_are(found: int, rows: int, written: Written) -> None:
    (page,) = written(with_findings(*of_unit("U1", found))).values()
    said = words(page)
    assert said.count("被罚 3 次") == rows
    assert (f"列出前 {LISTED} 项，共 {found} 项，其余见随函问题台账" in said) == (found > rows)


def test_the_numbers_are_those_of_the_ledger(written: Written) -> None:
    run = made_up(size=2).run
    book = Book(run, Masks(masked=True))
    numbers = {one.finding_id: number for _, number, one in in_ledger_order(book)}
    pages = written(run)
    for unit, listed in letters(book).items():
        text = (page := pages[letter_href(book, unit).partition("/")[2]]).text
        named = {int(number) for number in re.findall(r"(?<=\n)(\d+)(?=\n)", "\n" + "\n".join(text) + "\n")}
        assert {numbers[one.finding_id] for _, _, one in listed} <= named, words(page)


def test_ground_what_to_check_and_blanks_are_there(written: Written) -> None:
    (page,) = written(with_findings(*of_unit("U1", 1))).values()
    said = words(page)
    assert "第一中队 ：" in said or "第一中队：" in said
    assert "《行政处罚法》第二十九条" in said and "look at the pictures（中）" in said
    assert "《行政执法监督条例》（自 2026-02-01 起施行）第二十二条" in said
    assert "年 月 日" in said and "发函机关印章" in said
    assert "共检查你单位" not in said and "共检查 98 行次，命中 2 行次（占 2.04 %）" in said


def test_unit_pages_and_the_overview_lead_to_letters_ledger_and_csv(written: Written, tmp_path: Path) -> None:
    written(made_up(size=2).run)
    for path in tmp_path.rglob("*.html"):
        for href in Page(path.read_text(encoding="utf-8")).links:
            if href.endswith((".csv", ".xlsx")):
                assert (path.parent / href).is_file(), (path, href)
    overview = Page((tmp_path / "index.html").read_text(encoding="utf-8")).links
    assert "ledger.xlsx" in overview and any(href.startswith("letters/") for href in overview)
    unit = next(tmp_path.glob("units/p01-*.html"))
    assert any(href.startswith("../letters/p01-") for href in Page(unit.read_text(encoding="utf-8")).links)
    rule = (tmp_path / "rules" / "impound.transport-overdue.html").read_text(encoding="utf-8")
    assert "../rules/impound.transport-overdue.csv" in Page(rule).links
