"""An offence as the made-up county punishes it: its statutory range, the county's steps, and how often an honest
officer goes to the top of a step.

The rate depends on offence and grade and differs widely, so that a raw share of maximum fines says nothing about an
officer until like is compared with like.
"""

from dataclasses import dataclass
from typing import Literal

Facts = Literal["none", "speed", "alcohol", "load", "axles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A step of the discretion standard. `weight`: share of cases; `top`: honest share of fines at `high`."""

    grade: str
    low: int
    high: int
    weight: float
    top: float = 1.0
    statutory: tuple[int, int] | None = None

    @property
    def fixed(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """`on_site` and `camera` are relative frequencies; `unit` is the amount in which fines are rounded."""

    code: str
    name: str
    domain: str
    basis: str
    statutory: tuple[int, int] | None
    grades: tuple[Grade, ...]
    on_site: float
    camera: float = 0.0
    procedure: str = "summary"
    party: Literal["person", "organization", "either"] = "person"
    role: str = "driver"
    vehicle_use: str | None = "private"
    points: int | None = None
    unit: int = 10
    facts: Facts = "none"
    measure: tuple[str, str] | None = None
    """The measure that goes with it, and its statutory ground."""

    def range_of(self, grade: Grade) -> tuple[int, int] | None:
        return grade.statutory or self.statutory

    def graded(self, grade: str) -> Grade:
        return next(step for step in self.grades if step.grade == grade)


def usual(slight: float, ordinary: float, serious: float) -> tuple[Grade, ...]:
    """The three steps within 20 to 200 yuan."""
    return (
        Grade(grade="slight", low=20, high=50, weight=0.35, top=slight),
        Grade(grade="ordinary", low=50, high=100, weight=0.45, top=ordinary),
        Grade(grade="serious", low=100, high=200, weight=0.20, top=serious),
    )


def fixed(amount: int) -> tuple[Grade, ...]:
    return (Grade(grade="ordinary", low=amount, high=amount, weight=1.0),)
