"""A run with its pages laid out: what belongs to which rule, unit, officer and case, and where each is to be read.

A finding that rests on few rows is told on the page of each row's case. One that rests on more than `CASE_ROWS` judged
rows is about a person, a device or a place: it has a page of its own that lists the rows, and neither gives a page to
each of hundreds of ordinary cases nor hangs itself on every officer who handled one of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from auditor.core.finding import LEVELS, Evidence, Finding, Record
from auditor.core.masks import Masks, Secrets, Sieve, personal_values, secrets_in
from auditor.core.office_ledger import CSV_AT_MOST
from auditor.core.result import RuleCard, RuleResult, Run, Slice
from auditor.core.text import Text
from auditor.report.names import finding_name, page_name, rule_name, slug
from auditor.report.past import Past

CASE_ROWS = 20

OFFICER_COLUMNS: dict[str, Text] = {
    "officer_id": Text(zh="主办", en="handling officer"),
    "officer2_id": Text(zh="协办", en="assisting officer"),
    "reviewer_id": Text(zh="审核", en="reviewer"),
}
SUBJECT_ROLE = Text(zh="线索对象", en="subject")

CaseKey = tuple[str, str]
"""(table, id): the case that a row belongs to, or the row itself where it names no case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An officer's part in a finding; several where one person stands in several columns."""

    finding: Finding
    roles: tuple[Text, ...]
    is_subject: bool


def gravity(finding: Finding) -> tuple[int, float, str, str]:
    """Sorts gravest first: by level, then by how far past the limit or the expected value."""
    against = finding.threshold if finding.threshold is not None else finding.expected
    distance = abs((finding.value or 0.0) - (against or 0.0)) if finding.value is not None else 0.0
    return (LEVELS.index(finding.level), -distance, finding.subject_id, finding.finding_id)


def counts_now(finding: Finding) -> bool:
    """Waived findings and those carried from an earlier run stay visible, but are not counted with what was found."""
    return not finding.waived and not finding.carried


