"""How long a ledger in .xlsx takes to get into the store, beside fastexcel alone.

    python bench/workbook.py --rows 200000 --rounds 5

The ledger: one sheet of 30 columns (numbers of cases, ids of 18 digits as text, moments, amounts, words, places), with
a title, two rows of headers and merged cells. In turns, each in a process of its own:

    fastexcel   the sheet as text in memory and nothing else; the yardstick, 1.00
    read        the program's reader: rows told apart, values trimmed, merged cells, errors and long numbers seen to
    staged      the whole: the reader's rows as text in a new DuckDB file

Printed are the median seconds, the peak memory of the process, and the ratio of medians to fastexcel's.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
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


def timed(way: str, path: Path, rows: int) -> tuple[float, float]:
    """Seconds and peak MB of a fresh process."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        store = Path(scratch) / "store.duckdb"
        command = [sys.executable, __file__, "--way", way, "--path", str(path), "--store", str(store)]
        told = subprocess.run([*command, "--rows", str(rows)], check=True, capture_output=True, text=True).stdout
        result = json.loads(told)
        return result["seconds"], result["peak"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        begin = time.perf_counter()
        work(asked.way, asked.path, asked.store, asked.rows)
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak": peak}))
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "ledger.xlsx"
        prepare(path, asked.rows)
        path.with_name("profile.yaml").write_text(PROFILE, encoding="utf-8")
        print(f"{asked.rows:,} rows of {COLUMNS} columns, {path.stat().st_size / 1e6:,.0f} MB, {asked.rounds} rounds")
        measured: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for _ in range(asked.rounds):
            for way in WAYS:
                measured[way].append(timed(way, path, asked.rows))
        base = median(seconds for seconds, _ in measured["fastexcel"])
        for way, runs in measured.items():
            middle = median(seconds for seconds, _ in runs)
            print(f"{way:10} {middle:6.2f} s {max(peak for _, peak in runs):6.0f} MB {middle / base:6.2f} ×")


if __name__ == "__main__":
    main()
