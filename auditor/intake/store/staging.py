"""Files brought into the store as they are: all text, row by row, batch by batch, before anything is made of it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.errors import AuditorError, InputError, ProfileError
from auditor.core.problem import Problem
from auditor.core.progress import Progress
from auditor.core.result import PassedOver
from auditor.core.schema import SOURCE_ROW, exported
from auditor.core.text import Text
from auditor.intake.columns.mapping import ColumnsMissingError, Fitted, fit
from auditor.intake.profile.model import Profile
from auditor.intake.readers.base import Ragged, Reading, Total, pa
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.heading import Told, header_key
from auditor.intake.sources import Source

pq = cast(Any, _pq)

_AT_ONCE = 64 << 20
_GROUP = 122_880
"""So many rows DuckDB's own tables have in a group. Of a file with somewhat larger groups, what is over in each would
be put together and written once more."""
_LIGHT: Mapping[str, Any] = {"compression": "none", "write_statistics": False, "dictionary_pagesize_limit": 1 << 16}
"""How text is written that is read once: a dictionary pays only for columns of few values, and compression costs half
as much again. The file is about as large as what was read, and gone when the table is there."""
_INDISPENSABLE = "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A source whose rows stand as text in a file of their own, seen as the table `name`.

    `records` are all rows of the file, `filtered` those that the profile's own filter left out; what is left is `read`,
    the `ragged` among them.
    """

    source: Source
    fitted: Fitted
    name: str
    records: int
    passed_over: tuple[PassedOver, ...]
    blank: int
    filtered: int
    ragged: tuple[Ragged, ...]
    totals: tuple[Total, ...]
    encoding: str | None
    sha256: str
    file: Path

    def release(self) -> None:
        """Gives back the room that its text takes; the table `name` cannot be asked any more."""
        self.file.unlink()

    @property
    def read(self) -> int:
        return self.records - len(self.passed_over) - self.blank - self.filtered


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A table that could not be staged because `source` lacks required columns; `others` are its sources that don't."""

    source: Source
    columns: tuple[str, ...]
    others: tuple[Source, ...]


def stage(
    con: Any, sources: tuple[Source, ...], profile: Profile, scratch: Path, progress: Progress
) -> tuple[tuple[Staged, ...], tuple[Lack, ...]]:
    """All sources, staged in files in `scratch`; raises one error with all problems of all files, after a look at each.

    A table of which a source lacks required columns is left out whole (half a table would be counted as one), unless
    it is the cases or there is no other.
    """
    staged: list[Staged] = []
    lacking: list[tuple[Source, ColumnsMissingError]] = []
    problems: list[Problem] = []
    of_profile = False
    for number, source in enumerate(sources):
        try:
            # A workbook is read whole when it is opened.
            progress.start(Text(zh=f"打开 {source.name}", en=f"opening {source.name}"))
            reading = open_reading(source, profile)
            fitted = fit(source, reading.headers, reading.header_row)
            # With one file unusable there will be no audit: of the rest, only the heads are still looked at.
            if not problems:
                staged.append(_stage(con, reading, source, fitted, scratch / f"_text_{number}.parquet", progress))
        except ColumnsMissingError as error:
            if source.table == _INDISPENSABLE:
                problems += error.problems
            else:
                lacking.append((source, error))
        except AuditorError as error:
            problems += error.problems
            of_profile = of_profile or isinstance(error, ProfileError)
        finally:
            progress.finish()
    left_out = {source.table for source, _ in lacking}
    if problems or (lacking and left_out.issuperset(source.table for source in sources)):
        problems += [problem for _, error in lacking for problem in error.problems]
        raise ProfileError(problems) if of_profile else InputError(problems)
    return tuple(each for each in staged if each.source.table not in left_out), tuple(
        Lack(source=source, columns=error.columns, others=_others(source, sources)) for source, error in lacking
    )


def _others(lacking: Source, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return tuple(source for source in sources if source.table == lacking.table and source is not lacking)


def open_reading(source: Source, profile: Profile) -> Reading:
    """The source, opened by its format's reader; raises InputError where it cannot be opened as such."""
    mapping = source.mapping
    if mapping is None:
        heading = Told(known=frozenset(exported()[source.table].columns))
        return source.format.open(Asked(path=source.path, name=source.name, part=source.part, heading=heading))
    known = frozenset(header_key(header) for column in mapping.columns.values() for header in column.named)
    asked = Asked(
        path=source.path,
        name=source.name,
        part=source.part,
        heading=Told(row=mapping.header_row, rows=mapping.header_rows, known=known),
        encoding=mapping.encoding or profile.encoding,
        delimiter=mapping.delimiter,
        quote=mapping.quote,
    )
    return source.format.open(asked)


def groups(reading: Reading) -> Iterator[Any]:
    """The rows as tables, each of as many as make a group of rows in the store; fewer where they take much room."""
    gathered: list[Any] = []
    rows = size = 0
    for batch in reading.batches():
        while batch.num_rows:
            part = batch.slice(0, _GROUP - rows)
            batch = batch.slice(part.num_rows)
            gathered.append(part)
            rows, size = rows + part.num_rows, size + part.nbytes
            if rows >= _GROUP or size >= _AT_ONCE:
                yield pa.Table.from_batches(gathered)
                gathered, rows, size = [], 0, 0
    if gathered:
        yield pa.Table.from_batches(gathered)


def _totals(reading: Reading) -> tuple[Total, ...]:
    """The total rows; of a column that merged cells fill they say nothing that could be held against its rows."""
    return tuple(
        Total(row=each.row, cells=tuple(None if at in reading.filled else cell for at, cell in enumerate(each.cells)))
        for each in sorted(reading.totals, key=lambda each: each.row)
    )


def _stage(con: Any, reading: Reading, source: Source, fitted: Fitted, file: Path, progress: Progress) -> Staged:
    fields = [pa.field(f"c{place}", pa.string()) for place in range(len(reading.headers))]
    schema = pa.schema([*fields, pa.field(SOURCE_ROW, pa.int64())])
    progress.start(Text(zh=f"读取 {source.name}", en=f"reading {source.name}"), reading.expected)
    try:
        # A file beside the store, not a table in it: DuckDB takes four times as long to write text that is read once.
        with pq.ParquetWriter(file, schema, **_LIGHT) as writer, ThreadPoolExecutor(1) as beside:
            # While one group is written, the next is read: neither holds the interpreter for long.
            written: Future[None] | None = None
            for group in groups(reading):
                if written is not None:
                    written.result()
                written = beside.submit(writer.write_table, group, row_group_size=_GROUP)
                progress.advance(group.num_rows)
            if written is not None:
                written.result()
    finally:
        progress.finish()
    con.read_parquet(file, table_name=file.stem)
    return Staged(
        source=replace(source, since_1904=reading.since_1904),
        fitted=fitted,
        name=file.stem,
        file=file,
        records=reading.rows,
        passed_over=tuple(sorted(reading.passed_over, key=lambda row: row.source_row)),
        blank=reading.blank,
        filtered=0,
        ragged=tuple(reading.ragged),
        totals=_totals(reading),
        encoding=reading.encoding,
        sha256=reading.sha256,
    )
