"""A rule as queries, ready to be run: what the compiler makes and the judge asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.fact import FactType
from auditor.core.schema import Personal, Table
from auditor.engines.rowwise import Rowwise
from auditor.kinds import sql
from auditor.kinds.base import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class FactColumn:
    """A fact of a finding: its name in messages, the query's column, how to print it, and whom it may identify."""

    name: str
    output: str
    type: FactType
    personal: Personal | None
    column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRows:
    """The rows of a register that a finding rests on besides its own: table, condition, and the role they play."""

    table: Table
    role: str
    outputs: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A rule compiled. `judged` gives one row for every row of the period with `verdict`, `in_period` and `reported`.

    For a group kind `counts` gives n and k by subject, stratum and, if asked for, month, and `judged` the rows counted,
    with `subject`; `told` are those that a finding rests on; a subject with fewer than `fewest` of them is not judged.
    `subject` says over the row whose it is, where nothing but the row says whether a finding rests on it.
    `rowwise` is the verdict over the row alone, or for a group kind which rows it leaves out, where there is such a
    thing; `outputs` are the computed values over the row's own columns and those of registers.
    `needs` are the canonical columns that it cannot do without, by table; a table alone is named with no column.
    """

    judged: exp.Select
    counts: exp.Select | None
    strata: int
    facts: tuple[FactColumn, ...]
    registers: tuple[RegisterRows, ...]
    needs: Mapping[str, frozenset[str]]
    clashes: Mapping[str, exp.Select]
    judgement: Judgement | None
    rowwise: Rowwise | None
    outputs: Mapping[str, sql.Expr]
    fewest: int | None = None
    subject: sql.Expr | None = None

    def statement(self) -> str:
        """The SQL as shown to a reader: what gives the verdicts, or for a group kind what is counted."""
        return sql.render(self.counts if self.counts is not None else self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A relation with some rows of the rule's table, to be judged in its place; `looked` says which rows of it are
    judged where the others are there as their neighbours only."""

    rows: exp.Subquery
    looked: sql.Expr | None = None
