"""Disparity: like cases treated unlike, either way; a different mix of cases is no difference."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.kinds.base import Count, Verdict
from auditor.kinds.disparity import Disparity
from tests.kinds.spec import judged, load, of, rule, rule_text

CHECK = "kind: disparity\noutcome: outcome = 'warning'\ngroups: unit_id\nstrata: [violation_code]\nmin_n: 30\n"


def cases(*lines: tuple[str, str, int, int]) -> dict[str, str]:
    """Lines of (unit, violation code, warnings, fines)."""
    rows = ["times | case_id | unit_id | violation_code | outcome | occurred_at"]
    for unit, code, warned, fined in lines:
        for name, times in (("warning", warned), ("fine", fined)):
            if times:
                rows.append(f"{times} | {unit}{code}{name} | {unit} | {code} | {name} | 2024-05-10")
    return {"cases": "\n".join(rows)}


def disparity(check: str = CHECK) -> Disparity:
    kind = rule(rule_text(check, table="cases")).kind
    assert isinstance(kind, Disparity)
    return kind


PEERS = [(f"U{number}", "1039", 30, 30) for number in range(1, 9)]


def test_both_directions_are_leads_and_few_cases_are_not_judged() -> None:
    found = judged(CHECK, cases(*PEERS, ("MILD", "1039", 57, 3), ("HARSH", "1039", 3, 57), ("FEW", "1039", 0, 29)))
    assert of(found, "violation") == ["HARSH", "MILD"]
    assert of(found, "unknown") == ["FEW"]
    assert len(of(found, "ok")) == 8


def test_a_different_mix_of_cases_is_no_difference() -> None:
    grave = [(f"U{number}", "1353", 2, 38) for number in range(1, 9)]
    found = judged(CHECK, cases(*PEERS, *grave, ("GRAVE", "1353", 3, 57), ("LIGHT", "1039", 30, 30)))
    assert of(found, "violation") == []


def test_cases_that_only_one_group_has_are_compared_with_nobody() -> None:
    found = judged(CHECK, cases(*PEERS, ("ALONE", "9999", 60, 0)))
    assert found["ALONE"] == "unknown"
    # Its 20 comparable cases are too few, whatever else it has.
    assert judged(CHECK, cases(*PEERS, ("MIXED", "9999", 60, 0), ("MIXED", "1039", 20, 0)))["MIXED"] == "unknown"
    assert judged(CHECK, cases(*PEERS, ("MIXED", "9999", 60, 0), ("MIXED", "1039", 30, 0)))["MIXED"] == "violation"


def test_two_groups_alone_need_a_large_difference_and_both_are_named() -> None:
    assert judged(CHECK, cases(("A", "1039", 80, 20), ("B", "1039", 20, 80))) == {"A": "violation", "B": "violation"}
    assert judged(CHECK, cases(("A", "1039", 57, 43), ("B", "1039", 43, 57))) == {"A": "ok", "B": "ok"}
    counts = [Count(subject=name, stratum=("1039",), n=100, k=k) for name, k in (("A", 80), ("B", 20))]
    assert "assumed" in disparity().conclude(counts).notes[-1].en


def test_one_group_alone_is_not_judged() -> None:
    assert judged(CHECK, cases(("A", "1039", 80, 20))) == {"A": "unknown"}
    assert judged(CHECK, cases()) == {}


def test_the_least_difference_is_included() -> None:
    check = CHECK + "min_difference: {}\n"
    many = [(f"U{number}", "1039", 500, 500) for number in range(1, 30)]
    for floor, verdict in (("0.25", "violation"), ("0.26", "ok")):
        found = judged(check.format(floor), cases(*many, ("OUT", "1039", 750, 250)))
        assert found["OUT"] == verdict


def test_blanks_are_counted_on_neither_side() -> None:
    given = cases(*PEERS, ("MILD", "1039", 57, 3))
    blank = "\n500 | B1 | U1 | 1039 | | 2024-05-10\n500 | B2 | U1 | 1039 | warning | 2024-04-30"
    assert judged(CHECK, {"cases": given["cases"] + blank}, period="2024-05") == judged(CHECK, given)
    by_officer = CHECK.replace("unit_id", "officer_id")
    rows = given["cases"].replace("unit_id", "officer_id")
    nobody = "\n500 | B3 |  | 1039 | warning | 2024-05-10\n500 | B4 | U1 |  | warning | 2024-05-10"
    assert judged(by_officer, {"cases": rows + nobody})["MILD"] == "violation"
    assert "" not in judged(by_officer, {"cases": rows + nobody})


def test_the_window_reaches_back_from_the_end_of_the_period() -> None:
    rows = cases(*PEERS, ("MILD", "1039", 57, 3))["cases"].replace("2024-05-10", "2023-06-01")
    assert judged(CHECK, {"cases": rows}, period="2024-05") == {}
    assert judged(CHECK + "window: 12 months\n", {"cases": rows}, period="2024-05")["MILD"] == "violation"


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (CHECK + "window: 24 hours\n", "must be in days or months"),
        (CHECK + "q: 0\n", "must be more than 0"),
        (CHECK + "min_difference: 20\n", "must lie between 0 and 1"),
        (CHECK.replace("outcome = 'warning'", "fine_amount"), "is not a condition"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if fault in problem.message]


def test_the_strata_named_are_those_that_pull_the_same_way() -> None:
    counts = [Count(subject=f"U{i}", stratum=(code,), n=60, k=30) for i in range(8) for code in ("A", "B")]
    counts += [Count(subject="LOW", stratum=("A",), n=60, k=3), Count(subject="LOW", stratum=("B",), n=60, k=33)]
    verdict = next(verdict for verdict in disparity().conclude(counts).verdicts if verdict.subject == "LOW")
    assert verdict.flagged and verdict.facts["strata"] == "A: 3/60 (50% of 480)"


_COUNT = st.tuples(st.sampled_from("ABCDE"), st.sampled_from("xyz"), st.integers(20, 60), st.integers(0, 100))


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(_COUNT, min_size=4, max_size=12))
def test_the_difference_is_that_of_pencil_and_paper(drawn: list[tuple[str, str, int, int]]) -> None:
    tally: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for group, stratum, n, percent in drawn:
        tally[group, stratum][0] += n
        tally[group, stratum][1] += n * percent // 100
    counts = [Count(subject=g, stratum=(s,), n=n, k=k) for (g, s), (n, k) in tally.items()]
    few = len({group for group, _ in tally}) <= 3
    for verdict in disparity().conclude(counts).verdicts:
        own = {s: nk for (g, s), nk in tally.items() if g == verdict.subject}
        others = {s: [nk for (g, t), nk in tally.items() if t == s and g != verdict.subject] for s in own}
        kept = [s for s in own if len(others[s]) >= (1 if few else 3)]
        n, k = sum(own[s][0] for s in kept), sum(own[s][1] for s in kept)
        rate = {s: sum(one[1] for one in others[s]) / sum(one[0] for one in others[s]) for s in kept}
        assert (verdict.n, verdict.value) == (n, pytest.approx(k / n))
        assert verdict.expected == pytest.approx(sum(own[s][0] * rate[s] for s in kept) / n, abs=1e-9)


def agency(seed: int, planted: int) -> list[Verdict]:
    """120 units with mixes of their own, spread by 3 points; `planted` of them are 35 points off, up or down."""
    rng = np.random.default_rng(seed)
    rates = np.array([0.4, 0.5, 0.6])
    counts: list[Count] = []
    for unit in range(120):
        guilty = (0.35 if unit % 2 else -0.35) if unit < planted else 0.0
        sizes = rng.multinomial(150, rng.dirichlet(np.full(3, 0.7)))
        hits = rng.binomial(sizes, np.clip(rates + rng.normal(0, 0.03) + guilty, 0.01, 0.99))
        counts += [
            Count(subject=f"{unit:03d}", stratum=(str(code),), n=int(n), k=int(k))
            for code, (n, k) in enumerate(zip(sizes, hits, strict=True))
        ]
    return [verdict for verdict in disparity().conclude(counts).verdicts if verdict.flagged]


def test_honest_agencies_are_seldom_flagged_and_planted_units_are() -> None:
    assert sum(bool(agency(seed, 0)) for seed in range(20)) <= 2
    found = [[int(verdict.subject) for verdict in agency(seed, 6)] for seed in range(50, 60)]
    assert sum(unit < 6 for run in found for unit in run) >= 0.9 * 60
    assert sum(unit >= 6 for run in found for unit in run) <= 2
