"""Shares: a fixed limit that must be exceeded beyond chance, in a subject's own rows or as its part of the whole."""

from collections import Counter
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.kinds.share import Share
from tests.kinds.spec import judged, load, rule, rule_text

RATIO = "kind: share\nof: disposal = 'returned'\nby: unit_id\nlimit: 0.2\nmin_n: 10\n"
PART = "kind: share\nby: lot_id\nlimit: 0.5\nmin_n: 20\n"


def measures(*lines: tuple[int, str, str, str]) -> dict[str, str]:
    """Lines of (times, unit, lot, disposal)."""
    rows = ["times | measure_id | unit_id | lot_id | disposal | started_at"]
    for number, (times, unit, lot, disposal) in enumerate(lines):
        if times:
            rows.append(f"{times} | M{number} | {unit} | {lot} | {disposal} | 2024-05-10")
    return {"measures": "\n".join(rows)}


def shares(check: str, *lines: tuple[int, str, str, str], period: str | None = None) -> dict[str, str]:
    return judged(check, measures(*lines), table="measures", period=period)


def ratio(k: int, n: int) -> str | None:
    return shares(RATIO, (k, "U", "L", "returned"), (n - k, "U", "L", "transferred")).get("U")


def test_above_the_limit_means_surely_above_it() -> None:
    # Exact binomial tails at 20 %: P(X >= 5 of 10) = 3.3 %, P(X >= 6 of 10) = 0.6 %; 2.5 % is what counts.
    assert [ratio(k, 10) for k in (2, 3, 5, 6)] == ["ok", "ok", "ok", "violation"]
    # P(X >= 28 of 100) = 3.4 %, P(X >= 29 of 100) = 2.0 %: the same share is judged more surely with more rows.
    assert [ratio(k, 100) for k in (20, 28, 29)] == ["ok", "ok", "violation"]


def test_fewer_than_min_n_are_not_judged_and_exactly_min_n_are() -> None:
    assert ratio(9, 9) == "unknown"
    assert ratio(10, 10) == "violation"


def test_the_part_of_the_whole() -> None:
    found = shares(PART, (45, "U", "BIG", "returned"), (10, "V", "SMALL", "returned"), (5, "V", "LEAST", ""))
    assert found == {"BIG": "violation", "SMALL": "ok", "LEAST": "ok"}
    assert shares(PART, (30, "U", "ONE", ""), (30, "U", "TWO", "")) == {"ONE": "ok", "TWO": "ok"}


def test_a_sole_provider_has_all_of_the_whole() -> None:
    assert shares(PART, (20, "U", "ONLY", "")) == {"ONLY": "violation"}
    assert shares(PART, (19, "U", "ONLY", "")) == {"ONLY": "unknown"}


def test_among_asks_in_each_group() -> None:
    lines = ((18, "U", "A", ""), (2, "U", "B", ""), (40, "V", "B", ""), (40, "V", "C", ""), (3, "W", "D", ""))
    assert shares(PART, *lines) == dict.fromkeys("ABCD", "ok")
    assert shares(PART + "among: unit_id\n", *lines) == {"A": "violation", "B": "ok", "C": "ok", "D": "unknown"}


def test_blanks_are_counted_on_neither_side() -> None:
    rows = ((6, "U", "L", "returned"), (4, "U", "L", "transferred"))
    assert shares(RATIO, *rows, (90, "U", "L", ""), (50, "", "L", "returned")) == {"U": "violation"}
    assert shares(PART, (14, "U", "A", ""), (6, "U", "B", ""), (100, "U", "", "")) == {"A": "ok", "B": "ok"}
    assert shares(PART + "among: unit_id\n", (20, "U", "A", ""), (100, "", "B", "")) == {"A": "violation"}


def test_rows_outside_where_are_no_part_of_the_whole() -> None:
    lines = measures((20, "U", "A", "returned"), (80, "U", "B", "scrapped"))
    assert judged(PART, lines, table="measures", extra="where: disposal = 'returned'\n") == {"A": "violation"}


