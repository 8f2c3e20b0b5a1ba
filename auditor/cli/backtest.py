"""`auditor backtest`: what a rule would have flagged month by month, and how that moves with its parameters."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import (
    Config,
    Data,
    Debug,
    Format,
    Lang,
    Overrides,
    Profile,
    RulePaths,
    parse_overrides,
)
from auditor.cli.progress import watched

Months = Annotated[int, typer.Option("--months", metavar="N", min=1, max=120, help="How many complete months.")]
Vary = Annotated[
    str | None,
    typer.Option(
        "--vary", metavar="PARAM=A,B,C", help="Also runs the rule with a parameter at each value.", show_default=False
    ),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="PATH",
        help="A former version of the rule (a file or folder): what is newly, what is no longer flagged. --set is not "
        "applied to it.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Also writes a page and backtest.json there.", show_default=False),
]


def backtest(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule's id; it may be a draft.")],
    data: Data = ".",
    months: Months = 12,
    vary: Vary = None,
    against: Against = None,
    out: Out = None,
    config: Config = None,
    profile: Profile = None,
    rules: RulePaths = None,
    set_: Overrides = None,
    lang: Lang = "zh",
    format_: Format = "text",
    debug: Debug = False,
) -> None:
    """Runs a rule over the last complete months of DATA.

    Each month is judged as its own audit would have judged it, as of its last day.

    Example: auditor backtest repeat.same-place-time data/sample --months 6 --vary "window=12 hours,24 hours,48 hours"
    """
    from auditor.backtest import SIGN, Question, write
    from auditor.backtest import backtest as look_back
    from auditor.cli.past import print_backtest
    from auditor.core.data_place import data_place
    from auditor.core.errors import INCOMPLETE, PASSED
    from auditor.export.backtest import render
    from auditor.output import check_place

    if out is not None:
        check_place(out, SIGN)
    question = Question(
        rule_id=rule,
        data=data_place(data),
        months=months,
        vary=_varied(vary),
        against=against,
        profile=profile,
        config=config,
        rules=tuple(rules or ()),
        overrides=parse_overrides(set_),
    )
    with watched(lang) as progress:
        result = look_back(question, progress)
        if out is not None:
            write(result, out, language=lang)
    if format_ == "json":
        typer.echo(render(result), nl=False)
    else:
        print_backtest(result, lang, page=None if out is None else out / "index.html")
    raise typer.Exit(INCOMPLETE if result.failed else PASSED)


def _varied(written: str | None) -> tuple[str, tuple[str, ...]] | None:
    """`param=a,b,c` as a name and its values; what is missing is told by whoever knows the rule."""
    if written is None:
        return None
    name, _, values = written.partition("=")
    return name.strip(), tuple(value for part in values.split(",") if (value := part.strip()))
