"""Twelve audit rules over millions of cases: the program's rules beside SQL written by hand, in turns.

    python bench/twelve.py --rows 1000000 --rounds 3      # a minute
    python bench/twelve.py --rows 10000000 --rounds 3     # about ten minutes
    python bench/twelve.py --rows 100000000 --rounds 1 --memory 4GiB
    python bench/twelve.py --rows 10000000 --rounds 5 --rewritten     # the same rows in a file as DuckDB writes it

The data, the twelve hand-written DuckDB queries and what a bare scan reads come from the reference benchmark, a folder
that lies beside the checkout (`--reference`, ../shared/bench by default); the same twelve as rules of this program are
in bench/twelve. Each way runs in a process of its own:

    scan     reads the columns that the twelve need, and does nothing: the physical limit
    hand     the twelve queries one by one, keys fetched: the yardstick, 1.00
    auditor  the twelve rules judged: counts of tested, ok and unknown by unit and month, identities, evidence
    + told   and every finding said in words, as the report and the working papers want it

`--memory` limits DuckDB, for all ways alike; what does not fit goes to a folder beside the data. What Python itself
holds, as the findings in words, is beside that limit, and in the peak.

Printed are medians of the seconds by the clock and of the processor, without loading libraries, their ratios to `hand`
in the same round, and the peak memory of the process. The keys found must be those of the hand-written queries.
"""

import argparse
import gc
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import duckdb
import pyarrow  # noqa: F401 - loaded here, so that no query pays for it

HERE = Path(__file__).parent
REFERENCE = HERE.parent.parent / "shared" / "bench"
WAYS = ("scan", "hand", "auditor")
GRADES = {"slight": 1, "ordinary": 2, "serious": 3, "grave": 4}


def digest(keys: list[str]) -> list[object]:
    """How many keys, and which, whatever their order; as the reference benchmark's other scripts print it."""
    return [len(keys), hashlib.md5("\n".join(sorted(keys)).encode()).hexdigest()[:8]]


