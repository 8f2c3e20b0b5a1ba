"""Special days: expectations of pencil and paper, who is judged, and how often honest subjects are flagged."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from auditor.stats.special_days import Against, DayCell, SpecialDays, special_days

FIRST, LAST, MAY = date(2023, 5, 1), date(2024, 5, 31), date(2024, 5, 1)
DAYS = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
SPECIAL = np.array([(day + timedelta(5)).month != day.month for day in DAYS])
AUDITED = np.array([day >= MAY for day in DAYS])


def cells(subject: str, counts: Sequence[int]) -> list[DayCell]:
    """A count for every day, Monday to Friday worked, the last five days of a month special."""
    found: defaultdict[tuple[date, bool, bool, str], list[int]] = defaultdict(list)
    for day, special, count in zip(DAYS, SPECIAL, counts, strict=True):
        found[day.replace(day=1), day >= MAY, bool(special), "worked" if day.weekday() < 5 else "off"].append(count)
    return [
        DayCell(
            subject=subject,
            month=month,
            audited=audited,
            special=special,
            like=like,
            days=len(daily),
            n=sum(daily),
            squares=sum(count * count for count in daily),
        )
        for (month, audited, special, like), daily in found.items()
    ]


def steady(subject: str, worked: int, off: int, now: int) -> list[DayCell]:
    """So many rows every worked day and every day off, and on each special day of May."""
    plain = [worked if day.weekday() < 5 else off for day in DAYS]
    return cells(subject, [now if s and a else n for n, s, a in zip(plain, SPECIAL, AUDITED, strict=True)])


def judge(*lines: list[DayCell], against: Against = "own", **more: float) -> dict[str, SpecialDays]:
    options: dict[str, float] = {"min_months": 6, "min_special": 3, "min_ordinary": 60, "min_n": 30, "q": 0.05}
    given = {**options, "min_excess": 0.5, **more}
    found = special_days([cell for line in lines for cell in line], against=against, **given)  # type: ignore[arg-type]
    return {one.subject: one for one in found}


def test_the_expectation_of_own_days_by_class() -> None:
    # The last five days of May 2024 are Monday to Friday's worked ones: the 27th to the 31st.
    one = judge(steady("A", 4, 1, 4))["A"]
    assert (one.special_days, one.count) == (5, 20)
    assert one.own == pytest.approx(20, rel=0.01), "five worked days at 4 a day, days off don't come in"
    assert one.expected == one.own and not one.flagged
    assert judge(steady("A", 4, 1, 12))["A"].flagged
    assert not judge(steady("A", 4, 1, 0))["A"].flagged


def test_p_without_ups_and_downs_is_that_of_chance_in_the_count_and_in_the_expectation() -> None:
    """Counts that are all alike leave omega and kappa at 0, so u is 0 and h the chance in the worked days' rate, which
    is 1 over the rows on them. log(rate / expected) is then normal with variance log(1 + h) around half of that, and 60
    or 30 rows are Poisson around the rate: a sum over steps of 0.01 standard deviations."""
    worked = sum(day.weekday() < 5 for day, special in zip(DAYS, SPECIAL, strict=True) if not special)
    for now in (12, 6):
        s2 = log1p(1 / (4 * worked + 0.5))
        mean, p = 5 * (4 * worked + 0.5) / worked, 0.0
        for step in range(-800, 801):
            rate = mean * exp(s2 / 2 + sqrt(s2) * step / 100)
            below = sum(exp(i * log(rate) - rate - lgamma(i + 1)) for i in range(5 * now))
            p += exp(-((step / 100) ** 2) / 2) / sqrt(2 * pi) * 0.01 * (1 - below)
        assert judge(steady("A", 4, 1, now))["A"].p_value == pytest.approx(p, rel=1e-3)


def test_few_months_that_go_up_and_down_make_a_long_tail() -> None:
    """All of May special and hundreds of rows a day, so all that is unsure is May's level, known from twelve months.

    Were T normal, the normal scores of 1.5 and 10 times the expected count would be as ln 1.5 + c to ln 10 + c, c half
    the variance. The months' relative standard deviation is 0.35, so its upper limit lies below 0.55 and c below 0.15:
    the ratio would be above 2.45 / 0.555 = 4.4. With eleven degrees of freedom it is some 3.4.
    """
    levels = (400, 600, 300, 500, 200, 600, 400, 300, 600, 200, 500, 400, 417)
    months = [(day.year - 2023) * 12 + day.month - 5 for day in DAYS]

    def score(times: float) -> float:
        lines = cells("A", [int(levels[m] * (times if a else 1)) for m, a in zip(months, AUDITED, strict=True)])
        one = judge([DayCell(**{**vars_of(cell), "special": cell.special or cell.audited}) for cell in lines])["A"]  # type: ignore[arg-type]
        assert one.count == pytest.approx(times * one.expected, rel=0.02)
        return -NormalDist().inv_cdf(one.p_value)

    assert 3 < score(10) / score(1.5) < 4


def test_a_surge_that_all_share_is_one_against_own_and_none_against_peers() -> None:
    lines = [steady(f"{number}", 4 + number % 3, 1, 12 + 3 * (number % 3)) for number in range(8)]
    assert all(one.flagged for one in judge(*lines).values())
    beside = judge(*lines, against="peers")
    assert not any(one.flagged for one in beside.values())
    assert beside["0"].moved == pytest.approx(3, rel=0.02) and beside["0"].expected == pytest.approx(60, rel=0.02)
    assert judge(*lines, steady("X", 4, 1, 40), against="peers")["X"].flagged


def test_who_is_not_judged_and_why() -> None:
    def late(month: date) -> list[DayCell]:
        return cells("A", [0 if day < month else 4 for day in DAYS])

    assert judge(late(date(2023, 10, 31)))["A"].reason is None, "six full months before May, from November on"
    assert judge(late(date(2023, 11, 1)))["A"].reason == "short_history", "the month first seen is left out"
    assert judge(late(MAY))["A"].reason == "short_history"
    assert judge(steady("A", 4, 1, 4), min_special=5)["A"].reason is None
    assert judge(steady("A", 4, 1, 4), min_special=6)["A"].reason == "no_special_days"
    ordinary = judge(steady("A", 4, 1, 4))["A"]
    assert judge(steady("A", 4, 1, 4), min_ordinary=ordinary.ordinary_days)["A"].reason is None
    assert judge(steady("A", 4, 1, 4), min_ordinary=ordinary.ordinary_days + 1)["A"].reason == "too_few_days"
    assert judge(steady("A", 4, 1, 4), min_n=ordinary.ordinary)["A"].reason is None
    assert judge(steady("A", 4, 1, 4), min_n=ordinary.ordinary + 1)["A"].reason == "too_few_rows"
    three = [steady(name, 4, 1, 4) for name in "ABC"]
    assert judge(*three, against="peers")["A"].reason == "too_few_peers"
    assert judge(*three, steady("D", 4, 1, 4), against="peers")["A"].reason is None


def test_special_days_of_a_class_without_ordinary_ones_are_not_judged() -> None:
    odd = [
        cell if cell.like == "worked" else DayCell(**{**vars_of(cell), "like": "rare"})
        for cell in steady("A", 4, 1, 4)
        if cell.special or cell.like == "worked"
    ]
    moved = [DayCell(**{**vars_of(cell), "like": "rare"}) if cell.special and cell.audited else cell for cell in odd]
    assert judge(moved)["A"].reason == "too_few_days"


def vars_of(cell: DayCell) -> dict[str, object]:
    return {name: getattr(cell, name) for name in DayCell.__dataclass_fields__}


def test_who_always_goes_up_and_down_is_not_flagged_for_it() -> None:
    rng = np.random.default_rng(20240501)
    wild = rng.poisson(4 * rng.gamma(0.5, 2.0, len(DAYS)))
    wild[SPECIAL & AUDITED] = 8
    calm = rng.poisson(4, len(DAYS))
    calm[SPECIAL & AUDITED] = 8
    found = judge(cells("calm", calm.tolist()), cells("wild", wild.tolist()))
    assert not found["wild"].flagged and found["calm"].p_value < found["wild"].p_value


@pytest.mark.parametrize(("against", "common", "runs"), [("own", 1.0, 60), ("peers", 2.0, 60)])
def test_honest_subjects_are_seldom_flagged_and_planted_ones_found(against: Against, common: float, runs: int) -> None:
    """Days and months with ups and downs of their own (sd 20 and 10 %), a season of 20 % that all share, and against
    peers a doubling on special days that all share."""
    rng = np.random.default_rng(20240501)

    def world(planted: int) -> list[DayCell]:
        season = np.exp(rng.normal(0, 0.2, 13))
        month = np.array([(day.year - 2023) * 12 + day.month - 5 for day in DAYS])
        week = np.array([1.0 if day.weekday() < 5 else 0.3 for day in DAYS])
        found: list[DayCell] = []
        for number in range(20):
            level = season[month] * np.exp(rng.normal(0, 0.1, 13))[month] * np.exp(rng.normal(3, 0.4))
            surge = np.where(SPECIAL & AUDITED, common * (2.0 if number < planted else 1.0), 1.0)
            rate = level * week * surge * rng.gamma(25, 0.04, len(DAYS))
            found += cells(f"{number:02d}", rng.poisson(rate).tolist())
        return found

    flagged = [sum(one.flagged for one in judge(world(0), against=against).values()) for _ in range(runs)]
    assert sum(count > 0 for count in flagged) <= 0.05 * runs
    found = [judge(world(2), against=against) for _ in range(10)]
    assert sum(one[name].flagged for one in found for name in ("00", "01")) >= 15
