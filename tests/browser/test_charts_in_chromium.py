"""Charts as a reader sees them: drawn from disk in either language, as wide as there is room, and silent about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from auditor.core.progress import Silent
from auditor.report import render
from tests.report.made_up_run import made_up
from tests.report.made_up_subjects import MONTHS
from tests.report.test_report import HOSTILE

pytestmark = pytest.mark.browser

DEADLINE, PEERS, REPEAT = (
    "rules/impound.transport-overdue.html",
    "rules/profit.max-fine-rate.html",
    "rules/repeat.*.html",
)
PAGES = ("index.html", DEADLINE, PEERS, REPEAT, "rules/camera.unpublished.html", "units/*.html")

TOLD = {DEADLINE: "timeline", PEERS: "intervals", REPEAT: "events"}
"""The chart with which the first finding of a rule is told on a page of the viewer."""


@dataclass
class Opened:
    context: BrowserContext
    page: Page
    folder: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, pattern: str, language: str = "zh") -> Page:
        """The first page of the pattern that has a chart."""
        paths = [path for path in sorted(self.folder.glob(pattern)) if "data-chart" in path.read_text(encoding="utf-8")]
        self.page.goto("about:blank")
        self.page.goto(f"{paths[0].as_uri()}#lang={language}")
        return self.page

    def told(self, pattern: str, language: str = "zh") -> Page:
        """The page of the first finding of a rule, with its charts drawn."""
        self.go(pattern, language).click("#findings tbody th a")
        self.page.wait_for_selector("figure.chart svg")
        return self.page


def open_in(context: BrowserContext, folder: Path) -> Opened:
    made = Opened(context=context, page=context.new_page(), folder=folder)
    made.page.on("console", lambda message: made.complaints.append(message.text))
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("request", lambda request: made.requests.append(request.url))
    return made


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    yield open_in(context, report)
    context.close()


def drawn(page: Page, chart: str, selector: str) -> int:
    return page.locator(f"figure[data-chart={chart}] .plot svg {selector}").count()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pattern", PAGES)
def test_every_chart_is_drawn_in_either_language_without_complaint(opened: Opened, pattern: str, language: str) -> None:
    page = opened.go(pattern, language)
    figures = page.locator("figure.chart")
    assert figures.count() > 0
    for index in range(figures.count()):
        svg = figures.nth(index).locator(".plot svg").first
        assert svg.count() == 1, figures.nth(index).get_attribute("data-chart")
        title = figures.nth(index).locator(f"figcaption b span[lang={language}]").text_content()
        assert svg.get_attribute("aria-label") == title
    assert opened.complaints == []
    for url in opened.requests:
        assert url == "about:blank" or Path(unquote(urlsplit(url).path)).is_relative_to(opened.folder)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", TOLD)
def test_the_page_of_a_finding_draws_it(opened: Opened, rule: str, language: str) -> None:
    page = opened.told(rule, language)
    svg = page.locator(f"figure[data-chart={TOLD[rule]}] svg")
    assert svg.count() == 1
    before = svg.get_attribute("aria-label")
    page.click("#switch")
    assert svg.get_attribute("aria-label") != before
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.complaints == []


def test_a_month_is_a_point_and_two_bars(opened: Opened) -> None:
    page = opened.go(DEADLINE)
    assert drawn(page, "months", ".point circle") == len(MONTHS) == 12
    assert drawn(page, "months", ".tested rect") == 12
    assert drawn(page, "months", ".flagged rect") == 12


def test_a_bin_is_a_bar_and_the_limit_a_line(opened: Opened) -> None:
    """Six bins, in two of which something is late."""
    page = opened.go(DEADLINE)
    assert drawn(page, "histogram", ".quiet-bar rect") == 6
    assert drawn(page, "histogram", ".flagged rect") == 2
    assert drawn(page, "histogram", ".limit line") == 1


def test_every_peer_is_a_point_and_the_flagged_are_named_and_linked(opened: Opened) -> None:
    page = opened.go(PEERS)
    flagged = page.locator("#findings tbody tr").count()
    assert flagged == 2
    assert drawn(page, "funnel", ".peer circle") == 25 + flagged
    assert drawn(page, "funnel", ".peer.marked a circle") == flagged
    assert drawn(page, "funnel", ".name text") == flagged
    links: list[str] = page.eval_on_selector_all(
        "figure[data-chart=funnel] svg .marked a",
        "links => links.map(link => new URL(link.href.baseVal, location).href)",
    )
    assert links and all(Path(unquote(urlsplit(link).path)).is_file() for link in links)
    focusable = page.eval_on_selector_all("figure svg a", "links => links.filter(link => link.tabIndex === 0).length")
    assert focusable == flagged


def test_a_site_is_a_point_and_the_map_has_a_scale(opened: Opened) -> None:
    page = opened.go("rules/camera.unpublished.html")
    assert drawn(page, "sites", ".peer circle") == 12
    assert drawn(page, "sites", ".site a") == 1
    assert "2 公里" in (page.locator("figure[data-chart=sites] svg").text_content() or "")


def test_the_same_metres_are_as_long_across_as_up(opened: Opened) -> None:
    page = opened.go("rules/camera.unpublished.html")
    measured: list[list[float]] = page.evaluate("""() => {
        const figure = document.querySelector("figure[data-chart=sites]");
        const sites = JSON.parse(figure.querySelector("script").textContent).sites.filter(site => !site.name);
        const circles = Array.from(figure.querySelectorAll(".peer circle"));
        const points = circles.map(circle => ["cx", "cy"].map(name => +circle.getAttribute(name)));
        const far = values => [Math.min(...values), Math.max(...values)].reduce((low, high) => high - low);
        return ["x", "y"].map((name, i) => far(points.map(p => p[i])) / far(sites.map(site => site[name])));
    }""")
    assert measured[0] == pytest.approx(measured[1], rel=0.01)


def test_the_switch_draws_anew_in_the_other_language(opened: Opened) -> None:
    page = opened.go(DEADLINE)
    months = page.locator("figure[data-chart=months] svg").last
    assert "1月" in (months.text_content() or "")
    page.click("#switch")
    assert "Jan" in (months.text_content() or "") and "1月" not in (months.text_content() or "")
    assert drawn(page, "months", ".tested rect") == 12


@pytest.mark.parametrize("pattern", PAGES)
def test_a_chart_is_no_wider_than_its_place_on_a_phone_and_grows_when_turned(opened: Opened, pattern: str) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 800})
    page = opened.go(pattern)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    overflowing = """() => Array.from(document.querySelectorAll("figure.chart .plot svg")).filter(svg =>
        svg.getBoundingClientRect().width > svg.closest(".plot").clientWidth + 1).length"""
    assert page.evaluate(overflowing) == 0
    page.set_viewport_size({"width": 800, "height": 390})
    page.wait_for_timeout(300)
    assert page.evaluate(overflowing) == 0
    assert opened.complaints == []


TIMELINE: dict[str, Any] = {
    "title": {"zh": "案件时间线", "en": "Time line"},
    "steps": [
        {"at": "2024-04-01T09:00", "shown": "2024-04-01 09:00", "zh": "开始", "en": "<b>go</b>"},
        {"at": "2024-04-01T09:00", "shown": "2024-04-01 09:00", "zh": "交付", "en": "handed over"},
        {"at": "2024-05-02T00:00", "shown": "2024-05-01 24:00", "zh": "期限届满", "en": "limit ends", "limit": 1},
        {"at": "2024-05-02T09:10", "shown": "2024-05-02 09:10", "zh": "解除", "en": "released", "late": 1},
    ],
}

ADD = """data => {
    const figure = document.createElement("figure");
    figure.className = "chart";
    figure.setAttribute("data-chart", "timeline");
    const script = document.createElement("script");
    script.type = "application/json";
    script.textContent = JSON.stringify(data);
    figure.append(script);
    document.querySelector("main").prepend(figure);
    window.auditorCharts.draw(figure);
}"""


def test_a_figure_that_is_added_later_can_be_drawn(opened: Opened) -> None:
    page = opened.told(DEADLINE, "en")
    page.evaluate(ADD, TIMELINE)
    figure = page.locator("figure.chart").first
    assert figure.locator("svg .step circle").count() == 3
    assert figure.locator("svg .step.late circle").count() == 1
    assert figure.locator("svg .limit path").count() == 1
    said = figure.locator("svg").text_content() or ""
    assert "1 <b>go</b>, 2 handed over" in said and "3 limit ends" in said
    assert figure.locator("b").count() == 0
    page.click("#switch")
    assert "3 期限届满" in (figure.locator("svg").text_content() or "")
    assert opened.complaints == []


def test_labels_of_a_time_line_do_not_cover_each_other(opened: Opened) -> None:
    page = opened.told(DEADLINE)
    steps = [
        {
            "at": f"2024-04-{day:02}T{hour:02}:00",
            "shown": f"2024-04-{day:02} {hour:02}:00",
            "zh": "某个步骤",
            "en": "step",
        }
        for day, hour in ((1, 8), (1, 9), (1, 10), (2, 8), (2, 9), (3, 9), (20, 9), (20, 10), (29, 1))
    ]
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(ADD, {"title": "x", "steps": steps})
        boxes: list[list[float]] = page.evaluate("""() => Array.from(
            document.querySelector("figure.chart").querySelectorAll("svg .value text"),
            text => { const b = text.getBoundingClientRect(); return [b.left, b.right, b.top + 3, b.bottom - 3]; })""")
        assert len(boxes) == 18
        for index, (left, right, top, bottom) in enumerate(boxes):
            for other in boxes[index + 1 :]:
                assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top


def test_hostile_text_stays_text_in_a_drawing(browser: Browser, tmp_path: Path) -> None:
    run = made_up(size=1, word=lambda value: f"{value}{HOSTILE}").run
    render(run, tmp_path, language="en", personal=True, progress=Silent())
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    opened = open_in(context, tmp_path)
    dialogs: list[str] = []
    opened.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for pattern in ("index.html", PEERS, "rules/camera.unpublished.html", REPEAT):
        page = opened.go(pattern, "en")
        assert page.locator(".plot svg").count() > 0
        assert page.locator("figure img, .plot script").count() == 0
        if pattern != REPEAT:
            said = [svg.text_content() or "" for svg in page.locator(".plot svg").all()]
            assert any("<script>alert(1)</script>" in text for text in said), pattern
    assert (dialogs, opened.complaints) == ([], [])
    context.close()


def test_without_scripts_and_on_paper_the_numbers_are_there(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((report / PEERS).as_uri())
    summary = page.locator("figure[data-chart=funnel] summary")
    summary.click()
    assert page.locator("figure[data-chart=funnel] tbody tr").count() == 27
    assert page.locator("figure[data-chart=funnel] tbody tr").first.is_visible()
    context.close()


def test_a_page_with_charts_prints(opened: Opened) -> None:
    page = opened.go(DEADLINE)
    page.emulate_media(media="print")
    assert page.locator("figure[data-chart=months] svg").first.is_visible()
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")
    assert opened.complaints == []


def test_the_page_of_a_backtest_draws_its_charts(browser: Browser, tmp_path: Path) -> None:
    from auditor.core.backtest import Backtest
    from tests.test_backtest import CASES, RULE, ask, put

    data, rule = tmp_path / "data", tmp_path / "rule.yaml"
    data.mkdir()
    put(data, CASES)
    rule.write_text(RULE, encoding="utf-8")
    told: Backtest = ask(data, rule, vary=("cap", ("200", "300")))
    from auditor.backtest import write

    opened = open_in(browser.new_context(offline=True), write(told, tmp_path / "out"))
    page = opened.go("index.html", "en")
    assert drawn(page, "months", ".tested rect") == len(told.months)
    assert drawn(page, "varied", ".point circle") == 2
    assert drawn(page, "varied", ".point.hollow circle") == 1
    assert opened.complaints == []
    opened.context.close()
