"""A project's data for one audit: each extract read once and kept, and the store of them all put together."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.core.errors import ProfileError
from auditor.core.problem import Problem, did_you_mean
from auditor.core.progress import Progress
from auditor.core.result import ContractFinding
from auditor.core.schema import Table, exported
from auditor.core.text import Text
from auditor.intake.load import described, load
from auditor.intake.loaded import Loaded
from auditor.intake.profile.model import Profile
from auditor.intake.project.combine import Part, combine
from auditor.intake.project.extracts import Extract, extracts_of
from auditor.intake.project.kept import FOLDER, Kept
from auditor.intake.sources import files_of, matches

_OTHERS = 2
"""A table that so many other extracts have, and more than half of them, is missed where it is not there."""


def load_project(project: Path, *, profile: Path | None, scratch: ExitStack, progress: Progress) -> tuple[Path, Loaded]:
    """The store of all extracts of a project, and what is in it; every extract that is as it was is not read again.

    Stores are kept in the project's own folder; where that cannot be written, in a temporary one that `scratch` takes
    along when it closes. Raises InputError, ProfileError or OutputError with all problems.
    """
    extracts = extracts_of(project)
    kept = Kept(_home(project, scratch))
    profiles = {extract: _profile(project, extract, profile) for extract in extracts}
    parts: list[Part] = []
    keys: list[str] = []
    for extract in extracts:
        told = profiles[extract]
        files = files_of(extract.folder)
        written = "" if told is None else told.read_text(encoding="utf-8")
        key = kept.key((extract.label, written), files)

        def read(store: Path, extract: Extract = extract, told: Path | None = told) -> Loaded:
            return load(
                extract.folder, profile=told, store=store, progress=progress, prefix=extract.prefix, part_of_many=True
            )

        store, loaded, _ = kept.store(key, read)
        parts.append(Part(extract=extract, store=store, loaded=loaded))
        keys.append(key)
    _refuse_unmatched(parts, {part.extract: described(profiles[part.extract]) for part in parts})
    whole, loaded, _ = kept.store(kept.key(keys, {}), lambda store: combine(parts, store))
    kept.prune()
    return whole, replace(loaded, contract=(*_lacking(parts), *loaded.contract))


def _home(project: Path, scratch: ExitStack) -> Path:
    home = project / FOLDER
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        (home / ".gitignore").touch()
    except OSError:
        # A project on a medium that cannot be written is read anew each time.
        return Path(scratch.enter_context(TemporaryDirectory(prefix="auditor-"))) / FOLDER
    return home


def _profile(project: Path, extract: Extract, asked: Path | None) -> Path | None:
    """An extract's own profile, the one that was asked for, or the project's."""
    for path in (extract.folder / "profile.yaml", asked, project / "profile.yaml"):
        if path is not None and (path is asked or path.is_file()):
            return path
    return None


def _refuse_unmatched(parts: Sequence[Part], profiles: dict[Extract, Profile]) -> None:
    """Raises ProfileError for every pattern of a profile that no file of any extract matches."""
    names = {
        name.removeprefix(part.extract.prefix)
        for part in parts
        for name in (*(file.file for file in part.loaded.inputs), *(entry.file for entry in part.loaded.unread))
    }
    problems = {
        pattern.location: Problem(
            f"no file of any extract matches {pattern.file!r}", pattern.location, did_you_mean(pattern.file, names)
        )
        for profile in profiles.values()
        for mapping in profile.tables
        for pattern in mapping.files
        if not mapping.optional and not any(matches(name.partition("#")[0], pattern.file) for name in names)
    }
    if problems:
        raise ProfileError(list(problems.values()))


def _lacking(parts: Sequence[Part]) -> list[ContractFinding]:
    """What an extract of a period does not have though most others do: a table of dated rows, or a column."""
    dated = [part for part in parts if part.extract.label]
    findings: list[ContractFinding] = []
    for table in exported().values():
        has = [table.name in part.loaded.columns for part in dated]
        columns = Counter(column for part in dated for column in part.loaded.columns.get(table.name, ()))
        for part, present in zip(dated, has, strict=True):
            others = sum(has) - present
            missed = others >= _OTHERS and 2 * others > len(dated) - 1
            if not present and missed and table.at:
                findings.append(_no_table(table, part.extract, others, len(dated) - 1))
            if present and missed:
                mine = part.loaded.columns[table.name]
                gone = [name for name in table.columns if name not in mine and 2 * columns[name] > others]
                findings += [_no_columns(table, part.extract, gone)] if gone else []
    return findings


def _no_table(table: Table, extract: Extract, others: int, of: int) -> ContractFinding:
    return ContractFinding(
        table_name=table.name,
        check="extract_lacks_table",
        text=Text(
            zh=f"{extract.label} 的数据中没有{table.label.zh}，其余 {of} 期中有 {others} 期提供，请补交或确认",
            en=f"the extract {extract.label} has no {table.label.en}; {others} of the {of} others do: ask for it",
        ),
        rows=(extract.prefix,),
    )


def _no_columns(table: Table, extract: Extract, gone: Sequence[str]) -> ContractFinding:
    zh = "、".join(table.columns[name].zh for name in gone)
    en = ", ".join(table.columns[name].label.en for name in gone)
    return ContractFinding(
        table_name=table.name,
        check="extract_lacks_columns",
        text=Text(
            zh=f"{extract.label} 的{table.label.zh}没有以下字段，多数其他各期均有：{zh}",
            en=f"in the extract {extract.label}, {table.label.en} lack columns that most others have: {en}",
        ),
        rows=(extract.prefix,),
    )
