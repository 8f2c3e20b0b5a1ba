"""All findings by column, for searching and filtering a hundred thousand of them at once."""

from pathlib import Path
from typing import Any

from auditor.core.finding import LEVELS, Finding
from auditor.report.book import Book
from auditor.report.data.rules import RuleWords
from auditor.report.data.shards import write_script
from auditor.report.data.vocabulary import Vocabulary
from auditor.report.labels import STATE
from auditor.report.names import subject_name

CHUNK = 20_000
NO_UNIT = -1

_STATES = tuple(STATE)


class Subjects:
    """Whom findings are about: a number each, with the type, the id as it may be shown, and a name for links."""

    def __init__(self, book: Book, vocabulary: Vocabulary) -> None:
        self.book, self.vocabulary = book, vocabulary
        self.known: dict[tuple[str, str], int] = {}
        self.fresh: list[list[Any]] = []

    def number(self, finding: Finding) -> int:
        identity = (finding.subject_type, finding.subject_id)
        found = self.known.get(identity)
        if found is None:
            found = self.known[identity] = len(self.known)
            shown = self.book.masks.subject(*identity, self.book.secrets(finding))
            kind = self.vocabulary.number("kinds", finding.subject_type)
            self.fresh.append([kind, shown, subject_name(*identity)])
        return found


def write_index(
    book: Book,
    vocabulary: Vocabulary,
    rules: dict[str, RuleWords],
    units: dict[str, int],
    officers: dict[str, int],
    folder: Path,
) -> int:
    """The columns in files of `CHUNK` findings each, in the order of `book.ordered`; returns how many files."""
    subjects = Subjects(book, vocabulary)
    chunks = [book.ordered[start : start + CHUNK] for start in range(0, len(book.ordered), CHUNK)]
    for number, chunk in enumerate(chunks):
        columns = {
            "rule": [rules[one.rule_id].number for one in chunk],
            "level": [LEVELS.index(one.level) for one in chunk],
            "state": [_STATES.index(one.state) for one in chunk],
            "waived": [place for place, one in enumerate(chunk) if one.waived],
            "unit": [NO_UNIT if one.unit_id is None else units[one.unit_id] for one in chunk],
            "subject": [subjects.number(one) for one in chunk],
            "day": [int(f"{one.first_at:%Y%m%d}") if one.first_at else 0 for one in chunk],
            "rows": [one.n_cases for one in chunk],
            "case": [_only_case(book, one) for one in chunk],
            "officers": [[officers[name] for name in book.named(one)] for one in chunk],
        }
        fresh, subjects.fresh = subjects.fresh, []
        write_script(folder, f"index{number:04}", "index", number, columns, fresh)
    return len(chunks)


def _only_case(book: Book, finding: Finding) -> str:
    keys = book.case_keys(finding)
    return book.case_slug(keys[0]) if len(keys) == 1 else ""
