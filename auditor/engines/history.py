"""How far back the data reach, held against how far back a rule looks: a window that the data cut is no full look.

The data begin on the first day of any row of the rule's table, in its scope or not: a rule that looks at few rows is
not short of history because none of them came early.
"""

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from auditor.core.text import Text
from auditor.engines.base import Session
from auditor.kinds import sql
from auditor.kinds.scope import Setting
from auditor.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class ShortHistory:
    """The rule needs its table's rows from the day `needed` on, and the first of them is of the later day `begins`."""

    needed: date
    begins: date

    @property
    def note(self) -> Text:
        """What a rule that ran all the same says of it on its page."""
        return Text(
            zh=f"规则需回看至 {self.needed}，而数据从 {self.begins} 才开始，期初的比较或时间窗不完整",
            en=f"the rule looks back to {self.needed}, but the data begin on {self.begins}: "
            "its window is cut at the beginning",
        )


def short_history(rule: Rule, session: Session, setting: Setting) -> ShortHistory | None:
    """Where the data begin later than the rule looks back; None for a rule that doesn't, or over a table not loaded."""
    clock, at = setting.clock, _placed_by(rule, setting)
    needed = None if clock.first is None else rule.kind.reaches_back_to(clock.first, clock.last)
    table = rule.scope.table.name
    if needed is None or at is None or table not in (setting.provided or {}):
        return None
    begun = [row["earliest"] for question in _first_days(at, table) for row in session.rows(question)]
    begins = min(begun, default=None)
    return None if begins is None or begins <= needed else ShortHistory(needed=needed, begins=begins)


def _first_days(at: sql.Expr, table: str) -> list[exp.Select]:
    """What asks for the first day of a table's rows. Of a moment that is the first of several that a row has, each is
    asked for by itself among the rows that have none of those before it: of a plain column the engine knows where in
    the table the early ones are."""
    plain = at.unnest()
    moments = [plain.this, *plain.expressions] if isinstance(plain, exp.Coalesce) else [plain]
    found: list[exp.Select] = []
    for number, moment in enumerate(moments):
        there = [sql.is_known(moment), *(sql.is_null(earlier) for earlier in moments[:number])]
        first = exp.select(exp.alias_(sql.day(moment), "earliest")).from_(exp.to_table(table))
        found.append(first.where(sql.both(*there)).order_by(moment.copy()).limit(1))
    return found


def _placed_by(rule: Rule, setting: Setting) -> sql.Expr | None:
    """What places a row in time: the rule's own `at`, unless that is of a register or not in the extract."""
    if rule.at is None:
        return setting.row_moment()
    table = rule.scope.table.name
    named = list(rule.at.find_all(exp.Column))
    own = all(column.table in ("", table) and setting.has(table, column.name) for column in named)
    return sql.moment(rule.at) if own else setting.row_moment()
