"""Whose count surges on special days (a month's last, a campaign's, days off) beside its own ordinary days.

For subject j, with y of its rows on D ordinary days of one class (worked or not) in the window, the rate of that class
is r_c = (y + 0.5) / D, and on the special days S_mc of the audited month m it leads to expect

    own_j = sum over m of f_m * sum over c of S_mc * r_c

where f_m is how far its ordinary days of that month lie off the window's, shrunk by what is chance in them to how far
everybody's do (the season; 1 where the month has no ordinary day, or where three subjects or fewer show none). Against
`own` that is the expectation; against `peers` it is moved as the special days of the others moved, own_j * P_S / P_own.

Honest days go up and down beyond chance. Three relative sizes of that are estimated and widen the limits: omega of the
days, from the squares of the daily counts within a month and class; kappa of the months, from their ordinary totals
(both from all subjects together and from the subject's own days, the larger is used, so who has always gone up and down
is not flagged for doing so again); and, against `peers`, tau of how honest subjects differ in their special days. The
relative variance of the special days' rate about what is expected is then

    u = sum of S_c * r_c^2 * omega^2 / own^2 + the months' share of kappa (+ tau^2)
    h = sum of S_c^2 * var(r_c) / own^2 (+ 1 / P_S + the peers' own u + h + tau^2 * weight)

u of what the days themselves do, h of how unsure the expectation is (weight: the sum of the peers' squared shares). As
in `ups_and_downs` the rate is expected * exp(centre + s * T), s^2 = log(1 + u) + log(1 + h), and Poisson around it; h
stands below the fraction bar, so centre = (log(1 + h) - log(1 + u)) / 2. T has a t distribution, its parts v_i being
estimated on d_i degrees of freedom each (its own months or days; for tau, the subjects), with (u + h)^2 / sum of
v_i^2 / d_i degrees (Satterthwaite 1946, Biometrics Bull. 2(6), 110-114). With a negative binomial count, whose tail is
shorter, honest subjects of 20 rows a day were flagged in up to 10 % of the runs of bench/special_days.py.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log1p, sqrt
from typing import Literal

import numpy as np

from auditor.stats.distributions import Array, discovery_rates
from auditor.stats.overdispersion import overdispersion
from auditor.stats.surge import LEAST, MIN_PEERS, count_interval
from auditor.stats.ups_and_downs import ENDLESS, p_values

Reason = Literal["no_special_days", "short_history", "too_few_days", "too_few_rows", "too_few_peers"]
Against = Literal["own", "peers"]
MIN_LIKE = 5
"""Fewest ordinary days of a class that has special ones."""


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """Days of a subject in one month that are alike: how many, with those without rows, `n` rows on them in all, and
    the sum of the squares of the daily counts. `like` is the class within which days are compared."""

    subject: str
    month: date
    audited: bool
    special: bool
    like: str
    days: int
    n: int
    squares: int


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """A subject's special days in the period beside its ordinary ones; `lower` to `upper` is the 95 % interval of
    count - expected. Where it isn't judged, with the reason, the numbers from `own` on are 0 and p and q are 1."""

    subject: str
    reason: Reason | None
    special_days: int
    ordinary_days: int
    count: int
    ordinary: int
    own: float = 0.0
    moved: float = 0.0
    expected: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    p_value: float = 1.0
    q_value: float = 1.0
    flagged: bool = False


@dataclass(frozen=True, kw_only=True)
class _Days:
    """One subject's cells from its first full month on: special ones of the period, and all ordinary ones."""

    months: int
    special: tuple[DayCell, ...]
    ordinary: tuple[DayCell, ...]

    def of(self, like: str) -> tuple[int, int]:
        """Ordinary days of a class, and the rows on them."""
        cells = [cell for cell in self.ordinary if cell.like == like]
        return sum(cell.days for cell in cells), sum(cell.n for cell in cells)

    def rates(self) -> dict[str, tuple[float, int]]:
        """By class: rows a day on ordinary days, and how many of these there are."""
        likes = {cell.like: self.of(cell.like) for cell in self.ordinary}
        return {like: ((n + 0.5) / days, days) for like, (days, n) in likes.items()}


@dataclass(frozen=True, kw_only=True)
class _Foreseen:
    """What is expected of special days: u and h (`ups` and `off`), what of both is in the interval (`unsure`: all but
    the special days' own ups and downs), and the sum of v_i^2 / d_i (`parts`)."""

    mean: float
    ups: float
    off: float
    unsure: float
    parts: float

    @property
    def free(self) -> float:
        return min((self.ups + self.off) ** 2 / self.parts, ENDLESS) if self.parts > 0 else ENDLESS


