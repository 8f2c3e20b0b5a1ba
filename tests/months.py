"""A made-up office audited month after month, each audit following on from the last: small tables in, runs out."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.audit import Request, audit, write
from auditor.core.result import Run
from auditor.core.schema import tables
from tests.kinds.spec import rule_text

_FILL = {
    "domain": "transport",
    "unit_id": "U1",
    "violation_code": "1039",
    "occurred_at": "",
    "capture": "on_site",
    "procedure": "summary",
    "kind": "tow",
}
"""What a required column holds that a test does not care about."""

Tables = Mapping[str, str]


def named(rule_id: str, check: str, *, table: str = "cases", extra: str = "", key: str | None = None) -> str:
    """A rule of that id, on trial; with `key` it is known by, and about, another column than the table's own."""
    text = rule_text(check, table=table, extra=extra).replace("test.rule", rule_id)
    if key is not None:
        own = tables()[table].key[0]
        about = key.split(",")[0].strip()
        text = text.replace(f"key: [{own}]", f"key: [{key}]").replace(f"id: {own}}}", f"id: {about}}}")
    return text


def put_rules(folder: Path, rules: Sequence[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for number, text in enumerate(rules):
        (folder / f"rule-{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def put_tables(folder: Path, given: Tables) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in given.items():
        header, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
        missing = [c.name for c in tables()[name].columns.values() if c.required and c.name not in header]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [[*header, *missing], *([*row, *(_FILL.get(column, "") for column in missing)] for row in rows)]
            )
    return folder


class Office:
    """Keeps every month's data, rules and results in a folder of its own."""

    def __init__(self, folder: Path, *rules: str) -> None:
        self.folder, self.rules = folder, rules
        self.last: Path | None = None

    def audit(self, period: str, given: Tables, *rules: str, baseline: Path | None = None, **more: object) -> Run:
        """Audits a month after the one before and writes it; `rules` take the place of the usual ones."""
        home = self.folder / period
        run = audit(
            Request(
                data=put_tables(home / "data", given),
                rules=(put_rules(home / "rules", rules or self.rules),),
                period=period,
                baseline=baseline or self.last,
                **more,  # type: ignore[arg-type]
            )
        )
        self.last = write(run, home / "out", html=False)
        return run


def states(run: Run) -> dict[str, str]:
    """The state of each finding by its subject, with the English reason where it was carried."""
    return {
        one.subject_id: f"{one.state}: {one.state_reason.en}" if one.state_reason else one.state for one in run.findings
    }
