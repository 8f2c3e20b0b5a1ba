"""The discretion benchmark: an amount outside what the schedule in force allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import Table
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.scope import Setting, With
from auditor.kinds.spoken import Speaker

_LOW, _HIGH = "fine_min", "fine_max"


_OUTSIDE = {
    "below": Text(zh="低于{low}", en="below {low}"),
    "above": Text(zh="高于{high}", en="above {high}"),
    "outside": Text(zh="低于{low}或高于{high}", en="below {low} or above {high}"),
}
_BOUNDS = Text(zh="上下限之间留有余地", en="the bounds leave an amount between them")
_EDGES = {
    "inclusive": Text(zh="等于界限的不算", en="a bound itself is allowed"),
    "exclusive": Text(zh="等于界限的也算", en="a bound itself is outside"),
}


@kind("band")
@dataclass(frozen=True, kw_only=True)
class AmountBand(RowKind):
    """Flags a row whose `amount` lies below `low`, above `high`, or on either side, as `side` says.

    The bounds are expressions, mostly over a register that `with:` names (`schedule.statutory_max`); or `table`,
    `match` and `valid_at` name a penalty schedule here, and its fine_min and fine_max in force at `valid_at` are the
    bounds. An amount equal to a bound is allowed; with `edges: exclusive` it is outside.

    NULL: an amount or a bound that is blank (no row of the schedule, or two in force at once) makes the row unknown,
    unless the other bound is exceeded already. Bounds that leave no amount between them are an error of the schedule,
    and the row is unknown.
    """

    example = """\
