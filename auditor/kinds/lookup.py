"""The effective-dated reference check: a register has, or must not have, a row in force on the day of the act."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import Table
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_REGISTER = "register"


_SENTENCES = {
    ("exist", False): Text(
        zh="按{pairs}在“{register}”中查不到对应记录的，即为问题",
        en="flags every row without a row of {register} that agrees on {pairs}",
    ),
    ("exist", True): Text(
        zh="按{pairs}在“{register}”中查不到{day}当日有效的对应记录的，即为问题",
        en="flags every row without a row of {register} in force at {day} that agrees on {pairs}",
    ),
    ("not_exist", False): Text(
        zh="按{pairs}在“{register}”中查到对应记录的，即为问题",
        en="flags every row with a row of {register} that agrees on {pairs}",
    ),
    ("not_exist", True): Text(
        zh="按{pairs}在“{register}”中查到{day}当日有效的对应记录的，即为问题",
        en="flags every row with a row of {register} in force at {day} that agrees on {pairs}",
    ),
}


_LISTED = Text(zh="“{register}”中有对应的记录", en="a row of {register} agrees")
_NOT_LISTED = Text(zh="“{register}”中没有对应的记录", en="no row of {register} agrees")
_IN_FORCE = Text(
    zh="“{register}”中对应的记录在{day}当日有效", en="a row of {register} that agrees is in force at {day}"
)
_NOT_IN_FORCE = Text(
    zh="“{register}”中有对应的记录，但{day}当日都无效", en="rows of {register} agree, but none is in force at {day}"
)
_NONE_IN_FORCE = Text(
    zh="“{register}”中没有{day}当日有效的对应记录", en="no row of {register} that agrees is in force at {day}"
)


@kind("lookup")
@dataclass(frozen=True, kw_only=True)
class Lookup(RowKind):
    """Flags a row for which no row of the register `in` matches and is in force at `valid_at`.

    The first and the last day of validity count as in force. Without `valid_at` only being listed counts. With
    `must: not_exist` the sense is turned round (a black list).

    NULL: a blank match column, a blank `valid_at`, or a matching register row that doesn't say from when it is valid
    makes the row unknown. A register row without an end, or a register without a column for it, is open-ended.
    """

    example = """\
