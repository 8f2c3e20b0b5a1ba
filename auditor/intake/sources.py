"""What lies in the data folder: which files are read for which table, and which are not read, and why.

A folder inside that brings its own `auditor.yaml` or `profile.yaml` is a data set of its own. Nothing is passed over in
silence: every file is either a source or listed with a reason.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from auditor.core.errors import InputError, ProfileError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.result import Unread
from auditor.core.schema import exported
from auditor.core.text import Text
from auditor.intake.profile.model import FilePattern, Profile, TableMapping
from auditor.intake.readers.archive import SUFFIXES, is_archive, unpack
from auditor.intake.readers.database_file import JOURNALS, is_database
from auditor.intake.readers.formats import Format, format_of, formats

OWN_FILES = ("auditor.yaml", "profile.yaml")
EXTRACTS = "extracts"
"""The folder in which a project keeps its extracts, by period (`auditor.intake.project`)."""

_NO_TABLE = Text(
    zh="文件名不是规范表名，对接配置也未提到它",
    en="its name is not a canonical table's, and no profile entry claims it",
)
_NOT_CLAIMED = Text(zh="对接配置未提到此工作表", en="no profile entry claims this sheet")
_FURTHER_SHEET = Text(zh="只读取第一个工作表", en="only the first sheet is read")
TABLE_NOT_CLAIMED = Text(zh="对接配置未提到此表", en="no profile entry claims this table")
NO_SUCH_TABLE = Text(
    zh="表名不是规范表名，对接配置也未提到它",
    en="its name is not a canonical table's, and no profile entry claims it",
)
_NO_DATABASE = Text(zh="不是 DuckDB 或 SQLite 数据库", en="not a database of DuckDB or SQLite")
_BESIDE = Text(zh="属于旁边的数据库文件", en="belongs to the database beside it")
_OWN_SET = Text(zh="子目录自带配置，是另一份数据", en="a folder with its own configuration is a data set of its own")
_EMPTY = Text(zh="压缩包内没有文件", en="an archive that holds no file")
_TEMPORARY = Text(zh="办公软件的临时文件", en="a temporary file of an office program")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or a `part` of a container, to be read for a table; `file` is its path relative to the data folder.

    `mapping` is None for a canonical file.
    """

    path: Path
    file: str
    format: Format
    table: str
    part: str | None
    mapping: TableMapping | None
    archive: Path | None = None
    """The archive of which the file is a member."""
    since_1904: bool = False
    """Whether it is a workbook that counts its days from 1904; known once it has been opened."""

    @property
    def name(self) -> str:
        """What it is called in every message: the file, with `#part`."""
        return self.file if self.part is None else f"{self.file}#{self.part}"


def find_sources(
    data: Path, profile: Profile, *, prefix: str = "", part_of_many: bool = False, scratch: Path | None = None
) -> tuple[tuple[Source, ...], tuple[Unread, ...]]:
    """All sources in the order of the data model, then by name; raises InputError with every file that is missing.

    `prefix` stands before the name of every file. A folder that is `part_of_many` need not hold every file that the
    profile names, nor any. Archives are unpacked into `scratch`, which must last as long as the sources; without one
    they are not read.
    """
    if not data.exists():
        raise InputError(Problem("there is no such folder or file", Location(str(data))))
    files, unread = _files(data)
    archives = {f"{name}/": path for name, path in files.items() if is_archive(name)}
    problems: list[Problem] = []
    if scratch is not None:
        files = _unpacked(files, profile, scratch, problems, unread)
    sources: list[Source] = []
    for mapping in profile.tables:
        for pattern in mapping.files:
            sources += _claimed(pattern, mapping, files, problems, optional=part_of_many or mapping.optional)
    taken = {source.file for source in sources}
    for name, path in files.items():
        table = canonical_table(PurePosixPath(name).stem)
        if name in taken:
            continue
        if _is_database(name):
            sources += _canonical_parts(name, path, table, problems)
        elif table and format_of(name):
            sources += _canonical(name, path, table, problems)
    if problems:
        raise InputError(problems)
    sources = once(sources)
    unread += [entry for name, path in files.items() for entry in _unread(name, path, sources)]
    if not sources and not part_of_many:
        raise InputError(
            Problem(
                "holds nothing that can be audited",
                Location(str(data)),
                f"name files as the tables are named ({', '.join(list(exported())[:3])}, …) or give a profile",
            )
        )
    order = {table: place for place, table in enumerate(exported())}
    return (
        tuple(
            replace(source, file=prefix + source.file, archive=_archive_of(source, archives))
            for source in sorted(sources, key=lambda source: (order[source.table], source.name))
        ),
        tuple(replace(entry, file=prefix + entry.file) for entry in sorted(unread, key=lambda entry: entry.file)),
    )


