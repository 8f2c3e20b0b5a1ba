"""Duplicates, same-same-different: rows alike in some columns that differ in others, the same act punished twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.company import Alike
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.labels import OR
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker


@kind("duplicate")
@dataclass(frozen=True, kw_only=True)
class Duplicate(RowKind):
    """Flags the rows that agree in every column of `same` with another row, and among which at least one column of
    `different` takes two values; without `different` a second row is enough. A finding is the whole group, so a rule's
    `key` is made of the columns of `same`.

    All rows in scope up to the end of the period are read, however long ago; reported is every group that has a row in
    the period. A row without a moment belongs to every period.

    NULL: a row with a blank in `same` is like no other and unknown. A blank in `different` is no value: a group with
    two values is a violation with all its rows, and one in which only a blank could make the difference is unknown.
    Moments that the export knows to the day only are neither the same nor different within one day, and what hangs on
    that is unknown; a rule that means the day writes `cast(occurred_at as date)`.
    """

    example = """\
same: [plate_no, occurred_at]
different: [domain, violation_code]
"""

    fact_specs = {
        "rows": FactSpec(type="int", doc=Text(zh="相同记录数", en="how many rows are alike")),
        "differs": FactSpec(type="columns", doc=Text(zh="不一致的内容", en="the columns in which they differ")),
    }

    same: tuple[sql.Expr, ...] = reads("expressions", Text(zh="相同的内容", en="what the rows have in common"))
    different: tuple[sql.Expr, ...] = reads(
        "expressions",
        Text(zh="不同的内容", en="of which at least one differs among them; any second row counts, if left out"),
        default=(),
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        found = [
            Text(zh="相同记录 {rows} 条，{first_at} 至 {last_at}", en="{rows} rows alike, {first_at} to {last_at}")
        ]
        if self.different:
            found.append(Text(zh="不一致：{differs}", en="they differ in: {differs}"))
        return tuple(found)

    def faults(self) -> Sequence[tuple[str, str]]:
        same = {sql.render(part) for part in self.same}
        if any(sql.render(part) in same for part in self.different):
            return [("different", "names what `same` names already; it never differs")]
        return []

    def judge(self, setting: Setting) -> Judgement:
        same = {f"same_{number}": part for number, part in enumerate(self.same, 1)}
        different = {f"different_{number}": part for number, part in enumerate(self.different, 1)}
        usable = sql.both(
            sql.coalesce(sql.column("in_scope"), exp.false()), *(sql.is_known(sql.column(name)) for name in same)
        )
        alike = [sql.column("usable"), *(sql.column(name) for name in same)]

        def whole(function: sql.Expr) -> sql.Expr:
            return exp.Window(this=function, partition_by=[part.copy() for part in alike])

        differ = {f"differs_{number}": name for number, name in enumerate(different, 1)}
        group: dict[str, sql.Expr] = {
            "group_rows": whole(exp.Count(this=exp.Star())),
            "group_in_period": whole(exp.Max(this=sql.column("in_period"))),
        }
        for (flag, name), part in zip(differ.items(), self.different, strict=True):
            value = sql.column(name)
            apart = sql.less(whole(exp.Min(this=value)), whole(exp.Max(this=value.copy())))
            blank = whole(exp.Max(this=sql.is_null(value)))
            alike_then = exp.null() if _hides_hours(setting, part) else exp.false()
            group[flag] = sql.case((apart, exp.true()), (blank, exp.null()), otherwise=alike_then)
        flags = [sql.column(flag) for flag in differ]
        repeated = sql.less(sql.number(1), sql.column("group_rows"))
        violation = sql.both(repeated, sql.either(*flags)) if flags else repeated
        if any(_hides_hours(setting, part) for part in self.same):
            violation = sql.case((sql.negate(violation), exp.false()))
        found = [
            sql.column("usable"),
            sql.column("group_in_period"),
            sql.coalesce(sql.column("violation"), exp.false()),
        ]
        return Judgement(
            columns={**same, **different},
            stages=(Stage(columns={"usable": usable}), Stage(columns=group)),
            violation=sql.case((sql.column("usable"), violation)),
            reported=sql.both(*found),
            anchor=self._anchor(same),
            company=Alike(usable=sql.column("usable"), by=tuple(alike[1:]), at_least=2),
            facts={"rows": sql.column("group_rows"), **self._differs(flags)},
            metric="rows",
            value=sql.column("group_rows"),
            threshold=2,
        )

    def _anchor(self, same: Mapping[str, sql.Expr]) -> sql.Expr | None:
        """What a rule's key, made of columns, cannot say: the values of `same` that are computed."""
        computed = [
            sql.cast_to(sql.column(name), "text") for name, part in same.items() if not isinstance(part, exp.Column)
        ]
        return sql.joined(exp.Array(expressions=computed), "/") if computed else None

    def _differs(self, flags: Sequence[sql.Expr]) -> dict[str, sql.Expr]:
        if not flags:
            return {}
        named = [sql.case((flag, sql.text(sql.words(part)))) for flag, part in zip(flags, self.different, strict=True)]
        return {"differs": sql.joined(exp.Array(expressions=named), ", ")}

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        alike = Text(zh="另有记录的{same}与之相同", en="another row is alike in {same}").filled(
            same=say.values(self.same)
        )
        repeated = sql.less(sql.number(1), sql.column("group_rows"))
        found = [Condition(text=alike, met=repeated, about=self.same)]
        if self.different:
            form = Text(zh="这些记录的{part}不同", en="these rows differ in {part}")
            ways = [
                Condition(text=form.filled(part=say.value(part)), met=sql.column(f"differs_{number}"), about=(part,))
                for number, part in enumerate(self.different, 1)
            ]
            found.append(choice(form.filled(part=say.values(self.different, OR)), ways))
        return found

    def sentence(self, say: Speaker) -> Text:
        same = say.values(self.same)
        if not self.different:
            return Text(
                zh="{same}均相同的记录有两条及以上的，即予列出", en="flags every two or more rows alike in {same}"
            ).filled(same=same)
        at_all = Text(zh="至少一项", en="") if len(self.different) > 1 else ""
        return Text(
            zh="{same}均相同、而{different}{at_all}不同的记录，即予列出",
            en="flags every two or more rows alike in {same} that differ in {different}",
        ).filled(same=same, different=say.values(self.different, OR), at_all=at_all)


def _hides_hours(setting: Setting, part: sql.Expr) -> bool:
    """A moment by nature of which the data gives the day alone, and that the rule does not cut to its day itself."""
    if any(cut.to.this == exp.DType.DATE for cut in part.find_all(exp.Cast)):
        return False
    moments = [column for column in part.find_all(exp.Column) if _type(setting, column) == "timestamp"]
    return any(setting.is_coarse(column) for column in moments)


def _type(setting: Setting, column: exp.Column) -> str | None:
    described = setting.scope.find(column.name, column.table or None)
    return described.type if described else None
