"""Two places at once: the least time between them, intervals that overlap, and the speed that a journey asks for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from math import acos, cos, radians, sin
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.masks import Masks
from auditor.core.text import Text
from auditor.engines import closer
from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule_text

POINTS = "kind: overlap\nwho: officer_id\nat: occurred_at\nplace: place_id\nwithin: 10 minutes"
SPANS = "kind: overlap\nwho: [officer_id]\nat: from_at\nto: to_at\nplace: place_id"
TRAVEL = "kind: overlap\nwho: [officer_id]\nat: occurred_at\nlon: lon\nlat: lat\nspeed_kmh: 120"


@pytest.fixture(autouse=True, scope="module", params=[1, 10**9], ids=["by moments", "by windows"])
def however_many_events_are_near(request: pytest.FixtureRequest) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Where most of them have another near, windows run over all."""
    with patch.object(closer, "_NEAR", request.param):
        yield


def cases(rows: str, check: str = POINTS, **options: str) -> dict[str, str]:
    return judged(check, {"cases": rows}, **options)


def shifts(rows: str, check: str = SPANS, **options: str) -> dict[str, str]:
    return judged(check, {"rosters": rows}, table="rosters", **options)


def test_exactly_the_least_time_apart_is_in_order() -> None:
    found = cases("""
        case_id | officer_id | place_id | occurred_at
        A1      | P1         | L1       | 2024-05-01 10:00
        A2      | P1         | L2       | 2024-05-01 10:10
        B1      | P2         | L1       | 2024-05-01 10:00
        B2      | P2         | L2       | 2024-05-01 10:09
        C1      | P3         | L1       | 2024-05-01 10:00
        C2      | P3         | L1       | 2024-05-01 10:01
        D1      | P4         | L1       | 2024-05-01 10:00
        D2      | P5         | L2       | 2024-05-01 10:00
        TIE1    | P6         | L1       | 2024-05-01 10:00
        TIE2    | P6         | L2       | 2024-05-01 10:00
    """)
    assert of(found, "violation") == ["B2", "TIE2"]
    assert of(found, "ok") == ["A1", "A2", "B1", "C1", "C2", "D1", "D2", "TIE1"]


def test_a_blank_makes_an_event_unknown_and_it_stands_in_nobodys_way() -> None:
    found = cases("""
        case_id  | officer_id | place_id | occurred_at
        A1       | P1         | L1       | 2024-05-01 10:00
        NO_PLACE | P1         |          | 2024-05-01 10:01
        A2       | P1         | L1       | 2024-05-01 10:02
        NO_TIME  | P1         | L2       |
        NOBODY   |            | L1       | 2024-05-01 10:00
        NOBODY2  |            | L2       | 2024-05-01 10:00
    """)
    assert of(found, "unknown") == ["NOBODY", "NOBODY2", "NO_PLACE", "NO_TIME"]
    assert of(found, "ok") == ["A1", "A2"]


def test_events_outside_where_stand_in_nobodys_way() -> None:
    found = cases(
        """
        case_id | officer_id | place_id | occurred_at      | capture
        A1      | P1         | L1       | 2024-05-01 10:00 | on_site
        CAMERA  | P1         | L2       | 2024-05-01 10:01 | camera
        UNTOLD  | P1         | L2       | 2024-05-01 10:02 |
        A2      | P1         | L1       | 2024-05-01 10:03 | on_site
        """,
        extra="where: capture = 'on_site'\n",
    )
    assert found == {"A1": "ok", "CAMERA": "skipped", "UNTOLD": "unknown", "A2": "ok"}


def test_an_event_of_last_month_is_looked_at_and_not_told_again() -> None:
    rows = """
        case_id | officer_id | place_id | occurred_at
        OLD1    | P1         | L1       | 2024-04-01 10:00
        OLD2    | P1         | L2       | 2024-04-01 10:01
        APRIL   | P1         | L1       | 2024-04-30 23:58
        MAY     | P1         | L2       | 2024-05-01 00:02
    """
    assert cases(rows, period="2024-05") == {"MAY": "violation"}


