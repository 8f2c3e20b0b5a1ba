"""The pages put together in the browser: what they show is what the data say, found by search, filter and address."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from auditor.core.progress import Silent
from auditor.core.text import Text
from auditor.report import render
from tests.report.made_up_run import made_up
from tests.report.read_data import ReportData

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202e𠮷"\'&amp;=cmd|\u2028'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def data(report: Path) -> ReportData:
    return ReportData(report)


def opened(page: Page, folder: Path, name: str, anchor: str = "") -> Page:
    page.goto("about:blank")
    page.goto((folder / f"{name}.html").as_uri() + (f"#{anchor}" if anchor else ""))
    page.wait_for_selector("#view[aria-busy=false]")
    return page


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_every_case_shows_its_findings_in_both_languages(page: Page, report: Path, data: ReportData) -> None:
    for slug, case in list(data.cases.items())[::7]:
        shown = opened(page, report, "case", slug)
        for language, name in enumerate(("zh", "en")):
            shown.evaluate(f"document.documentElement.className = '{name}'")
            told = [squeezed(text) for text in shown.locator(".told .message").all_inner_texts()]
            assert told == [squeezed(data.message(data.findings[place], language)) for place in case["f"]]
        assert shown.locator("h1 .id").inner_text() == case["k"]
        assert shown.locator(".sheet").count() == len(case["r"])


def test_a_case_shows_every_value_of_every_row(page: Page, report: Path, data: ReportData) -> None:
    slug, case = next(iter(data.cases.items()))
    shown = opened(page, report, "case", slug)
    said = squeezed(" ".join(shown.locator(".sheet dd").all_inner_texts()))
    for _, _, _, values in case["r"]:
        for value in values:
            assert (isinstance(value, int) and value <= 0) or data.said(value) in said


def test_an_address_with_a_finding_leads_to_its_place(page: Page, report: Path, data: ReportData) -> None:
    slug, case = next((slug, case) for slug, case in data.cases.items() if len(case["f"]) > 1)
    name = data.findings[case["f"][-1]]["id"]
    shown = opened(page, report, "case", f"{slug}&f={name}&lang=en")
    assert shown.locator(".told.wanted").get_attribute("id") == f"f-{name}"
    assert shown.evaluate("document.documentElement.lang") == "en"


def test_a_finding_that_one_case_tells_whole_is_shown_there(page: Page, report: Path, data: ReportData) -> None:
    place, item = next((place, item) for place, item in enumerate(data.findings) if len(item["c"]) == 1)
    page.goto((report / "finding.html").as_uri() + f"#{place}.{item['id']}")
    page.wait_for_url("**/case.html#*")
    page.wait_for_selector("#view[aria-busy=false]")
    assert page.locator(f"#f-{item['id']}").count() == 1


def test_a_wide_finding_lists_its_rows_and_says_how_many_there_are(page: Page, report: Path, data: ReportData) -> None:
    place, item = next((place, item) for place, item in enumerate(data.findings) if "list" in item)
    shown = opened(page, report, "finding", f"{place}.{item['id']}")
    assert shown.locator("section table.narrow tbody tr").count() == len(item["list"])
    assert f"共 {item['listn']:,} 行" in shown.locator("main").inner_text()


@pytest.mark.parametrize("before", ["", "0.", "99999999."], ids=["the id alone", "another place", "a place beyond"])
def test_a_finding_is_found_by_its_id_wherever_it_stands(
    before: str, page: Page, report: Path, data: ReportData
) -> None:
    """As one copies it from the ledger, or from the report of another day."""
    item = [item for item in data.findings if "list" in item][-1]
    shown = opened(page, report, "finding", before + item["id"])
    assert shown.locator(".told").get_attribute("id") == f"f-{item['id']}"


def test_an_item_of_another_report_is_said_not_to_be_here(page: Page, report: Path) -> None:
    for name, anchor in (
        ("case", "no-such-0123456789"),
        ("finding", "0.ffffffffffffffffffff"),
        ("finding", "8abd5db071a3365cff3b"),
        ("finding", "0"),
        ("finding", ""),
        ("subject", "~"),
        ("case", ""),
    ):
        assert "本报告中没有此项" in opened(page, report, name, anchor).locator("#view").inner_text()


def test_a_folder_with_a_file_missing_says_which(page: Page, report: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copied"
    shutil.copytree(report, folder)
    (folder / "data" / "c0000.js").unlink()
    slug = next(iter(ReportData(report).cases))
    page.goto((folder / "case.html").as_uri() + f"#{slug}")
    page.wait_for_selector("#view[aria-busy=false]")
    assert "data/c0000.js" in page.locator("#view").inner_text()


def counted(page: Page) -> dict[str, int]:
    """What the headline of the list says, by kind."""
    said = page.locator("#status").inner_text()
    words = {"违反规定": "violation", "线索": "lead", "试行": "trial"}
    return {
        kind: int(found[1].replace(",", ""))
        for word, kind in words.items()
        if (found := re.search(rf"([\d,]+) [■◇]? ?{word}", said))
    }


Keeps = Callable[[dict[str, object]], bool]


def expected(data: ReportData, keeps: Keeps) -> dict[str, int]:
    sums = {"violation": 0, "lead": 0, "trial": 0}
    for item in data.findings:
        rule = data.words["rules"][item["r"]]
        kind = "trial" if rule["trial"] else "lead" if rule["lead"] else "violation"
        sums[kind] += keeps(item)
    return sums


def test_all_findings_are_counted_violations_leads_and_trial_apart(page: Page, report: Path, data: ReportData) -> None:
    assert counted(opened(page, report, "findings")) == expected(data, lambda item: True)


def test_a_filter_in_the_address_is_what_is_shown(page: Page, report: Path, data: ReportData) -> None:
    unit = next(item["u"] for item in data.findings if "u" in item)
    shown = opened(page, report, "findings", f"unit={quote(unit)}&level=high,critical")
    high = [place for place, level in enumerate(data.words["levels"]) if level["css"] in ("high", "critical")]
    assert counted(shown) == expected(data, lambda item: item.get("u") == unit and item["l"] in high)
    assert shown.locator("input[name=level]:checked").count() == 2
    assert shown.locator(".chip").count() == 4, "each choice can be taken back, and all of them"


def test_choosing_narrows_and_stands_in_the_address_for_the_next_reader(
    page: Page, report: Path, data: ReportData
) -> None:
    shown = opened(page, report, "findings")
    rule = data.words["rules"][data.findings[0]["r"]]["id"]
    shown.locator(f"input[name=rule][value='{rule}']").check()
    assert f"rule={rule}" in shown.url
    mine = expected(data, lambda item: data.words["rules"][item["r"]]["id"] == rule)
    assert {kind: n for kind, n in counted(shown).items() if n} == {kind: n for kind, n in mine.items() if n}
    again = opened(page, report, "findings", shown.url.partition("#")[2])
    assert again.locator(f"input[name=rule][value='{rule}']").is_checked()
    again.locator(".chip[data-name='']").click()
    assert counted(again) == expected(data, lambda item: True)


def test_the_count_beside_a_choice_is_what_choosing_it_gives(page: Page, report: Path) -> None:
    shown = opened(page, report, "findings", "kind=violation")
    for name in ("level", "unit", "month", "chapter"):
        label = shown.locator(f".facets label:has(input[name={name}])").last
        promised = int(label.locator(".n").inner_text().replace(",", ""))
        label.locator("input").check()
        assert counted(shown)["violation"] == promised, name
        shown.locator(f"input[name={name}]:checked").click()


@pytest.mark.parametrize("word", ["T01", "扣押", "IMPOUND", "no such thing"])
def test_a_search_finds_rules_units_officers_subjects_and_cases(
    page: Page, report: Path, data: ReportData, word: str
) -> None:
    shown = opened(page, report, "findings")
    shown.fill("#q", word)
    shown.wait_for_function("() => location.hash.indexOf('q=') > 0")
    officers = {name: f"{name} {said}" for name, said, _ in data.words["officers"]}
    named = data.call("index0000")[1]["officers"]

    def holds(item: dict[str, object]) -> bool:
        rule, place = data.words["rules"][item["r"]], data.findings.index(item)
        cases = item["c"] if len(item["c"]) == 1 else []  # type: ignore[arg-type]
        texts = [rule["id"], *rule["title"], *rule["covers"], str(item["s"][1]), *cases]  # type: ignore[index]
        texts += data.words["kinds"][item["s"][0]]  # type: ignore[index]
        texts += [data.words["unitNames"].get(item.get("u"), ""), item.get("u", "")]
        texts += [officers[data.words["officers"][one][0]] for one in named[place]]
        return word.lower() in " ".join(texts).lower()

    assert counted(shown) == expected(data, holds)
    if word.startswith("no such"):
        assert "没有发现不等于没有问题" in shown.locator("#found").inner_text()


def test_pages_hold_fifty_and_lose_none(page: Page, report: Path, data: ReportData) -> None:
    shown = opened(page, report, "findings")
    seen: list[str] = []
    pages = -(-len(data.findings) // 50)
    for number in range(1, pages + 1):
        shown.wait_for_selector("#view[data-whole='1']")
        rows = shown.locator("#found tbody tr th > a").evaluate_all("links => links.map(link => link.href)")
        seen += rows
        if number < pages:
            shown.locator(f"[data-page='{number + 1}']").first.click()
    assert len(seen) == len(data.findings) and pages > 1
    assert f"page={pages}" in shown.url


def test_the_newest_first_where_asked(page: Page, report: Path) -> None:
    shown = opened(page, report, "findings")
    shown.select_option("#sort", "-day")
    shown.wait_for_selector("#view[data-whole='1']")
    days = [text[:10] for text in shown.locator("#found td.date").all_inner_texts() if text]
    assert days == sorted(days, reverse=True) and len(set(days)) > 1


def test_the_list_is_worked_by_keyboard_alone(page: Page, report: Path) -> None:
    shown = opened(page, report, "findings")
    shown.focus("#q")
    for _ in range(40):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.name") == "level":
            break
    before = counted(shown)
    shown.keyboard.press("Space")
    assert counted(shown) != before
    assert shown.evaluate("document.activeElement.name") == "level", "choosing keeps the reader's place"


def test_a_subject_has_all_its_findings_in_one_place(page: Page, report: Path, data: ReportData) -> None:
    name = max((item["x"] for item in data.findings), key=lambda x: sum(item["x"] == x for item in data.findings))
    shown = opened(page, report, "subject", name)
    assert shown.locator("table.findings tbody tr").count() == sum(item["x"] == name for item in data.findings)


def test_a_finding_shows_what_else_its_rule_has_to_say_of_this_run(page: Page, tmp_path: Path) -> None:
    """Of one carried from an earlier run it says nothing: that was told of other data."""
    run = made_up(size=3).run
    note = Text(zh="本规则没有看到一行", en="one row was not seen")
    noted = tuple(replace(result, notes=(*result.notes, note)) for result in run.results)
    findings = tuple(replace(one, state="not_retested") if place % 2 else one for place, one in enumerate(run.findings))
    noted_run = replace(run, results=noted, findings=findings)
    render(noted_run, tmp_path, language="zh", personal=False, progress=Silent())
    shown_of: dict[bool, set[bool]] = {}
    for place, item in enumerate(ReportData(tmp_path).findings):
        told = opened(page, tmp_path, "finding", f"{place}.{item['id']}").locator(f"#f-{item['id']}")
        shown_of.setdefault("cp" in item, set()).add(note.zh in told.inner_text())
    assert shown_of == {False: {True}, True: {False}}


def test_hostile_text_is_text_on_every_page(page: Page, tmp_path: Path) -> None:
    render(
        made_up(size=1, word=lambda value: f"{value}{HOSTILE}").run,
        tmp_path,
        language="zh",
        personal=True,
        progress=Silent(),
    )
    data = ReportData(tmp_path)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wide = next(place for place, item in enumerate(data.findings) if "list" in item)
    for name, anchor in (
        ("findings", ""),
        ("case", next(iter(data.cases))),
        ("finding", f"{wide}.{data.findings[wide]['id']}"),
        ("subject", data.findings[0]["x"]),
    ):
        shown = opened(page, tmp_path, name, anchor)
        shown.wait_for_timeout(100)
        assert shown.evaluate("window.hit") is None
        assert shown.locator("#view img, #view script:not([type='application/json'])").count() == 0
        assert "<img src=x onerror=" in shown.locator("#view").inner_text()
    assert complaints == []


def test_scripts_are_read_by_browsers_of_2018() -> None:
    """Nothing newer than ES2018 in our own scripts: an office browser stops at the first word it does not know."""
    newer = {
        "optional chaining": r"\?\.[A-Za-z_(\[]",
        "??": r"\?\?",
        "logical assignment": r"(?:\|\||&&)=",
        "catch without a name": r"catch\s*\{",
        "newer methods": r"\.(?:flat|flatMap|matchAll|replaceAll|at|fromEntries|allSettled|trimStart|trimEnd)\(",
        "big integers": r"\b\d+n\b",
        "private fields": r"\bthis\.#|^\s*#\w+\s*[=;(]",
        "modules": r"^\s*(?:import|export)\b",
    }
    folder = Path(__file__).parents[2] / "auditor" / "report" / "templates"
    scripts = [folder / "script.js", *(path for path in sorted(folder.glob("js/*.js")) if path.name != "plot.js")]
    assert len(scripts) > 8
    found = [
        f"{path.name}: {name}"
        for path in scripts
        for name, pattern in newer.items()
        if re.search(pattern, re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL), re.MULTILINE)
    ]
    assert found == []
