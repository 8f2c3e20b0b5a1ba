"""Where a profile's expression lost a value: something stood there, and a cast in it could not read it.

The value is NULL either way, since nothing may stop a load; but a row of which nothing was known is one thing, and a
row whose `5.7` is no whole number another: that is a fault, and must not pass for silence. Whoever means NULL writes
`try_cast`, asks `is null`, or gives `coalesce` something else.
"""

from typing import Any, cast

from sqlglot import exp as _exp

from auditor.intake.columns.expression import Lookup, build
from auditor.intake.store.database import ibis

exp = cast(Any, _exp)

_READING = (exp.Cast, exp.StrToTime, exp.Round)
"""What turns a text into something else, or cannot."""
_ASKING = (exp.TryCast, exp.Is)
"""Inside of these a failure is expected."""


def failing(tree: Any, lookup: Lookup) -> Any:
    """Whether a value of the row could not be read on the way to the result; None where nothing is cast. It counts only
    where the result is NULL."""
    if isinstance(tree, _ASKING):
        return None
    if isinstance(tree, exp.Case):
        return _in_branches(tree, lookup)
    inside = _any(*(failing(child, lookup) for child in tree.iter_expressions()))
    if isinstance(tree, exp.Coalesce):
        return None if inside is None else inside & build(tree, lookup).isnull()
    if isinstance(tree, _READING):
        return _any(inside, build(tree.this, lookup).notnull() & build(tree, lookup).isnull())
    return inside


def _in_branches(case: Any, lookup: Lookup) -> Any:
    """Of a `case` only what the row comes to counts: the conditions up to the one that holds, and its branch."""
    subject, default = case.args.get("this"), case.args.get("default")
    reached = None if default is None else failing(default, lookup)
    for branch in reversed(case.args["ifs"]):
        test = branch.this if subject is None else exp.EQ(this=subject.copy(), expression=branch.this.copy())
        then = failing(branch.args["true"], lookup)
        if then is not None or reached is not None:
            holds = build(test, lookup).fill_null(False)
            reached = ibis.ifelse(holds, _sure(then), _sure(reached))
        reached = _any(failing(test, lookup), reached)
    return reached


def _any(*marks: Any) -> Any:
    said = [mark for mark in marks if mark is not None]
    return ibis.or_(*said) if said else None


def _sure(mark: Any) -> Any:
    return ibis.literal(False) if mark is None else mark
