"""What a kind of rule is: the fields it reads from YAML, the verdict it gives on a row or a group, and its sentence.

A row kind says, three-valued, when a row is a violation; the verdict is then made once for all kinds, by the compiler.
A group kind says what to count; the verdict on each subject comes from its statistics. A kind is one file: its fields
(with their documentation) and its docstring are all that help, schema and lint need.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.fact import FactType
from auditor.core.finding import Level
from auditor.core.picture import Bin
from auditor.core.result import NotJudged, TooFew
from auditor.core.schema import Personal
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.company import Alike, Beside, Listed
from auditor.kinds.population import Joined, Population
from auditor.kinds.scope import Setting, With
from auditor.kinds.spoken import Speaker

if TYPE_CHECKING:
    from auditor.kinds.conditions import Condition, Limit
    from auditor.stats import Crowd

How = Literal[
    "condition", "conditions", "expression", "expressions", "columns", "duration", "count", "share", "number", "table",
    "match", "register column", "register condition", "own column", "bands", "spans", "choice", "words",
    "query", "weights",
]  # fmt: skip

IS_LATER = "is_later"


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A field of a kind as a rule file writes it."""

    name: str
    attribute: str
    how: How
    required: bool
    doc: Text
    choices: tuple[str, ...] = ()


def reads(
    how: How, doc: Text, *, name: str | None = None, default: Any = dataclasses.MISSING, choices: tuple[str, ...] = ()
) -> Any:
    """Declares a field of a kind: how its value is read, what it means, and its default where it may be left out."""
    return field(default=default, metadata={"how": how, "doc": doc, "name": name, "choices": choices})


