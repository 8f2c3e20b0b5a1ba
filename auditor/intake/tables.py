"""Which tables of a server's database are read: the counterpart of a data folder's files.

A profile's pattern is `database#table`; with nothing before the `#` it means whatever database the URL names. A table
is matched by its full name (`public.vio_force`), one of the schema `public` also without it. Without a profile, a table
that is called as a canonical one is read for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.result import Unread
from auditor.core.schema import exported
from auditor.intake.profile.model import FilePattern, Profile
from auditor.intake.readers.server import Server
from auditor.intake.sources import NO_SUCH_TABLE, TABLE_NOT_CLAIMED, Source, once, part_table


def find_tables(server: Server, profile: Profile) -> tuple[tuple[Source, ...], tuple[Unread, ...]]:
    """As `find_sources` for a folder; raises InputError with every pattern that no table matches."""
    parts = tuple(relation.part for relation in server.relations())
    one = Source(path=Path(server.name), file=server.name, format=server.format(), table="", part=None, mapping=None)
    problems: list[Problem] = []
    sources: list[Source] = []
    for mapping in profile.tables:
        for pattern in mapping.files:
            found = _matching(pattern, parts, server)
            if not found and not mapping.optional:
                said = f"no table of {server.name} matches {_written(pattern)!r}"
                problems.append(Problem(said, pattern.location, did_you_mean(pattern.part or pattern.file, parts)))
            sources += [replace(one, table=mapping.table, part=part, mapping=mapping) for part in found]
    if not profile.tables:
        sources = [replace(one, table=table, part=part) for part in parts if (table := part_table(part))]
    if problems:
        raise InputError(problems)
    if not sources:
        hint = "name a profile with --profile that says which tables are meant"
        raise InputError(Problem("holds nothing that can be audited", Location(server.name), hint))
    read = {source.part for source in once(sources)}
    reason = TABLE_NOT_CLAIMED if profile.tables else NO_SUCH_TABLE
    unread = tuple(Unread(file=f"{server.name}#{part}", reason=reason) for part in parts if part not in read)
    order = {table: place for place, table in enumerate(exported())}
    return tuple(sorted(sources, key=lambda source: (order[source.table], source.name))), unread


def _matching(pattern: FilePattern, parts: Sequence[str], server: Server) -> list[str]:
    if pattern.part is None or (pattern.file and not fnmatchcase(server.name, pattern.file)):
        return []
    short = f"{server.public}."
    return [
        part
        for part in parts
        if any(name == pattern.part or fnmatchcase(name, pattern.part) for name in (part, part.removeprefix(short)))
    ]


def _written(pattern: FilePattern) -> str:
    return pattern.file if pattern.part is None else f"{pattern.file}#{pattern.part}"
