"""Whether intake withstands damaged exports: each is loaded with every row accounted for, or refused with a sentence.

    python bench/fuzz.py --files 100000 --seed 1 --jobs 2
    python bench/fuzz.py --only 4711

Each seed makes one small export (`MAKERS`) and damages it up to four times (`MUTATORS`; one in ten is left sound).
Most are read by the readers alone, one in `--load-every` goes through the whole of intake into a store. Counted are

    loaded      every record is given, ragged, passed over or blank, and none is two of these; of a text file besides,
                each value and each number of values is what the standard library's csv reader finds in the same record
    refused     an AuditorError with a sentence; never where the export is sound
    fault       anything else: another exception, a record lost or changed, more than 20 s, a killed process, 1.5 GB

The exit code is 1 where there is a fault; `--only` repeats one by its seed and keeps its file.
"""

import argparse
import csv
import gzip
import io
import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]
import xlsxwriter

from auditor.core.errors import AuditorError
from auditor.core.progress import Silent
from auditor.intake import load
from auditor.intake.profile.model import CANONICAL
from auditor.intake.readers.base import Reading
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.heading import BLANKS
from auditor.intake.sources import find_sources
from auditor.intake.store.staging import open_reading

pa, pq = cast(Any, _pa), cast(Any, _pq)

