"""Where the time of a whole audit goes, from files to report: `auditor run` over the cases of a made-up county.

    python bench/whole.py --cases 100000 --rounds 3      # three minutes
    python bench/whole.py --cases 1000000 --rounds 3     # a quarter of an hour with the making of the county
    python bench/whole.py --cases 10000000 --rounds 1    # the county alone: most of an hour and 11 GB

The county is that of `auditor synth`, of the year 2025, which is audited as a whole with all rules. What the command
does is done in a process of its own, with a stopwatch around what `auditor/audit.py` is made of; what runs inside
another part is counted for the inner one alone, so that the parts add up to the whole. Printed are medians of the
seconds by the clock and of the processor, each part's share, and the peak memory that the process had by the part's
end.
"""

import argparse
import gc
import importlib
import json
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.twelve import peak_mb, run_alone

SEED, YEAR = 2025, "2025"
WIDTH = 40

PARTS: Mapping[str, tuple[str, ...]] = {
    "loading the libraries": (),
    "reading the rules": ("auditor.audit:load_rules",),
    "intake: reading the files": ("auditor.intake.load:stage",),
    "intake: typing, checking, storing": ("auditor.opening:load_data",),
    "judging: rules into SQL": ("auditor.engines.judge:_Audit._prepare",),
    "judging: queries and statistics": ("auditor.engines.together:judge_all", "auditor.engines.together:judge"),
    "telling: findings in words": ("auditor.engines.together:tell",),
    "rules and conditions in words": ("auditor.audit:card",),
    "records and names for the evidence": (
        "auditor.audit:records", "auditor.audit:names", "auditor.audit:sites", "auditor.audit:agencies",
    ),
    "working papers": ("auditor.ledger.papers:in_order", "auditor.ledger.papers:write"),
    "workbook of quarantined rows": ("auditor.export.quarantine:write",),
    "office ledger": ("auditor.report.ledger:office_ledger", "auditor.export.ledger:write"),
    "report: data of lists and case pages": ("auditor.report.render:write_data",),
    "report: pages": ("auditor.report:render",),
    "the rest": (),
}  # fmt: skip
"""What stands for each part: functions by the module that calls them, so that its calls meet the stopwatch. One that is
not there any more stops the bench."""

FIRST, *_, REST = PARTS


class Stopwatch:
    """Seconds by the clock and of the processor, and the peak memory in MB by its end, for the innermost part that the
    main thread is in; what other threads do meanwhile belongs to that part."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self._running = [REST]
        self._since = (time.perf_counter(), time.process_time())

    def turn(self) -> None:
        """Puts what passed since the last turn down to the part that ran."""
        now = (time.perf_counter(), time.process_time())
        spent = self.spent[self._running[-1]]
        spent[0] += now[0] - self._since[0]
        spent[1] += now[1] - self._since[1]
        spent[2] = peak_mb()
        self._since = now

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        self.turn()
        self._running.append(part)
        try:
            yield
        finally:
            self.turn()
            self._running.pop()

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(*arguments, **named)
            with self.on(part):
                return function(*arguments, **named)

        return timed


def watched(watch: Stopwatch) -> None:
    """Puts the stopwatch around every function that stands for a part."""
    for part, functions in PARTS.items():
        for place in functions:
            module, _, path = place.partition(":")
            *outer, name = path.split(".")
            holder: Any = importlib.import_module(module)
            for each in outer:
                holder = getattr(holder, each)
            setattr(holder, name, watch.around(part, getattr(holder, name)))


def measured(data: Path) -> dict[str, object]:
    """One audit and its report, into a folder that is thrown away."""
    watch = Stopwatch()
    with watch.on(FIRST):
        from auditor.audit import Request, audit, write
        from auditor.cli import SELDOM
        from auditor.core.data_place import data_place

        watched(watch)
    gc.set_threshold(SELDOM)  # as the command does
    with tempfile.TemporaryDirectory() as scratch:
        run = audit(Request(data=data_place(data), period=YEAR))
        write(run, Path(scratch) / "run")
        watch.turn()
    broken = [result.rule_id for result in run.results if result.result == "error"]
    if broken:
        sys.exit(f"rules that failed: {', '.join(broken)}")
    slowest = sorted(run.clock["seconds_by_rule"].items(), key=lambda each: -each[1])[:10]
    return {
        "parts": watch.spent, "slowest": slowest, "rules": len(run.results), "findings": len(run.findings),
        "rows": sum(run.rows.values()), "cases": run.rows["cases"],
    }  # fmt: skip


def county(cases: int, data: Path) -> Path:
    """A county of so many cases, made where it is not there yet."""
    if not (data / "planted.json").is_file():
        print(f"making up a county of {cases:,} cases", file=sys.stderr)
        from auditor.core.progress import Silent
        from auditor.synth import make

        make(data, cases=cases, seed=SEED, progress=Silent())
    return data


def table(runs: Sequence[Mapping[str, Any]]) -> None:
    first = runs[0]
    whole = [median(sum(part[which] for part in one["parts"].values()) for one in runs) for which in (0, 1)]
    print(
        f"{first['cases']:,} cases, {first['rows']:,} rows of all tables, {first['rules']} rules, "
        f"{first['findings']:,} findings; {len(runs)} rounds\n"
    )
    print("| part | by the clock | share | of the processor | share | peak memory by its end |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in PARTS:
        clock, processor, _ = (median(one["parts"].get(name, (0, 0, 0))[which] for one in runs) for which in range(3))
        peak = max(one["parts"].get(name, (0, 0, 0))[2] for one in runs)
        print(
            f"| {name} | {clock:.1f} s | {clock / whole[0]:.0%} | {processor:.1f} s | {processor / whole[1]:.0%} "
            f"| {peak:,.0f} MB |"
        )
    peak = max(part[2] for one in runs for part in one["parts"].values())
    print(f"| **whole** | {whole[0]:.1f} s | | {whole[1]:.1f} s | | {peak:,.0f} MB |")
    print("\n```")
    most = max(median(one["parts"].get(name, (0, 0))[1] for one in runs) for name in PARTS)
    for name in PARTS:
        processor = median(one["parts"].get(name, (0, 0))[1] for one in runs)
        print(f"{name:<38}{processor:>7.1f} s  {'#' * round(WIDTH * processor / most)}".rstrip())
    print(
        "```\n\nslowest rules, by the clock: "
        + ", ".join(f"`{name}` {spent:.1f} s" for name, spent in first["slowest"])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="where the county is, or is to be made")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    data = asked.data or Path(tempfile.gettempdir()) / f"auditor-bench-county-{asked.cases}"
    if asked.one:
        print(json.dumps(measured(data)))
        return
    county(asked.cases, data)
    runs: list[Mapping[str, Any]] = []
    for number in range(asked.rounds):
        runs.append(run_alone(Path(__file__), ["--one", "--data", data], "the audit"))
        spent = [sum(part[which] for part in runs[-1]["parts"].values()) for which in (0, 1)]
        print(f"round {number + 1}: {spent[0]:.1f} s, {spent[1]:.1f} s of the processor", file=sys.stderr)
    table(runs)


if __name__ == "__main__":
    main()
