"""What a rule would have come to in past months, in plain words and numbers; masked, since it is made to be shown.

A finding that several months report (a vehicle that is still held) is in the count of each of them, and once in a count
of all months together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from auditor.core.finding import Level
from auditor.core.result import ContractFinding, InputFile, Result, RuleCard
from auditor.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCount:
    """One unit. What was tested is None where the rule counts something else than rows, and not by unit."""

    unit_id: str | None
    tested: int | None
    flagged: int | None
    unknown: int | None
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """One month as its own audit would have told it; `reason` says why a rule could not run, or had nothing to test."""

    month: str
    result: Result
    reason: Text | None
    tested: int
    flagged: int
    unknown: int
    findings: int
    units: tuple[UnitCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One version of the rule over all months.

    `lacks` is the table or column that the data does not have: the rule then ran in no month. `findings` and those of
    `units` count each finding once; what was tested is the sum of the months.
    """

    card: RuleCard
    sha256: str
    grain: str
    lacks: Text | None
    months: tuple[MonthCount, ...]
    units: tuple[UnitCount, ...]
    findings: int

    @property
    def tested(self) -> int:
        return sum(month.tested for month in self.months)

    @property
    def flagged(self) -> int:
        return sum(month.flagged for month in self.months)

    @property
    def unknown(self) -> int:
        return sum(month.unknown for month in self.months)

    @property
    def failed(self) -> tuple[str, ...]:
        """The months in which the rule could not run to its end."""
        return tuple(month.month for month in self.months if month.result == "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The rule with the varied parameter at one value; `as_set` marks the one that it has without being varied."""

    value: str
    as_set: bool
    tried: Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How many findings of one unit came, went and stayed."""

    unit_id: str | None
    newly: int
    gone: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShift:
    """One month; `compared` is False where one of the two versions did not run in it, and then nothing is counted."""

    month: str
    compared: bool
    newly: int
    gone: int
    unchanged: int
    units: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A finding in words, with the months in which the rule reports it and those in which the other version does."""

    finding_id: str
    unit_id: str | None
    level: Level
    subject_type: str
    subject: str
    sentence: Text
    months: tuple[str, ...]
    months_before: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The rule beside another version of itself, `before`, by the identity of findings.

    `newly`: flagged by the rule and in no month by the other; `gone`: the other way round; `unchanged`: by both, be it
    in different months. Only months in which both ran are looked at.
    """

    before: Tried
    months: tuple[MonthShift, ...]
    units: tuple[Shift, ...]
    newly: tuple[Moved, ...]
    gone: tuple[Moved, ...]
    unchanged: tuple[Moved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A rule over the last complete months of the data, which has rows from `first` to `last`.

    `asked` is how many months were asked for: there are fewer where the data begins later.
    """

    first: date
    last: date
    asked: int
    months: tuple[str, ...]
    tried: Tried
    varied: str | None = None
    values: tuple[Value, ...] = ()
    comparison: Comparison | None = None
    inputs: tuple[InputFile, ...] = ()
    contract: tuple[ContractFinding, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    """Unit names by id, from the register of units where one was given."""

    @property
    def versions(self) -> Iterator[Tried]:
        """Every version that was run: the rule, its values, the one that it is compared with."""
        yield self.tried
        yield from (value.tried for value in self.values)
        if self.comparison is not None:
            yield self.comparison.before

    @property
    def failed(self) -> bool:
        """Whether any version broke in any month."""
        return any(version.failed for version in self.versions)
