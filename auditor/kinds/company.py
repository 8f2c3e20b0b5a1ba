"""The company in which a row may be found fault with: rows alike, or the one beside it in an order.

A kind whose verdict hangs on other rows says here which rows need no look at them, so that millions that are plainly in
order are not sorted with all that a finding would say of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.kinds import sql


@dataclass(frozen=True, kw_only=True)
class Alike:
    """For a kind whose rows can be violations only in company: a `usable` row of which fewer than `at_least` agree in
    `by` is in order, and one that is not usable is unknown. All windows of the kind are within `by`. With `at` and
    `within` these many have to lie within so many minutes of one another, and rows that don't change nothing for those
    that do; a usable row has this moment.

    An engine need not look closer at such rows. Expressions range over the row's columns and those of the stages.
    """

    usable: sql.Expr
    by: tuple[sql.Expr, ...]
    at_least: int
    at: sql.Expr | None = None
    within: int = 0


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """Says of a kind with rows beside one another that their order is a number in a text: the last run of digits, or as
    many of its last digits as there are at least two; `by` is what stands round it, and `series`.

    In scope and not blank, a row is usable as soon as there is such a number in its text. It is not suspect where its
    number is one more than that of the row before and nobody else bears it.
    """

    text: sql.Expr
    series: tuple[sql.Expr, ...]


@dataclass(frozen=True, kw_only=True)
class Soon:
    """Says of a kind with rows beside one another that their order is a moment, and that a row is in order unless the
    one before it lies less than so many minutes back, or is at the same moment, and is of another `spot`, a name of
    `compare`."""

    within: int
    spot: sql.Expr


@dataclass(frozen=True, kw_only=True)
class Beside:
    """For a kind whose rows are judged by the one before them in an order: which need to be looked at closer at all.

    A row with `blank` is unknown; of the others that are `usable`, alike in `by` and in the order of `order`, only
    those can be anything but in order for which `suspect` holds. It ranges over the names of `compare` and the same
    with `previous_`, `next_` and `second_` (the one before the previous) in front; among rows alike in `order`, each
    must be suspect, and so must be the one after them wherever it matters which of them comes last. With `there` rows
    of which nobody knows whether they are in scope stand among the others if it holds, as it does of all `usable` ones.
    """

    blank: sql.Expr
    usable: sql.Expr
    by: tuple[sql.Expr, ...]
    order: sql.Expr
    compare: Mapping[str, sql.Expr]
    suspect: sql.Expr
    there: sql.Expr | None = None
    numbered: Numbered | None = None
    soon: Soon | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """For a kind that asks a query which rows are wrong: a `usable` row that the query does not return is in order, one
    that is not usable is unknown. The query returns the columns `named`, which tell a row of the rule's table from all
    others, and stands in the violation under the alias `returned`."""

    usable: sql.Expr
    named: tuple[str, ...]
    query: sql.exp.Query