class Book:
    """Look-ups over one run; everything in it is sorted, so that pages come out the same every time."""

    def __init__(self, run: Run, masks: Masks) -> None:
        self.run, self.masks = run, masks
        self._secrets: dict[str, Secrets] = {}
        self._scrubbed: dict[Text, Text] = {}
        self.cards: dict[str, RuleCard] = {card.rule_id: card for card in (*run.former_cards, *run.cards)}
        self.past = Past(run)
        self.results: dict[str, RuleResult] = {result.rule_id: result for result in run.results}
        self.findings = sorted(run.findings, key=lambda finding: (finding.carried, gravity(finding)))
        self.ordered = sorted(self.findings, key=lambda one: (self.on_trial(one), one.certainty == "lead"))
        """As lists show them: violations, then leads, then what rules on trial found; the gravest first, and what is
        carried from earlier runs after what was found."""
        self.ordinal = {finding.finding_id: place for place, finding in enumerate(self.ordered)}
        self._records: dict[tuple[str, str], dict[int, Record]] = defaultdict(dict)
        for record in run.records:
            self._records[record.table_name, record.source_file][record.source_row] = record
        self.evidence: dict[str, list[Evidence]] = defaultdict(list)
        for row in sorted(run.evidence, key=_place):
            self.evidence[row.finding_id].append(row)

    def card(self, finding: Finding) -> RuleCard:
        return self.cards[finding.rule_id]

    def on_trial(self, finding: Finding) -> bool:
        return self.is_trial(finding.rule_id)

    def is_trial(self, rule_id: str) -> bool:
        return self.cards[rule_id].status != "active"

    def subjects(self, finding: Finding) -> list[Evidence]:
        """The judged rows, without those that were joined to them."""
        return [row for row in self.evidence.get(finding.finding_id, ()) if row.role == "subject"]

    def record(self, row: Evidence) -> Record | None:
        return self._records[row.table_name, row.source_file].get(row.source_row)

    def records_of(self, rows: Iterable[Evidence]) -> list[Record]:
        return [record for row in rows if (record := self.record(row)) is not None]

    def secrets(self, finding: Finding) -> Secrets:
        """Personal values that must not show through the free text of this finding."""
        known = self._secrets.get(finding.finding_id)
        if known is None:
            rows = self.evidence.get(finding.finding_id, []) if self.masks.masked and self.has_cases(finding) else []
            known = self._secrets[finding.finding_id] = secrets_in(self.records_of(rows), finding.facts)
        return known

    @cached_property
    def _all_secrets(self) -> Sieve:
        """Those of the whole run, for the sentences that belong to no finding."""
        return Sieve(personal_values(self.run.records, (fact for one in self.run.findings for fact in one.facts)))

    def scrubbed(self, text: Text) -> Text:
        """A sentence that belongs to no finding, without any personal value of the run."""
        if not self.masks.masked:
            return text
        known = self._scrubbed.get(text)
        if known is None:
            both = f"{text.zh}\n{text.en}"
            known = self._scrubbed[text] = self.masks.scrub_both(text, self._all_secrets.caught(both))
        return known

    def has_cases(self, finding: Finding) -> bool:
        return 0 < len(self.subjects(finding)) <= CASE_ROWS

    def case_key(self, row: Evidence) -> CaseKey:
        if row.table_name == "cases":  # of which the name of a row is the id of the case
            return ("cases", row.row_key)
        record = self.record(row)
        case_id = record.values.get("case_id") if record else None
        return ("cases", case_id) if case_id else (row.table_name, row.row_key)

    def case_keys(self, finding: Finding) -> list[CaseKey]:
        """The cases that have a page because of this finding, in the order of its rows; none for a wide finding."""
        if not self.has_cases(finding):
            return []
        return list(dict.fromkeys(self.case_key(row) for row in self.subjects(finding)))

    @cached_property
    def slices(self) -> dict[tuple[str, str | None], list[Slice]]:
        """The counts of each rule in each unit (None: rows that name none), by rule and unit: one a month."""
        found: dict[tuple[str, str | None], list[Slice]] = defaultdict(list)
        for result in self.run.results:
            for one in result.slices:
                found[result.rule_id, one.unit_id].append(one)
        return dict(found)

    @cached_property
    def cases(self) -> dict[CaseKey, list[Finding]]:
        found: dict[CaseKey, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            for key in self.case_keys(finding):
                found[key].append(finding)
        return {key: found[key] for key in sorted(found)}

    @cached_property
    def mentions(self) -> dict[CaseKey, list[Finding]]:
        """For each case that has a page, the wide findings that rest on it among many others."""
        found: dict[CaseKey, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            if not self.has_cases(finding):
                for key in dict.fromkeys(self.case_key(row) for row in self.subjects(finding)):
                    if key in self.cases:
                        found[key].append(finding)
        return dict(found)

    @cached_property
    def by_rule(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {rule_id: [] for rule_id in self.cards}
        for finding in self.findings:
            found[finding.rule_id].append(finding)
        return found

    @cached_property
    def by_unit(self) -> dict[str | None, list[Finding]]:
        found: dict[str | None, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.unit_id].append(finding)
        return {key: found[key] for key in sorted(found, key=lambda unit: (unit is None, unit or ""))}

    @cached_property
    def about(self) -> dict[tuple[str, str], list[Finding]]:
        """Findings by subject."""
        found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.subject_type, finding.subject_id].append(finding)
        return found

    @cached_property
    def by_officer(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = defaultdict(list)
        for finding in self.findings:
            parts: dict[str, dict[str, Text]] = defaultdict(dict)
            if finding.subject_type == "officer":
                parts[finding.subject_id]["subject"] = SUBJECT_ROLE
            elif self.has_cases(finding):
                for record in self.records_of(self.subjects(finding)):
                    for column, role in OFFICER_COLUMNS.items():
                        if officer := record.values.get(column):
                            parts[officer][column] = role
            for officer, roles in parts.items():
                part = Named(finding=finding, roles=tuple(roles.values()), is_subject="subject" in roles)
                found[officer].append(part)
        return {officer: found[officer] for officer in sorted(found)}

    @property
    def with_csv(self) -> bool:
        """Whether CSV files of the findings stand beside the pages."""
        return len(self.findings) <= CSV_AT_MOST

    def act_day(self, finding: Finding) -> date:
        """The day whose law counts: of the first row that the finding rests on, else the period's last."""
        return finding.first_at.date() if finding.first_at else self.run.period.last

    def named(self, finding: Finding) -> list[str]:
        """The officers in whose pages the finding stands."""
        return self._named.get(finding.finding_id, [])

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for officer, parts in self.by_officer.items():
            for part in parts:
                found[part.finding.finding_id].append(officer)
        return dict(found)

    # Where things are, relative to the report's folder.

    def rule_href(self, rule_id: str) -> str:
        return f"rules/{page_name(rule_name(rule_id))}"

    def unit_href(self, unit_id: str | None) -> str:
        return f"units/{page_name('not-recorded' if unit_id is None else slug('unit', unit_id))}"

    def officer_href(self, officer_id: str) -> str:
        return f"officers/{page_name(slug('officer', officer_id))}"

    def case_slug(self, key: CaseKey) -> str:
        """The case's name in an address; nothing readable of an id that holds a personal value."""
        return self._slugs[key]

    def slug_of(self, key: CaseKey) -> str | None:
        """The name of a case that has a page; None of one that has not."""
        return self._slugs.get(key)

    @cached_property
    def _slugs(self) -> dict[CaseKey, str]:
        found: dict[CaseKey, str] = {}
        for key, findings in self.cases.items():
            secrets = [value for finding in findings for value, _ in self.secrets(finding)]
            found[key] = slug(*key, secrets=secrets)
        return found

    def has_own_page(self, finding: Finding) -> bool:
        """Unless one case tells it whole, a finding has a page of its own."""
        return len(self.case_keys(finding)) != 1

    def finding_href(self, finding: Finding) -> str:
        keys = self.case_keys(finding)
        if len(keys) == 1:
            return f"case.html#{self._slugs[keys[0]]}&f={finding_name(finding.finding_id)}"
        return f"finding.html#{self.ordinal[finding.finding_id]}.{finding_name(finding.finding_id)}"

    def unit_name(self, unit_id: str | None) -> Text:
        if unit_id is None:
            return Text(zh="未记录单位", en="no unit recorded")
        name = self.run.units.get(unit_id, unit_id)
        return Text(name, name)

    def officer_name(self, officer_id: str) -> str:
        return self.run.officers.get(officer_id, "")


def _place(row: Evidence) -> tuple[str, bool, str, str, int, str]:
    return (row.finding_id, row.role != "subject", row.table_name, row.source_file, row.source_row, row.role)
