"""Conditional completeness: a step, document or field that this procedure demands and the record lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition, choice, parts
from auditor.kinds.labels import OR
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker


@kind("require")
@dataclass(frozen=True, kw_only=True)
class Require(RowKind):
    """Flags a row that leaves any of `fields` blank although `when` holds.

    NULL: a blank field is the violation itself. Where `when` is NULL the row is unknown if a field is blank, and in
    order if none is. A field that the export lacks altogether makes the rule not applicable, never a violation.
    """

    example = """\
fields: [rights_notice_at]
when: procedure = 'ordinary'
"""

    fact_specs = {"missing": FactSpec(type="columns", doc=Text(zh="缺少的字段", en="the fields that are blank"))}

    fields: tuple[str, ...] = reads("columns", Text(zh="必须填写的字段", en="the columns that must be filled"))
    when: sql.Expr | None = reads(
        "condition", Text(zh="何时必须填写", en="when they must be; always, if left out"), default=None
    )

    @property
    def accuses_by_blank(self) -> tuple[exp.Column, ...]:
        return tuple(exp.column(name) for name in self.fields)

    def judge(self, setting: Setting) -> Judgement:
        blank = {name: sql.is_null(setting.own(name)) for name in self.fields}
        violation = sql.either(*blank.values())
        if self.when is not None:
            violation = sql.both(self.when, violation)
        listed = exp.Array(expressions=[sql.case((missing, sql.text(name))) for name, missing in blank.items()])
        return Judgement(violation=violation, facts={"missing": sql.joined(listed, ", ")})

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        blank = [sql.is_null(setting.own(name)) for name in self.fields]
        ways = [Condition(text=say.condition(missing), met=missing) for missing in blank]
        any_of_them = Text(zh="{names}没有记载", en="{names} is not recorded").filled(
            names=say.labels.columns(self.fields, OR)
        )
        demanded = [] if self.when is None else parts(self.when, say, "scope")
        return [*demanded, choice(any_of_them, ways)]

    def sentence(self, say: Speaker) -> Text:
        names = say.labels.columns(self.fields, OR)
        if self.when is None:
            return Text(zh="{names}没有记载的，即为问题", en="flags every row on which {names} is not recorded").filled(
                names=names
            )
        return Text(
            zh="当{condition}时，{names}没有记载的，即为问题",
            en="flags every row on which {names} is not recorded although {condition}",
        ).filled(names=names, condition=say.among(self.when))
