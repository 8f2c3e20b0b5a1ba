"""How far honest months go up and down beyond chance, and how likely so high a count is then.

A month's rate is its expectation times exp(s * T): the ups and downs multiply, so they are taken as normal on the log
scale; a gamma distribution of the same variance (the negative binomial) has the shorter tail, and with it 8 to 32 % of
the honest agencies of bench/months.py had somebody flagged at a relative standard deviation of 50 %. The count is
Poisson around the rate: a Poisson-lognormal count (Bulmer 1974, Biometrics 30(1), 101-110), whose tail is

    P(Y >= k) = integral over T of  P(Poisson(expected * exp(centre + s * T)) >= k) * density of T

What is estimated from twelve months isn't known: T has the t distribution of the moderated t-test (Smyth 2004, Stat.
Appl. Genet. Mol. Biol. 3(1), art. 3). omega0, common to all, is a capped estimate's upper limit as in `overdispersion`;
each subject's own mean square m_j, with d_j degrees of freedom, is drawn towards it,

    f_j = (d0 * f0 + d_j * m_j) / (d0 + d_j), at least 1,   T ~ t with d0 + d_j degrees of freedom

where d0 and f0 come from mean and variance of log m_j over the subjects (Smyth's equations with digamma and trigamma):
where all go up and down alike d0 has no limit and T is normal; where they are unlike, each is judged mainly by its own
months, with the long tail that so few of them demand. The least of 1, which is not Smyth's, lets nobody be judged by
narrower limits than all together have; without it honest agencies of unlike devices were flagged in 10 % of the runs.

Residuals are normal scores of a count with variance mu + s^2 mu^2: z = 2/s * (asinh(s sqrt(y + 3/8)) - asinh(s sqrt(m
+ 1/8))), m the median; Anscombe's square root where s is 0, log(y / m) / s where chance is small (1948, Biometrika
35(3/4), 246-254; the constants are those of his square root).
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np
from scipy import special

from auditor.stats.distributions import Array, gamma_quantile, legendre
from auditor.stats.overdispersion import ALPHA, CAP, capped_moments

MOST = 4.0
"""Greatest relative standard deviation looked for."""

ENDLESS = 1e5
"""Degrees of freedom from which on t is normal."""

LEAST_SQUARE = 0.01
"""Lower mean squares, which equal or tiny counts have, count as this."""

STEPS = 50
NODES = 64
REACH = 8.0
"""Normal scores beyond which a probability counts as 0 (6e-16)."""

CLIMBED = 1e-14


@dataclass(frozen=True, kw_only=True)
class Past:
    """A subject's baseline months, each a value an array: count, expectation, and the relative variance of the
    expectation by chance and by its peers' ups and downs (times omega^2). `free` is the degrees of freedom."""

    seen: Array
    expected: Array
    chance: Array
    weight: Array
    free: int


@dataclass(frozen=True, kw_only=True)
class Ups:
    """A subject's relative standard deviation, that of its peers, and how many degrees of freedom both stand on."""

    own: float
    common: float
    free: float


def ups_and_downs(pasts: Sequence[Past]) -> tuple[Ups, ...]:
    """One for each. Who has no month that tells is judged as all together are; where nobody has, by MOST."""
    telling = [past for past in pasts if past.free]
    known = iter(_known(telling) if telling else ())
    common = Ups(own=MOST, common=MOST, free=1.0)
    found = [next(known) if past.free else None for past in pasts]
    for one in found:
        if one is not None:
            common = Ups(own=one.common, common=one.common, free=one.free)
            break
    return tuple(common if one is None else one for one in found)


def _known(pasts: Sequence[Past]) -> tuple[Ups, ...]:
    free = sum(past.free for past in pasts)
    every = [
        np.concatenate(part)
        for part in zip(*((past.seen, past.expected, past.chance, past.weight) for past in pasts), strict=True)
    ]
    room = np.concatenate([np.full(len(past.seen), len(past.seen) / past.free) for past in pasts])
    effective = max(free * (len(pasts) - 1) / len(pasts), 1.0)
    mean, variance = capped_moments(CAP)
    target = gamma_quantile(ALPHA, shape=mean * mean / variance * effective, scale=variance / (mean * effective))

    def capped(omega: float) -> float:
        return float(np.mean(np.minimum(_scores(every, omega) ** 2 * room, CAP**2)))

    low, high = 0.0, MOST
    if capped(0.0) <= target:
        high = 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if capped(middle) > target else (low, middle)
    common = high
    ends = np.cumsum([len(past.seen) for past in pasts])[:-1]
    squares = [float(part.sum()) for part in np.split(_scores(every, common) ** 2, ends)]
    own_free = np.array([float(past.free) for past in pasts])
    moderated, freedom = _moderated(np.array(squares) / own_free, own_free)
    found: list[Ups] = []
    for past, factor, degrees in zip(pasts, moderated, freedom, strict=True):
        chance = float(np.mean(1 / past.expected + past.chance))
        own = sqrt(max(factor * common**2 + (factor - 1) * chance, 0.0))
        found.append(Ups(own=min(own, MOST), common=common, free=float(degrees)))
    return tuple(found)


