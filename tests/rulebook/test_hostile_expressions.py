"""Expressions that reach for files, settings and other catalogs are refused before any data is read."""

from pathlib import Path

import pytest

from auditor.core.errors import RuleError
from auditor.kinds.check import Check
from auditor.rulebook import load
from tests.kinds.spec import load as load_text
from tests.kinds.spec import rule_text

HOSTILE = [
    "fine_amount > (select count(*) from read_csv('/etc/passwd'))",
    "read_csv('/etc/passwd') = 1",
    "read_text('/etc/passwd') like 'root%'",
    "copy cases to '/tmp/cases.csv'",
    "1 = 1; copy cases to '/tmp/cases.csv'",
    "attach '/tmp/other.db'",
    "fine_amount > 1; attach '/tmp/other.db'",
    "pragma database_list",
    "set enable_external_access = true",
    "install httpfs",
    "exists (select 1 from information_schema.tables)",
    "case_id in (select table_name from information_schema.tables)",
    "case_id = (select max(case_id) from cases)",
    "fine_amount > 200 -- and procedure = 'summary'",
    "fine_amount > 200 /* and procedure = 'summary' */",
    "/* all of them */ fine_amount > 200",
    "fine_amount > 200;",
    "fine_amount > 200; drop table cases",
    "fine_amount > 200) or (1 = 1",
    "getenv('HOME') like '/root%'",
    "current_setting('temp_directory') is not null",
    "current_user = 'root'",
    "version() = 'v2.0.0'",
    "query('select 1') = 1",
    "store.cases.fine_amount > 200",
    "information_schema.tables.table_name = 'cases'",
    "columns('.*') = 'A'",
    "cases.* = 'A'",
    "random() > 0.5",
    "now() > occurred_at",
    "today() > occurred_at",
    "current_timestamp > occurred_at",
    "try_cast(case_id as int) > 1",
    "case_id = ?",
    "case_id similar to '.*'",
    "regexp_matches(case_id, '(a+)+$')",
    "list_transform([1], x -> x + 1) = [2]",
    "{'a': 1}.a = fine_amount",
    "fine_amount > 200 union select 1",
    "fine_amount > 200 limit 1",
]


@pytest.mark.parametrize("written", HOSTILE)
@pytest.mark.parametrize("place", ["fail_when", "where", "at"])
def test_a_hostile_expression_is_refused_wherever_it_stands(written: str, place: str) -> None:
    if place == "fail_when":
        text = rule_text(f"kind: check\nfail_when: |\n  {written}", table="cases")
    else:
        text = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases", extra=f"{place}: |\n  {written}\n")
    rule, problems = load_text(text)
    assert rule is None
    assert {problem.code for problem in problems} <= {"R203", "R204", "R205", "R301", "R302", "R307", "R308", "R309"}


@pytest.mark.parametrize("value", ["read_csv('/etc/passwd') = 1", "fine_amount > 1; drop table cases"])
def test_a_parameter_is_no_way_round(value: str, tmp_path: Path) -> None:
    params = "params:\n  condition: {default: fine_amount > 200}\n"
    path = tmp_path / "rule.yaml"
    path.write_text(rule_text("kind: check\nfail_when: $condition", table="cases", extra=params), encoding="utf-8")
    assert load([path]).rules
    with pytest.raises(RuleError, match=r"R30[12]"):
        load([path], overrides={"test.rule.condition": value})


@pytest.mark.parametrize("value", ["nan", "inf", "x' or '1' = '1", "x'; drop table cases; --"])
def test_a_parameters_value_is_a_literal_and_nothing_else(value: str, tmp_path: Path) -> None:
    params = "params:\n  code: {default: X}\n"
    path = tmp_path / "rule.yaml"
    path.write_text(
        rule_text("kind: check\nfail_when: violation_code = $code", table="cases", extra=params), encoding="utf-8"
    )
    rule = load([path], overrides={"test.rule.code": value}).rules[0]
    quoted = value.replace("'", "''")
    assert isinstance(rule.kind, Check)
    assert f"= '{quoted}'" in rule.kind.fail_when.sql(dialect="duckdb")
