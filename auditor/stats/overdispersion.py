"""How far honest subjects differ from each other beyond chance and case mix, and how sure that is.

Officers patrol different hours and roads, so their rates differ for reasons no stratum holds. Limits drawn from chance
alone would accuse too many. The difference is modelled as an additive random effect u_j ~ N(0, tau^2) on the rate, as
Spiegelhalter (2005, Stat. Med. 24(8), 1185-1202, appendix on overdispersion) does for funnel plots; a multiplicative
factor would widen the limits of subjects with many cases too little, and of those with few too much.

tau^2 solves  mean_j rho(r_j / sd_j(tau^2)) = E rho(Z)  with rho(z) = min(z^2, c^2), Z standard normal, and residuals
r_j around the median. Without the cap this is the estimating equation of Paule and Mandel (1982, J. Res. NBS 87(5),
377-385); the cap (Huber's Proposal 2, 1964, Ann. Math. Stat. 35(1), 73-101) keeps a few subjects far out, those one is
looking for, from raising the limits that should catch them: each weighs at most c^2.

The judgement uses an upper confidence limit of tau^2 instead of the estimate, found by turning the same equation round
(as the Q-profile method does: Viechtbauer 2007, Stat. Med. 26(1), 37-52): the tau^2 at which so small a mean of rho
would be seen with probability ALPHA only. Among many subjects that changes little; among a handful, whose spread nobody
can know, it widens the limits a lot.
"""

from dataclasses import dataclass
from math import erf, exp, pi, sqrt

import numpy as np

from auditor.stats.distributions import Array, gamma_quantile

CAP = 1.5
"""In standard deviations; 13 % of honest subjects lie beyond it."""

ALPHA = 0.25
"""One in four: the limit lies above the true value three times in four."""

STEPS = 60


@dataclass(frozen=True, kw_only=True)
class Overdispersion:
    """Standard deviations of the honest rates: the estimate and its upper limit, from 0 to 1."""

    tau: float
    upper: float


def overdispersion(excess: Array, chance: Array, spread: Array) -> Overdispersion:
    """From the excess of each judged subject, its variance by chance, and 1 + the weight of tau^2 among its peers.

    Needs at least two subjects.
    """
    free = len(excess) - 1
    if free < 1:
        raise ValueError("the spread of fewer than two subjects cannot be estimated")
    squares = (excess - float(np.median(excess))) ** 2
    mean, variance = capped_moments(CAP)
    lowest = gamma_quantile(ALPHA, shape=mean * mean / variance * free, scale=variance / (mean * free))
    return Overdispersion(
        tau=sqrt(_solve(squares, chance, spread, free=free, target=mean)),
        upper=sqrt(_solve(squares, chance, spread, free=free, target=lowest)),
    )


def capped_moments(cap: float) -> tuple[float, float]:
    """Mean and variance of min(Z^2, cap^2) for a standard normal Z, by parts."""
    inside, density = erf(cap / sqrt(2)), exp(-cap * cap / 2) / sqrt(2 * pi)
    second = inside - 2 * cap * density
    fourth = 3 * inside - 2 * (cap**3 + 3 * cap) * density
    mean = second + cap**2 * (1 - inside)
    return mean, fourth + cap**4 * (1 - inside) - mean * mean


def _solve(squares: Array, chance: Array, spread: Array, *, free: int, target: float) -> float:
    """The tau^2 in 0..1 at which the capped mean, which only falls as tau^2 grows, meets the target."""

    def mean_rho(tau2: float) -> float:
        return float(np.minimum(squares / (chance + tau2 * spread), CAP**2).sum()) / free

    if mean_rho(0.0) <= target:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_rho(middle) > target else (low, middle)
    return high