def test_bare_days_are_never_judged() -> None:
    found = cases("""
        case_id | officer_id | place_id | occurred_at
        A1      | P1         | L1       | 2024-05-01
        A2      | P1         | L2       | 2024-05-01
    """)
    assert found == {"A1": "unknown", "A2": "unknown"}


def test_shifts_that_touch_do_not_overlap_and_a_long_one_is_not_forgotten() -> None:
    found = shifts("""
        roster_id | officer_id | place_id | from_at          | to_at
        LONG      | P1         | L1       | 2024-05-01 08:00 | 2024-05-01 18:00
        SAME      | P1         | L1       | 2024-05-01 09:00 | 2024-05-01 10:00
        INSIDE    | P1         | L2       | 2024-05-01 17:59 | 2024-05-01 18:00
        TOUCHES   | P1         | L2       | 2024-05-01 18:00 | 2024-05-01 19:00
        BACKWARDS | P2         | L1       | 2024-05-01 08:00 | 2024-05-01 07:00
        OPEN      | P2         | L2       | 2024-05-01 08:00 |
        FINE      | P2         | L3       | 2024-05-01 08:00 | 2024-05-01 09:00
    """)
    assert of(found, "violation") == ["INSIDE"]
    assert of(found, "ok") == ["FINE", "LONG", "SAME", "TOUCHES"]
    assert of(found, "unknown") == ["BACKWARDS", "OPEN"]


def test_a_least_time_counts_from_the_end_of_a_shift() -> None:
    rows = """
        roster_id | officer_id | place_id | from_at          | to_at
        A         | P1         | L1       | 2024-05-01 08:00 | 2024-05-01 09:00
        B         | P1         | L2       | 2024-05-01 09:29 | 2024-05-01 10:00
        C         | P1         | L1       | 2024-05-01 10:30 | 2024-05-01 11:00
    """
    assert shifts(rows, f"{SPANS}\nwithin: 30 minutes") == {"A": "ok", "B": "violation", "C": "ok"}


def test_a_journey_may_take_one_minute_more_than_recorded() -> None:
    # A degree of latitude is 111.195 km; at 120 km/h and with the minute added, 55 minutes reach 112 km, 54 only 110.
    found = cases(
        """
        case_id | officer_id | lon | lat  | occurred_at
        A1      | P1         | 124 | 41   | 2024-05-01 10:00
        A2      | P1         | 124 | 42   | 2024-05-01 10:54
        B1      | P2         | 124 | 42   | 2024-05-01 10:55
        B2      | P2         | 124 | 41   | 2024-05-01 11:50
        C1      | P3         | 124 | 42   | 2024-05-01 10:00
        C2      | P3         | 124 | 41   | 2024-05-01 10:55
        NEAR1   | P4         | 124 | 41   | 2024-05-01 10:00
        NEAR2   | P4         | 124 | 41.01 | 2024-05-01 10:00
        FAR1    | P5         | 124 | 41   | 2024-05-01 10:00
        FAR2    | P5         | 124 | 41.02 | 2024-05-01 10:00
        NULL1   | P6         |     | 41   | 2024-05-01 10:00
        NULL2   | P6         | 125 |      | 2024-05-01 10:00
        NULL3   | P6         | 125 | 45   | 2024-05-01 10:00
        """,
        TRAVEL,
    )
    assert of(found, "violation") == ["A2", "FAR2"]
    assert of(found, "unknown") == ["NULL1", "NULL2"]


def test_a_finding_tells_of_the_earlier_event_and_cites_it() -> None:
    judged_ = run(
        f"{TRAVEL}\nplace: place_id\nwithin: 5 minutes",
        {
            "cases": """
            case_id | officer_id | place_id | lon | lat | occurred_at
            APRIL   | P1         | L1       | 124 | 41  | 2024-04-30 23:58
            MAY     | P1         | L2       | 124 | 42  | 2024-05-01 00:02
            """
        },
    )
    [finding] = judged_.findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (facts["other"], facts["other_at"], facts["other_place"]) == ("APRIL", "2024-04-30 23:58:00", "L1")
    assert (facts["apart"], facts["distance_km"]) == ("4", "111.2")
    assert [(row.row_key, row.role) for row in judged_.evidence] == [("MAY", "subject"), ("APRIL", "register")]


