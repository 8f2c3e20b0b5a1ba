"""How long an export of ten million cases takes to get into the store, beside what DuckDB alone needs.

    python bench/intake.py --rows 10000000 --rounds 3

The export: one csv in GB18030, 14 columns under Chinese headers, read through a profile (headers, words of codes,
moments, amounts), checked against the contract, into a DuckDB file. Beside it, in turns, each in a process of its own:

    duckdb      DuckDB reads the same rows from a UTF-8 file as text into a native table: no typing, no checks, no
                row numbers; the yardstick, 1.00
    staged      the program's own reading: decoding, records counted, values trimmed, text rows in the store
    loaded      the whole: staged, then mapped, typed, checked, quarantined, written as the canonical table

Printed are the median seconds by the clock and of the processor (the latter hold on a machine that does other things
besides), once the libraries are loaded, the ratio of both to DuckDB's, and the peak memory of the process.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

WAYS = ("duckdb", "staged", "loaded")

PROFILE = """
profile: bench
blank: ["", "-"]
tables:
  cases:
    - files: ["*.csv"]
      columns:
        case_id: 案件编号
        doc_no: 文书号
        domain: {value: traffic_police}
        unit_id: 执法单位
        officer_id: 执法人员
        party_id: 当事人编号
        plate_no: 车牌号
        violation_code: 违法行为
        grade: {from: 裁量等次, words: {轻微: slight, 一般: ordinary, 较重: serious, 严重: grave}}
        occurred_at: 违法时间
        place_name: 违法地点
        capture: {from: 来源, words: {非现场执法: camera, 现场执法: on_site}}
        procedure: {from: 适用程序, words: {简易程序: summary, 普通程序: ordinary}}
        fine_amount: 罚款金额
        decided_at: 决定时间
"""

ROWS = """
SELECT 'A' || lpad(i::VARCHAR, 12, '0') AS "案件编号",
       'D' || (i * 7 % 90000000 + 10000000)::VARCHAR AS "文书号",
       'U' || (i % 100)::VARCHAR AS "执法单位",
       'F' || lpad((hash(i) % 2000)::VARCHAR, 5, '0') AS "执法人员",
       md5((i % 3000000)::VARCHAR)[:18] AS "当事人编号",
       '湘A' || upper(md5(i::VARCHAR)[:5]) AS "车牌号",
       (1000 + hash(i + 1) % 60 * 7)::VARCHAR AS "违法行为",
       (['轻微', '一般', '较重', '严重'])[1 + (hash(i + 2) % 4)::BIGINT] AS "裁量等次",
       strftime(TIMESTAMP '2024-11-01' + to_seconds((i * 63072000 // $rows)::BIGINT), '%Y-%m-%d %H:%M:%S')
           AS "违法时间",
       '长沙市岳麓区枫林路' || (hash(i + 3) % 5000)::VARCHAR || '号路段' AS "违法地点",
       CASE WHEN hash(i + 4) % 2 = 0 THEN '非现场执法' ELSE '现场执法' END AS "来源",
       CASE WHEN hash(i + 5) % 3 = 0 THEN '简易程序' ELSE '普通程序' END AS "适用程序",
       (hash(i + 6) % 40 * 50)::VARCHAR AS "罚款金额",
       strftime(TIMESTAMP '2024-11-03' + to_seconds((i * 63072000 // $rows)::BIGINT), '%Y-%m-%d %H:%M:%S') AS "决定时间"
FROM range($rows) AS t(i)
"""


def prepare(folder: Path, rows: int) -> None:
    """Writes the export in both encodings, and the profile."""
    (folder / "gb").mkdir(parents=True)
    plain = folder / "utf8.csv"
    with duckdb.connect() as con:
        con.execute("CREATE TABLE made AS " + ROWS.replace("$rows", str(int(rows))))
        con.table("made").write_csv(str(plain), header=True)
    with plain.open(encoding="utf-8") as source, (folder / "gb" / "cases.csv").open("w", encoding="gb18030") as target:
        while chunk := source.read(1 << 22):
            target.write(chunk)
    (folder / "profile.yaml").write_text(PROFILE, encoding="utf-8")


def work(way: str, folder: Path, store: Path) -> None:
    """One way, once; runs in a process of its own."""
    if way == "duckdb":
        with duckdb.connect(str(store)) as con:
            con.read_csv(str(folder / "utf8.csv"), all_varchar=True).create("cases")
        return
    from auditor.core.progress import Silent
    from auditor.intake import load

    if way == "loaded":
        loaded = load(folder / "gb", profile=folder / "profile.yaml", store=store, progress=Silent())
        assert not loaded.quarantine and sum(loaded.rows.values()) == loaded.inputs[0].read
        return
    from auditor.intake.profile.file import read_profile
    from auditor.intake.sources import find_sources
    from auditor.intake.store.database import connect
    from auditor.intake.store.staging import stage

    profile = read_profile(folder / "profile.yaml")
    sources, _ = find_sources(folder / "gb", profile)
    con = connect(store)
    stage(con, sources, profile, store.parent, Silent())
    con.disconnect()


def warm_up(folder: Path) -> None:
    """Loads the libraries, some of which are loaded by the first use only: reads the first rows of the export. What
    that takes (0.9 s, nearly all of it libraries) is no part of the time, as it is not of DuckDB's either."""
    from auditor.core.progress import Silent
    from auditor.intake import load

    with tempfile.TemporaryDirectory() as scratch, (folder / "gb" / "cases.csv").open("rb") as export:
        (few := Path(scratch) / "gb").mkdir()
        (few / "cases.csv").write_bytes(b"".join(export.readline() for _ in range(10)))
        load(few, profile=folder / "profile.yaml", store=Path(scratch) / "store.duckdb", progress=Silent())


def timed(way: str, folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and peak MB of a fresh process."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        store = Path(scratch) / "store.duckdb"
        command = [sys.executable, __file__, "--way", way, "--folder", str(folder), "--store", str(store)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        result = json.loads(told)
        return result["seconds"], result["cpu"], result["peak"]


def peak_mb() -> float:
    """The most memory that this process held. (`ru_maxrss` would count what its parent held when it was started.)"""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        if asked.way != "duckdb":
            warm_up(asked.folder)
        begin = time.perf_counter()
        work(asked.way, asked.folder, asked.store)
        seconds = time.perf_counter() - begin
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak_mb()}))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        prepare(folder, asked.rows)
        size = (folder / "gb" / "cases.csv").stat().st_size / 1e6
        print(f"{asked.rows:,} rows, {size:,.0f} MB in GB18030, {asked.rounds} rounds")
        measured: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
        for _ in range(asked.rounds):
            for way in WAYS:
                measured[way].append(timed(way, folder))
        base, base_cpu = (median(run[at] for run in measured["duckdb"]) for at in (0, 1))
        for way, runs in measured.items():
            middle, cpu = (median(run[at] for run in runs) for at in (0, 1))
            peak = max(peak for _, _, peak in runs)
            clock = f"{middle:8.1f} s {middle / base:6.2f} ×"
            print(f"{way:8} {clock}   processor {cpu:8.1f} s {cpu / base_cpu:6.2f} × {peak:8.0f} MB")


if __name__ == "__main__":
    main()
