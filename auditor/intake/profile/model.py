"""A profile: which files of an export make up which canonical table, and what their headers and words mean.

This is what a profile says once it has been read and found sound; `profile_file.py` reads it from YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from auditor.core.problem import Location
from auditor.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Where the values of a canonical column come from.

    Either `headers` (several are joined with `separator`) or a constant `value`. `words` turns the source's words into
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
    optional: bool = False
    """Whether there need not be any such file."""


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
