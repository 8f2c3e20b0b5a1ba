"""What of a record may be read by whom it is shown to: the one place where a value of the data becomes printable text.

With masks on, a column that the model knows as personal is starred, a column that it does not know is withheld whole
(it could hold anything), and personal values are taken out of free text that happens to repeat them. Officers and units
stay readable.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from auditor.core.fact import Fact, FactType
from auditor.core.finding import Finding, Record
from auditor.core.privacy import WITHHELD, mask
from auditor.core.schema import Column, Personal, tables
from auditor.core.text import Text
from auditor.core.words import MISSING, fill, show, show_value

Secrets = tuple[tuple[str, Personal], ...]
"""Personal values and how each is masked, longest first, so that a value is replaced before a part of it."""

_SUBJECTS: dict[str, Personal | None] = {
    "vehicle": "plate",
    "plate": "plate",
    "site": None,
    "row": None,
    "person": "id",
}


@cache
def described(table: str, column: str) -> Column | None:
    return tables()[table].columns.get(column) if table in tables() else None


@cache
def _personal_anywhere(name: str) -> tuple[bool, Personal | None]:
    """Whether any table has a column of this name, and how it is personal where it is."""
    found = [table.columns[name] for table in tables().values() if name in table.columns]
    return bool(found), next((column.personal for column in found if column.personal), None)


@cache
def _personal_columns(table: str) -> tuple[tuple[str, Personal], ...]:
    columns = tables()[table].columns.values() if table in tables() else ()
    return tuple((column.name, column.personal) for column in columns if column.personal is not None)


def subject_privacy(subject_type: str) -> Personal | None:
    """How an id of this type of subject is masked: as the column named after the type, else as the key of the table
    whose rows it names (`criminal_case`: `criminal_cases`). A type that neither is named after counts as personal."""
    if subject_type in _SUBJECTS:
        return _SUBJECTS[subject_type]
    for name in (f"{subject_type}_id", f"{subject_type}_no", subject_type):
        known, personal = _personal_anywhere(name)
        if known:
            return personal
    rows = tables().get(f"{subject_type}s")
    if rows is not None and len(rows.key) == 1:
        return rows.columns[rows.key[0]].personal
    return "id"


def secrets_in(records: Iterable[Record], facts: Iterable[Fact] = ()) -> Secrets:
    """Every personal value in these, the longest first."""
    return _longest_first(personal_values(records, facts))


def personal_values(records: Iterable[Record], facts: Iterable[Fact] = ()) -> dict[str, Personal]:
    """Every personal value in these, down to two characters: one character alone identifies nobody."""
    found: dict[str, Personal] = {}
    for record in records:
        values = dict(record.values.items())
        for name, personal in _personal_columns(record.table_name):
            value = values.get(name)
            if value is not None and len(value) >= 2:
                found.setdefault(value, personal)
    for fact in facts:
        kind = _fact_privacy(fact)
        if kind is not None and fact.value is not None and len(fact.value) >= 2:
            found.setdefault(fact.value, kind)
    return found


def _longest_first(values: Mapping[str, Personal]) -> Secrets:
    return tuple(sorted(values.items(), key=lambda item: (-len(item[0]), item[0])))


class Sieve:
    """Which of very many personal values a text holds, found by the pieces of the text: that takes as long for a
    million of them as for one."""

    def __init__(self, values: Mapping[str, Personal]) -> None:
        self._known, self._lengths = values, {len(value) for value in values}

    def caught(self, text: str) -> Secrets:
        """Those in the text, the longest first."""
        pieces = {
            piece
            for length in self._lengths
            for start in range(len(text) - length + 1)
            if (piece := text[start : start + length]) in self._known
        }
        return _longest_first({piece: self._known[piece] for piece in pieces})


def shape(value: str) -> str:
    """What a value looks like without what it says: 9 for a digit, A for a letter, 字 for an ideograph."""
    return "".join(_shape_of(char) for char in value[:40]) + ("…" if len(value) > 40 else "")


class Masks:
    """`masked` is fixed for a whole output."""

    def __init__(self, *, masked: bool) -> None:
        self.masked = masked

    def cell(self, table: str, name: str, value: str, secrets: Secrets = ()) -> Text:
        """One value of a record, in both languages."""
        column = described(table, name)
        if column is None:
            return WITHHELD if self.masked else Text(value, value)
        if column.personal is not None and self.masked:
            return _masked(value, column.personal)
        if column.type == "string":
            plain = self.scrub(value, secrets)
            return Text(plain, plain)
        return _shown(value, column.type, f"{table}.{name}")

    def scrub(self, text: str, secrets: Secrets) -> str:
        if self.masked:
            for value, personal in secrets:
                if value in text:
                    text = text.replace(value, WITHHELD.zh if personal == "text" else mask(value, personal))
        return text

    def scrub_both(self, text: Text, secrets: Secrets) -> Text:
        if not self.masked or not any(value in text.zh or value in text.en for value, _ in secrets):
            return text
        return Text(zh=self.scrub(text.zh, secrets), en=self.scrub(text.en, secrets))

    def subject(self, subject_type: str, subject_id: str, secrets: Secrets = ()) -> str:
        kind = subject_privacy(subject_type)
        if self.masked and kind is not None:
            return _masked(subject_id, kind).zh
        return self.scrub(subject_id, secrets)

    def sentence(self, template: Text, finding: Finding, secrets: Secrets) -> Text:
        """A template filled with the finding's facts. Never the finding's own message: that one was written in full."""
        return self.scrub_both(fill(template, (known(fact) for fact in finding.facts), masked=self.masked), secrets)

    def fact(self, fact: Fact, secrets: Secrets) -> Text:
        fact = known(fact)
        if fact.personal is None and fact.value is not None:
            shown = _shown(fact.value, fact.type, fact.column)
        else:
            shown = Text(zh=show(fact, "zh", masked=self.masked), en=show(fact, "en", masked=self.masked))
        return self.scrub_both(shown, secrets)

    def raw(self, value: str | None) -> str:
        """A quarantined value: nobody knows what it is, so masked it shows its shape alone."""
        if value is None:
            return MISSING
        return shape(value) if self.masked else value

    def raw_text(self, text: Text, value: str | None) -> Text:
        """The sentence about a quarantined value, with the value in it replaced by its shape."""
        if not self.masked or not value:
            return text
        return Text(zh=_without(text.zh, value), en=_without(text.en, value))


def known(fact: Fact) -> Fact:
    """The fact, personal where its column is, whether or not whoever made it said so."""
    if fact.personal is not None:
        return fact
    personal = _fact_privacy(fact)
    return fact if personal is None else replace(fact, personal=personal)


def _fact_privacy(fact: Fact) -> Personal | None:
    return fact.personal if fact.personal is not None or fact.column is None else _column_privacy(fact.column)


@cache
def _column_privacy(written: str) -> Personal | None:
    table, _, name = written.rpartition(".")
    column = described(table, name) if table else None
    return column.personal if column else _personal_anywhere(name)[1]


@lru_cache(maxsize=65536)
def _shown(value: str, type_: FactType, column: str | None) -> Text:
    return Text(zh=show_value(value, type_, "zh", column=column), en=show_value(value, type_, "en", column=column))


def _masked(value: str, personal: Personal) -> Text:
    if personal == "text":
        return WITHHELD
    starred = mask(value, personal)
    return Text(starred, starred)


def _without(text: str, value: str) -> str:
    return re.sub(re.escape(value), lambda _: shape(value), text)


def _shape_of(char: str) -> str:
    if char.isdigit():
        return "9"
    if ord(char) > 0x2E7F and char.isalpha():
        return "字"
    return "A" if char.isalpha() else char