def special_days(
    cells: Sequence[DayCell],
    *,
    against: Against,
    min_months: int,
    min_special: int,
    min_ordinary: int,
    min_n: int,
    q: float,
    min_excess: float,
) -> tuple[SpecialDays, ...]:
    """Every subject with its special days, sorted by name.

    `cells` cover every day of the window for every subject. Flagged is who has q within the limit and a count of at
    least 1 + `min_excess` times the expected one; `min_n` is the fewest rows on its ordinary days.
    """
    by_subject: defaultdict[str, list[DayCell]] = defaultdict(list)
    for cell in cells:
        by_subject[cell.subject].append(cell)
    days = {subject: _known(found) for subject, found in sorted(by_subject.items())}
    reasons: dict[str, Reason | None] = {
        subject: _reason(known, min_months, min_special, min_ordinary, min_n) for subject, known in days.items()
    }
    able = {subject: known for subject, known in days.items() if reasons[subject] is None}
    if against == "peers" and len(able) <= MIN_PEERS:
        for subject in able:
            reasons[subject] = "too_few_peers"
        able = {}
    omegas = _omegas(able)
    seasons = _seasons(able)
    kappas = _kappas(able, omegas, seasons)
    own = {subject: _foresee(known, omegas[subject], kappas[subject], seasons) for subject, known in able.items()}
    seen = {subject: sum(cell.n for cell in known.special) for subject, known in days.items()}
    expected = _moved(own, seen) if against == "peers" else own
    tails = p_values(
        [seen[subject] for subject in expected],
        [one.mean for one in expected.values()],
        [log1p(one.ups) for one in expected.values()],
        [log1p(one.off) for one in expected.values()],
        [one.free for one in expected.values()],
    )
    rates = dict(zip(expected, zip(tails, discovery_rates(tails), strict=True), strict=True))
    found: list[SpecialDays] = []
    for subject, known in days.items():
        plain = SpecialDays(
            subject=subject,
            reason=reasons[subject],
            special_days=sum(cell.days for cell in known.special),
            ordinary_days=sum(cell.days for cell in known.ordinary),
            count=seen[subject],
            ordinary=sum(cell.n for cell in known.ordinary),
        )
        if subject in expected:
            p, rate = rates[subject]
            plain = _concluded(plain, own[subject], expected[subject], p, float(f"{rate:.10g}"), q, min_excess)
        found.append(plain)
    return tuple(found)


def _known(cells: Sequence[DayCell]) -> _Days:
    """The month in which a subject is first seen is left out unless the window begins with it."""
    months = sorted({cell.month for cell in cells})
    first = min(cell.month for cell in cells if cell.n)
    start = months.index(first) + (first != months[0])
    used = [cell for cell in cells if cell.month in months[start:]]
    before = {cell.month for cell in used} - {cell.month for cell in cells if cell.audited}
    return _Days(
        months=len(before),
        special=tuple(cell for cell in used if cell.special and cell.audited),
        ordinary=tuple(cell for cell in used if not cell.special),
    )


def _reason(known: _Days, min_months: int, min_special: int, min_ordinary: int, min_n: int) -> Reason | None:
    if known.months < min_months:
        return "short_history"
    if sum(cell.days for cell in known.special) < max(min_special, 1):
        return "no_special_days"
    if sum(cell.days for cell in known.ordinary) < min_ordinary or any(
        known.of(cell.like)[0] < MIN_LIKE for cell in known.special
    ):
        return "too_few_days"
    return "too_few_rows" if sum(cell.n for cell in known.ordinary) < max(min_n, 1) else None


def _omegas(able: Mapping[str, _Days]) -> dict[str, float]:
    """Relative variance of honest days beyond chance, by the method of moments within months and classes."""
    parts: dict[str, tuple[float, float]] = {}
    for subject, known in able.items():
        beyond = base = 0.0
        for cell in known.ordinary:
            if cell.days > 1:
                mean, free = cell.n / cell.days, cell.days - 1
                squares = cell.squares - cell.n * mean
                beyond += squares - free * mean
                base += max(free * mean * mean - squares / cell.days, 0.0)
        parts[subject] = (beyond, base)
    common = _share(sum(one for one, _ in parts.values()), sum(one for _, one in parts.values()))
    return {subject: max(common, _share(*part)) for subject, part in parts.items()}


def _share(beyond: float, base: float) -> float:
    return max(beyond / base, 0.0) if base > 0 else 0.0


def _by_month(known: _Days) -> dict[date, tuple[float, float, int]]:
    """By month: rows on its ordinary days, how many the window's rates lead to expect, and how many days these are."""
    rates = known.rates()
    found: defaultdict[date, tuple[float, float, int]] = defaultdict(lambda: (0.0, 0.0, 0))
    for cell in known.ordinary:
        n, expected, days = found[cell.month]
        found[cell.month] = (n + cell.n, expected + cell.days * rates[cell.like][0], days + cell.days)
    return dict(found)


