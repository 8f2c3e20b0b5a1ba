"""The working papers of one audit, written to a folder and read back as the same audit.

The parquet files and `run.json` hold full ids and belong with the case data; what is made to leave is masked
elsewhere. Findings, evidence, quarantine, rules and records are tables because people query them; the rest (rules in
words, inputs, the plan) is one JSON document, `run.json`. All rows are put in an order of their own, so the order in
which they were found leaves no trace; `in_order` gives a run that order.
"""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from auditor.core.codec import decode_fields, encode
from auditor.core.errors import InputError, OutputError
from auditor.core.problem import Location, Problem
from auditor.core.result import Run
from auditor.ledger.columns import EVIDENCE, FINDINGS, HELD, HISTORY, QUARANTINE, RECORDS, RULES, Paper, in_column_order
from auditor.ledger.manifest import FILE as MANIFEST
from auditor.ledger.manifest import write_manifest
from auditor.ledger.parquet import read_rows, write_rows

T = TypeVar("T")

RUN_FILE = "run.json"
FORM = "auditor-run/1"
_IN_TABLES: dict[str, Paper[Any]] = {
    "findings": FINDINGS,
    "evidence": EVIDENCE,
    "quarantine": QUARANTINE,
    "held": HELD,
    "results": RULES,
    "records": RECORDS,
    "history": HISTORY,
}
"""The fields of a run that are tables of their own."""

_IN_JSON = tuple(field.name for field in fields(Run) if field.name not in {*_IN_TABLES, "clock"})

FILES = (*(paper.file for paper in _IN_TABLES.values()), RUN_FILE, MANIFEST)


def in_order(run: Run) -> Run:
    """The same run with its rows and mappings in the order of the working papers."""
    return replace(
        run,
        findings=_sorted(FINDINGS, run.findings),
        evidence=_sorted(EVIDENCE, run.evidence),
        quarantine=_sorted(QUARANTINE, run.quarantine),
        held=_sorted(HELD, run.held),
        results=_sorted(RULES, run.results),
        history=_sorted(HISTORY, run.history),
        records=tuple(replace(row, values=in_column_order(row)) for row in _sorted(RECORDS, run.records)),
        rows=dict(sorted(run.rows.items())),
        units=dict(sorted(run.units.items())),
        officers=dict(sorted(run.officers.items())),
        overrides=dict(sorted(run.overrides.items())),
        versions=dict(sorted(run.versions.items())),
    )


def write(run: Run, folder: Path) -> None:
    """Every working paper of the run; the folder is made where it is missing.

    Raises OutputError. The caller sees to it that a half-written folder never gets the name of a finished one.
    """
    ordered = in_order(run)
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, paper in _IN_TABLES.items():
            path = folder / paper.file
            write_rows(path, paper.schema, [paper.to_row(value) for value in getattr(ordered, name)])
        path = folder / RUN_FILE
        path.write_text(_run_json(ordered), encoding="utf-8", newline="\n")
        path = folder / MANIFEST
        write_manifest(ordered, path)
    except OSError as error:
        raise OutputError(Problem(f"cannot be written: {error.strerror or error}", Location(path.name))) from error


def read(folder: Path) -> Run:
    """The run that `write` was given, in the order of `in_order` and without its clock.

    Raises InputError naming every file that is missing, or the first that cannot be understood.
    """
    if not (folder / RUN_FILE).is_file():
        what = "is not a folder that `auditor run` wrote" if folder.is_dir() else "there is no such folder"
        raise InputError(Problem(what, Location(str(folder))))
    missing = [paper.file for paper in _IN_TABLES.values() if not (folder / paper.file).is_file()]
    if missing:
        raise InputError([Problem("is missing from the run", Location(str(folder / file))) for file in missing])
    return Run(
        **_read_run_json(folder / RUN_FILE),
        findings=_read(FINDINGS, folder),
        evidence=_read(EVIDENCE, folder),
        quarantine=_read(QUARANTINE, folder),
        held=_read(HELD, folder),
        results=_read(RULES, folder),
        records=_read(RECORDS, folder),
        history=_read(HISTORY, folder),
    )


def _run_json(run: Run) -> str:
    kept = {name: encode(getattr(run, name)) for name in _IN_JSON}
    return json.dumps({"form": FORM, "run": kept}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read_run_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["form"] != FORM:
            raise ValueError(f"has the form {document['form']!r}, and this version reads {FORM!r}")
        return decode_fields(Run, _IN_JSON, document["run"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(path, error) from error


def _read(paper: Paper[T], folder: Path) -> tuple[T, ...]:
    path = folder / paper.file
    try:
        return tuple(paper.from_row(row) for row in read_rows(path, paper.schema))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = f"no value for {error}" if isinstance(error, KeyError) else str(error)
    return InputError(Problem(f"cannot be read back: {reason}", Location(str(path)), "audit the data again"))


def _sorted(paper: Paper[T], values: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(sorted(values, key=paper.order))
