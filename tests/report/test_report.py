"""The folder as a whole: same bytes for the same run, every link leads somewhere, and nothing of the data is markup."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import pytest

from auditor.audit import edition
from auditor.core.finding import Record
from auditor.core.masks import Masks
from auditor.core.progress import Silent
from auditor.core.result import RuleResult, Run, TooFew
from auditor.core.text import Text
from auditor.report import render
from auditor.report.book import CASE_ROWS
from auditor.report.data.vocabulary import Vocabulary
from tests.report.made_up_rules import RULES
from tests.report.made_up_run import made_up
from tests.report.read_data import ReportData

HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' javascript:alert(1) {{7*7}} &amp;"
UNBRACED = HOSTILE.replace("{", "").replace("}", "")
"""For sentences, where a brace is a place for a fact: the rulebook refuses others."""

WORKBOOKS = (".csv", ".xlsx")
"""What pages link that is no page; tests/report/test_office_ledger.py follows these links."""

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """The tags, links and anchors of a page; raises nothing, notes what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def links(self) -> list[str]:
        return [href for tag, attributes in self.tags if tag == "a" and (href := attributes.get("href")) is not None]

    @property
    def anchors(self) -> set[str]:
        return {name for _, attributes in self.tags if (name := attributes.get("id"))}


def rendered(run: Run, folder: Path, *, personal: bool = False) -> dict[str, Page]:
    edition(run, folder, language="zh", personal=personal, progress=Silent())
    return {
        path.relative_to(folder).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def run() -> Run:
    return made_up(size=2).run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def pages(run: Run, folder: Path) -> dict[str, Page]:
    return rendered(run, folder)


@pytest.fixture(scope="module")
def data(pages: dict[str, Page], folder: Path) -> ReportData:
    assert pages
    return ReportData(folder)


def test_the_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    """Whatever the order in which a run lists its parts, and whatever its clock says."""
    turned = replace(
        run,
        findings=run.findings[::-1],
        evidence=run.evidence[::-1],
        records=run.records[::-1],
        quarantine=run.quarantine[::-1],
        inputs=run.inputs[::-1],
        cards=run.cards[::-1],
        results=run.results[::-1],
        clock={"started": "another day"},
    )
    for name, one in (("a", run), ("b", turned)):
        render(one, tmp_path / name, language="en", personal=False, progress=Silent())
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("a", "b")
    )
    assert first.keys() == second.keys()
    assert [str(path) for path in first if first[path] != second[path]] == []


def test_there_is_a_page_for_each_rule_unit_officer_and_an_item_for_each_finding_and_case(
    pages: dict[str, Page], data: ReportData, run: Run
) -> None:
    assert {f"rules/{rule}.html" for rule in RULES} <= pages.keys()
    folders = {name.partition("/")[0] for name in pages}
    fixed = {"index", "coverage", "quarantine", "case", "finding", "findings", "subject", "received", "officers"}
    assert {"rules", "units", "officers", "letters", *(f"{name}.html" for name in fixed)} == folders
    assert sorted(item["id"] for item in data.findings) == sorted(finding.finding_id for finding in run.findings)
    rows: dict[str, set[str]] = {}
    for row in run.evidence:
        if row.role == "subject":
            rows.setdefault(row.finding_id, set()).add(row.row_key)
    for item in data.findings:
        wide = len(rows[item["id"]]) > CASE_ROWS
        assert ("list" in item) == wide and bool(item["c"]) == (not wide)
        assert set(item["c"]) <= data.cases.keys()
    assert {place for case in data.cases.values() for place in case["f"]} == {
        place for place, item in enumerate(data.findings) if item["c"]
    }


def test_each_item_stands_in_the_file_where_the_pages_look_for_it(tmp_path: Path) -> None:
    """Files are found by the place, or the name, at which each begins."""
    rendered(made_up(size=60).run, tmp_path)
    data = ReportData(tmp_path)
    starts, at = data.words["findingStarts"], 0
    assert len(starts) > 1
    for number, start in enumerate(starts):
        assert start == at
        at += len(data.call(f"f{number:04}")[2])
    assert at == data.words["total"] == len(data.findings)
    names = list(data.cases)
    assert names == sorted(names)
    for number, first in enumerate(data.words["caseStarts"]):
        assert data.call(f"c{number:04}")[2][0]["id"] == first


