"""Who is flagged, who is not, and who is not judged at all: the comparison with peers, as a reader would ask for it."""

import itertools
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stats import Cell, Direction, LeftOut, PeerResult, Standing, stand_out

MILD, SEVERE = ("no signal",), ("drunk driving",)


def cell(subject: str, stratum: tuple[str, ...], n: int, k: int) -> Cell:
    return Cell(subject=subject, stratum=stratum, n=n, k=k)


def peers(stratum: tuple[str, ...], *counts: tuple[int, int]) -> list[Cell]:
    """One officer for each (cases, maximum fines)."""
    return [cell(f"peer {number:02d}", stratum, n, k) for number, (n, k) in enumerate(counts)]


def judge(
    cells: Sequence[Cell],
    *,
    min_n: int = 30,
    q: float = 0.05,
    min_excess: float = 0.20,
    direction: Direction = "above",
) -> PeerResult:
    return stand_out(cells, min_n=min_n, q=q, min_excess=min_excess, direction=direction)


def standing(result: PeerResult, subject: str) -> Standing:
    return next(standing for standing in result.standings if standing.subject == subject)


def flagged(result: PeerResult) -> set[str]:
    return {standing.subject for standing in result.standings if standing.flagged}


TWELVE = tuple((100, k) for k in (28, 31, 30, 33, 27, 30, 29, 32, 30, 26, 34, 30))
"""Twelve officers at 30 %, no further apart than chance puts them."""


def test_fining_everyone_at_the_maximum_is_flagged_and_a_severe_mix_of_cases_is_not() -> None:
    severe = [
        cell(f"night shift {number}", SEVERE, 100, k) for number, k in enumerate((80, 82, 79, 84, 78, 81, 80, 83))
    ]
    result = judge([*peers(MILD, *TWELVE), *severe, cell("maximum", MILD, 40, 40), cell("maximum", SEVERE, 5, 5)])
    assert flagged(result) == {"maximum"}
    assert standing(result, "night shift 3").observed == 0.84
    assert standing(result, "maximum").rank == 1
    assert standing(result, "maximum").of == 21


def test_an_officer_with_the_peers_rate_on_each_code_has_no_excess_however_high_the_raw_rate() -> None:
    cells = [*peers(MILD, *[(100, 20)] * 6), *peers(SEVERE, *[(100, 80)] * 6)]
    result = judge([*cells, cell("mixed", MILD, 10, 2), cell("mixed", SEVERE, 90, 72)])
    mixed = standing(result, "mixed")
    assert (mixed.observed, mixed.expected, mixed.excess) == (0.74, 0.74, 0.0)
    assert not mixed.flagged


def test_eight_of_ten_is_not_judged() -> None:
    result = judge([*peers(MILD, *TWELVE), cell("few", MILD, 10, 8)])
    few = standing(result, "few")
    assert (few.judged, few.reason, few.flagged, few.rank) == (False, "too_few_cases", False, 0)
    assert (few.z, few.p_value, few.q_value) == (0.0, 1.0, 1.0)
    assert (few.observed, few.expected) == (0.8, 0.3)
    assert (result.judged, result.not_judged) == (12, 1)
    assert [note.en for note in result.notes] == ["subjects not judged, too few cases: 1"]


@pytest.mark.parametrize(("n", "judged"), [(29, False), (30, True), (31, True)])
def test_the_least_number_of_cases_is_enough(n: int, judged: bool) -> None:
    result = judge([*peers(MILD, *TWELVE), cell("edge", MILD, n, n)])
    assert standing(result, "edge").judged is judged
    assert standing(result, "edge").flagged is judged


@pytest.mark.parametrize(("k", "is_flagged"), [(49, False), (50, True), (51, True)])
def test_the_least_excess_is_enough(k: int, is_flagged: bool) -> None:
    """Twenty peers at exactly 30 of 100: 50 of 100 lie 20 points above, 49 lie 19 (as sure, but too little)."""
    result = judge([*peers(MILD, *[(100, 30)] * 20), cell("edge", MILD, 100, k)])
    assert standing(result, "edge").q_value <= 0.05
    assert standing(result, "edge").flagged is is_flagged