def p_values(
    counts: Sequence[int], expected: Sequence[float], ups: Sequence[float], off: Sequence[float], free: Sequence[float]
) -> list[float]:
    """P(Y >= k) of each count: `ups` is the log variance of what is counted, `off` that of the expectation.

    What is counted keeps its mean, so it moves the centre down; the expectation stands below the fraction bar of
    count / expected and moves it up.
    """
    if not counts:
        return []
    above, below = np.array(ups), np.array(off)
    tails = upper_tails(
        np.array([float(k) for k in counts]),
        np.array(expected),
        (below - above) / 2,
        np.sqrt(above + below),
        np.array(free),
    )
    return [float(f"{p:.10g}") for p in tails]


def upper_tails(k: Array, expected: Array, centre: Array, sigma: Array, free: Array) -> Array:
    """P(Y >= k) of each count, `sigma` above 0; 1 where k is 0."""
    k1 = np.maximum(k, 1.0)
    base = np.log(expected) + centre
    low = _normal((np.log(np.maximum(special.gammaincinv(k1, CLIMBED), 1e-300)) - base) / sigma, free)
    high = _normal((np.log(special.gammainccinv(k1, CLIMBED)) - base) / sigma, free)
    low, high = np.clip(low, -REACH, REACH), np.clip(high, -REACH, REACH)
    node, weight = legendre(NODES)
    x = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * node
    t = np.sign(x) * -special.stdtrit(free[:, None], special.ndtr(-np.abs(x)))
    inner = special.gammainc(k1[:, None], np.exp(np.minimum(base[:, None] + sigma[:, None] * t, 700.0)))
    climbing = (high - low) / 2 * np.sum(weight * np.exp(-x * x / 2) / sqrt(2 * np.pi) * inner, axis=1)
    return np.where(k <= 0, 1.0, np.clip(climbing + special.ndtr(-high), 0.0, 1.0))


def _normal(t: Array, free: Array) -> Array:
    """The normal score with the same probability beyond it."""
    return np.sign(t) * -special.ndtri(np.maximum(special.stdtr(free, -np.abs(t)), 1e-300))


def _scores(every: Sequence[Array], omega: float) -> Array:
    seen, expected, chance, weight = every
    around = np.log1p(omega**2 * weight) + chance
    sigma = np.maximum(np.sqrt(log1p(omega**2) + around), 1e-6)
    median = expected * np.exp((around - log1p(omega**2)) / 2)
    return 2 / sigma * (np.arcsinh(sigma * np.sqrt(seen + 0.375)) - np.arcsinh(sigma * np.sqrt(median + 0.125)))


def _moderated(squares: Array, free: Array) -> tuple[Array, Array]:
    """Each mean square drawn towards what is common, at least 1, and its degrees of freedom."""
    half = free / 2
    logs = np.log(np.maximum(squares, LEAST_SQUARE)) - special.digamma(half) + np.log(half)
    spread = float(np.var(logs, ddof=1)) if len(logs) > 1 else 0.0
    beyond = spread - float(np.mean(special.polygamma(1, half)))
    if beyond <= 0:
        return np.ones_like(squares), np.full_like(squares, ENDLESS)
    prior = 2 * _trigamma_inverse(beyond)
    common = float(np.exp(np.mean(logs) + special.digamma(prior / 2) - np.log(prior / 2)))
    factor = np.maximum((prior * common + free * squares) / (prior + free), 1.0)
    return factor, np.minimum(prior + free, ENDLESS)


def _trigamma_inverse(value: float) -> float:
    low, high = 1e-3, ENDLESS
    for _ in range(80):
        middle = sqrt(low * high)
        low, high = (middle, high) if float(special.polygamma(1, middle)) > value else (low, middle)
    return high
