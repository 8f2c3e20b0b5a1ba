"""Standing out either way, and with a spread that is laid down beforehand."""

import numpy as np
import pytest

from auditor.stats import Cell, PeerResult, stand_out


def one_stratum(*groups: tuple[str, int, int]) -> list[Cell]:
    return [Cell(subject=name, stratum=("s",), n=n, k=k) for name, n, k in groups]


def judge(cells: list[Cell], direction: str, **more: float | int) -> PeerResult:
    assert direction in ("above", "below", "either")
    return stand_out(cells, min_n=30, q=0.05, min_excess=0.2, direction=direction, **more)  # type: ignore[arg-type]


def test_p_is_twice_the_smaller_tail_and_at_most_one() -> None:
    rng = np.random.default_rng(3)
    cells = one_stratum(*((f"G{i}", 80, int(rng.binomial(80, 0.4))) for i in range(12)), ("LOW", 80, 4))
    above, below, either = (judge(cells, direction).standings for direction in ("above", "below", "either"))
    for up, down, both in zip(above, below, either, strict=True):
        assert both.p_value == pytest.approx(min(1.0, 2 * min(up.p_value, down.p_value)), rel=1e-9)
        assert both.z == up.z == down.z
    flagged = [standing.subject for standing in either if standing.flagged]
    assert flagged == ["LOW"]
    assert next(standing.rank for standing in either if standing.subject == "LOW") == 1


def test_those_above_and_those_below_are_flagged_alike() -> None:
    peers = [(f"G{i}", 100, 50) for i in range(20)]
    result = judge(one_stratum(*peers, ("HIGH", 100, 90), ("LOW", 100, 10)), "either")
    assert [standing.subject for standing in result.standings if standing.flagged] == ["HIGH", "LOW"]
    ranks = {standing.subject: standing.rank for standing in result.standings}
    assert ranks["HIGH"] == ranks["LOW"] == 1


def test_with_a_spread_laid_down_two_groups_can_be_compared() -> None:
    cells = one_stratum(("A", 200, 140), ("B", 200, 60))
    assert judge(cells, "either", min_peers=1).flagged == 0, "two cannot show how much honest ones differ"
    given = judge(cells, "either", min_peers=1, spread=0.05)
    assert given.flagged == 2
    assert given.tau == given.tau_used == 0.05
    # By hand: difference 0.4; its sd = sqrt(2 * 0.21 / 200 + 2 * 0.05^2) = 0.0843, so z is near 4.7.
    assert [standing.z for standing in given.standings] == pytest.approx([4.74, -4.74], abs=0.05)


def test_a_wider_spread_makes_less_of_the_same_difference() -> None:
    cells = one_stratum(("A", 200, 120), ("B", 200, 80))
    p = [judge(cells, "either", min_peers=1, spread=spread).standings[0].p_value for spread in (0.0, 0.05, 0.1)]
    assert p == sorted(p)
    # Fisher-like normal check without any spread: difference 0.2, sd 0.049 with the peers' half of the chance.
    assert p[0] == pytest.approx(4.6e-5, rel=0.5)
