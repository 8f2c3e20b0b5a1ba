"""What was read: every row with its fate, and nothing of the data in clear where masks are on."""

from dataclasses import replace
from pathlib import Path

from auditor.core.result import Header, PassedOver, Run
from tests.report.made_up_run import made_up
from tests.report.test_report import rendered


def _run() -> Run:
    run = made_up(size=1).run
    first, *rest = run.inputs
    total = PassedOver(source_row=900, kind="total", text="合计 张三四")
    told = replace(
        first,
        rows=first.rows + 3,
        blank=2,
        passed_over=(*first.passed_over, total),
        headers=(Header(name="编号", column="case_id"), Header(name="天气")),
    )
    return replace(run, inputs=(told, *rest))


def test_every_row_of_a_file_has_its_fate_and_the_page_is_linked(tmp_path: Path) -> None:
    pages = rendered(_run(), tmp_path)
    text = " ".join(" ".join(pages["received.html"].text).split())
    # 20,311 loaded, 7 quarantined, a header, a total and 2 blank lines are the file's 20,322 rows.
    for said in ("20,322", "20,311", "合计行", "天气", "README.txt"):
        assert said in text
    assert "quarantine.html" in pages["received.html"].links and "received.html" in pages["index.html"].links


def test_what_a_total_says_is_shown_in_full_only_where_asked(tmp_path: Path) -> None:
    assert "张三四" not in "".join(rendered(_run(), tmp_path / "masked")["received.html"].text)
    assert "张三四" in "".join(rendered(_run(), tmp_path / "full", personal=True)["received.html"].text)


def test_rows_that_a_later_extract_has_anew_are_told_where_there_are_any(tmp_path: Path) -> None:
    run = _run()
    first, *rest = run.inputs
    later = replace(run, inputs=(replace(first, superseded=1234), *rest))
    text = " ".join(" ".join(rendered(later, tmp_path / "later")["received.html"].text).split())
    # In the sentence, beside the file and in the sum; beside the other files stands 0.
    assert text.count("1,234") >= 3
    assert "装载后被取代" in text and "较晚的提取" in text
    none = "".join(rendered(run, tmp_path / "none")["received.html"].text)
    assert "取代" not in none