def test_blanks_between_values_are_counted_and_those_at_the_end_left_out() -> None:
    words = Vocabulary(Masks(masked=True))
    full = dict.fromkeys(("case_id", "doc_no", "unit_id", "officer_id", "officer2_id", "plate_type"), "x")
    rows = [
        Record(table_name="cases", row_key="A", source_file="a.csv", source_row=place, values=values)
        for place, values in enumerate((full, {"case_id": "A", "officer2_id": "P2"}, {"doc_no": "7"}, {}), 2)
    ]
    words.learn(rows)
    told = [words.values(row, ()) for row in rows]
    assert told == [["x"] * 6, ["A", -3, "P2"], [0, "7"], []]


def test_moments_of_a_row_are_digits_and_nothing_else_is() -> None:
    words = Vocabulary(Masks(masked=True))
    values = {"doc_no": "20240502", "occurred_at": "2024-05-02 09:10:00", "decided_at": "2024-05-02 00:00:00"}
    row = Record(table_name="cases", row_key="A", source_file="a.csv", source_row=2, values=values)
    words.learn([row])
    assert words.values(row, ()) == ["20240502", 202405020910, 20240502]


def viewed(data: ReportData, target: str, anchor: str) -> bool:
    """Whether what an address asks of one of the pages that show data is there."""
    path, *given = anchor.split("&")
    asked = dict(part.split("=", 1) for part in given)
    match target:
        case "case.html":
            case = data.cases.get(path)
            return case is not None and (
                "f" not in asked or asked["f"] in {data.findings[at]["id"] for at in case["f"]}
            )
        case "finding.html":
            place, _, name = path.partition(".")
            return data.findings[int(place)]["id"] == name
        case "findings.html":
            known = {"rule": {rule["id"] for rule in data.words["rules"]}, "officer": set(data.words["officerNames"])}
            known["unit"] = {unit for unit, *_ in data.words["units"]} | {"~"}
            filters = dict(part.split("=", 1) for part in (path, *given) if part)
            return all(value in known[name] for name, value in filters.items())
        case _:
            return False


def test_every_link_is_relative_and_leads_to_a_page_and_a_place_on_it(pages: dict[str, Page], data: ReportData) -> None:
    lost: list[str] = []
    for name, page in pages.items():
        for href in page.links:
            target, _, anchor = unquote(href).partition("#")
            if target.endswith(WORKBOOKS):
                continue
            parts = (
                [*PurePosixPath(name).parent.parts, *PurePosixPath(target).parts]
                if target
                else [*PurePosixPath(name).parts]
            )
            walked: list[str] = []
            for part in parts:
                walked = walked[:-1] if part == ".." else [*walked, part]
            path = "/".join(walked)
            found = pages.get(path)
            there = found is not None and (not anchor or anchor in found.anchors or viewed(data, path, anchor))
            if ":" in href or href.startswith("/") or not there:
                lost.append(f"{name}: {href}")
    assert lost == []


def test_every_address_in_the_data_leads_to_a_page(pages: dict[str, Page], data: ReportData) -> None:
    words = data.words
    hrefs = [rule["href"] for rule in words["rules"]]
    hrefs += [href for _, _, href in (*words["units"], *words["officers"])]
    assert hrefs and set(hrefs) <= pages.keys()


def test_no_page_is_out_of_reach(pages: dict[str, Page]) -> None:
    seen = {"index.html", "case.html", "finding.html", "subject.html"}  # linked from what the data pages show
    todo = ["index.html"]
    while todo:
        name = todo.pop()
        for href in pages[name].links:
            target = href.partition("#")[0]
            parts: list[str] = []
            for part in (*PurePosixPath(name).parent.parts, *PurePosixPath(target).parts):
                parts = parts[:-1] if part == ".." else [*parts, part]
            path = "/".join(parts)
            if target and path not in seen and not target.endswith(WORKBOOKS):
                seen.add(path)
                todo.append(path)
    assert pages.keys() - seen == set()


