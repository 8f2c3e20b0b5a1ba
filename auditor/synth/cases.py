"""Innocent cases: what a county's officers and cameras record in a year when nobody does anything wrong.

Every case here keeps every limit of the rulebook; `plant` then bends single ones. An officer's fine goes to the top of
the step with the honest rate of offence and grade plus the officer's own small leaning.
"""

from bisect import bisect
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from auditor.synth import identity, steps
from auditor.synth.agency import Agency, Member, Place, Post
from auditor.synth.identity import Party
from auditor.synth.offence import Grade, Offence
from auditor.synth.police_offences import POLICE
from auditor.synth.records import Camera, Case
from auditor.synth.transport_offences import TRANSPORT

_DOMAINS = {"traffic_police": POLICE, "transport": TRANSPORT}
_POLICE_SHARE = {"on_site": 0.77, "camera": 0.96, "mobile": 1.0, "transfer": 0.5}
_CAPTURES = ("camera", "on_site", "mobile", "transfer")
_CAPTURE_SHARES = (0.55, 0.98, 0.995, 1.0)
_HOURS = {
    "on_site": tuple(accumulate((0, 0, 0, 0, 0, 1, 4, 9, 10, 10, 9, 6, 5, 6, 9, 10, 9, 8, 5, 5, 5, 4, 2, 1))),
    "camera": tuple(accumulate((2, 1, 1, 1, 1, 3, 6, 9, 9, 7, 6, 6, 6, 6, 6, 7, 8, 9, 8, 6, 5, 4, 3, 2))),
}
_LIMITS = {2: 18_000, 3: 25_000, 4: 31_000, 5: 43_000, 6: 49_000}
Item = TypeVar("Item")
WARNED = 0.07
"""Share of slight everyday offences on the road that end with a warning."""


def drawn(rng: Random, items: Sequence[Item], cumulated: Sequence[float]) -> Item:
    """One of the items, by cumulated weights."""
    return items[bisect(cumulated, rng.random() * cumulated[-1], 0, len(items) - 1)]


