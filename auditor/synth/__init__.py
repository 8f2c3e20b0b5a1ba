"""A made-up agency with problems planted in it, to learn on and to test by: nothing in it belongs to anybody.

`make` writes the same county twice: in canonical files, and in a sub-folder `office` as its offices would export it.
`planted.json` says what was planted, for which rule, on which rows, and which innocent rows stand beside it.
"""

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

from auditor.core.errors import OutputError, UsageError
from auditor.core.problem import Problem
from auditor.core.progress import Progress
from auditor.core.text import Text
from auditor.synth import agency as county
from auditor.synth.plant import planted
from auditor.synth.planting import ITEMS, Planted
from auditor.synth.records import Row
from auditor.synth.registers.follow import Follower, Treasurer
from auditor.synth.registers.keeper import Keeper
from auditor.synth.registers.police import kept
from auditor.synth.spoil import Office
from auditor.synth.workdays import DAYS
from auditor.synth.write import Canonical
from auditor.synth.year import Year

MOST = 100_000_000
"""Cases that a county has at most: of the vehicles that planted ones use, there are not more."""

FEWEST = 400
"""Innocent cases that a county has at least, whatever its size: what is planted has to stand among others."""


def make(out: Path, *, cases: int, seed: int, progress: Progress) -> None:
    """Writes the county of this seed into a new folder.

    It has exactly `cases` cases, or, where that is fewer, as many as the planted ones and `FEWEST` innocent ones are.
    Raises UsageError for a size below 1 or above MOST, and OutputError where the folder holds something already or
    cannot be written; the folder appears whole or not at all.
    """
    if not 1 <= cases <= MOST:
        raise UsageError(Problem(f"--cases must be from 1 to {MOST:,}, not {cases:,}"))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(Problem(f"{out} exists and is not an empty folder", hint="name a new folder, or remove it"))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            part.chmod(0o755)
            _write(part, cases, seed, progress)
            part.replace(out)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(Problem(f"{out} cannot be written: {error.strerror or error}")) from error


def _write(folder: Path, cases: int, seed: int, progress: Progress) -> None:
    agency = county.found(seed)
    chapters = planted(agency, seed, cases)
    ordinary = max(cases - sum(len(chapter.cases) for chapter in chapters), FEWEST)
    year = Year(seed=seed, agency=agency, ordinary=ordinary, planted=chapters)
    forms = (Canonical(folder), Office(folder / "office"))

    def write(row: Row) -> None:
        for form in forms:
            form.write(row)

    progress.start(Text(zh="生成样例县", en="Making up a county"), len(DAYS))
    officers = [*agency.officers, *(officer for chapter in chapters for officer in chapter.officers)]
    for officer in sorted(officers, key=lambda officer: (officer.officer_id, officer.valid_from)):
        write(officer)
    cameras = [*agency.cameras, *(camera for chapter in chapters for camera in chapter.cameras)]
    for row in (*county.UNITS, *county.LOTS, *county.schedule(), *sorted(cameras, key=lambda c: c.camera_id)):
        write(row)
    for chapter in chapters:
        for row in (*chapter.standards, *chapter.standing):
            write(row)
    followed = (Follower(seed, agency, chapters, year.ids), Treasurer())
    keeper = Keeper((*kept(agency, seed, cases, chapters), *followed), chapters, year.ids)
    for day, rows in zip(DAYS, year.days(), strict=True):
        for row in (*rows, *keeper.of_day(day, rows)):
            write(row)
        progress.advance()
    for form in forms:
        form.close()
    entries = [*(entry for chapter in chapters for entry in chapter.entries), *keeper.entries]
    listing = json.dumps(_listing(entries, year.ids), ensure_ascii=False, indent=1)
    (folder / "planted.json").write_text(listing + "\n", encoding="utf-8", newline="\n")
    progress.finish()


def _listing(entries: list[Planted], ids: dict[str, str]) -> list[dict[str, object]]:
    """planted.json: rule by rule, problems before decoys."""
    order = list(ITEMS)
    entries.sort(key=lambda entry: (order.index(entry.rule), entry.kind == "decoy"))
    return [
        {
            "rule": entry.rule,
            "item": ITEMS[entry.rule],
            "kind": entry.kind,
            "table": entry.table,
            "key": {name: ids.get(value, value) for name, value in entry.key.items()},
            "ids": [ids.get(tag, tag) for tag in entry.tags],
            "why": entry.why,
        }
        for entry in entries
    ]


__all__ = ["make"]
