"""Devices: one that fines five times as many in a month as ever before, and a new one that has no months before."""

from datetime import timedelta

from auditor.synth.agency import camera
from auditor.synth.planting import Planting, on
from auditor.synth.records import Camera

RULE = "camera.volume-jump"


def plant(p: Planting) -> None:
    post = p.agency.post("JJ01")
    device, count = post.cameras[3], max(110, p.size // 180)
    _caught(p, device, count)
    p.plant("problem", RULE, f"{count} records more than usual within eight days", key={"camera_id": device.camera_id})
    new = camera(p.rng, post.places[9], 191, published_at=on(5, 12, 9))
    p.cameras.append(new)
    _caught(p, new, 40)
    p.plant("decoy", RULE, "switched on in May: no months before to compare with", key={"camera_id": new.camera_id})


def _caught(p: Planting, device: Camera, count: int) -> None:
    """So many records within eight days of June."""
    for number in range(count):
        when = on(6, 3 + number % 8, 7) + timedelta(minutes=number * 7 % 600, seconds=11)
        p.add(p.case("1344", "ordinary", when, unit="JJ01", capture="camera", camera=device))
