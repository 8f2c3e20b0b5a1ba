"""The data's beginning held against the day that a rule looks back to."""

from datetime import date

import pytest

from auditor.engines.duckdb import of_tables
from auditor.engines.history import ShortHistory, short_history
from auditor.kinds.scope import Clock, Setting
from tests.engines.test_judge import MAY, NO_DAYS
from tests.kinds.spec import rule, rule_text

REPEAT = "kind: repeat\nby: [plate_no]\nwindow: 24 hours"
"""In May it looks back to 30 April."""


def short(
    days: list[dict[str, str | None]],
    *,
    check: str = REPEAT,
    extra: str = "",
    period: bool = True,
    table: str = "cases",
) -> ShortHistory | None:
    columns = sorted({name for row in days for name in row}) or ["occurred_at"]
    loaded = rule(rule_text(check, table="cases", extra=extra))
    setting = Setting(
        scope=loaded.scope,
        clock=Clock(first=MAY.first if period else None, last=MAY.last, as_of=MAY.last),
        provided={table: frozenset(columns)},
    )
    with of_tables({"cases": (columns, days)}, NO_DAYS) as session:
        return short_history(loaded, session, setting)


def on(day: str | None) -> dict[str, str | None]:
    return {"case_id": "A", "occurred_at": day}


@pytest.mark.parametrize(
    ("first", "begins"),
    [
        ("2024-04-29 23:59", None),
        ("2024-04-30 23:59", None),  # on the day needed, at whatever hour
        ("2024-05-01 00:00", date(2024, 5, 1)),
        ("2024-05-20 08:00", date(2024, 5, 20)),
    ],
)
def test_data_that_begin_on_the_day_needed_suffice(first: str, begins: date | None) -> None:
    expected = None if begins is None else ShortHistory(needed=date(2024, 4, 30), begins=begins)
    assert short([on("2024-05-20 08:00"), on(first), on(None)]) == expected


def test_a_table_without_any_moment_begins_nowhere() -> None:
    assert short([on(None)]) is None
    assert short([]) is None
    assert short([{"case_id": "A"}]) is None


def test_where_no_period_or_no_table_is_there_nothing_is_short() -> None:
    assert short([on("2024-05-20")], period=False) is None
    assert short([on("2024-05-20")], table="measures") is None
    assert short([on("2024-05-20")], check="kind: check\nfail_when: case_id is null") is None


def test_the_data_begin_by_what_places_the_rules_rows_in_time() -> None:
    # decided in May, but happened in April: by its own `at` the rule has no row before May
    row: dict[str, str | None] = {"case_id": "A", "occurred_at": "2024-04-01", "decided_at": "2024-05-02"}
    assert short([row], extra="at: occurred_at\n") is None
    assert short([row], extra="at: decided_at\n") == ShortHistory(needed=date(2024, 4, 30), begins=date(2024, 5, 2))
    # without the column in the extract it is what the table's own moments say
    assert short([on("2024-04-01")], extra="at: decided_at\n") is None


def test_of_several_moments_it_is_the_first_that_a_row_has() -> None:
    """A row that was decided in May began then, however early it happened; one not decided, when it happened."""
    decided: dict[str, str | None] = {"case_id": "A", "occurred_at": "2024-04-01", "decided_at": "2024-05-20"}
    undecided: dict[str, str | None] = {"case_id": "B", "occurred_at": "2024-05-03", "decided_at": None}
    nothing: dict[str, str | None] = {"case_id": "C", "occurred_at": None, "decided_at": None}
    for rows, begins in (([decided, undecided, nothing], 3), ([decided, nothing], 20), ([undecided, nothing], 3)):
        assert short(rows) == ShortHistory(needed=date(2024, 4, 30), begins=date(2024, 5, begins))


def test_rows_outside_the_rules_scope_count_for_the_beginning_too() -> None:
    assert short([on("2024-04-30"), on("2024-05-20")], extra="where: occurred_at > '2024-05-10'\n") is None
