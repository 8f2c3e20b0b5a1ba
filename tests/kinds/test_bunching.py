"""Bunching: values piled up just under a threshold, beside what peers' values near it look like."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.kinds.base import Conclusion, Count
from auditor.kinds.bunching import Bunching
from tests.kinds.spec import judged, load, of, rule, rule_text

CHECK = "kind: bunching\nvalue: bac_mg_100ml\nat: 80\nwidth: 5\nby: officer_id\nmin_n: 30\n"


def values(*lines: tuple[str, float | str, int]) -> dict[str, str]:
    """Lines of (officer, value, times)."""
    rows = ["times | case_id | officer_id | bac_mg_100ml | occurred_at"]
    for number, (officer, value, times) in enumerate(lines):
        rows.append(f"{times} | C{number} | {officer} | {value} | 2024-05-10")
    return {"cases": "\n".join(rows)}


def even(officer: str) -> list[tuple[str, float | str, int]]:
    """Six values in each of the ten steps of 5 from 55 to 105."""
    return [(officer, 57 + 5 * step, 6) for step in range(10)]


PEERS = [line for number in range(1, 9) for line in even(f"P{number}")]


def bunching(check: str = CHECK) -> Bunching:
    kind = rule(rule_text(check, table="cases")).kind
    assert isinstance(kind, Bunching)
    return kind


def test_a_pile_just_under_the_threshold_is_a_lead_and_few_values_are_not_judged() -> None:
    pile: list[tuple[str, float | str, int]] = [("PILE", 79, 40), ("PILE", 90, 20), ("FEW", 79, 29)]
    found = judged(CHECK, values(*PEERS, *pile))
    assert found == {**{f"P{number}": "ok" for number in range(1, 9)}, "PILE": "violation", "FEW": "unknown"}


@pytest.mark.parametrize(
    ("value", "verdict"), [("75", "violation"), ("79.99", "violation"), ("80", "ok"), ("74.99", "ok"), ("80.01", "ok")]
)
def test_just_under_begins_at_the_width_and_ends_before_the_threshold(value: str, verdict: str) -> None:
    assert judged(CHECK, values(*PEERS, ("X", value, 60)))["X"] == verdict


@pytest.mark.parametrize(("value", "near"), [("55", True), ("54.99", False), ("104.99", True), ("105", False)])
def test_what_lies_further_off_is_not_looked_at(value: str, near: bool) -> None:
    found = judged(CHECK, values(*PEERS, ("X", value, 60)))
    assert found.get("X") == ("ok" if near else None)


def test_decimal_steps_have_exact_edges() -> None:
    check = CHECK.replace("at: 80", "at: 0.3").replace("width: 5", "width: 0.1")
    peers = [(f"P{i}", round(-0.15 + 0.1 * step, 2), 6) for i in range(8) for step in range(10)]
    for value, verdict in (("0.2", "violation"), ("0.3", "ok"), ("0.1", "ok")):
        assert judged(check, values(*peers, ("X", value, 60)))["X"] == verdict


def test_a_pile_that_all_have_flags_nobody_but_is_told() -> None:
    lines = [(f"P{number}", value, times) for number in range(10) for value, times in ((79, 40), (60, 5), (90, 5))]
    assert of(judged(CHECK, values(*lines)), "violation") == []
    steps = [100, 100, 100, 100, 500, 20, 100, 100, 100, 100]
    counts = [Count(subject="P", stratum=(str(i),), n=n, k=n if i == 4 else 0) for i, n in enumerate(steps)]
    assert "of all values 500 lie in 75–80" in bunching().conclude(counts).notes[-1].en
    assert "about 100: +400" in bunching().conclude(counts).notes[-1].en


def test_strata_keep_unlike_values_apart() -> None:
    rows = ["times | case_id | officer_id | capture | bac_mg_100ml | occurred_at"]
    for number in range(1, 9):
        rows += [f"30 | A{number} | P{number} | on_site | 79 | 2024-05-10"]
        rows += [f"6 | B{number}{step} | P{number} | mobile | {57 + 5 * step} | 2024-05-10" for step in range(10)]
    rows += ["60 | X | X | on_site | 79 | 2024-05-10"]
    tables = {"cases": "\n".join(rows)}
    assert judged(CHECK, tables)["X"] == "violation"
    assert judged(CHECK + "strata: [capture]\n", tables)["X"] == "ok"


def test_blanks_are_counted_on_neither_side() -> None:
    pile = values(*PEERS, ("PILE", 79, 40), ("PILE", 90, 20))
    more = values(*PEERS, ("PILE", 79, 40), ("PILE", 90, 20), ("PILE", "", 500), ("", 79, 500))
    assert judged(CHECK, more) == judged(CHECK, pile)


def test_nothing_near_the_threshold() -> None:
    assert judged(CHECK, values(("A", 10, 50), ("B", 200, 50))) == {}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (CHECK.replace("width: 5", "width: 0"), "must be more than 0"),
        (CHECK.replace("width: 5", "width: -5"), "must be more than 0"),
        (CHECK.replace("at: 80", "at: eighty"), "is not a number"),
        (CHECK + "reach: 2\n", "must be 3 or more"),
        (CHECK + "q: 0\n", "must be more than 0"),
        (CHECK + "window: 24 hours\n", "must be in days or months"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if fault in problem.message]


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(50, 110), st.integers(5, 30)), min_size=8))
def test_the_shares_are_those_of_counting(drawn: list[tuple[str, int, int]]) -> None:
    near, under = Counter[str](), Counter[str]()
    for who, value, times in drawn:
        near[who] += times if 55 <= value < 105 else 0
        under[who] += times if 75 <= value < 80 else 0
    found = judged(CHECK, values(*drawn))
    assert set(found) == {who for who in near if near[who]}
    for who, verdict in found.items():
        others = sum(near[other] for other in near if other != who)
        if near[who] < 30:
            assert verdict == "unknown"
        if verdict == "violation":
            peers = sum(under[other] for other in near if other != who) / others
            assert under[who] / near[who] - peers >= 0.1 - 1e-9


def agency(seed: int, planted: int) -> Conclusion:
    """80 officers whose drivers' values fall off smoothly; `planted` write 4 in 5 of 80 to 95 down to just under."""
    rng = np.random.default_rng(seed)
    tally = Counter[tuple[str, int]]()
    for officer in range(80):
        drawn = rng.gamma(6, rng.normal(11, 1), 300)
        near = drawn[(drawn >= 55) & (drawn < 105)]
        steps = ((near - 55) // 5).astype(int)
        if officer < planted:
            steps[(steps >= 5) & (steps <= 7) & (rng.random(len(steps)) < 0.8)] = 4
        tally.update((f"{officer:02d}", int(step)) for step in steps)
    counts = [
        Count(subject=who, stratum=(str(step),), n=n, k=n if step == 4 else 0) for (who, step), n in tally.items()
    ]
    return bunching().conclude(counts)


def test_honest_agencies_are_seldom_flagged_and_planted_officers_are() -> None:
    def flagged(seed: int, planted: int) -> list[int]:
        return [int(verdict.subject) for verdict in agency(seed, planted).verdicts if verdict.flagged]

    assert sum(bool(flagged(seed, 0)) for seed in range(20)) <= 2
    found = [flagged(seed, 4) for seed in range(50, 60)]
    assert sum(officer < 4 for run in found for officer in run) >= 0.9 * 40
    assert sum(officer >= 4 for run in found for officer in run) <= 2


def test_the_note_on_all_values_sees_no_heap_in_an_honest_agency() -> None:
    notes = [agency(seed, 0).notes[-1].en for seed in range(10)]
    spans = [note.rsplit("interval ", 1)[1].rstrip(")").split(" to ") for note in notes]
    assert sum(float(low) > 0 or float(high) < 0 for low, high in spans) <= 2
