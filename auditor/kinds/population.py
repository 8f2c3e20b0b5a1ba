"""What a group kind counts, and the relations that a kind brings in to judge or count by."""

from dataclasses import dataclass

from auditor.core.duration import Duration
from auditor.kinds import sql


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A relation that a kind brings in to judge by, under an alias: a canonical table or calendar by its name, or a
    query over such tables, each under an alias of its own. At most one row."""

    alias: str
    relation: str | sql.exp.Select
    on: sql.Expr

    def source(self) -> sql.Expr:
        """What the join names, under the alias."""
        if isinstance(self.relation, str):
            return sql.relation(self.relation, self.alias)
        return self.relation.subquery(self.alias)


@dataclass(frozen=True, kw_only=True)
class Days:
    """Which days a group kind counts apart: rows of the calendar `workdays`, under its name, for which `special` holds.

    `like` is the class within which one day is compared with another. With `register` a day must also have a row of
    that relation; its condition may use the columns of `workdays` and `subjects.day_unit`, the `unit` of a subject's
    rows (a subject with rows of several has the special days of each).
    """

    special: sql.Expr
    like: sql.Expr
    register: Joined | None = None
    unit: sql.Expr | None = None


@dataclass(frozen=True, kw_only=True)
class Population:
    """What a group kind counts: rows in scope by subject and stratum, and among them those with the outcome.

    `within` narrows the scope further than the rule's `where` does. With `months` rows are counted by the month of
    their moment too, from so many whole months before that of the period's first day; `window` is not read then. With
    `days`, which needs `months` and has no `strata` but its own two (special or ordinary, and the class of day), every
    day of every subject is counted, and a finding rests on the rows of the period's special days.

    With `fewest` a subject with fewer rows, all strata together, is surely not judged, and where such subjects are very
    many, they may be counted as a crowd instead of one by one (`GroupKind.conclude_beside`).
    """

    of: sql.Expr
    by: sql.Expr
    strata: tuple[sql.Expr, ...]
    window: Duration | None
    within: sql.Expr | None = None
    months: int | None = None
    days: Days | None = None
    fewest: int | None = None
