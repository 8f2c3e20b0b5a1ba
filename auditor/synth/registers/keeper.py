"""Keeps the registers beside the cases: innocent rows with the planted ones among them, numbered as they happen."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from auditor.synth.planting import Planted, Planting
from auditor.synth.records import Row, Value
from auditor.synth.workdays import EXPORTED_AT, LEDGERS_BEGIN

NUMBERED: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "captures": ("capture_id", "at", "CJ25"),
        "alcohol_tests": ("test_id", "at", "JC25"),
        "criminal_cases": ("criminal_id", "filed_at", "XA25"),
        "points_records": ("record_id", "processed_at", "JF25"),
        "licence_services": ("service_id", "at", "YW25"),
        "restrictions": ("restriction_id", "installed_at", "XZ"),
        "documents": ("document_id", "issued_on", "WJ25"),
        "complaints": ("complaint_id", "received_at", "TS25"),
        "rosters": ("roster_id", "from_at", "PB25"),
        "measures": ("measure_id", "started_at", "QB25"),
        "payments": ("payment_id", "paid_at", "JB25"),
        "weighings": ("weighing_id", "at", "CZ25"),
        "unloadings": ("unloading_id", "at", "XZ25"),
        "goods": ("item_id", "received_at", "WP25"),
        "transfers": ("transfer_id", "reported_at", "YS25"),
        "reliefs": ("relief_id", "filed_at", "JZ25"),
        "case_events": ("event_id", "at", "RZ25"),
        "treasury": ("treasury_id", "at", "RK25"),
    }
)
"""By table: the column of its id, the moment at which a row comes into the register, and how the ids begin."""
_PLANNED = frozenset({"due_at", "to_at"})
"""Moments that a register has although they have not come yet."""


class Register(Protocol):
    """The innocent rows of one register."""

    @property
    def entries(self) -> Sequence[Planted]:
        """What it planted itself; complete when the year is over."""
        ...

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of a day, whose cases, measures and payments are `rows`; without ids."""
        ...


class Keeper:
    """`ids` gives the final ids of planted tags; the keeper adds those of its own rows."""

    def __init__(self, registers: Sequence[Register], planted: Sequence[Planting], ids: dict[str, str]) -> None:
        self._registers, self._ids = registers, ids
        self._planted: dict[date, list[Row]] = defaultdict(list)
        self._serial: dict[str, int] = defaultdict(int)
        for chapter in planted:
            for row in chapter.rows:
                self._planted[max(LEDGERS_BEGIN, _moment(row).date())].append(row)

    def of_day(self, day: date, rows: Sequence[Row]) -> Iterator[Row]:
        """What comes into the registers on a day."""
        made = [row for register in self._registers for row in register.of_day(day, rows)]
        made += self._planted.pop(day, [])
        made.sort(key=lambda row: (row.TABLE, _moment(row)))
        finals = [self._named(row) for row in made]
        for row, final in zip(made, finals, strict=True):
            yield self._numbered(row, final)

    @property
    def entries(self) -> list[Planted]:
        return [entry for register in self._registers for entry in register.entries]

    def _named(self, row: Row) -> str:
        column, _, prefix = NUMBERED[row.TABLE]
        self._serial[row.TABLE] += 1
        final = f"{prefix}{self._serial[row.TABLE]:06d}"
        if tag := getattr(row, column):
            self._ids[tag] = final
        return final

    def _numbered(self, row: Row, final: str) -> Row:
        column, _, _ = NUMBERED[row.TABLE]
        shown = {field.name: self._shown(field.name, getattr(row, field.name)) for field in fields(row)}
        return replace(row, **{**shown, column: final})

    def _shown(self, name: str, value: Value) -> Value:
        match value:
            case str() if value.startswith("#"):
                return self._ids[value]
            case datetime() if value > EXPORTED_AT and name not in _PLANNED:
                return None
            case _:
                return value


def _moment(row: Row) -> datetime:
    moment = getattr(row, NUMBERED[row.TABLE][1])
    return moment if isinstance(moment, datetime) else datetime.combine(moment, datetime.min.time())
