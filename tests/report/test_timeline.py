"""The time line: steps in order, a whole-day limit at the end of its day, the open case aged to the as-of day."""

from dataclasses import replace

from auditor.core.finding import Finding, Record
from auditor.core.masks import Masks
from auditor.report.book import Book
from auditor.report.timeline import Step, steps
from tests.report.made_up_run import made_up
from tests.report.made_up_subjects import fact

BOOK = Book(made_up(size=1).run, Masks(masked=True))
SEIZED = next(finding for finding in BOOK.findings if finding.rule_id == "impound.transport-overdue")


def seizure(released: str | None) -> list[Step]:
    values = {"started_at": "2024-04-01T09:00:00", **({"released_at": released} if released else {})}
    row = Record(table_name="measures", row_key="M1", source_file="m.csv", source_row=2, values=values)
    finding: Finding = replace(
        SEIZED,
        facts=(
            fact("due", "timestamp", "2024-05-01T00:00:00"),
            fact("finish", "timestamp", released),
            fact("as_of", "date", "2024-05-31"),
        ),
    )
    return steps(BOOK, [row], [finding])


def words(found: list[Step]) -> list[tuple[str, str, bool]]:
    return [(step.shown, step.what.zh, step.late) for step in found]


def test_release_on_the_last_day_is_before_the_limit() -> None:
    assert words(seizure("2024-05-01T23:59:00")) == [
        ("2024-04-01 09:00", "开始时间", False),
        ("2024-05-01 23:59", "解除时间", False),
        ("2024-05-01 24:00", "期限届满", False),
    ]


def test_release_on_the_day_after_is_late() -> None:
    assert words(seizure("2024-05-02T09:10:00"))[1:] == [
        ("2024-05-01 24:00", "期限届满", False),
        ("2024-05-02 09:10", "解除时间", True),
    ]


def test_what_is_still_open_ends_with_the_as_of_day() -> None:
    assert words(seizure(None))[-1] == ("2024-05-31 24:00", "统计截止,尚未完成", True)


def test_the_time_since_the_step_before_is_told() -> None:
    assert [step.since.en if step.since else None for step in seizure("2024-05-02T09:10:00")] == [
        None,
        "+31 days",
        "+9 h 10 min",
    ]


def test_the_validity_of_a_register_is_no_step_of_a_case() -> None:
    row = Record(
        table_name="officers", row_key="P1", source_file="o.csv", source_row=2, values={"valid_from": "2020-01-01"}
    )
    assert steps(BOOK, [row], []) == []
