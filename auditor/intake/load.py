"""From a folder of exports to a store of canonical tables: read, map, check, set aside what cannot be used."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditor.core.data_place import DatabaseUrl, DataPlace
from auditor.core.progress import Progress
from auditor.core.result import HeldRow, InputFile, QuarantineEntry
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table, exported
from auditor.core.text import Text
from auditor.intake.checks.amounts import implausible
from auditor.intake.checks.collisions import collisions
from auditor.intake.checks.contract import broken
from auditor.intake.checks.missing import column_missing, left_unread
from auditor.intake.checks.months import missing_months
from auditor.intake.checks.precedence import ranks
from auditor.intake.checks.quarantine import faulty, headers_of, quarantined
from auditor.intake.checks.survey import emptiness, survey
from auditor.intake.checks.totals import totals_that_differ
from auditor.intake.columns.cast import STORED
from auditor.intake.columns.mapping import (
    EXTRA,
    EXTRA_TYPE,
    LEFT_OUT,
    SOURCE,
    canonical_rows,
)
from auditor.intake.columns.marks import marks_of, packed, unpacked
from auditor.intake.loaded import Loaded
from auditor.intake.profile.file import read_profile
from auditor.intake.profile.model import CANONICAL, Profile
from auditor.intake.readers.base import file_sha256
from auditor.intake.readers.server import connected
from auditor.intake.sources import find_sources
from auditor.intake.store.database import connect, delete_rows, drop_columns, drop_table, ibis, told_how_far
from auditor.intake.store.functions import Functions
from auditor.intake.store.staging import Staged, stage
from auditor.intake.store.steps import Steps
from auditor.intake.store.workdays import TABLE as WORKDAYS
from auditor.intake.store.workdays import write_workdays
from auditor.intake.tables import find_tables


def load(
    data: DataPlace,
    *,
    profile: Path | None,
    store: Path,
    progress: Progress,
    prefix: str = "",
    part_of_many: bool = False,
) -> Loaded:
    """Reads the exports in `data` (a folder, one file, or a server's database) into a new DuckDB file at `store`.

    Without a profile, a `profile.yaml` in the folder is used; without that too, files must be canonical. `prefix`
    stands before the names of files; a folder that is `part_of_many` may lack files, and may be empty. Raises
    InputError, ProfileError or OutputError with all problems, and leaves no store behind then.
    """
    server = connected(data) if isinstance(data, DatabaseUrl) else nullcontext()
    beside = data / "profile.yaml" if isinstance(data, Path) else None
    meant = described(profile or (beside if beside is not None and beside.is_file() else None))
    with server as tables, _new_store(store) as con, TemporaryDirectory(prefix="reading-", dir=store.parent) as scratch:
        if isinstance(data, Path):
            sources, unread = find_sources(data, meant, prefix=prefix, part_of_many=part_of_many, scratch=Path(scratch))
        elif tables is not None:
            sources, unread = find_tables(tables, meant)
        else:
            raise TypeError(type(data).__name__)
        staged, lacking = stage(con, sources, meant, Path(scratch), progress)
        functions = Functions(con)
        columns: dict[str, frozenset[str]] = {}
        rows: dict[str, int] = {}
        inputs: list[InputFile] = []
        archives: dict[Path, str] = {}
        days_only: set[str] = set()
        quarantine: list[QuarantineEntry] = []
        contract = [column_missing(lack) for lack in lacking]
        held: list[HeldRow] = []
        own_workdays: dict[date, bool] = {}
        for table in exported().values():
            mine = [each for each in staged if each.source.table == table.name]
            if not mine:
                continue
            rows_read = sum(each.read for each in mine)
            progress.start(Text(zh=f"核对{table.label.zh}", en=f"checking {table.label.en}"), rows_read)
            candidates, provided = _candidates(con, functions, mine, table, meant, progress)
            mine = [_filtered(con, candidates, each, number) for number, each in enumerate(mine)]
            order = ranks([each.source for each in mine])
            faults = broken(candidates, table, provided, order, _lacking(mine), size=rows_read)
            entries, as_they_stand = quarantined(con, candidates, faults, mine, table)
            days, findings = survey(con, candidates, mine, table)
            findings += implausible(con, candidates, mine, table)
            findings += totals_that_differ(con, mine, table)
            findings += collisions(con, candidates, faults, mine, table)
            loaded = _keep(con, candidates, faults, table)
            inputs += [_input(each, loaded, entries, archives) for each in mine]
            for each in mine:
                each.release()
            columns[table.name], rows[table.name] = provided, sum(loaded.values())
            days_only |= days
            quarantine += entries
            held += as_they_stand
            contract += [*emptiness(table, rows[table.name], mine), *findings]
            if table.name == WORKDAYS:
                own_workdays = _own_workdays(con)
                drop_table(con, WORKDAYS)
            progress.finish()
        write_workdays(con, own_workdays)
        if not part_of_many:
            # Of many extracts, one holds the rows of one month and a few strays: only together they have months.
            contract += missing_months(con, [table for table in exported().values() if rows.get(table.name)])
    return Loaded(
        columns=columns,
        rows=rows,
        date_precision=frozenset(days_only),
        inputs=tuple(inputs),
        unread=tuple(sorted((*unread, *left_unread(lacking)), key=lambda entry: entry.file)),
        quarantine=tuple(quarantine),
        contract=tuple(contract),
        held=tuple(held),
    )


def described(profile: Path | None) -> Profile:
    """What the profile in a file says; without one, files are named and headed as the data model names them."""
    return CANONICAL if profile is None else read_profile(profile)


@contextmanager
def _new_store(store: Path) -> Generator[Any]:
    con = connect(store)
    try:
        yield con
    except BaseException:
        con.disconnect()
        store.unlink(missing_ok=True)
        store.with_name(f"{store.name}.wal").unlink(missing_ok=True)
        raise
    con.disconnect()


def _candidates(
    con: Any, functions: Functions, mine: Sequence[Staged], table: Table, profile: Profile, progress: Progress
) -> tuple[Any, frozenset[str]]:
    """All rows of a table's sources, typed, under the table's name; and the canonical columns that some source has.

    The rows are written once, where they are to stay: what cannot be used is taken out again (`_keep`), which costs
    next to nothing, while a second writing costs as much as the first.
    """
    steps = [Steps(con, functions) for _ in mine]
    parts = [
        canonical_rows(step, each.name, each.fitted, each.source, number, profile.blank)
        for number, (step, each) in enumerate(zip(steps, mine, strict=True))
    ]
    present = {name for part in parts for name in part.columns}
    order = [name for name in (*table.columns, EXTRA, SOURCE_FILE, SOURCE_ROW, SOURCE, LEFT_OUT) if name in present]
    marks = [mark for column in table.columns for mark in marks_of(column) if mark in present]
    aligned = [
        part.select(**{name: _column(part, name, table) for name in order}, **packed(part, marks)) for part in parts
    ]
    con.create_table(table.name, schema=aligned[0].schema())
    for each, step, part in zip(mine, steps, aligned, strict=True):
        # One after the other: a union promises no order.
        with told_how_far(con, each.read, progress):
            step.insert(table.name, part)
    if LEFT_OUT in present:
        every = con.table(table.name)
        delete_rows(con, table.name, every.filter(every[LEFT_OUT]).select(SOURCE, SOURCE_ROW), (SOURCE, SOURCE_ROW))
        drop_columns(con, table.name, [LEFT_OUT])
    return unpacked(con.table(table.name), marks), frozenset(name for name in table.columns if name in present)


def _lacking(mine: Sequence[Staged]) -> Mapping[str, Sequence[int]]:
    """The required columns that some of the sources lack by their profile entry, with the numbers of these."""
    found: dict[str, list[int]] = {}
    for number, each in enumerate(mine):
        for name in () if each.source.mapping is None else each.source.mapping.lacks:
            found.setdefault(name, []).append(number)
    return found


def _filtered(con: Any, candidates: Any, staged: Staged, number: int) -> Staged:
    """The source with the count of rows that the profile's filter left out."""
    if staged.source.mapping is None or staged.source.mapping.where is None:
        return staged
    kept = con.to_pyarrow(candidates.filter(candidates[SOURCE] == number).count()).as_py()
    return replace(staged, filtered=con.to_pyarrow(con.table(staged.name).count()).as_py() - kept)


def _column(part: Any, name: str, table: Table) -> Any:
    if name in part.columns:
        return part[name]
    if name in table.columns:
        return ibis.null(STORED[table.columns[name].type])
    return ibis.null(EXTRA_TYPE) if name == EXTRA else ibis.literal(False)


def _keep(con: Any, candidates: Any, faults: Sequence[tuple[Any, Any]], table: Table) -> Mapping[str, int]:
    """Takes out what breaks a promise, and the columns that told so; how many rows are left of each source."""
    if faults:
        delete_rows(con, table.name, faulty(candidates, faults), (SOURCE, SOURCE_ROW))
    kept = {*table.columns, EXTRA, SOURCE_FILE, SOURCE_ROW}
    drop_columns(con, table.name, [name for name in con.table(table.name).columns if name not in kept])
    counted = con.table(table.name).group_by(SOURCE_FILE).aggregate(n=ibis._.count())
    return {row[SOURCE_FILE]: row["n"] for row in con.to_pyarrow(counted).to_pylist()}


def _own_workdays(con: Any) -> dict[date, bool]:
    return {row["day"]: row["is_workday"] for row in con.to_pyarrow(con.table(WORKDAYS)).to_pylist()}


def _input(
    staged: Staged, loaded: Mapping[str, int], entries: Sequence[QuarantineEntry], archives: dict[Path, str]
) -> InputFile:
    """The account of a source; `archives` holds the hashes of archives, each of which is taken once."""
    archive = staged.source.archive
    if archive is not None and archive not in archives:
        archives[archive] = file_sha256(archive)
    name = staged.source.name
    rows = Counter({entry.source_row: 1 for entry in entries if entry.source_file == name})
    return InputFile(
        file=name,
        sha256=staged.sha256,
        archive_sha256=None if archive is None else archives[archive],
        table_name=staged.source.table,
        format=staged.source.format.name,
        encoding=staged.encoding,
        read=staged.read,
        loaded=loaded.get(name, 0),
        quarantined=len(rows),
        rows=staged.records,
        passed_over=staged.passed_over,
        blank=staged.blank,
        filtered=staged.filtered,
        headers=headers_of(staged),
    )
