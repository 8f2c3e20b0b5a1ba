"""A finding: one problem of one subject, with the rows it rests on and an identity that lasts.

The fingerprint is `v1 : rule id : key values [: window anchor]`, in clear; `finding_id` is its hash. No threshold,
message, row number, file name or date of the run is ever part of it, so next month's run gives the same problem the
same id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar, Literal
from urllib.parse import quote

from auditor.core.fact import Fact
from auditor.core.text import Text

Level = Literal["critical", "high", "medium", "low", "info"]
LEVELS: tuple[Level, ...] = ("critical", "high", "medium", "low", "info")
"""Gravest first."""

Certainty = Literal["violation", "lead"]
State = Literal["new", "recurring", "resolved", "reopened", "not_retested"]


def fingerprint(rule_id: str, key: Sequence[str | None], anchor: str | None = None) -> str:
    """The identity in clear. Key values are percent-encoded where they hold a separator; a missing one is `~`."""
    # A tilde is left alone by quote(), and would read like a missing value.
    said = ["~" if value is None else quote(value, safe=" /()（）-_.#").replace("~", "%7E") for value in key]
    parts = ["v1", rule_id, "|".join(said)]
    if anchor is not None:
        parts.append(anchor)
    return ":".join(parts)


def finding_id(clear: str) -> str:
    """The first 80 bits of the SHA-256 of the fingerprint, as 20 hexadecimal digits."""
    return sha256(clear.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of findings.parquet.

    `facts` feed the messages; `value` and `threshold` are in the unit that `metric` names; the five statistics are None
    for rules that are not statistical, and `lower` to `upper` is the 95 % interval of the excess over `expected`.
    `n_cases` counts the source rows of the rule's own table.
    """

    finding_id: str
    fingerprint: str
    rule_id: str
    covers: tuple[str, ...]
    certainty: Certainty
    level: Level
    subject_type: str
    subject_id: str
    unit_id: str | None
    period: str
    state: State = "new"
    waived: bool = False
    metric: str | None = None
    value: float | None = None
    threshold: float | None = None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    n_cases: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    message: Text
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A source row that a finding rests on. `role` is `subject` for the judged row, else the name it was joined by."""

    finding_id: str
    table_name: str
    row_key: str
    role: str
    source_file: str
    source_row: int


class Values(Mapping[str, str]):
    """The values of a row by column, kept small: rows that fill the same columns share one list of their names.

    A run holds some hundred thousand rows of up to a hundred columns; as a dict each would take three times the room.
    """

    __slots__ = ("_places", "_values")
    _LAYOUTS: ClassVar[dict[tuple[str, ...], dict[str, int]]] = {}

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        listed = list(pairs)
        names = tuple(name for name, _ in listed)
        places = self._LAYOUTS.get(names)
        if places is None:
            places = self._LAYOUTS[names] = {name: place for place, name in enumerate(names)}
        self._places = places
        self._values = tuple(value for _, value in listed)

    def __getitem__(self, name: str) -> str:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def get(self, name: str, default: str | None = None) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        place = self._places.get(name)
        return default if place is None else self._values[place]

    def items(self) -> "zip[tuple[str, str]]":  # pyright: ignore[reportIncompatibleMethodOverride]
        """All pairs, in order; quicker than looking each up, and this is how rows are mostly read."""
        return zip(self._places, self._values, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a canonical table as loaded, in text; blank columns are left out."""

    table_name: str
    row_key: str
    source_file: str
    source_row: int
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
