"""`auditor rules schema`: what editors need to help with writing a rule."""

import json
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Writes it to a file.", show_default="stdout")
    ] = None,
    debug: Debug = False,
) -> None:
    """Prints the JSON Schema of rule files, for editors.

    A rule's first line then says: # yaml-language-server: $schema=rule.schema.json

    Example: auditor rules schema --out rule.schema.json
    """
    from auditor.cli.files import write_text
    from auditor.rulebook.schema import rule_schema

    text = json.dumps(rule_schema(), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
