"""`auditor inspect`: what a file is, and a draft of the profile that maps it to the canonical tables."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug, Format, Lang, Personal, Profile
from auditor.cli.progress import watched


def inspect(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Files, or folders whose files are all looked at.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Writes a draft profile there.", show_default=False)
    ] = None,
    profile: Profile = None,
    lang: Lang = "zh",
    format_: Format = "text",
    personal: Personal = False,
    debug: Debug = False,
) -> None:
    """Says what each file is and drafts the profile for it.

    Every sheet, table or member is looked at by itself. With --profile, the headers and words of a profile in use go
    before all others. Code words without a known code are comments in the draft, to be filled in.

    Example: auditor inspect data/sample/office --out profile.yaml
    """
    import json

    from auditor.cli.files import write_text
    from auditor.cli.inspected import print_inspection
    from auditor.core.errors import INCOMPLETE, PASSED, OutputError
    from auditor.core.problem import Location, Problem
    from auditor.intake.draft import inspect as look_into
    from auditor.intake.draft import profile_text, told

    if out is not None and out.exists():
        raise OutputError(Problem("exists already: a draft never takes the place of a profile", Location(str(out))))
    with watched(lang) as progress:
        inspection = look_into(files, profile=profile, progress=progress)
    if out is not None and inspection.seen:
        write_text(out, profile_text(inspection.draft, lang, name=out.stem))
    found = told(inspection, masked=not personal)
    if format_ == "json":
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print_inspection(found, lang, draft=out if inspection.seen else None)
    for failed in inspection.failed:
        for problem in failed.problems:
            typer.echo(f"auditor: {problem.render()}", err=True)
    raise typer.Exit(INCOMPLETE if inspection.failed else PASSED)
