"""The escape hatch: what a query may say, and how its answer becomes verdicts."""

import pytest

from tests.kinds.spec import judged, load, rule_text

CHECK = """\
kind: sql
query: |
  WITH paid AS (SELECT case_id, sum(amount) AS total FROM payments GROUP BY case_id)
  SELECT cases.case_id FROM cases JOIN paid ON paid.case_id = cases.case_id WHERE paid.total > cases.fine_amount
population: fine_amount is not null
"""
TABLES = {
    "cases": """
        case_id | fine_amount | occurred_at
        OVER    | 100         | 2024-05-01
        EXACT   | 100         | 2024-05-01
        UNPAID  | 100         | 2024-05-01
        NO_FINE |             | 2024-05-01
        APRIL   | 100         | 2024-04-30
        JUNE    | 100         | 2024-06-01
    """,
    "payments": """
        payment_id | case_id | amount
        P1         | OVER    | 60
        P2         | OVER    | 41
        P3         | EXACT   | 100
        P4         | NO_FINE | 5
        P5         | APRIL   | 500
        P6         | JUNE    | 500
    """,
}


def test_what_the_query_returns_of_the_period_is_a_violation() -> None:
    found = judged(CHECK, TABLES, period="2024-05")
    assert found == {"OVER": "violation", "EXACT": "ok", "UNPAID": "ok", "NO_FINE": "skipped"}


def test_an_unknown_population_is_unknown() -> None:
    check = CHECK.replace("fine_amount is not null", "fine_amount > 0")
    assert judged(check, TABLES, period="2024-05")["NO_FINE"] == "unknown"


def test_a_row_may_be_named_by_where_it_stands() -> None:
    """Which a row without a key does too."""
    check = "kind: sql\nquery: SELECT _file, MIN(_row) AS _row FROM cases GROUP BY _file\npopulation: fine_amount > 0"
    rows = """
        case_id | fine_amount | occurred_at
                | 100         | 2024-05-01
        SECOND  | 100         | 2024-05-01
        NO_FINE |             | 2024-05-01
    """
    assert list(judged(check, {"cases": rows}).values()) == ["violation", "ok", "unknown"]
    by_key = check.replace("_file, MIN(_row) AS _row FROM cases GROUP BY _file", "case_id FROM cases")
    assert list(judged(by_key, {"cases": rows}).values()) == ["unknown", "violation", "unknown"]


def test_the_as_of_day_is_a_parameter() -> None:
    check = "kind: sql\nquery: SELECT case_id FROM cases WHERE filed_at < $as_of\npopulation: filed_at is not null"
    rows = {"cases": "case_id | filed_at | occurred_at\nA | 2024-05-30 | 2024-05-01\nB | 2024-05-31 | 2024-05-01"}
    assert judged(check, rows, as_of="2024-05-31") == {"A": "violation", "B": "ok"}


def test_a_median_can_be_asked_for() -> None:
    """Of two middle values it is the mean; a blank is none of them."""
    check = (
        "kind: sql\nquery: SELECT case_id FROM cases\n"
        "  WHERE fine_amount > (SELECT MEDIAN(c.fine_amount) FROM cases AS c)\npopulation: fine_amount is not null"
    )
    rows = "case_id | fine_amount | occurred_at\nA | 10 | 2024-05-01\nB | 20 | 2024-05-01\nN | | 2024-05-01"
    assert judged(check, {"cases": rows}) == {"A": "ok", "B": "violation", "N": "skipped"}


MONTHS = """\
kind: sql
query: SELECT case_id FROM cases WHERE fine_amount > 100
population: fine_amount is not null
months: 3
"""


@pytest.mark.parametrize(
    ("earliest", "as_of", "verdicts"),
    [
        ("2024-02-29 10:00", "2024-05-31", {"A": "violation", "B": "ok", "C": "skipped"}),
        ("2024-03-01 23:59", "2024-05-31", {"A": "violation", "B": "ok", "C": "skipped"}),
        # March lacks its first day: two whole months are not three
        ("2024-03-02 00:00", "2024-05-31", {"A": "unknown", "B": "unknown", "C": "skipped"}),
        # 30 May is not the month's last day
        ("2024-02-29 10:00", "2024-05-30", {"A": "unknown", "B": "unknown", "C": "skipped"}),
        ("", "2024-05-31", {"A": "unknown", "B": "unknown", "C": "skipped"}),
    ],
)
def test_nothing_is_judged_without_so_many_whole_months(earliest: str, as_of: str, verdicts: dict[str, str]) -> None:
    rows = "case_id | fine_amount | decided_at\nA | 200 | 2024-05-06 09:00\nB | 100 | 2024-05-06 09:00\n"
    rows += "C | | 2024-05-06 09:00\n" + (f"EARLY | | {earliest}" if earliest else "")
    assert judged(MONTHS, {"cases": rows}, as_of=as_of, period="2024-05") == verdicts


def test_of_the_months_compared_the_rows_of_the_last_are_judged() -> None:
    rows = """
        case_id | fine_amount | decided_at
        JAN     | 200         | 2024-01-31 09:00
        APRIL   | 200         | 2024-04-30 23:59
        MAY     | 200         | 2024-05-01 00:00
        UNDATED | 200         |
    """
    found = judged(MONTHS, {"cases": rows}, as_of="2024-05-31", period="2024")
    assert found == {"JAN": "skipped", "APRIL": "skipped", "MAY": "violation", "UNDATED": "unknown"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT case_id FROM case", "unknown table 'case'"),
        ("SELECT case_id FROM cases WHERE fine > 1", "fine"),
        ("SELECT fine_amount FROM cases", "must return case_id"),
        ("SELECT _row FROM cases", "must return case_id, which names a row of cases, or _file and _row"),
        ("SELECT case_id FROM cases; DROP TABLE cases", "must be one SELECT"),
        ("DELETE FROM cases", "must be one SELECT"),
        ("COPY cases TO 'x.csv'", "must be one SELECT"),
        ("ATTACH 'x.db'", "must be one SELECT"),
        ("PRAGMA database_list", "must be one SELECT"),
        ("SELECT case_id FROM read_csv('x.csv')", "is not a canonical table"),
        ("SELECT case_id FROM 'x.csv'", "unknown table 'x.csv'"),
        ("SELECT case_id FROM information_schema.tables", "is not a canonical table"),
        ("SELECT case_id FROM cases WHERE doc_no = getenv('HOME')", "is not allowed here"),
        ("SELECT case_id FROM cases WHERE doc_no = current_setting('threads')", "is not allowed here"),
        ("SELECT case_id FROM cases WHERE filed_at < current_timestamp", "is not allowed here"),
        ("SELECT case_id FROM cases WHERE fine_amount > $cap", "unknown parameter $cap"),
        ("SELECT case_id FROM cases WHERE", "not a valid SQL query"),
    ],
)
def test_what_a_query_may_not_say(query: str, said: str) -> None:
    _, problems = load(rule_text(f'kind: sql\nquery: "{query}"\npopulation: fine_amount > 0', table="cases"))
    assert any(said in problem.message for problem in problems), problems


def test_a_comment_hides_nothing() -> None:
    _, problems = load(
        rule_text(
            "kind: sql\nquery: |\n  SELECT case_id FROM cases -- ; DROP TABLE cases\npopulation: fine_amount > 0",
            table="cases",
        )
    )
    assert problems == []
