"""Files brought into the store as they are: all text, row by row, batch by batch, before anything is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.core.errors import AuditorError, InputError, ProfileError
from auditor.core.problem import Problem
from auditor.core.progress import Progress
from auditor.core.schema import SOURCE_ROW
from auditor.core.text import Text
from auditor.intake.columns.mapping import Fitted, fit
from auditor.intake.profile.model import Profile
from auditor.intake.readers.base import Ragged, Reading, pa
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.parquet import ParquetReading
from auditor.intake.readers.workbook import XlsxReading
from auditor.intake.sources import Source
from auditor.intake.store.database import ibis

_AT_ONCE = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A source whose rows stand as text in the temporary table `name`; `rows` counts them, ragged records apart."""

    source: Source
    fitted: Fitted
    name: str
    rows: int
    ragged: tuple[Ragged, ...]
    encoding: str | None
    sha256: str

    @property
    def read(self) -> int:
        return self.rows + len(self.ragged)


def stage(con: Any, sources: tuple[Source, ...], profile: Profile, progress: Progress) -> tuple[Staged, ...]:
    """All sources, staged; raises one error with every problem of every file, after a look at each."""
    staged: list[Staged] = []
    problems: list[Problem] = []
    of_profile = False
    for number, source in enumerate(sources):
        try:
            reading = open_reading(source, profile)
            fitted = fit(source, reading.headers, reading.header_row)
            # With one file unusable there will be no audit: of the rest, only the heads are still looked at.
            if not problems:
                staged.append(_stage(con, reading, source, fitted, f"_text_{number}", progress))
        except AuditorError as error:
            problems += error.problems
            of_profile = of_profile or isinstance(error, ProfileError)
    if problems:
        raise ProfileError(problems) if of_profile else InputError(problems)
    return tuple(staged)


def open_reading(source: Source, profile: Profile) -> Reading:
    """The reader for the source's format; raises InputError where the file cannot be opened as such."""
    header_row = 1 if source.mapping is None else source.mapping.header_row
    match source.format:
        case "csv":
            return CsvReading(source.path, source.name, header_row=header_row, told=profile.encoding)
        case "xlsx":
            return XlsxReading(source.path, source.name, source.sheet or "", header_row=header_row)
        case "parquet":
            return ParquetReading(source.path, source.name)
        case other:
            raise ValueError(f"no reader for {other}")


def _gathered(reading: Reading) -> Iterator[list[Any]]:
    """Batches with rows, as many at a time as are worth an insertion, whose preparing takes longer than a small one."""
    gathered: list[Any] = []
    size = 0
    for batch in reading.batches():
        if batch.num_rows:
            gathered.append(batch)
            size += batch.nbytes
        if size >= _AT_ONCE:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _stage(con: Any, reading: Reading, source: Source, fitted: Fitted, name: str, progress: Progress) -> Staged:
    columns = {f"c{place}": "string" for place in range(len(reading.headers))}
    con.create_table(name, schema=ibis.schema({**columns, SOURCE_ROW: "int64"}), temp=True)
    progress.start(Text(zh=f"读取 {source.name}", en=f"reading {source.name}"))
    rows = 0
    try:
        for batches in _gathered(reading):
            con.insert(name, pa.Table.from_batches(batches))
            fresh = sum(batch.num_rows for batch in batches)
            rows += fresh
            progress.advance(fresh)
    finally:
        progress.finish()
    return Staged(
        source=source,
        fitted=fitted,
        name=name,
        rows=rows,
        ragged=tuple(reading.ragged),
        encoding=reading.encoding,
        sha256=reading.sha256,
    )
