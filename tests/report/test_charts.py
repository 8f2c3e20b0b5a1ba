"""What charts are drawn from, worked out by hand: months, limits, bins, metres, shades; nothing in them is markup."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from auditor.core.finding import Finding, Record
from auditor.core.masks import Masks
from auditor.core.picture import Bin, Peer, Picture, Site, Sites
from auditor.core.result import RuleResult, Slice
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.charts import Chart, words
from auditor.report.charts.distribution import distribution
from auditor.report.charts.events import events
from auditor.report.charts.funnel import funnel, limits
from auditor.report.charts.intervals import intervals
from auditor.report.charts.months import Month, between, month_curve, of_slices
from auditor.report.charts.sites import projected, rule_map, site_map
from auditor.report.charts.varied import Value, varied
from auditor.report.heat import heat_map
from auditor.report.trend import trends, unit_trends
from tests.report.made_up_run import made_up
from tests.report.made_up_subjects import fact

BOOK = Book(made_up(size=1).run, Masks(masked=True))
WHAT = Text("行次", "row checks")
TITLE = Text("标题", "title")


def cells(chart: Chart | None) -> list[tuple[str, ...]]:
    assert chart is not None
    return [tuple(text.en for text in row.texts) for row in chart.rows]


# One convention.


def test_data_cannot_end_the_element_that_holds_them() -> None:
    hostile = "</script><script>alert(1)</script> <!-- & \u2028"
    chart = Chart(name="x", data={"id": hostile}, title=TITLE, caption=TITLE, heads=(), rows=())
    assert not {"<", ">", "&", "\u2028"} & set(str(chart.json))
    assert json.loads(str(chart.json)) == {"title": {"zh": "标题", "en": "title"}, "id": hostile}


def test_words_that_are_the_same_in_both_languages_are_given_once() -> None:
    assert (words(Text("A", "A")), words(TITLE)) == ("A", {"zh": "标题", "en": "title"})


# Months.


def slice_(month: str | None, tested: int, violation: int, unit: str = "U1") -> Slice:
    return Slice(unit_id=unit, month=month, tested=tested, violation=violation, unknown=0)


def test_months_are_added_up_over_units_and_a_month_without_rows_is_told() -> None:
    slices = [slice_("2023-12", 10, 1), slice_("2023-12", 5, 2, "U2"), slice_("2024-02", 7, 0), slice_(None, 9, 9)]
    assert of_slices(slices) == [
        Month(month="2023-12", flagged=3, tested=15),
        Month(month="2024-01", flagged=0, tested=0),
        Month(month="2024-02", flagged=0, tested=7),
    ]
    assert of_slices([slice_(None, 9, 9)]) == []


def test_the_months_between_cross_the_new_year() -> None:
    assert between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert between("2024-02", "2024-02") == ["2024-02"]


def test_the_table_of_a_month_curve_says_what_the_picture_does() -> None:
    months = [Month(month="2024-04", flagged=1, tested=400), Month(month="2024-05", flagged=None, tested=None)]
    chart = month_curve(months, title=TITLE, tone="violation", what=WHAT)
    assert cells(chart) == [("2024-04", "1", "400", "0.25 %"), ("2024-05", "✕", "✕", "✕")]
    assert chart.data["months"] == [
        {"month": "2024-04", "flagged": 1, "tested": 400},
        {"month": "2024-05", "flagged": None, "tested": None},
    ]


def test_without_tested_rows_there_is_no_share() -> None:
    chart = month_curve(
        [Month(month="2024-04", flagged=3, tested=None)], title=TITLE, tone="lead", what=Text("发现数", "findings")
    )
    assert cells(chart) == [("2024-04", "3")]
    assert [head.en for head in chart.heads] == ["Month", "Flagged"]


def test_of_many_months_the_latest_are_drawn_and_all_listed() -> None:
    months = [Month(month=month, flagged=0, tested=1) for month in between("2020-01", "2024-12")]
    chart = month_curve(months, title=TITLE, tone="lead", what=WHAT)
    drawn = chart.data["months"]
    assert isinstance(drawn, list) and (len(drawn), len(chart.rows)) == (36, 60)
    assert drawn[0]["month"] == "2022-01" and "36" in chart.caption.en


# The funnel.


def peer(subject: str, n: int, value: float, expected: float | None, *, flagged: bool = False) -> Peer:
    return Peer(subject_id=subject, n=n, value=value, expected=expected, lower=None, upper=None, flagged=flagged)


def result(picture: Picture, **changes: object) -> RuleResult:
    made = RuleResult(
        rule_id="profit.max-fine-rate", result="flagged", tested=2, grain="officer_id", picture=picture, findings=1
    )
    return replace(made, **changes)


TWO = Picture(
    metric="rate",
    limit=0.2,
    peers=(peer("P01001", 100, 0.9, 0.5, flagged=True), peer("P01002", 400, 0.45, 0.5)),
    spread=0.0,
)


def test_control_limits_are_those_of_chance_at_the_average_expectation() -> None:
    """p = 0.5: the standard deviation is 0.05 of 100 cases and 0.025 of 400."""
    lines = limits(TWO)["95"]
    assert lines[0] == [100, pytest.approx(-0.098, abs=1e-4), pytest.approx(0.098, abs=1e-4)]
    assert lines[-1] == [400, pytest.approx(-0.049, abs=1e-4), pytest.approx(0.049, abs=1e-4)]
    assert limits(TWO)["99.8"][0][2] == pytest.approx(3.0902 * 0.05, abs=1e-4)


def test_the_spread_among_honest_subjects_widens_them() -> None:
    """sqrt(0.05² + 0.05²) = 0.0707."""
    assert limits(replace(TWO, spread=0.05))["95"][0][2] == pytest.approx(1.96 * 0.0707, abs=1e-4)


def test_the_average_expectation_is_weighted_by_cases() -> None:
    """(0.5 · 100 + 0.1 · 400) / 500 = 0.18."""
    mixed = replace(TWO, peers=(peer("A", 100, 0.5, 0.5), peer("B", 400, 0.1, 0.1)))
    assert limits(mixed)["95"][0][2] == pytest.approx(1.96 * (0.18 * 0.82 / 100) ** 0.5, abs=1e-4)


def test_a_fixed_limit_is_the_line_that_shares_lie_about() -> None:
    share = replace(TWO, metric="share", limit=0.5, spread=None, peers=(peer("A", 100, 0.9, None, flagged=True),))
    assert limits(share)["95"][0] == [100, pytest.approx(0.402, abs=1e-4), pytest.approx(0.598, abs=1e-4)]
    chart = funnel(BOOK, result(share), tone="lead")
    assert chart is not None and chart.data["against"] == "limit"
    assert [head.en for head in chart.heads] == ["Subject", "Cases", "Observed", "Verdict"]


def test_every_peer_is_a_point_and_the_flagged_are_named() -> None:
    chart = funnel(BOOK, result(TWO), tone="lead")
    assert chart is not None
    flagged, other = chart.data["points"]  # type: ignore[misc]
    assert (flagged["n"], flagged["y"], flagged["flagged"]) == (100, 0.4, 1)
    assert flagged["name"].startswith("P01001 ") and flagged["href"].startswith("officers/")
    assert (other["n"], other["y"], other["id"]) == (400, -0.05, "P01002")
    assert "name" not in other and "flagged" not in other
    assert cells(chart)[0][1:] == ("100", "90.0 %", "50.0 %", "+40.0 %", "flagged")


def test_subjects_that_are_personal_are_masked() -> None:
    plate = replace(TWO, peers=(peer("辽A12345", 100, 0.9, 0.5, flagged=True),))
    chart = funnel(BOOK, result(plate, grain="plate_no"), tone="lead")
    assert chart is not None
    assert "12345" not in str(chart.json) and "12345" not in cells(chart)[0][0]


def test_who_was_left_out_is_counted_in_the_words_and_under_the_table() -> None:
    chart = funnel(BOOK, result(replace(TWO, left_out=7)), tone="lead")
    assert chart is not None and chart.cut == 7 and "7 more" in chart.caption.en


def test_a_rule_without_peers_has_no_funnel() -> None:
    assert funnel(BOOK, result(Picture(metric="days_overdue", limit=0)), tone="lead") is None
    assert funnel(BOOK, RuleResult(rule_id="x", result="clean"), tone="lead") is None


# Distributions.


def test_days_are_counted_from_the_day_after_the_lower_edge() -> None:
    picture = Picture(
        metric="days_overdue",
        limit=0,
        bins=(
            Bin(low=None, high=-5, ok=2, violation=0),
            Bin(low=-5, high=0, ok=8, violation=0),
            Bin(low=0, high=1, ok=0, violation=3),
            Bin(low=1, high=2, ok=0, violation=0),
            Bin(low=2, high=None, ok=0, violation=1),
        ),
    )
    chart = distribution(result(picture, unknown=6), tone="violation")
    assert cells(chart) == [
        ("-5 and earlier", "2", "0"),
        ("-4 … 0", "8", "0"),
        ("1", "0", "3"),
        ("over 2", "0", "1"),
    ]
    assert chart is not None and chart.data["bins"] == [
        [None, -5, 2, 0],
        [-5, 0, 8, 0],
        [0, 1, 0, 3],
        [1, 2, 0, 0],
        [2, None, 0, 1],
    ]
    assert "10 in time" in chart.caption.en and "4 late" in chart.caption.en and "6 unknown" in chart.caption.en


def test_minutes_in_bins_of_whole_hours_are_told_in_hours() -> None:
    bins = (Bin(low=-60, high=0, ok=1, violation=0), Bin(low=0, high=60, ok=0, violation=1))
    chart = distribution(result(Picture(metric="minutes_overdue", limit=0, bins=bins)), tone="violation")
    assert cells(chart) == [("over -1 … 0", "1", "0"), ("over 0 … 1", "0", "1")]
    assert chart is not None and chart.data["unit"] == {"zh": "小时", "en": "hours"}
    narrow = (Bin(low=-5, high=0, ok=1, violation=0), Bin(low=0, high=5, ok=0, violation=1))
    chart = distribution(result(Picture(metric="minutes_overdue", limit=0, bins=narrow)), tone="violation")
    assert cells(chart) == [("-4 … 0", "1", "0"), ("1 … 5", "0", "1")]


def test_values_about_a_threshold_run_from_their_edge_to_under_the_next() -> None:
    bins = (Bin(low=75, high=80, ok=3, violation=9), Bin(low=80, high=85, ok=4, violation=0))
    chart = distribution(result(Picture(metric="rate", limit=0.1, line=80, bins=bins)), tone="lead")
    assert cells(chart) == [("75 – <80", "3", "9"), ("80 – <85", "4", "0")]
    assert chart is not None and chart.data["line"] == 80 and "unit" not in chart.data


# Intervals and parameters.


def test_an_interval_kept_of_the_excess_is_drawn_about_the_observed_value() -> None:
    one = next(finding for finding in BOOK.findings if finding.expected is not None)
    chart = intervals(BOOK, [replace(one, value=0.7, expected=0.3, lower=0.25, upper=0.5)], tone="lead")
    assert cells(chart)[0][2:] == ("70.0 %", "30.0 %", "55.0 % – 80.0 %")
    assert chart is not None and chart.data["rates"] is True
    assert intervals(BOOK, [replace(one, expected=None)], tone="lead") is None


def test_a_value_that_did_not_run_has_no_number() -> None:
    values = [
        Value(value="10", findings=4, flagged=5, tested=100, as_set=True),
        Value(value="20", findings=None, flagged=0, tested=0, as_set=False),
    ]
    assert cells(varied("cap", values, tone="lead")) == [("10", "4", "5", "100", "5.00 %"), ("20", "✕", "✕", "✕", "✕")]


# Events.


def test_the_events_of_a_chain_are_timed_from_the_first_and_the_window_is_in_minutes() -> None:
    one = next(finding for finding in BOOK.findings if finding.rule_id == "repeat.same-place-time")
    chart = events(BOOK, [replace(one, facts=(*one.facts, fact("window", "duration", "24 hours")))], tone="violation")
    assert chart is not None
    [lane] = chart.data["lanes"]  # type: ignore[misc]
    assert lane["window"] == 1440
    assert [event["minutes"] for event in lane["events"]] == [300 * number for number in range(one.n_cases)]
    assert cells(chart)[1][3] == "+5 h"
    plate = next(fact_.value for fact_ in one.facts if fact_.name == "plate_no")
    assert plate is not None and plate not in str(chart.json)


def collision(**changes: object) -> tuple[Book, Finding]:
    """A case at 09:05 held against another at 09:00."""
    one = next(finding for finding in BOOK.findings if finding.rule_id == "officer.one-alone")
    [row] = BOOK.subjects(one)
    at = datetime(2024, 5, 7, 9, 5)
    values = {"case_id": "K2", "filed_at": "2024-05-09T00:00:00", "occurred_at": at.isoformat()}
    record = Record(
        table_name="cases", row_key="K2", source_file=row.source_file, source_row=row.source_row, values=values
    )
    facts = (fact("other", "string", "K1"), fact("other_at", "timestamp", "2024-05-07T09:00:00"))
    made = replace(one, first_at=at, last_at=at, facts=(*facts, fact("distance_km", "double", "20")), **changes)
    book = Book(replace(BOOK.run, records=(record,), findings=(made,)), Masks(masked=True))
    return book, made


def test_a_collision_shows_the_event_that_it_is_held_against() -> None:
    book, made = collision()
    chart = events(book, [made], tone="lead")
    assert chart is not None
    [lane] = chart.data["lanes"]  # type: ignore[misc]
    assert [(event["key"], event["minutes"], event.get("other")) for event in lane["events"]] == [
        ("K1", 0, 1),
        (BOOK.subjects(made)[0].row_key, 5, None),
    ]
    assert (lane["from"], lane["note"], lane["window"]) == ("2024-05-07 09:00", "20 km", None)


def test_events_whose_moments_no_column_tells_are_not_drawn() -> None:
    book, made = collision()
    assert events(book, [replace(made, last_at=datetime(2024, 5, 7, 9, 6))], tone="lead") is None
    assert events(book, [replace(made, first_at=None)], tone="lead") is None
    assert events(book, [replace(made, facts=())], tone="lead") is None


# Sites.


def site(name: str, lon: float, lat: float) -> Site:
    return Site(site_id=name, name=None, lon=lon, lat=lat)


def test_a_hundredth_of_a_degree_is_1112_m_and_less_across_away_from_the_equator() -> None:
    at_equator = projected([site("A", 9, 0), site("B", 9.01, 0)])
    assert [(one.x, one.y) for one in at_equator.places] == [(-556, 0), (556, 0)]
    up = projected([site("A", 123, 59.99), site("B", 123.01, 60.01)])
    assert [(one.x, one.y) for one in up.places] == [(-278, -1112), (278, 1112)]


def test_the_bar_is_round_and_a_quarter_of_the_width_at_most() -> None:
    """11,120 m across: 2 km fit into a quarter of it, 5 km do not."""
    assert projected([site("A", 9, 0), site("B", 9.1, 0)]).bar == 2000
    assert projected([site("A", 9, 0)]).bar == 10


def test_a_site_that_lies_in_another_province_is_counted_and_not_drawn() -> None:
    found = projected([site("A", 123, 38), site("B", 123.1, 38), site("C", 112, 38)])
    assert (len(found.places), found.far) == (2, 1)


def test_the_map_says_who_has_no_place_and_who_is_not_drawn() -> None:
    made = next(finding for finding in BOOK.findings if finding.subject_type == "camera")
    sites = Sites(
        table_name="cameras",
        sites=(site(made.subject_id, 123, 38), site("OK", 123.01, 38), site("FAR", 100, 38)),
        unplaced=4,
        left_out=5,
    )
    unknown = replace(made, subject_id="GONE")
    chart = site_map(BOOK, sites, [made, unknown], tone="")
    assert chart is not None
    for said in ("12 in all, 2 drawn, 1 flagged", "4 without usable coordinates", "1 more that are flagged", "5 more"):
        assert said in chart.caption.en
    quiet, flagged = chart.data["sites"]  # type: ignore[misc]
    assert quiet["id"] == "OK" and "name" not in quiet
    assert (flagged["violations"], flagged["leads"], flagged["href"]) == (1, 0, BOOK.finding_href(made))
    assert cells(chart) == [(made.subject_id, "1", "0", "123.00000", "38.00000")]


def test_a_rule_about_devices_has_their_map_and_one_about_cases_has_none() -> None:
    cards = BOOK.cards
    camera = rule_map(BOOK, cards["camera.unpublished"], BOOK.by_rule["camera.unpublished"])
    assert camera is not None and "cameras" in camera.title.en
    assert rule_map(BOOK, cards["officer.one-alone"], BOOK.by_rule["officer.one-alone"]) is None


# The heat map and the trends.


def counted(*slices: Slice, rule: str = "officer.one-alone", covers: tuple[str, ...] = ("A6-01",)) -> Book:
    cards = tuple(
        replace(card, covers=covers, certainty="violation") if card.rule_id == rule else replace(card, status="trial")
        for card in BOOK.run.cards
    )
    results = (RuleResult(rule_id=rule, result="clean", tested=1, slices=slices),)
    units = {"U1": "one", "U2": "two"}
    return Book(replace(BOOK.run, cards=cards, results=results, findings=(), units=units), Masks(masked=True))


@pytest.mark.parametrize(
    ("flagged", "tested", "css"),
    [
        (0, 0, "unseen"),
        (1, 2, "small"),
        (1, 19, "small"),
        (0, 20, "none"),
        (1, 20, "s3"),
        (1, 1000, "s1"),
        (2, 1000, "s2"),
        (1, 100, "s2"),
        (11, 1000, "s3"),
        (51, 1000, "s4"),
    ],
)
def test_shade_follows_the_share_in_fixed_steps_and_small_numbers_get_none(flagged: int, tested: int, css: str) -> None:
    book = counted(slice_("2024-05", tested, flagged), slice_("2024-05", 50, 0, "U2"))
    found = heat_map(book, "violation")
    assert found is not None
    place = [code for code, _ in found.chapters].index("A6")
    assert found.rows[0].cells[place].css == css
    assert (found.rows[0].cells[place].flagged, found.rows[0].cells[place].tested) == (str(flagged), f"{tested:,}")


def test_a_chapter_that_no_rule_tested_is_unseen_and_not_nothing() -> None:
    found = heat_map(counted(slice_("2024-05", 30, 1)), "violation")
    assert found is not None
    seen = {code for (code, _), cell in zip(found.chapters, found.rows[0].cells, strict=True) if cell.css != "unseen"}
    assert seen == {"A6"}
    assert {cell.css for cell in found.rows[1].cells} == {"unseen"}


def test_a_rule_that_covers_two_items_of_a_chapter_counts_once_in_it_and_in_each_other_chapter() -> None:
    book = counted(slice_("2024-05", 30, 1), slice_(None, 10, 1, "U2"), covers=("A1-01", "A1-02", "T-03"))
    found = heat_map(book, "violation")
    assert found is not None
    total = dict(zip([code for code, _ in found.chapters], found.total.cells, strict=True))
    assert (total["A1"].flagged, total["A1"].tested) == ("2", "40") == (total["T"].flagged, total["T"].tested)


def test_leads_and_violations_never_stand_in_one_map() -> None:
    assert heat_map(counted(slice_("2024-05", 30, 1)), "lead") is None


def test_a_trend_needs_two_months_and_a_unit_has_its_own() -> None:
    assert trends(counted(slice_("2024-05", 30, 1))) == []
    book = counted(slice_("2024-04", 10, 0), slice_("2024-05", 30, 1), slice_("2024-05", 5, 5, "U2"))
    [whole] = trends(book)
    assert cells(whole) == [("2024-04", "0", "10", "0 %"), ("2024-05", "6", "35", "17.1 %")]
    by_unit = unit_trends(book)
    assert cells(by_unit["U1"][0]) == [("2024-04", "0", "10", "0 %"), ("2024-05", "1", "30", "3.33 %")]
    assert by_unit["U2"] == []
