"""Expected rates and their variance against the same sums done with fractions, a subject at a time."""

from fractions import Fraction
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from auditor.stats import Cell
from auditor.stats.standardise import entries, standardise

Table = dict[tuple[str, str], tuple[int, int]]


def by_hand(table: Table, subject: str, *, min_peers: int, min_peer_cases: int) -> dict[str, Fraction]:
    """Everything about one subject, written as the definition says, with no array in sight."""
    everyone = sorted({name for name, _ in table})
    others = [name for name in everyone if name != subject]
    codes = sorted({code for _, code in table})
    comparable: dict[str, tuple[int, int, int, int]] = {}
    for code in codes:
        n, k = table.get((subject, code), (0, 0))
        seen = [table[name, code] for name in others if table.get((name, code), (0, 0))[0] > 0]
        peer_n, peer_k = sum(one[0] for one in seen), sum(one[1] for one in seen)
        if n > 0 and len(seen) >= min_peers and peer_n >= min_peer_cases:
            comparable[code] = (n, k, peer_n, peer_k)
    total = sum(n for n, _, _, _ in comparable.values())
    zero = Fraction(0)
    result = {"n": Fraction(total), "observed": zero, "expected": zero, "own": zero, "peers": zero, "spread": zero}
    for n, k, peer_n, peer_k in comparable.values():
        smooth = Fraction(2 * peer_k + 1, 2 * peer_n + 2)
        result["observed"] += Fraction(k, total)
        result["expected"] += Fraction(n, total) * Fraction(peer_k, peer_n)
        result["own"] += Fraction(n, total**2) * smooth * (1 - smooth)
        result["peers"] += Fraction(n, total) ** 2 * smooth * (1 - smooth) / peer_n
    for name in others:
        weight = sum(
            (
                Fraction(n, total) * Fraction(table.get((name, code), (0, 0))[0], peer_n)
                for code, (n, _, peer_n, _) in comparable.items()
            ),
            zero,
        )
        result["spread"] += weight**2
    return result


counts = st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
tables = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), counts, max_size=18)


@settings(deadline=None, max_examples=150)
@given(table=tables, min_peers=st.integers(1, 3), min_peer_cases=st.integers(1, 20), few=st.sampled_from((0, 1, 2, 16)))
def test_as_by_hand(table: Table, min_peers: int, min_peer_cases: int, few: int) -> None:
    """Whichever subjects count as having few strata."""
    cells = [Cell(subject=name, stratum=(code,), n=n, k=k) for (name, code), (n, k) in table.items()]
    rows = entries(cells, min_peers=min_peers, min_peer_cases=min_peer_cases)
    with patch("auditor.stats.standardise.FEW", few):
        got = standardise(rows)
    for index, subject in enumerate(rows.subjects):
        right = by_hand(table, subject, min_peers=min_peers, min_peer_cases=min_peer_cases)
        for name, value in right.items():
            assert getattr(got, name)[index] == approx(float(value), abs=1e-12), (subject, name)


def test_a_table_done_with_a_pencil() -> None:
    """a has 10 x (4 at the maximum) and 30 y (15); b and c together 40 x (8) and 60 y (45)."""
    counts = {
        ("a", "x"): (10, 4),
        ("a", "y"): (30, 15),
        ("b", "x"): (40, 8),
        ("b", "y"): (20, 15),
        ("c", "y"): (40, 30),
    }
    cells = [Cell(subject=name, stratum=(code,), n=n, k=k) for (name, code), (n, k) in counts.items()]
    rows = entries(cells, min_peers=1, min_peer_cases=1)
    got = standardise(rows)
    assert rows.subjects == ("a", "b", "c")
    assert got.observed[0] == 19 / 40
    assert got.expected[0] == 10 / 40 * 0.2 + 30 / 40 * 0.75
    # b's own tendency weighs 1/4 through x (all of x's peers) and 3/4 * 20/60 through y; c's 3/4 * 40/60.
    assert got.spread[0] == approx((1 / 4 + 1 / 4) ** 2 + (1 / 2) ** 2)
