"""A column that nobody fills accuses nobody: the rule is not run, says which column, and a few blanks still count."""

from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.core.places import shipped
from auditor.core.result import RuleResult
from auditor.engines.unfilled import FEWEST

HEADERS = "test_id,case_id,party_id,at,bac_mg_100ml,method,drawn_at,sent_at,result_at,told_at"
CASES = (
    "case_id,domain,unit_id,violation_code,occurred_at,capture,procedure,decided_at,fine_amount,outcome,party_type,"
    "hearing_notice_at,hearing_at,accepted_at,status"
)


def run(folder: Path, rule: str, **tables: list[str]) -> RuleResult:
    """The result of one rule of the county over these files."""
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = next(shipped("rules").rglob(f"{rule}.yaml"))
    return next(iter(audit(Request(data=folder, rules=(path,), period="2024-05")).results))


def bloods(count: int, *, sent: int = 0) -> list[str]:
    """Blood tests drawn on 6 May 2024, of which the first `sent` were sent the day after."""
    drawn = "2024-05-06 10:00"
    return [
        HEADERS,
        *(
            f"B{n},,P{n},{drawn},90,blood,{drawn},{'2024-05-07 10:00' if n < sent else ''},,"
            for n in range(count)
        ),
    ]  # fmt: skip


def case(number: int, told: str) -> str:
    dates = "2024-05-06 09:00,on_site,ordinary,2024-05-20 09:00"
    return f"C{number},traffic_police,U1,1603,{dates},2000,fine,person,{told},,,"


REQUIRED = [CASES, case(0, "")]


def test_a_column_blank_in_every_row_of_a_deadline_is_taken_as_not_provided(tmp_path: Path) -> None:
    result = run(tmp_path, "blood.sent-late", cases=REQUIRED, alcohol_tests=bloods(FEWEST))
    assert result.result == "not_applicable"
    assert result.lacks == ("alcohol_tests.sent_at",)
    assert result.violation == 0
    assert result.reason is not None
    assert "sent_at" in result.reason.zh
    assert str(FEWEST) in result.reason.en


def test_one_row_that_is_filled_shows_that_the_column_is_kept_and_the_blank_ones_count(tmp_path: Path) -> None:
    result = run(tmp_path, "blood.sent-late", cases=REQUIRED, alcohol_tests=bloods(FEWEST, sent=1))
    assert (result.result, result.ok, result.violation) == ("flagged", 1, FEWEST - 1)


def test_a_few_blank_rows_are_no_sign_of_a_column_that_nobody_fills(tmp_path: Path) -> None:
    result = run(tmp_path, "blood.sent-late", cases=REQUIRED, alcohol_tests=bloods(FEWEST - 1))
    assert (result.result, result.violation) == ("flagged", FEWEST - 1)


def test_rows_outside_the_scope_of_the_rule_do_not_fill_its_column(tmp_path: Path) -> None:
    breath = "A0,,P0,2024-05-06 10:00,30,breath,,2024-05-07 10:00,,"
    result = run(tmp_path, "blood.sent-late", cases=REQUIRED, alcohol_tests=[*bloods(FEWEST), breath])
    assert result.result == "not_applicable"


@pytest.mark.parametrize(("told", "expected"), [("", "not_applicable"), ("2024-05-10 09:00", "flagged")])
def test_a_check_that_wants_a_step_on_record_asks_for_the_column_too(tmp_path: Path, told: str, expected: str) -> None:
    rows = [CASES, *(case(n, told if n == 0 else "") for n in range(FEWEST))]
    assert run(tmp_path, "hearing.not-told-police", cases=rows).result == expected
