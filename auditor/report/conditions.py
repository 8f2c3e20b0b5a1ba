"""Each condition of a finding with its answer: met, not met, or not to be told, and what the record says about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.core.condition import AskedColumn, ConditionRole
from auditor.core.finding import Evidence, Finding, Record
from auditor.core.masks import Masks, Secrets
from auditor.core.result import RuleCard
from auditor.core.text import Text, listed
from auditor.core.words import MISSING
from auditor.report.figures import Entry

ROLE: dict[ConditionRole, Text] = {
    "scope": Text(
        zh="检查范围（符合：属于规则所看的情形）", en="Scope (met: it is the kind of case that is looked at)"
    ),
    "test": Text(zh="规则所查（符合：所查的情形存在）", en="What is tested (met: what the rule looks for is there)"),
    "note": Text(zh="有关情况（本身不决定结论）", en="Circumstances (these decide nothing by themselves)"),
}
_ANSWER: dict[bool | None, tuple[str, Text]] = {
    True: ("✓", Text(zh="符合", en="met")),
    False: ("✗", Text(zh="不符合", en="not met")),
    None: ("?", Text(zh="无法判断", en="cannot be told")),
}
_AND = Text(zh="和", en=" and ")
_NOT_RECORDED = Text(zh="没有记载：{columns}", en="not recorded: {columns}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One condition answered. `values` are what is recorded in the columns that it names; `blank` says, of one that
    cannot be told, which of them are not recorded, where that is known. A `branch` is one of several ways in which the
    answer before it that is no branch can come about."""

    met: bool | None
    sign: str
    word: Text
    text: Text
    role: ConditionRole
    branch: bool
    values: tuple[Entry, ...]
    blank: Text | None


def answers(
    card: RuleCard,
    finding: Finding,
    evidence: Sequence[Evidence],
    record: Callable[[Evidence], Record | None],
    masks: Masks,
    secrets: Secrets,
) -> tuple[Answer, ...]:
    """The finding's conditions in the order of the card; none where the run did not answer them. Of a condition with
    branches the values stand with these."""
    if not card.conditions or len(card.conditions) != len(finding.conditions):
        return ()
    found: list[Answer] = []
    followed = [*(after.branch for after in card.conditions[1:]), False]
    for condition, met, next_is_branch in zip(card.conditions, finding.conditions, followed, strict=True):
        values: list[Entry] = []
        blanks: list[Text] = []
        for column in () if next_is_branch and not condition.branch else condition.columns:
            read, value = _recorded(column, finding, evidence, record)
            if not read:
                continue
            shown = Text(MISSING, MISSING)
            if value is None:
                blanks += [column.label] if column.needed else []
            else:
                shown = masks.cell(column.table, column.column, value, secrets)
            values.append(Entry(label=column.label, value=shown))
        sign, word = _ANSWER[met]
        told = met is None and blanks
        found.append(
            Answer(
                met=met,
                sign=sign,
                word=word,
                text=condition.text,
                role=condition.role,
                branch=condition.branch,
                values=tuple(values),
                blank=_NOT_RECORDED.filled(columns=listed(blanks, _AND)) if told else None,
            )
        )
    return tuple(found)


def _recorded(
    column: AskedColumn,
    finding: Finding,
    evidence: Sequence[Evidence],
    record: Callable[[Evidence], Record | None],
) -> tuple[bool, str | None]:
    """Whether it is known what the record says, and what it says (None: nothing).

    Of a register that was joined by name the row belongs to the first judged row only where the finding rests on one
    row of it, or on none at all.
    """
    first = finding.first_row
    if first is None:
        return False, None
    if column.role != "subject":
        rows = [row for row in evidence if row.role == column.role]
        if not rows:
            return True, None
    else:
        place = (first.source_file, first.source_row)
        rows = [row for row in evidence if row.role == "subject" and (row.source_file, row.source_row) == place]
    kept = record(rows[0]) if len(rows) == 1 else None
    if kept is None or kept.table_name != column.table:
        return False, None
    return True, kept.values.get(column.column)