def test_a_large_excess_that_is_not_sure_is_not_flagged() -> None:
    result = judge([*peers(MILD, *TWELVE), cell("unsure", MILD, 30, 16)])
    unsure = standing(result, "unsure")
    assert unsure.excess > 0.20
    assert unsure.q_value > 0.05
    assert not unsure.flagged


def test_where_honest_officers_differ_widely_the_same_excess_is_not_flagged() -> None:
    alike = judge([*peers(MILD, *[(200, 80)] * 12), cell("asked", MILD, 100, 65)])
    apart = judge([*peers(MILD, *[(200, 40), (200, 120), (200, 60), (200, 100)] * 3), cell("asked", MILD, 100, 65)])
    assert standing(alike, "asked").excess == standing(apart, "asked").excess
    assert "asked" in flagged(alike)
    assert "asked" not in flagged(apart)
    assert alike.tau == 0.0
    assert apart.tau_used > apart.tau > 0.1


def test_cases_with_too_few_peers_are_left_out_and_said_so() -> None:
    alone = ("taxi", "grade 3")
    result = judge([*peers(MILD, *TWELVE), cell("mostly alone", MILD, 20, 6), cell("mostly alone", alone, 200, 200)])
    mostly = standing(result, "mostly alone")
    assert (mostly.judged, mostly.reason, mostly.n, mostly.n_all, mostly.k) == (False, "too_few_peers", 20, 220, 6)
    assert result.left_out == (LeftOut(stratum=alone, subjects=1, n=200),)
    assert [note.zh for note in result.notes] == [
        "因可比同行过少未评判的对象：1 个",
        "因可比同行过少未参与比较的案件：200 件（分层 1 个）",
    ]


@pytest.mark.parametrize(
    ("others", "comparable"),
    [
        ([(10, 1), (10, 1)], 0),
        ([(10, 1), (5, 1), (4, 1)], 0),
        ([(10, 1), (5, 1), (5, 1)], 50),
    ],
    ids=["two peers", "three peers with 19 cases", "three peers with 20 cases"],
)
def test_a_stratum_is_comparable_from_three_peers_and_twenty_cases_on(
    others: list[tuple[int, int]], comparable: int
) -> None:
    result = judge([*peers(MILD, *others), cell("asked", MILD, 50, 10)])
    assert standing(result, "asked").n == comparable


def test_three_with_enough_cases_cannot_be_judged_for_nobody_knows_how_much_honest_ones_differ() -> None:
    result = judge([*peers(MILD, (100, 10), (100, 10), (20, 2)), cell("maximum", MILD, 100, 100)])
    assert result.judged == 0
    assert {standing.reason for standing in result.standings} == {"too_few_peers", "too_few_cases"}
    assert result.notes[0].en.startswith("subjects with enough cases: 3; it takes 4")


def test_six_alike_and_one_at_the_maximum_are_enough() -> None:
    assert flagged(judge([*peers(MILD, *[(40, 8)] * 6), cell("maximum", MILD, 40, 40)])) == {"maximum"}


def test_below_is_the_mirror_image_of_above() -> None:
    cells = [*peers(MILD, *TWELVE), *peers(SEVERE, *TWELVE[::-1]), cell("low", MILD, 80, 70), cell("low", SEVERE, 9, 9)]
    above = judge(cells)
    mirrored = [cell(c.subject, c.stratum, c.n, c.n - c.k) for c in cells]
    below = judge(mirrored, direction="below")
    assert flagged(above) == flagged(below) == {"low"}
    for one, other in zip(above.standings, below.standings, strict=True):
        assert other.excess == pytest.approx(-one.excess, abs=1e-9)
        assert other.z == pytest.approx(-one.z, abs=1e-9)
        assert other.p_value == pytest.approx(one.p_value, rel=1e-6)
        assert other.rank == one.rank
        assert [share.stratum for share in other.strata] == [share.stratum for share in one.strata]
    assert flagged(judge(cells, direction="below")) == set()


