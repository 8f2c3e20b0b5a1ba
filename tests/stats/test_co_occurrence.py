"""Pairs that belong together: counted as by hand, never surer than exact chance; honest pairs seldom accused."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, lognorm, nbinom, poisson

from auditor.stats.co_occurrence import Pair, co_occurrence, tail
from auditor.stats.pair_table import Together

Row = tuple[str, str, str]


def cells(rows: Counter[Row]) -> list[Together]:
    return [Together(first=a, second=b, stratum=(s,), n=n) for (a, b, s), n in rows.items()]


def by_hand(rows: Counter[Row]) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Comparable rows, expected rows and the exact upper tail by chance, of every pair."""
    strata = {s for _, _, s in rows}
    informative = {
        s for s in strata if all(len({row[side] for row in rows if row[2] == s}) >= 2 for side in (0, 1))
    }  # fmt: skip
    found: dict[tuple[str, str], tuple[int, float, float]] = {}
    for a, b in {(a, b) for a, b, _ in rows}:
        seen, expected, mass = 0, 0.0, np.ones(1)
        for s in sorted(informative):
            n_a = sum(n for (x, _, t), n in rows.items() if (x, t) == (a, s))
            n_b = sum(n for (_, y, t), n in rows.items() if (y, t) == (b, s))
            size = sum(n for (_, _, t), n in rows.items() if t == s)
            seen += rows[a, b, s]
            expected += n_a * n_b / size
            mass = np.convolve(mass, hypergeom.pmf(np.arange(min(n_a, n_b) + 1), size, n_a, n_b))
        found[a, b] = (seen, expected, float(mass[seen:].sum()))
    return found


@settings(max_examples=60, deadline=None)
@given(
    rows=st.dictionaries(
        st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("tuvwxyz"), st.sampled_from("12")),
        st.integers(1, 9),
        max_size=60,
    ),
    least=st.integers(1, 6),
)
def test_agrees_with_counting_by_hand_and_is_never_surer_than_exact_chance(rows: dict[Row, int], least: int) -> None:
    counted: Counter[Row] = Counter(rows)
    result = co_occurrence(cells(counted), min_support=least, q=0.05, min_lift=2.0)
    hand = by_hand(counted)
    none = not any(seen for seen, _, _ in hand.values())
    every: Counter[tuple[str, str]] = Counter()
    for (a, b, _), n in counted.items():
        every[a, b] += n
    listed = {(pair.first, pair.second): pair for pair in result.pairs}
    assert set(listed) == {pair for pair in hand if none or every[pair] >= least}
    assert result.rare == (0 if none else sum(n < least for n in every.values()))
    assert result.alone == sum(every.values()) - sum(seen for seen, _, _ in hand.values())
    for name, pair in listed.items():
        seen, expected, exact = hand[name]
        if pair.reason == "nothing_to_compare":
            assert none or seen < least
        else:
            assert pair.n == seen >= least
        if pair.reason is None:
            assert pair.expected == pytest.approx(expected, abs=1e-6)
            assert pair.lift == pytest.approx(seen / expected, abs=1e-6)
            assert pair.p_value >= exact - 1e-9 and pair.q_value >= pair.p_value
            assert pair.lower < seen - pair.expected < pair.upper


@pytest.mark.parametrize("p_limit", [0.05, 0.9])
def test_p_does_not_depend_on_the_limit_that_it_is_held_against(p_limit: float) -> None:
    rows = grid(3, rows=1_500)
    result = co_occurrence(cells(+rows), min_support=5, q=p_limit, min_lift=1_000.0)
    hand = by_hand(rows)
    over = [pair for pair in result.pairs if pair.n >= pair.expected + 1]
    assert {pair.p_value > 0.05 for pair in over} == {True, False}
    assert all(pair.p_value >= hand[pair.first, pair.second][2] for pair in over)
    assert result.pairs == tuple(
        replace(pair, flagged=False)
        for pair in co_occurrence(cells(+rows), min_support=5, q=0.01, min_lift=1_000.0).pairs
    )


