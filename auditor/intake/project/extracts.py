"""Which extracts a project has: a folder for each period under `extracts`, and what lies beside it for all of them.

    county/
      auditor.yaml
      profile.yaml
      officers.csv            beside the extracts: read first, for all
      extracts/2024-05/...    what was exported of May
      extracts/2024-06/...

An extract is named by the period that it was exported for, as `--period` is written; where the same row stands in two
of them, the later one says how things are now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditor.core.errors import InputError
from auditor.core.period import parse_period
from auditor.core.problem import Location, Problem
from auditor.intake.sources import EXTRACTS as FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One folder of exports; `label` is its period as written, "" for what lies beside the extracts. `prefix` stands
    before the names of its files."""

    label: str
    folder: Path

    @property
    def prefix(self) -> str:
        return f"{FOLDER}/{self.label}/" if self.label else ""


def is_project(data: Path) -> bool:
    """Whether the folder keeps extracts by period."""
    return (data / FOLDER).is_dir()


def extracts_of(project: Path) -> tuple[Extract, ...]:
    """What lies beside the extracts, then these by their periods, earlier ones first, of one end the longer first.

    Raises InputError for a folder that no period names, for a file between them, and where there is none.
    """
    problems: list[Problem] = []
    found: list[tuple[date, date, Extract]] = []
    for path in sorted((project / FOLDER).iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        place = Location(str(path))
        period = parse_period(path.name)
        if not path.is_dir():
            problems.append(Problem("lies between the extracts, and belongs to no period", place, "move it into one"))
        elif period is None:
            hint = "name it by its period: 2024-05, 2024Q2, 2024 or 2023-07-01..2024-06-30"
            problems.append(Problem("is no period, so that nobody knows what it is an extract of", place, hint))
        else:
            found.append((period.last, period.first, Extract(label=path.name, folder=path)))
    if not found and not problems:
        problems.append(Problem("holds no extract", Location(str(project / FOLDER)), "such as extracts/2024-05"))
    if problems:
        raise InputError(problems)
    return (Extract(label="", folder=project), *_in_order(found))


def _in_order(found: Sequence[tuple[date, date, Extract]]) -> tuple[Extract, ...]:
    return tuple(extract for _, _, extract in sorted(found, key=lambda entry: (entry[0], entry[1], entry[2].label)))
