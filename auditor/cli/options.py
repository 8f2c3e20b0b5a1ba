"""The options that several commands share, each written once."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from auditor.cli.failure import Failures
from auditor.core.errors import UsageError
from auditor.core.problem import Problem
from auditor.core.text import Language

Form = Literal["text", "json"]

Severity = Literal["critical", "high", "medium", "low", "info"]
"""The levels of `auditor.core.finding`, written again because loading that module would slow `--help` down."""


def _remember(context: typer.Context, value: bool) -> bool:
    if isinstance(context.obj, Failures):
        context.obj.debug = value
    return value


Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="The folder of exports; or a database, such as postgresql://user@host/name.",
        show_default="this folder",
    ),
]
"""A word, which `data_place` makes a path or a URL of: as a path, a URL would lose a slash."""
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The agency's auditor.yaml.", show_default=False)
]
Profile = Annotated[
    Path | None,
    typer.Option(
        "--profile", metavar="FILE", help="How the exports' columns map to the canonical tables.", show_default=False
    ),
]
RulePaths = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules", metavar="PATH", help="A rule file or a folder of them; may be repeated.", show_default="the county's"
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="A month 2024-05, quarter 2024Q2, year 2024, or span 2023-07-01..2024-06-30.",
        show_default="the last complete month in the data",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="The day up to which facts are looked at.",
        show_default="the period's last day",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="RULE.PARAM=VALUE", help="Overrides a rule's parameter; may be repeated.", show_default=False
    ),
]
Lang = Annotated[Language, typer.Option("--lang", help="The language of what is printed.")]
Format = Annotated[Form, typer.Option("--format", help="Words for people, or JSON for machines, on stdout.")]
Personal = Annotated[
    bool, typer.Option("--show-personal-data", help="Prints ids, names, phones and plates of parties in full.")
]
Gate = Annotated[
    Severity, typer.Option("--fail-on", metavar="SEVERITY", help="The level that fails: critical to info.")
]
BaselineDir = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="DIR",
        help="The folder of an earlier run; its findings are followed.",
        show_default="nothing is compared",
    ),
]
JUnit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Also writes a JUnit report.", show_default=False)
]
Pdf = Annotated[
    bool, typer.Option("--pdf", help="Also prints the main pages to PDF, with a Chromium, Chrome or Edge found here.")
]
Debug = Annotated[
    bool, typer.Option("--debug", callback=_remember, is_eager=True, help="Shows the traceback of a failure.")
]


def parse_overrides(written: list[str] | None) -> dict[str, str]:
    """`rule.param=VALUE` as a mapping; raises UsageError with everything that is not of that form."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for text in written or []:
        name, equals, value = text.partition("=")
        rule, dot, parameter = name.strip().rpartition(".")
        if not (equals and dot and rule and parameter):
            problems.append(Problem(f"--set {text}: is not of the form RULE.PARAM=VALUE"))
        elif name.strip() in found:
            problems.append(Problem(f"--set {text}: {name.strip()} was already set"))
        found[name.strip()] = value.strip()
    if problems:
        raise UsageError(problems)
    return found


def as_date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
