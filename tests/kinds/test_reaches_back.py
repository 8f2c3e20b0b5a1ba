"""How far back each kind looks: the first day that can change a verdict on the period, and no day before it."""

from datetime import date

import pytest

from auditor.kinds.base import Kind
from tests.kinds.spec import judged, rule, rule_text

FIRST, LAST = date(2024, 5, 1), date(2024, 5, 31)
REPEAT = "kind: repeat\nby: [plate_no]\nwindow: "
NEAR = "kind: overlap\nwho: officer_id\nplace: place_id\nwithin: "
SPANS = "kind: overlap\nwho: officer_id\nat: from_at\nto: to_at\nplace: place_id"
TRAVEL = "kind: overlap\nwho: officer_id\nlon: lon\nlat: lat\nspeed_kmh: "
PAID = (
    "kind: reconcile\nleft: fee_charged\nright: payments\nmatch: [case_id]\namount: amount\n"
    "from: started_at\nat: paid_at\nwithin: "
)
QUERY = "kind: sql\nquery: select case_id from cases\npopulation: fine_amount > 0\n"
SHARE = "kind: share\nof: fine_amount > 200\nby: unit_id\nlimit: 0.5\n"


def kind_of(check: str, table: str = "cases") -> Kind:
    return rule(rule_text(check, table=table)).kind


@pytest.mark.parametrize(
    ("check", "table", "needed"),
    [
        # at 00:00 of 1 May a window of 24 hours begins at 00:00 of 30 April, one of 25 an hour earlier
        (REPEAT + "24 hours", "cases", "2024-04-30"),
        (REPEAT + "25 hours", "cases", "2024-04-29"),
        (REPEAT + "1 minute", "cases", "2024-04-30"),
        (REPEAT + "31 days", "cases", "2024-03-31"),
        (NEAR + "5 minutes", "cases", "2024-04-30"),
        (NEAR + "24 hours", "cases", "2024-04-30"),
        (NEAR + "25 hours", "cases", "2024-04-29"),
        (NEAR + "2 days", "cases", "2024-04-29"),
        # half round the earth, 20,016 km, takes 166.8 hours at 120 km/h and 24.0 at 834
        (TRAVEL + "120", "cases", "2024-04-24"),
        (TRAVEL + "834", "cases", "2024-04-30"),
        (TRAVEL + "833", "cases", "2024-04-29"),
        (f"{TRAVEL}834\nplace: place_id\nwithin: 3 days", "cases", "2024-04-28"),
        # 15 days from 15 April end with 30 April: late from the first moment of May on
        (PAID + "15 days", "measures", "2024-04-15"),
        (PAID + "0 days", "measures", "2024-04-30"),
        (PAID + "1 month", "measures", "2024-03-30"),
        # up to the period's end, 31 May included
        (SHARE + "window: 12 months", "cases", "2023-06-01"),
        (SHARE + "window: 31 days", "cases", "2024-05-01"),
        (SHARE + "window: 32 days", "cases", "2024-04-30"),
        (QUERY + "months: 3", "cases", "2024-03-01"),
        (QUERY + "months: 1", "cases", "2024-05-01"),
    ],
)
def test_the_day_needed(check: str, table: str, needed: str) -> None:
    assert kind_of(check, table).reaches_back_to(FIRST, LAST) == date.fromisoformat(needed)


@pytest.mark.parametrize(
    ("check", "table"),
    [
        (SHARE, "cases"),
        (SPANS, "rosters"),  # an event may last however long
        (SPANS + "\nwithin: 0 minutes", "rosters"),
        ("kind: reconcile\nright: payments\nmatch: [case_id]", "measures"),
        ("kind: duplicate\nsame: [plate_no]", "cases"),  # rows however long ago
        ("kind: gap\nnumber: case_id", "cases"),  # a series may begin anywhere
        ("kind: sequence\nevents: [filed_at, decided_at]\nexpect: ordered", "cases"),  # within one row
    ],
)
def test_a_kind_without_a_window_needs_no_day_in_particular(check: str, table: str) -> None:
    assert kind_of(check, table).reaches_back_to(FIRST, LAST) is None


def test_an_event_of_the_day_needed_can_stand_in_the_way_of_the_first_of_the_period() -> None:
    # less than 24 hours before 1 May 00:00 is 30 April, from 00:01 on; exactly 24 hours is in order
    rows = "case_id | officer_id | place_id | occurred_at\nA | P | L1 | {} \nB | P | L2 | 2024-05-01 00:00"
    for before, verdict in (("2024-04-30 00:01", "violation"), ("2024-04-30 00:00", "ok"), ("2024-04-29 23:59", "ok")):
        found = judged(NEAR + "24 hours", {"cases": rows.format(before)}, period="2024-05")
        assert found["B"] == verdict, before


def test_a_row_from_the_day_needed_can_be_late_in_the_period_and_no_earlier_one() -> None:
    rows = "measure_id | case_id | fee_charged | started_at\nM | C | 100 | {}"
    for started, told in (("2024-04-15 00:00", True), ("2024-04-14 23:59", False)):
        given = {"measures": rows.format(started), "payments": "payment_id | case_id | amount | paid_at"}
        found = judged(PAID + "15 days", given, table="measures", period="2024-05")
        assert (found.get("M") == "violation") is told, started
