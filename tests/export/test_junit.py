"""JUnit: a testcase a rule, each outcome where a build server looks for it, and nothing personal in any of them."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from auditor.core.result import RuleResult
from auditor.export import junit
from auditor.export.testcase import SHOWN
from tests.specimen import PARTY, PHONE, PLATE, both, card, finding, run


def outcomes(document: str) -> dict[str, list[str]]:
    """The tags inside each testcase, its words left out."""
    cases = ET.fromstring(document).iter("testcase")
    return {str(case.get("name")): [child.tag for child in case if child.tag != "system-out"] for case in cases}


def test_each_rule_is_a_testcase_with_the_outcome_of_its_own() -> None:
    assert outcomes(junit.render(run(), gate="high")) == {
        "contract": ["failure"],
        "broken.rule": ["error"],
        "camera.unpublished": ["skipped"],
        "officer.one-alone": [],
        "profit.max-fine-rate": [],
        "repeat.same-place-time": ["failure"],
        "trial.rule": [],
    }


def test_the_gate_is_met_at_its_own_level_and_not_below() -> None:
    assert outcomes(junit.render(run(), gate="medium"))["profit.max-fine-rate"] == ["failure"]
    assert outcomes(junit.render(run(), gate="critical"))["repeat.same-place-time"] == []


def test_the_totals_are_those_of_the_testcases() -> None:
    suite = ET.fromstring(junit.render(run(), gate="high")).find("testsuite")
    assert suite is not None
    totals = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert totals == {"tests": "7", "failures": "2", "errors": "1", "skipped": "1"}


def test_what_could_not_run_says_why() -> None:
    document = ET.fromstring(junit.render(run(), gate="high"))
    reasons = {
        str(case.get("name")): case[0].get("message")
        for case in document.iter("testcase")
        if case.find("error") is not None or case.find("skipped") is not None
    }
    assert reasons == {"broken.rule": "division by zero", "camera.unpublished": "no table cameras"}


def test_no_personal_value_is_in_it() -> None:
    document = junit.render(run(), gate="info")
    assert not [value for value in (PLATE, PARTY, PHONE) if value in document]
    assert "辽D****5 was fined 3 times" in document


def test_an_extract_in_order_passes_its_contract() -> None:
    assert outcomes(junit.render(replace(run(), contract=(), quarantine=()), gate="high"))["contract"] == []


def test_a_waived_finding_and_one_that_is_over_do_not_fail() -> None:
    for changes in ({"waived": True}, {"state": "resolved"}, {"state": "not_retested"}):
        changed = replace(run(), findings=(finding("repeat.same-place-time", PLATE, **changes),))
        assert outcomes(junit.render(changed, gate="info"))["repeat.same-place-time"] == [], changes


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    spoilt = replace(
        run(),
        results=(RuleResult(rule_id="a.rule", result="error", reason=both("bad \x00\x0b\ufffe\ud800 byte <&>")),),
        cards=(card("a.rule"),),
    )
    error = ET.fromstring(junit.render(spoilt, gate="high")).find(".//error")
    assert error is not None
    assert error.get("message") == "bad ���� byte <&>"


def test_a_long_list_is_capped_and_says_so() -> None:
    many = tuple(finding("repeat.same-place-time", f"辽D{number:05}") for number in range(SHOWN + 5))
    failure = ET.fromstring(junit.render(replace(run(), findings=many), gate="high")).find(
        ".//testcase[@name='repeat.same-place-time']/failure"
    )
    assert failure is not None
    assert failure.text is not None
    assert f"{SHOWN + 5} findings" in str(failure.get("message"))
    assert failure.text.splitlines()[-1] == "… and 5 more"
