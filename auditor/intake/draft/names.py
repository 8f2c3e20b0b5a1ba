"""What exports call things: headers by canonical column, words by code, and marks by table, read from `headers.yaml`.

The list is data, so that an agency's own wording is one line more; it says nothing about any one office.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from auditor.core.document import Entries, Items, Scalar, Value, read
from auditor.core.errors import ProfileError
from auditor.core.places import shipped
from auditor.core.problem import Location, Problem
from auditor.core.schema import Column, Table, exported
from auditor.intake.profile.model import Profile

Lists = Mapping[str, tuple[str, ...]]

_BRACKETS = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
_DECORATION = re.compile(r"[\s*:：#、，,。．.\-_/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`headers` by table (or `any`) and column; `words` by `column` or `table.column`, then by code; `own` are the
    headers and words of a profile already in use, which go before all others."""

    tables: Lists
    headers: Mapping[str, Lists]
    words: Mapping[str, Lists]
    booleans: Lists
    blank: tuple[str, ...]
    domains: Lists
    units: Mapping[str, Lists]
    own: Mapping[str, Lists]
    own_words: Mapping[tuple[str, str], Mapping[str, str]]

    def known(self, table: Table, column: Column) -> Mapping[str, float]:
        """Every name of a column by its key, with how surely it means this column: an own name of the table 1, one of
        any table a little less."""
        found: dict[str, float] = {}
        for names, weight in (
            (self.headers.get("any", {}).get(column.name, ()), 0.95),
            (self.headers.get(table.name, {}).get(column.name, ()), 1.0),
            ((column.name, column.zh), 1.0),
            (self.own.get(table.name, {}).get(column.name, ()), 1.5),
        ):
            found |= {header_name(name): weight for name in names}
        return found

    def code_words(self, table: str, column: Column) -> Mapping[str, str]:
        """Words (as `word_key` has them) that mean a code of the column."""
        found: dict[str, str] = {}
        if column.type == "bool":
            return {word_key(word): code for code, words in self.booleans.items() for word in words}
        for key in (column.name, f"{table}.{column.name}"):
            for code, words in self.words.get(key, {}).items():
                if code in column.codes:
                    found |= {word_key(word): code for word in words}
        found |= {word_key(said): code for code, word in column.codes.items() for said in (code, word)}
        return found | {word_key(word): code for word, code in self.own_words.get((table, column.name), {}).items()}

    def factor(self, column: Column, header: str) -> tuple[str, str] | None:
        """The unit that a header names and what values in it are multiplied by, where it is not the model's own."""
        kind = "money" if column.type == "money" else "kg" if column.name.endswith("_kg") else ""
        for times, marks in self.units.get(kind, {}).items():
            for mark in marks:
                if mark in header:
                    return mark, times
        return None

    def every_header(self) -> frozenset[str]:
        """All names as a reader compares them, so that it finds the row of headers under titles."""
        tables = exported().values()
        own = (name for columns in self.own.values() for names in columns.values() for name in names)
        listed = (name for columns in self.headers.values() for names in columns.values() for name in names)
        labels = (said for table in tables for column in table.columns.values() for said in (column.name, column.zh))
        return frozenset("".join(name.split()) for names in (own, listed, labels) for name in names)

    def with_profile(self, profile: Profile) -> "Names":
        """The same, and before all else what a profile in use says."""
        own: dict[str, dict[str, tuple[str, ...]]] = {}
        words: dict[tuple[str, str], dict[str, str]] = {}
        for mapping in profile.tables:
            for column in mapping.columns.values():
                if len(column.headers) == 1:
                    mine = own.setdefault(mapping.table, {})
                    mine[column.column] = (*mine.get(column.column, ()), *column.headers)
                if column.words:
                    words.setdefault((mapping.table, column.column), {}).update(
                        {word: code for word, code in column.words.items() if word and code}
                    )
        return replace(self, own=own, own_words=words)


def header_name(header: str) -> str:
    """What headers are compared by here: half width, lower case, no unit in brackets, no punctuation."""
    plain = unicodedata.normalize("NFKC", header)
    bare = _BRACKETS.sub("", plain) or plain
    return _DECORATION.sub("", bare).lower()


def word_key(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split()).lower()


@cache
def names() -> Names:
    """The names that come with the program; raises ProfileError where the file is wrong."""
    return read_names(shipped("data", "codes", "headers.yaml"))


def read_names(path: Path) -> Names:
    """Raises ProfileError with everything that is wrong with the file."""
    document, problems = read(path)
    if problems or not isinstance(document, Entries):
        raise ProfileError(problems or [Problem("is no mapping", Location(str(path)))])
    reader = _Reader()
    made = Names(
        tables=reader.lists(document.get("tables")),
        headers=reader.nested(document.get("columns")),
        words=reader.nested(document.get("words")),
        booleans=reader.lists(document.get("booleans")),
        blank=reader.list_(document.get("blank")),
        domains=reader.lists(document.get("domains")),
        units=reader.nested(document.get("units")),
        own=MappingProxyType({}),
        own_words=MappingProxyType({}),
    )
    problems = [*reader.problems, *_unknown(document)]
    if problems:
        raise ProfileError(problems)
    return made


class _Reader:
    """Lists of words under keys; whatever is something else is a problem."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def list_(self, written: Value | None) -> tuple[str, ...]:
        match written:
            case Items() as items:
                return tuple(item.value for item in self._scalars(items))
            case None:
                return ()
            case other:
                self.problems.append(Problem("a list of words was expected", other.location))
                return ()

    def lists(self, written: Value | None) -> dict[str, tuple[str, ...]]:
        if not isinstance(written, Entries):
            if written is not None:
                self.problems.append(Problem("a mapping was expected", written.location))
            return {}
        return {key: self.list_(value) for key, value in written.items()}

    def nested(self, written: Value | None) -> dict[str, Lists]:
        return {key: self.lists(value) for key, value in written.items()} if isinstance(written, Entries) else {}

    def _scalars(self, items: Items) -> Iterable[Scalar]:
        for item in items:
            if isinstance(item, Scalar):
                yield item
            else:
                self.problems.append(Problem("a word was expected", item.location))


def _unknown(document: Entries) -> Iterable[Problem]:
    columns = document.get("columns")
    for table, listed in columns.items() if isinstance(columns, Entries) else ():
        known = {name for each in exported().values() for name in each.columns}
        if table != "any":
            if table not in exported():
                yield Problem(f"there is no table {table!r}", listed.location)
                continue
            known = set(exported()[table].columns)
        if isinstance(listed, Entries):
            yield from listed.unknown_keys(known, f"the columns of {table}")
