"""The twelve rules by what others would use (pandas, polars, Soda, Great Expectations, Pointblank), by SQL written by
hand and by this program, in turns.

    python bench/rivals.py --setup FOLDER                       # their environments, pinned (bench/rivals); needs uv
    python bench/rivals.py --environments FOLDER --rows 1000000 --rounds 3      # four minutes
    python bench/rivals.py --environments FOLDER --rows 10000000 --rounds 3     # half an hour, 8 GB for pandas

What each tool can say of the twelve is in scripts of the reference benchmark (`--reference`, as for bench/twelve.py),
which are called as they are; hand-written queries and this program's rules run by bench/twelve.py. Measured are whole
processes from start to end, and by the clock what is left without loading libraries; ratios are medians of those to the
hand-written queries of the same round. The program's process tells every finding in two languages as well, which none
of the others does; its judging alone, with counts and rows of evidence, is a line of its own. Tools that can say but
the six row rules (r03, r04, r08, r09, r10, r12) are held against the hand-written queries of these six. *Keys* says
whether what was found is the same: of rules whose ids a tool does not give, or not all of them, the count. What is not
installed or does not run is said so.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.twelve import HERE, REFERENCE, prepared

PINNED = HERE / "rivals"
ROWWISE = "r03|r04|r08|r09|r10|r12"
OWN = ("hand", "auditor", "hand, six", "auditor, six")
QUIET = {
    "DO_NOT_TRACK": "1", "POSTHOG_DISABLED": "true", "SODA_TELEMETRY_DISABLED": "1", "GX_ANALYTICS_ENABLED": "false",
    "PB_TELEMETRY": "0", "PYTHONWARNINGS": "ignore",
}  # fmt: skip
"""Nothing is told to anybody."""

Found = Mapping[str, Sequence[object]]
"""By rule: how many keys, and their digest."""


@dataclass(frozen=True, kw_only=True)
class Rival:
    """A way of running rules with another tool: a reference script in an environment of its own."""

    environment: str
    script: str
    arguments: tuple[str, ...] = ()
    six: bool = False
    """Whether it can say the six row rules alone."""


RIVALS = {
    "polars, lazy, all at once": Rival(environment="polars", script="polars_rules.py", arguments=("all",)),
    "polars, streaming": Rival(environment="polars", script="polars_rules.py", arguments=("stream",)),
    "pandas": Rival(environment="pandas", script="pandas_rules.py", arguments=("numpy",)),
    "pandas, Arrow types": Rival(environment="pandas", script="pandas_rules.py", arguments=("arrow",)),
    "Soda 4, by own SQL": Rival(environment="soda4", script="peers/soda4.py"),
    "Soda 3, by own SQL": Rival(environment="soda3", script="peers/soda3.py", arguments=("10000",)),
    "Great Expectations, by own SQL": Rival(environment="great_expectations", script="peers/gx_sql.py"),
    "Great Expectations, pandas": Rival(environment="great_expectations", script="peers/gx_pandas.py", six=True),
    "Pointblank, polars": Rival(environment="pointblank", script="peers/pb_run.py", arguments=("polars",), six=True),
    "Pointblank, DuckDB": Rival(environment="pointblank", script="peers/pb_run.py", arguments=("duckdb",), six=True),
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run: seconds of the whole process, MB at its peak, and what it found; or why it gave nothing."""

    clock: float = 0
    processor: float = 0
    inside: float = 0
    """Seconds by the clock without loading libraries."""
    peak: float = 0
    found: Found | None = None
    counts: Mapping[str, int] | None = None
    failure: str = ""


