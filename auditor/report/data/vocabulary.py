"""The words that items refer to by number: sentences in two languages, tables with their columns, files and roles."""

import re
from collections.abc import Iterable
from typing import Any

from auditor.core.finding import Record
from auditor.core.masks import Masks, Secrets, described
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.core.words import MISSING
from auditor.report.book import OFFICER_COLUMNS
from auditor.report.labels import subject_word, table_word

Said = str | int
"""A value as the scripts take it: text that reads the same in both languages, or the number of a pair."""

NOTHING = 0
"""The number of the pair that says that the record does not say."""

_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d(?: \d\d:\d\d)?", re.ASCII)
_BETWEEN = re.compile(r"[- :]")

_MOMENTS = ("timestamp", "date")
_OFFICERS = (*OFFICER_COLUMNS, "approver_id", "withdrawn_by")


class Vocabulary:
    """Collects words as items are written; `written` is what the pages need to read the items back."""

    def __init__(self, masks: Masks) -> None:
        self.masks = masks
        self._pairs: dict[Text, int] = {Text(MISSING, MISSING): NOTHING}
        self._lists: dict[str, dict[str, int]] = {"files": {}, "kinds": {}, "roles": {}, "tables": {}}
        self._columns: dict[str, list[str]] = {}

    def say(self, text: Text) -> Said:
        if text.zh == text.en:
            return text.zh
        return self._pairs.setdefault(text, len(self._pairs))

    def number(self, kind: str, name: str) -> int:
        """The place of a name in one of the lists `files`, `kinds` (of subjects), `roles` (of rows) and `tables`."""
        known = self._lists[kind]
        return known.setdefault(name, len(known))

    def learn(self, records: Iterable[Record]) -> None:
        """Settles the columns of each table: those that some record fills, in the order of the model."""
        found: dict[str, set[str]] = {}
        for record in records:
            found.setdefault(record.table_name, set()).update(record.values)
        for name in sorted(found):
            known = [*tables()[name].columns] if name in tables() else []
            ordered = [column for column in known if column in found[name]]
            self._columns[name] = [*ordered, *sorted(found[name].difference(known))]
            self.number("tables", name)

    def values(self, record: Record, secrets: Secrets) -> list[Said]:
        """The record's values in the order of its table's columns, masked and said. Several blanks in succession are
        told by their number, negative, and those at the end left out: most rows fill a third of the columns. A moment
        is told by its digits, 20240502 or 202405020910: a row has ten of them."""
        table, values = record.table_name, dict(record.values.items())
        said: list[Said] = []
        blanks = 0
        for name in self._columns[table]:
            value = values.get(name)
            if value is None:
                blanks += 1
                continue
            if blanks:
                said.append(NOTHING if blanks == 1 else -blanks)
                blanks = 0
            told = self.cell(table, name, value, secrets)
            said.append(int(_BETWEEN.sub("", told)) if isinstance(told, str) and _MOMENT.fullmatch(told) else told)
        return said

    def cell(self, table: str, name: str, value: str, secrets: Secrets) -> Said:
        return self.say(self.masks.cell(table, name, value, secrets))

    def written(self) -> dict[str, Any]:
        return {
            "pairs": [[text.zh, text.en] for text in self._pairs],
            "files": [*self._lists["files"]],
            "kinds": [_both(subject_word(name)) for name in self._lists["kinds"]],
            "kindNames": [*self._lists["kinds"]],
            "roles": [_both(_role(name)) for name in self._lists["roles"]],
            "tables": [self._table(name) for name in self._lists["tables"]],
        }

    def _table(self, name: str) -> dict[str, Any]:
        """`steps`: whether its moments are steps of a case; those of a register say when something was in force."""
        label, table = table_word(name), tables().get(name)
        return {
            "name": name,
            "label": _both(label),
            "steps": table is not None and table.valid is None,
            "columns": [self._column(name, column) for column in self._columns.get(name, [])],
        }

    def _column(self, table: str, name: str) -> dict[str, Any]:
        column = described(table, name)
        label = column.label if column else Text(name, name)
        kind = "moment" if column is not None and column.type in _MOMENTS and column.personal is None else ""
        kind = "unit" if name == "unit_id" else "officer" if name in _OFFICERS else kind
        return {"name": name, "label": _both(label), "kind": kind}


def _role(name: str) -> Text:
    judged, register = Text(zh="被判断的记录", en="judged row"), Text(zh="对照的记录", en="looked up beside it")
    return judged if name == "subject" else register


def _both(text: Text) -> list[str]:
    return [text.zh, text.en]
