"""How likely an honest subject would have so many outcomes or more.

The number of outcomes of an honest subject is a sum of cases of different strata (a Poisson-binomial), each with its
peers' rate shifted by u, the subject's own tendency and the error of the peers' rates together: u ~ N(0, sd^2), rates
kept within 0..1. So

    P = integral over u of  P(X >= k | rates + u) * density of u

A normal z-score would be wrong where it matters: at p about 1 in 10,000 and few expected outcomes the true tail is
several times the normal one. The inner probability is the saddlepoint approximation of Lugannani and Rice (1980, Adv.
Appl. Probab. 12(2), 475-490) with the second continuity correction of Daniels (1987, Int. Stat. Rev. 55(1), 37-48),
whose relative error from twenty cases on is mostly within 1 % and at worst a few per cent, in the far tail too; summing
exactly would take a hundred times as long and does not reach subjects with a million cases.

The outer integral runs by Gauss-Legendre over the stretch of u in which the inner probability climbs from 0 to 1;
beyond it the integrand is the normal density alone.
"""

from math import sqrt

import numpy as np

from auditor.stats.distributions import Array, legendre, normal_cdf
from auditor.stats.standardise import Indices

NODES = 48
REACH = 8.0
"""Standard deviations beyond which a probability counts as 0 (6e-16)."""

EDGE = 1e-9
CHUNK = 200_000
"""Rows times nodes worked on at once, which bounds the memory."""


def upper_tail(k: Array, sd: Array, *, start: Indices, n: Array, rate: Array) -> Array:
    """P(X >= k) for each subject, 1 where k is 0.

    `n` and `rate` have a row a subject and stratum; `start` holds the first row of each subject, every one having at
    least one row with a case. `sd` is that of u.
    """
    result = np.ones_like(k)
    ends = np.append(start[1:], len(n))
    per_chunk = max(1, CHUNK // NODES)
    first = 0
    while first < len(k):
        last = max(first + 1, int(np.count_nonzero(ends <= start[first] + per_chunk)))
        rows = slice(int(start[first]), int(ends[last - 1]))
        some = slice(first, last)
        result[some] = _tail(k[some], sd[some], start[some] - start[first], n[rows], rate[rows])
        first = last
    return result


def _tail(k: Array, sd: Array, start: Indices, n: Array, rate: Array) -> Array:
    owner = np.repeat(np.arange(len(start)), np.diff(np.append(start, len(n))))
    width = np.zeros_like(k)
    for centre in (np.zeros_like(k), _shift_to(k - 0.5, start, owner, n, rate)):
        shifted = np.clip(rate + centre[owner], 0.0, 1.0)
        width = np.maximum(width, np.sqrt(np.add.reduceat(n * shifted * (1 - shifted), start)))
    climb = REACH * (width + 1.0)
    low = np.clip(_shift_to(k - 0.5 - climb, start, owner, n, rate), -REACH * sd, REACH * sd)
    high = np.clip(_shift_to(k - 0.5 + climb, start, owner, n, rate), -REACH * sd, REACH * sd)
    node, weight = legendre(NODES)
    shift = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * node
    inner = _sum_tail(k, shift, start, owner, n, rate)
    wide = np.maximum(sd, np.finfo(np.float64).tiny)
    density = np.exp(-0.5 * (shift / wide[:, None]) ** 2) / (wide[:, None] * sqrt(2 * np.pi))
    climbing = (high - low) / 2 * np.sum(weight * density * inner, axis=1)
    beyond = np.where(high < REACH * sd, normal_cdf(-high / wide), 0.0)
    mixed = np.where(sd > 0, climbing + beyond, inner[:, 0])
    return np.where(k <= 0, 1.0, np.clip(mixed, 0.0, 1.0))


def _shift_to(target: Array, start: Indices, owner: Indices, n: Array, rate: Array) -> Array:
    """The shift of all rates at which the expected number is the target; -1 or 1 where no shift reaches it."""
    low, high = np.full_like(target, -1.0), np.ones_like(target)
    for _ in range(40):
        middle = (low + high) / 2
        under = np.add.reduceat(n * np.clip(rate + middle[owner], 0.0, 1.0), start) < target
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return high


def _sum_tail(k: Array, shift: Array, start: Indices, owner: Indices, n: Array, rate: Array) -> Array:
    """P(X >= k) of a sum of unlike cases, for each subject (row) and shift of its rates (column).

    Exact for all the cases and for at least one, where the approximation is at its worst (6 % off).
    """
    p = np.clip(rate[:, None] + shift[owner], EDGE, 1 - EDGE)
    cases = n[:, None]
    total = np.add.reduceat(n, start)[:, None]
    target = np.clip(k[:, None] - 0.5, 0.5, None) + np.zeros_like(shift)
    t = _saddlepoint(target, total, start, owner, cases, p)
    grown = 1 + p * np.expm1(t[owner])
    tilted = p * np.exp(t[owner]) / grown
    cumulant = np.add.reduceat(cases * np.log(grown), start, axis=0)
    variance = np.add.reduceat(cases * tilted * (1 - tilted), start, axis=0)
    w = np.sign(t) * np.sqrt(np.maximum(2 * (t * target - cumulant), 0.0))
    u = 2 * np.sinh(t / 2) * np.sqrt(variance)
    third = np.add.reduceat(cases * tilted * (1 - tilted) * (1 - 2 * tilted), start, axis=0)
    central = np.abs(w) < 1e-3
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.where(central, -third / (6 * variance**1.5), 1 / u - 1 / w)
    density = np.exp(-0.5 * w * w) / sqrt(2 * np.pi)
    near = np.clip(normal_cdf(-w) + density * correction, 0.0, 1.0)
    every = np.exp(np.add.reduceat(cases * np.log(p), start, axis=0))
    some = -np.expm1(np.add.reduceat(cases * np.log1p(-p), start, axis=0))
    return np.where(target + 0.5 == total, every, np.where(target == 0.5, some, near))


def _saddlepoint(target: Array, total: Array, start: Indices, owner: Indices, cases: Array, p: Array) -> Array:
    """The t at which the tilted mean is the target, 0 < target < total.

    Newton on the log odds of the mean share, where the curve is almost straight (exactly so if all rates are alike);
    halving takes over where a step leaves the bracket.
    """
    aim = np.log(target / (total - target))
    mean = np.add.reduceat(cases * p, start, axis=0) / total
    low, high = np.full_like(target, -50.0), np.full_like(target, 50.0)
    t = np.clip(aim - np.log(mean / (1 - mean)), -50.0, 50.0)
    for _ in range(60):
        risen = np.exp(t)[owner] * p
        tilted = risen / (1 - p + risen)
        mean = np.clip(np.add.reduceat(cases * tilted, start, axis=0) / total, 1e-15, 1 - 1e-15)
        slope = np.add.reduceat(cases * tilted * (1 - tilted), start, axis=0) / total / (mean * (1 - mean))
        miss = np.log(mean / (1 - mean)) - aim
        if float(np.max(np.abs(miss))) < 1e-10:
            break
        low, high = np.where(miss < 0, t, low), np.where(miss < 0, high, t)
        step = t - miss / np.maximum(slope, 1e-12)
        t = np.where((step > low) & (step < high), step, (low + high) / 2)
    return t
