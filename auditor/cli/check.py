"""`auditor check`: the same audit as a gate for build servers: an exit status and machine reports, no HTML."""

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
    Gate,
    JUnit,
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

JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Also writes the results as JSON.", show_default=False)
]


def check(
    data: Data = ".",
    fail_on: Gate = "high",
    junit: JUnit = None,
    json: JsonFile = None,
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
    """Audits DATA as a gate for build servers.

    Exits 1 on findings at or above --fail-on, or where the extract breaks its contract. Rules on
    trial never fail it; a rule that could not run makes it exit 3. With --baseline, the folder
    of an earlier run, only new and reopened findings fail it; without one, all do.

    Example: auditor check data/sample --period 2024-05 --fail-on high --junit audit.xml
    """
    from auditor.audit import Request, audit
    from auditor.cli.files import write_text
    from auditor.cli.summary import print_gate, print_summary
    from auditor.core.data_place import data_place
    from auditor.export import json_
    from auditor.export.gate import judge
    from auditor.export.junit import render

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
    verdict = judge(done, fail_on)
    if junit:
        write_text(junit, render(done, gate=fail_on))
    if json:
        write_text(json, json_.render(done, gate=fail_on, personal=show_personal_data))
    if format_ == "json":
        typer.echo(json_.render(done, gate=fail_on, personal=show_personal_data), nl=False)
    else:
        print_summary(done, lang)
        print_gate(verdict, lang)
    raise typer.Exit(verdict.exit_status)
