"""What one rule came to, and what the engine knows of the data that it is judged over."""

import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from auditor.core.finding import Evidence, Finding
from auditor.core.result import ContractFinding, RuleResult
from auditor.core.text import Text
from auditor.intake import Loaded


@dataclass(frozen=True, kw_only=True)
class Data:
    """What the engine knows of the loaded data: provided columns by table, moments known to the day only, and by table
    how many rows were held back."""

    columns: Mapping[str, frozenset[str]]
    date_precision: frozenset[str] = frozenset()
    held: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def of(cls, loaded: Loaded) -> "Data":
        held = Counter[str]()
        for file in loaded.inputs:
            held[file.table_name] += file.quarantined
        return cls(columns=loaded.columns, date_precision=loaded.date_precision, held=held)


class Told:
    """Findings and their evidence, put into words when they are first asked for: counts need none of them."""

    def __init__(self, tell: Callable[[], tuple[list[Finding], list[Evidence]]]) -> None:
        self._tell = tell

    @classmethod
    def nothing(cls) -> "Told":
        return cls(lambda: ([], []))

    @cached_property
    def all(self) -> tuple[tuple[Finding, ...], tuple[Evidence, ...]]:
        findings, evidence = self._tell()
        del self._tell  # what it held on to is words now
        return tuple(findings), tuple(evidence)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """All that one rule came to. `statement` is the SQL of its verdicts, None where it could not be compiled."""

    result: RuleResult
    told: Told = field(default_factory=Told.nothing)
    contract: tuple[ContractFinding, ...] = ()
    statement: str | None = None
    seconds: float = 0.0
    trace: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.told.all[0]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.told.all[1]


def broken(rule_id: str, error: Exception, statement: str | None, seconds: float) -> Judged:
    """A rule that failed: a result of its own, with the trace kept."""
    first = str(error).strip().split("\n")[0]
    reason = Text(zh=f"规则运行出错：{first}", en=f"the rule failed: {first}")
    return Judged(
        result=RuleResult(rule_id=rule_id, result="error", reason=reason),
        statement=statement,
        seconds=seconds,
        trace="".join(traceback.format_exception(error)),
    )


def noted(result: RuleResult, *notes: Text | None) -> RuleResult:
    """The result with what else there is to say of it."""
    return replace(result, notes=(*result.notes, *(note for note in notes if note is not None)))
