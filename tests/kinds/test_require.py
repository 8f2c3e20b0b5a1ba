"""Completeness: a blank that the procedure does not allow."""

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
