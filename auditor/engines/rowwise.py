"""A rule's verdict as one expression over the row itself, so that many rules can be judged in one reading.

Stages are filled into one another. What looks at other rows by window, or at other tables by a query or a join of its
own, is no such expression; of a kind that says in which company its rows are judged, the part is that every row without
company needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.kinds import sql
from auditor.kinds.base import Judgement
from auditor.kinds.company import Alike, Listed
from auditor.kinds.scope import With

_LOOKS_AROUND = (exp.Window, exp.Select)

_COMPARES = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is)
_VALUES = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null)
_PLAIN = (*_COMPARES, *_VALUES, exp.And, exp.Or, exp.Not, exp.Paren)
_LITTLE = 4
"""Comparisons, at most, that cost less of all rows than it costs to leave some of these out."""


@dataclass(frozen=True, kw_only=True)
class Rowwise:
    """`seen` says whether the rule looks at the row at all, `counted` whether it is one of the period; the verdict is
    then made of `in_scope` and `violation`.

    `reported` holds of the rows of which more is asked than their verdict; None for a kind judged in company, which
    is asked about elsewhere. `flagged` says that these are just the violations in scope that count. `measured` is the
    value whose distribution is drawn, where there is one and the row alone gives it. `unit` and `at` place the row; the
    registers joined are named in `joined`.
    """

    seen: sql.Expr
    counted: sql.Expr
    in_scope: sql.Expr
    violation: sql.Expr
    reported: sql.Expr | None
    flagged: bool
    measured: sql.Expr | None
    unit: sql.Expr
    at: sql.Expr
    joined: Mapping[str, With]


def inlined(value: sql.Expr, known: Mapping[str, sql.Expr]) -> sql.Expr:
    """The expression with every bare name that stands for a computed value replaced by what it is computed from."""

    def fill(node: sql.Expr) -> sql.Expr:
        if isinstance(node, exp.Column) and not node.table and node.name in known:
            return sql.wrap(known[node.name])
        return node

    return value.transform(fill)


def untexted(value: sql.Expr) -> sql.Expr:
    """What a text is made of: it is NULL where the text is, and two are alike where the texts are; it need not be
    written out to be asked that."""
    plain = value.unnest()
    if isinstance(plain, exp.Cast) and not isinstance(plain, exp.TryCast) and plain.is_type("text", "varchar"):
        return untexted(sql.wrap(plain.this))
    return value


def with_texts_unread(condition: sql.Expr) -> sql.Expr:
    """The condition, asking whether a text is NULL of what the text is made of."""
    there = condition.copy()
    for asked in list(there.find_all(exp.Is)):
        if isinstance(asked.expression, exp.Null):
            asked.set("this", untexted(asked.this))
    return there


def compares_little(condition: sql.Expr) -> bool:
    """Whether a condition only holds a few values against others, so that it can be asked of rows that it does not
    concern: it costs next to nothing, and no value makes it fail."""
    nodes = list(condition.walk())
    compared = sum(isinstance(node, _COMPARES) for node in nodes)
    return compared <= _LITTLE and all(isinstance(node, _PLAIN) for node in nodes)


def computed(outputs: Mapping[str, sql.Expr], judgement: Judgement) -> dict[str, sql.Expr]:
    """All named values over the row's own columns, as far as they need no other rows."""
    known = dict(outputs)
    for stage in judgement.stages:
        if stage.joins:
            break
        found = {name: inlined(value, known) for name, value in stage.columns.items()}
        known |= {
            name: value for name, value in found.items() if not value.find(*_LOOKS_AROUND) and not _unresolved([value])
        }
    return known


def rowwise(
    outputs: Mapping[str, sql.Expr],
    judgement: Judgement,
    *,
    seen: Sequence[sql.Expr],
    in_period: sql.Expr | None = None,
    joined: Mapping[str, With],
) -> Rowwise | None:
    """The verdict of a row kind over the row alone; None where there is no such thing."""
    known = computed(outputs, judgement)
    # In one form however they were put together, so that a reading for many rules asks them once.
    counted = list(_conjuncts([*seen, *([] if in_period is None else [in_period])]))
    if judgement.company is None:
        violation = judgement.violation
        reported = judgement.reported
        if any(stage.joins for stage in judgement.stages):
            return None
    elif isinstance(judgement.company, (Alike, Listed)):
        violation, reported = sql.case((judgement.company.usable, exp.false())), None
    else:
        violation, reported = sql.case((sql.negate(judgement.company.blank), exp.false())), None
    violation = inlined(violation, known)
    in_scope = outputs["in_scope"]
    if judgement.company is None:
        # What is seldom so comes first. NULL is not TRUE, and needs no replacing here.
        flagged = sql.both(violation, in_scope, *counted)
        reported = (
            flagged if reported is None else sql.either(flagged, inlined(reported, {**known, "violation": violation}))
        )
    measured: sql.Expr | None = None
    if judgement.measured and judgement.value is not None:
        measured = sql.cast_to(inlined(judgement.value, known), "double")
    parts = [in_scope, violation, *counted, *(part for part in (reported, measured) if part is not None)]
    if any(part.find(*_LOOKS_AROUND) for part in parts) or _unresolved(parts):
        return None
    return Rowwise(
        seen=sql.both(*seen),
        counted=sql.both(*counted),
        in_scope=in_scope,
        violation=violation,
        reported=reported,
        flagged=judgement.company is None and judgement.reported is None,
        measured=measured,
        unit=outputs["unit_id"],
        at=outputs["at"],
        joined=joined,
    )


def _conjuncts(conditions: Iterable[sql.Expr]) -> Iterator[sql.Expr]:
    for condition in conditions:
        plain = condition.unnest()
        yield from plain.flatten() if isinstance(plain, exp.And) else [condition]


def _unresolved(parts: Sequence[sql.Expr]) -> bool:
    """Whether a name is left that no column of a table bears: something computed by window."""
    return any(not column.table for part in parts for column in part.find_all(exp.Column))
