"""Whether intake withstands damaged exports: each is loaded with every row accounted for, or refused with a sentence.

    python bench/fuzz.py --files 100000 --seed 1 --jobs 2
    python bench/fuzz.py --files 100000 --seed 1 --start 31001
    python bench/fuzz.py --only 4711

Each seed makes one small export (`bench/exports.py`) and damages it up to four times (one in ten is left sound).
Most are read by the readers alone, one in `--load-every` goes through the whole of intake into a store. Counted are

    loaded      every record is given, ragged, passed over or blank, and none is two of these; of a text file besides,
                each value and each number of values is what the standard library's csv reader finds in the same record
    refused     an AuditorError with a sentence; never where the export is sound
    fault       anything else: another exception, a record lost or changed, 20 s of the processor or 300 s in all,
                a killed process, 1.5 GB

Every fault is printed at once, and every thousand files how far it is: all seeds before the one named there are done,
so that `--start` with it goes on from there. The exit code is 1 where there is a fault; `--only` repeats one by its
seed and keeps its file.
"""

import argparse
import csv
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

from auditor.core.errors import AuditorError
from auditor.core.progress import Silent
from auditor.intake import load
from auditor.intake.profile.model import CANONICAL
from auditor.intake.readers.base import Reading
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.heading import BLANKS, row_text
from auditor.intake.sources import find_sources
from auditor.intake.store.staging import open_reading
from bench.exports import made

SECONDS = 20
IN_ALL = 300
"""By the clock: other work on the machine is no fault of the file, and a process that waits for ever is."""
MEMORY = 3 << 29
AT_MOST = 8 << 30
"""A process is stopped by the system before it takes memory from others."""
EVERY = 1000


class LostError(Exception):
    """A record that is not accounted for, or that was changed."""


def attempt(seed: int, folder: Path, *, whole: bool) -> str:
    """`loaded` or `refused`; anything that is raised is a fault."""
    export, is_sound = made(seed)
    (data := folder / "data").mkdir()
    (data / export.name).write_bytes(export.content)
    try:
        rows = _load(data, folder) if whole else _read(data, folder)
    except AuditorError as error:
        if is_sound or not str(error).strip():
            raise
        return "refused"
    if is_sound and rows != export.rows:
        raise LostError(f"{rows} rows of {export.rows}")
    return "loaded"


def _load(data: Path, folder: Path) -> int:
    result = load(data, profile=None, store=folder / "store.duckdb", progress=Silent())
    for file in result.inputs:
        if sum(file.counts().values()) != file.rows:
            raise LostError(f"{file.counts()} of {file.rows}")
    return sum(file.read for file in result.inputs)


def _read(data: Path, folder: Path) -> int:
    (scratch := folder / "scratch").mkdir()
    sources, _ = find_sources(data, CANONICAL, scratch=scratch)
    read = 0
    for source in sources:
        reading = open_reading(source, CANONICAL)
        given = [row for batch in reading.batches() for row in _rows(batch)]
        _accounted(reading, [number for number, _ in given])
        if isinstance(reading, CsvReading):
            _same(reading, given, source.path.read_bytes())
        read += len(given) + len(reading.ragged)
    return read


def _rows(batch: Any) -> Iterator[tuple[int, list[str]]]:
    columns = [column.to_pylist() for column in batch.columns]
    return zip(columns[-1], map(list, zip(*columns[:-1], strict=True)), strict=True)


def _accounted(reading: Reading, given: list[int]) -> None:
    """No record is two of these; those that are none are the blank ones."""
    numbers = [*given, *(bad.row for bad in reading.ragged), *(row.source_row for row in reading.passed_over)]
    if given != sorted(given) or len(set(numbers)) < len(numbers):
        raise LostError("a record was given twice, or out of order")
    if numbers and not 1 <= min(numbers) <= max(numbers) <= reading.rows:
        raise LostError(f"record {max(numbers)} of {reading.rows}")


def _same(reading: CsvReading, given: list[tuple[int, list[str]]], content: bytes) -> None:
    """Against the standard library's reader of the same bytes."""
    codec = {"big5": "cp950", "utf-8": "utf-8-sig"}.get(reading.encoding or "", reading.encoding or "")
    text = content.decode(codec).lstrip("\ufeff")
    if '\ufeff"' in text:
        return  # The csv module takes a mark before a quote for a part of the value, Arrow for none.
    lines = io.StringIO(text, newline="")
    quoting = csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE
    records = list(
        csv.reader(lines, delimiter=reading.delimiter or ",", quotechar=reading.quote or None, quoting=quoting)
    )
    if len(records) != reading.rows:
        raise LostError(f"{reading.rows} records instead of {len(records)}")
    width = len(reading.headers)
    for number, cells in given:
        if cells != [cell.strip(BLANKS) for cell in records[number - 1]] and any(cells):
            raise LostError(f"record {number} is {cells!r:.300} instead of {records[number - 1]!r:.300}")
    for bad in reading.ragged:
        if len(records[bad.row - 1]) in (width, 0):
            raise LostError(f"record {bad.row} is not ragged")
    taken = {number for number, _ in given} | {bad.row for bad in reading.ragged}
    taken |= {row.source_row for row in reading.passed_over}
    for number, record in enumerate(records, start=1):
        if number not in taken and row_text(record):
            raise LostError(f"record {number} is not blank")


