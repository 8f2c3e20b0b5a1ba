"""The canonical files read with nothing but the standard library, and each rule said again in plain Python.

Written from the rules' descriptions, not from their YAML and not from the generator: a third opinion.
"""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

AS_OF = date(2025, 12, 31)
END = datetime(2026, 1, 1)
Record = dict[str, str]


@dataclass(frozen=True)
class County:
    cases: list[Record]
    measures: list[Record]
    cameras: list[Record]
    officers: list[Record]
    units: list[Record]
    schedule: list[Record]
    payments: list[Record]
    lots: list[Record]
    planted: list[dict]


def read(folder: Path) -> County:
    def rows(name: str) -> list[Record]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    names = ("cases", "measures", "cameras", "officers", "units", "penalty_schedule", "payments", "lots")
    return County(*(rows(name) for name in names), json.loads((folder / "planted.json").read_text(encoding="utf-8")))


@cache
def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


@cache
def working_days_after(first: date, last: date) -> int:
    """How many working days lie after the first day, up to and including the last."""
    return sum(chinese_calendar.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def schedule_row(county: County, case: Record) -> Record | None:
    on = day(case["occurred_at"])
    found = [
        row
        for row in _by_code(tuple(tuple(row.items()) for row in county.schedule)).get(case["violation_code"], ())
        if row["grade"] in ("", case["grade"])
        and row["party_type"] in ("", case["party_type"])
        and day(row["valid_from"]) <= on
        and (not row["valid_to"] or on <= day(row["valid_to"]))
    ]
    assert len(found) <= 1, "two rows of the schedule in force"
    return found[0] if found else None


@cache
def _by_code(rows: tuple) -> dict[str, list[Record]]:
    codes: dict[str, list[Record]] = defaultdict(list)
    for row in map(dict, rows):
        codes[row["violation_code"]].append(row)
    return codes


def ordinary(case: Record) -> bool:
    return case["procedure"] == "ordinary"


def fines_above(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if case["fine_amount"]
        and (row := schedule_row(county, case))
        and row["statutory_max"]
        and int(case["fine_amount"]) > int(row["statutory_max"])
    }


def fines_below(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if case["outcome"] == "fine"
        and not case["deviation_reason"]
        and (row := schedule_row(county, case))
        and row["statutory_min"]
        and int(case["fine_amount"]) < int(row["statutory_min"])
    }


def above_cap(county: County) -> set[str]:
    def cap(case: Record) -> int:
        return 3000 if case["domain"] == "transport" and case["party_type"] == "organization" else 200

    return {
        case["case_id"]
        for case in county.cases
        if case["procedure"] == "summary" and case["fine_amount"] and int(case["fine_amount"]) > cap(case)
    }


def reviewer_is_handler(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if ordinary(case) and case["reviewer_id"] and case["reviewer_id"] in (case["officer_id"], case["officer2_id"])
    }


def repeated(county: County) -> set[frozenset[str]]:
    """The groups of fined cases that follow each other within 24 hours."""
    series: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for case in county.cases:
        if case["plate_no"] and case["outcome"] == "fine":
            series[case["plate_no"], case["violation_code"], case["place_id"]].append(case)
    groups: set[frozenset[str]] = set()
    for cases in series.values():
        cases.sort(key=lambda case: case["occurred_at"])
        group = [cases[0]]
        for case in [*cases[1:], None]:
            if case and moment(case["occurred_at"]) - moment(group[-1]["occurred_at"]) <= timedelta(hours=24):
                group.append(case)
                continue
            if len(group) > 1:
                groups.add(frozenset(each["case_id"] for each in group))
            group = [case] if case else []
    return groups


def transport_overdue(county: County) -> set[str]:
    late: set[str] = set()
    for row in county.measures:
        if row["domain"] != "transport" or row["kind"] not in ("impound_vehicle", "seize_property"):
            continue
        start = day(row["started_at"])
        allowed = 30
        if row["extended_until"] and row["extension_approved_at"]:
            allowed = max(30, min(60, (day(row["extended_until"]) - start).days))
        if row["test_from"] and row["test_to"]:
            allowed += (day(row["test_to"]) - day(row["test_from"])).days + 1
        if ((day(row["released_at"]) or AS_OF) - start).days > allowed:
            late.add(row["measure_id"])
    return late


def papers_overdue(county: County) -> set[str]:
    return {
        row["measure_id"]
        for row in county.measures
        if row["domain"] == "traffic_police"
        and row["kind"] == "impound_vehicle"
        and row["ground"] in ("missing_plate", "missing_papers", "no_insurance")
        and row["documents_supplied_at"]
        and working_days_after(day(row["documents_supplied_at"]), day(row["released_at"]) or AS_OF)
        > (15 if row["extension_approved_at"] else 10)
    }


def handed_in_late(county: County) -> set[str]:
    return {
        row["measure_id"]
        for row in county.measures
        if row["domain"] == "traffic_police"
        and row["kind"] in ("impound_vehicle", "hold_licence")
        and (moment(row["handed_in_at"]) or END) - moment(row["started_at"]) > timedelta(hours=24)
    }


def unpublished(county: County) -> dict[str, set[str]]:
    """Case ids by camera."""
    register = {row["camera_id"]: row for row in county.cameras}
    found: dict[str, set[str]] = defaultdict(set)
    for case in county.cases:
        if case["capture"] != "camera":
            continue
        row, when = register.get(case["camera_id"]), moment(case["occurred_at"])
        if (
            row is None
            or moment(row["published_at"]) > when
            or (row["published_until"] and day(row["published_until"]) < when.date())
        ):
            found[case["camera_id"]].add(case["case_id"])
    return dict(found)


def decided_late(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if ordinary(case)
        and case["filed_at"]
        and ((day(case["decided_at"]) or AS_OF) - day(case["filed_at"])).days > 90
    }


def served_late(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if ordinary(case)
        and case["decided_at"]
        and working_days_after(day(case["decided_at"]), day(case["served_at"]) or AS_OF) > 7
    }


def in_force(county: County, officer_id: str, on: date) -> list[Record]:
    return [
        row
        for row in county.officers
        if row["officer_id"] == officer_id and day(row["valid_from"]) <= on <= day(row["valid_to"])
    ]


def not_in_force(county: County) -> set[str]:
    known = _credentials(county)
    return {
        case["case_id"]
        for case in county.cases
        if case["officer_id"]
        and not any(first <= case["occurred_at"][:10] <= last for first, last, _ in known.get(case["officer_id"], ()))
    }


def one_alone(county: County) -> set[str]:
    return {
        case["case_id"]
        for case in county.cases
        if ordinary(case) and case["capture"] == "on_site" and case["officer2_id"] in ("", case["officer_id"])
    }


def auxiliary_alone(county: County) -> set[str]:
    known = _credentials(county)

    def auxiliary(officer_id: str, on: str) -> bool:
        return any(first <= on <= last and role == "auxiliary" for first, last, role in known.get(officer_id, ()))

    return {
        case["case_id"]
        for case in county.cases
        if (named := [case[name] for name in ("officer_id", "officer2_id") if case[name]])
        and all(auxiliary(officer_id, case["occurred_at"][:10]) for officer_id in named)
    }


def _credentials(county: County) -> dict[str, list[tuple[str, str, str]]]:
    known: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in county.officers:
        known[row["officer_id"]].append((row["valid_from"], row["valid_to"], row["role"]))
    return known


SINGLE = {
    "profit.fine-above-range": fines_above,
    "profit.fine-below-range": fines_below,
    "procedure.summary-above-cap": above_cap,
    "procedure.reviewer-is-handler": reviewer_is_handler,
    "impound.transport-overdue": transport_overdue,
    "impound.police-papers-overdue": papers_overdue,
    "impound.police-handed-in-late": handed_in_late,
    "case.decision-overdue": decided_late,
    "case.service-late": served_late,
    "officer.credential-not-in-force": not_in_force,
    "officer.one-alone": one_alone,
    "officer.auxiliary-alone": auxiliary_alone,
}
"""The rules that put each finding on one row."""
