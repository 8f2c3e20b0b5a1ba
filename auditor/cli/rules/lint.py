"""`auditor rules lint`: everything that is wrong with rule files, before any data is read."""

import json
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug, Format
from auditor.core.errors import BAD_REQUEST, PASSED

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Rule files or folders of them.", show_default="the county's"),
]


def lint(paths: Paths = None, format_: Format = "text", debug: Debug = False) -> None:
    """Checks rule files: names, types, articles, messages, tests. Exits 2 where anything is wrong.

    Example: auditor rules lint rules/impound.overdue.yaml
    """
    from auditor import rulebook

    problems = rulebook.lint(tuple(paths or ()))
    if format_ == "json":
        listed = [
            {
                "file": problem.location.file if problem.location else None,
                "line": problem.location.line if problem.location else None,
                "column": problem.location.column if problem.location else None,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            typer.echo(problem.render())
        typer.echo(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problems")
    raise typer.Exit(BAD_REQUEST if problems else PASSED)
