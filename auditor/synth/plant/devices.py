"""Cameras whose place was not published when they caught somebody, and cameras just published in time."""

from dataclasses import replace
from datetime import date, datetime

from auditor.synth.agency import camera
from auditor.synth.planting import Kind, Planting, on
from auditor.synth.records import Camera, Case

RULE = "camera.unpublished"


def plant(p: Planting) -> None:
    late = _device(p, "JJ01", 101, published_at=on(5, 20, 9))
    caught = [_caught(p, late, when) for when in (on(5, 19, 15, 12), on(5, 19, 17, 40))]
    after = _caught(p, late, on(6, 3, 8, 25))
    _planted(p, "problem", "published on the day after two captures", late, caught, also=[after])
    unlisted = _device(p, "JJ02", 102, listed=False)
    _planted(
        p, "problem", "not in the register of cameras", unlisted,
        [_caught(p, unlisted, on(month, 11, 7 + month, 31)) for month in (3, 5, 7)],
    )  # fmt: skip
    ended = _device(p, "JJ03", 103, published_until=date(2025, 8, 31))
    _planted(
        p, "problem", "its publication had ended the day before", ended, [_caught(p, ended, on(9, 1, 10, 5))],
        also=[_caught(p, ended, on(8, 30, 9, 15))],
    )  # fmt: skip
    hours = _device(p, "JT03", 104, published_at=on(4, 8, 14))
    _planted(p, "problem", "published three hours after the capture", hours, [_caught(p, hours, on(4, 8, 11), "T0064")])
    morning = _device(p, "JJ01", 105, published_at=on(6, 10, 8))
    _planted(p, "decoy", "published on the morning of the capture", morning, [_caught(p, morning, on(6, 10, 14, 2))])
    last = _device(p, "JJ04", 106, published_until=date(2025, 9, 1))
    _planted(p, "decoy", "caught on the last day of its publication", last, [_caught(p, last, on(9, 1, 18, 44))])
    moved = _device(p, "JT03", 107, published_at=on(3, 3, 9))
    _planted(p, "decoy", "in use only after publication", moved, [_caught(p, moved, on(3, 4, 10, 7), "T0064")])
    handheld = _device(p, "JJ04", 108, listed=False)
    mobile = replace(_caught(p, handheld, on(7, 16, 9, 21)), capture="mobile")
    _planted(p, "decoy", "a mobile device, which is in no register of fixed cameras", handheld, [mobile])
    radar = _device(p, "JJ03", 109, listed=False)
    stopped = replace(p.case("1636", "ordinary", on(7, 22, 15), unit="JJ03"), camera_id=radar.camera_id)
    _planted(p, "decoy", "stopped on the road with a hand-held radar", radar, [stopped])


def _device(
    p: Planting,
    unit: str,
    number: int,
    *,
    published_at: datetime | None = None,
    published_until: date | None = None,
    listed: bool = True,
) -> Camera:
    place = p.agency.post(unit).places[7 + number % 3]
    device = camera(p.rng, place, number, published_at=published_at, published_until=published_until)
    if listed:
        p.cameras.append(device)
    return device


def _caught(p: Planting, device: Camera, when: datetime, code: str = "1344") -> Case:
    unit = next(
        post.unit.unit_id
        for posts in p.agency.posts.values()
        for post in posts
        if device.place_id in {place.place_id for place in post.places}
    )
    grade = "ordinary" if code == "1344" else "slight"
    return p.case(code, grade, when.replace(second=17), unit=unit, capture="camera", camera=device)


def _planted(
    p: Planting, kind: Kind, why: str, device: Camera, cases: list[Case], also: list[Case] | None = None
) -> None:
    for case in also or []:
        p.add(case)
    p.plant(kind, RULE, why, *cases, key={"camera_id": device.camera_id})
