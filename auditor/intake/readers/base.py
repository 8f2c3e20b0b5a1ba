"""A source file while it is read: its headers, then its rows as text, each with its record number.

Every reader gives the same thing, whatever the format: batches whose columns are named by position (`c0`, `c1`, …: two
headers may differ only in case, which a database would take for one), all of them text, and last `_row`. Every record
of the file is one of: given in a batch, ragged, passed over (title, header, total, note), blank. None is dropped.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.compute as _pc  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.result import PassedOver
from auditor.core.schema import SOURCE_ROW
from auditor.intake.readers.heading import (
    NOTES,
    TOTALS,
    Heading,
    header_words,
    recognised,
    row_text,
)
from auditor.intake.readers.trimmed import trimmed

pa = cast(Any, _pa)
pc = cast(Any, _pc)

_SPACES = r"\s+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ragged:
    """A record with more or fewer values than there are headers; `text` is the record as it stands."""

    row: int
    text: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total row with all that it says, column by column."""

    row: int
    cells: tuple[str | None, ...]


class Reading(ABC):
    """One file, sheet or table, opened: `batches` may be asked for once; the counts, `ragged`, `passed_over` and
    `sha256` are complete after that.

    `rows` counts every record of the file: those of `batches`, `ragged`, `passed_over` and `blank` together.
    """

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    """Between the values of a text file."""
    quote: str | None = None
    """What a text file puts around values; empty where it puts nothing."""

    expected: int | None = None
    """How many rows the file has, or about so many, where that is known before they are read: only to tell how far the
    reading is."""
    filled: frozenset[int] = frozenset()
    """The columns in which a merged cell is said in each of its rows."""
    since_1904 = False
    """Whether bare numbers that are dates count their days from 1904."""

    def __init__(self, name: str, heading: Heading) -> None:
        self.name = name
        self.header_row = heading.last
        self.headers: tuple[str, ...] = heading.headers
        self._above = heading.above
        self.forget()
        words = header_words(self.headers)
        self._begins = pa.array(sorted(words), pa.string())
        self._ascii_headers = any(word.isascii() for word in words)

    def forget(self) -> None:
        """Counts nothing but what stands above the first record, for a file that is read from there once more."""
        self.ragged: list[Ragged] = []
        self.totals: list[Total] = []
        self.passed_over: list[PassedOver] = list(self._above)
        self.blank = self.header_row - len(self._above)
        self._given = 0

    @abstractmethod
    def batches(self) -> Iterator[Any]:
        """Arrow record batches in the order of the file; raises InputError where the file breaks off."""

    @property
    @abstractmethod
    def sha256(self) -> str:
        """Of the bytes of the file, as hexadecimal digits."""

    @property
    def rows(self) -> int:
        return self._given + len(self.ragged) + len(self.passed_over) + self.blank

    def records(self, columns: Sequence[Any], numbers: Any) -> Any:
        """A batch of text columns and their record numbers; values are trimmed, and rows that are no records counted
        or passed over."""
        columns = [trimmed(column) for column in columns]
        batch = pa.RecordBatch.from_arrays(
            [*columns, numbers], names=[*(f"c{place}" for place in range(len(columns))), SOURCE_ROW]
        )
        batch = self._without(batch, self._blank_rows(batch))
        batch = self._without_passed_over(batch)
        self._given += batch.num_rows
        return batch

    def pass_over(self, row: int, cells: Sequence[str | None]) -> bool:
        """Whether the row is no record; it is then counted as what it is."""
        kind = recognised(cells, self.headers)
        if kind is not None:
            self.passed_over.append(PassedOver(source_row=row, kind=kind, text=row_text(cells)))
            if kind == "total":
                self.totals.append(Total(row=row, cells=tuple(cells)))
        elif not row_text(cells):
            self.blank += 1
        else:
            return False
        return True

    def _blank_rows(self, batch: Any) -> Any:
        """Which rows hold nothing; None where none does."""
        # Nearly always the first column has a value, so that the others need not be looked at.
        empty = _blank(batch.column(0))
        for column in batch.columns[1:-1]:
            if not pc.any(empty).as_py():
                return None
            empty = pc.and_(empty, _blank(column))
        return empty if pc.any(empty).as_py() else None

    def _without(self, batch: Any, empty: Any) -> Any:
        if empty is None:
            return batch
        kept = batch.filter(pc.invert(empty))
        self.blank += batch.num_rows - kept.num_rows
        return kept

    def _without_passed_over(self, batch: Any) -> Any:
        if not batch.num_rows:
            return batch
        suspects: list[int] = pc.indices_nonzero(self._suspects(batch)).to_pylist()
        places = set[int]()
        for place in suspects:
            cells = [column[place].as_py() for column in batch.columns[:-1]]
            if self.pass_over(batch.column(batch.num_columns - 1)[place].as_py(), cells):
                places.add(place)
        if not places:
            return batch
        return batch.filter(pa.array([place not in places for place in range(batch.num_rows)]))

    def _suspects(self, batch: Any) -> Any:
        """Rows that may be no records: told by the first value, which most often stands in the first column."""
        first = batch.column(0)
        if not pc.any(_may_be_said(first), min_count=0).as_py() and not self._ascii_headers:
            return _blank(first)
        said = pc.replace_substring_regex(first, _SPACES, "") if pc.any(_spaced(first)).as_py() else first
        pattern = f"(?i)(?:{TOTALS})|(?:{NOTES})"
        hit = pc.or_(pc.match_substring_regex(said, pattern), pc.is_in(said, value_set=self._begins))
        return pc.or_(pc.fill_null(hit, False), _blank(first))


def file_sha256(path: Path) -> str:
    """Of a file that is not read from front to back otherwise."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _may_be_said(column: Any) -> Any:
    """Whether a value may be the first of a total or a remark: all of these have a Chinese character, or the `t` of
    `total`. An id has neither, most often, and this costs a tenth of the patterns."""
    in_latin = pc.or_(pc.match_substring(column, "t"), pc.match_substring(column, "T"))
    return pc.or_(pc.invert(pc.string_is_ascii(column)), in_latin)


def _spaced(column: Any) -> Any:
    return pc.match_substring_regex(column, _SPACES)


def _blank(column: Any) -> Any:
    return pc.fill_null(pc.equal(column, ""), True)
