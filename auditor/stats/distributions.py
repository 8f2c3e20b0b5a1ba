"""The distributions that the other modules need, from scipy, with types.

scipy ships no type information; its calls stand here and nowhere else, so that everything around them is checked.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]


def normal_cdf(x: Array) -> Array:
    """P(Z <= x) of a standard normal Z."""
    return np.asarray(special.ndtr(x), dtype=np.float64)


def gamma_quantile(probability: float, *, shape: float, scale: float) -> float:
    """The value that a gamma variable stays under with this probability."""
    return float(special.gammaincinv(shape, probability)) * scale


def beta_quantile(probability: float, *, a: float, b: float) -> float:
    """The value that a beta variable stays under with this probability."""
    return float(special.betaincinv(a, b, probability))


def binomial_tail(k: int, n: int, rate: float) -> float:
    """P(X >= k) of n cases that each have the outcome with this rate."""
    return float(stats.binom.sf(k - 1, n, rate))


def negative_binomial_tail(k: int, *, mean: float, variance: float) -> float:
    """P(X >= k) of a negative binomial count with this mean, where `variance` is that of its rate relative to it.

    So the count's variance is mean + mean^2 * variance; both are above 0.
    """
    size = 1 / variance
    return float(stats.nbinom.sf(k - 1, size, size / (size + mean)))


def legendre(count: int) -> tuple[Array, Array]:
    """Nodes in -1..1 and weights of Gauss-Legendre quadrature."""
    nodes, weights = special.roots_legendre(count)
    return np.asarray(nodes, dtype=np.float64), np.asarray(weights, dtype=np.float64)


def discovery_rates(p_values: Sequence[float]) -> tuple[float, ...]:
    """Benjamini-Hochberg q-values: the least false discovery rate at which each would be called a discovery.

    q of the i-th smallest of m p-values = min over j >= i of m * p_j / j, at most 1. Benjamini and Hochberg 1995,
    J. R. Stat. Soc. B 57(1), 289-300.
    """
    if not p_values:
        return ()
    adjusted = np.asarray(stats.false_discovery_control(list(p_values), method="bh"), dtype=np.float64)
    return tuple(float(q) for q in adjusted)
