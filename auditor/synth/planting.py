"""What is planted: problems that the rulebook must find, and beside each an innocent that it must leave alone.

A planted case starts as an innocent one and is bent in the one point that its rule is about. Ids are given only when
the ledgers are written, in the order of the acts; until then a planted row is known by a tag.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Literal, TypeVar

from auditor.core.schema import tables
from auditor.synth import measures, steps
from auditor.synth.agency import Agency, Member
from auditor.synth.cases import Desk
from auditor.synth.identity import MOST_PLATES
from auditor.synth.matter_items import MATTER_ITEMS
from auditor.synth.matters import Standing
from auditor.synth.offences import OFFENCES
from auditor.synth.pattern_items import PATTERN_ITEMS
from auditor.synth.police_items import POLICE_ITEMS
from auditor.synth.records import Camera, Case, Measure, Officer, Row, Step
from auditor.synth.workdays import YEAR, is_working

Kind = Literal["problem", "decoy"]
RowT = TypeVar("RowT", bound=Row)
ItemT = TypeVar("ItemT")
ITEMS = {
    "profit.max-fine-rate": "A1-08",
    "profit.fine-above-range": "A1-11",
    "profit.fine-below-range": "A1-11",
    "procedure.summary-above-cap": "A2-08",
    "procedure.reviewer-is-handler": "A2-09",
    "repeat.same-place-time": "A3-05",
    "impound.transport-overdue": "A4-04",
    "impound.police-papers-overdue": "T-12",
    "impound.police-handed-in-late": "T-12",
    "camera.unpublished": "T-01",
    "case.decision-overdue": "A4-05",
    "case.service-late": "A4-07",
    "officer.credential-not-in-force": "A6-01",
    "officer.one-alone": "A6-02",
    "officer.auxiliary-alone": "A6-03",
    **POLICE_ITEMS,
    **MATTER_ITEMS,
    **PATTERN_ITEMS,
}
"""The rules that something is planted for, and the item of the plan that each covers."""
RESERVED = 100_000
"""Vehicles that only planted cases use: the last of all plates of five digits. A county of millions of cases has more
planted ones, and these use vehicles with the plates of new-energy ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One entry of planted.json. `tags` name rows of `table`; `key` is what the rule would put its finding on."""

    rule: str
    kind: Kind
    table: str
    tags: tuple[str, ...]
    key: dict[str, str]
    why: str


@dataclass(kw_only=True)
class Planting:
    """Collects what one chapter of plants adds to the county."""

    rng: Random
    agency: Agency
    size: int
    """How many cases the county is to have in all."""
    cases: list[Case] = field(default_factory=list[Case])
    measures: list[Measure] = field(default_factory=list[Measure])
    cameras: list[Camera] = field(default_factory=list[Camera])
    officers: list[Officer] = field(default_factory=list[Officer])
    rows: list[Row] = field(default_factory=list[Row])
    """Rows of registers beside the cases; a text that begins with # is the tag of another planted row."""
    standing: list[Standing] = field(default_factory=list[Standing])
    standards: list[Step] = field(default_factory=list[Step])
    bare: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """By tag of a case, the columns that stay as they are and the registers that stay empty."""
    pays: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """By tag of a case, what its payment is like; `payment_id` gives the payment a tag of its own."""
    missing: dict[str, int] = field(default_factory=dict[str, int])
    """By tag of a case, how many document numbers are left out before it."""
    entries: list[Planted] = field(default_factory=list[Planted])
    used: int = 0
    """How many of the reserved vehicles are taken."""

    def __post_init__(self) -> None:
        self.desk = Desk(self.rng, self.agency)

    def vehicle(self) -> int:
        self.used += 1
        return MOST_PLATES - self.used if self.used <= RESERVED else MOST_PLATES - RESERVED - 1 + self.used

    def case(
        self,
        code: str,
        grade: str,
        at: datetime,
        *,
        unit: str | None = None,
        capture: str = "on_site",
        fine: int | None = None,
        officer: str | None = None,
        vehicle: int | None = None,
        camera: Camera | None = None,
        place: int | None = None,
        top: float = 0.0,
        timing: steps.Steps | None = None,
    ) -> Case:
        """An innocent case, not yet in the ledger; `fine` where the amount matters, `place` is one of the unit's."""
        offence = OFFENCES[code]
        domain = offence.domain
        post = self.agency.post(unit) if unit else self.desk.post(domain, "on_site")
        case = self.desk.case(
            occurred_at=at,
            vehicle=self.vehicle() if vehicle is None else vehicle,
            capture=capture,
            offence=offence,
            post=post,
            member=Member(officer_id=officer, unit_id=post.unit.unit_id) if officer else None,
            grade=offence.graded(grade),
            top=top,
            camera=camera,
            place=None if place is None else post.places[place],
            timing=timing,
        )
        return case if fine is None else replace(case, fine_amount=fine)

    def summary(self, case: Case) -> Case:
        """The same case, dealt with on the spot."""
        plain = replace(case, procedure="summary", reviewer_id=None, approver_id=None, statement_waived=None)
        return steps.taken(plain, steps.on_the_spot(self.rng, case.occurred_at))

    def held(self, code: str, grade: str, at: datetime) -> tuple[Case, Measure]:
        """A case on the road and the measure that goes with it."""
        case = self.add(self.case(code, grade, at))
        return case, replace(measures.taken(self.rng, case, OFFENCES[code]), measure_id=f"#m{len(self.measures)}")

    def add(self, case: Case) -> Case:
        """Puts the case into the ledger and gives it its tag."""
        tagged = replace(case, case_id=f"#{self.rng.getrandbits(60):x}")
        self.cases.append(tagged)
        return tagged

    def plant(
        self,
        kind: Kind,
        rule: str,
        why: str,
        *cases: Case,
        key: dict[str, str] | None = None,
        only: Sequence[Case] = (),
    ) -> None:
        """Adds cases and lists them under the rule; `only`: list these of them (all, where it is empty)."""
        tags = [case.case_id or self.add(case).case_id for case in cases]
        if only:
            tags = [case.case_id for case in only]
        named = key or ({"case_id": tags[0]} if len(tags) == 1 else {})
        self.entries.append(Planted(rule=rule, kind=kind, table="cases", tags=tuple(tags), key=named, why=why))

    def plant_measure(
        self, kind: Kind, rule: str, why: str, measure: Measure, key: dict[str, str] | None = None
    ) -> None:
        tag = f"#{self.rng.getrandbits(60):x}"
        self.measures.append(replace(measure, measure_id=tag))
        self.entries.append(
            Planted(rule=rule, kind=kind, table="measures", tags=(tag,), key=key or {"measure_id": tag}, why=why)
        )

    def enter(self, row: RowT, column: str) -> RowT:
        """Puts a row into its register and gives it its tag; `column` is that of its id."""
        tagged = replace(row, **{column: f"#{self.rng.getrandbits(60):x}"})
        self.rows.append(tagged)
        return tagged

    def plant_rows(self, kind: Kind, rule: str, why: str, *rows: Row, key: dict[str, str] | None = None) -> None:
        """Enters rows of one register and lists them under the rule; those that bear a tag are in it already."""
        column, table = tables()[rows[0].TABLE].key[0], rows[0].TABLE
        tags = [getattr(row, column) or getattr(self.enter(row, column), column) for row in rows]
        named = key or ({column: tags[0]} if len(tags) == 1 else {})
        self.entries.append(Planted(rule=rule, kind=kind, table=table, tags=tuple(tags), key=named, why=why))

    def alone(self, case: Case, *names: str) -> None:
        """What this case does not get: columns that stay blank, rows that registers leave out."""
        self.bare[case.case_id] = self.bare.get(case.case_id, frozenset()) | frozenset(names)

    def together(self, kind: Kind, rule: str, why: str, first: Row, *others: Row, key: dict[str, str]) -> None:
        """Lists rows of several registers under one rule; all bear a tag, the first one's register is named."""
        tags = tuple(str(getattr(row, tables()[row.TABLE].key[0])) for row in (first, *others))
        self.entries.append(Planted(rule=rule, kind=kind, table=first.TABLE, tags=tags, key=key, why=why))

    def also(self, rule: str, kind: Kind = "problem") -> None:
        """Lists what was planted last under another rule too."""
        last = self.entries[-1]
        self.entries.append(replace(last, rule=rule, kind=kind))

    def name_row(self, kind: Kind, rule: str, why: str, table: str, name: str, column: str) -> None:
        """Lists a row under its final id."""
        self.entries.append(Planted(rule=rule, kind=kind, table=table, tags=(name,), key={column: name}, why=why))

    def day(self, *offsets: int, months: tuple[int, int] = (2, 8)) -> date:
        """A working day of those months, with working days at the offsets too: no deadline there rolls over."""
        first, last = date(YEAR, months[0], 3), date(YEAR, months[1], 28)
        while True:
            day = first + timedelta(days=int(self.rng.random() * (last - first).days))
            if is_working(day) and all(is_working(day + timedelta(days=offset)) for offset in offsets):
                return day

    def moment(self) -> datetime:
        """Some morning early enough in the year for everything after it to be in the ledger."""
        return at(self.day(), 9, int(self.rng.random() * 60))


def either(problem: ItemT, decoy: ItemT) -> tuple[tuple[ItemT, Kind], tuple[ItemT, Kind]]:
    """What is just beyond the line and what is just short of it, each with its kind."""
    return (problem, "problem"), (decoy, "decoy")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(YEAR, month, day, hour, minute)
