"""The interval of an excess: how large and how small the difference from the peers may well be.

It covers the chance in the subject's own cases and the uncertainty of the expected rate. The spread among honest
subjects (tau) is not in it: that says what is usual, not how sure the measurement is, and goes into z, p and q.
"""

import numpy as np

from auditor.stats.distributions import Array

Z95 = 1.959963984540054
"""Two-sided 95 %."""


def wilson(k: Array, n: Array) -> tuple[Array, Array]:
    """Score interval of a rate k / n (Wilson 1927, J. Am. Stat. Assoc. 22(158), 209-212); 0 to 1 where n is 0."""
    some = np.maximum(n, 1.0)
    rate, zz = k / some, Z95 * Z95
    centre = (rate + zz / (2 * some)) / (1 + zz / some)
    half = Z95 * np.sqrt(rate * (1 - rate) / some + zz / (4 * some * some)) / (1 + zz / some)
    lower, upper = np.clip(centre - half, 0.0, rate), np.clip(centre + half, rate, 1.0)
    return np.where(n > 0, lower, 0.0), np.where(n > 0, upper, 1.0)


def excess_interval(k: Array, n: Array, expected: Array, variance: Array) -> tuple[Array, Array]:
    """95 % interval of k / n - expected, where the expected rate has this variance; -1 to 1 where n is 0.

    Joins the two intervals by their own distances to the estimates (Newcombe 1998, Stat. Med. 17(8), 873-890, method
    10; Zou and Donner 2008, Stat. Med. 27(10), 1693-1702). Wilson's interval takes all the cases for alike, which makes
    it a little too wide where the strata differ.
    """
    rate = k / np.maximum(n, 1.0)
    own_lower, own_upper = wilson(k, n)
    peers = Z95 * Z95 * variance
    lower = rate - expected - np.sqrt((rate - own_lower) ** 2 + peers)
    upper = rate - expected + np.sqrt((own_upper - rate) ** 2 + peers)
    return np.where(n > 0, np.maximum(lower, -1.0), -1.0), np.where(n > 0, np.minimum(upper, 1.0), 1.0)
