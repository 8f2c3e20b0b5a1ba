"""Shifts: a month's count beside the subject's own months before, as peers' counts moved."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.spec import judged, load, rule_text

CHECK = "kind: shift\nby: camera_id\n"
MONTHS = [f"2023-{month:02d}" for month in range(5, 13)] + [f"2024-{month:02d}" for month in range(1, 6)]
"""Twelve months of baseline and the audited May 2024."""


def captures(*lines: tuple[str, str, int], extra: str = "") -> dict[str, str]:
    """Lines of (camera, day, times)."""
    rows = ["times | capture_id | camera_id | at | voided_at"]
    for number, (camera, at, times) in enumerate(lines):
        if times:
            rows.append(f"{times} | R{number} | {camera} | {at} | 2024-06-01")
    return {"captures": "\n".join(rows) + extra}


def year(camera: str, past: int, now: int, *, months: int = 12) -> list[tuple[str, str, int]]:
    used = MONTHS[-1 - months :]
    return [(camera, f"{month}-15", now if month == "2024-05" else past) for month in used]


PEERS = [line for number in range(6) for line in year(f"P{number}", 10, 10)]


def shifts(
    *lines: tuple[str, str, int], check: str = CHECK, extra: str = "", period: str | None = "2024-05"
) -> dict[str, str]:
    return judged(check, captures(*lines, extra=extra), table="captures", period=period)


def test_a_jump_is_a_lead_and_a_season_that_all_share_is_none() -> None:
    expected = dict.fromkeys([f"P{number}" for number in range(6)], "ok")
    assert shifts(*PEERS, *year("X", 10, 40)) == {**expected, "X": "violation"}
    busy = [line for number in range(6) for line in year(f"P{number}", 10, 40)]
    assert shifts(*busy, *year("X", 10, 40)) == {**expected, "X": "ok"}
    assert shifts(*PEERS, *year("X", 10, 0)) == {**expected, "X": "ok"}


def test_a_new_device_is_not_judged() -> None:
    assert shifts(*PEERS, *year("NEW", 40, 40, months=6))["NEW"] == "unknown"
    assert shifts(*PEERS, *year("NEW", 40, 40, months=7))["NEW"] == "ok"
    assert shifts(*PEERS, ("NEW", "2024-05-15", 90))["NEW"] == "unknown"


def test_the_baseline_begins_and_the_period_ends_on_the_day() -> None:
    jump = [*PEERS, *year("X", 10, 40)]
    before, after = ("X", "2023-04-30", 900), ("X", "2024-06-01", 900)
    assert shifts(*jump, before)["X"] == "violation", "what lies before the baseline is not looked at"
    assert shifts(*PEERS, *year("X", 10, 10), after)["X"] == "ok"
    assert shifts(*PEERS, *year("X", 10, 10), ("X", "2024-05-31", 30))["X"] == "violation"
    assert shifts(*PEERS, *year("X", 10, 10), ("X", "2024-05-01", 30))["X"] == "violation"
    assert shifts(*PEERS, *year("X", 10, 10), ("X", "2024-04-30", 30))["X"] == "ok"
    assert shifts(*jump, ("X", "2023-05-01", 900))["X"] == "ok", "the baseline's first day is looked at"


def test_days_of_the_month_before_a_period_inside_it_are_on_neither_side() -> None:
    span = "2024-05-11..2024-05-20"
    assert shifts(*PEERS, *year("X", 10, 40), period=span)["X"] == "violation"
    assert shifts(*PEERS, *year("X", 10, 10), ("X", "2024-05-10", 90), period=span)["X"] == "ok"
    assert shifts(*PEERS, *year("X", 10, 40), ("X", "2024-05-10", 900), period=span)["X"] == "violation"


def test_without_a_period_the_last_month_is_audited() -> None:
    assert shifts(*PEERS, *year("X", 10, 40), period=None)["X"] == "violation"


def test_count_says_which_rows() -> None:
    extra = "\n90 | V | X | 2024-05-20 |"
    check = CHECK + "count: voided_at is not null\n"
    assert shifts(*PEERS, *year("X", 10, 10), extra=extra)["X"] == "violation"
    assert shifts(*PEERS, *year("X", 10, 10), extra=extra, check=check)["X"] == "ok"
    unsure = CHECK + "count: voided_at > '2024-01-01'\n"
    assert shifts(*PEERS, *year("X", 10, 10), extra=extra, check=unsure)["X"] == "ok"


def test_blanks_are_not_counted() -> None:
    extra = "\n900 | N | X | | 2024-06-01\n900 | M | | 2024-05-15 | 2024-06-01"
    found = shifts(*PEERS, *year("X", 10, 40), extra=extra)
    assert found == shifts(*PEERS, *year("X", 10, 40))


def test_two_peers_do_not_make_a_season() -> None:
    assert shifts(*PEERS[: 2 * 13], *year("X", 10, 40)) == {"P0": "unknown", "P1": "unknown", "X": "unknown"}
    assert shifts() == {}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (CHECK + "baseline: 90 days\n", "must be in months"),
        (CHECK + "baseline: 5 months\n", "is shorter than min_baseline"),
        (CHECK + "min_baseline: 2 months\n", "must be 3 months or more"),
        (CHECK + "min_excess: -1\n", "must be 0 or more"),
        (CHECK + "q: 0\n", "must be more than 0"),
        (CHECK + "count: value\n", "is not a condition"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="captures"))
    assert [problem for problem in problems if fault in problem.message]


@settings(max_examples=25, deadline=None)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from(MONTHS), st.integers(1, 28), st.integers(1, 20)),
        max_size=60,
    )
)
def test_who_is_judged_is_counted_by_hand(drawn: list[tuple[str, str, int, int]]) -> None:
    found = shifts(*((camera, f"{month}-{day:02d}", times) for camera, month, day, times in drawn))
    tally = Counter[tuple[str, str]]()
    for camera, month, _, times in drawn:
        tally[camera, month] += times
    cameras = sorted({camera for camera, _ in tally})
    if not any(month == "2024-05" for _, month in tally):
        assert found == {}
        return
    assert sorted(found) == cameras
    past = MONTHS[:-1]
    begin = {
        camera: min((at + (at > 0) for at, month in enumerate(past) if tally[camera, month]), default=12)
        for camera in cameras
    }
    rows = {camera: sum(tally[camera, month] for month in past[begin[camera] :]) for camera in cameras}
    for camera in cameras:
        enough = 12 - begin[camera] >= 6 and rows[camera] >= 30
        alike = [
            other
            for other in cameras
            if other != camera and begin[other] <= begin[camera] and rows[other] and tally[other, "2024-05"]
        ]
        assert (found[camera] != "unknown") == (enough and len(alike) >= 3)
        if found[camera] == "violation":
            months = past[begin[camera] :]
            base = sum(tally[other, month] for other in alike for month in months)
            moved = sum(tally[other, "2024-05"] for other in alike)
            assert tally[camera, "2024-05"] >= 1.5 * rows[camera] * moved / base - 1e-5


def test_honest_devices_are_seldom_flagged_and_planted_ones_are() -> None:
    rng = np.random.default_rng(20240501)
    season = rng.uniform(0.6, 1.6, 13)
    lines: list[tuple[str, str, int]] = []
    for camera in range(60):
        rates = np.exp(rng.normal(3.2, 0.4)) * season * rng.gamma(100, 0.01, 13)
        rates[12] *= 3.5 if camera < 5 else 1
        lines += [(f"{camera:02d}", f"{month}-15", int(n)) for month, n in zip(MONTHS, rng.poisson(rates), strict=True)]
    found = shifts(*lines)
    assert sum(found[f"{camera:02d}"] == "violation" for camera in range(5)) >= 4
    assert sum(found[f"{camera:02d}"] == "violation" for camera in range(5, 60)) <= 1
