"""A finding: one problem of one subject, with the rows it rests on and an identity that lasts.

The fingerprint is `v1 : rule id : key values [: window anchor]`, in clear; `finding_id` is its hash. No threshold,
message, row number, file name or date of the run is ever part of it, so next month's run gives the same problem the
same id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Literal
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A source row that a finding rests on. `role` is `subject` for the judged row, else the name it was joined by."""

    finding_id: str
    table_name: str
    row_key: str
    role: str
    source_file: str
    source_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a canonical table as loaded, in text; blank columns are left out."""

    table_name: str
    row_key: str
    source_file: str
    source_row: int
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
