"""A heap just under a threshold: how many values lie there beyond what the values all around it lead to expect.

The range around the threshold is cut into steps of one width. The steps on either side of the threshold are set apart,
the one below because the heap is looked for there, the one above because what was pushed down is missing there; a
smooth curve through the others (log of the count, quadratic in the step) says what the step below would hold (the
bunching estimator of Chetty, Friedman, Olsen and Pistaferri 2011, Q. J. Econ. 126(2), 749-804). The curve is fitted by
Poisson likelihood; its misfit widens the interval, and never narrows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.stats.interval import Z95

CURVE = 3
"""Terms of the quadratic."""

ROUNDS = 60


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Values seen in the step just under the threshold, expected there, and the 95 % interval of their difference."""

    seen: int
    expected: float
    lower: float
    upper: float

    @property
    def excess(self) -> float:
        return self.seen - self.expected


def heap(counts: Sequence[int], below: int) -> Heap | None:
    """`counts` of the steps in order, `below` the place of the one that ends at the threshold.

    None where fewer than four other steps hold any value: a curve through so little says nothing. Raises ValueError
    where the threshold has no step on either side.
    """
    if not 0 <= below < len(counts) - 1:
        raise ValueError("the threshold needs a step on either side")
    y = np.array(counts, dtype=np.float64)
    step = np.arange(len(counts), dtype=np.float64) - below
    rest = np.ones(len(counts), dtype=np.bool_)
    rest[below : below + 2] = False
    if np.count_nonzero(y[rest]) <= CURVE:
        return None
    design = np.vander(step / len(counts), CURVE, increasing=True)
    x, seen = design[rest], y[rest]
    mean = seen + 0.5
    slope = np.zeros(CURVE)
    for _ in range(ROUNDS):
        response = np.log(mean) + (seen - mean) / mean
        slope = np.linalg.solve(x.T @ (mean[:, None] * x), x.T @ (mean * response))
        mean = np.exp(np.clip(x @ slope, -20.0, 20.0))
    covariance = np.linalg.inv(x.T @ (mean[:, None] * x))
    expected = float(np.exp(np.clip(design[below] @ slope, -20.0, 20.0)))
    misfit = max(1.0, float(np.sum((seen - mean) ** 2 / mean)) / (len(seen) - CURVE))
    half = Z95 * float(np.sqrt(misfit * (expected + expected**2 * (design[below] @ covariance @ design[below]))))
    excess = counts[below] - expected
    return Heap(
        seen=counts[below],
        expected=round(expected, 6),
        lower=round(excess - half, 6),
        upper=round(excess + half, 6),
    )
