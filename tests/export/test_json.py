"""JSON for machines: the counts with their denominators, every rule and finding, personal values only on request."""

import json
from dataclasses import replace
from typing import Any

from auditor.core.result import TooFew
from auditor.export import json_
from tests.specimen import PARTY, PHONE, PLATE, finding, run


def document(**options: Any) -> dict[str, Any]:
    return json.loads(json_.render(run(), **options))


def test_the_summary_keeps_grains_apart_and_trials_out() -> None:
    summary = document()["summary"]
    assert [(p["grain"], p["rules"], p["tested"], p["flagged"], p["unknown"]) for p in summary["tested"]] == [
        ("row", 2, 148, 2, 4),
        ("officer_id", 1, 4, 1, 0),
    ]
    assert summary["violations"] == {"high": 1}
    assert summary["leads"] == {"medium": 1}
    assert summary["on_trial"] == 1
    assert [(rule["rule_id"], rule["reason"]["en"]) for rule in summary["rules_not_run"]] == [
        ("broken.rule", "division by zero"),
        ("camera.unpublished", "no table cameras"),
    ]
    assert summary["rows"] == {"read": 104, "loaded": 102, "quarantined": 2}


def test_a_rule_tells_how_many_had_too_few_rows_and_are_not_named() -> None:
    many = TooFew(subjects=2001, n=2668, fewest=10)
    crowded = replace(run(), results=tuple(replace(one, too_few=many) for one in run().results))
    [told] = [one for one in json.loads(json_.render(crowded))["rules"] if one["rule_id"] == "profit.max-fine-rate"]
    assert [one["n"] for one in told["not_judged"]] == [7]
    assert {name: told["too_few"][name] for name in ("subjects", "n", "fewest")} == {
        "subjects": 2001,
        "n": 2668,
        "fewest": 10,
    }
    assert told["too_few"]["text"]["en"].startswith("2,001 subjects with fewer than 10 cases, 2,668 cases in all")
    assert [one["too_few"] for one in document()["rules"]] == [None] * len(run().results)


def test_the_gate_is_said_where_there_is_one() -> None:
    assert "gate" not in document()
    assert document(gate="high")["gate"] == {
        "fail_on": "high",
        "findings": 1,
        "broken_contract": 3,
        "rules_in_error": ["broken.rule"],
        "exit_status": 3,
    }


def test_findings_come_gravest_first_with_their_rows() -> None:
    found = document()["findings"]
    assert [one["rule_id"] for one in found] == ["trial.rule", "repeat.same-place-time", "profit.max-fine-rate"]
    assert [(row["file"], row["row"]) for row in found[1]["evidence"]] == [("cases.csv", 2), ("cases.csv", 3)]


def test_no_personal_value_is_in_it_unless_asked_for() -> None:
    masked, whole = json_.render(run()), json_.render(run(), personal=True)
    assert not [value for value in (PLATE, PARTY, PHONE) if value in masked]
    assert "fingerprint" not in masked
    assert f"{PLATE} was fined 3 times" in whole
    assert f"2024-13-01 {PHONE}" in whole


def test_a_subject_made_of_several_values_is_masked_in_all_of_them() -> None:
    several = finding("repeat.same-place-time", PLATE, subject_type="place", subject_id=f"K12|{PLATE}")
    masked = json.loads(json_.render(replace(run(), findings=(several,))))["findings"][0]
    assert masked["subject_id"] == "K12|辽D****5"


def test_a_number_without_bounds_is_left_out() -> None:
    odd = finding("repeat.same-place-time", PLATE, upper=float("inf"), lower=float("nan"))
    found = json.loads(json_.render(replace(run(), findings=(odd,))))["findings"][0]
    assert (found["lower"], found["upper"]) == (None, None)
