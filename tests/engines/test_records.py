"""The rows that findings rest on, as they were loaded: each once, none left out, however many there are."""

from collections.abc import Iterator

import pytest
from sqlglot import exp

from auditor.core.finding import Evidence
from auditor.engines.duckdb import DuckSession, of_tables
from auditor.engines.facts import records
from auditor.kinds import sql

ROWS = 4_501
"""More than are taken out of an answer at a time, twice, and one more."""


COLUMNS = ("case_id", "fine_amount", "decided_at")


def cases() -> list[dict[str, str | None]]:
    return [
        {
            "case_id": f"C{number}",
            "fine_amount": None if number % 3 == 0 else str(number),
            "decided_at": f"2025-05-{1 + number % 30:02}",
        }
        for number in range(ROWS)
    ]


@pytest.fixture(scope="module")
def session() -> Iterator[DuckSession]:
    with of_tables({"cases": (COLUMNS, cases())}, {"day": [], "is_workday": []}) as opened:
        yield opened


def cited(number: int) -> Evidence:
    return Evidence(
        finding_id="F1",
        role="subject",
        table_name="cases",
        row_key=f"C{number}",
        source_file="given",
        source_row=number + 2,
    )


def test_rows_come_one_by_one_as_they_come_all_together(session: DuckSession) -> None:
    query = exp.select(sql.column("case_id")).from_(exp.to_table("cases")).order_by(sql.column("_row"))
    assert [row["case_id"] for row in session.each(query)] == [f"C{number}" for number in range(ROWS)]
    assert list(session.each(query)) == session.rows(query)
    assert list(session.each(query.where(exp.false()))) == []


def test_every_cited_row_once_in_the_order_of_file_and_row(session: DuckSession) -> None:
    evidence = [cited(number) for number in reversed(range(ROWS))]
    found = records(session, {"cases": frozenset(COLUMNS)}, [*evidence, cited(7)])
    assert [one.row_key for one in found] == [f"C{number}" for number in range(ROWS)]
    assert [one.source_row for one in found] == list(range(2, ROWS + 2))
    assert dict(found[4].values) == {"case_id": "C4", "fine_amount": "4.00", "decided_at": "2025-05-05 00:00:00"}
    assert dict(found[3].values) == {"case_id": "C3", "decided_at": "2025-05-04 00:00:00"}, "a blank is no value"
