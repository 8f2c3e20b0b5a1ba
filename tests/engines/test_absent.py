"""What could not be used may be what a rule takes for missing: the rules that looked for it say so."""

import csv
from collections.abc import Sequence
from pathlib import Path

from auditor.audit import Request, audit
from auditor.core.result import RuleResult
from auditor.core.text import Text
from tests.kinds.spec import rule_text

PAYMENTS = ("payment_id", "case_id", "amount", "paid_at", "receipt_no")
CASES = ("case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure", "fine_amount")
GAP = rule_text("kind: gap\nnumber: receipt_no", table="payments")
CASE_KNOWN = rule_text("kind: lookup\nin: cases\nmatch: [case_id]", table="payments")
DEAR = rule_text("kind: check\nfail_when: amount > 100", table="payments")

WHOLE = ["P1,C1,200,2024-05-01 10:00,R01", "P2,C1,50,2024-05-02 10:00,R02", "P3,C2,50,2024-05-03 10:00,R03"]
BROKEN = [row.replace("05-02", "05-32") for row in WHOLE]
KNOWN = ["C1,transport,U1,1039,2024-05-01,on_site,summary,100", "C2,transport,U1,1039,2024-05-01,on_site,summary,100"]
LOST = [row.replace("05-01", "05-32") if row.startswith("C2") else row for row in KNOWN]


def result(folder: Path, rule: str, payments: Sequence[str], cases: Sequence[str] = KNOWN) -> RuleResult:
    data = folder / "data"
    data.mkdir()
    for name, header, rows in (("payments", PAYMENTS, payments), ("cases", CASES, cases)):
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *(row.split(",") for row in rows)])
    (folder / "rule.yaml").write_text(rule, encoding="utf-8")
    [found] = audit(Request(data=data, rules=(folder / "rule.yaml",), period="2024-05")).results
    return found


def said(found: RuleResult) -> list[str]:
    return [note.en for note in found.notes]


def test_a_number_that_seems_missing_may_be_of_a_row_that_could_not_be_used(tmp_path: Path) -> None:
    found = result(tmp_path, GAP, BROKEN)
    assert (found.result, found.violation) == ("flagged", 1)
    assert found.notes == (
        Text(
            zh="有数据因错误未能使用（“缴款”1 行，见“隔离的记录”），本规则没有看到：认定缺失的，可能就在其中",
            en="rows that could not be used (1 of payments; see the quarantine) were not seen by the rule: anything "
            "that it takes for missing may be among them",
        ),
    )


def test_a_register_row_that_seems_missing_may_be_one_that_could_not_be_used(tmp_path: Path) -> None:
    found = result(tmp_path, CASE_KNOWN, WHOLE, LOST)
    assert (found.result, found.violation) == ("flagged", 1)
    assert [note for note in said(found) if "1 of cases" in note]


def test_where_everything_could_be_used_nothing_is_said(tmp_path: Path) -> None:
    found = result(tmp_path, GAP, [WHOLE[0], WHOLE[2]])
    assert (found.result, found.violation, said(found)) == ("flagged", 1, [])


def test_a_rule_that_looks_for_nothing_says_nothing(tmp_path: Path) -> None:
    """That a row of its own table was not looked at, the report says of the whole audit."""
    found = result(tmp_path, DEAR, BROKEN, LOST)
    assert (found.result, found.violation, said(found)) == ("flagged", 1, [])


def test_a_rule_that_found_nothing_took_nothing_for_missing(tmp_path: Path) -> None:
    found = result(tmp_path, CASE_KNOWN, WHOLE[:2], LOST)
    assert (found.result, found.violation, said(found)) == ("clean", 0, [])