def _work(link: Connection, load_every: int) -> None:
    """A process of its own: seeds come in, outcomes go out."""
    resource.setrlimit(resource.RLIMIT_AS, (AT_MOST, AT_MOST))
    link.send(None)
    while True:
        seed = cast(int, link.recv())
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            try:
                said = attempt(seed, Path(folder), whole=load_every > 0 and seed % load_every == 0)
            except BaseException as error:  # noqa: BLE001 - a panic of a library is none of Exception
                place = traceback.extract_tb(error.__traceback__)[-1]
                said = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error!s:.400}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        link.send((seed, said if peak < MEMORY else f"{said}; {peak >> 20} MB", peak < MEMORY))


@dataclass(kw_only=True)
class Worker:
    process: Any
    link: Connection
    seed: int = -1
    since: float = 0.0
    used: float = 0.0

    def begin(self, seed: int) -> None:
        self.seed, self.since, self.used = seed, time.monotonic(), self._processor()
        if seed >= 0:
            self.link.send(seed)

    def is_late(self) -> bool:
        return self._processor() - self.used > SECONDS or time.monotonic() - self.since > IN_ALL

    def _processor(self) -> float:
        """The seconds of the processor that the process has used; none of one that has ended."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return self.used
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _worker(load_every: int) -> Worker:
    os.environ["RUST_BACKTRACE"] = "0"
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(there, load_every), daemon=True)
    process.start()
    there.close()
    here.recv()
    return Worker(process=process, link=cast(Connection, here))


def run(seeds: Sequence[int], *, jobs: int, load_every: int, seconds: float) -> tuple[Counter[str], dict[int, str]]:
    """Outcomes by kind, and the faults by seed; no more seeds are begun after so many seconds."""
    outcomes, faults = Counter[str](), dict[int, str]()
    left = iter(seeds)
    begun = time.monotonic()
    until = begun + seconds
    workers = [_worker(load_every) for _ in range(jobs)]

    def progress() -> None:
        done = sum(outcomes.values())
        if done % EVERY == 0:
            before = min((worker.seed for worker in workers if worker.seed >= 0), default=0)
            print(f"{done} files, {time.monotonic() - begun:.0f} s, {dict(outcomes)}; next: {before}", flush=True)

    def give(worker: Worker) -> None:
        seed = next(left, -1) if time.monotonic() < until else -1
        worker.begin(seed)

    def fault(worker: Worker, said: str) -> None:
        faults[worker.seed] = said
        outcomes["fault"] += 1
        print(f"seed {worker.seed}: {said}", flush=True)

    for worker in workers:
        give(worker)
    while busy := [worker for worker in workers if worker.seed >= 0]:
        ready = wait([worker.link for worker in busy], timeout=1)
        for worker in busy:
            stays = True
            if worker.link in ready:
                try:
                    _, said, stays = worker.link.recv()
                    if said in ("loaded", "refused"):
                        outcomes[said] += 1
                    else:
                        fault(worker, said)
                except EOFError:
                    fault(worker, "the process was killed")
                    stays = False
            elif worker.is_late():
                fault(worker, f"more than {SECONDS} s")
                stays = False
            else:
                continue
            if not stays:
                worker.process.kill()
                fresh = _worker(load_every)
                worker.process, worker.link = fresh.process, fresh.link
            give(worker)
            progress()
    for worker in workers:
        worker.process.kill()
    return outcomes, faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--start", type=int, help="go on from this seed; those of --files before it are done")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--load-every", type=int, default=50, help="one in so many goes into a store (0: none)")
    parser.add_argument("--only", type=int)
    asked = parser.parse_args()
    if asked.only is not None:
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        print(folder)
        print(attempt(asked.only, folder, whole=asked.load_every > 0 and asked.only % asked.load_every == 0))
        return 0
    begun = time.monotonic()
    seeds = range(max(asked.seed, asked.start or 0), asked.seed + asked.files)
    outcomes, faults = run(seeds, jobs=asked.jobs, load_every=asked.load_every, seconds=asked.seconds)
    total = sum(outcomes.values())
    print(f"{total} files in {time.monotonic() - begun:.0f} s: {dict(outcomes)}; faults: {sorted(faults)[:50]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
