"""The canonical tables: what a row may say, in which words, and how its values are told apart.

The tables themselves are data, in `tables.yaml` beside this file; outside programs rely on the names there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from auditor.core.document import Entries, Items, Scalar, read
from auditor.core.text import Text

ColumnType = Literal["string", "code", "bool", "int", "double", "money", "timestamp", "date"]
Personal = Literal["id", "name", "phone", "plate", "text"]

SOURCE_FILE, SOURCE_ROW = "_file", "_row"
"""Columns that every loaded row carries besides its own: the file it came from, relative to the data folder, and its
record number there as a spreadsheet shows it (a header in record 1 makes the first row number 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`codes` maps each allowed code to the county's word for it; empty for every type but `code`. `words` does so for
    the usual values of a string, which may hold any other as well."""

    name: str
    type: ColumnType
    zh: str
    required: bool = False
    personal: Personal | None = None
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def label(self) -> Text:
        return Text(zh=self.zh, en=self.name.replace("_", " "))

    def said(self, value: str) -> Text | None:
        """What a code or a usual value is called; None where the value stands for itself."""
        word = self.codes.get(value, self.words.get(value))
        return None if word is None else Text(zh=word, en=value.replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`key` may be empty: such rows are named by file and row. `valid` is (from, to) for a register with validity.

    A `derived` table is no part of an export: the program makes it out of what it found.
    """

    name: str
    label: Text
    key: tuple[str, ...]
    at: tuple[str, ...]
    valid: tuple[str, str] | None
    columns: Mapping[str, Column]
    derived: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns.values() if column.required)


@cache
def tables() -> Mapping[str, Table]:
    """All canonical tables by name, in the order of the data model."""
    document, problems = read(Path(__file__).with_name("tables.yaml"), "tables.yaml")
    if problems or not isinstance(document, Entries):
        raise ValueError("\n".join(problem.render() for problem in problems))
    return MappingProxyType({name: _table(name, _entries(value)) for name, value in document.items()})


@cache
def exported() -> Mapping[str, Table]:
    """The canonical tables that an export may fill."""
    return MappingProxyType({name: table for name, table in tables().items() if not table.derived})


def _table(name: str, written: Entries) -> Table:
    label = _entries(written.values["name"])
    valid = _names(written, "valid")
    return Table(
        name=name,
        label=Text(zh=_word(label, "zh"), en=_word(label, "en")),
        key=_names(written, "key"),
        at=_names(written, "at"),
        valid=(valid[0], valid[1]) if valid else None,
        derived="derived" in written,
        columns=MappingProxyType(
            {column: _column(column, _entries(value)) for column, value in _entries(written.values["columns"]).items()}
        ),
    )


def _column(name: str, written: Entries) -> Column:
    kind, personal = _word(written, "type"), written.get("personal")
    if kind not in get_args(ColumnType):
        raise ValueError(f"tables.yaml: column {name} has no known type: {kind}")
    return Column(
        name=name,
        type=cast(ColumnType, kind),
        zh=_word(written, "zh"),
        required="required" in written,
        personal=cast(Personal, personal.value) if isinstance(personal, Scalar) else None,
        codes=_words(written, "codes"),
        words=_words(written, "words"),
    )


def _entries(value: object) -> Entries:
    if not isinstance(value, Entries):
        raise ValueError(f"tables.yaml: a mapping was expected, not {value!r}")
    return value


def _word(written: Entries, key: str) -> str:
    value = written.values[key]
    if not isinstance(value, Scalar):
        raise ValueError(f"tables.yaml: {key} must be a word")
    return value.value


def _words(written: Entries, key: str) -> Mapping[str, str]:
    found = written.get(key)
    if not isinstance(found, Entries):
        return MappingProxyType({})
    return MappingProxyType({value: word.value for value, word in found.items() if isinstance(word, Scalar)})


def _names(written: Entries, key: str) -> tuple[str, ...]:
    value = written.get(key)
    return tuple(item.value for item in value if isinstance(item, Scalar)) if isinstance(value, Items) else ()