def run(command: Sequence[object], folder: Path, seconds: float) -> tuple[Measured, str]:
    """A process with what it cost, and what it printed. (The peak is that of the process alone, and counts what this
    one held when it was started, some 100 MB.)"""
    environment = {**os.environ, **QUIET, "PYTHONPATH": ""}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        started = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=said, stderr=subprocess.STDOUT, cwd=folder,
                                   env=environment)  # fmt: skip
        late = threading.Timer(seconds, process.kill)
        late.start()
        _, status, used = os.wait4(process.pid, 0)
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        clock = time.perf_counter() - started
        said.seek(0)
        text = said.read()
    failure = ""
    if process.returncode:
        lines = [line for line in text.splitlines() if line.strip()]
        failure = (
            f"longer than {seconds:,.0f} s" if clock >= seconds else (lines or [f"status {process.returncode}"])[-1]
        )
    measured = Measured(
        clock=clock, processor=used.ru_utime + used.ru_stime, peak=used.ru_maxrss / 1024, failure=failure
    )
    return measured, text


def of_rival(rival: Rival, environments: Path, folder: Path, seconds: float) -> Measured:
    home = environments / rival.environment
    python = home / "bin" / "python"
    why = home.with_suffix(".failed")
    if not python.is_file() or why.is_file():
        reason = why.read_text(encoding="utf-8").strip().splitlines()[-1] if why.is_file() else "--setup makes it"
        return Measured(failure=f"not installed: {reason}")
    # -B: nothing is written beside the reference scripts
    cost, text = run([python, "-B", rival.script, "data", *rival.arguments], folder, seconds)
    answers = [line[2:] for line in text.splitlines() if line.startswith("@@")]
    if cost.failure or not answers:
        return Measured(failure=cost.failure or "printed no result")
    told = json.loads(answers[-1])
    return Measured(
        clock=cost.clock, processor=cost.processor, peak=cost.peak, inside=told["inside"] - told["phases"]["import"],
        found=told["found"], counts=counts(told),
    )  # fmt: skip


def counts(told: Mapping[str, object]) -> dict[str, int]:
    """How many rows each rule found, as the reference scripts print it: a number, Soda 4's outcome and number, or Great
    Expectations' number and how many of these rows it gives."""
    found: dict[str, int] = {}
    for rule, value in (told.get("counts") or {}).items():
        found[rule] = value[-1] if isinstance(value, list) else value
    for rule, (number, _) in (told.get("seen") or {}).items():
        found[rule] = number
    return found


def of_ours(way: str, places: Sequence[object], folder: Path, seconds: float) -> dict[str, Measured]:
    """One of `OWN`, by bench/twelve.py; of the program also its judging alone, of which the process has no total."""
    name, _, six = way.partition(", ")
    only = ROWWISE if six else ""
    cost, text = run([sys.executable, HERE / "twelve.py", "--one", name, *places, "--only", only], folder, seconds)
    if cost.failure:
        sys.exit(f"{way} failed:\n{text}")
    told = json.loads(text.splitlines()[-1])
    inside = told.get("told", told["judged"])[0]
    whole = replace(cost, inside=inside, peak=told["peak"], found=told["found"])
    if name == "hand":
        return {way: whole}
    return {way: whole, f"{way}: judging alone": replace(whole, clock=0, processor=0, inside=told["judged"][0])}


