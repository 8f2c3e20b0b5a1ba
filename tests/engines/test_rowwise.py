"""A verdict as one expression over the row: what of it may be asked of rows that it does not concern."""

import pytest
from sqlglot import parse_one

from auditor.engines.rowwise import compares_little
from tests.kinds.spec import judged, of

CASES = """
case_id | capture | fine_amount | occurred_at
IN-HIGH | on_site | 201         | 2024-05-02
IN-LOW  | on_site | 200         | 2024-05-02
IN-?    | on_site |             | 2024-05-02
OUT-HIGH| camera  | 201         | 2024-05-02
OUT-LOW | camera  | 200         | 2024-05-02
OUT-?   | camera  |             | 2024-05-02
?-HIGH  |         | 201         | 2024-05-02
?-LOW   |         | 200         | 2024-05-02
?-?     |         |             | 2024-05-02
"""


@pytest.mark.parametrize("fail_when", ["fine_amount > 200", "fine_amount + 0 > 200"])
def test_out_of_scope_a_row_is_skipped_and_of_unknown_scope_unknown_whatever_it_holds(fail_when: str) -> None:
    found = judged(f"kind: check\nfail_when: {fail_when}", {"cases": CASES}, extra="where: capture = 'on_site'\n")
    assert {verdict: of(found, verdict) for verdict in ("violation", "ok", "skipped", "unknown")} == {
        "violation": ["IN-HIGH"],
        "ok": ["IN-LOW"],
        "skipped": ["OUT-?", "OUT-HIGH", "OUT-LOW"],
        "unknown": ["?-?", "?-HIGH", "?-LOW", "IN-?"],
    }


@pytest.mark.parametrize(
    ("condition", "little"),
    [
        ("a > 200", True),
        ("a IS NULL OR NOT (a = b AND c < d)", True),
        ("a = 1 OR a = 2 OR a = 3 OR a = 4", True),
        ("a = 1 OR a = 2 OR a = 3 OR a = 4 OR a = 5", False),
        ("a + b > 200", False),
        ("CAST(a AS INT) > 200", False),
        ("LENGTH(a) > 200", False),
        ("a LIKE '%1%'", False),
        ("CASE WHEN a THEN b END", False),
    ],
)
def test_a_few_comparisons_are_asked_of_all_rows_and_what_may_fail_or_cost_is_not(condition: str, little: bool) -> None:
    assert compares_little(parse_one(condition)) is little