def canonical_table(stem: str) -> str | None:
    """The table that a file's stem names: the name itself, or the name, one of `.-_` and anything."""
    named = [
        table for table in exported() if stem == table or stem.startswith(tuple(f"{table}{mark}" for mark in ".-_"))
    ]
    return max(named, key=len, default=None)


def part_table(part: str) -> str | None:
    """The table that a part of a database is called as, whatever its schema; its name must be the table's alone, since
    databases keep copies under longer ones (`cases_bak`)."""
    name = part.rpartition(".")[2]
    return name if name in exported() else None


def files_of(data: Path) -> Mapping[str, Path]:
    """Every file of a folder that may be read, by its path relative to the folder; a file's own name for a file."""
    return _files(data)[0]


def _files(data: Path) -> tuple[dict[str, Path], list[Unread]]:
    if data.is_file():
        return {data.name: data}, []
    found: dict[str, Path] = {}
    unread: list[Unread] = []
    for folder, folders, names in os.walk(data):
        here = Path(folder)
        if here == data and EXTRACTS in folders:
            # Each of them is read as a folder of its own.
            folders.remove(EXTRACTS)
        for inner in sorted(folders):
            if any((here / inner / own).exists() for own in OWN_FILES):
                folders.remove(inner)
                unread.append(Unread(file=f"{(here / inner).relative_to(data).as_posix()}/", reason=_OWN_SET))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and not (here == data and name in OWN_FILES):
                found[(here / name).relative_to(data).as_posix()] = here / name
    return dict(sorted(found.items())), unread


def _unpacked(
    files: dict[str, Path], profile: Profile, scratch: Path, problems: list[Problem], unread: list[Unread]
) -> dict[str, Path]:
    """The files, in place of every archive what it holds."""
    patterns = [pattern.file for mapping in profile.tables for pattern in mapping.files]

    def wanted(name: str) -> bool:
        canonical = canonical_table(PurePosixPath(name).stem) or _is_database(name)
        claimed = canonical or any(matches(name, pattern) for pattern in patterns)
        return bool(claimed) and format_of(name) is not None

    found: dict[str, Path] = {}
    for name, path in files.items():
        if not is_archive(name):
            found[name] = path
            continue
        try:
            members = unpack(path, name, scratch, wanted)
        except InputError as error:
            problems.extend(error.problems)
            continue
        found |= members
        if not members:
            unread.append(Unread(file=name, reason=_EMPTY))
    return found


def _claimed(
    pattern: FilePattern, mapping: TableMapping, files: dict[str, Path], problems: list[Problem], *, optional: bool
) -> list[Source]:
    names = [name for name in files if matches(name, pattern.file) and format_of(name)]
    if not names and not optional:
        problems.append(
            Problem(f"no file matches {pattern.file!r}", pattern.location, did_you_mean(pattern.file, files))
        )
    sources: list[Source] = []
    for name in names:
        parts = _parts(name, files[name], pattern, problems)
        sources += [_source(name, files[name], mapping.table, part, mapping) for part in parts]
    return sources


def _canonical(name: str, path: Path, table: str, problems: list[Problem]) -> list[Source]:
    try:
        parts = _all_parts(name, path)
    except InputError as error:
        problems.extend(error.problems)
        return []
    return [_source(name, path, table, parts[0] if parts else None, None)]


def _canonical_parts(name: str, path: Path, table: str | None, problems: list[Problem]) -> list[Source]:
    """Each table of a database that is called as a canonical one; a single table may be called as the file is."""
    if not _may_be_database(name, path):
        return []
    try:
        parts = _all_parts(name, path)
    except InputError as error:
        problems.extend(error.problems)
        return []
    found = [_source(name, path, meant, part, None) for part in parts if (meant := part_table(part))]
    if not found and table and len(parts) == 1:
        return [_source(name, path, table, parts[0], None)]
    return found


def _is_database(name: str) -> bool:
    """Whether its name says that it is one, or may be."""
    form = format_of(name)
    return form is not None and form.database


