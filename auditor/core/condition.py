"""What a rule asks, one by one, as it is told with a finding."""

from dataclasses import dataclass
from typing import Literal

from auditor.core.text import Text

ConditionRole = Literal["scope", "test", "note"]
"""`scope`: met where the case is of the kind that the rule looks at; `test`: met where the problem is there; `note`: a
circumstance that is told with them and decides nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """A column that a condition names; `role` is as in Evidence: `subject` for the judged row, else the name under
    which the register's row was joined."""

    table: str
    column: str
    role: str
    label: Text
    needed: bool = True
    """Whether the condition cannot be told where this is blank; not where it only asks whether it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCard:
    """One thing that a rule asks, in words. The outcomes in `Finding.conditions` stand in the order of the cards.

    A `branch` is one of several ways in which the condition before it that is no branch can be met.
    """

    text: Text
    role: ConditionRole
    branch: bool = False
    columns: tuple[AskedColumn, ...] = ()
