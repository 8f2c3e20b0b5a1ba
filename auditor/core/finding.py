"""A finding: one problem of one subject, with the rows it rests on and an identity that lasts.

The fingerprint is `v1 : rule id : key values [: window anchor]`, in clear; `finding_id` is its hash. No threshold,
message, row number, file name or date of the run is ever part of it, so next month's run gives the same problem the
same id.
"""

from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar, Literal
from urllib.parse import quote, unquote

from auditor.core.fact import Fact
from auditor.core.text import Text

Level = Literal["critical", "high", "medium", "low", "info"]
LEVELS: tuple[Level, ...] = ("critical", "high", "medium", "low", "info")
"""Gravest first."""

Certainty = Literal["violation", "lead"]
State = Literal["new", "recurring", "resolved", "reopened", "not_retested"]
CARRIED: frozenset[State] = frozenset({"resolved", "not_retested"})
"""The states of a finding that this run did not make: an earlier run did, and it is shown for what became of it."""
FRESH: frozenset[State] = frozenset({"new", "reopened"})
"""The states of a finding that did not stand in the run before."""


def fingerprint(rule_id: str, key: Sequence[str | None], anchor: str | None = None) -> str:
    """The identity in clear. Key values are percent-encoded where they hold a separator; a missing one is `~`."""
    # A tilde is left alone by quote(), and would read like a missing value.
    said = ["~" if value is None else quote(value, safe=" /()（）-_.#").replace("~", "%7E") for value in key]
    parts = ["v1", rule_id, "|".join(said)]
    if anchor is not None:
        parts.append(anchor)
    return ":".join(parts)


def read_fingerprint(clear: str) -> tuple[str, tuple[str | None, ...], str | None]:
    """Rule id, key values and anchor of an identity in clear; raises ValueError where it is of another recipe."""
    version, _, rest = clear.partition(":")
    rule_id, colon, rest = rest.partition(":")
    if version != "v1" or not colon:
        raise ValueError(f"{clear!r} is no identity of the recipe v1")
    said, colon, anchor = rest.partition(":")
    key = tuple(None if value == "~" else unquote(value) for value in said.split("|"))
    return rule_id, key, anchor if colon else None


def finding_id(clear: str) -> str:
    """The first 80 bits of the SHA-256 of the fingerprint, as 20 hexadecimal digits."""
    return sha256(clear.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlace:
    """Where a row of the rule's table stands: as in Evidence."""

    source_file: str
    source_row: int


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
    conditions: tuple[bool | None, ...] = ()
    """Of each of the rule's conditions (`RuleCard.conditions`, in their order) whether `first_row` meets it, or for a
    statistical rule the subject; None where that cannot be told. Empty where nobody asked."""
    first_row: RowPlace | None = None
    """The earliest of the judged rows; None for a statistical rule."""
    state_reason: Text | None = None
    """Of a finding carried from an earlier run: how it was tested again, or why it was not."""

    @property
    def carried(self) -> bool:
        """Whether an earlier run made it and this one did not; its `period` is then that in which it was last found."""
        return self.state in CARRIED


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
    """The values of a row by column, kept small: one string of bytes, and a list of names that rows which fill the same
    columns share.

    A run holds some hundred thousand rows of up to a hundred columns; as a dict each would take six times the room.
    Whoever reads several values of a row takes `dict(values)` once.
    """

    __slots__ = ("_packed", "_places")
    _LAYOUTS: ClassVar[dict[tuple[str, ...], dict[str, int]]] = {}
    _BETWEEN = "\x1f"
    """A control character that no office writes into a cell; a row with a value that holds it is kept unpacked."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        listed = list(pairs)
        names = tuple(name for name, _ in listed)
        places = self._LAYOUTS.get(names)
        if places is None:
            places = self._LAYOUTS[names] = {name: place for place, name in enumerate(names)}
        self._places = places
        values = [value for _, value in listed]
        joined = self._BETWEEN.join(values)
        plain = joined.count(self._BETWEEN) == max(0, len(values) - 1)
        self._packed: bytes | tuple[str, ...] = joined.encode("utf-8", "surrogatepass") if plain else tuple(values)

    def _unpacked(self) -> Sequence[str]:
        if isinstance(self._packed, tuple):
            return self._packed
        return self._packed.decode("utf-8", "surrogatepass").split(self._BETWEEN) if self._places else ()

    def __getitem__(self, name: str) -> str:
        return self._unpacked()[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def keys(self) -> KeysView[str]:
        return self._places.keys()

    def get(self, name: str, default: str | None = None) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self[name] if name in self._places else default

    def items(self) -> "zip[tuple[str, str]]":  # pyright: ignore[reportIncompatibleMethodOverride]
        """All pairs, in order."""
        return zip(self._places, self._unpacked(), strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a canonical table as loaded, in text; blank columns are left out."""

    table_name: str
    row_key: str
    source_file: str
    source_row: int
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
