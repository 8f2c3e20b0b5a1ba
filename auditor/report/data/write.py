"""Everything that the pages put together in the browser read, written in one go."""

from pathlib import Path
from typing import Any

from auditor.core.catalogue import CHAPTERS
from auditor.core.finding import CARRIED, FRESH
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.conditions import ROLE
from auditor.report.data.cases import case_item
from auditor.report.data.findings import finding_item
from auditor.report.data.index import write_index
from auditor.report.data.rules import full, rule_words, short
from auditor.report.data.shards import Shards, write_script
from auditor.report.data.vocabulary import Vocabulary
from auditor.report.labels import CERTAINTY, LEVEL, NOT_COMPARED, STATE, Label


def write_data(book: Book, folder: Path) -> None:
    """Raises OSError where a file cannot be written. The vocabulary comes last: it grows while items are written."""
    vocabulary = Vocabulary(book.masks)
    vocabulary.learn(book.run.records)
    rules = dict(rule_words(book))
    findings = Shards(folder, "f")
    for finding in book.ordered:
        findings.add(finding_item(book, vocabulary, rules[finding.rule_id], finding))
    findings.close()
    cases = Shards(folder, "c")
    for slug, key in sorted((book.case_slug(key), key) for key in book.cases):
        cases.add(case_item(book, vocabulary, key, book.cases[key]), key=slug)
    cases.close()
    units = {unit: number for number, unit in enumerate(unit for unit in book.by_unit if unit is not None)}
    officers = {officer: number for number, officer in enumerate(book.by_officer)}
    chunks = write_index(book, vocabulary, rules, units, officers, folder)
    write_script(folder, "rules", "rules", full(book, rules.values()))
    write_script(
        folder,
        "words",
        "words",
        {
            **vocabulary.written(),
            "total": len(book.ordered),
            "chunks": chunks,
            "findingStarts": findings.starts,
            "caseStarts": cases.keys,
            "rules": short(book, rules.values()),
            "units": [[unit, book.unit_name(unit).zh, book.unit_href(unit)] for unit in units],
            "noUnit": book.unit_href(None) if None in book.by_unit else None,
            "officers": [[name, book.officer_name(name), book.officer_href(name)] for name in officers],
            "unitNames": dict(book.run.units),
            "officerNames": dict(book.run.officers),
            "levels": [_label(label) for label in LEVEL.values()],
            "certainty": [_label(CERTAINTY["violation"]), _label(CERTAINTY["lead"])],
            "states": [[word.zh, word.en] for word in _states(book)],
            "fresh": [place for place, state in enumerate(STATE) if book.run.chain and state in FRESH],
            "carried": [place for place, state in enumerate(STATE) if state in CARRIED],
            "conditionRoles": {role: [text.zh, text.en] for role, text in ROLE.items()},
            "chapters": [[code, title.zh, title.en] for code, title in CHAPTERS.items()],
        },
    )


def _states(book: Book) -> list[Text]:
    """Where nothing was compared, new is no word for what was found."""
    return [STATE[state] if book.run.chain or state != "new" else NOT_COMPARED for state in STATE]


def _label(label: Label) -> dict[str, Any]:
    return {"css": label.css, "sign": label.sign, "word": [label.word.zh, label.word.en]}