class Watch:
    """Seconds by the clock and of the processor."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> list[float]:
        return [round(time.perf_counter() - self.wall, 3), round(time.process_time() - self.cpu, 3)]


def by_hand(reference: Path, data: Path, memory: str, only: str) -> dict[str, object]:
    """Every query by itself, its rows fetched as Arrow. `only` those with these letters, in a regular expression."""
    seconds: dict[str, list[float]] = {}
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(dir=data) as spill, duckdb.connect() as con:
        con.execute(f"SET threads = 2; SET memory_limit = '{memory}'; SET temp_directory = '{spill}'")
        con.execute("SET preserve_insertion_order = false; SET parquet_metadata_cache = true")
        for table in ("cases", "cameras", "officers"):
            con.execute(f"CREATE VIEW {table} AS FROM '{data}/{table}.parquet'")
        whole = Watch()
        for path in sorted((reference / "rules").glob("r*.sql")):
            if not re.search(only, path.stem):
                continue
            watch = Watch()
            answer = con.sql(path.read_text(encoding="utf-8")).to_arrow_table()
            seconds[path.stem] = watch.read()
            found[path.stem] = answer["key"].to_pylist()
        judged = whole.read()
    return {"judged": judged, "rules": seconds, "found": {name: digest(keys) for name, keys in found.items()}}


def bare_scan(data: Path, memory: str) -> dict[str, object]:
    """The columns that the twelve need, read and added up, so that none is answered from statistics."""
    columns = [
        "case_id",
        "ticket_no",
        "unit_code",
        "officer_id",
        "officer2_id",
        "party_id",
        "violation_code",
        "severity",
        "occurred_at",
        "location_id",
        "lon",
        "lat",
        "source",
        "camera_id",
        "procedure",
        "fine_amount",
        "fine_min",
        "fine_max",
        "filed_at",
        "decided_at",
        "impounded_at",
        "released_at",
        "extension_approved",
    ]
    with duckdb.connect() as con:
        con.execute(f"SET threads = 2; SET memory_limit = '{memory}'")
        con.execute(f"CREATE VIEW cases AS FROM '{data}/cases.parquet'")
        types = {row[0]: row[1] for row in con.execute("DESCRIBE cases").fetchall()}
        sums = {
            "VARCHAR": "sum(strlen({}))",
            "TIMESTAMP": "sum(epoch_us({}))",
            "BOOLEAN": "count(*) FILTER ({})",
        }
        watch = Watch()
        asked = ", ".join(sums.get(types[name], "sum({})").format(name) for name in columns)
        con.execute(f"SELECT {asked} FROM cases").fetchall()  # noqa: S608
        return {"judged": watch.read()}


def by_rules(data: Path, memory: str, only: str) -> dict[str, object]:
    """The twelve rules of the program, as an audit judges them; `only` those with these letters."""
    from auditor.cli import SELDOM
    from auditor.engines.judge import judge_all, tell
    from auditor.rulebook import load
    from auditor.stats import stand_out  # noqa: F401 - a library to load, no rule's time
    from bench.canonical import TIME, laid_over

    gc.set_threshold(SELDOM)  # as the command does
    rules = [rule for rule in load((HERE / "twelve",)).rules if re.search(only, rule.rule_id.split(".")[1][:3])]
    with (
        tempfile.TemporaryDirectory(dir=data) as spill,
        laid_over(data, memory=memory, spill=Path(spill)) as (session, known),
    ):
        whole = Watch()
        judged_by_id = judge_all(rules, session, known, TIME.clock, TIME.period)
        seconds, peak = whole.read(), peak_mb()
        judged = [(rule, tell(judged_by_id[rule.rule_id])) for rule in rules]
        errors = {rule.rule_id: outcome.trace for rule, outcome in judged if outcome.trace}
        rows = {rule.rule_id: outcome.result.tested for rule, outcome in judged}
        told = {rule.rule_id: (outcome.findings, outcome.evidence) for rule, outcome in judged}
        told_seconds = whole.read()
        took = {rule.rule_id.split(".")[1][:3]: [round(outcome.seconds, 3), 0] for rule, outcome in judged}
    found: dict[str, list[str]] = {}
    for rule_id, (findings, evidence) in told.items():
        name = rule_id.split(".")[1][:3]
        rows_of = defaultdict(list)
        for row in evidence:
            if row.role == "subject":
                rows_of[row.finding_id].append(row.row_key)
        found[name] = [key for one in findings for key in keys_of(name, one, rows_of[one.finding_id])]
    return {
        "judged": seconds, "peak_judged": peak, "told": told_seconds, "rules": took, "errors": errors, "tested": rows,
        "evidence": sum(len(evidence) for _, evidence in told.values()),
        "found": {name: digest(keys) for name, keys in sorted(found.items())},
    }  # fmt: skip


def keys_of(name: str, finding: object, rows: list[str]) -> list[str]:
    """The hand-written query's keys that a finding of the same rule stands for: it lists the later ones of a chain of
    repeats, and the number before a gap."""
    facts = {fact.name: fact.value for fact in finding.facts}
    match name:
        case "r02":
            return rows[1:]
        case "r06":
            unit, serial = facts["previous"].split("-")
            return [f"{unit}-{int(serial)}"]
        case "r11":
            unit, code, grade = finding.fingerprint.split(":")[2].split("|")
            return [f"{unit}/{code}/{GRADES[grade]}"]
        case _:
            return [finding.subject_id]


def run_alone(script: Path, arguments: Sequence[object], name: str) -> dict[str, object]:
    """What a script of this folder prints last, as JSON, run in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{name} failed with status {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def peak_mb() -> float:
    """The most memory that this process held. (`ru_maxrss` would count what its parent held when it was started.)"""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def prepared(reference: Path, data: Path, rows: int) -> None:
    """The reference generator's data of that size, made where they are not there yet."""
    from bench.canonical import write_schedule

    if not (reference / "gen.py").is_file():
        sys.exit(f"{reference} does not hold the reference benchmark (gen.py, rules/); name its folder by --reference")
    if not (data / "planted.parquet").is_file():
        subprocess.run([sys.executable, str(reference / "gen.py"), "--rows", str(rows), "--out", str(data)], check=True)
    write_schedule(data)


def rewritten(data: Path) -> Path:
    """The same rows in a file as DuckDB itself writes it, in a folder beside; the generator's is written by pyarrow."""
    beside, name = data.with_name(f"{data.name}-duckdb"), "cases.parquet"
    if not (beside / name).is_file():
        shutil.copytree(data, beside, ignore=shutil.ignore_patterns(name, "duckdb_temp*"), dirs_exist_ok=True)
        with duckdb.connect() as con:
            rows = con.read_parquet(str(data / name))
            rows.write_parquet(str(beside / name), compression="snappy", row_group_size=122_880)
    return beside


def spread(values: Sequence[float]) -> str:
    """The median, and between which values it lies: another program on the machine can change a ratio by a tenth."""
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def table(results: dict[str, list[dict[str, object]]]) -> None:
    if not (hand := results["hand"]):
        print("no round of `hand`, so nothing to compare with; the seconds are those above")
        return
    print("| way | by the clock | of the processor | × by hand, clock | × by hand, processor | peak memory |")
    print("| --- | --- | --- | --- | --- | --- |")
    for way, part in (("scan", "judged"), ("hand", "judged"), ("auditor", "judged"), ("auditor", "told")):
        if not results[way]:
            continue
        runs = results[way]
        wall, cpu = ([run[part][place] for run in runs] for place in (0, 1))
        ratios = [
            [run[part][place] / beside["judged"][place] for run, beside in zip(runs, hand, strict=True)]
            for place in (0, 1)
        ]
        name = "+ told" if part == "told" else way
        peak = max(run["peak_judged" if way == "auditor" and part == "judged" else "peak"] for run in runs)
        print(
            f"| {name} | {median(wall):.2f} s ({min(wall):.2f}–{max(wall):.2f}) | {median(cpu):.2f} s "
            f"| {spread(ratios[0])} | {spread(ratios[1])} | {peak:,.0f} MB |"
        )
    print("\n| rule | keys | by hand, s | rule, s |\n| --- | --- | --- | --- |")
    for name, found in hand[0]["found"].items():
        own = results["auditor"][0]["found"].get(name)
        same = "equal" if own == found else f"DIFFER: {own}"
        beside = [median(run["rules"][name][0] for run in results[way]) for way in ("hand", "auditor")]
        print(f"| {name} | {found[0]:,} {same} | {beside[0]:.3f} | {beside[1]:.3f} |")
    errors = results["auditor"][0]["errors"]
    if errors:
        print(errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    parser.add_argument("--data", type=Path, help="where the data are, or are to be made")
    parser.add_argument(
        "--rewritten", action="store_true", help="both read the same rows from a file that DuckDB wrote"
    )
    parser.add_argument("--memory", default="16GB", help="DuckDB's memory_limit, for all ways")
    parser.add_argument("--only", default="", help="those of the twelve whose names (r01 to r12) this matches")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    if asked.one:
        run = {
            "scan": lambda: bare_scan(asked.data, asked.memory),
            "hand": lambda: by_hand(asked.reference, asked.data, asked.memory, asked.only),
            "auditor": lambda: by_rules(asked.data, asked.memory, asked.only),
        }[asked.one]()
        print(json.dumps({**run, "peak": peak_mb()}))
        return
    data = asked.data or Path(tempfile.gettempdir()) / f"auditor-bench-{asked.rows}"
    prepared(asked.reference, data, asked.rows)
    if asked.rewritten:
        data = rewritten(data)
    results: dict[str, list[dict[str, object]]] = defaultdict(list)
    places = ["--reference", asked.reference, "--data", data, "--memory", asked.memory, "--only", asked.only]
    for number in range(asked.rounds):
        for way in asked.ways.split(","):
            results[way].append(run_alone(Path(__file__), ["--one", way, *places], way))
            spent = results[way][-1]["judged"]
            print(f"round {number + 1}: {way} {spent[0]:.2f} s, {spent[1]:.2f} s of the processor", file=sys.stderr)
    print(
        f"{asked.rows:,} cases, {asked.rounds} rounds in turns, DuckDB {duckdb.__version__} with a limit of "
        f"{asked.memory}, {os.cpu_count()} cores\n"
    )
    table(results)


if __name__ == "__main__":
    main()