def test_nothing_is_fetched_but_scripts_and_styles_that_lie_in_the_folder(pages: dict[str, Page], folder: Path) -> None:
    for name, page in pages.items():
        loading = [
            (tag, attributes.get("src") or attributes.get("href"))
            for tag, attributes in page.tags
            if tag in ("link", "img", "iframe", "object") or "src" in attributes
        ]
        for tag, source in loading:
            ending = {"script": "js", "link": "css"}[tag]
            assert re.fullmatch(rf"(?:\.\./)?assets/[a-z.-]+\.{ending}", source or ""), name
            assert ((folder / name).parent / (source or "")).is_file(), name
        policy = next(attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
        assert policy is not None and policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_pages_are_well_formed_and_in_two_languages(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert (page.open, page.unbalanced) == ([], []), name
        assert page.tags[0] == ("html", {"lang": "zh-CN", "class": "zh", "data-default": "zh"})
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        languages = [attributes.get("lang") for tag, attributes in page.tags if tag == "span" and "lang" in attributes]
        assert languages.count("zh") == languages.count("en") > 0
        shown_by_script = name in ("case.html", "finding.html", "findings.html", "subject.html")
        assert [tag for tag, _ in page.tags].count("h1") == (0 if shown_by_script else 1)
        assert all("scope" in attributes for tag, attributes in page.tags if tag == "th"), name


def spoil(value: Any, *, key: str = "") -> Any:
    """The same value with hostile text in every free string; codes, dates and numbers stay what their types say."""
    if isinstance(value, Text):
        return Text(zh=f"中{UNBRACED}", en=f"e{UNBRACED}")
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: spoil(getattr(value, f.name), key=f.name) for f in fields(value) if f.name not in KEPT}
        )
    if isinstance(value, tuple):
        return tuple(spoil(item, key=key) for item in value)
    if isinstance(value, str):
        return f"{value}{HOSTILE}"
    return value


KEPT = {
    *(
        "certainty",
        "level",
        "status",
        "state",
        "result",
        "mark",
        "records",
        "facts",
        "type",
        "personal",
        "detectability",
    ),
    *(
        "detectability",
        "severity",
        "role",
        "column",
        "table_name",
        "rows",
        "units",
        "officers",
        "overrides",
        "versions",
        "clock",
        "month",
        "metric",
    ),
}


def test_hostile_text_in_every_field_is_text_on_every_page(run: Run, tmp_path: Path) -> None:
    hostile = spoil(made_up(size=1, word=lambda value: f"{value}{HOSTILE}").run)
    hostile = replace(
        hostile, units=dict.fromkeys(hostile.units, HOSTILE), officers=dict.fromkeys(hostile.officers, HOSTILE)
    )
    for personal in (True, False):
        pages = rendered(hostile, tmp_path / str(personal), personal=personal)
        assert len(pages) > 20
        for name, page in pages.items():
            assert (page.open, page.unbalanced) == ([], []), name
            scripts = [attributes for tag, attributes in page.tags if tag == "script"]
            inline = [one for one in scripts if "src" not in one and one.get("type") != "application/json"]
            assert len(inline) == 1 and "img" not in {tag for tag, _ in page.tags}, name
            assert not any(key.startswith("on") for _, attributes in page.tags for key in attributes), name
            assert not any("javascript:" in href for href in page.links), name
            assert re.fullmatch(r"(?:[a-z]+/)?[a-z0-9][a-z0-9.-]*\.html", name)
        assert any("<script>alert(1)</script>" in "".join(page.text) for page in pages.values())
        # What the scripts read is data and nothing else; that they make text of it is shown in a browser.
        read = ReportData(tmp_path / str(personal))
        assert read.findings and read.cases and read.rules


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", " ".join(page.text))


def test_the_overview_says_what_was_not_looked_at(pages: dict[str, Page]) -> None:
    said = words(pages["index.html"])
    for reason in ("缺少列 cameras.calibrated_until", "没有表 payments", "查询失败"):
        assert reason in said
    assert "无可检记录" in said and "已隔离，不在任何计数之内" in said


