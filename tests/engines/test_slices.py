"""Counts by unit and month: which month a moment is of, and which cases have none."""

from auditor.engines.duckdb import of_tables
from auditor.engines.slices import month_of, place
from auditor.kinds import sql

COLUMNS = ("case_id", "occurred_at")
MONTHS = {
    "2023-12-31 23:59:59": "2023-12",
    "2024-01-01 00:00:00": "2024-01",
    "2024-02-29 12:00:00": "2024-02",
    "2024-12-31 23:59:59": "2024-12",
    "2025-01-01 00:00:00": "2025-01",
    None: None,
}


def test_a_moment_is_of_its_month_and_a_blank_of_none() -> None:
    rows = [{"case_id": f"C{number}", "occurred_at": moment} for number, moment in enumerate(MONTHS)]
    at = {"unit_id": sql.text("U1"), "month": month_of(sql.column("occurred_at"))}
    asked = sql.select_named(at).from_("cases").order_by(sql.column("case_id"))
    with of_tables({"cases": (COLUMNS, rows)}, {"day": [], "is_workday": []}) as session:
        found = [place(row) for row in session.rows(asked)]
    assert found == [("U1", month) for month in MONTHS.values()]
