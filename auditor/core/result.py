"""What a run comes to, in plain words and numbers: all that a report, an export or the ledger ever sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from auditor.core.condition import ConditionCard
from auditor.core.fact import Fact
from auditor.core.finding import Certainty, Evidence, Finding, Level, Record
from auditor.core.followed import EarlierRun, HistoryEntry
from auditor.core.picture import Picture, Sites
from auditor.core.text import Text

Result = Literal["error", "not_applicable", "flagged", "clean"]
Status = Literal["draft", "trial", "active", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of law and the days on which it is in force (`until` is the last of them; None: still)."""

    law: str
    article: str
    from_: date | None = None
    until: date | None = None
    says: Text | None = None
    mark: Literal["V", "V2", "P"] = "V"
    """How far it was verified: read in full text, seen on a secondary page, or a default of this project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter as it was used; `overridden` where the county or the command line set another than the default."""

    name: str
    value: str
    default: str
    overridden: bool
    doc: Text | None = None
    figure: str | None = None
    """The name of the figure of the law that it is, in the table of figures; None for a project default."""
    waits: bool = False
    """Whether that figure is not known yet: `value` then serves the rule's tests alone, and the rule is not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """A rule in words, as printed beside its findings.

    `message` and `arithmetic` are templates over the facts of a finding (`auditor.core.words.fill`); `sentence` says
    in words what the rule does, `sql` is the query that was run (None where it could not be compiled).
    """

    rule_id: str
    title: Text
    covers: tuple[str, ...]
    level: Level
    certainty: Certainty
    status: Status
    kind: str
    table: str
    basis: tuple[Article, ...]
    why: Text
    false_positives: tuple[Text, ...]
    verify: tuple[Text, ...]
    parameters: tuple[Parameter, ...]
    message: Text
    arithmetic: tuple[Text, ...]
    sentence: Text
    sql: str | None
    source: str
    needs: tuple[str, ...] = ()
    facts: Mapping[str, Text] = field(default_factory=dict[str, Text])
    """What the facts of its findings are called, for those that are no column of a table."""
    key: tuple[str, ...] = ()
    """The columns that its findings are known by."""
    logic: str = ""
    """The hash of all of its file but tests and comments; a finding that is gone under another one proves nothing."""
    conditions: tuple[ConditionCard, ...] = ()
    """What it asks, one by one: first of the kind of case, then of the problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A subject that a statistical rule looked at and did not judge, and why."""

    subject_id: str
    reason: Text
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """Subjects of a statistical rule that were not judged, too many to be named each: `subjects` with fewer than
    `fewest` rows, which have `n` rows in all."""

    subjects: int
    n: int
    fewest: int

    @property
    def text(self) -> Text:
        return Text(
            zh=f"不足 {self.fewest} 件的对象 {self.subjects:,} 个（共 {self.n:,} 件）未作判断，为数众多，不逐一列出",
            en=f"{self.subjects:,} subjects with fewer than {self.fewest} cases, {self.n:,} cases in all, were not "
            "judged; they are too many to be named each",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What a rule counted within one unit and one month (`2024-05`); None where the rows do not say. Without these a
    report can name a unit's findings, but not out of how many."""

    unit_id: str | None
    month: str | None
    tested: int
    violation: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One row of rules.parquet.

    tested = ok + violation; unknown rows were in scope and could not be judged; skipped rows lay outside `where`.
    `grain` says what was counted: `row`, or the column whose values are the subjects of a statistical rule.
    """

    rule_id: str
    result: Result
    reason: Text | None = None
    tested: int = 0
    ok: int = 0
    violation: int = 0
    unknown: int = 0
    skipped: int = 0
    findings: int = 0
    grain: str = "row"
    not_judged: tuple[NotJudged, ...] = ()
    too_few: TooFew | None = None
    """Those besides that are counted and not named; `unknown` counts them, too."""
    notes: tuple[Text, ...] = ()
    slices: tuple[Slice, ...] = ()
    lacks: tuple[str, ...] = ()
    """The tables (`captures`) and columns (`cases.speed_kmh`) that the rule needs and the data do not have."""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """One row of quarantine.parquet: a source row, or a cell of it, that could not be used.

    `column` is the source header (None where the whole row is at fault); `reason` is a stable word such as
    `date_unreadable`; `text` says it to a person.
    """

    table_name: str
    source_file: str
    source_row: int
    column: str | None
    raw_value: str | None
    reason: str
    text: Text


RowKind = Literal["title", "header", "total", "note"]
"""What a row of a file is that is no record: `title` stands above the headers, `note` is a line such as who filled in
the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A row of a file that was recognised as no record; `text` is what it says, its cells joined."""

    source_row: int
    kind: RowKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header of a source file, and the canonical column that it feeds (None: none; of several, a personal one)."""

    name: str
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A quarantined row as it stands in its file: `cells` under the file's headers, those at the places `faulty` at
    fault, or one cell with the whole record where it is of another width."""

    table_name: str
    source_file: str
    source_row: int
    cells: tuple[str | None, ...]
    faulty: tuple[int, ...] = ()
    ragged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One source file, or one sheet of it, with every one of its `rows` accounted for:

    rows = passed over + blank + filtered + read, and read = loaded + quarantined, always. `filtered` are the rows that
    the profile's own filter leaves out. Of those loaded, `superseded` are the rows that a later extract has anew.
    """

    file: str
    sha256: str
    table_name: str
    format: str
    encoding: str | None
    rows: int
    read: int
    loaded: int
    quarantined: int
    passed_over: tuple[PassedOver, ...] = ()
    blank: int = 0
    filtered: int = 0
    superseded: int = 0
    headers: tuple[Header, ...] = ()
    archive_sha256: str | None = None
    """Of the archive that the file is a member of, as it was handed in; `sha256` is of the member, unpacked."""

    def counts(self) -> dict[str, int]:
        """What became of every row of the file, by its fate; these add up to `rows`."""
        kinds = {kind: sum(row.kind == kind for row in self.passed_over) for kind in get_args(RowKind)}
        fates = {"loaded": self.loaded, "quarantined": self.quarantined, **kinds}
        return {**fates, "blank": self.blank, "filtered": self.filtered}

    def __post_init__(self) -> None:
        accounted = len(self.passed_over) + self.blank + self.filtered + self.read
        if self.rows != accounted or self.read != self.loaded + self.quarantined:
            raise ValueError(f"{self.file}: not every row is accounted for: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFinding:
    """Something wrong with a table or a register as a whole, not with one row; shown before all findings."""

    table_name: str
    check: str
    text: Text
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file in the data folder that was not read, and why."""

    file: str
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One of the items of the rectification plan; `detectability` D1 to D5, `severity` S1 (gravest) to S4.

    `unseen` is what of it records cannot show, and `instead` what to do about that; both None where rules see it all.
    """

    item: str
    title: Text
    detectability: str
    severity: str
    core: bool
    unseen: Text | None = None
    instead: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days, both ends included; `label` is how it is written (2024-05, 2024Q2, 2024, or a span)."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One audit. Everything here is the same for the same inputs, rules and as-of date; `clock` alone is not, and
    goes nowhere but into manifest.json."""

    period: Period
    as_of: date
    agencies: tuple[str, ...]
    rows: Mapping[str, int]
    inputs: tuple[InputFile, ...]
    unread: tuple[Unread, ...]
    contract: tuple[ContractFinding, ...]
    quarantine: tuple[QuarantineEntry, ...]
    cards: tuple[RuleCard, ...]
    results: tuple[RuleResult, ...]
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    records: tuple[Record, ...]
    plan: tuple[PlanItem, ...]
    held: tuple[HeldRow, ...] = ()
    """The quarantined rows themselves, one each however many faults it has."""
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    """Unit names by id, from the register of units where one was given."""
    officers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Officer names by id, from the register of officers where one was given."""
    sites: tuple[Sites, ...] = ()
    chain: tuple[EarlierRun, ...] = ()
    """The runs that this one follows on from, oldest first; the last is its baseline. Empty: nothing compared."""
    history: tuple[HistoryEntry, ...] = ()
    """What every run of the chain and this one made of each finding."""
    former_cards: tuple[RuleCard, ...] = ()
    """Of carried findings, the rules that this run does not have any more."""
    chain_notes: tuple[Text, ...] = ()
    """What a reader of the comparison with the baseline has to know: another rulebook, a month left out."""
    rulebook_sha256: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    clock: Mapping[str, Any] = field(default_factory=dict[str, Any])


__all__ = [
    "Article",
    "ContractFinding",
    "Fact",
    "Header",
    "HeldRow",
    "InputFile",
    "NotJudged",
    "Parameter",
    "PassedOver",
    "Period",
    "PlanItem",
    "QuarantineEntry",
    "Result",
    "RowKind",
    "RuleCard",
    "RuleResult",
    "Run",
    "Slice",
    "Status",
    "TooFew",
    "Unread",
]
