"""Dates and moments from text: every form that offices write, each beside the one that is just not possible."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.errors import ProfileError
from auditor.intake.columns.dates import SERIAL, is_end, moment, without_open_end
from tests.intake.office import HEADERS, case, loaded, write_csv
from tests.intake.texts import read

Rows = Sequence[tuple[str, datetime | date | None]]
EIGHT = datetime(2024, 5, 3, 8, 5)
SEVEN = datetime(2024, 5, 3, 8, 5, 7)
DAY = datetime(2024, 5, 3)
NEXT = datetime(2024, 5, 4)

FORMS: Rows = [
    # Days, with the calendar's ends and what lies just past them.
    ("2024-05-03", DAY),
    ("2024/5/3", DAY),
    ("2024.5.3", DAY),
    ("2024.05.03", DAY),
    ("2024年5月3日", DAY),
    ("2024年05月03日", DAY),
    ("2024年5月3", DAY),
    ("2024 年 5 月 3 日", DAY),
    ("20240503", DAY),
    ("20240503.0", DAY),
    ("2024-02-29", datetime(2024, 2, 29)),
    ("2024-02-30", None),
    ("2023-02-29", None),
    ("20240229", datetime(2024, 2, 29)),
    ("20240230", None),
    ("2024年2月29日", datetime(2024, 2, 29)),
    ("2024年2月30日", None),
    ("2024.2.29", datetime(2024, 2, 29)),
    ("2024.2.30", None),
    ("2100-02-29", None),
    ("2024-12-31", datetime(2024, 12, 31)),
    ("2024-12-32", None),
    ("2024-13-01", None),
    ("2024-00-01", None),
    ("2024-01-00", None),
    ("20241301", None),
    ("2024年13月1日", None),
    ("2024.13.1", None),
    # A year has four digits, and a date all its parts.
    ("24-05-03", None),
    ("24/5/3", None),
    ("24年5月3日", None),
    ("240503", None),
    ("03/05/2024", None),
    ("5/3/2024", None),
    ("12024-05-03", None),
    ("99999-01-01", None),
    ("2024-05", None),
    ("2024年5月", None),
    ("2024", None),
    ("8:05", None),
    ("昨天", None),
    ("0000-00-00", None),
    ("-2024-05-03", None),
    ("2024-05-03 (BC)", None),
    # Moments.
    ("2024-05-03 08:05", EIGHT),
    ("2024-05-03 8:5", EIGHT),
    ("2024/5/3 8:05", EIGHT),
    ("2024-05-03T08:05:07", SEVEN),
    ("2024-05-03t08:05:07", SEVEN),
    ("2024-05-03 08:05:07.0", SEVEN),
    ("2024-05-03 08:05:07.123456", SEVEN.replace(microsecond=123456)),
    ("2024-05-03  08:05:07", SEVEN),
    ("2024.5.3 8:05:07", SEVEN),
    ("2024.05.03 08:05:07.5", SEVEN.replace(microsecond=500_000)),
    ("2024年5月3日8时5分7秒", SEVEN),
    ("2024年5月3日8时5分", EIGHT),
    ("2024年5月3日8时5", EIGHT),
    ("2024年5月3日8时", datetime(2024, 5, 3, 8)),
    ("2024年5月3日8点", datetime(2024, 5, 3, 8)),
    ("2024年5月3日 8时", datetime(2024, 5, 3, 8)),
    ("2024年5月3日8点5分", EIGHT),
    ("2024年5月3日 8:05", EIGHT),
    ("2024年5月3日8:05:07", SEVEN),
    ("2024年05月03日 08时05分07秒", SEVEN),
    ("2024年5月3日8", None),
    ("202405030805", EIGHT),
    ("20240503080507", SEVEN),
    ("20240503 080507", SEVEN),
    ("20240503 08:05", EIGHT),
    ("20240503T08:05:07", SEVEN),
    ("20240503080507.123", SEVEN.replace(microsecond=123_000)),
    ("20240503080507.0", SEVEN),
    ("2024050308", None),
    ("2024050308050", None),
    ("2024-05-03 23:59:59", datetime(2024, 5, 3, 23, 59, 59)),
    ("2024-05-03 23:60", None),
    ("2024-05-03 23:59:60", None),
    ("2024-05-03 25:00", None),
    ("2024-05-03 8", None),
    ("2024年5月3日8时60分", None),
    ("20240503086000", None),
    ("20240503250000", None),
    # The end of a day is the next midnight (GB/T 7408), and nothing lies behind it.
    ("2024-05-03 24:00", NEXT),
    ("2024-05-03 24:00:00", NEXT),
    ("2024-05-03T24:00", NEXT),
    ("2024.5.3 24:00", NEXT),
    ("2024年5月3日24时", NEXT),
    ("2024年5月3日24时0分", NEXT),
    ("2024年5月3日24:00", NEXT),
    ("20240503240000", NEXT),
    ("2024-12-31 24:00", datetime(2025, 1, 1)),
    ("2024-02-29 24:00", datetime(2024, 3, 1)),
    ("2024-02-30 24:00", None),
    ("2024-05-03 24:00:01", None),
    ("2024-05-03 24:01", None),
    ("2024年5月3日24时1分", None),
    ("20240503240001", None),
    # Halves of a day: twelve in the morning is midnight, twelve in the afternoon is noon.
    ("2024-05-03 上午8:05", EIGHT),
    ("2024年5月3日上午8时5分", EIGHT),
    ("2024年5月3日 下午 8时5分7秒", datetime(2024, 5, 3, 20, 5, 7)),
    ("2024-05-03 8:05 PM", datetime(2024, 5, 3, 20, 5)),
    ("2024-05-03 8:05pm", datetime(2024, 5, 3, 20, 5)),
    ("2024-05-03 8:05:07 am", SEVEN),
    ("2024年5月3日上午12时", DAY),
    ("2024-05-03 12:30 AM", datetime(2024, 5, 3, 0, 30)),
    ("2024年5月3日下午12时", datetime(2024, 5, 3, 12)),
    ("2024-05-03 12:30 PM", datetime(2024, 5, 3, 12, 30)),
    ("2024年5月3日下午13时", datetime(2024, 5, 3, 13)),
    ("2024年5月3日上午13时", None),
    ("2024年5月3日下午25时", None),
    ("2024年5月3日上午8时 PM", None),
    ("2024年5月3日上午", None),
    # Zones become Shanghai's time; the day may change with them.
    ("2024-05-03T08:05:07+08:00", SEVEN),
    ("2024-05-03T08:05:07+0800", SEVEN),
    ("2024-05-03 08:05:07+08", SEVEN),
    ("2024-05-03 08:05:07 +08:00", SEVEN),
    ("2024-05-03T00:05:07Z", SEVEN),
    ("2024-05-03T00:05:07.250z", SEVEN.replace(microsecond=250_000)),
    ("2024-05-03T16:00:00Z", NEXT),
    ("2024-05-03T15:59:59Z", datetime(2024, 5, 3, 23, 59, 59)),
    ("2024-05-02T19:05:07-05:00", SEVEN),
    ("2024-05-03T11:00:00-05:00", NEXT),
    ("2024-05-03T10:59:59-05:00", datetime(2024, 5, 3, 23, 59, 59)),
    ("2024-05-03T02:00:00+14:00", datetime(2024, 5, 2, 20)),
    ("2024-12-31T16:00:00Z", datetime(2025, 1, 1)),
    ("2024-05-03T08:05:07+15:00", None),
    ("2024-05-03T08:05:07+08:60", None),
    ("2024-05-03T08:05:07+8", None),
    ("2024-05-03Z", None),
    # Where the day ends and the hour begins is not to be guessed: the 3rd at 18:05, or the 31st at 8:05.
    ("2024-05-318:05", None),
    ("2024年5月318:05", None),
    ("2024.5.318:05", None),
    ("2024-05-03上午8:05", EIGHT),
    # Only whole texts count.
    ("2024-05-03x", None),
    ("x2024-05-03", None),
    ("2024-05-03 08:05 abc", None),
    ("2024-05-03~2024-05-04", None),
    ("2024-05-03 08:", None),
    ("2024-05-03 08:05:", None),
    ("", None),
    # A serial is one in a workbook only.
    ("45415", None),
    ("45415.5", None),
    # What stands for no end is no day, outside a column of ends.
    ("9999-12-31", None),
    ("9999-01-01", None),
    ("99991231", None),
    ("9998-12-31", datetime(9998, 12, 31)),
    # What office programs make of an empty cell is a day here; the contract sets it aside.
    ("1899-12-30", datetime(1899, 12, 30)),
    ("1900-01-00", None),
]  # fmt: skip

SERIALS: Rows = [
    # 2024-05-03 is day 45,415 from 1899-12-30; 1990-01-01 is 32,874 and 2100-12-31 is 73,415.
    ("45415", DAY),
    ("45415.0", DAY),
    ("45415.", DAY),
    ("45415.5", datetime(2024, 5, 3, 12)),
    ("45415.336886574", SEVEN),  # 29,107 s of 86,400 are .33688657…
    ("45415.33689", SEVEN),
    ("32874", datetime(1990, 1, 1)),
    ("32873", None),
    ("32873.99999", None),
    ("73415", datetime(2100, 12, 31)),
    ("73416", None),
    ("73415.99", datetime(2100, 12, 31, 23, 45, 36)),
    ("20240503", DAY),
    ("4541", None),
    ("454150", None),
    ("-45415", None),
    ("45,415", None),
    ("99999", None),
    ("00000", None),
]

DAYS: Rows = [
    ("2024-05-03", date(2024, 5, 3)),
    ("2024-05-03 08:05", date(2024, 5, 3)),
    ("2024-05-03 24:00", date(2024, 5, 3)),
    ("2024-05-03T24:00", date(2024, 5, 3)),
    ("2024-05-03 24:00:00", date(2024, 5, 3)),
    ("2024-05-03 24:00:00.0", date(2024, 5, 3)),
    ("2024年5月3日24时", date(2024, 5, 3)),
    ("2024年5月3日24时0分0秒", date(2024, 5, 3)),
    ("2024年5月3日 24:00", date(2024, 5, 3)),
    ("20240503240000", date(2024, 5, 3)),
    ("20240503 24:00", date(2024, 5, 3)),
    ("2024-05-03 24:00:01", None),
    ("2024年5月3日24时1分", None),
    ("2024-02-30 24:00", None),
    # 24 is a minute here.
    ("2024-05-03 08:24:00", date(2024, 5, 3)),
    ("2024-05-03 0:24:00", date(2024, 5, 3)),
    ("2024-05-03 08:24", date(2024, 5, 3)),
    ("20240503082400", date(2024, 5, 3)),
    ("2024-05-03T16:00:00Z", date(2024, 5, 4)),
]


def _moments(*, days: bool = False, workbook: bool = False, formats: Sequence[str] = (), cells: bool = False) -> Any:
    def make(text: Any) -> Any:
        value = moment(text, formats, days=days, from_cells=cells, workbook=workbook)
        return value.cast("date") if days else value

    return make


def _wrong(rows: Rows, make: Callable[[Any], Any]) -> list[tuple[str, Any, Any]]:
    found = read([text for text, _ in rows], make)
    return [(text, want, got) for (text, want), got in zip(rows, found, strict=True) if got != want]


def test_every_form_and_its_impossible_neighbour() -> None:
    assert _wrong(FORMS, _moments()) == []


def test_in_a_workbook_the_same_and_serials() -> None:
    without = [row for row in FORMS if row[0] not in ("45415", "45415.5")]
    assert _wrong([*without, *SERIALS], _moments(workbook=True)) == []


def test_of_a_column_of_days_the_end_of_a_day_is_the_day_itself() -> None:
    assert _wrong(DAYS, _moments(days=True)) == []


def test_formats_replace_all_other_forms() -> None:
    rows: Rows = [
        ("03/05/2024", DAY),
        ("2024-05-03", None),
        ("20240503", None),
        ("31/04/2024", None),
        ("03/05/24", None),
        ("45415", None),
        ("2024-05-03 08:05:07", None),
    ]
    assert _wrong(rows, _moments(formats=["%d/%m/%Y"])) == []
    # A typed cell arrives in ISO form whatever the format says; so does not text that only resembles it.
    cells: Rows = [("03/05/2024", DAY), ("2024-05-03 08:05:07", SEVEN), ("2024-5-3", None)]
    assert _wrong(cells, _moments(formats=["%d/%m/%Y"], cells=True)) == []
    serials: Rows = [("45415", DAY), ("32873", None), ("73416", None), ("20240503", None), ("03/05/2024", DAY)]
    assert _wrong(serials, _moments(formats=[SERIAL, "%d/%m/%Y"])) == []
    assert _wrong([("9999-12-31", None)], _moments(formats=["%Y-%m-%d"])) == []


def test_no_end_is_said_in_columns_of_ends_only() -> None:
    rows = ["9999-12-31", "9999/12/31", "9999年12月31日", "99991231", "9999-12-31 23:59:59", "99991231235959"]
    kept = ["9999-12-30", "2024-12-31", "9999-1-1", "999912310"]
    assert read([*rows, *kept], without_open_end) == [None] * len(rows) + kept
    assert [is_end(name) for name in ("valid_to", "extended_until", "valid_from", "occurred_at")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_no_end_and_empty_cells_as_the_store_sees_them(data: Path) -> None:
    header = ["officer_id", "valid_from", "valid_to"]
    rows = [
        ["A", "2020-01-01", "9999-12-31"],
        ["B", "9999-12-31", ""],
        ["C", "1899-12-30", ""],
        ["D", "1900-01-00", ""],
        ["E", "2020-01-01", "2020-13-01"],
    ]
    write_csv(data / "officers.csv", [header, *rows])
    result, store = loaded(data)
    assert store.rows("officers", "officer_id", "valid_to") == [("A", None)]
    assert [(entry.source_row, entry.column, entry.reason) for entry in result.quarantine] == [
        (3, "valid_from", "date_unreadable"),
        (4, "valid_from", "value_implausible"),
        (5, "valid_from", "date_unreadable"),
        (6, "valid_to", "date_unreadable"),
    ]


def test_an_empty_date_is_no_fault_and_an_unreadable_one_is(data: Path) -> None:
    header = [*HEADERS, "decided_at"]
    write_csv(data / "cases.csv", [header, [*case("A"), ""], [*case("B"), "－"], [*case("C"), "　"]])
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "decided_at") == [("A", None), ("C", None)]
    assert [(entry.source_row, entry.reason) for entry in result.quarantine] == [(3, "date_unreadable")]


def _halved(when: datetime) -> str:
    half = "上午" if when.hour < 12 else "下午"
    return f"{when.year}年{when.month}月{when.day}日{half}{when.hour % 12 or 12}时{when.minute}分{when.second}秒"


def _zoned(minutes: int) -> Callable[[datetime], str]:
    zone = timezone(timedelta(minutes=minutes))
    return lambda when: when.replace(tzinfo=timezone(timedelta(hours=8))).astimezone(zone).isoformat()


WRITERS: Sequence[Callable[[datetime], str]] = [
    lambda when: when.isoformat(),
    lambda when: when.isoformat(" "),
    lambda when: f"{when:%Y/%m/%d %H:%M:%S}",
    lambda when: f"{when.year}/{when.month}/{when.day} {when.hour}:{when.minute:02}:{when.second:02}",
    lambda when: f"{when.year}.{when.month}.{when.day} {when.hour}:{when.minute}:{when.second}",
    lambda when: f"{when.year}年{when.month}月{when.day}日{when.hour}时{when.minute}分{when.second}秒",
    lambda when: f"{when.year}年{when.month:02}月{when.day:02}日 {when:%H:%M:%S}",
    lambda when: f"{when:%Y%m%d%H%M%S}",
    lambda when: f"{when:%Y%m%dT%H:%M:%S}",
    lambda when: f"{when:%Y-%m-%d %I:%M:%S %p}",
    _halved,
    _zoned(0),
    _zoned(480),
    _zoned(-300),
    _zoned(345),
]
_TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 30)).map(lambda when: when.replace(microsecond=0))


@settings(max_examples=25, deadline=None)
@given(st.lists(_TIMES, min_size=1, max_size=20))
def test_a_moment_is_read_back_from_every_form(moments: list[datetime]) -> None:
    rows = [(write(when), when) for when in moments for write in WRITERS]
    assert _wrong(rows, _moments(workbook=True)) == []
    serials = [(repr((when - datetime(1899, 12, 30)) / timedelta(days=1)), when) for when in moments]
    assert _wrong(serials, _moments(workbook=True)) == []
    days = [(text, when.date()) for text, when in rows]
    assert _wrong(days, _moments(days=True)) == []


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1990, 2100), st.integers(0, 13), st.integers(0, 32), st.integers(0, 24), st.integers(0, 60)
        ),
        min_size=1,
        max_size=60,
    )
)  # fmt: skip
def test_only_what_the_calendar_has_is_read(parts: list[tuple[int, int, int, int, int]]) -> None:
    rows: list[tuple[str, datetime | None]] = []
    for year, month, day, hour, minute in parts:
        try:
            end = (hour, minute) == (24, 0)
            when: datetime | None = datetime(year, month, day, 0 if end else hour, minute) + timedelta(days=end)
        except ValueError:
            when = None
        rows += [
            (f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}", when),
            (f"{year}{month:02}{day:02}{hour:02}{minute:02}", when),
            (f"{year}年{month}月{day}日{hour}时{minute}分", when),
            (f"{year}.{month}.{day} {hour}:{minute}", when),
        ]
    assert _wrong(rows, _moments()) == []


@pytest.mark.parametrize("form", ["%H:%M", "%Y-%m", "%m-%d", "%Y %H:%M"])
def test_a_format_says_a_whole_day(data: Path, tmp_path: Path, form: str) -> None:
    # DuckDB would fill in 1900 or the first of the month.
    path = tmp_path / "p.yaml"
    columns = f'{{officer_id: 号, valid_from: {{from: 起, format: "{form}"}}}}'
    path.write_text(f"profile: p\ntables:\n  officers:\n    files: [a.csv]\n    columns: {columns}\n", encoding="utf-8")
    write_csv(data / "a.csv", [["号", "起"], ["1", "08:05"]])
    with pytest.raises(ProfileError, match="year, a month and a day") as caught:
        loaded(data, path)
    [problem] = caught.value.problems
    assert problem.location is not None and problem.location.line == 5