def test_a_rule_that_did_not_run_shows_no_figures_and_no_all_clear(pages: dict[str, Page]) -> None:
    said = words(pages["rules/camera.uncalibrated.html"])
    assert "没有，因为没有检查" in said and "未见问题" not in said and "受检" not in said


def test_those_with_too_few_cases_are_told_by_number_where_they_are_too_many_to_name(run: Run, tmp_path: Path) -> None:
    """On the rule's page and in the coverage of the plan; beside the one that is named, and where none is."""
    many = TooFew(subjects=386_103, n=594_992, fewest=10)
    said = "不足 10 件的对象 386,103 个（共 594,992 件）未作判断"
    for number, named in enumerate([True, False]):
        results = tuple(
            replace(one, too_few=many, not_judged=one.not_judged if named else ())
            if one.rule_id == "profit.max-fine-rate"
            else one
            for one in run.results
        )
        pages = rendered(replace(run, results=results), tmp_path / str(number))
        page = words(pages["rules/profit.max-fine-rate.html"])
        assert said in page and f"未作判断的对象 Not judged {'386,104' if named else '386,103'}" in page
        assert ("案件太少" in page) == named
        assert said in words(pages["coverage.html"])


def test_a_finding_has_its_sum_article_rows_and_innocent_explanations(data: ReportData, run: Run) -> None:
    finding = next(one for one in run.findings if one.rule_id == "impound.transport-overdue")
    row = next(one for one in run.evidence if one.finding_id == finding.finding_id)
    item = next(one for one in data.findings if one["id"] == finding.finding_id)
    rule = data.rules[item["r"]]
    facts = {fact.name: fact.value for fact in finding.facts}
    said = " ".join(data.filled(step, item) for step in rule["arithmetic"])
    assert f"{str(facts['due'])[:10]} 24:00" in said and f"{facts['overdue']} 天" in said and "30日" in said
    cited = [rule["basis"][place] for place in item["b"]]
    assert [(one["law"], one["article"]) for one in cited] == [("行政强制法", "第二十五条")]
    assert any("经批准延长且有文书" in zh for zh, _ in rule["excuses"])
    assert any("调取纸质案卷" in zh for zh, _ in rule["verify"])
    files = data.words["files"]
    assert (row.source_file, row.source_row) in [(files[one[3]], one[4]) for one in item["e"]]
    assert data.message(item) != finding.message.zh, "the message in full is never written, only one filled and masked"


def test_a_long_list_says_how_many_there_are_and_leads_to_all_of_them(tmp_path: Path) -> None:
    pages = rendered(made_up(size=9).run, tmp_path)
    page = pages["rules/impound.transport-overdue.html"]
    assert words(page).count("measure M0") == 50
    assert "前 50 项，共 63 项" in words(page)
    assert "../findings.html#rule=impound.transport-overdue" in page.links


def test_an_empty_run_is_a_report_all_the_same(run: Run, tmp_path: Path) -> None:
    results = tuple(RuleResult(rule_id=card.rule_id, result="clean") for card in run.cards)
    bare = replace(run, findings=(), evidence=(), records=(), results=results, units={}, officers={})
    nothing = replace(bare, quarantine=(), contract=(), unread=(), inputs=(), plan=())
    said = words(rendered(nothing, tmp_path)["index.html"])
    assert "无可检记录" in said and "✓" not in said, "clean needs something tested"


def test_findings_without_rows_dates_units_or_figures_are_still_told(run: Run, tmp_path: Path) -> None:
    bare = replace(
        run.findings[0], unit_id=None, first_at=None, last_at=None, value=None, threshold=None, facts=(), covers=()
    )
    pages = rendered(replace(run, findings=(bare,), evidence=(), records=()), tmp_path)
    [item] = ReportData(tmp_path).findings
    assert ("u" in item, item["d"], item["c"], item["v"]) == (False, "", [], [])
    assert "units/not-recorded.html" in pages


def test_nothing_of_the_day_on_which_it_is_written_gets_in(pages: dict[str, Page]) -> None:
    today = date.today()
    assert not any(
        str(today) in words(page) or str(datetime.now().year) + "年" in words(page) for page in pages.values()
    )
