"""`auditor rules new`: the first draft of a rule."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of check, such as deadline.")],
    rule_id: Annotated[str, typer.Option("--id", metavar="ID", help="The rule's id, such as impound.overdue.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Writes it to a new file.", show_default="stdout"),
    ] = None,
    debug: Debug = False,
) -> None:
    """Begins a rule: a draft that loads, with a test that runs and every field of its kind.

    Example: auditor rules new deadline --id impound.overdue --out rules/rough/impound.overdue.yaml
    """
    from auditor.cli.files import write_text
    from auditor.core.errors import UsageError
    from auditor.core.problem import Location, Problem
    from auditor.engines.scaffold import draft

    if out is not None and out.exists():
        raise UsageError(Problem("is there already; a draft never replaces a file", Location(str(out))))
    text = draft(kind, rule_id)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