def test_the_strata_that_drive_the_excess_come_first_and_add_up_to_it() -> None:
    cells = [*peers(MILD, *TWELVE), *peers(SEVERE, *[(50, 25)] * 12)]
    result = judge([*cells, cell("asked", MILD, 60, 54), cell("asked", SEVERE, 40, 22)])
    asked = standing(result, "asked")
    assert [share.stratum for share in asked.strata] == [MILD, SEVERE]
    first, second = asked.strata
    assert (first.n, first.k, first.peer_n, first.peer_rate) == (60, 54, 1200, 0.3)
    assert (first.contribution, second.contribution) == (0.36, 0.02)
    assert asked.excess == 0.38
    assert asked.lower < 0.38 < asked.upper


def test_z_measures_the_excess_with_the_upper_limit_of_the_spread() -> None:
    """Six peers with 52 of 240; each one's own tendency weighs 1/6 in their common rate."""
    result = judge([*peers(MILD, (40, 6), (40, 10), (40, 7), (40, 9), (40, 8), (40, 12)), cell("asked", MILD, 40, 20)])
    smoothed = 52.5 / 241
    chance = smoothed * (1 - smoothed) * (1 / 40 + 1 / 240)
    spread = result.tau_used**2 * (1 + 6 / 36)
    assert result.tau_used > 2 * result.tau > 0
    assert standing(result, "asked").z == pytest.approx((20 / 40 - 52 / 240) / (chance + spread) ** 0.5)


def test_equals_share_the_better_rank() -> None:
    result = judge(peers(MILD, (100, 50), (100, 50), (100, 30), (100, 30), (100, 20)))
    assert [standing.rank for standing in result.standings] == [1, 1, 3, 3, 5]


def test_nobody_gives_nothing() -> None:
    result = judge([])
    assert result == PeerResult(
        standings=(), tau=0.0, tau_used=0.0, judged=0, not_judged=0, flagged=0, left_out=(), notes=()
    )


def test_one_subject_has_nobody_to_be_compared_with() -> None:
    result = judge([cell("alone", MILD, 100, 100)])
    alone = standing(result, "alone")
    assert (alone.judged, alone.reason, alone.n, alone.n_all) == (False, "too_few_peers", 0, 100)
    assert (alone.observed, alone.expected, alone.excess, alone.lower, alone.upper) == (0.0, 0.0, 0.0, -1.0, 1.0)
    assert alone.strata == ()


@pytest.mark.parametrize("k", [0, 100], ids=["nobody is ever fined at the maximum", "everybody always is"])
@pytest.mark.parametrize("direction", ["above", "below"])
def test_where_all_do_the_same_nobody_stands_out(k: int, direction: Direction) -> None:
    result = judge(peers(MILD, *[(100, k)] * 8), min_excess=0.0, direction=direction)
    assert result.judged == 8
    assert all(s.excess == 0.0 and s.z == 0.0 and s.p_value > 0.3 and not s.flagged for s in result.standings)


def test_one_outcome_where_peers_have_none_in_twenty_cases_is_not_impossible() -> None:
    result = judge([*peers(MILD, *[(30, 0)] * 5), cell("one", MILD, 30, 1)], min_excess=0.0)
    assert 0.01 < standing(result, "one").p_value < 0.5


def test_a_cell_without_cases_changes_nothing_but_lists_its_subject() -> None:
    cells = [*peers(MILD, *TWELVE), cell("maximum", MILD, 40, 40)]
    more = judge([*cells, cell("maximum", SEVERE, 0, 0), cell("idle", MILD, 0, 0)])
    assert standing(more, "maximum") == standing(judge(cells), "maximum")
    idle = standing(more, "idle")
    assert (idle.n_all, idle.judged, idle.reason) == (0, False, "too_few_cases")


