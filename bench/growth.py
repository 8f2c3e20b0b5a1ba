"""Cost by growth: rows, rules and findings of an audit, each varied alone while the other two are held.

    python bench/growth.py                    # a quarter of an hour on two cores; bench/growth.svg and the tables
    python bench/growth.py --series rules     # one of them

The cases are those of the reference generator (`--reference`, as for bench/twelve.py) without what is found: every row
that a hand-written query finds is left out, so are the officers and units that stand out, and the documents of a unit
are numbered anew, so that no number is missing. Each case has a place in a random order in its column `plate_no`, which
none of the twelve rules reads; a rule of one line flags the first so many of these. So as many findings can be had as
are wanted, whatever the rows and rules:

    rows                a larger county in the same months: 250,000 to 4 million cases; 13 rules; 10,000 findings
    rules               12 to 384 rules, the twelve copied under other ids; 500,000 cases; 10,000 findings
    findings            none to 300,000, each of one row; a million cases; 13 rules
    findings of chains  a party's cases within a longer and longer time: each finding names several rows, and these rows
                        of evidence are what is varied; likewise

Each point is measured in a process of its own, the points of a series in turns: seconds of the processor and by the
clock for judging, and for judging and telling (every finding in words), without loading libraries, and the peak memory.
Medians are printed. *Exponent* is p of the cost a + b × size^p that fits the last four points best (1 is linear, 2
quadratic); what is the same whatever the size, as loading and planning, is in a and hides nothing.
"""

import argparse
import gc
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.curves import Curve, chart, exponent
from bench.twelve import HERE, REFERENCE, Watch, peak_mb, prepared, run_alone

SHAPE = 1.2
"""An exponent up to this counts as linear: the scatter of three rounds on a machine with other work makes as much of 1,
and n log n, from one to four million, has 1.07."""

GROUPED = {"r01": "officer_id", "r05": "unit_code"}
"""What those queries name instead of a case; r06 names numbers and r11 units with code and grade."""

TITLES = {
    "rows": "by cases", "rules": "by rules", "findings": "by findings", "findings of chains": "by rows of evidence",
}  # fmt: skip
WHAT = {"judged": "judging", "told": "judging and telling", "peak": "peak memory"}


@dataclass(frozen=True, kw_only=True)
class Point:
    """What is audited at one point of a series. `flagged` cases by the rule of one line; parties with two cases within
    `hours` by the rule of chains (0: no such rule)."""

    rows: int
    copies: int = 1
    flagged: int = 10_000
    hours: int = 0


SERIES: dict[str, tuple[str, list[Point]]] = {
    "rows": ("cases", [Point(rows=rows) for rows in (250_000, 500_000, 1_000_000, 2_000_000, 4_000_000)]),
    "rules": ("rules", [Point(rows=500_000, copies=copies) for copies in (1, 2, 4, 8, 16, 32)]),
    "findings": (
        "findings",
        [Point(rows=1_000_000, flagged=flagged) for flagged in (0, 1_000, 10_000, 75_000, 150_000, 300_000)],
    ),
    "findings of chains": (
        "evidence",
        [Point(rows=1_000_000, flagged=0, hours=hours) for hours in (1, 7, 70, 500, 1_200, 3_000)],
    ),
}

ASIDE = """
level: medium
certainty: violation
status: trial
covers: []
basis:
  - law: 基准测试
    article: x
    says: {zh: "只用于测速，不是法律依据。", en: "Made to measure speed by; no law."}
    mark: P
why: {zh: "用于改变发现的数量。", en: "It lets the number of findings be varied."}
false_positives: [{zh: "数据为生成的样例", en: "the data are made up"}]
verify: [{zh: "核对原始记录", en: "check the record itself"}]
table: cases
"""

FLAGGED = """id: bench.flagged
title: {zh: "前若干件", en: "The first so many"}
check: {kind: check, fail_when: "plate_no < 'LIMIT'"}
subject: {type: case, id: case_id, unit: unit_id}
key: [case_id]
message: {zh: "{case_id} 由 {officer_id} 于 {occurred_at} 办理", en: "{case_id} by {officer_id} at {occurred_at}"}
"""

CHAINS = """id: bench.chains
title: {zh: "短期内多件", en: "Several cases within the time"}
check: {kind: repeat, by: [party_id], at: occurred_at, window: HOURS hours, at_least: 2}
subject: {type: party, id: party_id, unit: unit_id}
key: [party_id]
message: {zh: "{party_id} 自 {first_at} 起 {events} 次", en: "{party_id}: {events} from {first_at} on"}
"""


