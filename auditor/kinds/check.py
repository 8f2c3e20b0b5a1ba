"""The failed-rows check: a row for which a condition holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition, parts
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker


@kind("check")
@dataclass(frozen=True, kw_only=True)
class Check(RowKind):
    """Flags a row for which `fail_when` holds.

    NULL: where the condition comes out NULL the row is unknown. A condition that means to judge a blank says so with
    `is null`.
    """

    example = "fail_when: fine_amount > 200"

    fail_when: sql.Expr = reads("condition", Text(zh="出现即为问题的条件", en="the condition that is the problem"))

    @property
    def accuses_by_blank(self) -> tuple[exp.Column, ...]:
        """Steps that must be on record: the moments, and what is named with them, that the condition wants blank."""
        parts = self.fail_when.flatten() if isinstance(self.fail_when, exp.And) else [self.fail_when]
        blank = [part.this for part in parts if isinstance(part, exp.Is) and isinstance(part.expression, exp.Null)]
        columns = tuple(column for column in blank if isinstance(column, exp.Column))
        return columns if any(_is_moment(column) for column in columns) else ()

    def judge(self, setting: Setting) -> Judgement:
        return Judgement(violation=self.fail_when)

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        return parts(self.fail_when, say, "test")

    def sentence(self, say: Speaker) -> Text:
        return Text(
            zh="凡符合下列条件的记录即为问题：{condition}", en="flags every row for which this holds: {condition}"
        ).filled(condition=say.condition(self.fail_when))


def _is_moment(column: exp.Column) -> bool:
    table = tables().get(column.table)
    known = None if table is None else table.columns.get(column.name)
    return known is not None and known.type in ("timestamp", "date")
