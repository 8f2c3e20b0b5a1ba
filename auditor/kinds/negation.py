"""The opposite of a condition, with NOT carried inward as far as words are known for it.

Every step holds where something is NULL as well: NOT of NULL is NULL, and so is a comparison turned round.
"""

from sqlglot import exp

from auditor.kinds import sql

_OPPOSITE: dict[type[sql.Expr], type[sql.Expr]] = {
    exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.LT: exp.GTE, exp.GTE: exp.LT, exp.GT: exp.LTE, exp.LTE: exp.GT,
}  # fmt: skip


def negated(condition: sql.Expr) -> sql.Expr:
    """A condition that holds where this does not and is NULL where this is NULL."""
    match condition:
        case exp.Paren():
            return negated(condition.this)
        case exp.Not():
            return unwrapped(condition.this)
        case exp.And() | exp.Or():
            other = exp.Or if isinstance(condition, exp.And) else exp.And
            return other(this=sql.wrap(negated(condition.this)), expression=sql.wrap(negated(condition.expression)))
        case exp.Boolean():
            return exp.Boolean(this=not condition.this)
        case exp.Null():
            return sql.part(condition)
        case exp.Coalesce() if (blank := when_blank(condition)) is not None:
            return exp.Coalesce(this=sql.wrap(negated(condition.this)), expressions=[exp.Boolean(this=not blank)])
        case exp.Case() if all(_is_verdict(value) for value in outcomes(condition)):
            turned = condition.copy()
            for branch in turned.args["ifs"]:
                branch.set("true", negated(branch.args["true"]))
            if turned.args.get("default") is not None:
                turned.set("default", negated(turned.args["default"]))
            return turned
        case _ if type(condition) in _OPPOSITE:
            return _OPPOSITE[type(condition)](this=sql.part(condition.this), expression=sql.part(condition.expression))
        case _:
            return sql.negate(condition)


def unwrapped(condition: sql.Expr) -> sql.Expr:
    """The condition within its parentheses, still part of what it stands in."""
    return unwrapped(condition.this) if isinstance(condition, exp.Paren) else condition


def when_blank(condition: sql.Expr) -> bool | None:
    """What a condition counts as where it cannot be told (`coalesce(…, FALSE)`); None for any other."""
    if not isinstance(condition, exp.Coalesce) or len(condition.expressions) != 1:
        return None
    default = condition.expressions[0]
    return bool(default.this) if isinstance(default, exp.Boolean) else None


def outcomes(case: exp.Case) -> list[sql.Expr]:
    """What a CASE may come to; without ELSE, NULL among it."""
    values = [branch.args["true"] for branch in case.args["ifs"]]
    return [*values, case.args.get("default") or exp.null()]


def _is_verdict(value: sql.Expr) -> bool:
    """Whether a value can only be true, false or NULL."""
    inner = unwrapped(value)
    if isinstance(inner, exp.Case):
        return is_condition(inner)
    conditions = (exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like, *_OPPOSITE)
    return isinstance(inner, conditions)


def is_condition(case: exp.Case) -> bool:
    """Whether a CASE gives a verdict and no value: any of it is true or false or a comparison."""
    return any(_is_verdict(value) and not isinstance(unwrapped(value), exp.Null) for value in outcomes(case))