in: officers
match: [officer_id]
valid_at: occurred_at
"""

    fact_specs = {
        "registered": FactSpec(type="bool", doc=Text(zh="是否在册", en="whether the register lists it at all")),
        "register_from": FactSpec(
            type="timestamp", doc=Text(zh="登记的最早生效时间", en="the earliest start of validity in the register")
        ),
        "register_until": FactSpec(
            type="timestamp", doc=Text(zh="登记的最晚失效时间", en="the latest end of validity in the register")
        ),
    }

    register: Table = reads("table", Text(zh="核对的台账", en="the register to look in"), name="in")
    match: tuple[tuple[str, str], ...] = reads(
        "match", Text(zh="对应的字段", en="the columns that must agree: [col] or {this: register}")
    )
    valid_at: str | None = reads(
        "own column", Text(zh="行为发生的时间", en="the moment at which the row must be in force"), default=None
    )
    valid_from: str | None = reads(
        "register column", Text(zh="生效", en="start of validity; the register's own, if left out"), default=None
    )
    valid_to: str | None = reads(
        "register column", Text(zh="失效", en="last day of validity; the register's own, if left out"), default=None
    )
    must: str = reads(
        "choice",
        Text(zh="应当在册还是不得在册", en="exist (default) or not_exist"),
        default="exist",
        choices=("exist", "not_exist"),
    )

    def judge(self, setting: Setting) -> Judgement:
        matches = self._matches(setting)
        unknown = [sql.is_null(setting.own(own)) for own, _ in self.match]
        start, end = self._validity()
        if end is not None and not setting.has(self.register.name, end):
            end = None
        if self.valid_at is None or start is None:
            in_force = self._exists(matches)
            violation = sql.case((sql.either(*unknown), exp.null()), otherwise=self._sense(in_force))
        else:
            at = setting.own(self.valid_at)
            unknown.append(sql.is_null(at))
            alive: sql.Expr = exp.true()
            if end is not None:
                ended = sql.less(sql.column(end, _REGISTER), self._from_day(end, at))
                alive = sql.negate(sql.coalesce(ended, exp.false()))
            begun = sql.at_most(sql.column(start, _REGISTER), self._from_day(start, at))
            undated = sql.is_null(sql.column(start, _REGISTER))
            violation = sql.case(
                (sql.either(*unknown), exp.null()),
                (self._exists(sql.both(matches, begun, alive)), self._sense(exp.true())),
                (self._exists(sql.both(matches, undated, alive)), exp.null()),
                otherwise=self._sense(exp.false()),
            )
        facts = {"registered": self._exists(matches)}
        for name, column, function in (("register_from", start, exp.Min), ("register_until", end, exp.Max)):
            if column is not None and setting.has(self.register.name, column):
                facts[name] = self._select(sql.moment(function(this=sql.column(column, _REGISTER))), matches).subquery()
        moment = None if self.valid_at is None else sql.moment(setting.own(self.valid_at))
        return Judgement(violation=violation, facts=facts, moment=moment, registers={self.register.name: matches})

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        matches = self._matches(setting)
        nameless = sql.either(*(sql.is_null(setting.own(own)) for own, _ in self.match))
        listed = sql.case((nameless, exp.null()), otherwise=self._exists(matches))
        missing, problem = sql.negate(listed), self.judge(setting).violation
        register = self.register.label
        about = tuple(setting.own(own) for own, _ in self.match)
        if self.valid_at is None:
            form, met = (_LISTED, listed) if self.must == "not_exist" else (_NOT_LISTED, missing)
            return [Condition(text=form.filled(register=register), met=met, about=about)]
        day = {"register": register, "day": say.own(self.valid_at)}
        dated = (*about, setting.own(self.valid_at))
        if self.must == "not_exist":
            return [
                Condition(text=_LISTED.filled(register=register), met=listed, about=about),
                Condition(text=_IN_FORCE.filled(**day), met=problem, about=dated),
            ]
        ways = [
            Condition(text=_NOT_LISTED.filled(register=register), met=missing, about=about),
            Condition(text=_NOT_IN_FORCE.filled(**day), met=sql.both(listed, problem), about=dated),
        ]
        return [Condition(text=_NONE_IN_FORCE.filled(**day), met=problem, branches=tuple(ways), about=dated)]

    def _matches(self, setting: Setting) -> sql.Expr:
        return sql.both(*(sql.equal(sql.column(theirs, _REGISTER), setting.own(own)) for own, theirs in self.match))

    def _validity(self) -> tuple[str | None, str | None]:
        own = self.register.valid or (None, None)
        return self.valid_from or own[0], self.valid_to or own[1]

    def _from_day(self, column: str, at: sql.Expr) -> sql.Expr:
        """The act as the register's column measures it: to the day against a date, else to the moment."""
        return sql.day(at) if self.register.columns[column].type == "date" else sql.moment(at)

    def _sense(self, found: sql.Expr) -> sql.Expr:
        return sql.negate(found) if self.must == "exist" else found

    def _exists(self, condition: sql.Expr) -> sql.Expr:
        return exp.Exists(this=self._select(sql.number(1), condition))

    def _select(self, what: sql.Expr, condition: sql.Expr) -> exp.Select:
        return exp.select(what).from_(sql.relation(self.register.name, _REGISTER)).where(condition)

    def sentence(self, say: Speaker) -> Text:
        parts = {
            "pairs": say.labels.pairs(self.match, self.register),
            "register": self.register.label,
            "day": say.own(self.valid_at) if self.valid_at else "",
        }
        return _SENTENCES[self.must, self.valid_at is not None].filled(**parts)
