"""The rows of the made-up agency's tables, under their canonical names.

Each class is one table: its fields, in order, are the columns that are written. `Case.paid_at` alone is no column of
`cases`: it becomes the row in `payments`.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar

from auditor.synth.matters import MATTERS, Matter
from auditor.synth.police_records import POLICE_TABLES, PoliceRow

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    TABLE: ClassVar[str] = "units"

    unit_id: str
    name: str
    parent_id: str | None
    domain: str
    level: str = "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One credential of one person; a person who renewed it has two rows."""

    TABLE: ClassVar[str] = "officers"

    officer_id: str
    name: str
    unit_id: str
    role: str
    credential_no: str
    valid_from: date
    valid_to: date
    legal_exam: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    TABLE: ClassVar[str] = "cameras"

    camera_id: str
    place_id: str
    place_name: str
    lon: float
    lat: float
    published_at: datetime
    published_until: date | None
    publication_ref: str
    calibrated_until: date
    sign_installed: bool
    enabled_at: datetime
    legal_review_on: date | None = None
    technical_review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    TABLE: ClassVar[str] = "lots"

    lot_id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the county's discretion standard; a blank `party_type` means anybody."""

    TABLE: ClassVar[str] = "penalty_schedule"

    violation_code: str
    grade: str
    party_type: str | None
    fine_min: int
    fine_max: int
    statutory_min: int | None
    statutory_max: int | None
    points: int | None
    basis: str
    valid_from: date
    valid_to: date | None
    first_offence_exempt: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    TABLE: ClassVar[str] = "payments"

    payment_id: str
    case_id: str
    item: str
    amount: int
    paid_at: datetime
    channel: str
    payee_is_treasury: bool
    collector_id: str | None = None
    receipt_no: str | None = None
    handed_in_at: datetime | None = None
    on_site_ground: str | None = None
    consent_signed: bool | None = None
    payer_id: str | None = None
    batch: str | None = None
    refunded_at: datetime | None = None
    deposited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    TABLE: ClassVar[str] = "measures"

    measure_id: str
    case_id: str
    domain: str
    kind: str
    ground: str
    plate_no: str | None
    unit_id: str
    officer_id: str | None
    officer2_id: str | None
    started_at: datetime
    document_given_at: datetime
    approved_at: datetime | None
    approved_by: str | None
    handed_in_at: datetime | None
    test_from: date | None = None
    test_to: date | None = None
    documents_supplied_at: datetime | None = None
    extended_until: date | None = None
    extension_approved_by: str | None = None
    extension_approved_at: datetime | None = None
    released_at: datetime | None = None
    disposal: str | None = None
    lot_id: str | None = None
    extension_notified_at: datetime | None = None
    cargo_held: bool | None = None
    fee_charged: int | None = None
    fee_payer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    TABLE: ClassVar[str] = "cases"

    case_id: str
    doc_no: str | None
    domain: str
    unit_id: str
    officer_id: str | None
    officer2_id: str | None
    party_id: str
    party_name: str
    party_type: str
    plate_no: str | None
    vehicle_use: str | None
    violation_code: str
    violation_name: str
    grade: str
    occurred_at: datetime
    place_id: str
    place_name: str
    lon: float | None
    lat: float | None
    capture: str
    camera_id: str | None
    procedure: str
    entered_at: datetime | None
    notified_at: datetime | None
    filed_at: datetime | None
    rights_notice_at: datetime | None
    statement_waived: bool | None
    legal_review_at: datetime | None
    reviewer_id: str | None
    approver_id: str | None
    decided_at: datetime | None
    served_at: datetime | None
    outcome: str | None
    speed_kmh: int | None
    limit_kmh: int | None
    bac_mg_100ml: int | None
    gross_kg: int | None
    limit_kg: int | None
    axles: int | None
    approved_load_kg: int | None
    load_kg: int | None
    deviation_reason: str | None
    party_role: str
    fine_amount: int | None
    points: int | None
    status: str
    closed_at: datetime | None
    paid_at: datetime | None
    first_offence: bool | None = None
    harm: str | None = None
    corrected: bool | None = None
    educated_at: datetime | None = None
    discovered_at: datetime | None = None
    investigated_at: datetime | None = None
    statement_at: datetime | None = None
    statement_reviewed_at: datetime | None = None
    proposed_fine: int | None = None
    hearing_notice_at: datetime | None = None
    hearing_summons_at: datetime | None = None
    hearing_at: datetime | None = None
    hearing_chair_id: str | None = None
    review_result: str | None = None
    collective_discussion_at: datetime | None = None
    decision_unit_id: str | None = None
    jurisdiction_unit_id: str | None = None
    service_mode: str | None = None
    service_consent: bool | None = None
    service_failed_at: datetime | None = None
    payment_due_on: date | None = None
    surcharge_announced: bool | None = None
    party_age: int | None = None
    witness_id: str | None = None
    illegal_gain: int | None = None
    confiscated_amount: int | None = None
    correction_ordered_at: datetime | None = None
    correction_due_at: datetime | None = None
    correction_verified_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    accepted_at: datetime | None = None
    agent_id: str | None = None
    punish_article: str | None = None
    summary_filed_at: datetime | None = None


Row = Unit | Officer | Camera | Lot | Step | Payment | Measure | Case | PoliceRow | Matter
TABLES: tuple[type[Row], ...] = (Unit, Officer, Camera, Lot, Step, Payment, Measure, Case, *POLICE_TABLES, *MATTERS)


def columns(row: type[Row]) -> tuple[str, ...]:
    """The columns that are written for a table, in order."""
    return tuple(field.name for field in fields(row) if not (row is Case and field.name == "paid_at"))