SECONDS = 20
MEMORY = 3 << 29
HEADERS = ("case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure", "party_name")
NAMES = ("欧阳建国", "王小明", '李"四', "赵,六", "甲\n乙", "", "𠮷田", " 陈 ", "某某运输有限公司", "O'Neil")
BIG5 = ("歐陽建國", "王小明", '李"四', "趙,六", "甲\n乙", "", "陳", "運輸有限公司", "違規停車")

Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to be read; `rows` are its records if it is sound."""

    name: str
    content: bytes
    rows: int


def table(rng: Random, names: Sequence[str] = NAMES) -> tuple[Rows, int]:
    """Headers and cases, with a title above or a total and a note below now and then; how many cases there are."""
    count = rng.choice((1, 3, 10, 40))
    day = "2024-05-{:02d} 08:05:00"
    rows = [
        [f"C{n:05d}", "transport", "U1", "1039", day.format(n % 28 + 1), "on_site", "ordinary", rng.choice(names)]
        for n in range(count)
    ]
    above: Rows = [["执法案件台账", *[""] * 7]] if rng.random() < 0.2 else []
    below: Rows = [["合计", str(count), *[""] * 6], ["制表人：甲", *[""] * 7]] if rng.random() < 0.2 else []
    return [*above, list(HEADERS), *rows, *below], count


def _text(rng: Random, rows: Rows, delimiter: str) -> str:
    out = io.StringIO(newline="")
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=rng.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue()


def text_file(rng: Random) -> Export:
    encoding = rng.choice(("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"))
    rows, count = table(rng, BIG5 if encoding == "big5" else NAMES)
    if encoding == "big5":
        rows = [[cell.replace("执", "執").replace("账", "帳").replace("计", "計") for cell in row] for row in rows]
        rows = [[cell.replace("台", "臺").replace("人：", "人:") for cell in row] for row in rows]
        rows = [[cell.encode("big5", "ignore").decode("big5") for cell in row] for row in rows]
    content = _text(rng, rows, rng.choice(",,,\t;|")).encode(encoding)
    return Export(name=f"cases.{rng.choice(('csv', 'txt', 'tsv'))}", content=content, rows=count)


def workbook(rng: Random) -> Export:
    rows, count = table(rng)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("案件")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(at, place, cell)
    if rng.random() < 0.2:
        at = len(rows) - 1
        sheet.write_formula(at, 7, rng.choice(("=1/0", "=SUM(A1:A9)", '=HYPERLINK("x")', "=A1", "=" + "(" * 900)))
    if rng.random() < 0.2:
        sheet.merge_range(0, 9, rng.choice((1, 5)), 10, "x")
    book.close()
    return Export(name="cases.xlsx", content=out.getvalue(), rows=count)


def gzipped(rng: Random) -> Export:
    inner = text_file(rng)
    return Export(name=f"{inner.name}.gz", content=gzip.compress(inner.content, mtime=0), rows=inner.rows)


def zipped(rng: Random) -> Export:
    inner = rng.choice((text_file, text_file, workbook, parquet))(rng)
    return Export(name="a.zip", content=_zip({inner.name: inner.content, "readme.md": b"x"}), rows=inner.rows)


def parquet(rng: Random) -> Export:
    rows, count = table(rng)
    first = rows.index(list(HEADERS))
    body = rows[first + 1 : first + 1 + count]
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in body] for at, name in enumerate(HEADERS)}), out)
    return Export(name="cases.parquet", content=out.getvalue(), rows=count)


def sqlite(rng: Random) -> Export:
    rows, count = table(rng)
    first = rows.index(list(HEADERS))
    con = sqlite3.connect(":memory:")
    con.execute(f"create table cases ({', '.join(HEADERS)})")
    con.executemany(f"insert into cases values ({', '.join('?' * 8)})", rows[first + 1 : first + 1 + count])
    con.commit()
    content = con.serialize()
    con.close()
    return Export(name=rng.choice(("cases.sqlite", "cases.db")), content=content, rows=count)


def bomb(rng: Random) -> Export:
    """An archive, or a workbook, that unpacks to far more than it is."""
    size = rng.choice((1 << 20, 80 << 20))
    name = rng.choice(("cases.csv", "cases.xlsx"))
    if name == "cases.csv":
        content = _zip({name: ",".join(HEADERS).encode() + b"\n" + b"a,b,c,d,e,f,g,h\n" * (size // 16)})
        return Export(name="a.zip", content=content, rows=-1)
    book = _unzip(workbook(rng).content)
    book["xl/worksheets/sheet1.xml"] += b" " * size
    return Export(name=name, content=_zip(book), rows=-1)


MAKERS: list[tuple[Callable[[Random], Export], int]] = [
    (text_file, 70), (workbook, 12), (gzipped, 4), (zipped, 6), (parquet, 4), (sqlite, 4), (bomb, 0.05),
]  # fmt: skip
"""Each with its weight."""


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def cut(rng: Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def block_doubled(rng: Random, content: bytes) -> bytes:
    first = rng.randrange(len(content) + 1)
    last = min(len(content), first + rng.choice((1, 2, 16, 500)))
    return content[:last] + content[first:last] * rng.choice((1, 1, 3)) + content[last:]


def block_dropped(rng: Random, content: bytes) -> bytes:
    first = rng.randrange(len(content) + 1)
    return content[:first] + content[first + rng.choice((1, 1, 2, 16, 500)) :]


def bytes_wrong(rng: Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20)) if damaged else 0):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


SPLINTERS = (
    b'"', b'"', b'""', b"'", b"\0", b"\0\0", b",", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r\n", b"\xff", b"\x81", b"\xfe\xff",
    b"\xef\xbb\xbf", b" ", b'"\n', b',"', b'",', b'"5" pipe', b'a"b', b"\x1a", b"\x0c", b"\t", b"\\", b"\\\"", b"\x85",
    "\u2028".encode(), "合计".encode(), "小计,1".encode(), b"=1+1", "\u3000".encode(),
)  # fmt: skip


def splinters(rng: Random, content: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(content) + 1)
        content = content[:at] + rng.choice(SPLINTERS) + content[at:]
    return content


def line_ends_mixed(rng: Random, content: bytes) -> bytes:
    return b"".join(line + rng.choice((b"\n", b"\r\n", b"\r")) for line in content.splitlines())


def lines_moved(rng: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(rng.choice((1, 3)) if lines else 0):
        line = lines.pop(rng.randrange(len(lines)))
        for _ in range(rng.choice((0, 1, 2))):
            lines.insert(rng.randrange(len(lines) + 1), line)
        if not lines:
            break
    return b"".join(lines)


def cell_long(rng: Random, content: bytes) -> bytes:
    size = 10 << 20 if rng.random() < 0.004 else rng.choice((300, 5_000, 40_000))
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice((b"x", b"x", b'"', b",", "甲".encode())) * size + content[at:]


def member_damaged(rng: Random, content: bytes) -> bytes:
    """Something inside an archive or a workbook, whose checksums are right then."""
    try:
        members = _unzip(content)
    except Exception:
        return bytes_wrong(rng, content)
    name = rng.choice([each for each in members if "sheet1.xml" in each] * 4 + list(members))
    match rng.randrange(6):
        case 0:
            del members[name]
        case 1:
            members["cases_nested.zip"] = content
        case 2 if name.endswith(".xml"):
            ref = rng.choice((b"A1", b"A1:B2", b"A1:XFD1048576", b"B7:A1", b"?", b"A0:ZZZZ99999999"))
            members[name] = members[name].replace(b'<dimension ref="', b'<dimension ref="' + ref + b'" was="')
        case 3 if name.endswith(".xml"):
            old, new = rng.choice(XML)
            members[name] = members[name].replace(old, new, rng.choice((1, 1, 99)))
        case _:
            members[name] = rng.choice(PLAIN)(rng, members[name])
    return _zip(members)


XML = (
    (b"<v>", b"<v>1e999"), (b"<v>", b"<v>-99999999999"), (b' t="s"', b""), (b' t="s"', b' t="e"'), (b' t="s"', b' t="n"'),
    (b'r="A2"', b'r="XFD1048576"'), (b'r="A2"', b'r="A1"'), (b'r="2"', b'r="1048576"'), (b'r="2"', b'r="0"'),
    (b'r="2"', b""), (b"<v>", b"<f>NOW()</f><v>"), (b"<v>", b"<f>1+1</f><v></v><v>"), (b"</row>", b"</row><row/>"),
    (b"<row", b"<!-- x --><row"), (b"<sheetData>", b'<!DOCTYPE x [<!ENTITY a "b">]><sheetData>'), (b"<c ", b"<x:c "),
    (b'r="B', b'r="Z'), (b'<si>', b"<si/><si>"), (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:C99999"/></mergeCells>'),
)  # fmt: skip

PLAIN: list[Callable[[Random, bytes], bytes]] = [
    cut, block_doubled, block_dropped, bytes_wrong, splinters, line_ends_mixed, lines_moved, cell_long,
]  # fmt: skip
MUTATORS: list[Callable[[Random, bytes], bytes]] = [*PLAIN, splinters, splinters]
PACKED: list[Callable[[Random, bytes], bytes]] = [*PLAIN, *[member_damaged] * 10]


def made(seed: int) -> tuple[Export, bool]:
    """The export of a seed, and whether it is sound."""
    rng = Random(seed)
    makers, weights = zip(*MAKERS, strict=True)
    export: Export = rng.choices(makers, weights)[0](rng)
    damages = rng.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 4)) if export.rows >= 0 else 0
    content = export.content
    for _ in range(damages):
        content = rng.choice(PACKED if content.startswith(b"PK") else MUTATORS)(rng, content)
    return Export(name=export.name, content=content, rows=export.rows), not damages and export.rows >= 0


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
    lines = io.StringIO(content.decode(codec).removeprefix("\ufeff"), newline="")
    quoting = csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE
    records = list(csv.reader(lines, delimiter=reading.delimiter or ",", quotechar=reading.quote or None, quoting=quoting))
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
        if number not in taken and any(cell.strip(BLANKS) for cell in record):
            raise LostError(f"record {number} is not blank")


def _work(link: Connection, load_every: int) -> None:
    """A process of its own: seeds come in, outcomes go out."""
    while True:
        seed = cast(int, link.recv())
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            try:
                said = attempt(seed, Path(folder), whole=load_every > 0 and seed % load_every == 0)
            except BaseException as error:
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


def _worker(load_every: int) -> Worker:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(there, load_every), daemon=True)
    process.start()
    there.close()
    return Worker(process=process, link=cast(Connection, here))


def run(seeds: Sequence[int], *, jobs: int, load_every: int, seconds: float) -> tuple[Counter[str], dict[int, str]]:
    """Outcomes by kind, and the faults by seed; no more seeds are begun after so many seconds."""
    outcomes, faults = Counter[str](), dict[int, str]()
    left = iter(seeds)
    until = time.monotonic() + seconds
    workers = [_worker(load_every) for _ in range(jobs)]

    def give(worker: Worker) -> None:
        seed = next(left, -1) if time.monotonic() < until else -1
        worker.seed, worker.since = seed, time.monotonic()
        if seed >= 0:
            worker.link.send(seed)

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
            elif time.monotonic() - worker.since > SECONDS + 20 * (sum(outcomes.values()) < jobs):
                fault(worker, f"more than {SECONDS} s")
                stays = False
            else:
                continue
            if not stays:
                worker.process.kill()
                fresh = _worker(load_every)
                worker.process, worker.link = fresh.process, fresh.link
            give(worker)
    for worker in workers:
        worker.process.kill()
    return outcomes, faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
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
    seeds = range(asked.seed, asked.seed + asked.files)
    outcomes, faults = run(seeds, jobs=asked.jobs, load_every=asked.load_every, seconds=asked.seconds)
    total = sum(outcomes.values())
    print(f"{total} files in {time.monotonic() - begun:.0f} s: {dict(outcomes)}; faults: {sorted(faults)[:50]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