class Desk:
    """Writes cases; `rng` is drawn from for every detail that the caller leaves open."""

    def __init__(self, rng: Random, agency: Agency) -> None:
        self.rng, self.agency = rng, agency
        self._posts = {d: (p, tuple(accumulate(post.weight for post in p))) for d, p in agency.posts.items()}
        self._watched = {
            d: (watching, tuple(accumulate(post.weight for post in watching)))
            for d, p in agency.posts.items()
            if (watching := [post for post in p if post.cameras])
        }
        self._members = {
            post.unit.unit_id: tuple(accumulate(member.weight for member in post.members))
            for posts in agency.posts.values()
            for post in posts
        }
        self._offences: dict[tuple[str, str], tuple[float, ...]] = {}

    def moment(self, day: datetime, capture: str) -> datetime:
        """A moment of that day; to the second for a device, to the minute for a person."""
        hours = _HOURS["on_site" if capture in ("on_site", "transfer") else "camera"]
        minutes = drawn(self.rng, range(24), hours) * 60 + int(self.rng.random() * 60)
        seconds = int(self.rng.random() * 60) if capture in ("camera", "mobile") else 0
        return day + timedelta(minutes=minutes, seconds=seconds)

    def capture(self) -> str:
        return drawn(self.rng, _CAPTURES, _CAPTURE_SHARES)

    def domain(self, capture: str) -> str:
        return "traffic_police" if self.rng.random() < _POLICE_SHARE[capture] else "transport"

    def post(self, domain: str, capture: str) -> Post:
        return drawn(self.rng, *(self._watched if capture == "camera" else self._posts)[domain])

    def member(self, post: Post) -> Member:
        return drawn(self.rng, post.members, self._members[post.unit.unit_id])

    def offence(self, domain: str, capture: str, member: Member) -> Offence:
        """An offence as it comes to this officer; cameras see only what a camera can see."""
        seen = "on_site" if capture in ("on_site", "transfer") else "camera"
        key = (seen, member.officer_id) if seen == "on_site" else (seen, domain)
        if key not in self._offences:
            self._offences[key] = tuple(
                accumulate(
                    (o.on_site * (member.severity if o.grades[-1].top > 0.9 else 1)) if seen == "on_site" else o.camera
                    for o in _DOMAINS[domain]
                )
            )
        return drawn(self.rng, _DOMAINS[domain], self._offences[key])

    def party(self, offence: Offence, vehicle: int) -> Party:
        if offence.party == "organization" or (offence.party == "either" and vehicle % 3 == 0):
            return identity.organization(vehicle)
        return identity.person(vehicle)

    def case(
        self,
        *,
        occurred_at: datetime,
        vehicle: int,
        capture: str,
        offence: Offence,
        post: Post,
        member: Member | None = None,
        grade: Grade | None = None,
        top: float | None = None,
        camera: Camera | None = None,
        place: Place | None = None,
        party: Party | None = None,
        timing: steps.Steps | None = None,
    ) -> Case:
        """An innocent case. `top` is the chance of the highest fine, where it is not the honest one."""
        rng, domain = self.rng, offence.domain
        officer = member or self.member(post)
        graded = grade or drawn(rng, offence.grades, tuple(accumulate(g.weight for g in offence.grades)))
        who = party or self.party(offence, vehicle)
        device = camera if camera or capture != "camera" else post.cameras[int(rng.random() * len(post.cameras))]
        at = place or (self._place_of(device) if device else post.places[int(rng.random() * len(post.places))])
        fine = self._fine(graded, offence, graded.top + officer.leaning if top is None else top)
        warned = (
            top is None and capture == "on_site" and offence.procedure == "summary" and graded.grade == "slight"
            and offence.party == "person" and rng.random() < WARNED
        )  # fmt: skip
        ordinary = offence.procedure == "ordinary"
        when = timing or self._timing(occurred_at, capture, ordinary=ordinary)
        facts = self._facts(offence, graded, fine)
        second = (
            self._second(post, officer.officer_id)
            if ordinary or (capture == "on_site" and rng.random() < 0.2)
            else None
        )
        return Case(
            case_id="",
            doc_no=None,
            domain=domain,
            unit_id=post.unit.unit_id,
            officer_id=officer.officer_id,
            officer2_id=second,
            party_id=who.party_id,
            party_name=who.name,
            party_type=who.party_type,
            plate_no=None if offence.vehicle_use is None else who.plate_no,
            vehicle_use=offence.vehicle_use,
            violation_code=offence.code,
            violation_name=offence.name,
            grade=graded.grade,
            occurred_at=occurred_at,
            place_id=at.place_id,
            place_name=at.name,
            lon=None if device else at.lon,
            lat=None if device else at.lat,
            capture=capture,
            camera_id=device.camera_id if device else None,
            procedure=offence.procedure,
            entered_at=when.entered_at,
            notified_at=when.notified_at,
            filed_at=when.filed_at,
            rights_notice_at=when.rights_notice_at,
            statement_waived=rng.random() < 0.8 if ordinary else None,
            legal_review_at=when.legal_review_at,
            reviewer_id=self.agency.reviewers[domain][vehicle % 2] if ordinary else None,
            approver_id=self.agency.approver[domain] if ordinary else None,
            decided_at=when.decided_at,
            served_at=when.served_at,
            outcome="warning" if warned else "suspension" if offence.facts == "alcohol" else "fine",
            speed_kmh=facts.get("speed_kmh"),
            limit_kmh=facts.get("limit_kmh"),
            bac_mg_100ml=facts.get("bac_mg_100ml"),
            gross_kg=facts.get("gross_kg"),
            limit_kg=facts.get("limit_kg"),
            axles=facts.get("axles"),
            approved_load_kg=facts.get("approved_load_kg"),
            load_kg=facts.get("load_kg"),
            deviation_reason=None,
            party_role="carrier" if who.party_type == "organization" else offence.role,
            fine_amount=0 if warned else fine,
            points=None if warned else offence.points,
            status="closed",
            closed_at=when.closed_at,
            paid_at=None if warned else when.paid_at,
        )

    def _place_of(self, camera: Camera) -> Place:
        return Place(place_id=camera.place_id, name=camera.place_name, unit_id="", lon=camera.lon, lat=camera.lat)

    def _second(self, post: Post, officer_id: str) -> str:
        others = [member.officer_id for member in post.members if member.officer_id != officer_id]
        return others[int(self.rng.random() * len(others))]

    def _fine(self, grade: Grade, offence: Offence, top: float) -> int:
        if grade.fixed or self.rng.random() < top:
            return grade.high
        choices = -(-(grade.high - grade.low) // offence.unit)
        amount = grade.low + int(self.rng.random() * choices) * offence.unit
        # Nobody is fined twice as much as another for the same speed or load.
        return max(amount, grade.high // 2 + offence.unit) if offence.facts in ("speed", "load") else amount

    def _timing(self, occurred_at: datetime, capture: str, *, ordinary: bool) -> steps.Steps:
        match capture, ordinary:
            case (("camera" | "mobile"), False):
                return steps.at_the_window(self.rng, occurred_at)
            case (("camera" | "mobile"), True):
                entered, notified = steps.recorded(self.rng, occurred_at)
                later = steps.investigated(self.rng, notified)
                return steps.replace(later, entered_at=entered, notified_at=notified)
            case _, True:
                return steps.investigated(self.rng, occurred_at)
            case _:
                return steps.on_the_spot(self.rng, occurred_at)

    def _facts(self, offence: Offence, grade: Grade, fine: int) -> dict[str, int]:
        """The measured facts that code, grade and amount fit."""
        share = self.rng.random()
        match offence.facts:
            case "speed":
                limit = (40, 60, 80)[int(self.rng.random() * 3)]
                over = 0.2 + 0.28 * share if offence.code == "1636" else 0.53 + 0.3 * share
                return {"limit_kmh": limit, "speed_kmh": int(limit * (1 + over)) + 1}
            case "alcohol":
                return {"bac_mg_100ml": 20 + int(29 * share) + (30 if grade.grade == "serious" else 0)}
            case "load":
                approved = (1495, 4990, 9900, 15000)[int(self.rng.random() * 4)]
                over = 0.02 + 0.26 * share if offence.code == "1353" else 0.32 + 0.6 * share
                return {"approved_load_kg": approved, "load_kg": int(approved * (1 + over))}
            case "axles":
                axles = 2 + int(self.rng.random() * 5)
                gross = _LIMITS[axles] + fine * 2 + max(int(share * 49), 1) * 20
                return {"axles": axles, "limit_kg": _LIMITS[axles], "gross_kg": gross}
            case "none":
                return {}
