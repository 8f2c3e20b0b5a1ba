"""What the words of an expression may refer to, and the moment from which a rule looks back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from auditor.core.schema import Column, Table
from auditor.kinds import sql

_MOMENT = ("timestamp", "date")


@dataclass(frozen=True, kw_only=True)
class With:
    """A register row brought in under a name: the one that matches and is in force at `valid_at`.

    `match` pairs a column of the rule's table with one of the register. A register's NULL in a match column means any.
    """

    alias: str
    table: Table
    match: tuple[tuple[str, str], ...]
    valid_at: str | None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The rule's table and the registers that it names; `parameters` are texts, read by whoever uses them."""

    table: Table
    joined: Mapping[str, With] = field(default_factory=lambda: MappingProxyType({}))
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, name: str, alias: str | None) -> Column | None:
        """The column a name refers to: of the rule's own table unless an alias names a register."""
        if alias is None or alias == self.table.name:
            return self.table.columns.get(name)
        return self.joined[alias].table.columns.get(name) if alias in self.joined else None

    def names(self) -> list[str]:
        own = list(self.table.columns)
        return own + [f"{alias}.{name}" for alias, with_ in self.joined.items() for name in with_.table.columns]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The audited days (`first` None: from the beginning) and the day whose end is the present."""

    first: date | None
    last: date
    as_of: date

    @property
    def end(self) -> sql.Expr:
        """The first moment that is not looked at: the end of the as-of day."""
        return sql.timestamp(datetime.combine(self.as_of + timedelta(days=1), time()))

    @property
    def period_end(self) -> sql.Expr:
        last = min(self.last, self.as_of)
        return sql.timestamp(datetime.combine(last + timedelta(days=1), time()))

    @property
    def period_start(self) -> sql.Expr | None:
        return None if self.first is None else sql.timestamp(datetime.combine(self.first, time()))


@dataclass(frozen=True, kw_only=True)
class Setting:
    """All that a kind may know when it builds its query: names, the clock, which moments are known to the day only,
    and which columns the data provides (None: all of them).

    Of the rule's own table `none_early` are columns known to hold no moment before the audited period, `none_late` such
    that hold none from its end on; blanks they may have.
    """

    scope: Scope
    clock: Clock
    date_precision: frozenset[str] = frozenset()
    provided: Mapping[str, frozenset[str]] | None = None
    none_early: frozenset[str] = frozenset()
    none_late: frozenset[str] = frozenset()

    def has(self, table: str, column: str) -> bool:
        return self.provided is None or column in self.provided.get(table, frozenset())

    def is_coarse(self, expression: sql.Expr) -> bool:
        """Whether a moment is known to the day only: any column in it is a date or was exported as one."""
        for found in expression.find_all(sql.exp.Column):
            described = self.scope.find(found.name, found.table or None)
            if described is None:
                continue
            table = (
                self.scope.joined[found.table].table.name if found.table in self.scope.joined else self.scope.table.name
            )
            if described.type == "date" or (
                described.type == "timestamp" and f"{table}.{found.name}" in self.date_precision
            ):
                return True
        return False

    def not_before(self, start: sql.Expr, at: sql.Expr) -> sql.Expr:
        """Whether a moment is no earlier than `start`, or blank; not asked where all rows are known to be so."""
        if start == self.clock.period_start and self._always(at, self.none_early):
            return sql.exp.true()
        return sql.coalesce(sql.at_most(start, at), sql.exp.true())

    def not_after(self, at: sql.Expr) -> sql.Expr:
        """Whether a moment lies before the period's end, or is blank; not asked where all rows are known to be so."""
        if self._always(at, self.none_late):
            return sql.exp.true()
        return sql.coalesce(sql.less(at, self.clock.period_end), sql.exp.true())

    def picked_from(self, at: sql.Expr) -> frozenset[str]:
        """The columns of the rule's own table of which the moment, or its day, is always one; none if it may be what no
        column holds."""
        plain = (sql.exp.Coalesce, sql.exp.Cast, sql.exp.Paren, sql.exp.Column, sql.exp.Identifier, sql.exp.DataType)
        own, found = self.scope.table, list(at.find_all(sql.exp.Column))
        moments = {name for name, column in own.columns.items() if column.type in _MOMENT}
        if any(not isinstance(node, plain) for node in at.walk()):
            return frozenset()
        if any(not cast.is_type("timestamp", "date") for cast in at.find_all(sql.exp.Cast)):
            return frozenset()
        if any(column.table != own.name or column.name not in moments for column in found):
            return frozenset()
        return frozenset(column.name for column in found)

    def _always(self, at: sql.Expr, columns: frozenset[str]) -> bool:
        named = self.picked_from(at)
        return bool(named) and named <= columns

    def own(self, name: str) -> sql.Expr:
        """A column of the rule's own table."""
        return sql.column(name, self.scope.table.name)

    def needed_moment(self) -> sql.Expr:
        """The moment of a row, for a kind that cannot do without. Of an export that has none, the table's first one:
        what the rule lacks is then said by name. Raises ValueError where the table has no moments at all."""
        found = self.row_moment()
        if found is not None:
            return found
        if not self.scope.table.at:
            raise ValueError(f"table {self.scope.table.name} has no moment to place its rows by")
        return sql.moment(self.own(self.scope.table.at[0]))

    def row_moment(self) -> sql.Expr | None:
        """What places a row of the rule's table in a period: the first of the table's moments that the row has."""
        table = self.scope.table
        usable = [name for name in table.at if self.has(table.name, name) and table.columns[name].type in _MOMENT]
        if not usable:
            return None
        return sql.coalesce(*(sql.moment(self.own(name)) for name in usable))