amount: fine_amount
table: penalty_schedule
match: [violation_code, grade]
valid_at: occurred_at
"""

    fact_specs = {
        "amount": FactSpec(type="money", doc=Text(zh="实际金额", en="the amount")),
        "low": FactSpec(type="money", doc=Text(zh="下限", en="the lower bound")),
        "high": FactSpec(type="money", doc=Text(zh="上限", en="the upper bound")),
        "out_by": FactSpec(type="money", doc=Text(zh="超出或不足的数额", en="by how much it is outside the bounds")),
    }

    amount: sql.Expr = reads("expression", Text(zh="金额", en="the amount that is judged"))
    low: sql.Expr | None = reads("expression", Text(zh="下限", en="the least amount allowed"), default=None)
    high: sql.Expr | None = reads("expression", Text(zh="上限", en="the greatest amount allowed"), default=None)
    table: Table | None = reads(
        "table", Text(zh="裁量基准表", en="the schedule whose fine_min and fine_max are the bounds"), default=None
    )
    match: tuple[tuple[str, str], ...] = reads(
        "match", Text(zh="对应的字段", en="the columns that must agree with the schedule"), default=()
    )
    valid_at: str | None = reads(
        "own column", Text(zh="行为发生的时间", en="the moment at which the schedule must be in force"), default=None
    )
    edges: str = reads(
        "choice",
        Text(zh="是否含本数", en="whether a bound itself is allowed: inclusive (default) or exclusive"),
        default="inclusive",
        choices=("inclusive", "exclusive"),
    )
    side: str = reads(
        "choice",
        Text(zh="看哪一侧", en="which side is a problem: below, above, or outside (default, both)"),
        default="outside",
        choices=("below", "above", "outside"),
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        said = {
            "below": Text(
                zh="不得低于 {low}；实际 {amount}，不足 {out_by}", en="{low} at least; {amount}: {out_by} short"
            ),
            "above": Text(
                zh="不得高于 {high}；实际 {amount}，超出 {out_by}", en="{high} at most; {amount}: {out_by} over"
            ),
            "outside": Text(
                zh="允许 {low} 至 {high}；实际 {amount}，相差 {out_by}",
                en="{low} to {high}; {amount}: {out_by} outside",
            ),
        }
        return (said[self.side],)

    def brings(self) -> Mapping[str, With]:
        if self.table is None:
            return {}
        return {
            self.table.name: With(alias=self.table.name, table=self.table, match=self.match, valid_at=self.valid_at)
        }

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.table is None:
            for name, bound, other in (("low", self.low, "above"), ("high", self.high, "below")):
                if bound is None and self.side != other:
                    found.append((name, f"is needed to judge `side: {self.side}`; or name the schedule as `table`"))
            for name, value in (("match", self.match), ("valid_at", self.valid_at)):
                if value:
                    found.append((name, "is for the schedule that `table` names, and there is none"))
        else:
            for name, bound in (("low", self.low), ("high", self.high)):
                if bound is not None:
                    found.append((name, "comes from `table`; for other columns name the register under `with:`"))
            if not {_LOW, _HIGH} <= self.table.columns.keys():
                found.append(("table", f"has no {_LOW} and {_HIGH}; name the register under `with:`"))
            if not self.match:
                found.append(("match", "is needed: the columns by which a row finds its line of the schedule"))
            if self.table.valid is not None and self.valid_at is None:
                found.append(("valid_at", "is needed: the moment at which the schedule must be in force"))
        return found

    def judge(self, setting: Setting) -> Judgement:
        amount, low, high = self.amount, *self._bounds()
        facts = {"amount": amount}
        outside: list[tuple[sql.Expr, sql.Expr]] = []
        if low is not None:
            facts["low"] = low
            if self.side != "above":
                outside.append((self._beyond(amount, low), sql.minus(low, amount)))
        if high is not None:
            facts["high"] = high
            if self.side != "below":
                outside.append((self._beyond(high, amount), sql.minus(amount, high)))
        violation = sql.either(*(condition for condition, _ in outside))
        if low is not None and high is not None:
            empty = sql.coalesce(self._beyond(high, low), exp.false())
            violation = sql.case((empty, exp.null()), otherwise=violation)
        facts["out_by"] = sql.case(*outside)
        return Judgement(violation=violation, facts=facts, metric="out_by", value=facts["out_by"].copy(), threshold=0)

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        low, high = self._bounds()
        amount = say.value(self.amount)
        ways: list[Condition] = []
        if low is not None and self.side != "above":
            under = _OUTSIDE["below"].filled(low=say.value(low))
            text = Text(zh="{amount}{outside}", en="{amount} is {outside}").filled(amount=amount, outside=under)
            ways.append(Condition(text=text, met=self._beyond(self.amount, low)))
        if high is not None and self.side != "below":
            over = _OUTSIDE["above"].filled(high=say.value(high))
            text = Text(zh="{amount}{outside}", en="{amount} is {outside}").filled(amount=amount, outside=over)
            ways.append(Condition(text=text, met=self._beyond(high, self.amount)))
        wrong = Text(zh="{amount}在允许的范围之外", en="{amount} is outside the bounds").filled(amount=amount)
        found = [choice(wrong, ways)]
        if low is not None and high is not None:
            between = sql.negate(sql.coalesce(self._beyond(high, low), exp.false()))
            found.insert(0, Condition(text=_BOUNDS, met=between, role="scope", about=(low, high)))
        return found

    def _bounds(self) -> tuple[sql.Expr | None, sql.Expr | None]:
        if self.table is None:
            return self.low, self.high
        return sql.column(_LOW, self.table.name), sql.column(_HIGH, self.table.name)

    def _beyond(self, left: sql.Expr, right: sql.Expr) -> sql.Expr:
        """Whether `left` is so far under `right` that a bound between them is broken."""
        return sql.less(left, right) if self.edges == "inclusive" else sql.at_most(left, right)

    def sentence(self, say: Speaker) -> Text:
        low, high = (None if bound is None else say.value(bound) for bound in self._bounds())
        form = Text(
            zh="{amount}{outside}的，即为问题（{edge}）", en="flags every row whose {amount} is {outside} ({edge})"
        )
        outside = _OUTSIDE[self.side].filled(low=low or "", high=high or "")
        return form.filled(amount=say.value(self.amount), outside=outside, edge=_EDGES[self.edges])
