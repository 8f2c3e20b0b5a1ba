"""The report as a reader opens it: from disk, with no network, in both languages, by keyboard, on paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.report.read_data import ReportData

pytestmark = pytest.mark.browser

KINDS = [
    "index.html",
    "coverage.html",
    "quarantine.html",
    "officers.html",
    "rules/impound.transport-overdue.html",
    "rules/profit.max-fine-rate.html",
    "rules/camera.uncalibrated.html",
    "units/*.html",
    "letters/*.html",
    "officers/*.html",
    "case.html",
    "finding.html",
    "subject.html",
    "findings.html",
]
"""Of the pages that show what the address asks for, the first case, wide finding and subject of the report."""


@dataclass
class Opened:
    """A page, with what it said to the console and where it went."""

    page: Page
    folder: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, pattern: str) -> Page:
        path = sorted(self.folder.glob(pattern))[0]
        self.page.goto(path.as_uri() + self.anchor(pattern))
        if self.page.locator("#view").count():
            self.page.wait_for_selector("#view[aria-busy=false]")
        return self.page

    def anchor(self, pattern: str) -> str:
        data = ReportData(self.folder)
        match pattern:
            case "case.html":
                return f"#{next(iter(data.cases))}"
            case "finding.html":
                return f"#{next(place for place, item in enumerate(data.findings) if 'list' in item)}"
            case "subject.html":
                return f"#{data.findings[0]['x']}"
            case _:
                return ""


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    made = Opened(page=context.new_page(), folder=report)
    made.page.on("console", lambda message: made.complaints.append(message.text))
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("request", lambda request: made.requests.append(request.url))
    yield made
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_without_complaint_and_stays_in_its_folder(opened: Opened, kind: str) -> None:
    opened.go(kind)
    assert opened.complaints == []
    assert opened.requests
    for url in opened.requests:
        assert urlsplit(url).scheme == "file"
        assert Path(unquote(urlsplit(url).path)).is_relative_to(opened.folder)


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_a_file(opened: Opened, kind: str) -> None:
    page = opened.go(kind)
    targets: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    assert targets
    missing = [target for target in targets if not Path(unquote(urlsplit(target).path)).is_file()]
    assert missing == []


def test_style_and_script_are_let_through_by_the_policy(opened: Opened) -> None:
    page = opened.go("index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "flex"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_wider_than_the_page(opened: Opened, kind: str) -> None:
    for width in (1366, 390):
        opened.page.set_viewport_size({"width": width, "height": 768})
        page = opened.go(kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_overview_is_one_screen(opened: Opened) -> None:
    """Contract, violations, leads and what was not looked at all begin above the fold at 1366×768."""
    page = opened.go("index.html")
    for selector in (".alarm", ".side.violation", ".side.lead", ".side.unseen"):
        box = page.locator(selector).bounding_box()
        assert box is not None and box["y"] + min(box["height"], 120) <= 768, selector


def test_the_switch_changes_language_without_reloading_and_is_remembered(opened: Opened) -> None:
    page = opened.go("index.html")
    heading = page.locator("h1")
    assert heading.inner_text() == "行政执法审计报告"
    page.evaluate("window.kept = 1")
    page.click("#switch")
    assert heading.inner_text() == "Audit of administrative enforcement"
    assert page.evaluate("[window.kept, document.documentElement.lang, document.title]") == [
        1,
        "en",
        "Audit of administrative enforcement · 2024-05",
    ]
    opened.go("coverage.html")
    assert page.locator("h1").inner_text() == "Coverage of the plan"
    page.click("#switch")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_link_can_carry_the_language(opened: Opened) -> None:
    page = opened.page
    page.goto((opened.folder / "index.html").as_uri() + "#lang=en")
    assert page.locator("h1").inner_text() == "Audit of administrative enforcement"


def test_where_nothing_can_be_stored_links_carry_the_language(opened: Opened) -> None:
    opened.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})")
    page = opened.go("index.html")
    page.click("#switch")
    page.click("nav a[href='coverage.html']")
    page.wait_for_url("**/coverage.html*")
    assert page.locator("h1").inner_text() == "Coverage of the plan"
    assert opened.complaints == []


def test_the_keyboard_reaches_the_switch_and_works_it(opened: Opened) -> None:
    page = opened.go("index.html")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "switch":
            break
    assert page.evaluate("document.activeElement.id") == "switch"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("kind", ["index.html", "rules/impound.transport-overdue.html", "case.html"])
def test_a_page_prints(opened: Opened, kind: str) -> None:
    page = opened.go(kind)
    page.emulate_media(media="print")
    assert not page.locator("#switch").is_visible()
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")