def place(number: int) -> str:
    """A place in the random order as text that sorts as the number does."""
    return f"R{number:09d}"


def rule_files(point: Point) -> dict[str, str]:
    """The rules of a point as YAML by file name: copies of the twelve under other ids, and the rules that let the
    number of findings be varied."""
    files: dict[str, str] = {}
    for path in sorted((HERE / "twelve").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        own = f"id: {path.stem}\n"
        if own not in text:
            raise ValueError(f"{path.name} does not have the id of its name")
        for copy in range(point.copies):
            name = path.stem if copy == 0 else f"{path.stem}-{copy + 1}"
            files[f"{name}.yaml"] = text.replace(own, f"id: {name}\n")
    files["bench.flagged.yaml"] = FLAGGED.replace("LIMIT", place(point.flagged)) + ASIDE
    if point.hours:
        files["bench.chains.yaml"] = CHAINS.replace("HOURS", str(point.hours)) + ASIDE
    return files


def without_findings(reference: Path, source: Path, data: Path) -> None:
    """Cases of which none is found by the twelve, with their places in a random order, and the registers."""
    data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        for table in ("cases", "cameras", "officers"):
            con.execute(f"CREATE VIEW {table} AS FROM '{source}/{table}.parquet'")
        con.execute("CREATE TABLE found (rule VARCHAR, key VARCHAR)")
        for path in sorted((reference / "rules").glob("r*.sql")):
            con.execute(f"INSERT INTO found SELECT '{path.stem}', key FROM ({path.read_text(encoding='utf-8')}\n)")  # noqa: S608
        con.execute("DELETE FROM found WHERE rule = 'r06'")
        groups = " ".join(
            f"AND {column} NOT IN (SELECT key FROM found WHERE rule = '{rule}')"  # noqa: S608
            for rule, column in GROUPED.items()
        )
        con.execute(f"""
            CREATE VIEW kept AS SELECT file_row_number AS own, * EXCLUDE (file_row_number),
                row_number() OVER (PARTITION BY unit_code ORDER BY ticket_no) AS numbered
            FROM read_parquet('{source}/cases.parquet', file_row_number = true)
            WHERE case_id NOT IN (SELECT key FROM found) {groups}
            AND unit_code NOT IN (SELECT split_part(key, '/', 1) FROM found WHERE rule = 'r11')""")  # noqa: S608
        con.execute(f"""
            COPY (SELECT * EXCLUDE (own, numbered) REPLACE (
                unit_code || '-' || lpad(numbered::VARCHAR, 9, '0') AS ticket_no,
                'R' || lpad((row_number() OVER (ORDER BY hash(case_id), case_id) - 1)::VARCHAR, 9, '0') AS plate_no)
            FROM kept ORDER BY own) TO '{data}/cases.parquet' (ROW_GROUP_SIZE 122880)""")  # noqa: S608
        for table in ("cameras", "officers"):
            con.execute(f"COPY {table} TO '{data}/{table}.parquet'")


def made(reference: Path, folder: Path, rows: int) -> Path:
    """The data of so many cases, made where they are not there yet; what they are made of is not kept."""
    data = folder / f"rows-{rows}"
    if not (data / "schedule.parquet").is_file():
        from bench.canonical import write_schedule

        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            source = Path(scratch)
            prepared(reference, source, rows)
            without_findings(reference, source, data)
        write_schedule(data)
    return data


def measured(point: Point, data: Path, memory: str) -> dict[str, object]:
    """One point: what judging and telling cost, and how many cases, rules and findings there were."""
    from auditor.cli import SELDOM
    from auditor.engines.judge import judge_all, tell
    from auditor.rulebook import load
    from auditor.stats import stand_out  # noqa: F401 - a library to load, no rule's time
    from bench.canonical import TIME, laid_over

    gc.set_threshold(SELDOM)  # as the command does
    with (
        tempfile.TemporaryDirectory(dir=data) as scratch,
        laid_over(data, memory=memory, spill=Path(scratch)) as (session, known),
    ):
        folder = Path(scratch) / "rules"
        folder.mkdir()
        for name, text in rule_files(point).items():
            (folder / name).write_text(text, encoding="utf-8")
        rules = load((folder,)).rules
        watch = Watch()
        judged = judge_all(rules, session, known, TIME.clock, TIME.period)
        judged_seconds = watch.read()
        told = [tell(judged[rule.rule_id]) for rule in rules]
        told_seconds = watch.read()
        broken = {one.result.rule_id: one.trace for one in told if one.trace}
        if broken:
            sys.exit("\n".join(f"{rule_id}:\n{trace}" for rule_id, trace in broken.items()))
        [flagged] = [one.result for one in told if one.result.rule_id == "bench.flagged"]
        return {
            "judged": judged_seconds, "told": told_seconds, "rules": len(rules),
            "cases": flagged.tested + flagged.unknown + flagged.skipped,
            "findings": sum(len(one.findings) for one in told), "evidence": sum(len(one.evidence) for one in told),
            "peak": peak_mb(),
        }  # fmt: skip


def curves(name: str, runs: list[list[dict]]) -> list[Curve]:
    """What each point cost: medians of the rounds in seconds of the processor, and the highest peak in MB."""
    unit, _ = SERIES[name]
    sizes = [rounds[0][unit] for rounds in runs]
    found = []
    for part, label in WHAT.items():
        if part == "peak":
            values = [max(one[part] for one in rounds) for rounds in runs]
        else:
            values = [median(one[part][1] for one in rounds) for rounds in runs]
        found.append(Curve(name=label, unit="MB" if part == "peak" else "s", sizes=sizes, costs=values))
    return found


def table(name: str, runs: list[list[dict]]) -> None:
    unit, _ = SERIES[name]
    print(f"\n### {name}\n")
    counted = ("cases", "rules", "findings", "evidence")
    print(f"| {' | '.join(counted)} | judging, processor | clock | judging and telling, processor | clock | peak |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for rounds in runs:
        first = rounds[0]
        counts = " | ".join(f"**{first[each]:,}**" if each == unit else f"{first[each]:,}" for each in counted)
        seconds = " | ".join(
            f"{median(one[part][which] for one in rounds):.2f} s" for part in ("judged", "told") for which in (1, 0)
        )
        print(f"| {counts} | {seconds} | {max(one['peak'] for one in rounds):,.0f} MB |")
    print()
    for curve in curves(name, runs):
        slope = exponent(curve.sizes, curve.costs)
        if slope is None:
            print(f"- {curve.name}: hardly grows")
            continue
        shape = "at most linear" if slope <= SHAPE else "**FASTER THAN LINEAR**"
        print(f"- {curve.name}: exponent {slope:.2f}, {shape}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", choices=SERIES, action="append", help="one of the series; all by default")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "auditor-bench-growth")
    parser.add_argument("--memory", default="16GB", help="DuckDB's memory_limit")
    parser.add_argument("--scale", type=float, default=1, help="cases and findings times this: a quick look")
    parser.add_argument("--draw", type=Path, default=HERE / "growth.svg", help="where the chart goes")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        name, number = asked.one
        point = scaled(SERIES[name][1][int(number)], asked.scale)
        data = made(asked.reference, asked.data, point.rows)
        print(json.dumps(measured(point, data, asked.memory)))
        return
    asked.data.mkdir(parents=True, exist_ok=True)
    every: dict[str, list[Curve]] = {}
    for name in asked.series or SERIES:
        points = [scaled(point, asked.scale) for point in SERIES[name][1]]
        for rows in sorted({point.rows for point in points}):
            made(asked.reference, asked.data, rows)
        runs: dict[int, list[dict]] = defaultdict(list)
        for turn in range(asked.rounds):
            for number in range(len(points)):
                command = ["--one", name, str(number), "--reference", asked.reference, "--data", asked.data]
                runs[number].append(
                    run_alone(Path(__file__), [*command, "--memory", asked.memory, "--scale", asked.scale], name)
                )
                spent = runs[number][-1]
                print(f"round {turn + 1}: {name} {number + 1}: {spent['told'][1]:.2f} s", file=sys.stderr)
        table(name, list(runs.values()))
        every[TITLES[name]] = curves(name, list(runs.values()))
    asked.draw.write_text(chart(every), encoding="utf-8", newline="\n")
    print(f"\n{asked.rounds} rounds in turns, DuckDB {duckdb.__version__}; drawn: {asked.draw.name}")


def scaled(point: Point, scale: float) -> Point:
    return Point(
        rows=int(point.rows * scale), copies=point.copies, flagged=int(point.flagged * scale), hours=point.hours
    )


if __name__ == "__main__":
    main()
