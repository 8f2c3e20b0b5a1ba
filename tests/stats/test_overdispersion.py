"""How far honest subjects differ: found where it is there, none where it is not, and not stretched by the guilty."""

import numpy as np
import pytest

from auditor.stats.overdispersion import capped_moments, overdispersion


def excesses(seed: int, subjects: int, tau: float, chance: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, tau, subjects) + rng.normal(0, chance, subjects)


@pytest.mark.parametrize("tau", [0.03, 0.06, 0.12])
def test_a_spread_that_is_there_is_found(tau: float) -> None:
    found = [
        overdispersion(excesses(seed, 400, tau, 0.04), np.full(400, 0.0016), np.ones(400)).tau for seed in range(20)
    ]
    assert np.mean(found) == pytest.approx(tau, rel=0.05)


def test_chance_alone_gives_next_to_none() -> None:
    found = [
        overdispersion(excesses(seed, 400, 0.0, 0.04), np.full(400, 0.0016), np.ones(400)).tau for seed in range(20)
    ]
    assert np.mean(found) < 0.01


def test_two_guilty_in_a_hundred_hardly_stretch_it() -> None:
    honest = excesses(1, 500, 0.06, 0.04)
    with_guilty = honest.copy()
    with_guilty[:10] += 0.40
    chance, ones = np.full(500, 0.0016), np.ones(500)
    before, after = overdispersion(honest, chance, ones).tau, overdispersion(with_guilty, chance, ones).tau
    plain = float(np.sqrt(np.var(with_guilty) - 0.0016))
    assert after < before * 1.12
    assert plain > before * 1.25


def test_all_alike_gives_none() -> None:
    assert overdispersion(np.zeros(9), np.full(9, 0.001), np.ones(9)).upper == 0.0


def test_few_subjects_leave_the_spread_open() -> None:
    """The upper limit lies above the truth about three times in four, and the further, the fewer the subjects."""
    for subjects in (8, 30, 300):
        runs = [
            overdispersion(excesses(seed, subjects, 0.06, 0.04), np.full(subjects, 0.0016), np.ones(subjects)).upper
            for seed in range(200)
        ]
        assert 0.66 < np.mean([upper > 0.06 for upper in runs]) < 0.84
    few = overdispersion(excesses(5, 8, 0.06, 0.04), np.full(8, 0.0016), np.ones(8))
    many = overdispersion(excesses(5, 500, 0.06, 0.04), np.full(500, 0.0016), np.ones(500))
    assert few.upper - few.tau > 3 * (many.upper - many.tau)


def test_one_subject_has_no_spread() -> None:
    with pytest.raises(ValueError, match="fewer than two"):
        overdispersion(np.zeros(1), np.ones(1), np.ones(1))


def test_capped_moments_against_a_sum_over_the_normal_curve() -> None:
    z = np.linspace(-9, 9, 200_001)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    for cap in (0.5, 1.5, 3.0):
        rho = np.minimum(z * z, cap * cap)
        mean = float((rho * density).sum())
        assert capped_moments(cap) == pytest.approx((mean, float((rho * rho * density).sum()) - mean**2), abs=1e-6)
