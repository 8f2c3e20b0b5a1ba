"""Files brought into the store as they are: all text, row by row, batch by batch, before anything is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.core.errors import AuditorError, InputError, ProfileError
from auditor.core.problem import Problem
from auditor.core.progress import Progress
from auditor.core.result import PassedOver
from auditor.core.schema import SOURCE_ROW, exported
from auditor.core.text import Text
from auditor.intake.columns.mapping import Fitted, fit
from auditor.intake.profile.model import Profile
from auditor.intake.readers.base import Ragged, Reading, pa
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.heading import Told, header_key
from auditor.intake.sources import Source
from auditor.intake.store.database import ibis

_AT_ONCE = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A source whose rows stand as text in the temporary table `name`.

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
    encoding: str | None
    sha256: str

    @property
    def read(self) -> int:
        return self.records - len(self.passed_over) - self.blank - self.filtered


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
    """The source, opened by its format's reader; raises InputError where it cannot be opened as such."""
    mapping = source.mapping
    if mapping is None:
        heading = Told(known=frozenset(exported()[source.table].columns))
        return source.format.open(Asked(path=source.path, name=source.name, part=source.part, heading=heading))
    known = frozenset(header_key(header) for column in mapping.columns.values() for header in column.headers)
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
    try:
        for batches in _gathered(reading):
            con.insert(name, pa.Table.from_batches(batches))
            progress.advance(sum(batch.num_rows for batch in batches))
    finally:
        progress.finish()
    return Staged(
        source=source,
        fitted=fitted,
        name=name,
        records=reading.rows,
        passed_over=tuple(sorted(reading.passed_over, key=lambda row: row.source_row)),
        blank=reading.blank,
        filtered=0,
        ragged=tuple(reading.ragged),
        encoding=reading.encoding,
        sha256=reading.sha256,
    )
