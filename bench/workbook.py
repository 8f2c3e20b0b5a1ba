"""How long a ledger in .xlsx takes to get into the store, beside fastexcel alone.

    python bench/workbook.py --rows 200000 --rounds 5

The ledger: one sheet of 30 columns (numbers of cases, ids of 18 digits as text, moments, amounts, words, places), with
a title, two rows of headers and merged cells. In turns, each in a process of its own:

    fastexcel   the sheet as text in memory and nothing else; the yardstick, 1.00
    read        the program's reader: rows told apart, values trimmed, merged cells, errors and long numbers seen to
    staged      the whole: the reader's rows as text in a new DuckDB file

Printed are the median seconds, once the libraries are loaded, by the clock and of the processor (user and system), the
peak memory of the process, and the ratios of medians to fastexcel's. What loading the libraries takes stands behind.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from multiprocessing import Process
from pathlib import Path
from statistics import median

import xlsxwriter

WAYS = ("fastexcel", "read", "staged")
PROFILE = """
profile: bench
tables:
  lots:
    - files: ["*.xlsx"]
      columns: {lot_id: 编号}
"""
COLUMNS = 30


def prepare(path: Path, rows: int) -> None:
    """Writes the ledger."""
    draw = random.Random(1)
    book = xlsxwriter.Workbook(path, {"tmpdir": str(path.parent)})
    sheet = book.add_worksheet("案件")
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.merge_range(0, 0, 0, COLUMNS - 1, "行政处罚案件台账")
    sheet.merge_range(1, 0, 2, 0, "编号")
    sheet.merge_range(1, 1, 1, COLUMNS - 1, "案件")
    sheet.write_row(2, 1, [f"列{place}" for place in range(2, COLUMNS + 1)])
    begin = datetime(2024, 1, 1)
    for row in range(3, rows + 3):
        for column in range(COLUMNS):
            match column % 6:
                case 0:
                    sheet.write_string(row, column, f"A{row:09d}{column}")
                case 1:
                    sheet.write_string(row, column, str(draw.randrange(110 * 10**15, 650 * 10**15)))
                case 2:
                    sheet.write_datetime(row, column, begin + timedelta(seconds=row * 61), moment)
                case 3:
                    sheet.write_number(row, column, draw.randrange(1, 40) * 50)
                case 4:
                    sheet.write_string(row, column, draw.choice(["简易程序", "普通程序", "快速办理"]))
                case _:
                    sheet.write_string(row, column, f"长沙市岳麓区枫林路{draw.randrange(5000)}号")
    book.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds by the clock and of the processor, peak MB, and seconds for the libraries."""

    clock: float
    processor: float
    peak: float
    libraries: float


def libraries(way: str) -> None:
    """What every run of the way needs, whatever it reads."""
    import fastexcel  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import pyarrow  # noqa: F401  # pyright: ignore[reportUnusedImport, reportMissingTypeStubs]

    if way != "fastexcel":
        from auditor.intake.readers.formats import formats

        formats()


def work(way: str, path: Path, store: Path, rows: int) -> None:
    """One way, once; runs in a process of its own."""
    if way == "fastexcel":
        import fastexcel

        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        assert sheet.to_arrow().num_rows == rows + 3
        return
    if way == "read":
        from auditor.intake.readers.formats import Asked, format_of

        form = format_of(path.name)
        assert form is not None
        reading = form.open(Asked(path=path, name=path.name))
        assert sum(batch.num_rows for batch in reading.batches()) == rows
        return
    from auditor.core.progress import Silent
    from auditor.intake.profile.file import read_profile
    from auditor.intake.sources import find_sources
    from auditor.intake.store.database import connect
    from auditor.intake.store.staging import stage

    profile = read_profile(path.with_name("profile.yaml"))
    sources, _ = find_sources(path, profile)
    con = connect(store)
    (staged,), _ = stage(con, sources, profile, store.parent, Silent())
    assert staged.read == rows and staged.records == rows + 3
    con.disconnect()


def timed(way: str, path: Path, rows: int) -> Run:
    """A fresh process."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        store = Path(scratch) / "store.duckdb"
        command = [sys.executable, __file__, "--way", way, "--path", str(path), "--store", str(store)]
        told = subprocess.run([*command, "--rows", str(rows)], check=True, capture_output=True, text=True).stdout
        return Run(**json.loads(told))


def once(way: str, path: Path, store: Path, rows: int) -> Run:
    begin = time.perf_counter()
    libraries(way)
    loaded, used = time.perf_counter(), time.process_time()
    work(way, path, store, rows)
    return Run(
        clock=time.perf_counter() - loaded,
        processor=time.process_time() - used,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        libraries=loaded - begin,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        print(json.dumps(asdict(once(asked.way, asked.path, asked.store, asked.rows))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "ledger.xlsx"
        # In a process of its own: a child's peak memory is at least its parent's.
        preparing = Process(target=prepare, args=(path, asked.rows))
        preparing.start()
        preparing.join()
        path.with_name("profile.yaml").write_text(PROFILE, encoding="utf-8")
        print(f"{asked.rows:,} rows of {COLUMNS} columns, {path.stat().st_size / 1e6:,.0f} MB, {asked.rounds} rounds")
        measured: dict[str, list[Run]] = {way: [] for way in WAYS}
        for _ in range(asked.rounds):
            for way in WAYS:
                measured[way].append(timed(way, path, asked.rows))
        clock, processor = (
            {way: median(getattr(run, name) for run in runs) for way, runs in measured.items()}
            for name in ("clock", "processor")
        )
        print("way             clock       processor      peak  libraries")
        for way, runs in measured.items():
            print(
                f"{way:10} {clock[way]:6.2f} s {clock[way] / clock['fastexcel']:5.2f} × "
                f"{processor[way]:6.2f} s {processor[way] / processor['fastexcel']:5.2f} × "
                f"{max(run.peak for run in runs):6.0f} MB {median(run.libraries for run in runs):6.2f} s"
            )


if __name__ == "__main__":
    main()
