"""The made-up county: its units, officers, places, cameras and discretion standard.

Its coordinates lie in the open sea, so that no place of it is anywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from auditor.synth import identity
from auditor.synth.offences import OFFENCES
from auditor.synth.records import Camera, Lot, Officer, Step, Unit
from auditor.synth.workdays import YEAR

UNITS: tuple[Unit, ...] = (
    Unit(unit_id="SJ00", name="样例市公安局交通警察支队", parent_id=None, domain="traffic_police", level="city"),
    Unit(unit_id="JJ00", name="样例县公安局交通警察大队", parent_id=None, domain="traffic_police", level="county"),
    Unit(unit_id="JJ01", name="样例县交警大队城区中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ02", name="样例县交警大队城东中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ03", name="样例县交警大队公路一中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ04", name="样例县交警大队公路二中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ05", name="样例县交警大队机动中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ06", name="样例县交警大队景区中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JJ07", name="样例县交警大队停车管理中队", parent_id="JJ00", domain="traffic_police"),
    Unit(unit_id="JT00", name="样例县交通运输综合行政执法大队", parent_id=None, domain="transport", level="county"),
    Unit(unit_id="JT01", name="样例县交通执法大队路政中队", parent_id="JT00", domain="transport"),
    Unit(unit_id="JT02", name="样例县交通执法大队运政中队", parent_id="JT00", domain="transport"),
    Unit(unit_id="JT03", name="样例县固定治超检测站", parent_id="JT00", domain="transport"),
    Unit(unit_id="JT04", name="样例县交通执法大队客运站中队", parent_id="JT00", domain="transport"),
    Unit(unit_id="JT05", name="样例县交通执法大队机动中队", parent_id="JT00", domain="transport"),
)
LOTS: tuple[Lot, ...] = (
    Lot(lot_id="TC01", name="交警大队停车场", kind="agency"),
    Lot(lot_id="TC02", name="城东协议停车场", kind="contracted"),
    Lot(lot_id="TC03", name="治超站停车场", kind="agency"),
    Lot(lot_id="TC04", name="顺达停车场", kind="commercial"),
)
_STAFF = {
    "JJ01": (6, 2),
    "JJ02": (6, 2),
    "JJ03": (6, 1),
    "JJ04": (6, 1),
    "JT01": (5, 1),
    "JT02": (5, 1),
    "JT03": (4, 1),
}
_WEIGHTS = {"JJ01": 4.0, "JJ02": 3.0, "JJ03": 2.0, "JJ04": 2.0, "JT01": 3.0, "JT02": 3.5, "JT03": 2.5}
_ROADS = ("人民路", "建设街", "解放路", "新华街", "育才路", "光明街", "河滨路", "站前街", "文化路", "振兴街")
_HIGHWAYS = ("G202线", "S104线", "S106线", "X201县道", "X205县道")
SPREAD = 0.03
"""Standard deviation of honest officers' own leaning towards the maximum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    place_id: str
    name: str
    unit_id: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person who works cases. `leaning` is added to the honest rate of maximum fines; `severity` is how often,
    relative to colleagues, the gravest offences come to this person."""

    officer_id: str
    unit_id: str
    weight: float = 1.0
    leaning: float = 0.0
    severity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A unit that works cases, with what it works with."""

    unit: Unit
    weight: float
    members: tuple[Member, ...]
    auxiliaries: tuple[str, ...]
    places: tuple[Place, ...]
    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """`posts` by domain; `reviewers` and `approver` sit at headquarters and work no cases of their own."""

    posts: dict[str, tuple[Post, ...]]
    officers: tuple[Officer, ...]
    reviewers: dict[str, tuple[str, ...]]
    approver: dict[str, str]

    @property
    def cameras(self) -> tuple[Camera, ...]:
        return tuple(camera for posts in self.posts.values() for post in posts for camera in post.cameras)

    def post(self, unit_id: str) -> Post:
        return next(post for posts in self.posts.values() for post in posts if post.unit.unit_id == unit_id)


def found(seed: int) -> Agency:
    """The county of this seed."""
    rng = Random(f"{seed}:agency")
    officers: list[Officer] = []
    reviewers = {"traffic_police": _headquarters(officers, "JJ00", 2), "transport": _headquarters(officers, "JT00", 2)}
    approver = {
        "traffic_police": _headquarters(officers, "JJ00", 1, first=9)[0],
        "transport": _headquarters(officers, "JT00", 1, first=9)[0],
    }
    posts: dict[str, list[Post]] = {"traffic_police": [], "transport": []}
    made = 0
    for unit in UNITS:
        if unit.unit_id not in _STAFF:
            continue
        count, helpers = _STAFF[unit.unit_id]
        members = tuple(
            Member(
                officer_id=enlist(officers, unit.unit_id, number, "officer"),
                unit_id=unit.unit_id,
                weight=0.75 + rng.random() * 0.5,
                leaning=rng.gauss(0, SPREAD),
                severity=0.4 + rng.random() * 1.8,
            )
            for number in range(1, count + 1)
        )
        auxiliaries = tuple(enlist(officers, unit.unit_id, 50 + n, "auxiliary") for n in range(1, helpers + 1))
        places = tuple(_places(rng, unit, 12 if unit.domain == "traffic_police" else 10))
        cameras = tuple(
            camera(rng, place, made + n)
            for n, place in enumerate(places[: 5 if unit.domain == "traffic_police" else 2], start=1)
        )
        made += len(cameras)
        posts[unit.domain].append(
            Post(
                unit=unit,
                weight=_WEIGHTS[unit.unit_id],
                members=members,
                auxiliaries=auxiliaries,
                places=places,
                cameras=cameras,
            )
        )
    return Agency(
        posts={domain: tuple(made) for domain, made in posts.items()},
        officers=tuple(officers),
        reviewers=reviewers,
        approver=approver,
    )


