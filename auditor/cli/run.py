"""`auditor run`: the monthly audit, from a folder of exports to a folder with the report and the working papers."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import (
    AsOf,
    BaselineDir,
    Config,
    Data,
    Debug,
    Format,
    Lang,
    Overrides,
    PeriodOption,
    Personal,
    Profile,
    RulePaths,
    as_date,
    parse_overrides,
)
from auditor.cli.progress import watched

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where the results go.", show_default="reports/ and the period"),
]


def run(
    data: Data = ".",
    out: Out = None,
    config: Config = None,
    profile: Profile = None,
    rules: RulePaths = None,
    period: PeriodOption = None,
    as_of: AsOf = None,
    set_: Overrides = None,
    baseline: BaselineDir = None,
    lang: Lang = "zh",
    format_: Format = "text",
    show_personal_data: Personal = False,
    debug: Debug = False,
) -> None:
    """Audits DATA and writes the report.

    Exits 0 when the whole audit ran, whatever it found. With --baseline, the folder of last
    month's run, every finding is new, recurring or reopened; what is not found any more is
    resolved where it was tested again and is in order, else not retested.

    Example: auditor run data/sample --period 2024-05 --out reports/2024-05
    """
    from auditor.audit import Request, audit, write
    from auditor.cli.summary import print_summary
    from auditor.core.data_place import data_place
    from auditor.core.errors import INCOMPLETE, PASSED
    from auditor.export import json_
    from auditor.output import check_place

    if out is not None:
        check_place(out)
    request = Request(
        data=data_place(data),
        config=config,
        profile=profile,
        rules=tuple(rules or ()),
        period=period,
        as_of=as_date(as_of),
        overrides=parse_overrides(set_),
        baseline=baseline,
    )
    with watched(lang) as progress:
        done = audit(request, progress)
        folder = out or Path("reports") / done.period.label
        write(done, folder, language=lang, personal=show_personal_data, progress=progress)
    report = folder / "index.html"
    if format_ == "json":
        typer.echo(json_.render(done, report=report.as_posix(), personal=show_personal_data), nl=False)
    else:
        print_summary(done, lang, report=report)
    raise typer.Exit(INCOMPLETE if any(result.result == "error" for result in done.results) else PASSED)
