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
    Pdf,
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

CirculationFolder = Annotated[
    Path | None,
    typer.Option(
        "--circulation",
        metavar="DIR",
        help="Also writes the edition for publication: counts alone.",
        show_default=False,
    ),
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
    circulation: CirculationFolder = None,
    pdf: Pdf = False,
    debug: Debug = False,
) -> None:
    """Audits DATA and writes the report.

    Exits 0 when the whole audit ran, whatever it found. With --baseline, the folder of last
    month's run, every finding is new, recurring or reopened; what is not found any more is
    resolved where it was tested again and is in order, else not cleared.

    Example: auditor run data/sample --period 2024-05 --out reports/2024-05
    """
    from auditor.audit import Request, audit, write
    from auditor.circulation import circulate, planned
    from auditor.cli.report import told_key
    from auditor.cli.summary import print_summary
    from auditor.core.data_place import data_place
    from auditor.core.errors import INCOMPLETE, PASSED
    from auditor.export import json_
    from auditor.opening import county_settings
    from auditor.output import check_place
    from auditor.pdf import print_pages
    from auditor.report.circulation import SIGN

    if out is not None:
        check_place(out)
    if circulation is not None:
        check_place(circulation, SIGN)
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
        plan = None
        if circulation is not None:
            county = county_settings(request.data, config)
            plan = planned(circulation, papers=folder, key=county.pseudonym_key, least=county.least_count)
        write(done, folder, language=lang, personal=show_personal_data, progress=progress)
        if plan is not None:
            told_key(plan.key, lang, made=circulate(done, plan, language=lang, progress=progress))
    report = folder / "index.html"
    if format_ == "json":
        typer.echo(json_.render(done, report=report.as_posix(), personal=show_personal_data), nl=False)
    else:
        print_summary(done, lang, report=report)
    if pdf:
        with watched(lang) as progress:
            print_pages(folder, as_of=done.as_of, progress=progress)
            if circulation is not None:
                print_pages(circulation, as_of=done.as_of, progress=progress)
    raise typer.Exit(INCOMPLETE if any(result.result == "error" for result in done.results) else PASSED)
