"""The time line: steps in order, a whole-day limit at the end of its day, the open case aged to the as-of day."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STEPS = """([records, findings]) => {
    auditor.known = {
        tables: [
            {label: ["强制措施", "measures"], steps: true, columns: [
                {label: ["开始时间", "started at"], kind: "moment"},
                {label: ["解除时间", "released at"], kind: "moment"},
                {label: ["停放场所", "lot id"], kind: ""},
            ]},
            {label: ["执法人员", "officers"], steps: false, columns: [
                {label: ["有效期自", "valid from"], kind: "moment"},
            ]},
        ],
        rules: [{title: ["扣押超期", "Seized too long"]}],
    };
    auditor.ruled = [{names: ["due", "finish", "as_of"]}];
    return auditor.steps(records, findings);
}"""


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto((report / "findings.html").as_uri())
    opened.wait_for_selector("#view[aria-busy=false]")
    yield opened
    context.close()


def seizure(page: Page, released: str | None, *, due: str | None = "2024-05-01") -> list[dict[str, Any]]:
    row = [0, 0, 2, ["2024-04-01 09:00", released or 0, "L1"]]
    return page.evaluate(STEPS, [[row], [{"r": 0, "v": [due or 0, released or 0, "2024-05-31"]}]])


def words(found: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    return [(step["shown"], step["what"][0], step["late"]) for step in found]


def test_release_on_the_last_day_is_before_the_limit(page: Page) -> None:
    assert words(seizure(page, "2024-05-01 23:59")) == [
        ("2024-04-01 09:00", "开始时间", False),
        ("2024-05-01 23:59", "解除时间", False),
        ("2024-05-01 24:00", "期限届满", False),
    ]


def test_release_on_the_day_after_is_late(page: Page) -> None:
    assert words(seizure(page, "2024-05-02 09:10"))[1:] == [
        ("2024-05-01 24:00", "期限届满", False),
        ("2024-05-02 09:10", "解除时间", True),
    ]


def test_a_limit_in_hours_ends_at_its_minute(page: Page) -> None:
    assert words(seizure(page, "2024-04-02 09:01", due="2024-04-02 09:00"))[1:] == [
        ("2024-04-02 09:00", "期限届满", False),
        ("2024-04-02 09:01", "解除时间", True),
    ]


def test_what_is_still_open_ends_with_the_as_of_day(page: Page) -> None:
    assert words(seizure(page, None))[-1] == ("2024-05-31 24:00", "统计截止，尚未完成", True)


def test_without_a_limit_nothing_is_late(page: Page) -> None:
    assert [late for _, _, late in words(seizure(page, "2024-05-02 09:10", due=None))] == [False, False]


def test_the_time_since_the_step_before_is_told_by_the_browsers_own_plurals(page: Page) -> None:
    steps = seizure(page, "2024-05-02 09:10")
    assert steps[0]["since"] is None
    assert [step["since"][1] for step in steps[1:]] == ["+31 days", "+9 hr 10 min"]
    one = seizure(page, "2024-04-02 10:00", due="2024-04-02 09:00")
    assert [step["since"][1] for step in one[1:]] == ["+1 day", "+1 hr"]


def test_the_validity_of_a_register_is_no_step_of_a_case(page: Page) -> None:
    assert page.evaluate(STEPS, [[[1, 0, 2, ["2020-01-01"]]], []]) == []


def test_a_value_that_is_no_moment_is_no_step(page: Page) -> None:
    """A masked or unreadable value stands among the facts, not on the line."""
    assert words(page.evaluate(STEPS, [[[0, 0, 2, ["2024-**-01", 0, "L1"]]], []])) == []