def test_a_table_that_is_worked_on_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = grid(4, officers=7, agents=9, rows=400) + Counter({(f"O0{i}", f"A0{i}", "2"): 3 for i in range(6)})
    whole = co_occurrence(cells(+rows), min_support=2, q=0.05, min_lift=2.0)
    monkeypatch.setattr("auditor.stats.pair_table.CHUNK", 3)  # less than a pair's strata may have rows, too
    assert co_occurrence(cells(+rows), min_support=2, q=0.05, min_lift=2.0) == whole


def test_the_tail_is_the_least_favourable_shape() -> None:
    n, mean = np.array([12.0, 30.0]), np.array([2.0, 10.0])
    assert tail(n, mean, np.zeros(2)) == pytest.approx(poisson.sf(n - 1, mean), rel=0.5)
    for spread in (0.1, 1.0, 30.0):
        p = np.array(tail(n, mean, np.full(2, spread)))
        assert np.all(p >= poisson.sf(n - 1, mean))
        assert np.all(p >= nbinom.sf(n - 1, 1 / spread, 1 / (1 + mean * spread)) * (1 - 1e-9))
        # For a large count the Poisson's own part vanishes, and the log-normal with mean 1 is what is left.
        scale = np.sqrt(np.log1p(spread))
        far = tail(n * 1000, mean * 1000, np.full(2, spread))
        assert np.all(np.array(far) >= 0.9 * lognorm.sf(n / mean, scale, scale=np.exp(-(scale**2) / 2)))
    # A count under the expected one plus 1 is no surprise.
    assert tail(np.array([10.9]), np.array([10.0]), np.zeros(1)) == [1.0]


def test_wider_is_never_surer() -> None:
    spreads = np.geomspace(1e-3, 1e4, 40)
    for ratio in (3, 20, 200):
        p = tail(np.full(40, 2.0 * ratio), np.full(40, 2.0), spreads)
        assert all(later >= 0.6 * earlier for earlier, later in pairwise(p)), ratio


def grid(seed: int, *, officers: int = 20, agents: int = 30, rows: int = 3_000, beats: int = 1) -> Counter[Row]:
    """Honest rows; with beats nine in ten of an agent's rows lie with the officers of its own beat."""
    rng = np.random.default_rng(seed)
    own = np.arange(officers)[:, None] % beats == np.arange(agents)[None, :] % beats
    ties = np.where(own, 0.9 * beats, 0.1) if beats > 1 else np.ones((officers, agents))
    shares = rng.dirichlet(np.full(officers, 3.0))[:, None] * rng.dirichlet(np.full(agents, 3.0))[None, :] * ties
    drawn = rng.multinomial(rows, (shares / shares.sum()).ravel()).reshape(officers, agents)
    return Counter({(f"O{a:02d}", f"A{b:02d}", "1"): int(drawn[a, b]) for a, b in product(*map(range, drawn.shape))})


def flagged(rows: Counter[Row], **changed: float) -> list[tuple[str, str]]:
    asked = {"q": 0.05, "min_lift": 2.0} | changed
    result = co_occurrence(cells(+rows), min_support=5, q=asked["q"], min_lift=asked["min_lift"])
    return [(pair.first, pair.second) for pair in result.pairs if pair.flagged]


@pytest.mark.parametrize("beats", [1, 4, 10])
def test_hardly_a_run_accuses_an_honest_pair_even_with_heavy_beats(beats: int) -> None:
    # At 5 % a run, three or more of twenty would come up once in thirteen times; with beats only chance tests accuse.
    assert sum(bool(flagged(grid(seed, beats=beats))) for seed in range(20)) <= 2


def test_a_planted_pair_is_found_alone() -> None:
    found = Counter[tuple[str, str]]()
    for seed in range(20):
        rows = grid(seed)
        rows["O03", "A07", "1"] += 50
        found.update(flagged(rows))
    assert found["O03", "A07"] >= 19 and sum(found.values()) - found["O03", "A07"] <= 2