def schedule() -> tuple[Step, ...]:
    """The discretion standard. One offence's steps were revised in the middle of the year, one tells persons from
    organisations; the amounts stay as they were, so that either row gives the same answer."""
    steps: list[Step] = []
    for offence in OFFENCES.values():
        parties = ("person", "organization") if offence.code == "T6301" else (None,)
        spans = [(date(YEAR - 2, 7, 20), None)]
        if offence.code == "1344":
            spans = [(date(YEAR - 2, 7, 20), date(YEAR, 6, 30)), (date(YEAR, 7, 1), None)]
        for grade in offence.grades:
            statutory = offence.range_of(grade)
            steps += [
                Step(
                    violation_code=offence.code,
                    grade=grade.grade,
                    party_type=party,
                    fine_min=grade.low,
                    fine_max=grade.high,
                    statutory_min=statutory[0] if statutory else None,
                    statutory_max=statutory[1] if statutory else None,
                    points=offence.points,
                    basis=offence.basis,
                    valid_from=first,
                    valid_to=last,
                    first_offence_exempt=True if (offence.code, grade.grade) == ("T3600", "slight") else None,
                )
                for party in parties
                for first, last in spans
            ]
    return tuple(steps)


def enlist(
    officers: list[Officer],
    unit_id: str,
    number: int,
    role: str,
    *,
    valid_from: date = date(YEAR - 3, 3, 1),
    valid_to: date = date(YEAR + 3, 2, 28),
    renewal: int = 0,
    exam: bool = True,
) -> str:
    """Adds a credential to the register and returns the officer's id; police ids begin with a zero that must stay."""
    index = int(unit_id[2:]) * 100 + number + (5000 if unit_id.startswith("JT") else 0)
    officer_id = f"0{index:05d}" if unit_id.startswith("JJ") else f"JT{index:05d}"
    officers.append(
        Officer(
            officer_id=officer_id,
            name=identity.name(index, 41),
            unit_id=unit_id,
            role=role,
            credential_no=f"{identity.REGION}{index:05d}{renewal}",
            legal_exam=exam and role == "officer",
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    return officer_id


def camera(
    rng: Random,
    place: Place,
    number: int,
    *,
    published_at: datetime | None = None,
    published_until: date | None = None,
) -> Camera:
    """A device at a place; without `published_at`, published at some time in the years before."""
    when = published_at or datetime.combine(date(YEAR - 2, 1, 3), time(9)) + timedelta(
        days=int(rng.random() * 500), minutes=int(rng.random() * 480)
    )
    return Camera(
        camera_id=camera_id(number),
        place_id=place.place_id,
        place_name=place.name,
        lon=place.lon,
        lat=place.lat,
        published_at=when,
        published_until=published_until,
        publication_ref=f"样公告〔{when.year}〕{number}号",
        calibrated_until=date(YEAR + 1, 6, 30),
        sign_installed=True,
        enabled_at=when + timedelta(days=7),
        legal_review_on=(when - timedelta(days=30)).date(),
        technical_review_on=(when - timedelta(days=20)).date(),
    )


def camera_id(number: int) -> str:
    """Twelve digits of department and six of serial: 18 digits that must never be read as a number."""
    return f"{identity.REGION}010000{number:06d}"


def _headquarters(officers: list[Officer], unit_id: str, count: int, first: int = 1) -> tuple[str, ...]:
    return tuple(enlist(officers, unit_id, first + n, "officer") for n in range(count))


def _places(rng: Random, unit: Unit, count: int) -> list[Place]:
    town = unit.unit_id in ("JJ01", "JJ02", "JT02")
    base = int(unit.unit_id[2:]) + (4 if unit.domain == "transport" else 0)
    places: list[Place] = []
    for number in range(count):
        if town:
            first = _ROADS[(base * 3 + number) % len(_ROADS)]
            second = _ROADS[(base * 3 + number + 1 + number // len(_ROADS)) % len(_ROADS)]
            name = f"{first}{second}口{'北' if number % 2 else '南'}"
        else:
            name = f"{_HIGHWAYS[(base + number) % len(_HIGHWAYS)]}{base * 7 + number * 3}公里{number * 90 % 1000}米"
        places.append(
            Place(
                place_id=f"L{base}{number + 1:02d}",
                name=name,
                unit_id=unit.unit_id,
                lon=round(123.05 + base * 0.04 + rng.random() * 0.03, 5),
                lat=round(37.95 + (base % 3) * 0.05 + rng.random() * 0.03, 5),
            )
        )
    return places
