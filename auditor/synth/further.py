"""What an innocent case, its measure and its payment have besides their bare steps: each keeps the limits of the law.

Everything here is drawn from streams of its own, and nothing that a chapter of plants has set, or left out on purpose
(`bare`), is touched.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from auditor.synth import identity, steps
from auditor.synth.agency import Agency
from auditor.synth.offences import OFFENCES
from auditor.synth.records import Case, Measure, Payment
from auditor.synth.workdays import EXPORTED_AT, after, at_office

LARGE = {("traffic_police", "person"): 2_000, ("traffic_police", "organization"): 10_000}
"""Fines from here on that a hearing must be offered for; transport's own figure is set by the province."""
LARGE_TRANSPORT = 5_000
_OTHER_BASIS = {"traffic_police": "道路交通安全法第九十条", "transport": "道路运输条例第六十六条"}
"""What a planted offence that the county's list does not have is punished by."""
HEARING_DAYS = 6
"""Working days after which a decision cannot cut the right to ask for a hearing short."""
_HARM = {"slight": "slight", "ordinary": "ordinary", "serious": "serious", "grave": "serious"}
_MOMENTS = (
    "educated_at",
    "discovered_at",
    "investigated_at",
    "statement_at",
    "statement_reviewed_at",
    "hearing_notice_at",
    "hearing_summons_at",
    "hearing_at",
    "collective_discussion_at",
    "correction_ordered_at",
    "correction_verified_at",
    "withdrawn_at",
    "summary_filed_at",
)
_DECIDED = (
    "proposed_fine", "confiscated_amount", "service_mode", "payment_due_on", "decision_unit_id", "corrected",
    "punish_article",
)  # fmt: skip
NOTHING: frozenset[str] = frozenset()