@contextmanager
def workshop(reference: Path, data: Path) -> Iterator[Path]:
    """A folder with links to the reference scripts and, as `data`, to the data: what the tools write goes here."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in reference.iterdir():
            if path.name != "data":
                (folder / path.name).symlink_to(path.resolve())
        (folder / "data").mkdir()
        for path in data.glob("*.parquet"):
            (folder / "data" / path.name).symlink_to(path.resolve())
        yield folder


def agreement(found: Found | None, counted: Mapping[str, int] | None, right: Found) -> str:
    """How what a tool found compares with the hand-written queries, in a few words."""
    same = [rule for rule in right if found is not None and list(found.get(rule, ())) == list(right[rule])]
    by_count = [rule for rule in right if rule not in same and (counted or {}).get(rule) == right[rule][0]]
    other = [rule for rule in right if rule not in same and rule not in by_count]
    parts = [f"{len(same)} equal"] if same else []
    parts += [f"{len(by_count)} by count"] if by_count else []
    for rule in other:
        number = (counted or {}).get(rule, (found or {}).get(rule, [None])[0])
        parts.append(f"{rule} {'none' if number is None else f'{number:,}'} of {right[rule][0]:,}")
    return ", ".join(parts)


def table(results: Mapping[str, Sequence[Measured]]) -> None:
    heads = ("way", "rules", "keys", "by the clock", "× by hand", "of the processor", "× by hand", "without loading")
    print(f"| {' | '.join(heads)} | × by hand | peak memory |")
    print(f"|{' --- |' * (len(heads) + 2)}")
    for way, runs in results.items():
        six = RIVALS[way].six if way in RIVALS else "six" in way
        hand = results["hand, six" if six else "hand"]
        cells = [way, "6" if six else "12"]
        failed = [one.failure for one in runs if one.failure]
        if failed:
            print(f"| {' | '.join(cells)} | **did not run**: {failed[0].replace('|', '¦')[:300]} |{' |' * 7}")
            continue
        pairs = list(zip(runs, hand, strict=True))
        same = {agreement(one.found, one.counts, beside.found or {}) for one, beside in pairs}
        cells.append("; ".join(sorted(same)))
        for name in ("clock", "processor", "inside"):
            seconds = [getattr(one, name) for one in runs]
            ratios = [getattr(one, name) / getattr(beside, name) for one, beside in pairs]
            cells += [f"{median(seconds):.2f} s", f"{median(ratios):.2f}"] if any(seconds) else ["", ""]
        print(f"| {' | '.join(cells)} | {max(one.peak for one in runs):,.0f} MB |")


def set_up(folder: Path) -> None:
    """An environment for each list of pinned packages; why one can't be made is kept beside it and printed."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is not installed; it makes the environments")
    folder.mkdir(parents=True, exist_ok=True)
    for pinned in sorted(PINNED.glob("*.txt")):
        home, why = folder / pinned.stem, folder / f"{pinned.stem}.failed"
        why.unlink(missing_ok=True)
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", "3.11", str(home)],
            [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(home), "-r", str(pinned)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                why.write_text(done.stderr or f"status {done.returncode}", encoding="utf-8")
                break
        print(f"{pinned.stem}: {'FAILED: ' + why.read_text(encoding='utf-8') if why.is_file() else 'ready'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", type=Path, metavar="FOLDER", help="makes the environments, and does nothing else")
    parser.add_argument("--environments", type=Path, metavar="FOLDER", help="where --setup made them")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    parser.add_argument("--data", type=Path, help="where the data are, or are to be made")
    parser.add_argument("--memory", default="16GB", help="DuckDB's memory_limit, for hand and auditor")
    parser.add_argument("--only", default="", help="the ways whose names have this; hand-written SQL always runs")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds after which a run is given up")
    asked = parser.parse_args()
    if asked.setup:
        set_up(asked.setup.resolve())
        return
    if asked.environments is None:
        parser.error("--environments FOLDER is missing (--setup FOLDER makes it)")
    reference = asked.reference.resolve()
    data = (asked.data or Path(tempfile.gettempdir()) / f"auditor-bench-{asked.rows}").resolve()
    prepared(reference, data, asked.rows)
    places = ["--reference", reference, "--data", data, "--memory", asked.memory]
    ways = [way for way in (*OWN, *RIVALS) if way.startswith("hand") or asked.only in way]
    results: dict[str, list[Measured]] = defaultdict(list)
    with workshop(reference, data) as folder:
        of_ours("hand", places, folder, asked.timeout)  # the files are in memory for all that follow
        for number in range(asked.rounds):
            for way in ways:
                if way in RIVALS:
                    came_to = {way: of_rival(RIVALS[way], asked.environments.resolve(), folder, asked.timeout)}
                else:
                    came_to = of_ours(way, places, folder, asked.timeout)
                for name, one in came_to.items():
                    results[name].append(one)
                one = came_to[way]
                print(f"round {number + 1}: {way} {one.failure or f'{one.clock:.2f} s'}", file=sys.stderr)
    print(f"{asked.rows:,} cases, {asked.rounds} rounds in turns, {os.cpu_count()} cores\n")
    table(results)


if __name__ == "__main__":
    main()
