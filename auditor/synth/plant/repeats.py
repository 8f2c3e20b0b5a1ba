"""The same vehicle fined again for the same thing at the same place."""

from dataclasses import replace
from datetime import datetime, timedelta

from auditor.synth.planting import Planting, at
from auditor.synth.records import Case

RULE = "repeat.same-place-time"


def plant(p: Planting) -> None:
    for gaps, why in (
        ((180,), "fined twice within three hours for the same parked vehicle"),
        ((24 * 60,), "fined twice, exactly 24 hours apart"),
        ((300, 800), "fined three times within 14 hours"),
    ):
        p.plant("problem", RULE, why, *_series(p, gaps))
    p.plant("decoy", RULE, "fined twice, 24 hours and one minute apart", *_series(p, (24 * 60 + 1,)))
    first, second = _series(p, (120,))
    other = p.case("1039", "ordinary", second.occurred_at, unit="JJ01", place=8)
    moved = replace(second, place_id=other.place_id, place_name=other.place_name, lon=other.lon, lat=other.lat)
    p.plant("decoy", RULE, "the same plate two hours later at another place", first, moved)
    first, second = _series(p, (60,))
    coded = replace(second, violation_code="1345", violation_name="违反禁止标线指示", points=1)
    p.plant("decoy", RULE, "the same plate and place an hour later for another offence", first, coded)
    first, second = _series(p, (120,))
    warned = replace(first, outcome="warning", fine_amount=0, paid_at=None)
    p.plant("decoy", RULE, "a warning first, the fine two hours later", warned, second)
    p.plant("decoy", RULE, "three fines, each 25 hours after the last", *_series(p, (1500, 3000)))
    day = _start(p)
    walkers = [p.case("3001", "slight", day + timedelta(minutes=n), unit="JJ01", place=6) for n in (0, 7)]
    p.plant("decoy", RULE, "two pedestrians, who have no plate, at one crossing", *walkers)


def _start(p: Planting) -> datetime:
    return at(p.day(), 8, int(p.rng.random() * 60))


def _series(p: Planting, gaps: tuple[int, ...]) -> list[Case]:
    """One vehicle parked at one place, fined at the start and after each gap in minutes."""
    vehicle, start = p.vehicle(), _start(p)
    return [
        p.case("1039", "ordinary", start + timedelta(minutes=gap), unit="JJ01", vehicle=vehicle, place=7)
        for gap in (0, *gaps)
    ]
