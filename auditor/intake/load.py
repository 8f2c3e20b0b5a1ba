"""From a folder of exports to a store of canonical tables: read, map, check, set aside what cannot be used."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from auditor.core.progress import Progress
from auditor.core.result import ContractFinding, InputFile, QuarantineEntry
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Table, exported
from auditor.core.text import Text
from auditor.intake.checks.contract import broken
from auditor.intake.checks.quarantine import quarantined, sound
from auditor.intake.checks.survey import emptiness, survey
from auditor.intake.columns.cast import STORED
from auditor.intake.columns.mapping import EXTRA, EXTRA_TYPE, SOURCE, canonical_rows, unreadable
from auditor.intake.loaded import Loaded
from auditor.intake.profile.file import read_profile
from auditor.intake.profile.model import CANONICAL, Profile
from auditor.intake.sources import find_sources
from auditor.intake.store.database import connect, ibis
from auditor.intake.store.staging import Staged, stage
from auditor.intake.store.workdays import TABLE as WORKDAYS
from auditor.intake.store.workdays import write_workdays

_OWN_WORKDAYS = "_own_workdays"


def load(
    data: Path,
    *,
    profile: Path | None,
    store: Path,
    progress: Progress,
    prefix: str = "",
    part_of_many: bool = False,
) -> Loaded:
    """Reads the exports in `data` (a folder, or one file) into a new DuckDB file at `store`.

    Without a profile, a `profile.yaml` in the folder is used; without that too, files must be canonical. `prefix`
    stands before the names of files; a folder that is `part_of_many` may lack files, and may be empty. Raises
    InputError, ProfileError or OutputError with all problems, and leaves no store behind then.
    """
    beside = data / "profile.yaml"
    meant = described(profile or (beside if beside.is_file() else None))
    sources, unread = find_sources(data, meant, prefix=prefix, part_of_many=part_of_many)
    with _new_store(store) as con:
        staged = stage(con, sources, meant, progress)
        columns: dict[str, frozenset[str]] = {}
        rows: dict[str, int] = {}
        inputs: list[InputFile] = []
        days_only: set[str] = set()
        quarantine: list[QuarantineEntry] = []
        contract: list[ContractFinding] = []
        own_workdays: dict[date, bool] = {}
        for table in exported().values():
            mine = [each for each in staged if each.source.table == table.name]
            if not mine:
                continue
            progress.start(Text(zh=f"核对{table.label.zh}", en=f"checking {table.label.en}"))
            candidates, provided = _candidates(con, mine, table, meant)
            faults = broken(candidates, table, provided)
            entries = quarantined(con, candidates, faults, mine, table)
            loaded = _keep(con, candidates, faults, table)
            days, findings = survey(con, candidates, mine, table)
            for each in mine:
                inputs.append(_input(each, loaded, entries))
                con.truncate_table(each.name)
            con.truncate_table(f"_{table.name}")
            columns[table.name], rows[table.name] = provided, sum(loaded.values())
            days_only |= days
            quarantine += entries
            contract += [*emptiness(table, rows[table.name], mine), *findings]
            if table.name == WORKDAYS:
                own_workdays = _own_workdays(con)
            progress.finish()
        write_workdays(con, own_workdays)
    return Loaded(
        columns=columns,
        rows=rows,
        date_precision=frozenset(days_only),
        inputs=tuple(inputs),
        unread=unread,
        quarantine=tuple(quarantine),
        contract=tuple(contract),
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


def _candidates(con: Any, mine: Sequence[Staged], table: Table, profile: Profile) -> tuple[Any, frozenset[str]]:
    """All rows of a table's sources, typed, as a temporary table; and the canonical columns that some source has."""
    parts = [
        canonical_rows(con, each.name, each.fitted, each.source, number, profile.blank)
        for number, each in enumerate(mine)
    ]
    present = {name for part in parts for name in part.columns}
    order = [name for column in table.columns for name in (column, unreadable(column)) if name in present]
    order += [name for name in (EXTRA, SOURCE_FILE, SOURCE_ROW, SOURCE) if name in present]
    aligned = [part.select(**{name: _column(part, name, table) for name in order}) for part in parts]
    name = f"_{table.name}"
    con.create_table(name, aligned[0], temp=True)
    for part in aligned[1:]:
        # One after the other: a union promises no order.
        con.insert(name, part)
    return con.table(name), frozenset(name for name in table.columns if name in present)


def _column(part: Any, name: str, table: Table) -> Any:
    if name in part.columns:
        return part[name]
    if name in table.columns:
        return ibis.null(STORED[table.columns[name].type])
    return ibis.null(EXTRA_TYPE) if name == EXTRA else ibis.literal(False)


def _keep(con: Any, candidates: Any, faults: Sequence[tuple[Any, Any]], table: Table) -> Mapping[str, int]:
    """Writes the rows that keep every promise as the canonical table; how many there are of each source."""
    kept = sound(candidates, faults)
    if any(promise.fault == "id_duplicate" for promise, _ in faults):
        # A filter keeps the order of rows; one that looks ids up in a list does not promise it.
        kept = kept.order_by(SOURCE, SOURCE_ROW)
    names = [name for name in kept.columns if name in table.columns or name in (EXTRA, SOURCE_FILE, SOURCE_ROW)]
    own = table.name == WORKDAYS
    name = _OWN_WORKDAYS if own else table.name
    con.create_table(name, kept.select(names), temp=own)
    counted = con.to_pyarrow(con.table(name).group_by(SOURCE_FILE).aggregate(n=ibis._.count())).to_pylist()
    return {row[SOURCE_FILE]: row["n"] for row in counted}


def _own_workdays(con: Any) -> dict[date, bool]:
    return {row["day"]: row["is_workday"] for row in con.to_pyarrow(con.table(_OWN_WORKDAYS)).to_pylist()}


def _input(staged: Staged, loaded: Mapping[str, int], entries: Sequence[QuarantineEntry]) -> InputFile:
    name = staged.source.name
    rows = Counter({entry.source_row: 1 for entry in entries if entry.source_file == name})
    return InputFile(
        file=name,
        sha256=staged.sha256,
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
    )
