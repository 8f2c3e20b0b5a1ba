"""A source file while it is read: its headers, then its rows as text, each with its record number.

Every reader gives the same thing, whatever the format: batches whose columns are named by position (`c0`, `c1`, …: two
headers may differ only in case, which a database would take for one), all of them text, and last `_row`. A row without
any content is no row, as a spreadsheet has them after its last one; it keeps its number and is counted nowhere.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.compute as _pc  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.core.schema import SOURCE_ROW

pa = cast(Any, _pa)
pc = cast(Any, _pc)

BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff"
"""What is cut off at both ends of a value: an office's exports pad with all of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ragged:
    """A record with more or fewer values than there are headers; `text` is the record as it stands."""

    row: int
    text: str
    expected: int
    found: int


class Reading(ABC):
    """One file or sheet, opened: `batches` may be asked for once; `ragged` and `sha256` are complete after that."""

    format: str
    encoding: str | None = None

    def __init__(self, name: str, headers: Sequence[str], header_row: int) -> None:
        self.name = name
        self.header_row = header_row
        self.headers: tuple[str, ...] = checked_headers(headers, name, header_row)
        self.ragged: list[Ragged] = []

    @abstractmethod
    def batches(self) -> Iterator[Any]:
        """Arrow record batches in the order of the file; raises InputError where the file breaks off."""

    @property
    @abstractmethod
    def sha256(self) -> str:
        """Of the bytes of the file, as hexadecimal digits."""


def checked_headers(cells: Sequence[str], name: str, header_row: int) -> tuple[str, ...]:
    """The headers as printed, unnamed ones as `#3`; raises InputError where one stands twice."""
    headers = tuple(" ".join(cell.strip(BLANKS).split()) or f"#{place}" for place, cell in enumerate(cells, start=1))
    if all(header.startswith("#") for header in headers):
        raise InputError(Problem(f"record {header_row} holds no headers", Location(name, header_row)))
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for place, header in enumerate(headers):
        if header in first:
            places = f"{column_letters(first[header])} and {column_letters(place)}"
            problems.append(
                Problem(
                    f"the header {header!r} stands twice, in columns {places}",
                    Location(name, header_row),
                    "rename one of them, so that it is clear which one is meant",
                )
            )
        first.setdefault(header, place)
    if problems:
        raise InputError(problems)
    return headers


def column_letters(place: int) -> str:
    """What a spreadsheet calls the column; the first is 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_batch(columns: Sequence[Any], numbers: Any) -> Any:
    """A batch of text columns and their record numbers; values are trimmed, and rows that hold nothing left out."""
    columns = [pc.utf8_trim(column, BLANKS) for column in columns]
    batch = pa.RecordBatch.from_arrays(
        [*columns, numbers], names=[*(f"c{place}" for place in range(len(columns))), SOURCE_ROW]
    )
    # Nearly always the first column has a value, so that the others need not be looked at.
    empty = _blank(columns[0])
    for column in columns[1:]:
        if not pc.any(empty).as_py():
            return batch
        empty = pc.and_(empty, _blank(column))
    return batch.filter(pc.invert(empty)) if pc.any(empty).as_py() else batch


def file_sha256(path: Path) -> str:
    """Of a file that is not read from front to back otherwise."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _blank(column: Any) -> Any:
    return pc.fill_null(pc.equal(column, ""), True)