def _may_be_database(name: str, path: Path) -> bool:
    """False for what many programs call `.db` (`Thumbs.db`) and is none."""
    return PurePosixPath(name).suffix.lower() != ".db" or not path.stat().st_size or is_database(path)


def _all_parts(name: str, path: Path) -> tuple[str, ...]:
    """The parts of a container; none for a file that has none."""
    form = format_of(name)
    return form.parts(path, name) if form is not None and form.parts is not None else ()


def _others(name: str, path: Path) -> dict[str, Text]:
    """What a container holds beside its parts, each with the reason why it is not read; `""` for the file itself."""
    form = format_of(name)
    return dict(form.others(path, name)) if form is not None and form.others is not None else {}


def _parts(name: str, path: Path, pattern: FilePattern, problems: list[Problem]) -> Sequence[str | None]:
    try:
        parts = _all_parts(name, path)
    except InputError as error:
        problems.extend(error.problems)
        return []
    if not parts:
        return [None]
    if pattern.part is None:
        return parts[:1]
    wanted = [part for part in parts if part == pattern.part or fnmatchcase(part, pattern.part)]
    if not wanted:
        problems.append(
            Problem(
                f"{name} has no {'table' if _is_database(name) else 'sheet'} {pattern.part!r}",
                pattern.location,
                did_you_mean(pattern.part, parts),
            )
        )
    return wanted


def _archive_of(source: Source, archives: Mapping[str, Path]) -> Path | None:
    return next((path for name, path in archives.items() if source.file.startswith(name)), None)


def _source(name: str, path: Path, table: str, part: str | None, mapping: TableMapping | None) -> Source:
    form = format_of(name)
    if form is None:
        raise ValueError(f"{name} has no format")
    return Source(path=path, file=name, format=form, table=table, part=part, mapping=mapping)


def once(sources: list[Source]) -> list[Source]:
    """Raises ProfileError where two entries claim one file or sheet for the same table."""
    seen: dict[tuple[str, str], Source] = {}
    problems: list[Problem] = []
    for source in sources:
        earlier = seen.setdefault((source.table, source.name), source)
        if earlier is not source and source.mapping is not None:
            problems.append(
                Problem(f"{source.name} is claimed twice for the table {source.table}", source.mapping.location)
            )
    if problems:
        raise ProfileError(problems)
    return sources


def _unread(name: str, path: Path, sources: Sequence[Source]) -> list[Unread]:
    read = {source.name for source in sources}
    if name in read:
        return []
    mine = [source for source in sources if source.path == path]
    database = _is_database(name)
    if database and not _may_be_database(name, path):
        return [Unread(file=name, reason=_NO_DATABASE)]
    if mine or database:
        reason = _NOT_CLAIMED if mine and mine[0].mapping else _FURTHER_SHEET
        if database:
            reason = TABLE_NOT_CLAIMED if mine and mine[0].mapping else NO_SUCH_TABLE
        parts = dict.fromkeys(_all_parts(name, path), reason)
        return [
            Unread(file=f"{name}#{part}" if part else name, reason=why)
            for part, why in (parts | _others(name, path)).items()
            if f"{name}#{part}" not in read
        ]
    if name.endswith(JOURNALS) and any(_is_database(name.removesuffix(end)) for end in JOURNALS):
        return [Unread(file=name, reason=_BESIDE)]
    temporary = PurePosixPath(name).name.startswith("~$")
    return [Unread(file=name, reason=_TEMPORARY if temporary else _NO_TABLE if format_of(name) else _no_format())]


def _no_format() -> Text:
    known = sorted({suffix.removeprefix(".") for suffix in (*formats(), *SUFFIXES)})
    return Text(zh=f"不是可读的格式（{'、'.join(known)}）", en=f"not a format that is read ({', '.join(known)})")


def matches(name: str, pattern: str) -> bool:
    """Whether a file, by its path in the data folder, is one that a profile's pattern means.

    An empty pattern (`#vio_force`) means every database. A member of an archive is also meant by its own name, alone or
    in the archive's place, and by the archive's.
    """
    if not pattern:
        return _is_database(name)
    names = [PurePosixPath(name)]
    archive = next((outer for outer in reversed(names[0].parents) if is_archive(outer.name)), None)
    if archive is not None:
        names += [archive, archive / names[0].name, archive.parent / names[0].name]
    return name == pattern or any(_fits(each.parts, PurePosixPath(pattern).parts) for each in names)


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(parts) == len(wanted) and all(fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=True))
