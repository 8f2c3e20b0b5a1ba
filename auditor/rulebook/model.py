"""A rule as loaded: frozen, checked, its expressions parsed, its parameters filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from auditor.core.finding import Certainty, Level
from auditor.core.problem import Location
from auditor.core.result import Article, Parameter, PlanItem, Status
from auditor.core.text import Text
from auditor.kinds.base import Kind
from auditor.kinds.present import on_day
from auditor.kinds.scope import Scope
from auditor.kinds.spoken import Speaker
from auditor.kinds.sql import Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a finding is about; `id` and `unit` are columns of the rule's table."""

    type: str
    id: str
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A rule's own test: small tables at a frozen day, and the verdict expected of every row.

    A cell is text, or None where it was left blank. `expect` maps a verdict to the keys of the rows that must get it.
    """

    name: str
    as_of: date
    period: str | None
    parameters: Mapping[str, str]
    given: Mapping[str, tuple[Mapping[str, str | None], ...]]
    columns: Mapping[str, tuple[str, ...]]
    expect: Mapping[str, tuple[str, ...]]
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule file."""

    rule_id: str
    title: Text
    covers: tuple[str, ...]
    level: Level
    certainty: Certainty
    status: Status
    reason: Text | None
    basis: tuple[Article, ...]
    why: Text
    false_positives: tuple[Text, ...]
    verify: tuple[Text, ...]
    scope: Scope
    where: Expr | None
    at: Expr | None
    kind: Kind
    subject: Subject
    key: tuple[str, ...]
    message: Text
    parameters: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    location: Location
    check_location: Location
    """Where its `check:` stands in the file."""
    sha256: str
    logic: str
    """The hash of all of the file but its tests and comments (`auditor.rulebook.lock`)."""
    variants: Mapping[str, "Rule"] = field(default_factory=dict[str, "Rule"])
    """The rule as a test of it sets its parameters, by the test's name."""

    @property
    def runs(self) -> bool:
        """Whether an audit runs it: a draft and a retired rule only keep their file."""
        return self.status in ("trial", "active")

    @property
    def sentence(self) -> Text:
        """What it does, in words."""
        return self.kind.sentence(Speaker(self.scope)).spaced()

    def on(self, as_of: date) -> "Rule":
        """The rule with the as-of day in place of `$as_of`."""
        where, at, kind = on_day(self.where, as_of), on_day(self.at, as_of), on_day(self.kind, as_of)
        if where is self.where and at is self.at and kind is self.kind:
            return self
        return replace(self, where=where, at=at, kind=kind)

    @property
    def combines(self) -> bool:
        """Whether it is judged over what other rules found, and so after them."""
        return self.scope.table.derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules, sorted by id, and the items of the plan that they cover; `sha256` is over the rule files' contents."""

    rules: tuple[Rule, ...]
    plan: tuple[PlanItem, ...]
    sha256: str

    def find(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.rule_id == rule_id), None)
