"""A csv file as text rows: comma, tab or semicolon, line breaks inside quotes, records counted as in a spreadsheet.

The header is taken by the standard library's reader (titles may stand above it), the rest by Arrow, one record after
the other: only then does it say which record was ragged, and the numbers of those after it stay right.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import Any, cast

import pyarrow.csv as _pacsv  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Ragged, Reading, pa
from auditor.intake.readers.encoding import Utf8Stream, decide
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.heading import LOOK, Heading, find_heading, places

pacsv = cast(Any, _pacsv)

_BLOCK = 8 << 20
_DELIMITERS = ",\t;"


class CsvReading(Reading):
    """A csv or txt file, opened; `block` is how much is parsed at a time."""

    format = "csv"

    def __init__(self, asked: Asked, *, block: int = _BLOCK) -> None:
        self.encoding = decide(asked.path, asked.name, asked.encoding)
        self._block = block
        self._stream = Utf8Stream(asked.path, asked.name, self.encoding)
        try:
            start = _filled(self._stream, block)
            self._delimiter, heading, consumed = _heading(start, asked)
            super().__init__(asked.name, heading)
        except InputError:
            self._stream.close()
            raise
        self._rest = _Rest(start[consumed:], self._stream)
        self._row = heading.last
        self._bad: deque[int] = deque()
        self._last_value = ""

    @property
    def sha256(self) -> str:
        return self._stream.sha256

    def batches(self) -> Iterator[Any]:
        with self._stream:
            if not self._rest.is_empty:
                yield from self._parsed()
        self._refuse_open_quote()

    def _parsed(self) -> Iterator[Any]:
        names = [f"c{place}" for place in range(len(self.headers))]
        try:
            parsed = pacsv.open_csv(
                self._rest,
                read_options=pacsv.ReadOptions(column_names=names, block_size=self._block, use_threads=False),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=self._ragged,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                ),
            )
            for batch in parsed:
                if batch.num_rows:
                    self._last_value = batch.column(batch.num_columns - 1)[-1].as_py()
                    yield self.records(batch.columns, self._numbers(batch.num_rows))
        except pa.ArrowInvalid as error:
            raise InputError(
                Problem(
                    f"a record after {self._row} cannot be told apart: {str(error).split(' (')[0]}",
                    Location(self.name),
                    f"a quote is never closed there, or one value is longer than {self._block >> 20} MB",
                )
            ) from error

    def _ragged(self, bad: Any) -> str:
        row = self.header_row + bad.number
        self._bad.append(row)
        if not self.pass_over(row, _cells(bad.text, self._delimiter)):
            self.ragged.append(Ragged(row=row, text=bad.text, expected=bad.expected_columns, found=bad.actual_columns))
        return "skip"

    def _numbers(self, count: int) -> Any:
        """The record numbers of the next rows: those in order that ragged records have not taken."""
        runs: list[range] = []
        while count:
            first = self._row + 1
            if self._bad and self._bad[0] == first:
                self._row = self._bad.popleft()
                continue
            size = min(count, self._bad[0] - first) if self._bad else count
            runs.append(range(first, first + size))
            self._row, count = self._row + size, count - size
        return pa.array([number for run in runs for number in run], pa.int64())

    def _refuse_open_quote(self) -> None:
        """A quote that is never closed takes all that follows into one value; its record is then the last."""
        last = self.ragged[-1] if self.ragged and self.ragged[-1].row > self._row else None
        text = last.text if last else self._last_value
        if "\n" in text and not self._rest.tail.rstrip(b"\r\n \t").endswith(b'"'):
            row = last.row if last else self._row
            raise InputError(
                Problem(
                    f"the quote opened in record {row} is never closed, so that all after it would be one value",
                    Location(self.name),
                    "close the quote, or double it where it belongs to the value",
                )
            )


class _Rest(io.RawIOBase):
    """What follows the header, with the last bytes that were given out."""

    def __init__(self, start: bytes, stream: Utf8Stream) -> None:
        super().__init__()
        self._start, self._stream = start, stream
        self.tail = b""

    @property
    def is_empty(self) -> bool:
        if not self._start:
            self._start = _filled(self._stream, 1)
        return not self._start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        # Filled whole: Arrow takes what one call gives as its block, and a batch of rows is made of each.
        buffer = memoryview(buffer)
        size = min(len(buffer), len(self._start))
        buffer[:size] = self._start[:size]
        self._start = self._start[size:]
        while size < len(buffer) and (more := self._stream.readinto(buffer[size:])):
            size += more
        if size:
            self.tail = (self.tail + bytes(buffer[max(0, size - 64) : size]))[-64:]
        return size


def _filled(stream: Utf8Stream, size: int) -> bytes:
    """At least so many bytes, or all there are."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(max(size, 1 << 16))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _heading(start: bytes, asked: Asked) -> tuple[str, Heading, int]:
    """The delimiter, the headers and how many bytes end with them: of several delimiters the one that makes most
    headers that one knows, of equals the one that makes most headers."""
    # The last character may be cut in two.
    text = start.decode("utf-8", "ignore")
    told = asked.heading
    best: tuple[tuple[int, int], str, Heading, int] | None = None
    failed: InputError | None = None
    for delimiter in asked.delimiter or _DELIMITERS:
        lines = _Counted(text)
        records: list[list[str]] = []
        ends: list[int] = []
        try:
            for record in csv.reader(lines, delimiter=delimiter):
                records.append(record)
                ends.append(lines.taken)
                if len(records) >= max(LOOK, (told.row or 0) + (told.rows or 1)):
                    break
        except csv.Error as error:
            problem = Problem(f"the header cannot be read: {error}", Location(asked.name, len(records) + 1))
            failed = failed or InputError(problem)
            continue
        try:
            heading = find_heading(records, asked.name, told)
        except InputError as error:
            failed = failed or error
            continue
        known = sum(key in told.known for key in places(heading.headers))
        rank = known, len(heading.headers)
        if best is None or rank > best[0]:
            best = rank, delimiter, heading, len(text[: ends[heading.last - 1]].encode())
    if best is None:
        raise failed or InputError(Problem("holds no headers", Location(asked.name)))
    return best[1:]


class _Counted:
    """Lines with their ends, and how many characters were taken."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.taken = 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        return line


def _cells(text: str, delimiter: str) -> list[str]:
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        return record
    return []


FORMAT = Format(name="csv", suffixes=(".csv", ".txt", ".tsv"), open=CsvReading)