def test_the_window_reaches_back_from_the_end_of_the_period() -> None:
    lines = measures((20, "U", "A", "returned"))
    early = {"measures": lines["measures"].replace("2024-05-10", "2024-03-01")}
    assert judged(PART, early, table="measures", period="2024-05") == {}
    assert judged(PART + "window: 3 months\n", early, table="measures", period="2024-05") == {"A": "violation"}
    before = {"measures": lines["measures"].replace("2024-05-10", "2024-02-29")}
    assert judged(PART + "window: 3 months\n", before, table="measures", period="2024-05") == {}


def test_no_row_at_all() -> None:
    assert judged(PART, measures(), table="measures") == {}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (RATIO + "among: lot_id\n", "goes without `of`"),
        (RATIO + "window: 24 hours\n", "must be in days or months"),
        (RATIO.replace("0.2", "1"), "no share lies above 1"),
        (RATIO.replace("0.2", "20"), "must lie between 0 and 1"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="measures"))
    assert [problem for problem in problems if fault in problem.message]


def test_the_numbers_of_a_finding() -> None:
    from auditor.kinds.base import Count

    kind = rule(rule_text(RATIO, table="measures")).kind
    assert isinstance(kind, Share)
    (verdict,) = kind.conclude([Count(subject="U", stratum=(), n=10, k=6)]).verdicts
    assert verdict.flagged and verdict.value == 0.6 and verdict.expected is None and verdict.q_value is None
    # Clopper-Pearson for 6 of 10: 26.2 % to 87.8 %, as R's binom.test(6, 10) gives it.
    assert verdict.facts == {
        "n": "10",
        "k": "6",
        "observed": "0.600000",
        "limit": "0.200000",
        "lower": "0.262378",
        "upper": "0.878448",
        "group": None,
    }
    assert verdict.p_value == pytest.approx(0.0063693824)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from(["X", "Y", ""])), max_size=30),
    limit=st.sampled_from([0.1, 0.3, 0.6]),
    min_n=st.integers(1, 8),
)
def test_agrees_with_counting_by_hand(rows: list[tuple[str, str]], limit: float, min_n: int) -> None:
    check = f"kind: share\nby: lot_id\namong: unit_id\nlimit: {limit}\nmin_n: {min_n}"
    counted = [(unit, lot) for unit, lot in rows if unit and lot]
    whole, part = Counter(unit for unit, _ in counted), Counter(counted)
    expected: dict[str, str] = {}
    for lot in sorted({lot for _, lot in counted}):
        enough = [(part[unit, lot], whole[unit]) for unit in whole if part[unit, lot] and whole[unit] >= min_n]
        tails = [sum(comb(n, i) * limit**i * (1 - limit) ** (n - i) for i in range(k, n + 1)) for k, n in enough]
        expected[lot] = "unknown" if not tails else "violation" if min(tails) < 0.025 else "ok"
    assert shares(check, *((1, unit, lot, "returned") for unit, lot in rows)) == expected


def test_honest_units_are_seldom_flagged_and_planted_ones_are() -> None:
    rng = np.random.default_rng(20240501)
    honest = [(f"H{unit:03d}", int(n), 0.2 * rng.beta(8, 2)) for unit, n in enumerate(rng.integers(10, 300, 300))]
    planted = [(f"P{unit}", 150, 0.4) for unit in range(10)]
    lines: list[tuple[int, str, str, str]] = []
    for unit, n, rate in [*honest, *planted]:
        k = int(rng.binomial(n, rate))
        lines += [(k, unit, "L", "returned"), (n - k, unit, "L", "transferred")]
    found = shares(RATIO, *lines)
    assert sum(found[unit] == "violation" for unit, _, _ in honest) <= 0.025 * len(honest)
    assert all(found[unit] == "violation" for unit, _, _ in planted)
