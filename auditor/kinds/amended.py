"""The audit-trail test: a field of a case was changed after an event, downwards, or without approval.

The rule's table is the log, one row a change, so that each change is judged, told and approved for itself; the case
that it belongs to is named under `with:`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.text import Text, listed
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.conditions import Condition
from auditor.kinds.labels import OR
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_LOG = ("field", "old_value", "new_value")
_NUMBER = "decimal(18, 4)"


_DIRECTIONS = {
    "down": Text(zh="{said}（数值调低的）", en="{said} (downwards where numbers)"),
    "up": Text(zh="{said}（数值调高的）", en="{said} (upwards where numbers)"),
}


_CHANGED = {
    "down": Text(zh="新值低于原值", en="the new value is lower than the old"),
    "up": Text(zh="新值高于原值", en="the new value is higher than the old"),
    "any": Text(zh="新值与原值不同", en="the new value differs from the old"),
}


@kind("amended")
@dataclass(frozen=True, kw_only=True)
class Amended(RowKind):
    """Flags a row of a change log that changes one of `field` later than `after`, in `direction`, and not `unless`.

    The rule's table is the log and has the columns field, old_value, new_value and a moment; `after` is a column of the
    case joined by `with:`, such as case.decided_at. A change at the very moment of `after` is not after it; where
    either is known to the day only, one on the same day cannot be told. Without `after` a change at any time counts.
    Old and new are compared as numbers where both are (500 and 500.00 are no change), else as texts; of texts no
    direction can be told, and every change counts. Log rows of other fields are not tested but skipped.

    NULL: a blank name of the field makes the row unknown: `where` leaves out log rows that change nothing, such as
    prints and reviews. So do a blank old or new value, a blank moment on either side (a case that was not found has
    none), and an `unless` that comes out NULL, unless something else already shows that the row is in order: a change
    before the event, in the other direction, or excused.
    """

    example_table = "case_events"
    example = """\
