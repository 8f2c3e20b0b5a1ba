"""Rows that follow from a case: its weighings and unloading, its goods, what was handed on, corrected and paid in.

And the few lists that stand for themselves: the fleet, the minor acts that are spared, the campaigns.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    TABLE: ClassVar[str] = "weighings"

    weighing_id: str
    case_id: str | None
    plate_no: str | None
    station_id: str
    at: datetime
    axles: int
    gross_kg: int
    limit_kg: int
    stage: str
    permit_no: str | None = None
    officer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloading:
    TABLE: ClassVar[str] = "unloadings"

    unloading_id: str
    weighing_id: str | None
    case_id: str | None
    at: datetime
    before_kg: int
    after_kg: int
    unloaded_kg: int
    place_id: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    TABLE: ClassVar[str] = "goods"

    item_id: str
    case_id: str
    received_at: datetime
    keeper_id: str
    disposal: str | None = None
    disposed_at: datetime | None = None
    proceeds: int | None = None
    approved_by: str | None = None
    remitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    TABLE: ClassVar[str] = "transfers"

    transfer_id: str
    case_id: str
    kind: str
    reported_at: datetime
    approved_at: datetime | None = None
    sent_at: datetime | None = None
    to_unit: str | None = None
    receipt_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    TABLE: ClassVar[str] = "reliefs"

    relief_id: str
    case_id: str
    kind: str
    filed_at: datetime
    result: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    TABLE: ClassVar[str] = "case_events"

    event_id: str
    case_id: str
    at: datetime
    actor_id: str
    kind: str
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treasury:
    TABLE: ClassVar[str] = "treasury"

    treasury_id: str
    unit_id: str
    batch: str
    item_code: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    TABLE: ClassVar[str] = "vehicles"

    plate_no: str
    owner_party_id: str
    vehicle_use: str
    approved_load_kg: int
    gross_limit_kg: int
    transport_permit: str | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    TABLE: ClassVar[str] = "exemptions"

    violation_code: str
    condition: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    TABLE: ClassVar[str] = "campaigns"

    campaign_id: str
    name: str
    unit_id: str
    from_on: date
    to_on: date


Standing = Vehicle | Exemption | Campaign
"""Rows that stand for themselves, without a day on which they come in."""
Matter = Weighing | Unloading | Good | Transfer | Relief | CaseEvent | Treasury | Standing
MATTERS: tuple[type[Matter], ...] = (
    Weighing, Unloading, Good, Transfer, Relief, CaseEvent, Treasury, Vehicle, Exemption, Campaign,
)  # fmt: skip
