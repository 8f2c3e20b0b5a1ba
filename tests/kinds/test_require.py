"""Completeness: a blank that the procedure does not allow."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.spec import judged


def test_a_blank_is_the_violation_and_an_unknown_condition_matters_only_then() -> None:
    found = judged(
        "kind: require\nfields: [rights_notice_at, legal_review_at]\nwhen: procedure = 'ordinary'",
        {
            "cases": """
            case_id  | procedure | rights_notice_at | legal_review_at | occurred_at
            FULL     | ordinary  | 2024-05-02       | 2024-05-03      | 2024-05-01
            ONE      | ordinary  | 2024-05-02       |                 | 2024-05-01
            NEITHER  | ordinary  |                  |                 | 2024-05-01
            SUMMARY  | summary   |                  |                 | 2024-05-01
            NO_PROC  |           |                  |                 | 2024-05-01
            NO_PROC1 |           | 2024-05-02       | 2024-05-03      | 2024-05-01
            """
        },
    )
    assert found == {
        "FULL": "ok",
        "ONE": "violation",
        "NEITHER": "violation",
        "SUMMARY": "ok",
        "NO_PROC": "unknown",
        "NO_PROC1": "ok",
    }


def test_without_a_condition_it_is_always_required() -> None:
    found = judged(
        "kind: require\nfields: [unit_id]",
        {"cases": "case_id | unit_id | occurred_at\nA | U1 | 2024-05-01\nB | | 2024-05-01"},
    )
    assert found == {"A": "ok", "B": "violation"}


CELL = st.sampled_from(["", "2024-05-02"])
PROCEDURE = st.sampled_from(["", "ordinary", "summary"])


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(PROCEDURE, PROCEDURE, CELL, CELL), max_size=8))
def test_agrees_with_reading_the_rows_one_by_one(rows: list[tuple[str, str, str, str]]) -> None:
    """The second procedure stands for `where`: the same words in another column."""
    grades = {"": "", "ordinary": "ordinary", "summary": "slight"}
    lines = ["case_id | procedure | grade | rights_notice_at | legal_review_at | occurred_at"]
    expected: dict[str, str] = {}
    for number, (procedure, scope, notice, review) in enumerate(rows):
        lines.append(f"C{number} | {procedure} | {grades[scope]} | {notice} | {review} | 2024-05-01")
        blank = not notice or not review
        if scope == "summary":
            expected[f"C{number}"] = "skipped"
        elif scope == "" or (blank and procedure == ""):
            expected[f"C{number}"] = "unknown"
        else:
            expected[f"C{number}"] = "violation" if blank and procedure == "ordinary" else "ok"
    check = "kind: require\nfields: [rights_notice_at, legal_review_at]\nwhen: procedure = 'ordinary'"
    assert judged(check, {"cases": "\n".join(lines)}, extra="where: grade = 'ordinary'\n") == expected
