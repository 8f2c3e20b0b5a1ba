"""Letters, the circulation edition and PDFs in a real Chromium: from disk, with no network, on A4."""

import re
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from auditor import pdf
from auditor.core.progress import Silent
from auditor.report.circulation import Pseudonyms, render
from tests.report.made_up_run import made_up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def circulation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("公开版")
    render(made_up(size=8).run, folder, language="zh", names=Pseudonyms(b"k" * 32), least=5)
    return folder


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("kind", ["letters/*.html", "index.html", "coverage.html", "method.html"])
def test_pages_open_without_complaint_offline_and_are_no_wider_than_the_screen(
    browser: Browser, report: Path, circulation: Path, kind: str, width: int
) -> None:
    folder = report if kind.startswith("letters") else circulation
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(sorted(folder.glob(kind))[0].as_uri())
    page.click("#switch")
    assert page.get_attribute("html", "lang") == "en"
    assert complaints == [] and {urlsplit(url).scheme for url in requests} == {"file"}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("kind", ["index.html", "coverage.html", "method.html"])
def test_the_circulation_edition_has_no_serious_fault_of_accessibility(
    browser: Browser, circulation: Path, kind: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 800}, offline=True)
    page = context.new_page()
    page.goto((circulation / kind).as_uri())
    found = Axe().run(page).response["violations"]
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_on_paper_a_letter_is_nothing_but_the_letter(browser: Browser, report: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(sorted(report.glob("letters/*.html"))[0].as_uri())
    page.emulate_media(media="print")
    for hidden in (".bar", "footer", ".crumbs", ".note"):
        assert not page.is_visible(hidden), hidden
    assert page.is_visible(".letter h1") and page.is_visible(".signature")
    context.close()


@pytest.fixture(scope="module")
def printed(report: Path) -> dict[str, bytes]:
    if pdf.browser() is None:
        pytest.skip("no browser that prints")
    before = set(Path(tempfile.gettempdir()).glob("auditor-print-*"))
    made = pdf.print_pages(report, as_of=date(2024, 5, 31), progress=Silent())
    assert set(Path(tempfile.gettempdir()).glob("auditor-print-*")) <= before, "the profile is removed"
    return {path.relative_to(report).as_posix(): path.read_bytes() for path in made}


def pages_of(document: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", document))


def test_the_overview_coverage_and_every_letter_become_pdf(printed: dict[str, bytes], report: Path) -> None:
    letters = {path.with_suffix(".pdf").relative_to(report).as_posix() for path in report.glob("letters/*.html")}
    assert letters and set(printed) == {"index.pdf", "coverage.pdf", *letters}
    assert all(document.startswith(b"%PDF-") and pages_of(document) >= 1 for document in printed.values())


def test_every_sheet_is_a4_and_a_long_letter_takes_several(printed: dict[str, bytes]) -> None:
    for name, document in printed.items():
        boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", document)
        assert boxes, name
        for width, height in boxes:
            assert (round(float(width)), round(float(height))) in {(595, 842), (595, 841), (596, 842)}, name
    assert max(pages_of(document) for name, document in printed.items() if name.startswith("letters")) > 2


def test_no_moment_and_no_place_of_printing_is_told(printed: dict[str, bytes], report: Path) -> None:
    for name, document in printed.items():
        moments = re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d{14})", document)
        assert moments and set(moments) == {b"20240531000000"}, name
        assert b"file:" not in document and str(report).encode() not in document, name
        for address in re.findall(rb"/URI \(([^)]*)\)", document):
            target = (report / name).parent / unquote(address.decode()).partition("#")[0]
            assert target.resolve().is_file(), (name, address)