def test_a_pair_does_not_widen_the_spread_that_it_is_judged_by() -> None:
    # 30 of 35 rows of A007, spread thinly otherwise: with the pair itself the spread would be many times as wide.
    rng = np.random.default_rng(9)
    rows = Counter((f"O{rng.integers(40):02d}", f"A{rng.integers(400):03d}", "1") for _ in range(1_500))
    rows["O03", "A007", "1"] += 30
    [found] = [pair for pair in judged(rows) if pair.flagged]
    assert (found.first, found.second) == ("O03", "A007")
    # Nobody is flagged at such a lift, so here the pair stays within everybody else's spread.
    rest = co_occurrence(cells(rows), min_support=5, q=0.05, min_lift=1_000.0)
    [same] = [pair for pair in rest.pairs if (pair.first, pair.second) == ("O03", "A007")]
    assert not same.flagged and same.p_value == pytest.approx(found.p_value, rel=1e-6)


def test_known_beats_give_back_what_unknown_ones_hide() -> None:
    rows = grid(5, beats=4)
    split: Counter[Row] = Counter()
    for (a, b, _), n in rows.items():
        split[a, b, f"beat {int(a[1:]) % 4}"] += n
    split["O03", "A06", "beat 3"] += 60  # an agent of another beat
    merged: Counter[Row] = Counter()
    for (a, b, _), n in split.items():
        merged[a, b, "1"] += n
    assert flagged(merged) == [] and flagged(split) == [("O03", "A06")]


def test_the_lift_is_a_floor() -> None:
    rows = grid(1)
    rows["O03", "A07", "1"] += 50
    [pair] = [one for one in judged(rows) if (one.first, one.second) == ("O03", "A07")]
    assert flagged(rows, min_lift=pair.lift) == [("O03", "A07")]
    assert flagged(rows, min_lift=pair.lift + 1e-6) == []
    assert pair.rank == 1 and pair.lift > 2


def judged(rows: Counter[Row]) -> list[Pair]:
    return [one for one in co_occurrence(cells(+rows), min_support=5, q=0.05, min_lift=2.0).pairs if not one.reason]


def test_exactly_min_support_is_enough_and_the_order_of_rows_is_nothing() -> None:
    rows = Counter({(a, b, "1"): 6 for a, b in product("ABCDEF", "uvwxyz")}) | Counter({("A", "u", "1"): 20})
    rows["B", "v", "1"], rows["C", "w", "1"] = 5, 4
    result = co_occurrence(cells(rows), min_support=5, q=0.05, min_lift=2.0)
    listed = {(pair.first, pair.second) for pair in result.pairs}
    assert ("B", "v") in listed and ("C", "w") not in listed and result.rare == 1
    assert co_occurrence(cells(rows)[::-1], min_support=5, q=0.05, min_lift=2.0) == result
    # All 36 pairs but the one could have had five rows, and q is reckoned over each of them.
    assert result.possible == 36


def test_a_stratum_with_a_single_first_or_second_says_nothing() -> None:
    rows = grid(2) + Counter({("O01", "A01", "alone"): 500, ("O01", "A02", "alone"): 3})
    plain = {(pair.first, pair.second): pair for pair in judged(grid(2))}
    assert {(pair.first, pair.second): pair for pair in judged(rows)} == plain
    assert co_occurrence(cells(+rows), min_support=5, q=0.05, min_lift=2.0).alone == 503


def test_a_handful_of_pairs_cannot_tell_the_usual_ties() -> None:
    rows = Counter({(a, b, "1"): 10 for a, b in product("ABCD", "uvwx")}) | Counter({("A", "u", "1"): 90})
    assert {pair.reason for pair in co_occurrence(cells(rows), min_support=5, q=0.05, min_lift=2.0).pairs} == {
        "too_few_pairs"
    }


def test_nothing_at_all_and_bounds_that_cannot_be() -> None:
    assert co_occurrence([], min_support=5, q=0.05, min_lift=2.0).pairs == ()
    for wrong in ({"min_support": 0}, {"q": 0.0}, {"min_lift": 0.5}):
        asked = {"min_support": 5, "q": 0.05, "min_lift": 2.0} | wrong
        with pytest.raises(ValueError, match="needs"):
            co_occurrence([], min_support=int(asked["min_support"]), q=asked["q"], min_lift=asked["min_lift"])