@dataclass(frozen=True, kw_only=True)
class FactSpec:
    """A fact that a kind adds to its findings, for messages and arithmetic."""

    type: FactType
    doc: Text
    personal: Personal | None = None
    """As what it is masked where it repeats what the data say of people."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Columns computed over those before them, with what must be joined to compute them. A join gives at most one
    row, so that no stage changes how many rows there are."""

    columns: Mapping[str, sql.Expr]
    joins: tuple[Joined, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How a row kind judges.

    Expressions range over the rule's row and what is joined to it. With `stages`, each stage adds columns computed over
    the last (by window, among rows in scope), and `violation`, `facts`, `reported` and `anchor` range over all those
    columns and `columns` by bare name. `span` is (start, end) where a row is alive over a stretch of time rather than
    at a moment. `reported` says which rows a finding rests on when these are not just the violating rows of the period.
    """

    violation: sql.Expr
    facts: Mapping[str, sql.Expr] = field(default_factory=dict[str, sql.Expr])
    fact_columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """The columns, as `table.column`, of which facts repeat a value: they are masked and worded as these are."""
    span: tuple[sql.Expr, sql.Expr] | None = None
    columns: Mapping[str, sql.Expr] = field(default_factory=dict[str, sql.Expr])
    stages: tuple[Stage, ...] = ()
    reported: sql.Expr | None = None
    anchor: sql.Expr | None = None
    level: sql.Expr | None = None
    metric: str | None = None
    value: sql.Expr | None = None
    threshold: float | None = None
    measured: bool = False
    """Whether `value` is known of every row that is ok or a violation, so that its distribution can be drawn."""
    moment: sql.Expr | None = None
    """When what a row tells of happened, for a finding's first and last moment; what places it in a period, if None."""
    registers: Mapping[str, sql.Expr] = field(default_factory=dict[str, sql.Expr])
    """Registers whose matching rows are evidence too: table name to the condition that ties its rows, under the alias
    `register`, to this one: to its own columns by its table's name, to computed ones under the alias `f`."""
    within: sql.Expr | None = None
    """Narrows the rows in scope further than the rule's `where` does."""
    company: Alike | Beside | Listed | None = None
    """Which rows a kind that looks at others may find fault with, so that the rest need not be looked at with them."""
    looks_back: bool = False
    """With `span` and stages: whether the stages must see rows that ended before the period, too."""
    looks_ahead: bool = False
    """With stages and no `span`: whether the stages must see rows dated after the period, too; the column `IS_LATER`
    tells them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`n` rows of a subject in one stratum, `k` of them with the outcome.

    `month` is the first day of the rows' month where the population is counted by month, and `audited` says whether the
    rows are of the period. Where it is counted by day, `days` is how many days that is, with those without rows, and
    `squares` the sum of the squares of the daily counts.
    """

    subject: str
    stratum: tuple[str | None, ...]
    n: int
    k: int
    month: date | None = None
    audited: bool = True
    days: int = 0
    squares: int = 0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the statistics say of one subject, in the unit of the kind's `metric`: for a rate from 0 to 1.

    `lower` to `upper` is the 95 % interval of the excess over `expected`; a kind that compares with a fixed limit and
    with nobody else has none of these, nor a `q_value`; one that tests no hypothesis has no `p_value` either.
    """

    subject: str
    flagged: bool
    facts: Mapping[str, str | None]
    value: float
    expected: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    q_value: float | None
    n: int
    threshold: float | None = None
    """The subject's own, where it is not the kind's."""
    parts: tuple[str, ...] = ()
    """What a compound subject is made of: the finding is about the first, and all of them are its identity."""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """The columns that facts were read from, by the fact's name; whoever shows a fact masks it as its column."""


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """The verdicts on the subjects that could be judged, and who could not be, with the reason."""

    verdicts: tuple[Verdict, ...]
    not_judged: tuple[NotJudged, ...]
    too_few: TooFew | None = None
    """Those besides that had too few rows and are counted only."""
    notes: tuple[Text, ...] = ()
    spread: float | None = None
    """The standard deviation of honest subjects' rates by which limits were widened; None where rates are not compared
    with those of peers."""


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """The checked fields of one rule's `check:` block."""

    name: ClassVar[str] = ""
    fact_specs: ClassVar[Mapping[str, FactSpec]] = {}
    arithmetic_steps: ClassVar[tuple[Text, ...]] = ()
    table_needed: ClassVar[str | None] = None
    """The one table that the kind can be used over, where it is so."""
    misses_rows: ClassVar[bool] = False
    """Whether it takes a row that is not there for missing, as the others show it."""
    example_table: ClassVar[str] = "cases"
    example: ClassVar[str] = ""
    """The `check:` block, without its kind, that a new rule of the kind begins with; over `example_table`."""

    @property
    def takes_all(self) -> bool:
        """Whether findings of rules that it does not name count too."""
        return False

    @property
    def must_run(self) -> tuple[str, ...]:
        """Rules of which one must have run, or it was not run itself."""
        return ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of the rules whose findings it combines, where it names any."""
        return ()

    @property
    def accuses_by_blank(self) -> tuple[exp.Column, ...]:
        """The columns of which a blank is itself the fault, or keeps a clock running, where there are any."""
        return ()

    @abstractmethod
    def sentence(self, say: Speaker) -> Text:
        """What the rule does, in words, from its fields; `say` has the rule's own words for columns and values."""

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        """How a verdict is worked out, step by step, as templates over the facts; a kind whose steps depend on its
        fields says them here."""
        return self.arithmetic_steps

    def faults(self) -> Sequence[tuple[str, str]]:
        """Fields that are well written each but don't go together: (field, what is wrong)."""
        return ()

    def reaches_back_to(self, first: date, last: date) -> date | None:
        """The earliest day that a verdict on a period looks at, where the kind looks further back than the period."""
        return None

    def brings(self) -> Mapping[str, With]:
        """Registers that the check itself names, joined to the row as those under `with:` are; by alias."""
        return {}


class RowKind(Kind):
    @abstractmethod
    def judge(self, setting: Setting) -> Judgement: ...

    @abstractmethod
    def conditions(self, setting: Setting, say: Speaker) -> "Sequence[Condition]":
        """What it asks of a row besides `where`, one by one; how many these are depends on the rule alone."""


class GroupKind(Kind):
    metric: ClassVar[str] = "rate"
    """What the value of a finding is, by its stable name."""
    compares: ClassVar[str | None] = None
    """What is compared, where that is not the rule's subject."""
    both_ways: ClassVar[bool] = False
    """Whether a rate below the expected one counts, too."""

    @abstractmethod
    def population(self, setting: Setting) -> Population: ...

    @abstractmethod
    def conclude(self, counts: Sequence[Count]) -> Conclusion: ...

    def conclude_beside(self, counts: Sequence[Count], crowd: "Crowd") -> Conclusion:
        """The same verdicts as if each of the crowd were among the counts; for a kind whose population says `fewest`,
        which alone is asked."""
        raise TypeError(f"kind {self.name!r} says no fewest rows, so nobody is left to a crowd")

    @property
    @abstractmethod
    def threshold(self) -> float: ...

    def histogram(self, counts: Sequence[Count], flagged: Set[str]) -> tuple[float, tuple[Bin, ...]] | None:
        """The line that the law draws and how the counted values lie about it, those of flagged subjects apart; None
        where a kind does not count by value."""
        return None

    @abstractmethod
    def limits(self, say: Speaker) -> "Sequence[Limit]":
        """What it asks of a subject's numbers, one by one: a flagged subject meets them all."""


_KINDS: dict[str, type[Kind]] = {}
K = TypeVar("K", bound=Kind)


def kind(name: str) -> Callable[[type[K]], type[K]]:
    """Registers a kind under the name that rule files use."""

    def register(cls: type[K]) -> type[K]:
        if name in _KINDS:
            raise TypeError(f"kind {name!r} is defined twice: {_KINDS[name].__module__} and {cls.__module__}")
        if not cls.__doc__:
            raise TypeError(f"kind {name!r} in {cls.__module__} has no docstring; it is the manual")
        cls.name = name
        _KINDS[name] = cls
        return cls

    return register


def kinds() -> Mapping[str, type[Kind]]:
    """All kinds by name; every module of this package has been imported by then."""
    import importlib
    import pkgutil

    import auditor.kinds

    for module in pkgutil.iter_modules(auditor.kinds.__path__):
        importlib.import_module(f"auditor.kinds.{module.name}")
    return dict(sorted(_KINDS.items()))


def fields_of(cls: type[Kind]) -> dict[str, FieldSpec]:
    """The fields of a kind by the name that rule files use."""
    specs: dict[str, FieldSpec] = {}
    for declared in dataclasses.fields(cls):
        name = declared.metadata["name"] or declared.name
        specs[name] = FieldSpec(
            name=name,
            attribute=declared.name,
            how=declared.metadata["how"],
            required=declared.default is dataclasses.MISSING,
            doc=declared.metadata["doc"],
            choices=declared.metadata["choices"],
        )
    return specs


@dataclass(frozen=True, kw_only=True)
class Band:
    """A level for values up to and including `to` (None: all above the last)."""

    to: Duration | None
    level: Level
