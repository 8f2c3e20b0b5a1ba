"""`auditor rules lint`: everything that is wrong with rule files, before an audit; with data, whether these suffice."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import Config, Debug, Format, Lang, Overrides, PeriodOption, Profile, parse_overrides
from auditor.cli.progress import watched
from auditor.core.catalogue import ProblemPage
from auditor.core.errors import BAD_REQUEST, PASSED, UsageError
from auditor.core.problem import Problem, did_you_mean

if TYPE_CHECKING:
    from auditor.fitness import Fitness

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Rule files or folders of them.", show_default="the county's"),
]
Explain = Annotated[
    str | None,
    typer.Option("--explain", metavar="NUMBER", help="Says what a numbered problem means.", show_default=False),
]
Held = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DATA",
        help="Also holds the rules against this folder of exports: is its history as long as their windows?",
        show_default=False,
    ),
]


def lint(
    paths: Paths = None,
    explain: Explain = None,
    data: Held = None,
    profile: Profile = None,
    config: Config = None,
    period: PeriodOption = None,
    set_: Overrides = None,
    lang: Lang = "zh",
    format_: Format = "text",
    debug: Debug = False,
) -> None:
    """Checks rule files: names, types, articles, messages, tests, lock. Exits 2 where anything is wrong.

    With --data, a rule that looks back further than the data go is wrong, too; one whose table or column they lack
    is listed as not run. --profile, --config, --period and --set are for that.

    Example: auditor rules lint --data data/sample --period 2025-06
    """
    from auditor import rulebook

    if explain is not None:
        typer.echo("\n".join(_page(explain).lines(lang)))
        return
    rules = tuple(paths or ())
    if data is None:
        _alone({"--profile": profile, "--config": config, "--period": period, "--set": set_})
        problems = rulebook.lint(rules)
        fitted = None
    else:
        from auditor.fitness import Extract, fitness
        from auditor.opening import county_settings

        extract = Extract(
            data=data, profile=profile, config=config, rules=rules, period=period, overrides=parse_overrides(set_)
        )
        problems = rulebook.lint(rules or county_settings(data, config).rules)
        with watched(lang) as progress:
            fitted = None if problems else fitness(extract, progress)
        problems += fitted.unfit if fitted else ()
    _tell(problems, fitted, format_)
    raise typer.Exit(BAD_REQUEST if problems else PASSED)


def _alone(given: dict[str, object]) -> None:
    """Raises where an option was given that means nothing without data."""
    idle = [name for name, value in given.items() if value]
    if idle:
        hint = "name the folder of exports with --data"
        raise UsageError([Problem(f"{name} is for rules held against data", hint=hint) for name in idle])


def _tell(problems: Sequence[Problem], fitted: "Fitness | None", format_: str) -> None:
    not_run = fitted.not_run if fitted else ()
    if format_ == "json":
        typer.echo(json.dumps([_listed(problem) for problem in (*problems, *not_run)], ensure_ascii=False, indent=1))
        return
    for problem in (*problems, *not_run):
        typer.echo(problem.render())
    typer.echo(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problems")
    if fitted:
        fit = fitted.rules - len(fitted.unfit) - len(not_run)
        typer.echo(
            f"over the data, for {fitted.period.label}: {fit} of {fitted.rules} rules fit, {len(fitted.unfit)} unfit, "
            f"{len(not_run)} not run"
        )


def _listed(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.location.file if problem.location else None,
        "line": problem.location.line if problem.location else None,
        "column": problem.location.column if problem.location else None,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _page(code: str) -> ProblemPage:
    from auditor.rulebook.pages import pages

    if code.upper() not in pages():
        raise UsageError(Problem(f"there is no problem {code!r}", hint=did_you_mean(code.upper(), pages())))
    return pages()[code.upper()]
