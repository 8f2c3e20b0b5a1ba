"""False discovery rates against the procedure as its authors wrote it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from auditor.stats.distributions import discovery_rates, gamma_quantile


def step_up(p_values: list[Fraction], q: Fraction) -> set[int]:
    """Reject the i smallest for the largest i whose p is at most i * q / m."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    passed = [i for i, index in enumerate(order, start=1) if p_values[index] <= i * q / len(p_values)]
    return set(order[: max(passed, default=0)])


def test_the_example_of_the_paper() -> None:
    """Fifteen p-values of Benjamini and Hochberg 1995, section 4: at q = 0.05 the first four are discoveries."""
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p_values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert [q <= 0.05 for q in discovery_rates(p_values)] == [True] * 4 + [False] * 11


@given(
    p_values=st.lists(st.integers(0, 1000).map(lambda p: Fraction(p, 1000)), max_size=20),
    q=st.integers(1, 97).map(lambda q: Fraction(q, 97)),
)
def test_discoveries_are_those_of_the_step_up_procedure(p_values: list[Fraction], q: Fraction) -> None:
    rates = discovery_rates([float(p) for p in p_values])
    assert {index for index, rate in enumerate(rates) if rate <= float(q) + 1e-12} == step_up(p_values, q)


def test_none_to_correct() -> None:
    assert discovery_rates([]) == ()
    assert discovery_rates([0.03]) == (0.03,)


def test_gamma_quantile_of_an_exponential() -> None:
    assert gamma_quantile(0.5, shape=1.0, scale=2.0) == approx(1.3862943611)
