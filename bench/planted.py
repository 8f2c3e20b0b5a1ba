"""How much of what is planted in a made-up county the whole rulebook finds, item by item, over many counties.

Each seed is another county: other people, other cases, the same sorts of problems and, beside each, an innocent that
looks like it. Counted are rows, for a statistical rule subjects: planted and found (tp), planted and missed (fn), found
though nobody planted it (fp). Precision = tp / (tp + fp), recall = tp / (tp + fn). Rules that weigh what other rules
found (`lead.*`) count for recall alone.

    python bench/planted.py --seeds 10 --jobs 2
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.audit import Request, audit
from auditor.core.progress import Silent
from auditor.rulebook import load
from auditor.synth import make, score

PROBABLE = 0.95
"""Least recall asked of leads, whose limits hold the false discovery rate at 5 %; violations must all be found."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One rule in one county: counts, and by name what went wrong."""

    seed: int
    rule: str
    tp: int
    fn: int
    fp: int
    decoys: int
    wrong: tuple[str, ...]


def county(seed: int, *, cases: int) -> list[Hit]:
    """Makes the county of a seed, audits it and compares."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "county"
        make(data, cases=cases, seed=seed, progress=Silent())
        listed = json.loads((data / "planted.json").read_text(encoding="utf-8"))
        found = score.found(audit(Request(data=data)))
    hits: list[Hit] = []
    for rule in (rule.rule_id for rule in load().rules):
        problems, decoys = score.planted(listed, rule, "problem"), score.planted(listed, rule, "decoy")
        names = found.get(rule, set())
        extra = set[str]() if rule.startswith(score.DERIVED) else names - problems
        wrong = [f"missed {name}" for name in sorted(problems - names)] + [f"false {name}" for name in sorted(extra)]
        counts = {"tp": len(problems & names), "fn": len(problems - names), "fp": len(extra)}
        hits.append(Hit(seed=seed, rule=rule, decoys=len(decoys & names), wrong=tuple(wrong), **counts))
    return hits


def share(part: int, whole: int) -> str:
    return "–" if not whole else f"{part / whole:.3f} ({part}/{whole})"


def line(name: str, hits: Iterable[Hit]) -> str:
    sums = Counter[str]()
    for hit in hits:
        sums.update({"tp": hit.tp, "fn": hit.fn, "fp": hit.fp, "decoys": hit.decoys})
    tp, fn, fp = sums["tp"], sums["fn"], sums["fp"]
    return f"| {name} | {share(tp, tp + fp)} | {share(tp, tp + fn)} | {sums['decoys']} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="how many counties (seeds 1, 2, …)")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--cases", type=int, default=22_000, help="cases a county")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    asked = parser.parse_args(arguments)
    seeds = range(asked.first, asked.first + asked.seeds)
    hits: list[Hit] = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        for seed, made in zip(seeds, pool.map(partial(county, cases=asked.cases), seeds), strict=True):
            hits += made
            wrong = sum(len(hit.wrong) for hit in made)
            print(f"seed {seed}: {sum(hit.tp for hit in made)} found, {wrong} wrong", file=sys.stderr, flush=True)
    return report(hits)


def report(hits: Sequence[Hit]) -> int:
    """Prints the tables; 1 where a target is missed."""
    rulebook = load().rules
    planted = {hit.rule for hit in hits if hit.tp + hit.fn}
    items = sorted({item for rule in rulebook for item in rule.covers}, key=_order)
    print("| item | precision | recall | decoys flagged |\n| --- | --- | --- | --- |")
    for item in items:
        named = {rule.rule_id for rule in rulebook if item in rule.covers}
        print(line(item, [hit for hit in hits if hit.rule in named]))
    good = True
    for certainty, least in (("violation", 1.0), ("lead", PROBABLE)):
        named = {rule.rule_id for rule in rulebook if rule.certainty == certainty}
        mine = [hit for hit in hits if hit.rule in named]
        print(line(f"**all {certainty}s**", mine))
        tp, fn, fp = (sum(getattr(hit, name) for hit in mine) for name in ("tp", "fn", "fp"))
        good &= tp >= least * (tp + fn) and tp >= least * (tp + fp)
    print(f"\n{len(planted)} of {len(rulebook)} rules have something planted.")
    for hit in hits:
        if hit.wrong:
            print(f"- seed {hit.seed}, {hit.rule}: {'; '.join(hit.wrong[:6])}{' …' if len(hit.wrong) > 6 else ''}")
    return 0 if good else 1


def _order(item: str) -> tuple[str, int]:
    chapter, number = item.split("-")
    return chapter, int(number)


if __name__ == "__main__":
    sys.exit(main())