def _seasons(able: Mapping[str, _Days]) -> dict[date, float]:
    """How far everybody's ordinary days of a month lie off the window's; empty where three subjects or fewer say so."""
    if len(able) <= MIN_PEERS:
        return {}
    sums: defaultdict[date, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for known in able.values():
        for month, (n, expected, _) in _by_month(known).items():
            sums[month] = (sums[month][0] + n, sums[month][1] + expected)
    return {month: (n + 0.5) / (expected + 0.5) for month, (n, expected) in sorted(sums.items())}


def _kappas(able: Mapping[str, _Days], omegas: Mapping[str, float], seasons: Mapping[date, float]) -> dict[str, float]:
    """Relative variance of honest months beyond what their days explain."""
    residuals: dict[str, tuple[Array, Array]] = {}
    for subject, known in able.items():
        months = [
            (n, expected * seasons.get(month, 1.0), days)
            for month, (n, expected, days) in _by_month(known).items()
            if expected * seasons.get(month, 1.0) >= LEAST
        ]
        free = sqrt(len(months) / (len(months) - 1)) if len(months) > 1 else 1.0
        residuals[subject] = (
            np.array([(n / expected - 1) * free for n, expected, _ in months]),
            np.array([1 / expected + omegas[subject] / days for _, expected, days in months]),
        )
    excess = np.concatenate([one for one, _ in residuals.values()]) if residuals else np.zeros(0)
    chance = np.concatenate([one for _, one in residuals.values()]) if residuals else np.zeros(0)
    common = overdispersion(excess, chance, np.ones(len(excess))).upper if len(excess) > 1 else 1.0
    return {
        subject: max(common, overdispersion(one, two, np.ones(len(one))).tau if len(one) > 1 else 0.0) ** 2
        for subject, (one, two) in residuals.items()
    }


def _foresee(known: _Days, omega: float, kappa: float, seasons: Mapping[date, float]) -> _Foreseen:
    rates, ordinary = known.rates(), _by_month(known)
    of_month: defaultdict[date, float] = defaultdict(float)
    of_class: defaultdict[str, int] = defaultdict(int)
    for cell in known.special:
        of_month[cell.month] += cell.days * rates[cell.like][0]
        of_class[cell.like] += cell.days
    mean = levels = 0.0
    for month, plain in of_month.items():
        n, expected, days = ordinary.get(month, (0.0, 0.0, 0))
        level, apart, off, told = seasons.get(month, 1.0), kappa, 1.0, 0.0
        if days:
            told = 1 / (1 / (expected * level) + omega / days)
            off = n / (expected * level)
        elif month not in seasons and len(seasons) > 1:
            apart += float(np.var(list(seasons.values()), ddof=1))
        if apart > 0:
            shape, rate = 1 / apart + told * off, 1 / apart + told
            levels += (level * plain) ** 2 * shape / rate**2
            level *= shape / rate
        mean += level * plain
    plain = sum(of_month.values())
    own = sum(count * rates[like][0] ** 2 * omega for like, count in of_class.items())
    rate = sum(
        count**2 * (rates[like][0] / rates[like][1] + rates[like][0] ** 2 * omega / rates[like][1])
        for like, count in of_class.items()
    )
    days, months, off = own / plain**2, levels / mean**2, rate / plain**2
    free = sum(cell.days - 1 for cell in known.ordinary)
    return _Foreseen(
        mean=mean,
        ups=days + months,
        off=off,
        unsure=off + months,
        parts=days**2 / max(free, 1) + months**2 / max(len(ordinary) - 1, 1),
    )


def _moved(own: Mapping[str, _Foreseen], seen: Mapping[str, int]) -> dict[str, _Foreseen]:
    """The same, moved as the others' special days moved, and as wide as honest subjects differ in that."""
    subjects = list(own)
    means = np.array([own[subject].mean for subject in subjects])
    counts = np.array([float(seen[subject]) for subject in subjects])
    spread = np.array([one.ups + one.off for one in own.values()])
    others, base = np.maximum(counts.sum() - counts, 0.5), means.sum() - means
    weight = ((means**2).sum() - means**2) / base**2
    unsure = 1 / others + ((spread * means**2).sum() - spread * means**2) / base**2
    expected = means * others / base
    variance = spread + unsure
    told = expected >= LEAST
    tau = 1.0
    if told.sum() > 1:
        tau = overdispersion((counts / expected - 1)[told], (1 / expected + variance)[told], (1 + weight)[told]).upper
    return {
        subject: _Foreseen(
            mean=float(expected[j]),
            ups=own[subject].ups + tau**2,
            off=float(own[subject].off + unsure[j] + tau**2 * weight[j]),
            unsure=float(own[subject].unsure + unsure[j] + tau**2 * weight[j]),
            parts=float(own[subject].parts + (tau**2 * (1 + weight[j])) ** 2 / (len(subjects) - 1)),
        )
        for j, subject in enumerate(subjects)
    }


def _concluded(
    plain: SpecialDays, own: _Foreseen, told: _Foreseen, p: float, rate: float, q: float, min_excess: float
) -> SpecialDays:
    lower, upper = count_interval(plain.count, told.mean, told.mean * sqrt(told.unsure))
    return replace(
        plain,
        own=round(own.mean, 6),
        moved=round(told.mean / own.mean, 6),
        expected=round(told.mean, 6),
        lower=round(lower, 6),
        upper=round(upper, 6),
        p_value=p,
        q_value=rate,
        flagged=rate <= q and plain.count >= round((1 + min_excess) * told.mean, 6),
    )
