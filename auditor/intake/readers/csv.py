"""A csv file as text rows: whatever stands between and around its values, line breaks inside quotes,
records counted as in a spreadsheet.

The header is taken by the standard library's reader (titles may stand above it), the rest by Arrow, one record after
the other: only then does it say which record was ragged, and the numbers of those after it stay right.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import pyarrow.csv as _pacsv  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Ragged, Reading, pa, pc
from auditor.intake.readers.blocks import Rest, ahead, filled
from auditor.intake.readers.bytes_columns import can_be_told_apart, decoded
from auditor.intake.readers.encoding import ByteStream, Utf8Stream, codec_of, decide, written_length
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.heading import LOOK, Heading, find_heading, known_headers
from auditor.intake.readers.quotes import Lookout, refuse_lost_quotes, refuse_open_quote

pacsv = cast(Any, _pacsv)

_BLOCK = 8 << 20
_LARGEST = 64 << 20
"""A record that does not fit into two blocks of this size is refused: they are held in memory several times over."""

_DELIMITERS = ",\t;|^~\x01"
_WIDEST = 20_000
"""A record with more values is none: a spreadsheet has 16,384 columns."""
_STRADDLES = "straddles two block boundaries"
"""What Arrow says of a record that is longer than a block."""

csv.field_size_limit(_LARGEST)


class CsvReading(Reading):
    """A csv or txt file, opened; `block` is how much is parsed at a time.

    With `by_column` a file in Chinese encoding is parsed as it is written and decoded column by column, which takes
    half as long; where that meets anything out of the way, the file is read once more, decoded as a whole.
    """

    format = "csv"

    def __init__(self, asked: Asked, *, block: int = _BLOCK, by_column: bool = True) -> None:
        self.encoding = decide(asked.path, asked.name, asked.encoding)
        self._block = block
        self._stream = Utf8Stream(asked.path, asked.name, self.encoding)
        try:
            start = filled(self._stream, block)
            self.quote = _quote(start, asked)
            self.delimiter, heading, consumed = _heading(start, asked, self.quote)
            if consumed + 4 > len(start) and (more := filled(self._stream, 1)):
                if len(start) >= min(block, _LARGEST) and not start[:consumed].endswith((b"\n", b"\r")):
                    raise InputError(
                        Problem(
                            f"record {heading.last}, at the head of the table, is longer than {block >> 20} MB",
                            Location(asked.name, heading.last),
                            "say in the profile where the headers stand: header_row",
                        )
                    )
                start += more
            super().__init__(asked.name, heading)
            self.expected = _about(start.count(b"\n") / (self._stream.share or 1))
        except InputError:
            self._stream.close()
            raise
        self._path, self._consumed, self._heading = asked.path, consumed, heading
        self._quotes_followed = False
        written = self._written(consumed) if by_column else None
        self._by_column = written is not None
        if written is None:
            self._begin(start[consumed:])
        else:
            self._stream.close()
            self._stream = ByteStream(asked.path, asked.name, self.encoding)
            self._begin(filled(self._stream, written)[written:])

    def _written(self, consumed: int) -> int | None:
        """Where the first record begins in the file as it is written, if the rest can be parsed as that is."""
        encoding = self.encoding or "utf-8"
        if not can_be_told_apart(encoding, self.delimiter or ",", self.quote or ""):
            return None
        return written_length(self._path, encoding, consumed)

    def _begin(self, rest: bytes) -> None:
        self._rest = Rest(rest, self._stream, Lookout(self.delimiter or ",", self.quote or ""))
        self._row = self._heading.last
        self._bad: deque[int] = deque()
        self._last_value = ""

    def _begin_again(self) -> None:
        """Back to the first record, with nothing counted; the file is decoded as a whole from here on."""
        self._by_column = False
        self._rest.close()
        self._stream.close()
        self._stream = Utf8Stream(self._path, self.name, self.encoding or "utf-8")
        self._begin(filled(self._stream, self._consumed)[self._consumed :])
        self.forget()

    @property
    def sha256(self) -> str:
        return self._stream.sha256

    def batches(self) -> Iterator[Any]:
        given = 0
        while True:
            try:
                # What is still parsed beside has to end before the file is closed.
                with self._stream, self._rest, closing(self._parsed()) as parsed:
                    left = given
                    for batch in () if self._rest.is_empty else parsed:
                        given += max(0, batch.num_rows - left)
                        fresh, left = batch.slice(left), max(0, left - batch.num_rows)
                        yield fresh
                break
            except _TooLongError:
                # Rare enough that all is read once more, with larger blocks, and what was given is not given again.
                self._block *= 8
                self._begin_again()
            except _OutOfTheWayError:
                self._begin_again()
        self._refuse_open_quote()
        self._refuse_lost_quotes()

    def _parsed(self) -> Generator[Any]:
        names = [f"c{place}" for place in range(len(self.headers))]
        try:
            parsed = pacsv.open_csv(
                self._rest,
                read_options=pacsv.ReadOptions(column_names=names, block_size=self._block, use_threads=False),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char=self.quote or False,
                    newlines_in_values=bool(self.quote),
                    ignore_empty_lines=False,
                    # Of what is not decoded yet, nobody could say what is in it.
                    invalid_row_handler=None if self._by_column else self._ragged,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.binary() if self._by_column else pa.string() for name in names},
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                    check_utf8=False,  # it was made by decoding, or found to be so
                ),
            )
            # Ragged records are counted while they are parsed, and so in step with the others.
            in_step = map(_columns, parsed)
            for columns in ahead(ahead(parsed, _columns), self._decoded) if self._by_column else in_step:
                if rows := len(columns[0]):
                    self._last_value = columns[-1][-1].as_py()
                    records = self.records(columns, self._numbers(rows))
                    if self._stream.has_nul:
                        self._refuse_nul(records)
                    self._refuse_lost_quotes()
                    yield records
        except pa.ArrowInvalid as error:
            if self._by_column:
                raise _OutOfTheWayError from error
            if _STRADDLES in str(error) and self._block * 8 <= _LARGEST:
                raise _TooLongError from error
            raise InputError(
                Problem(
                    f"a record after {self._row} cannot be told apart: {str(error).split(' (')[0]}",
                    Location(self.name),
                    f"a quote is never closed there, or one record is longer than {max(1, self._block >> 20)} MB",
                )
            ) from error

    def _decoded(self, columns: Sequence[Any]) -> Sequence[Any]:
        try:
            return [decoded(column, codec_of(self.encoding or "utf-8")) for column in columns]
        except UnicodeDecodeError as error:
            raise _OutOfTheWayError from error

    def _refuse_lost_quotes(self) -> None:
        if self._rest.lookout.is_suspicious and not self._quotes_followed:
            self._quotes_followed = True
            with Utf8Stream(self._path, self.name, self.encoding or "utf-8") as stream:
                rest = Rest(filled(stream, self._consumed)[self._consumed :], stream)
                refuse_lost_quotes(rest, self.header_row + 1, self.name, self.delimiter or ",", self.quote or "")

    def _refuse_nul(self, records: Any) -> None:
        """At the ends of a value NULs are padding; within one they are damage that nobody would see."""
        for column in records.columns[:-1]:
            place = pc.index(pc.match_substring(column, "\0"), True).as_py()
            if place >= 0:
                row = records.column(records.num_columns - 1)[place].as_py()
                raise InputError(
                    Problem(
                        f"record {row} has a NUL byte within a value",
                        Location(self.name),
                        "export the file again, or take the NUL bytes out of it",
                    )
                )

    def _ragged(self, bad: Any) -> str:
        row = self.header_row + bad.number
        self._bad.append(row)
        if bad.actual_columns > _WIDEST or not self.pass_over(row, _cells(bad.text, self.delimiter or ",", self.quote)):
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
        return pa.concat_arrays([pa.arange(run.start, run.stop) for run in runs] or [pa.array([], pa.int64())])

    def _refuse_open_quote(self) -> None:
        """A quote that is never closed takes all that follows into one value; its record is then the last."""
        last = self.ragged[-1] if self.ragged and self.ragged[-1].row > self._row else None
        text = last.text if last else self._last_value
        end = (self.quote or "").encode()
        if end and ("\n" in text or "\r" in text) and not self._rest.tail.rstrip(b"\r\n \t").endswith(end):
            row = last.row if last else self._row
            raise InputError(
                Problem(
                    f"the quote opened in record {row} is never closed, so that all after it would be one value",
                    Location(self.name),
                    "close the quote, or double it where it belongs to the value",
                )
            )


def _about(rows: float) -> int:
    """Rounded to three digits: an estimate must not look like a count."""
    return int(float(f"{rows:.3g}"))


def _quote(start: bytes, asked: Asked) -> str:
    """What the values are quoted with: as told, else \" unless the first line has each of its values in ' and '."""
    if asked.quote is not None:
        quote = "" if asked.quote == "none" else asked.quote
        if len(quote.encode()) > 1:
            raise InputError(Problem(f"{asked.quote!r} is no quote", Location(asked.name), "one character, or none"))
        return quote
    line = start.decode("utf-8", "ignore").lstrip().partition("\n")[0].strip()
    single = any(re.fullmatch(f"'[^']*'({re.escape(mark)}'[^']*')+", line) for mark in _DELIMITERS)
    return "'" if single else '"'


