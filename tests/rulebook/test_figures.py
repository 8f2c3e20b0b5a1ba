"""Figures of the law: read from a table, replaced by a county's own, and waited for where nobody has given them."""

import dataclasses
from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.core.duration import Duration
from auditor.core.errors import RuleError
from auditor.core.places import shipped
from auditor.engines.examples import run_examples
from auditor.kinds.base import fields_of
from auditor.rulebook import Rule, load
from auditor.rulebook.figures import COLUMNS, read_figures


def spec_default(rule: Rule, attribute: str) -> object:
    """What the kind takes where the rule says nothing."""
    return next(field.default for field in dataclasses.fields(rule.kind) if field.name == attribute)


HEAD = ",".join(COLUMNS) + "\n"
RULE = """
id: test.large-fine
title: {zh: 较大数额罚款, en: A large fine}
covers: [A2-13]
level: high
certainty: violation
status: active
basis: [{law: 行政处罚法, article: 第六十三条, from: 2021-07-15, mark: V}]
why: {zh: 试验, en: test}
false_positives: [{zh: 无, en: none}]
verify: [{zh: 核对决定书, en: read the decision}]
table: cases
params:
  large: {figure: hearing_transport, example: 5000}
check:
  kind: check
  fail_when: fine_amount >= $large
subject: {type: case, id: case_id, unit: unit_id}
key: [case_id]
message: {zh: "罚款 {fine_amount} 元，达到 {large} 元", en: "{fine_amount} yuan, {large} or more"}
tests:
  - name: the example stands in for the figure in tests
    as_of: 2024-05-31
    given:
      cases: |
        case_id | fine_amount | decided_at
        UNDER   | 4999.99     | 2024-05-06 09:00
        AT      | 5000        | 2024-05-06 09:00
        NONE    |             | 2024-05-06 09:00
    expect: {violation: [AT], ok: [UNDER], unknown: [NONE]}
"""
CASES = """case_id,domain,unit_id,violation_code,occurred_at,capture,procedure,fine_amount,decided_at
A,transport,U1,T1,2024-05-01 09:00,on_site,ordinary,4000,2024-05-06 09:00
B,transport,U1,T1,2024-05-01 09:00,on_site,ordinary,9000,2024-05-06 09:00
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cases.csv").write_text(CASES, encoding="utf-8")
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def own_table(county: Path, row: str) -> Path:
    (county / "figures.csv").write_text(HEAD + row + "\n", encoding="utf-8")
    settings = county / "data" / "auditor.yaml"
    settings.write_text("period: 2024-05\nas_of: 2024-05-31\nfigures: [../figures.csv]\n", encoding="utf-8")
    return settings


def test_every_shipped_figure_can_be_read_and_a_blank_one_is_marked_unknown() -> None:
    for figure in read_figures().values():
        assert (figure.value is None) == (figure.mark == "U"), figure.name
        assert figure.doc.zh and figure.doc.en


def test_a_parameter_that_is_a_figure_has_the_value_of_the_table() -> None:
    figures = read_figures()
    for rule in load().rules:
        for parameter in rule.parameters:
            if parameter.figure is not None and not parameter.waits:
                assert parameter.value == figures[parameter.figure].value


def test_a_rule_whose_figure_nobody_gave_is_not_run_and_says_for_what_it_waits(county: Path) -> None:
    run = audit(Request(data=county / "data", rules=(county / "rule.yaml",), period="2024-05"))
    (result,) = run.results
    assert (result.result, result.tested) == ("not_applicable", 0)
    assert result.reason is not None
    assert "hearing_transport" in result.reason.en and "较大数额" in result.reason.zh


def test_its_own_tests_run_all_the_same(county: Path) -> None:
    (outcome,) = run_examples(load([county / "rule.yaml"]).rules)
    assert outcome.passed, outcome.difference


def test_the_countys_table_lets_it_run(county: Path) -> None:
    own_table(county, "hearing_transport,8000,较大数额,a large fine,某省规定,第三条,2022-01-01,V,")
    run = audit(Request(data=county / "data", rules=(county / "rule.yaml",)))
    assert [finding.subject_id for finding in run.findings] == ["B"]
    (parameter,) = run.cards[0].parameters
    assert (parameter.value, parameter.figure, parameter.waits) == ("8000", "hearing_transport", False)
    assert parameter.doc is not None and "某省规定第三条" in parameter.doc.zh


def test_a_row_of_the_county_stands_in_the_place_of_the_shipped_one(county: Path) -> None:
    row = "seizure,20 days,扣押,seizure,某省规定,第四条,2022-01-01,V2,"
    own_table(county, row)
    seizure = read_figures([county / "figures.csv"])["seizure"]
    assert (seizure.value, seizure.shipped) == ("20 days", read_figures()["seizure"].value)
    assert "据二手资料" in seizure.doc.zh


def test_a_missing_table_is_an_error_with_its_name(county: Path) -> None:
    own_table(county, "")
    (county / "figures.csv").unlink()
    with pytest.raises(RuleError, match=r"figures\.csv"):
        audit(Request(data=county / "data", rules=(county / "rule.yaml",)))


def test_the_shipped_table_has_the_documented_columns() -> None:
    first = shipped("data", "codes", "figures.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first + "\n" == HEAD


def test_no_rule_has_a_statutory_length_of_time_written_into_it() -> None:
    """A length of time in a check is a figure, a project default with its documentation, or openly the rule's own."""
    literal = {
        f"{rule.rule_id}: {spec.name}"
        for rule in load().rules
        for spec in fields_of(type(rule.kind)).values()
        if spec.how == "duration"
        and isinstance(length := getattr(rule.kind, spec.attribute), Duration)
        and length.count
        and str(length) not in {parameter.value for parameter in rule.parameters}
        and length != spec_default(rule, spec.attribute)
        and all(article.mark != "P" for article in rule.basis)
    }
    assert literal == set()