def test_the_place_of_the_earlier_event_is_told_as_the_column_that_it_is_read_from() -> None:
    def told(column: str, earlier: str, later: str) -> str:
        [finding] = run(
            f"kind: overlap\nwho: officer_id\nat: occurred_at\nplace: {column}\nwithin: 10 minutes",
            {
                "cases": f"""
                case_id | officer_id | {column}  | occurred_at
                A1      | P1         | {earlier} | 2024-05-01 10:00
                A2      | P1         | {later}   | 2024-05-01 10:05
                """
            },
        ).findings
        return Masks(masked=True).sentence(Text(zh="{other_place}", en=""), finding, ()).zh

    assert told("domain", "traffic_police", "transport") == "公安交管"
    assert told("place_id", "L1", "L2") == "L1"
    assert told("plate_no", "辽F12345", "辽F54321") not in ("辽F12345", "—")


def test_fields_that_do_not_go_together_are_refused() -> None:
    head = "kind: overlap\nwho: officer_id\n"
    for check, message in (
        (head, "name the `place`, or `lon`, `lat` and `speed_kmh`"),
        (f"{head}lon: lon\nspeed_kmh: 120", "go together"),
        (f"{head}place: place_id", "is needed where events have no end"),
        (f"{head}place: place_id\nwithin: 1 month", "must be in minutes, hours or days"),
        (f"{head}lon: lon\nlat: lat\nspeed_kmh: 120\nwithin: 5 minutes", "is the time between two places"),
    ):
        _, problems = load(rule_text(check, table="cases"))
        assert [problem for problem in problems if message in problem.message], message


_START = datetime(2024, 5, 1)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from("XYZ"), st.integers(0, 40), st.integers(0, 15)),
        min_size=1,
        max_size=12,
    ),
    minutes=st.integers(0, 6),
)
def test_everybody_who_is_in_two_places_at_once_is_found_and_nobody_else(
    rows: list[tuple[str, str, int, int]], minutes: int
) -> None:
    table = "roster_id | officer_id | place_id | from_at | to_at\n" + "\n".join(
        f"R{number:02} | {who} | {place} | {_START + timedelta(minutes=start)} "
        f"| {_START + timedelta(minutes=start + length)}"
        for number, (who, place, start, length) in enumerate(rows)
    )
    found = shifts(table, f"{SPANS}\nwithin: {minutes} minutes")
    clashing: dict[str, set[str]] = {"A": set(), "B": set()}
    for number, (who, place, start, _) in enumerate(rows):
        for earlier, (other, elsewhere, begun, length) in enumerate(rows):
            before = (begun, earlier) < (start, number) and other == who
            if before and elsewhere != place and start < begun + length + minutes:
                clashing[who].add(f"R{number:02}")
    flagged = set(of(found, "violation"))
    assert flagged <= clashing["A"] | clashing["B"]
    assert set(of(found, "ok")) == set(found) - flagged
    for later in clashing.values():
        assert bool(later) == bool(later & flagged)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 90), st.floats(123, 125).map(lambda x: round(x, 3)), st.floats(40, 42)),
        min_size=1,
        max_size=8,
    ),
    speed=st.integers(20, 200),
)
def test_agrees_with_the_law_of_cosines(rows: list[tuple[int, float, float]], speed: int) -> None:
    table = "case_id | officer_id | lon | lat | occurred_at\n" + "\n".join(
        f"R{number} | P1 | {lon} | {lat} | {_START + timedelta(minutes=at)}"
        for number, (at, lon, lat) in enumerate(rows)
    )
    expected: set[str] = set()
    close: set[str] = set()
    ordered = sorted((at, f"R{number}", lon, lat) for number, (at, lon, lat) in enumerate(rows))
    for (begun, _, lon1, lat1), (at, key, lon2, lat2) in pairwise(ordered):
        a, b = radians(lat1), radians(lat2)
        angle = sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(lon2 - lon1))
        spare = speed * (at - begun + 1) / 60 - 6371.0088 * acos(min(1.0, angle))
        if spare < 0:
            expected.add(key)
        if abs(spare) < 0.01:
            close.add(key)
    found = cases(table, TRAVEL.replace("120", str(speed)))
    assert set(of(found, "violation")) - close == expected - close
