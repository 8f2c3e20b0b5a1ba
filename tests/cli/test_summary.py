"""What the screen says of rules that were not run: each of a few, and of many what would let them run."""

from dataclasses import replace

import pytest

from auditor.cli.summary import print_summary
from auditor.core.result import RuleResult, Run
from auditor.core.text import Text
from tests.specimen import run as made_up


def with_results(run: Run, *results: RuleResult) -> Run:
    return replace(run, results=results)


def not_run(rule_id: str, *lacks: str) -> RuleResult:
    return RuleResult(rule_id=rule_id, result="not_applicable", reason=Text(zh="缺数据", en="no data"), lacks=lacks)


def lines_of(run: Run, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_summary(run, "en")
    return capsys.readouterr().out.splitlines()


def test_twenty_are_listed_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    run = with_results(made_up(), *(not_run(f"rule.n{n}", "captures") for n in range(20)))
    said = lines_of(run, capsys)
    assert sum("no data" in line for line in said) == 20
    assert not any("was not provided" in line for line in said)


def test_of_more_the_table_is_named_that_would_let_them_run(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = [not_run(f"rule.n{n}", "captures") for n in range(15)]
    waiting += [not_run(f"rule.m{n}", "cases.speed_kmh", "weighings") for n in range(5)]
    waiting += [not_run("rule.columns", "cases.speed_kmh", "cases.points")]
    broken = RuleResult(rule_id="rule.broken", result="error", reason=Text(zh="坏了", en="it broke"))
    said = lines_of(with_results(made_up(), *waiting, broken), capsys)
    assert "  table captures was not provided; rules that need it: 15" in said
    assert "  table weighings was not provided; rules that need it: 5" in said
    assert any("1 rules; the report says which" in line for line in said)
    assert any("rule.broken" in line and "it broke" in line for line in said), "an error is always said by name"
    assert not any("rule.n3" in line for line in said)
