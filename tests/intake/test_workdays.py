"""The calendar that deadlines are counted on."""

from datetime import date, timedelta
from pathlib import Path

from auditor.intake.store.workdays import announced_years, workdays
from tests.intake.office import HEADERS, case, loaded, write_csv


def _calendar(data: Path) -> dict[date, tuple[bool, bool, int]]:
    _, store = loaded(data)
    return {day: rest for day, *rest in store.rows("workdays", "day", "is_workday", "announced", "ordinal")}  # type: ignore[misc]


def test_swapped_days_around_the_festivals_of_2024(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    days = _calendar(data)
    # National Day: off from 1 to 7 October; the Sunday before and the Saturday after were worked.
    assert days[date(2024, 9, 29)][0] and days[date(2024, 10, 12)][0]
    assert not any(days[date(2024, 10, number)][0] for number in range(1, 8))
    assert days[date(2024, 10, 8)][2] - days[date(2024, 9, 30)][2] == 1
    assert days[date(2024, 10, 13)][2] - days[date(2024, 10, 7)][2] == 5


def test_every_day_without_a_gap_and_three_years_ahead(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    days = _calendar(data)
    _, last = announced_years()
    assert min(days) == date(2004, 1, 1) and max(days) == date(last + 3, 12, 31)
    assert len(days) == (max(days) - min(days)).days + 1
    assert days[date(last, 12, 31)][1] and not days[date(last + 1, 1, 1)][1]
    monday = next(day for day in sorted(days) if day.year > last and day.weekday() == 0)
    assert [days[monday + timedelta(days=number)][0] for number in range(7)] == [True] * 5 + [False] * 2
    assert days[max(days)][2] == sum(is_workday for is_workday, _, _ in days.values())


def test_the_agency_overrules_the_calendar(data: Path) -> None:
    _, last = announced_years()
    sunday = next(day for day in (date(last + 1, 1, 1) + timedelta(days=n) for n in range(7)) if day.weekday() == 6)
    rows = [["2024-05-03", "否"], [sunday.isoformat(), "是"], ["2024-05-32", "是"]]
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    write_csv(data / "workdays.csv", [["day", "is_workday"], *rows])
    result, store = loaded(data)
    days = {day: (worked, said) for day, worked, said in store.rows("workdays", "day", "is_workday", "announced")}
    assert days[date(2024, 5, 3)] == (False, True) and days[sunday] == (True, True)
    assert result.rows["workdays"] == 2
    assert [entry.reason for entry in result.quarantine] == ["date_unreadable"]


def test_days_of_the_agency_outside_the_calendar_extend_it() -> None:
    days, _, announced = workdays({date(2040, 1, 2): True})
    assert days[-1] == date(2040, 1, 2) and announced[-1] and len(days) == len(set(days))
