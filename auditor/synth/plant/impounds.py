"""Vehicles, goods and licences kept too long or handed in too late, and the ones a day or a minute short of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.workdays import after

TRANSPORT = "impound.transport-overdue"
PAPERS = "impound.police-papers-overdue"
LATE = "impound.police-handed-in-late"


def plant(p: Planting) -> None:
    _transport(p)
    _papers(p)
    _handed_in(p)


def _transport(p: Planting) -> None:
    def kept(
        kind: Kind, why: str, start: date, released: int | None, *, code: str = "T6301", until: int | None = None,
        approved: bool = True, tested: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        _, measure = p.held(code, "slight", at(start, 10))
        if until is not None:
            measure = replace(measure, extended_until=start + timedelta(days=until))
            if approved:
                agreed = at(after(start, 14), 15)
                measure = replace(measure, extension_approved_by=measure.approved_by, extension_approved_at=agreed)
        if tested is not None:
            first, last = (start + timedelta(days=n) for n in tested)
            measure = replace(measure, test_from=first, test_to=last)
        if released is not None:
            measure = replace(measure, released_at=at(start + timedelta(days=released), 16), disposal="returned")
        p.plant_measure(kind, TRANSPORT, why, measure)

    kept("problem", "released on day 31, no extension", p.day(30, 31), 31)
    kept("decoy", "released on day 30", p.day(30, 31), 30)
    kept("problem", "goods released on day 33, no extension", p.day(30, 33), 33, code="T6902")
    kept(
        "problem",
        "released on day 40; an extension is noted but nobody approved it",
        p.day(30, 40),
        40,
        until=60,
        approved=False,
    )
    kept("problem", "released on day 63: an extension may add no more than 30 days", p.day(60, 63, 65), 63, until=65)
    kept("problem", "released the day after the approved extension ended", p.day(50, 51), 51, until=50)
    kept("decoy", "released on the day on which the approved extension ended", p.day(50), 50, until=50)
    kept("decoy", "released on day 60, the last that an approved extension can reach", p.day(60, 61), 60, until=60)
    kept("decoy", "released on day 38, ten days of which were a test", p.day(30, 38), 38, tested=(5, 14))
    kept("problem", "released on day 45; the test took only ten days of it", p.day(30, 40, 45), 45, tested=(5, 14))
    kept("problem", "still held at the year's end, day 44", date(2025, 11, 17), None)
    kept("decoy", "still held at the year's end, on day 30", date(2025, 12, 1), None)
    start = p.day(40, 43)
    _, police = p.held("1110", "ordinary", at(start, 10))
    supplied, released = (at(start + timedelta(days=n), 11) for n in (40, 43))
    police = replace(police, documents_supplied_at=supplied, released_at=released, disposal="returned")
    p.plant_measure("decoy", TRANSPORT, "a police impound for missing papers: 30 days are not its limit", police)


def _papers(p: Planting) -> None:
    def kept(
        kind: Kind, why: str, supplied: date, count: int | None, *, code: str = "1110", extended: bool = False
    ) -> None:
        """Released on the `count`-th working day after the papers came."""
        _, measure = p.held(code, "ordinary" if code != "1637" else "grave", at(supplied - timedelta(days=3), 10))
        measure = replace(measure, documents_supplied_at=at(supplied, 10))
        if extended:
            agreed = at(after(supplied, 8), 9)
            measure = replace(measure, extension_approved_by=measure.approved_by, extension_approved_at=agreed)
        if count is not None:
            measure = replace(measure, released_at=at(after(supplied, count), 16), disposal="returned")
        p.plant_measure(kind, PAPERS, why, measure)

    national = date(2025, 9, 22)
    kept("problem", "released on working day 11 after the papers came, across National Day", national, 11)
    kept("decoy", "released on working day 10 after the papers came, across National Day", national, 10)
    kept("problem", "released on working day 11 after the plates came", p.day(), 11, code="1708")
    kept("decoy", "released on working day 10 after the insurance was shown", p.day(), 10, code="1709")
    kept("problem", "released on working day 16 despite an approved extension to 15", p.day(), 16, extended=True)
    kept("decoy", "released on working day 15, extension approved", p.day(), 15, extended=True)
    kept("problem", "papers supplied on 1 December, still held at the year's end", date(2025, 12, 1), None)
    kept("decoy", "papers supplied ten working days before the year's end, still held", date(2025, 12, 17), None)
    kept("decoy", "held for overload: this limit is not about it", p.day(), 20, code="1637")
    _, waiting = p.held("1110", "ordinary", at(date(2025, 10, 20), 10))
    p.plant_measure("decoy", PAPERS, "the papers never came", waiting)


def _handed_in(p: Planting) -> None:
    def taken(kind: Kind, why: str, start: datetime, minutes: int | None, *, code: str = "1110") -> None:
        _, measure = p.held(code, "slight" if code == "T6301" else "ordinary", start)
        handed = None if minutes is None else measure.started_at + timedelta(minutes=minutes)
        measure = replace(measure, handed_in_at=handed)
        if minutes is not None:
            end = at(after(measure.started_at.date(), 5), 15)
            if code in ("1110", "1708"):
                measure = replace(measure, documents_supplied_at=end - timedelta(hours=3))
            measure = replace(measure, released_at=end, disposal="returned")
        p.plant_measure(kind, LATE, why, measure)

    taken("problem", "handed in 24 hours and one minute after it was taken", p.moment(), 24 * 60 + 1)
    taken("decoy", "handed in exactly 24 hours after it was taken", p.moment(), 24 * 60)
    taken("problem", "a licence handed in after 30 hours", p.moment(), 30 * 60, code="1712")
    taken("decoy", "a licence handed in after 23 hours and 59 minutes", p.moment(), 24 * 60 - 1, code="1712")
    taken("problem", "a vehicle without plates handed in on the third day", p.moment(), 50 * 60, code="1708")
    taken("problem", "not handed in by the year's end, nine days later", on(12, 22), None)
    taken("decoy", "taken on the year's last evening, not handed in yet", on(12, 31, 20), None)
    taken(
        "decoy",
        "a transport impound handed in after two days: this limit binds the police",
        p.moment(),
        48 * 60,
        code="T6301",
    )