class Further:
    """`bare` names, for a planted case, the columns that its plant leaves blank; `pays` what its payment is like."""

    def __init__(
        self, seed: int, agency: Agency, bare: Mapping[str, frozenset[str]], pays: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._agency, self._bare, self._pays = agency, bare, pays
        self._cases = Random(f"{seed}:columns")
        self._measures = Random(f"{seed}:measures")
        self._cash = Random(f"{seed}:cash")
        self._receipts: dict[str, int] = {}

    def bare(self, case: Case) -> frozenset[str]:
        return self._bare.get(case.case_id, NOTHING) if case.case_id else NOTHING

    def case(self, case: Case) -> Case:
        """The case with its further columns."""
        rng, made = self._cases, dict[str, Any]()
        if case.procedure == "ordinary":
            made |= self._hearing(case)
            if case.domain == "transport":
                made |= self._transport(rng, case)
        if case.outcome == "no_penalty":
            made["educated_at"] = case.decided_at
        if case.fine_amount:
            known = OFFENCES.get(case.violation_code)
            made["punish_article"] = known.basis if known else _OTHER_BASIS[case.domain]
        if case.procedure == "summary" and case.decided_at is not None:
            soon = case.decided_at + timedelta(hours=3)
            police = case.domain == "traffic_police"
            made["summary_filed_at"] = at_office(rng, after(soon.date(), 1), half="morning") if police else soon
        bare = self.bare(case)
        kept = {
            name: value
            for name, value in made.items()
            if name not in bare and (getattr(case, name) is None or name == "statement_waived")
        }
        return replace(case, **kept) if kept else case

    def _hearing(self, case: Case) -> dict[str, Any]:
        large = LARGE.get((case.domain, case.party_type), LARGE_TRANSPORT)
        told, decided = case.rights_notice_at, case.decided_at
        if told is None or decided is None or case.outcome == "no_penalty":
            return {}
        revoked = case.outcome == "revocation"
        if not revoked and (case.fine_amount or 0) < large:
            return {}
        soon = decided.date() <= after(told.date(), HEARING_DAYS) and case.hearing_at is None
        made: dict[str, Any] = {"hearing_notice_at": told} | ({"statement_waived": True} if soon else {})
        return made | ({"collective_discussion_at": case.legal_review_at} if revoked else {})

    def _transport(self, rng: Random, case: Case) -> dict[str, Any]:
        found = case.occurred_at.replace(second=0) + timedelta(minutes=1)
        made: dict[str, Any] = {"discovered_at": found, "harm": _HARM.get(case.grade), "review_result": "passed"}
        share, days = rng.random(), rng.random()
        if case.filed_at and case.rights_notice_at and case.filed_at < case.rights_notice_at:
            made["investigated_at"] = _between(case.filed_at, case.rights_notice_at)
            if (
                case.decided_at
                and case.statement_waived is False
                and after(case.rights_notice_at.date(), 2) < (case.decided_at.date())
            ):
                said = at_office(rng, after(case.rights_notice_at.date(), 1))
                made |= {
                    "statement_at": said,
                    "statement_reviewed_at": min(said + timedelta(minutes=50), case.decided_at),
                    "proposed_fine": case.fine_amount,
                }
        if case.outcome == "fine":
            made["payment_due_on"] = case.served_at and case.served_at.date() + timedelta(days=16)
            made["service_mode"] = "direct"
        if case.violation_code in ("T6301", "T6302"):
            made["illegal_gain"] = made["confiscated_amount"] = 100 + int(share * 29) * 100
        if case.violation_code == "T6302":
            made["witness_id"] = identity.resident_number(2_400_000 + int(rng.random() * 10**9))
        if case.violation_code == "T6901" and share < 0.4 and case.decided_at and case.corrected is None:
            due = case.decided_at + timedelta(days=15)
            made |= {
                "correction_ordered_at": case.decided_at,
                "correction_due_at": due,
                "correction_verified_at": at_office(rng, after(case.decided_at.date(), 3 + int(days * 5))),
                "corrected": True,
            }
        return made

    def shown(self, case: Case) -> Case:
        """Blanks what lies beyond the day of the export."""
        gone: dict[str, Any] = {}
        for name in _MOMENTS:
            value = getattr(case, name)
            if value is not None and value > EXPORTED_AT:
                gone[name] = None
        if case.decided_at is None and case.withdrawn_at is None:
            gone |= {name: None for name in (*_DECIDED, "correction_due_at") if getattr(case, name) is not None}
            if case.statement_at is not None and "statement_at" not in gone:
                gone.pop("proposed_fine", None)
        if case.served_at is None:
            gone |= {name: None for name in ("payment_due_on", "service_mode") if getattr(case, name) is not None}
        if "correction_verified_at" in gone:
            gone["corrected"] = None
        return replace(case, **gone) if gone else case

    def matched(self, case: Case, measure: Measure | None) -> tuple[Case, Measure | None]:
        """A case and its measure, such that nothing is kept for long once the case is decided."""
        if measure is None:
            return case, None
        rng, decided = self._measures, case.decided_at
        bare = self.bare(case)
        if measure.officer2_id is None and "officer2_id" not in bare:
            measure = replace(measure, officer2_id=self._colleague(rng, measure))
        if measure.domain == "traffic_police" and measure.kind == "impound_vehicle" and measure.cargo_held is None:
            measure = replace(measure, cargo_held=False)
        if measure.domain != "transport" or measure.kind not in ("impound_vehicle", "seize_property"):
            return case, measure
        late = decided is not None and (measure.released_at is None or measure.released_at > decided)
        if late and "released_at" not in bare and decided and case.filed_at:
            if measure.measure_id:
                end = measure.released_at.date() if measure.released_at else measure.started_at.date()
                new = at_office(rng, after(end, 1 if measure.released_at else 40), half="afternoon")
                case = steps.taken(case, steps.around(rng, case.filed_at, max(new, decided)))
            else:
                measure = _ended(measure, decided + timedelta(minutes=30 + int(rng.random() * 60)))
        told = measure.extension_approved_at
        if told is not None and measure.extension_notified_at is None and "extension_notified_at" not in bare:
            measure = replace(measure, extension_notified_at=told + timedelta(minutes=40))
        return case, measure

    def measure_shown(self, measure: Measure) -> Measure:
        told = measure.extension_notified_at
        return replace(measure, extension_notified_at=None) if told and told > EXPORTED_AT else measure

    def _colleague(self, rng: Random, measure: Measure) -> str:
        members = self._agency.post(measure.unit_id).members
        others = [member.officer_id for member in members if member.officer_id != measure.officer_id]
        return others[int(rng.random() * len(others))]

    def tag(self, case_tag: str) -> str | None:
        """The tag under which a planted payment is listed."""
        return self._pays.get(case_tag, {}).get("payment_id")

    def _in_cash(self, case: Case, tag: str) -> bool:
        """Whether a fine was collected on the road: only from people on foot or on a bicycle, with consent."""
        if tag:
            return self._pays.get(tag, {}).get("channel") == "cash_on_site"
        on_foot = case.party_role in ("pedestrian", "non_motor") and case.capture == "on_site"
        return on_foot and case.outcome == "fine" and self._cash.random() < 0.5

    def payment(self, payment: Payment, case: Case, tag: str) -> Payment:
        """The payment with its receipt; one in cash is handed in within a day."""
        planted = dict(self._pays.get(tag, {}))
        skipped = int(planted.pop("skipped", 0))
        if self._in_cash(case, tag) and case.officer_id and case.served_at:
            number = self._receipts.get(case.officer_id, 0) + skipped + ("receipt_no" not in planted)
            self._receipts[case.officer_id] = number
            payment = replace(payment, paid_at=case.served_at + timedelta(minutes=1))
            handed = payment.paid_at + timedelta(minutes=60 + int(self._cash.random() * 1_200))
            payment = replace(
                payment,
                channel="cash_on_site",
                collector_id=case.officer_id,
                on_site_ground="consent",
                receipt_no=f"X{case.officer_id}{number:05d}",
                consent_signed=True,
                handed_in_at=handed if handed <= EXPORTED_AT else None,
            )
        else:
            payment = replace(payment, receipt_no=f"P{payment.payment_id[2:]}")
        if payment.channel == "pos":
            fifth = payment.paid_at.timetuple().tm_yday // 5
            payment = replace(payment, batch=f"{case.unit_id}-{payment.paid_at:%y}{fifth:03d}")
        banked = payment.handed_in_at if payment.channel == "cash_on_site" else planted.get("paid_at", payment.paid_at)
        if banked is not None:
            booked = at_office(self._cash, after(banked.date(), 1), half="morning")
            payment = replace(payment, deposited_at=booked if booked <= EXPORTED_AT else None)
        planted.pop("payment_id", None)
        return replace(payment, **planted) if planted else payment


def _between(first: datetime, last: datetime) -> datetime:
    return first + timedelta(minutes=int((last - first).total_seconds() // 120))


def _ended(measure: Measure, end: datetime) -> Measure:
    """The measure ended at that moment; what would have come later did not happen."""
    extended = measure.extension_approved_at
    measure = replace(measure, released_at=end, disposal="returned")
    if extended is not None and extended > end:
        return replace(measure, extended_until=None, extension_approved_by=None, extension_approved_at=None)
    return measure