field: [fine_amount, violation_code]
direction: down
unless: approved_by is not null
"""

    fact_specs = {
        "event_at": FactSpec(type="timestamp", doc=Text(zh="基准时间", en="the event after which nothing may change")),
        "later_by": FactSpec(type="minutes", doc=Text(zh="晚于基准时间", en="how long after the event")),
        "old": FactSpec(type="string", doc=Text(zh="原值", en="the value before")),
        "new": FactSpec(type="string", doc=Text(zh="新值", en="the value after")),
        "difference": FactSpec(type="double", doc=Text(zh="差额", en="new minus old, where both are numbers")),
    }

    field: tuple[str, ...] = reads("words", Text(zh="所查字段", en="the names of the fields, as the log has them"))
    after: sql.Expr | None = reads(
        "expression",
        Text(zh="在何时之后", en="the moment after which a change counts; any time, if left out"),
        default=None,
    )
    direction: str = reads(
        "choice", Text(zh="变动方向", en="down, up or any (default)"), default="any", choices=("any", "down", "up")
    )
    unless: sql.Expr | None = reads(
        "condition", Text(zh="除外条件", en="a change for which this holds is in order: approved"), default=None
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        change = Text(zh="{old} → {new}（差额 {difference}）", en="{old} → {new} (difference {difference})")
        if self.after is None:
            return (change,)
        return (
            Text(zh="基准时间 {event_at}，晚 {later_by}", en="event at {event_at}, changed {later_by} later"),
            change,
        )

    def judge(self, setting: Setting) -> Judgement:
        log = setting.scope.table
        lacking = [name for name in _LOG if name not in log.columns]
        if lacking:
            raise ValueError(f"table {log.name} is no change log: it lacks {', '.join(lacking)}")
        at = setting.needed_moment()
        columns = {
            "changed_at": at,
            "old_text": exp.Trim(this=setting.own("old_value")),
            "new_text": exp.Trim(this=setting.own("new_value")),
            "excused": self.unless if self.unless is not None else exp.false(),
        }
        late: sql.Expr = exp.true()
        facts: dict[str, sql.Expr] = {}
        if self.after is not None:
            columns["event_at"] = sql.moment(self.after)
            late = self._late(setting.is_coarse(at) or setting.is_coarse(self.after))
            facts["event_at"] = sql.column("event_at")
            facts["later_by"] = sql.minutes_between(sql.column("event_at"), sql.column("changed_at"))
        old, new = sql.column("old_text"), sql.column("new_text")
        numbers = {"old_number": sql.number_or_null(old, _NUMBER), "new_number": sql.number_or_null(new, _NUMBER)}
        difference = sql.minus(sql.column("new_number"), sql.column("old_number"))
        violation = sql.both(sql.column("late"), sql.column("changed"), sql.negate(sql.column("excused")))
        return Judgement(
            columns=columns,
            stages=(Stage(columns=numbers), Stage(columns={"late": late, "changed": self._changed()})),
            within=sql.either(*(sql.equal(setting.own("field"), sql.text(name)) for name in self.field)),
            violation=violation,
            reported=sql.both(
                sql.column("in_period"),
                sql.coalesce(sql.column("in_scope"), exp.false()),
                sql.coalesce(violation, exp.false()),
            ),
            facts={**facts, "old": old, "new": new, "difference": difference},
            moment=sql.column("changed_at"),
        )

    def _late(self, coarse: bool) -> sql.Expr:
        """Whether the change came after the event; NULL where both fall on one day and no hour tells."""
        event, changed = sql.column("event_at"), sql.column("changed_at")
        if not coarse:
            return sql.less(event, changed)
        same_day = sql.equal(sql.day(event), sql.day(changed))
        return sql.case((same_day, exp.null()), otherwise=sql.less(event, changed))

    def _changed(self) -> sql.Expr:
        """Whether new differs from old in the direction that counts; NULL where either is blank."""
        old, new = sql.column("old_number"), sql.column("new_number")
        numeric = sql.both(sql.is_known(old), sql.is_known(new))
        down, up = sql.less(new, old), sql.less(old, new)
        moved = {"down": down, "up": up, "any": sql.either(down, up)}[self.direction]
        same = sql.equal(sql.column("old_text"), sql.column("new_text"))
        return sql.case((numeric, moved), otherwise=sql.negate(same))

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        fields = sql.either(*(sql.equal(setting.own("field"), sql.text(name)) for name in self.field))
        names = listed(list(dict.fromkeys(say.labels.field(name) for name in self.field)), OR)
        asked = Text(zh="修改的是{fields}", en="what was changed is {fields}").filled(fields=names)
        found = [Condition(text=asked, met=fields, role="scope")]
        if self.after is not None:
            late = Text(zh="修改晚于{after}", en="it was changed after {after}").filled(after=say.value(self.after))
            found.append(Condition(text=late, met=sql.column("late"), about=(setting.needed_moment(), self.after)))
        values = (setting.own("old_value"), setting.own("new_value"))
        found.append(Condition(text=_CHANGED[self.direction], met=sql.column("changed"), about=values))
        if self.unless is not None:
            unexcused = sql.negate(self.unless)
            found.append(Condition(text=say.condition(unexcused), met=unexcused))
        return found

    def sentence(self, say: Speaker) -> Text:
        said = Text(zh="{fields}的修改", en="every change of {fields}").filled(
            fields=listed(list(dict.fromkeys(say.labels.field(name) for name in self.field)), OR)
        )
        if self.after is not None:
            late = Text(zh="{after}之后对{said}", en="{said} after {after}")
            said = late.filled(said=said, after=say.value(self.after))
        if self.direction != "any":
            said = _DIRECTIONS[self.direction].filled(said=said)
        if self.unless is not None:
            excused = Text(zh="{said}（{condition}的除外）", en="{said}, unless {condition}")
            said = excused.filled(said=said, condition=say.condition(self.unless))
        return Text(zh="凡有{said}，即予列出", en="flags {said}").filled(said=said)
