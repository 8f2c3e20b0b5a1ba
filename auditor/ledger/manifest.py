"""The manifest: what an audit looked at, with which rules and versions, and what it left undone.

It is the one file with facts of the clock, all under `clock`; take that key away and two runs over the same inputs
have the same manifest.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from auditor.core.codec import encode
from auditor.core.result import InputFile, Run

FILE = "manifest.json"
FORM = "auditor-manifest/1"


def manifest(run: Run) -> dict[str, Any]:
    """The manifest as JSON values."""
    not_run = [result for result in run.results if result.result in ("error", "not_applicable")]
    return {
        "form": FORM,
        "period": encode(run.period),
        "as_of": run.as_of.isoformat(),
        "agencies": list(run.agencies),
        "inputs": [_file(file) for file in run.inputs],
        "rows": _rows(run),
        "unread": [encode(file) for file in run.unread],
        "tables": encode(run.rows),
        "quarantined": {
            "rows": sum(file.quarantined for file in run.inputs),
            "by_reason": encode(Counter(entry.reason for entry in run.quarantine)),
        },
        "contract": [encode(finding) for finding in run.contract],
        "rulebook": {
            "sha256": run.rulebook_sha256,
            "rules": [card.rule_id for card in run.cards],
            "overrides": encode(run.overrides),
            "parameters": {
                card.rule_id: {parameter.name: parameter.value for parameter in card.parameters} for card in run.cards
            },
        },
        "not_run": [
            {"rule_id": result.rule_id, "result": result.result, "reason": encode(result.reason)} for result in not_run
        ],
        "versions": encode(run.versions),
        "clock": encode(run.clock),
    }


def _file(file: InputFile) -> dict[str, Any]:
    """A file with what became of each of its rows: the counts under `accounted` add up to `rows`."""
    about = {name: value for name, value in encode(file).items() if name != "headers"}
    if file.archive_sha256 is None:
        del about["archive_sha256"]
    return {
        **about,
        "accounted": file.counts(),
        "headers": {header.name: header.column for header in file.headers},
    }


def _rows(run: Run) -> dict[str, int]:
    """The rows of all files, and what became of them."""
    every = Counter[str]()
    for file in run.inputs:
        every.update(rows=file.rows, **file.counts())
    return dict(every)


def write_manifest(run: Run, path: Path) -> None:
    """Raises OSError where the file cannot be written."""
    text = json.dumps(manifest(run), ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
