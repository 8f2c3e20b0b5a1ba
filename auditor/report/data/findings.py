"""A finding as one compact item: its facts in words, the article of the day, and the rows that it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.core.finding import LEVELS, Evidence, Finding, Record
from auditor.core.masks import Secrets, described, secrets_in
from auditor.core.schema import Column
from auditor.report.book import Book
from auditor.report.charts import events, intervals
from auditor.report.conditions import answers
from auditor.report.data.rules import RuleWords, cited, values_of
from auditor.report.data.vocabulary import NOTHING, Said, Vocabulary
from auditor.report.figures import statistics
from auditor.report.labels import STATE
from auditor.report.lines import dates
from auditor.report.names import finding_name, subject_name

ROWS_SHOWN = 200
RELATED = 50

_STATES = tuple(STATE)
_ANSWER = {True: "1", False: "0", None: "?"}
_LISTED = ("occurred_at", "started_at", "decided_at", "violation_code", "grade", "place_id", "outcome", "fine_amount")
"""Columns of the list of rows of a wide finding, where the rows have them."""


def finding_item(book: Book, vocabulary: Vocabulary, words: RuleWords, finding: Finding) -> dict[str, Any]:
    """Keys are short because there are a hundred thousand of each; `templates/js/told.js` says what each means."""
    secrets = book.secrets(finding)
    day = book.act_day(finding)
    evidence = book.evidence.get(finding.finding_id, [])
    wide = not book.has_cases(finding)
    cases = [book.case_slug(key) for key in book.case_keys(finding)]
    item: dict[str, Any] = {
        "id": finding_name(finding.finding_id),
        "r": words.number,
        "l": LEVELS.index(finding.level),
        "s": [
            vocabulary.number("kinds", finding.subject_type),
            book.masks.subject(finding.subject_type, finding.subject_id, secrets),
        ],
        "x": subject_name(finding.subject_type, finding.subject_id),
        "n": finding.n_cases,
        "day": day.isoformat(),
        "v": _facts(book, vocabulary, words, finding, secrets),
        "b": cited(words.card, day),
        "c": cases,
    }
    if finding.state != _STATES[0]:
        item["st"] = _STATES.index(finding.state)
    if finding.carried:
        item["cp"] = finding.period
        item["cr"] = NOTHING if finding.state_reason is None else vocabulary.say(finding.state_reason)
    elif book.run.chain and len(seen := book.past.found_in(finding.finding_id)) > 1:
        item["seen"] = list(seen)
    if finding.unit_id is not None:
        item["u"] = finding.unit_id
    if dates(finding) != item["day"]:
        item["d"] = dates(finding)
    if finding.waived:
        item["w"] = 1
    if not book.masks.masked:
        item["fp"] = finding.fingerprint
    if finding.subject_type == "officer":
        item["o"] = finding.subject_id
    if not wide:
        item["e"] = [_row(book, vocabulary, row, secrets, cases) for row in evidence[:ROWS_SHOWN]]
    if len(evidence) != len(item.get("e", ())):
        item["rows"] = len(evidence)
    if finding.conditions and len(finding.conditions) == len(words.card.conditions):
        item["q"] = "".join(_ANSWER[met] for met in finding.conditions)
        if None in finding.conditions:
            item["qb"] = _blanks(book, vocabulary, words, finding, evidence, secrets)
    if (lane := events.lane_of(book, finding)) is not None:
        item["ev"] = events.compact(lane)
    if (drawn := intervals.compact(finding)) is not None:
        item["iv"] = drawn
    if book.has_own_page(finding):
        item.update(_own(book, vocabulary, finding, evidence, wide=wide))
    return item


def _blanks(
    book: Book,
    vocabulary: Vocabulary,
    words: RuleWords,
    finding: Finding,
    evidence: Sequence[Evidence],
    secrets: Secrets,
) -> dict[int, Said]:
    """Of the conditions that cannot be told, by their place, which blank made them so, where that is known."""
    asked = answers(words.card, finding, evidence, book.record, book.masks, secrets)
    return {place: vocabulary.say(one.blank) for place, one in enumerate(asked) if one.blank is not None}


def _facts(book: Book, vocabulary: Vocabulary, words: RuleWords, finding: Finding, secrets: Secrets) -> list[Said]:
    said: list[Said] = []
    for fact in values_of(finding, words):
        said.append(NOTHING if fact is None or fact.value is None else vocabulary.say(book.masks.fact(fact, secrets)))
    return said


def _row(book: Book, vocabulary: Vocabulary, row: Evidence, secrets: Secrets, cases: Sequence[str] = ()) -> list[Said]:
    """Role, table, key, file, row, and the case that has a page because of it: 0 for none, its place (from 1) among the
    finding's own cases, or its name."""
    slug = book.slug_of(book.case_key(row)) if row.role == "subject" else None
    return [
        vocabulary.number("roles", row.role),
        vocabulary.number("tables", row.table_name),
        book.masks.scrub(row.row_key, secrets),
        vocabulary.number("files", row.source_file),
        row.source_row,
        0 if slug is None else cases.index(slug) + 1 if slug in cases else slug,
    ]


def _own(
    book: Book, vocabulary: Vocabulary, finding: Finding, evidence: list[Evidence], *, wide: bool
) -> dict[str, Any]:
    """What only a page of its own shows: the figures, other findings about the same subject, and the list of rows."""
    same = [one for one in book.about[finding.subject_type, finding.subject_id] if one is not finding]
    item: dict[str, Any] = {"rel": [book.ordinal[one.finding_id] for one in same[:RELATED]], "reln": len(same)}
    figures = statistics(finding)
    if figures:
        item["fig"] = [[vocabulary.say(entry.label), vocabulary.say(entry.value)] for entry in figures]
    if wide:
        subjects = [row for row in evidence if row.role == "subject"]
        shown = subjects[:ROWS_SHOWN]
        records = [book.record(row) for row in shown]
        columns = _columns(record for record in records if record)
        item["cols"] = [vocabulary.say(column.label) for column in columns.values()]
        item["list"] = [
            [*_row(book, vocabulary, row, secrets), *_cells(vocabulary, record, secrets, columns)]
            for row, record in zip(shown, records, strict=True)
            for secrets in [_of_row(book, record)]
        ]
        item["listn"] = len(subjects)
    return item


def _of_row(book: Book, record: Record | None) -> Secrets:
    return secrets_in([record]) if record and book.masks.masked else ()


def _cells(
    vocabulary: Vocabulary, record: Record | None, secrets: Secrets, columns: Mapping[str, Column]
) -> list[Said]:
    if record is None:
        return [NOTHING] * len(columns)
    values = dict(record.values.items())
    return [
        vocabulary.cell(record.table_name, name, values[name], secrets) if name in values else NOTHING
        for name in columns
    ]


def _columns(records: Iterable[Record]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for record in records:
        for name in _LISTED:
            column = described(record.table_name, name)
            if column is not None and name in record.values:
                found.setdefault(name, column)
    return {name: found[name] for name in _LISTED if name in found}
