"""Who acts: credentials that were not in force, one officer alone, auxiliaries alone."""

from dataclasses import replace
from datetime import date, timedelta

from auditor.synth.agency import enlist
from auditor.synth.planting import Kind, Planting, at, on
from auditor.synth.records import Case

CREDENTIAL, ALONE, AUXILIARY = (
    "officer.credential-not-in-force",
    "officer.one-alone",
    "officer.auxiliary-alone",
)


def plant(p: Planting) -> None:
    _credentials(p)
    _alone(p)
    _auxiliaries(p)


def _credentials(p: Planting) -> None:
    def act(kind: Kind, why: str, unit: str, officer: str, day: date, hour: int = 9) -> None:
        code, grade = ("1344", "ordinary") if unit.startswith("JJ") else ("T3600", "ordinary")
        p.plant(kind, CREDENTIAL, why, p.case(code, grade, at(day, hour, 12), unit=unit, officer=officer))

    for unit, number, last in (("JJ04", 31, date(2025, 6, 15)), ("JT02", 31, date(2025, 8, 20))):
        officer = enlist(p.officers, unit, number, "officer", valid_to=last)
        act("decoy", "the credential expired at the end of the day of the act", unit, officer, last, 17)
        act("problem", "the credential had expired the day before the act", unit, officer, last + timedelta(days=1))
    fresh = enlist(p.officers, "JJ02", 32, "officer", valid_from=date(2025, 4, 1))
    act("problem", "the act was the day before the credential began", "JJ02", fresh, date(2025, 3, 31), 16)
    act("decoy", "the credential began on the day of the act", "JJ02", fresh, date(2025, 4, 1), 8)
    renewed = enlist(p.officers, "JJ01", 33, "officer", valid_to=date(2025, 5, 31))
    enlist(p.officers, "JJ01", 33, "officer", valid_from=date(2025, 6, 1), renewal=1)
    act("decoy", "two credentials in succession, the act under the first", "JJ01", renewed, date(2025, 5, 31))
    act("decoy", "two credentials in succession, the act under the second", "JJ01", renewed, date(2025, 6, 1))
    lapsed = enlist(p.officers, "JJ03", 34, "officer", valid_to=date(2025, 7, 31))
    enlist(p.officers, "JJ03", 34, "officer", valid_from=date(2025, 8, 4), renewal=1)
    act("problem", "the act fell between two credentials", "JJ03", lapsed, date(2025, 8, 2))
    unknown = replace(p.case("1603", "serious", p.moment(), unit="JJ01"), officer_id="000777")
    p.plant("problem", CREDENTIAL, "the officer is not in the register", unknown)


def _alone(p: Planting) -> None:
    for code, grade in (("1603", "serious"), ("T6400", "slight")):
        case = replace(p.case(code, grade, p.moment()), officer2_id=None)
        p.plant("problem", ALONE, "ordinary procedure on the road, one officer named", case)
    case = p.case("1353", "slight", p.moment())
    p.plant("problem", ALONE, "the same officer named twice", replace(case, officer2_id=case.officer_id))
    summary = replace(p.case("1344", "ordinary", p.moment()), officer2_id=None)
    p.plant("decoy", ALONE, "summary procedure, for which one officer is enough", summary)
    seen = replace(p.case("T0064", "slight", p.moment(), unit="JT03", capture="camera"), officer2_id=None)
    p.plant("decoy", ALONE, "ordinary procedure on a camera record: nobody was stopped on the road", seen)
    passed = replace(p.case("1353", "ordinary", p.moment(), capture="transfer"), officer2_id=None)
    p.plant("decoy", ALONE, "ordinary procedure in a case handed over by another body", passed)


def _auxiliaries(p: Planting) -> None:
    first, second = p.agency.post("JJ01").auxiliaries[:2]
    helper = p.agency.post("JT01").auxiliaries[0]
    partner = p.agency.post("JT01").members[0].officer_id

    def named(case: Case, officer: str, other: str | None) -> Case:
        return replace(case, officer_id=officer, officer2_id=other)

    alone = p.case("1344", "ordinary", p.moment(), unit="JJ01")
    p.plant("problem", AUXILIARY, "an auxiliary alone", named(alone, first, None))
    pair = p.case("1603", "serious", p.moment(), unit="JJ01")
    p.plant("problem", AUXILIARY, "two auxiliaries and no officer", named(pair, first, second))
    both = p.add(named(p.case("T6400", "slight", p.moment(), unit="JT01"), helper, None))
    p.plant("problem", AUXILIARY, "an auxiliary alone in ordinary procedure", both)
    p.plant("problem", ALONE, "ordinary procedure on the road, one auxiliary named", both)
    seen = p.case("1345", "ordinary", p.moment(), unit="JJ01", capture="camera")
    p.plant("problem", AUXILIARY, "a camera record decided by an auxiliary alone", named(seen, second, None))
    leading = p.agency.post("JJ01").members[0].officer_id
    p.plant(
        "decoy", AUXILIARY, "an officer with an auxiliary at hand",
        named(p.case("1344", "ordinary", p.moment(), unit="JJ01"), leading, first),
    )  # fmt: skip
    p.plant(
        "decoy", AUXILIARY, "an auxiliary named first, an officer second",
        named(p.case("T3600", "slight", p.moment(), unit="JT01"), helper, partner),
    )  # fmt: skip
    sworn = enlist(p.officers, "JJ02", 61, "auxiliary", valid_to=date(2025, 3, 31))
    enlist(p.officers, "JJ02", 61, "officer", valid_from=date(2025, 4, 1), renewal=1)
    p.plant(
        "decoy", AUXILIARY, "an auxiliary once, an officer since the day of the act",
        p.case("1345", "ordinary", on(4, 1, 11), unit="JJ02", officer=sworn),
    )  # fmt: skip
    p.plant(
        "problem", AUXILIARY, "still an auxiliary on the day of the act",
        replace(p.case("1345", "ordinary", on(3, 31, 11), unit="JJ02", officer=sworn), officer2_id=None),
    )  # fmt: skip