def _heading(start: bytes, asked: Asked, quote: str) -> tuple[str, Heading, int]:
    """The delimiter, the headers and how many bytes end with them: of several delimiters the one that makes most
    headers that one knows; of equals the one that divides most of the next records alike, then the one that makes
    most headers."""
    # The last character may be cut in two.
    text = start.decode("utf-8", "ignore")
    told = asked.heading
    if asked.delimiter is not None and (len(asked.delimiter) != 1 or not asked.delimiter.isascii()):
        problem = Problem(f"{asked.delimiter!r} cannot be what stands between the values", Location(asked.name))
        raise InputError(replace(problem, hint="one character of ASCII"))
    best: tuple[tuple[int, float, int], str, Heading, int] | None = None
    failed: InputError | None = None
    for delimiter in (asked.delimiter,) if asked.delimiter else _DELIMITERS:
        lines = _Counted(text)
        records: list[list[str]] = []
        ends: list[int] = []
        try:
            for record in _reader(lines, delimiter, quote):
                if len(record) > _WIDEST:
                    raise csv.Error(f"it has more than {_WIDEST} values")
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
        rank = known_headers(heading, told), _alike(records[heading.last :], len(heading.headers)), len(heading.headers)
        if best is None or rank > best[0]:
            best = rank, delimiter, heading, len(text[: ends[heading.last - 1]].encode())
    if best is None:
        raise failed or InputError(Problem("holds no headers", Location(asked.name)))
    if quote:
        refuse_open_quote(start[: best[3]].decode("utf-8", "ignore"), asked.name, best[1], quote)
    return best[1:]


def _alike(records: Sequence[Sequence[str]], width: int) -> float:
    """How many of the records that hold anything are as wide as the headers; none where there is one header only."""
    widths = [len(record) for record in records if any(record)]
    return sum(each == width for each in widths) / len(widths) if widths and width > 1 else 0.0


def _reader(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    if quote:
        return csv.reader(lines, delimiter=delimiter, quotechar=quote)
    return csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE)


def _columns(batch: Any) -> Sequence[Any]:
    return batch.columns


class _TooLongError(Exception):
    """A record is longer than a block."""


class _OutOfTheWayError(Exception):
    """A record, or a value, of which more can be said once the file is decoded as a whole."""


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


def _cells(text: str, delimiter: str, quote: str | None) -> list[str]:
    for record in _reader(io.StringIO(text, newline=""), delimiter, quote or ""):
        return record
    return []


FORMAT = Format(name="csv", suffixes=(".csv", ".txt", ".tsv"), open=CsvReading)
