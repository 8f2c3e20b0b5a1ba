"""Values said in words: columns by their labels, amounts, arithmetic, and the functions that an expression may use."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from auditor.core.schema import Column
from auditor.core.text import Text, listed
from auditor.kinds import sql
from auditor.kinds.expression import group
from auditor.kinds.labels import AND, NO, YES, Labels
from auditor.kinds.negation import unwrapped

NOTHING = Text(zh="空白", en="nothing")
BRACKETS = Text(zh="（{inner}）", en="({inner})")
CODE = Text(zh="`{sql}`", en="`{sql}`")

_AS_OF = Text(zh="统计截止日", en="the as-of day")
_OPERATIONS: dict[type[sql.Expr], Text] = {
    exp.Add: Text(zh="{one} + {two}", en="{one} + {two}"),
    exp.Sub: Text(zh="{one} − {two}", en="{one} − {two}"),
    exp.Mul: Text(zh="{one} × {two}", en="{one} × {two}"),
}
_FUNCTIONS: dict[type[sql.Expr], Text] = {
    exp.Abs: Text(zh="{value}的绝对值", en="the absolute value of {value}"),
    exp.Length: Text(zh="{value}的字数", en="the number of characters of {value}"),
    exp.Trim: Text(zh="{value}（去掉首尾空格）", en="{value} (without blanks around it)"),
    exp.Lower: Text(zh="{value}（按小写字母）", en="{value} (in lower case)"),
    exp.Upper: Text(zh="{value}（按大写字母）", en="{value} (in upper case)"),
    exp.Neg: Text(zh="−{value}", en="−{value}"),
}
_DAY_OF = Text(zh="{value}当日", en="the day of {value}")
_MOMENT_OF = Text(zh="{value}的时刻", en="the moment of {value}")
_LEAST = {
    "time": Text(zh="{values}中最早的", en="the earliest of {values}"),
    None: Text(zh="{values}中最小的", en="the least of {values}"),
}
_GREATEST = {
    "time": Text(zh="{values}中最晚的", en="the latest of {values}"),
    None: Text(zh="{values}中最大的", en="the greatest of {values}"),
}
_OR_ELSE = Text(zh="{value}（没有记载的取{other}）", en="{value} (where blank, {other})")
_FIRST_OF = Text(zh="{values}中第一个有记载的", en="the first recorded of {values}")
_WHERE = Text(zh="{condition}的取{value}", en="{value} where {condition}")
_ELSE = Text(zh="{branches}，其余取{value}", en="{branches}, else {value}")


@dataclass(frozen=True, kw_only=True)
class Values:
    """Says the values of one rule; `condition` says the conditions within them."""

    labels: Labels
    condition: Callable[[sql.Expr], Text]

    def say(self, node: sql.Expr, beside: Column | None = None) -> Text:
        """A value in words; `beside` is the column that it is compared with, whose words and units it is said in."""
        match node:
            case exp.Column():
                return self.labels.column(node.name, node.table or None)
            case exp.Literal():
                return self.labels.value(node, beside)
            case exp.Boolean():
                return YES if node.this else NO
            case exp.Null():
                return NOTHING
            case exp.Placeholder():
                return _AS_OF
            case exp.Paren():
                return self.say(node.this, beside)
            case exp.Add() | exp.Sub() | exp.Mul():
                if (known := _worked_out(node)) is not None:
                    return self.say(known, beside)
                one, two = self._operand(node, node.this), self._operand(node, node.expression, last=True)
                return _OPERATIONS[type(node)].filled(one=one, two=two)
            case exp.Abs() | exp.Length() | exp.Trim() | exp.Lower() | exp.Upper():
                return _FUNCTIONS[type(node)].filled(value=self._operand(exp.Neg(), node.this))
            case exp.Neg():
                return _FUNCTIONS[exp.Neg].filled(value=self._operand(node, node.this))
            case exp.Cast() if node.to.this in (exp.DType.DATE, exp.DType.TIMESTAMP):
                form = _DAY_OF if node.to.this == exp.DType.DATE else _MOMENT_OF
                return form.filled(value=self.say(node.this))
            case exp.Least() | exp.Greatest():
                forms = _LEAST if isinstance(node, exp.Least) else _GREATEST
                form = forms["time"] if self.sort(node) == "time" else forms[None]
                values = [self.say(part, self.column(node)) for part in (node.this, *node.expressions)]
                return form.filled(values=listed(values, AND))
            case exp.Coalesce() if len(node.expressions) == 1:
                other = self.say(node.expressions[0], self.column(node.this) or beside)
                return _OR_ELSE.filled(value=self.say(node.this, beside), other=other)
            case exp.Coalesce():
                values = [self.say(part, self.column(node.this)) for part in (node.this, *node.expressions)]
                return _FIRST_OF.filled(values=listed(values, AND))
            case exp.Case():
                return self._case(node, beside)
            case exp.Condition() if group(node, self.labels.scope) == "yes or no":
                return self.condition(node)
            case _:
                return CODE.filled(sql=sql.words(node))

    def _case(self, node: exp.Case, beside: Column | None) -> Text:
        branches = [
            _WHERE.filled(condition=self.condition(asked(node, branch)), value=self.say(branch.args["true"], beside))
            for branch in node.args["ifs"]
        ]
        said = listed(branches, Text(zh="，", en=", "))
        default = node.args.get("default")
        other = NOTHING if default is None else self.say(default, beside)
        return BRACKETS.filled(inner=_ELSE.filled(branches=said, value=other))

    def _operand(self, whole: sql.Expr, node: sql.Expr, *, last: bool = False) -> Text:
        """An operand, in brackets where the order of operations asks for them."""
        said, inner = self.say(node), unwrapped(node)
        loose = isinstance(inner, (exp.Add, exp.Sub)) and _worked_out(inner) is None
        binds = isinstance(whole, (exp.Mul, exp.Neg)) or (isinstance(whole, exp.Sub) and last)
        return BRACKETS.filled(inner=said) if loose and binds else said

    def column(self, node: sql.Expr) -> Column | None:
        """The column whose words and units a value has: its own, or the first that it is made of."""
        found = node if isinstance(node, exp.Column) else node.find(exp.Column)
        return None if found is None else self.labels.described(found.name, found.table or self.labels.scope.table.name)

    def sort(self, node: sql.Expr) -> str | None:
        """Whether a value is a number, a time, a text or yes or no, as far as that shows."""
        certain = group(node, self.labels.scope)
        column = None if certain else self.column(node)
        return certain or (_SORT.get(column.type) if column is not None else None)


def asked(case: exp.Case, branch: sql.Expr) -> sql.Expr:
    """The condition of a branch; of `CASE x WHEN 2` it is x = 2."""
    return branch.this if case.this is None else sql.equal(case.this, branch.this)


def _worked_out(node: sql.Expr) -> sql.Expr | None:
    """What a sum or product of plain numbers comes to, exactly; None where a column is in it."""
    inner = unwrapped(node)
    if isinstance(inner, exp.Literal) and not inner.is_string:
        return inner
    if not isinstance(inner, (exp.Add, exp.Sub, exp.Mul)):
        return None
    one, two = _worked_out(inner.this), _worked_out(inner.expression)
    if one is None or two is None:
        return None
    left, right = Decimal(one.name), Decimal(two.name)
    if isinstance(inner, exp.Mul):
        return sql.number((left * right).normalize())
    return sql.number((left + right if isinstance(inner, exp.Add) else left - right).normalize())


_SORT = {
    "timestamp": "time", "date": "time", "int": "number", "double": "number", "money": "number", "bool": "yes or no",
    "string": "text", "code": "text",
}  # fmt: skip