def test_a_subject_with_no_case_is_not_judged_even_if_no_case_is_asked_for() -> None:
    result = judge([*peers(MILD, *TWELVE), cell("idle", MILD, 0, 0)], min_n=0)
    assert standing(result, "idle").reason == "too_few_cases"


@pytest.mark.parametrize(("n", "k"), [(3, 4), (-1, 0), (3, -1)])
def test_impossible_counts_are_refused(n: int, k: int) -> None:
    with pytest.raises(ValueError, match="0 <= k <= n"):
        judge([cell("a", MILD, n, k)])


@pytest.mark.parametrize("bad", [{"q": 0.0}, {"q": 1.5}, {"min_excess": -0.1}, {"min_excess": 20.0}, {"min_n": -1}])
def test_impossible_bounds_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="min_excess"):
        judge([], **bad)  # type: ignore[arg-type]


counts = st.tuples(st.integers(0, 60), st.floats(0, 1)).map(lambda pair: (pair[0], round(pair[0] * pair[1])))
tables = st.lists(
    st.builds(
        lambda subject, stratum, count: cell(subject, stratum, *count),
        st.sampled_from([f"officer {letter}" for letter in "abcdefghi"]),
        st.sampled_from([MILD, SEVERE, ("overload", "grade 2")]),
        counts,
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(cells=tables, seed=st.integers(0, 99))
def test_the_order_of_the_cells_changes_nothing(cells: list[Cell], seed: int) -> None:
    shuffled = Random(seed).sample(cells, len(cells))
    assert judge(shuffled, min_n=5) == judge(cells, min_n=5)


@settings(deadline=None, max_examples=60)
@given(cells=tables, data=st.data())
def test_splitting_a_cell_into_two_of_its_stratum_changes_nothing(cells: list[Cell], data: st.DataObject) -> None:
    halves: list[Cell] = []
    for whole in cells:
        k = data.draw(st.integers(0, whole.k))
        n = data.draw(st.integers(k, whole.n - whole.k + k))
        halves += [cell(whole.subject, whole.stratum, n, k)]
        halves += [cell(whole.subject, whole.stratum, whole.n - n, whole.k - k)]
    assert judge(halves, min_n=5) == judge(cells, min_n=5)


@settings(deadline=None, max_examples=60)
@given(cells=tables, n=st.integers(0, 29), data=st.data())
def test_a_subject_with_too_few_cases_is_never_flagged(cells: list[Cell], n: int, data: st.DataObject) -> None:
    new = cell("new", MILD, n, data.draw(st.integers(0, n)))
    assert not standing(judge([*cells, new], min_excess=0.0, q=1.0), "new").judged


@settings(deadline=None, max_examples=60)
@given(cells=tables, direction=st.sampled_from(["above", "below"]))
def test_every_number_keeps_within_its_bounds(cells: list[Cell], direction: Direction) -> None:
    result = judge(cells, min_n=5, direction=direction)
    assert [s.subject for s in result.standings] == sorted({c.subject for c in cells})
    assert result.judged + result.not_judged == len(result.standings)
    assert 0 <= result.tau <= result.tau_used <= 1
    for s in result.standings:
        assert 0 <= s.p_value <= s.q_value <= 1
        assert -1 <= s.lower <= s.excess <= s.upper <= 1
        assert s.judged == (s.reason is None) == (s.rank > 0)
        assert s.judged <= (s.n >= 5)
        assert not s.flagged or (s.judged and s.q_value <= 0.05 and abs(s.excess) >= 0.20)
        assert sum(share.contribution for share in s.strata) == pytest.approx(s.excess, abs=1e-8)
        assert sum(share.n for share in s.strata) == s.n <= s.n_all
    ranked = sorted((s for s in result.standings if s.judged), key=lambda s: s.rank)
    assert all(one.p_value <= other.p_value for one, other in itertools.pairwise(ranked))
