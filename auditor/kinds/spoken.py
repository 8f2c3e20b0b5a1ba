"""A rule's conditions said in Chinese and English, for a supervisor who knows no SQL.

Said is what a condition means and not how it is written: a negation is carried inward until it reads like words, which
changes nothing in three-valued logic, and alternatives that speak of one column name it once. What no words are known
for is shown as its SQL, in code style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from auditor.core.schema import Table
from auditor.core.text import Text, listed, run_on
from auditor.kinds import sql
from auditor.kinds.labels import AND, OR, Labels
from auditor.kinds.negation import is_condition, negated, unwrapped, when_blank
from auditor.kinds.patterns import Pattern, find, pieces_said
from auditor.kinds.scope import Scope
from auditor.kinds.spoken_values import BRACKETS, CODE, Values, asked

_Join = Literal["and", "or"]

_JOINED: dict[_Join, Text] = {"and": Text(zh="，且", en=", and "), "or": Text(zh="，或者", en=", or ")}
_OF_ONE: dict[_Join, Text] = {"and": Text(zh="且", en=" and "), "or": Text(zh="或者", en=" or ")}
_CLAUSE = Text(zh="{subject}{phrase}", en="{subject} {phrase}")
_NUMBERS: dict[type[sql.Expr], Text] = {
    exp.EQ: Text(zh="等于{other}", en="equals {other}"),
    exp.NEQ: Text(zh="不等于{other}", en="does not equal {other}"),
    exp.GT: Text(zh="大于{other}", en="is more than {other}"),
    exp.GTE: Text(zh="不小于{other}", en="is at least {other}"),
    exp.LT: Text(zh="小于{other}", en="is less than {other}"),
    exp.LTE: Text(zh="不大于{other}", en="is at most {other}"),
}
_TIMES: dict[type[sql.Expr], Text] = {
    exp.EQ: Text(zh="就是{other}", en="is {other}"),
    exp.NEQ: Text(zh="不是{other}", en="is not {other}"),
    exp.GT: Text(zh="晚于{other}", en="is after {other}"),
    exp.GTE: Text(zh="不早于{other}", en="is not before {other}"),
    exp.LT: Text(zh="早于{other}", en="is before {other}"),
    exp.LTE: Text(zh="不晚于{other}", en="is not after {other}"),
}
_TEXTS: dict[type[sql.Expr], Text] = {
    exp.EQ: Text(zh="是{other}", en="is {other}"),
    exp.NEQ: Text(zh="不是{other}", en="is not {other}"),
}
_ALIKE: dict[type[sql.Expr], Text] = {
    exp.EQ: Text(zh="与{other}相同", en="is the same as {other}"),
    exp.NEQ: Text(zh="与{other}不同", en="differs from {other}"),
}
_MIRRORED: dict[type[sql.Expr], type[sql.Expr]] = {
    exp.LT: exp.GT, exp.GT: exp.LT, exp.LTE: exp.GTE, exp.GTE: exp.LTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ,
}  # fmt: skip
_IS_YES = {True: Text(zh="为“是”", en="is yes"), False: Text(zh="为“否”", en="is no")}
_RECORDED = {True: Text(zh="有记载", en="is recorded"), False: Text(zh="没有记载", en="is not recorded")}
_HAS_ROW = {
    True: Text(zh="“{register}”中有对应的记录", en="there is a matching row of {register}"),
    False: Text(zh="“{register}”中没有对应的记录", en="there is no matching row of {register}"),
}
_EMPTY = {True: Text(zh="是空白文字", en="is an empty text"), False: Text(zh="不是空白文字", en="is not an empty text")}
_TO_THE_HOUR = {
    True: Text(zh="记载到时分", en="is recorded with its hour"),
    False: Text(zh="只记载到日", en="is recorded without its hour"),
}
_BETWEEN = {
    True: Text(zh="在{low}至{high}之间（含两端）", en="is from {low} to {high} (both included)"),
    False: Text(zh="不在{low}至{high}之间（含两端）", en="is not from {low} to {high} (both included)"),
}
_ALWAYS = {True: Text(zh="总是成立", en="always"), False: Text(zh="总不成立", en="never")}
_UNTOLD = Text(zh="无法判断", en="it cannot be told")
_WHETHER = {
    False: Text(zh="无法判断是否{condition}", en="it cannot be told whether {condition}"),
    True: Text(zh="能判断是否{condition}", en="it can be told whether {condition}"),
}
_BLANK = {
    True: Text(zh="{said}（没有记载的也算）", en="{said} (or if that is blank)"),
    False: Text(zh="{said}（没有记载的不算）", en="{said} (not if that is blank)"),
}
_LIKE = {
    True: Text(zh="符合模式{pattern}", en="matches the pattern {pattern}"),
    False: Text(zh="不符合模式{pattern}", en="does not match the pattern {pattern}"),
}
_NOT = Text(zh="并非{said}", en="not {said}")
_IF = Text(zh="{condition}的，{verdict}", en="where {condition}, {verdict}")
_ELSE = Text(zh="{branches}；其余{verdict}", en="{branches}; else {verdict}")
_VERDICTS = {True: Text(zh="成立", en="yes"), False: Text(zh="不成立", en="no"), None: _UNTOLD}


@dataclass(frozen=True, kw_only=True)
class _Said:
    """A condition in words: whole, or a subject and what is said of it. `joined` says by what its parts hang
    together, where it must be put in brackets before it stands among others."""

    phrase: Text
    subject: Text | None = None
    joined: _Join | Literal["case"] | None = None

    @property
    def text(self) -> Text:
        return self.phrase if self.subject is None else _CLAUSE.filled(subject=self.subject, phrase=self.phrase)

    def among(self, join: _Join) -> Text:
        """As it stands in a chain of that sort."""
        return self.text if self.joined in (None, join) else BRACKETS.filled(inner=self.text)


class Speaker:
    """Says the expressions of one rule in its own words."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.labels = Labels(scope=scope)
        self._values = Values(labels=self.labels, condition=self.condition)

    def of(self, table: Table) -> "Speaker":
        """Who says expressions over the columns of a register alone."""
        return Speaker(Scope(table=table))

    def condition(self, tree: sql.Expr) -> Text:
        """What a condition asks; with brackets only inside it."""
        return self._said(tree).text.spaced()

    def is_one_clause(self, tree: sql.Expr) -> bool:
        """Whether a condition says one thing of one subject, however many parts it is written in."""
        return self._said(tree).joined is None

    def value(self, tree: sql.Expr) -> Text:
        """What a value is; a yes-or-no column is named, not asked about."""
        return self._values.say(tree).spaced()

    def among(self, tree: sql.Expr) -> Text:
        """A condition as it can stand within a sentence: in brackets where it has parts."""
        said = self._said(tree)
        return (said.text if said.joined is None else BRACKETS.filled(inner=said.text)).spaced()

    def values(self, trees: Sequence[sql.Expr], last: Text = AND) -> Text:
        """Several values as a list that ends in `last`."""
        return listed([self.value(tree) for tree in trees], last)

    def own(self, name: str) -> Text:
        """A column of the rule's table, given by its name."""
        return self.labels.column(name)

    def _said(self, node: sql.Expr) -> _Said:
        match node:
            case exp.Paren():
                return self._said(node.this)
            case exp.And():
                return self._chain("and", node)
            case exp.Or():
                return self._chain("or", node)
            case exp.Not():
                return self._denied(unwrapped(node.this))
            case exp.Coalesce() if (blank := when_blank(node)) is not None:
                return self._if_blank(node.this, blank)
            case exp.Case() if is_condition(node):
                return self._case(node)
            case exp.Boolean():
                return _Said(phrase=_ALWAYS[bool(node.this)])
            case exp.Null():
                return _Said(phrase=_UNTOLD)
            case exp.Is() | exp.In() | exp.Between() | exp.Like():
                return self._leaf(node, holds=True)
            case exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
                return self._compared(node)
            case exp.Column():
                return self._leaf(node, holds=True)
            case _:
                return _Said(phrase=self._values.say(node))

    def _denied(self, node: sql.Expr) -> _Said:
        if isinstance(node, (exp.Is, exp.In, exp.Between, exp.Like, exp.Column)):
            return self._leaf(node, holds=False)
        turned = negated(node)
        if not isinstance(turned, exp.Not) or isinstance(node, exp.Not):
            return self._said(turned)
        return _Said(phrase=_NOT.filled(said=BRACKETS.filled(inner=self._said(node).text)))

    def _leaf(self, node: sql.Expr, *, holds: bool) -> _Said:
        match node:
            case exp.Is():
                return self._is(node, holds=holds)
            case exp.In():
                return self._in(node, holds=holds)
            case exp.Between():
                column = self._values.column(node.this)
                low, high = (self._values.say(node.args[end], column) for end in ("low", "high"))
                return self._of(node.this, _BETWEEN[holds].filled(low=low, high=high))
            case exp.Like():
                pattern = find(node if holds else sql.negate(node))
                if pattern is not None:
                    return self._patterns([pattern])
                return self._of(node.this, _LIKE[holds].filled(pattern=self._values.say(node.expression)))
            case _:
                return self._of(node, _IS_YES[holds])

    def _of(self, subject: sql.Expr, phrase: Text) -> _Said:
        return _Said(subject=self._values.say(subject), phrase=phrase)

    def _is(self, node: sql.Expr, *, holds: bool) -> _Said:
        subject, other = unwrapped(node.this), node.expression
        if isinstance(other, exp.Boolean):
            asked = subject if other.this else negated(subject)
            return self._if_blank(asked if holds else negated(asked), not holds)
        if not isinstance(other, exp.Null):
            return _Said(phrase=CODE.filled(sql=sql.words(node if holds else sql.negate(node))))
        if isinstance(subject, exp.Column):
            named = self.scope.joined.get(subject.table)
            if named is not None and subject.name in (*named.table.key, *named.table.required):
                return _Said(phrase=_HAS_ROW[not holds].filled(register=self.labels.register(subject.table)))
        elif self._values.sort(subject) == "yes or no" and not isinstance(subject, (exp.Coalesce, exp.Case)):
            return _Said(phrase=_WHETHER[not holds].filled(condition=self._said(subject).among("and")))
        return self._of(subject, _RECORDED[not holds])

    def _in(self, node: exp.In, *, holds: bool) -> _Said:
        column = self._values.column(node.this)
        options = [self._values.say(option, column) for option in node.expressions]
        if not options:
            return _Said(phrase=CODE.filled(sql=sql.words(node if holds else sql.negate(node))))
        form = _TEXTS[exp.EQ if holds else exp.NEQ]
        return self._of(node.this, form.filled(other=listed(options, OR)))

    def _compared(self, node: sql.Expr) -> _Said:
        left, right, how = unwrapped(node.this), unwrapped(node.expression), type(node)
        if isinstance(left, (exp.Literal, exp.Boolean)) and not isinstance(right, (exp.Literal, exp.Boolean)):
            left, right, how = right, left, _MIRRORED[how]
        if isinstance(right, exp.Boolean) and how in (exp.EQ, exp.NEQ):
            return self._said(left) if bool(right.this) == (how is exp.EQ) else self._denied(left)
        if isinstance(right, exp.Literal) and right.is_string and not right.name and how in (exp.EQ, exp.NEQ):
            return self._of(left, _EMPTY[how is exp.EQ])
        if how in (exp.GT, exp.NEQ, exp.EQ, exp.LTE) and right == sql.day(left):
            return self._of(left, _TO_THE_HOUR[how in (exp.GT, exp.NEQ)])
        column = self._values.column(left)
        other = self._values.say(right, column)
        return self._of(left, self._comparison(left, right, how).filled(other=other))

    def _comparison(self, left: sql.Expr, right: sql.Expr, how: type[sql.Expr]) -> Text:
        match self._values.sort(left) or self._values.sort(right):
            case "time" if isinstance(right, exp.Literal) or how not in _ALIKE:
                return _TIMES[how]
            case "text" if how in _ALIKE and isinstance(right, exp.Literal):
                return _TEXTS[how]
            case "text" | "time" | "yes or no" if how in _ALIKE:
                return _ALIKE[how]
            case _:
                return _NUMBERS[how]

    def _if_blank(self, condition: sql.Expr, blank: bool) -> _Said:
        inner = self._said(condition)
        return _Said(phrase=_BLANK[blank].filled(said=inner.text if inner.joined is None else inner.among("and")))

    def _case(self, node: exp.Case) -> _Said:
        branches = [
            _IF.filled(condition=self._said(asked(node, branch)).text, verdict=self._verdict(branch.args["true"]))
            for branch in node.args["ifs"]
        ]
        said = run_on(branches, Text(zh="；", en="; "))
        other = self._verdict(node.args.get("default") or exp.null())
        return _Said(phrase=_ELSE.filled(branches=said, verdict=other), joined="case")

    def _verdict(self, value: sql.Expr) -> Text:
        match unwrapped(value):
            case exp.Boolean() as word:
                return _VERDICTS[bool(word.this)]
            case exp.Null():
                return _UNTOLD
            case condition:
                asks = Text(zh="须{condition}", en="only if {condition}")
                return asks.filled(condition=self._said(condition).among("and"))

    def _chain(self, join: _Join, node: sql.Expr) -> _Said:
        """Parts joined by AND or OR. Patterns of one text are said at once; so are neighbours of one subject."""
        parts = self._together(join, links(node))
        groups: list[list[_Said]] = []
        for part in parts:
            last = groups[-1][-1] if groups else None
            if last is not None and last.subject is not None and last.subject == part.subject and not part.joined:
                groups[-1].append(part)
            else:
                groups.append([part])
        said = [_one_subject(join, group) for group in groups]
        if len(said) == 1:
            return said[0]
        return _Said(phrase=run_on([one.among(join) for one in said], _JOINED[join]), joined=join)

    def _together(self, join: _Join, parts: Sequence[sql.Expr]) -> list[_Said]:
        """Each part said; those patterns that are alternatives (or all denied) stand where the first of them does."""
        read = [find(part) for part in parts]
        said: list[_Said] = []
        told: set[int] = set()
        for place, (part, pattern) in enumerate(zip(parts, read, strict=True)):
            if place in told:
                continue
            if pattern is None or pattern.holds != (join == "or"):
                said.append(self._said(part))
                continue
            alike = [(n, one) for n, one in enumerate(read) if one is not None and one.family == pattern.family]
            told |= {n for n, _ in alike}
            said.append(self._patterns([one for _, one in alike]))
        return said

    def _patterns(self, alike: Sequence[Pattern]) -> _Said:
        first = alike[0]
        pieces = [one.piece for one in alike]
        phrase = pieces_said(first.place, pieces, holds=first.holds)
        if first.blank is not None:
            phrase = _BLANK[first.blank].filled(said=phrase)
        return self._of(first.text, phrase)


def links(node: sql.Expr) -> list[sql.Expr]:
    """The parts of a chain of ANDs or of ORs, in their order; a condition that is neither is its own only part."""
    inner = unwrapped(node)
    if not isinstance(inner, (exp.And, exp.Or)):
        return [inner]
    return [
        part
        for side in (inner.this, inner.expression)
        for part in (links(side) if type(unwrapped(side)) is type(inner) else [unwrapped(side)])
    ]


def _one_subject(join: _Join, group: Sequence[_Said]) -> _Said:
    if len(group) == 1:
        return group[0]
    said = _Said(subject=group[0].subject, phrase=run_on([one.phrase for one in group], _OF_ONE[join]))
    return _Said(phrase=said.text)
