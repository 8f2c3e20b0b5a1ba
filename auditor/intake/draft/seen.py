"""What a file is, found by reading it once: every record is counted, and a bounded sample of them kept.

The first records and a spread over the rest are kept; a file of no more than `ENOUGH` records is kept whole, and then
nothing said of it is a guess.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditor.core.errors import AuditorError, InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.progress import Progress
from auditor.core.result import PassedOver, Unread
from auditor.core.text import Text
from auditor.intake.draft.content import Content, look_at
from auditor.intake.draft.names import Names
from auditor.intake.readers.archive import SUFFIXES, is_archive, unpack
from auditor.intake.readers.base import Reading, pa, pc
from auditor.intake.readers.formats import Asked, Format, format_of, formats
from auditor.intake.readers.heading import Told
from auditor.intake.sources import files_of

ENOUGH = 20_000
"""So many records of a file are looked into for types and words."""
_FIRST = 5_000
_COMMON = "gb2312"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file, or a part of a container, that could be read. `rows` are its records without what is `passed_over` and
    the `blank` ones; `sampled` of them were looked into. `encoding_sure` says how it was known."""

    path: Path
    file: str
    part: str | None
    parts: int
    format: str
    typed: bool
    encoding: str | None
    encoding_sure: Text | None
    delimiter: str | None
    header_row: int
    header_rows: int
    passed_over: tuple[PassedOver, ...]
    blank: int
    ragged: int
    rows: int
    sampled: int
    headers: tuple[str, ...]
    columns: tuple[Content, ...]
    blanks: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.file if self.part is None else f"{self.file}#{self.part}"

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(row.text for row in self.passed_over if row.kind == "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file or part that could not be read, and why."""

    name: str
    problems: tuple[Problem, ...]


Found = tuple[tuple[Seen, ...], tuple[Unreadable, ...], tuple[Unread, ...]]


def see(paths: Sequence[Path], names: Names, progress: Progress) -> Found:
    """Every file named and every file in a folder named, part by part, archives member by member: those read, those
    that could not be, and those of a folder that are in no format that is read."""
    with TemporaryDirectory(prefix="inspecting-") as scratch:
        return _see(paths, names, progress, Path(scratch))


def _see(paths: Sequence[Path], names: Names, progress: Progress, scratch: Path) -> Found:
    seen: list[Seen] = []
    failed: list[Unreadable] = []
    other: list[Unread] = []
    listed: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            problem = Problem("there is no such folder or file", Location(str(path)))
            failed.append(Unreadable(name=str(path), problems=(problem,)))
        elif path.is_dir():
            listed |= files_of(path)
        else:
            listed[path.name] = path
    told = Told(known=names.every_header())
    given = {path for path in paths if path.is_file()}
    for name, path in _unpacked(listed, scratch, failed).items():
        form = format_of(name)
        if form is None:
            if path in given:
                known = sorted(suffix.removeprefix(".") for suffix in (*formats(), *SUFFIXES))
                hint = did_you_mean(path.suffix, known) or f"read are {', '.join(known)}"
                failed.append(
                    Unreadable(name=name, problems=(Problem("no format that is read", Location(name), hint),))
                )
            else:
                other.append(Unread(file=name, reason=Text(zh="不是可读的格式", en="not a format that is read")))
            continue
        try:
            parts: Sequence[str | None] = form.parts(path, name) if form.parts is not None else (None,)
        except AuditorError as error:
            failed.append(Unreadable(name=name, problems=error.problems))
            continue
        for part in parts or (None,):
            called = name if part is None else f"{name}#{part}"
            try:
                asked = Asked(path=path, name=called, part=part, heading=told)
                seen.append(_one(form, asked, name, len(parts), names, progress))
            except AuditorError as error:
                failed.append(Unreadable(name=called, problems=error.problems))
    if not seen and not failed:
        where = ", ".join(str(path) for path in paths)
        raise InputError(Problem("holds no file of a format that is read", Location(where)))
    return tuple(seen), tuple(failed), tuple(other)


def _unpacked(files: Mapping[str, Path], scratch: Path, failed: list[Unreadable]) -> dict[str, Path]:
    """The files, in place of every archive what it holds."""
    found: dict[str, Path] = {}
    for name, path in files.items():
        if not is_archive(name):
            found[name] = path
            continue
        try:
            found |= unpack(path, name, scratch, lambda member: format_of(member) is not None)
        except InputError as error:
            failed.append(Unreadable(name=name, problems=error.problems))
    return found


def _one(form: Format, asked: Asked, file: str, parts: int, names: Names, progress: Progress) -> Seen:
    what = Text(zh=f"查看 {asked.name}", en=f"looking at {asked.name}")
    progress.start(what)
    try:
        reading = form.open(asked)
        progress.start(what, reading.expected)
        sample, given = _sampled(reading, progress)
    finally:
        progress.finish()
    silent = {"", *names.blank}
    columns: list[Content] = []
    blanks: set[str] = set()
    for place in range(len(reading.headers)):
        counts = _counts(sample, place)
        blanks |= silent.intersection(counts) - {""}
        columns.append(look_at({word: n for word, n in counts.items() if word not in silent}, sample.num_rows))
    return Seen(
        path=asked.path,
        file=file,
        part=asked.part,
        parts=parts,
        format=form.name,
        typed=form.typed,
        encoding=reading.encoding,
        encoding_sure=_sure(reading.encoding, reading.headers, columns),
        delimiter=getattr(reading, "delimiter", None) or getattr(reading, "_delimiter", None),
        header_row=reading.header_row,
        header_rows=max(
            1, sum(1 for row in reading.passed_over if row.kind == "header" and row.source_row <= reading.header_row)
        ),
        passed_over=tuple(sorted(reading.passed_over, key=lambda row: row.source_row)),
        blank=reading.blank,
        ragged=len(reading.ragged),
        rows=given + len(reading.ragged),
        sampled=sample.num_rows,
        headers=reading.headers,
        columns=tuple(columns),
        blanks=tuple(sorted(blanks)),
    )


def _sampled(reading: Reading, progress: Progress) -> tuple[Any, int]:
    """A table of at most `ENOUGH` records, and how many there are: all of the first, then every so many; the step
    doubles whenever the sample is full, so that memory stays bounded."""
    first: list[Any] = []
    spread: list[Any] = []
    kept = held = given = 0
    step = 1
    for batch in reading.batches():
        progress.advance(batch.num_rows)
        given += batch.num_rows
        if kept < _FIRST:
            head = batch.slice(0, _FIRST - kept)
            kept += head.num_rows
            first.append(head)
            batch = batch.slice(head.num_rows)
        spread.append(batch.take(pa.array(range(0, batch.num_rows, step), pa.int64())))
        held += spread[-1].num_rows
        while held > ENOUGH - _FIRST:
            whole = pa.Table.from_batches(spread)
            thin = whole.take(pa.array(range(0, whole.num_rows, 2), pa.int64())).combine_chunks()
            spread, held, step = thin.to_batches(), thin.num_rows, step * 2
    names = [f"c{place}" for place in range(len(reading.headers))]
    empty = pa.table({name: pa.array([], pa.string()) for name in names})
    batches = [*first, *spread]
    return (pa.Table.from_batches(batches).select(names) if batches else empty), given


def _counts(sample: Any, place: int) -> dict[str, int]:
    column = sample.column(place)
    return dict(_pairs(pc.value_counts(column.combine_chunks()))) if len(column) else {}


def _pairs(counted: Any) -> Iterator[tuple[str, int]]:
    values, counts = counted.flatten()
    for value, count in zip(values.to_pylist(), counts.to_pylist(), strict=True):
        yield value or "", count


def _sure(encoding: str | None, headers: Sequence[str], columns: Sequence[Content]) -> Text | None:
    """How the encoding is known: UTF-8 proves itself, of others the share of everyday characters tells."""
    if encoding is None:
        return None
    text = "".join([*headers, *(word for content in columns for word in list(content.words)[:200])])
    several = [char for char in text if char > "\x7f"]
    if not several:
        return Text(zh="确定：只有 ASCII 字符", en="sure: ASCII only")
    if encoding.startswith("utf"):
        return Text(zh="确定：全部字节符合", en="sure: every byte fits")
    common = sum(_is_common(char) for char in several) / len(several)
    if common >= 0.95:
        return Text(zh=f"基本确定：{common:.0%} 为常用字", en=f"nearly sure: {common:.0%} are everyday characters")
    return Text(zh=f"不确定：仅 {common:.0%} 为常用字", en=f"unsure: only {common:.0%} are everyday characters")


def _is_common(char: str) -> bool:
    try:
        char.encode(_COMMON)
    except UnicodeEncodeError:
        return False
    return True
