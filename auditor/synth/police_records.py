"""The rows of the registers that the police and the hotlines keep beside the cases, under their canonical names."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a camera recorded, whether or not a case came of it."""

    TABLE: ClassVar[str] = "captures"

    capture_id: str
    camera_id: str
    plate_no: str | None
    violation_code: str
    at: datetime
    value: int | None = None
    reviewed_at: datetime | None
    reviewer_id: str | None
    entered_at: datetime | None
    notified_at: datetime | None
    objection_at: datetime | None = None
    objection_answered_at: datetime | None = None
    void_verified_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str | None = None
    voided_by: str | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlcoholTest:
    TABLE: ClassVar[str] = "alcohol_tests"

    test_id: str
    case_id: str | None
    party_id: str | None
    at: datetime
    bac_mg_100ml: int
    method: str
    device_id: str | None = None
    sequence_no: str | None = None
    drawn_at: datetime | None = None
    sent_at: datetime | None = None
    result_at: datetime | None = None
    told_at: datetime | None = None
    officer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriminalCase:
    TABLE: ClassVar[str] = "criminal_cases"

    criminal_id: str
    case_id: str | None
    party_id: str
    filed_at: datetime
    bail_authority: str | None = None
    bail_from: date | None = None
    bail_ended_at: datetime | None = None
    sent_for_prosecution_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRecord:
    TABLE: ClassVar[str] = "points_records"

    record_id: str
    case_id: str | None
    licence_no: str
    plate_no: str | None
    owner_party_id: str | None
    points: int
    processed_at: datetime
    window_id: str
    clerk_id: str
    agent_phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceService:
    TABLE: ClassVar[str] = "licence_services"

    service_id: str
    kind: str
    licence_no: str | None
    plate_no: str | None = None
    at: datetime
    window_id: str
    clerk_id: str
    agent_id: str | None = None
    agent_phone: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    TABLE: ClassVar[str] = "restrictions"

    restriction_id: str
    kind: str
    place_id: str
    place_name: str
    approved_ref: str | None
    detour_published_at: datetime | None
    installed_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    TABLE: ClassVar[str] = "documents"

    document_id: str
    unit_id: str
    title: str
    issued_on: date
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    TABLE: ClassVar[str] = "complaints"

    complaint_id: str
    channel: str
    received_at: datetime
    topic: str
    text: str | None
    unit_id: str | None = None
    officer_id: str | None = None
    plate_no: str | None = None
    case_id: str | None = None
    place_id: str | None = None
    due_at: datetime | None = None
    resolved_at: datetime | None = None
    upheld: bool | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One shift of one officer; `video_id` where the recorder's footage was handed in."""

    TABLE: ClassVar[str] = "rosters"

    roster_id: str
    officer_id: str
    from_at: datetime
    to_at: datetime
    post: str
    place_id: str | None = None
    video_id: str | None = None


PoliceRow = (
    Capture | AlcoholTest | CriminalCase | PointsRecord | LicenceService | Restriction | Document | Complaint | Roster
)
POLICE_TABLES: tuple[type[PoliceRow], ...] = (
    Capture,
    AlcoholTest,
    CriminalCase,
    PointsRecord,
    LicenceService,
    Restriction,
    Document,
    Complaint,
    Roster,
)
