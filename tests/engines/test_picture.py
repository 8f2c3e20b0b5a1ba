"""What of a rule is kept to be drawn: bins with an edge at the limit, every judged subject, nobody flagged lost."""

from itertools import pairwise

import pytest

from auditor.core.picture import Bin
from auditor.engines import picture
from auditor.engines.picture import bins
from tests.engines.test_groups import BUNCHING, SHARE, table
from tests.engines.test_judge import run

DEADLINE = "kind: deadline\nfrom: started_at\nto: released_at\nwithin: 2 days"
SEIZED = """
    measure_id | started_at       | released_at
    early      | 2024-05-01 08:00 | 2024-05-02 08:00
    last-day   | 2024-05-01 08:00 | 2024-05-03 23:59
    day-after  | 2024-05-01 08:00 | 2024-05-04 00:00
    open       | 2024-05-27 08:00 |
    blank      |                  | 2024-05-04 00:00
    later      | 2024-06-01 08:00 | 2024-06-09 00:00
"""


def filled(found: tuple[Bin, ...]) -> list[tuple[float | None, float | None, int, int]]:
    return [(one.low, one.high, one.ok, one.violation) for one in found if one.ok + one.violation]


def test_the_last_day_lies_before_the_limit_and_the_day_after_beyond_it() -> None:
    drawn = run(DEADLINE, {"measures": SEIZED}, table="measures").result.picture
    assert drawn is not None and (drawn.metric, drawn.limit, drawn.line) == ("days_overdue", 0, None)
    assert filled(drawn.bins) == [(-2, -1, 1, 0), (-1, 0, 1, 0), (0, 1, 0, 1), (1, 2, 0, 1)]


def test_what_could_not_be_judged_or_is_of_another_period_is_in_no_bin() -> None:
    result = run(DEADLINE, {"measures": SEIZED}, table="measures").result
    assert result.picture is not None
    assert sum(one.ok + one.violation for one in result.picture.bins) == result.tested == 4
    assert result.unknown == 1


def test_bins_touch_each_other_and_the_limit_is_an_edge() -> None:
    found = bins({-100: (1, 0), -3: (40, 0), 0: (2, 0), 7: (0, 1), 50: (0, 3)})
    inner = [one for one in found if one.low is not None and one.high is not None]
    assert all(one.high == other.low for one, other in pairwise(inner))
    assert 0 in [one.low for one in inner]
    assert len(found) <= picture.BINS
    assert sum(one.ok for one in found) == 43 and sum(one.violation for one in found) == 4


def test_one_value_far_off_lies_in_an_open_end_and_does_not_squeeze_the_others() -> None:
    found = bins({-1: (1000, 0), 5000: (0, 1)})
    assert filled(found) == [(-2, -1, 1000, 0), (30, None, 0, 1)]
    far_before = bins({-5000: (1, 0), -1: (1000, 0)})
    assert filled(far_before) == [(None, -2, 1, 0), (-2, -1, 1000, 0)]


def test_a_wide_spread_gets_wide_bins_never_more_than_can_be_told_apart() -> None:
    found = bins(dict.fromkeys(range(-2000, 1), (1, 0)))
    assert len(found) <= picture.BINS
    assert {one.high - one.low for one in found if one.low is not None and one.high is not None} == {60}
    huge = bins(dict.fromkeys(range(-20000, 20001, 10), (1, 1)))
    assert len(huge) <= picture.BINS and 0 in [one.low for one in huge]


def test_a_rule_that_measures_nothing_has_no_picture() -> None:
    cases = "case_id | fine_amount | occurred_at\nA | 201 | 2024-05-02 08:00"
    assert run("kind: check\nfail_when: fine_amount > 200", {"cases": cases}).result.picture is None


def test_nothing_judged_has_no_picture() -> None:
    rows = "measure_id | started_at | released_at\nA | | 2024-05-04"
    assert run(DEADLINE, {"measures": rows}, table="measures").result.picture is None


def test_everyone_who_was_judged_is_a_point_with_the_whole_that_the_share_is_of() -> None:
    rows = table("measure_id | lot_id | started_at", ("A | 2024-05-02", 36), ("B | 2024-05-03", 4))
    drawn = run(SHARE, {"measures": rows}, table="measures").result.picture
    assert drawn is not None and (drawn.metric, drawn.limit, drawn.spread) == ("share", 0.5, None)
    points = [(one.subject_id, one.n, one.value, one.expected, one.flagged) for one in drawn.peers]
    assert points == [("A", 40, 0.9, None, True), ("B", 40, 0.1, None, False)]


def test_values_about_a_threshold_are_counted_with_those_of_flagged_subjects_apart() -> None:
    near = [(f"P{number} | {57 + 5 * step} | 2024-05-10", 6) for number in range(8) for step in range(10)]
    rows = table("case_id | officer_id | bac_mg_100ml | occurred_at", *near, ("X | 79 | 2024-05-10", 60))
    drawn = run(BUNCHING, {"cases": rows}).result.picture
    assert drawn is not None and drawn.line == 80
    assert [(one.low, one.high) for one in drawn.bins] == [(55 + 5 * step, 60 + 5 * step) for step in range(10)]
    assert [one.violation for one in drawn.bins] == [0, 0, 0, 0, 60, 0, 0, 0, 0, 0]
    assert {one.ok for one in drawn.bins} == {48}
    assert [one.subject_id for one in drawn.peers if one.flagged] == ["X"] and len(drawn.peers) == 9


def test_of_too_many_subjects_all_flagged_ones_stay_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "PEERS", 3)
    rows = [(f"L{number} | 2024-05-03", 3) for number in range(8)]
    lots = table("measure_id | lot_id | started_at", ("A | 2024-05-02", 60), *rows)
    drawn = run(SHARE, {"measures": lots}, table="measures").result.picture
    assert drawn is not None
    assert [one.subject_id for one in drawn.peers] == ["A", "L0", "L3", "L6"]
    assert drawn.left_out == 5
