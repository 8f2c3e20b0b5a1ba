"""A profile: which files of an export make up which canonical table, and what their headers and words mean.

This is what a profile says once it has been read and found sound; `profile/file.py` reads it from YAML.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from auditor.core.problem import Location
from auditor.core.text import Text
from auditor.intake.columns.expression import Expression
from auditor.intake.readers.heading import header_key

ALTERNATIVE = "|"
"""Between the headers that a name in an expression, or a part of what is joined, may stand for."""


def alternative(header: str, has: Container[str]) -> str:
    """Of `a|b` the header a, or b where the file lacks a; the whole where it has neither, or a header called so."""
    if header_key(header) in has:
        return header
    return next((name for name in header.split(ALTERNATIVE) if header_key(name) in has), header)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Where the values of a canonical column come from.

    Either `headers` (several are joined with `separator`, or feed the `expression`) or a constant `value`. Where a file
    lacks the header, the first of `otherwise` that it has stands in; of those that are `joined` or reckoned with, each
    may name its own alternatives (`a|b`). An `optional` column may lack them all. `words` turns the source's words into
    the model's, also the empty one; a word may mean nothing (""). `formats` are tried in turn, `times` multiplies.
    """

    column: str
    headers: tuple[str, ...] = ()
    separator: str = ""
    value: str | None = None
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    formats: tuple[str, ...] = ()
    times: Decimal | None = None
    location: Location | None = None
    otherwise: tuple[str, ...] = ()
    expression: Expression | None = None
    optional: bool = False
    joined: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """Every header that the mapping names, alternatives among them."""
        if self.expression is not None or self.joined:
            return tuple(name for header in self.headers for name in header.split(ALTERNATIVE))
        return (*self.headers, *self.otherwise)

    def fitted(self, has: Container[str]) -> "ColumnMapping | None":
        """The mapping over headers that the file has, by their keys; None where it is optional and the file has none.
        Of alternatives it is the first that is there, or the first of all."""
        if self.expression is not None or self.joined:
            return self._of_several(has)
        there = [header for header in self.named if header_key(header) in has]
        if there:
            return replace(self, headers=(there[0],), otherwise=()) if self.otherwise else self
        return None if self.optional else self

    def _of_several(self, has: Container[str]) -> "ColumnMapping | None":
        """The same where headers are joined or reckoned with. An expression needs them all; of what is joined one that
        is not there is a mistake where another is."""
        headers = tuple(alternative(header, has) for header in self.headers)
        there = [header_key(header) in has for header in headers]
        enough = any(there) if self.expression is None else all(there)
        return None if self.optional and not enough else replace(self, headers=headers)

    @property
    def source(self) -> str | None:
        """The header or headers as a person would name them; None for a constant."""
        return " + ".join(self.headers) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePattern:
    """A glob relative to the data folder, and one for the part where the file is a container, such as a sheet of a
    workbook (None: the first)."""

    file: str
    part: str | None
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """One source of a canonical table; `columns` is in the order of the data model.

    `header_row` and `header_rows` None: the headers are found in the file. `encoding`, `delimiter` and `quote` None:
    found out too.
    """

    table: str
    files: tuple[FilePattern, ...]
    columns: Mapping[str, ColumnMapping]
    location: Location
    header_row: int | None = None
    header_rows: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    precedence: int | None = None
    """Among sources of the table that have the same row, the one with the lowest number counts; None comes last."""
    optional: bool = False
    """Whether there need not be any such file."""
    lacks: frozenset[str] = frozenset()
    """Required columns that the export does not have: rules that need them are not run."""
    where: Expression | None = None
    """Rows for which it is false are left out; those of which it cannot be said are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`encoding` None: found out file by file. `blank` are the words that mean that the export does not say."""

    name: str
    title: Text | None
    encoding: str | None
    blank: frozenset[str]
    tables: tuple[TableMapping, ...]


CANONICAL = Profile(name="", title=None, encoding=None, blank=frozenset({""}), tables=())
"""No profile at all: files are named and headed as the data model names them."""
