"""The planted problems, and nothing else, break the rules."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from auditor.core.schema import tables as schema
from auditor.synth.planting import ITEMS
from tests.synth import county
from tests.synth.county import County


def tables(folder: Path) -> dict[str, list[dict]]:
    """Every canonical file of the county, row by row."""
    found: dict[str, list[dict]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def listed(made: County, rule: str, kind: str) -> list[dict]:
    return [entry for entry in made.planted if entry["rule"] == rule and entry["kind"] == kind]


@pytest.mark.parametrize("rule", county.SINGLE)
def test_exactly_the_planted_rows_break_the_rule(made: County, rule: str) -> None:
    problems = {entry["ids"][0] for entry in listed(made, rule, "problem")}
    assert county.SINGLE[rule](made) == problems


def test_exactly_the_planted_groups_are_repeats(made: County) -> None:
    rule = "repeat.same-place-time"
    assert county.repeated(made) == {frozenset(entry["ids"]) for entry in listed(made, rule, "problem")}


def test_exactly_the_planted_cameras_were_not_published(made: County) -> None:
    problems = {entry["key"]["camera_id"]: set(entry["ids"]) for entry in listed(made, "camera.unpublished", "problem")}
    assert county.unpublished(made) == problems


FIRST = (*county.SINGLE, "repeat.same-place-time", "camera.unpublished", "profit.max-fine-rate")


@pytest.mark.parametrize("rule", FIRST)
def test_the_first_rules_have_three_problems_and_three_decoys_beside_them(made: County, rule: str) -> None:
    assert len(listed(made, rule, "problem")) >= 3
    assert len(listed(made, rule, "decoy")) >= 3


def test_every_planted_rule_has_a_problem_and_a_decoy_beside_it(made: County) -> None:
    for kind in ("problem", "decoy"):
        assert {entry["rule"] for entry in made.planted if entry["kind"] == kind} == set(ITEMS)


def test_every_listed_row_is_in_the_files_and_every_key_names_something(made: County, folder: Path) -> None:
    known = defaultdict(set)
    for rows in tables(folder).values():
        for row in rows:
            for name, value in row.items():
                known[name].add(value)
    for entry in made.planted:
        assert entry["item"] == ITEMS[entry["rule"]]
        assert entry["why"]
        if entry["item"] != "leads":
            assert set(entry["ids"]) <= known[schema()[entry["table"]].key[0]]
        for name, value in entry["key"].items():
            assert value in known[name]


def test_a_planted_row_is_listed_under_each_rule_that_it_breaks(made: County) -> None:
    entries = [e for e in made.planted if e["kind"] == "problem" and e["rule"] in county.SINGLE]
    twice = Counter(i for entry in entries for i in entry["ids"])
    problems = defaultdict(set)
    for rule, check in county.SINGLE.items():
        for found in check(made):
            problems[found].add(rule)
    assert {i: n for i, n in twice.items() if n > 1} == {i: len(r) for i, r in problems.items() if len(r) > 1}


def discretionary(made: County) -> list[tuple[str, str, bool]]:
    """Officer, code and grade, at the maximum: of each on-site fine where there was a choice."""
    rows = []
    for case in made.cases:
        if case["capture"] == "on_site" and case["outcome"] == "fine":
            row = county.schedule_row(made, case)
            if row and int(row["fine_min"]) < int(row["fine_max"]):
                stratum = f"{case['violation_code']} {case['grade']}"
                rows.append((case["officer_id"], stratum, int(case["fine_amount"]) >= int(row["fine_max"])))
    return rows


def excess(rows: list[tuple[str, str, bool]], officer: str) -> tuple[int, float, float]:
    """Cases, raw rate, and excess over what the others do in the same strata."""
    others: dict[str, list[bool]] = defaultdict(list)
    for name, stratum, top in rows:
        if name != officer:
            others[stratum].append(top)
    mine = [(stratum, top) for name, stratum, top in rows if name == officer]
    compared = [(top, sum(others[stratum]) / len(others[stratum])) for stratum, top in mine if others[stratum]]
    rate = sum(top for _, top in mine) / len(mine) if mine else 0.0
    return len(mine), rate, sum(top - like for top, like in compared) / max(len(compared), 1)


def test_officers_at_the_maximum_have_a_hundred_cases_at_any_size(made: County) -> None:
    rows = discretionary(made)
    for entry in listed(made, "profit.max-fine-rate", "problem"):
        count, rate, _ = excess(rows, entry["key"]["officer_id"])
        assert count >= 100
        assert rate > 0.85


def test_officers_at_the_maximum_stand_far_above_like_cases_and_the_decoys_do_not(peers: County) -> None:
    rows = discretionary(peers)
    for entry in listed(peers, "profit.max-fine-rate", "problem"):
        assert excess(rows, entry["key"]["officer_id"])[2] > 0.35
    severe, new, fixed = (entry["key"]["officer_id"] for entry in listed(peers, "profit.max-fine-rate", "decoy"))
    count, rate, over = excess(rows, severe)
    assert count >= 30
    assert rate > 0.7
    assert over < 0.15
    assert excess(rows, new)[:2] == (10, 0.8)
    assert excess(rows, fixed)[0] == 0


def test_no_honest_officer_stands_out(peers: County) -> None:
    rows = discretionary(peers)
    planted = {entry["key"]["officer_id"] for entry in listed(peers, "profit.max-fine-rate", "problem")}
    honest = {officer for officer, _, _ in rows} - planted
    without = [row for row in rows if row[0] not in planted]
    for officer in sorted(honest):
        count, _, over = excess(without, officer)
        assert count < 30 or over < 0.2, officer
