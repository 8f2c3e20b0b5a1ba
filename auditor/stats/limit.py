"""A share against a limit that is fixed beforehand: how sure it is that the limit was exceeded.

The interval is the exact one of Clopper and Pearson (1934, Biometrika 26(4), 404-413): never too narrow, however few
the cases. A limit counts as exceeded where the whole interval lies above it, so a share just over the limit among a few
cases is none. The limit does not come from the data, so the subjects don't compete for one error rate as they do in a
comparison with each other: each one at or under the limit has a chance of at most ALPHA / 2 to be flagged.
"""

from dataclasses import dataclass

from auditor.stats.distributions import beta_quantile, binomial_tail

ALPHA = 0.05
"""Two-sided: the interval covers 95 %."""


@dataclass(frozen=True, kw_only=True)
class AgainstLimit:
    """A share k / n, its exact 95 % interval, and P(X >= k) were the true share the limit itself."""

    share: float
    lower: float
    upper: float
    p_value: float
    exceeded: bool


def exact_interval(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of Clopper and Pearson for k of n; 0 to 1 where n is 0.

    Raises ValueError unless 0 <= k <= n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"needs 0 <= k <= n, got k={k}, n={n}")
    lower = 0.0 if k == 0 else beta_quantile(ALPHA / 2, a=k, b=n - k + 1)
    upper = 1.0 if k == n else beta_quantile(1 - ALPHA / 2, a=k + 1, b=n - k)
    return round(lower, 10), round(upper, 10)


def against_limit(k: int, n: int, limit: float) -> AgainstLimit:
    """k of n, n at least 1, beside a limit from 0 to 1. With a limit of 0 any case at all is an excess."""
    lower, upper = exact_interval(k, n)
    return AgainstLimit(
        share=k / n,
        lower=lower,
        upper=upper,
        p_value=float(f"{binomial_tail(k, n, limit):.10g}"),
        exceeded=lower > limit,
    )
