"""What an export says of a finding: its sentence and its subject, masked with all that its own rows give away."""

from collections import defaultdict

from auditor.core.finding import Finding, Record
from auditor.core.masks import Masks, Secrets, secrets_in
from auditor.core.result import Run
from auditor.core.text import Text


class Said:
    """Sentences of one run. A finding's own `message` was written in full, so the rule's template is filled anew."""

    def __init__(self, run: Run, *, personal: bool) -> None:
        self.masks = Masks(masked=not personal)
        self._templates = {card.rule_id: card.message for card in (*run.former_cards, *run.cards)}
        by_place = {(r.table_name, r.row_key, r.source_file, r.source_row): r for r in run.records}
        self._records: dict[str, list[Record]] = defaultdict(list)
        for row in run.evidence:
            place = (row.table_name, row.row_key, row.source_file, row.source_row)
            if place in by_place:
                self._records[row.finding_id].append(by_place[place])

    def records(self, finding: Finding) -> tuple[Record, ...]:
        """The source rows that the finding rests on, as far as the run kept them."""
        return tuple(self._records[finding.finding_id]) if finding.finding_id in self._records else ()

    def secrets(self, finding: Finding) -> Secrets:
        return secrets_in(self.records(finding), finding.facts)

    def sentence(self, finding: Finding) -> Text:
        template = self._templates.get(finding.rule_id)
        if template is None:
            return finding.message if not self.masks.masked else Text(zh=finding.rule_id, en=finding.rule_id)
        return self.masks.sentence(template, finding, self.secrets(finding))

    def subject(self, finding: Finding) -> str:
        return self.masks.subject(finding.subject_type, finding.subject_id, self.secrets(finding))
