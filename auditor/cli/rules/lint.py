"""`auditor rules lint`: everything that is wrong with rule files, before any data is read."""

import json
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug, Format, Lang
from auditor.core.catalogue import ProblemPage
from auditor.core.errors import BAD_REQUEST, PASSED, UsageError
from auditor.core.problem import Problem, did_you_mean

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Rule files or folders of them.", show_default="the county's"),
]


Explain = Annotated[
    str | None,
    typer.Option("--explain", metavar="NUMBER", help="Says what a numbered problem means.", show_default=False),
]


def lint(
    paths: Paths = None,
    explain: Explain = None,
    lang: Lang = "zh",
    format_: Format = "text",
    debug: Debug = False,
) -> None:
    """Checks rule files: names, types, articles, messages, tests, lock. Exits 2 where anything is wrong.

    Example: auditor rules lint rules/impound.overdue.yaml
    """
    from auditor import rulebook

    if explain is not None:
        typer.echo("\n".join(_page(explain).lines(lang)))
        return
    problems = rulebook.lint(tuple(paths or ()))
    if format_ == "json":
        listed = [
            {
                "file": problem.location.file if problem.location else None,
                "line": problem.location.line if problem.location else None,
                "column": problem.location.column if problem.location else None,
                "code": problem.code,
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


def _page(code: str) -> ProblemPage:
    from auditor.rulebook.pages import pages

    if code.upper() not in pages():
        raise UsageError(Problem(f"there is no problem {code!r}", hint=did_you_mean(code.upper(), pages())))
    return pages()[code.upper()]
