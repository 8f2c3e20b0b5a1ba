"""Who was there: expired second officers, strangers to the unit, off duty, at two places; an agent's officer."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from auditor.synth import identity, steps
from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.police_records import Roster
from auditor.synth.records import Case
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    _credentials(p)
    _units(p)
    _hours(p)
    _travel(p)
    _duty(p)
    _agents(p)
    _witnesses(p)
    _filmed(p)


def _credentials(p: Planting) -> None:
    last = date(2025, 6, 17)
    gone = enlist(p.officers, "JJ03", 41, "officer", valid_to=last)
    rule = "officer.second-credential-not-in-force"
    for kind, days, why in (
        ("problem", 1, "the second officer's credential had expired the day before"),
        ("decoy", 0, "the second officer's credential expired at the end of the day"),
    ):
        case = p.case("1353", "slight", at(last + timedelta(days=days), 9, 20), unit="JJ03")
        p.plant("problem" if kind == "problem" else "decoy", rule, why, replace(case, officer2_id=gone))
    rule = "officer.deciding-credential-not-in-force"
    for kind, days, why in (
        ("problem", 1, "a camera record decided the day after the officer's credential had expired"),
        ("decoy", 0, "a camera record decided on the last day of the officer's credential"),
    ):
        case = p.case("1345", "ordinary", on(6, 3, 9), unit="JJ03", capture="camera", officer=gone)
        begun = at(last + timedelta(days=days), 10, 30)
        waited = replace(steps.settled(p.rng, begun, begun), entered_at=case.entered_at, notified_at=case.notified_at)
        p.plant("problem" if kind == "problem" else "decoy", rule, why, steps.taken(case, waited))


def _units(p: Planting) -> None:
    rule = "officer.other-unit"
    other, head = p.agency.post("JJ03").members[0].officer_id, p.agency.reviewers["traffic_police"][0]
    for kind, officer, why in (
        ("problem", other, "an officer of another squad"),
        ("decoy", head, "an officer of the headquarters above the squad"),
    ):
        case = p.case("1344", "ordinary", p.moment(), unit="JJ01", officer=officer)
        p.plant("problem" if kind == "problem" else "decoy", rule, why, case)


def _hours(p: Planting) -> None:
    for number, kind, count in ((82, "problem", 30), (83, "decoy", 29)):
        officer = enlist(p.officers, "JJ02", number, "officer")
        begun = at(p.day(), 9)
        cases = [
            p.add(p.case("6011", "ordinary", begun + timedelta(minutes=2 * n), unit="JJ02", officer=officer, place=3))
            for n in range(count)
        ]
        p.plant(
            "problem" if kind == "problem" else "decoy", "officer.too-many-an-hour",
            f"{count} tickets within an hour", *cases, key={"officer_id": officer},
        )  # fmt: skip


def _travel(p: Planting) -> None:
    """Two places some 20 kilometres apart: ten minutes at 120 km/h, and an hour is enough."""
    for number, kind, minutes, why in (
        (84, "problem", 5, "twenty kilometres in five minutes"),
        (85, "decoy", 60, "twenty kilometres in an hour"),
    ):
        officer = enlist(p.officers, "JJ02", number, "officer")
        begun = at(p.day(), 9)
        first = p.add(p.case("1344", "ordinary", begun, unit="JJ02", officer=officer, place=4))
        second = p.case("1344", "ordinary", begun + timedelta(minutes=minutes), unit="JJ02", officer=officer, place=4)
        assert first.lat is not None
        second = replace(second, place_id="LW01", place_name="样例县样例河大桥", lat=round(first.lat + 0.18, 5))
        assert first.case_id
        p.plant("problem" if kind == "problem" else "decoy", "officer.impossible-travel", why, p.add(second))


def _duty(p: Planting) -> None:
    rule = "officer.off-duty"
    for number, kind, days, why in (
        (86, "problem", (0, 2), "a case on a day without a shift between two with one"),
        (87, "decoy", (0, 1, 2), "a case during a shift"),
    ):
        officer = enlist(p.officers, "JJ02", number, "officer")
        begun = p.day(1, 2)
        for day in days:
            shift = at(begun + timedelta(days=day), 8)
            p.enter(_shift(officer, shift), "roster_id")
        case = p.case("1344", "ordinary", at(begun + timedelta(days=1), 15), unit="JJ02", officer=officer)
        p.plant("problem" if kind == "problem" else "decoy", rule, why, case)


def _shift(officer: str, begun: datetime) -> Roster:
    return Roster(
        roster_id="", officer_id=officer, from_at=begun, to_at=begun + timedelta(hours=9), post="路面勤务",
        video_id=f"SP{begun:%m%d}{officer}",
    )  # fmt: skip


def _agents(p: Planting) -> None:
    """An agent whose cases all go to one officer, and one who takes whoever is at the window."""
    members = [member.officer_id for member in p.agency.post("JJ02").members]
    for number, kind, count in ((1, "problem", 20), (2, "decoy", 19)):
        agent = identity.resident_number(9_800_000 + number)
        cases: list[Case] = []
        for n in range(count):
            officer = members[0] if kind == "problem" else members[1 + n % (len(members) - 1)]
            case = p.case("1345", "ordinary", on(7, 1, 8, n), unit="JJ02", capture="camera", officer=officer)
            begun = at(date(2025, 8, 4) + timedelta(days=n), 10, n)
            waited = steps.settled(p.rng, begun, begun)
            waited = replace(waited, entered_at=case.entered_at, notified_at=case.notified_at)
            cases.append(p.add(replace(steps.taken(case, waited), agent_id=agent)))
        named: Kind = "problem" if kind == "problem" else "decoy"
        why = "all of an agent's cases go to one officer" if kind == "problem" else "an agent's cases go to everybody"
        who = members[0] if kind == "problem" else members[1]
        p.name_row(named, "officer.agent-pair", why, "officers", who, "officer_id")
        why = f"{count} parties through one agent within thirty days"
        p.plant(named, "agent.many-parties", why, cases[-1], key={"agent_id": agent})
    for number in range(5):
        for n, member in enumerate(members):
            agent = identity.resident_number(9_800_100 + number)
            case = p.case("1345", "ordinary", on(4 + number, 1, 8, n), unit="JJ02", capture="camera", officer=member)
            p.add(replace(case, agent_id=agent))


def _witnesses(p: Planting) -> None:
    rule = "entrapment.same-witness"
    for number, kind, count in ((3, "problem", 3), (4, "decoy", 2)):
        witness = identity.resident_number(9_800_000 + number)
        cases = [
            p.add(replace(p.case("T3402", "slight", p.moment(), unit="JT02"), witness_id=witness)) for _ in range(count)
        ]
        p.plant(
            "problem" if kind == "problem" else "decoy", rule, f"the same witness in {count} cases", *cases,
            key={"witness_id": witness},
        )  # fmt: skip


def _filmed(p: Planting) -> None:
    """Tickets of the last quarter, so that the unit whose footage is missing has enough of them at any size."""
    for n in range(30):
        p.add(p.case("6011", "ordinary", at(after(date(2025, 11, 3), n), 10, n), unit="JJ03", place=5))
