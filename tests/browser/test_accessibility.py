"""Whoever works by ear or by keyboard gets the same report: axe-core finds no serious fault on any kind of page."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.test_report_in_chromium import KINDS, Opened

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1366, 390])
def test_no_serious_fault(browser: Browser, report: Path, kind: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 768}, offline=True)
    page = Opened(page=context.new_page(), folder=report).go(kind)
    found = Axe().run(page).response["violations"]
    context.close()
    grave = [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == []
