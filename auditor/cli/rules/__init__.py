"""`auditor rules`: the rulebook itself, listed, explained, checked and tested; no case data is needed."""

import typer

from auditor.cli.rules.lint import lint
from auditor.cli.rules.list_ import list_
from auditor.cli.rules.prove import prove
from auditor.cli.rules.show import show

rules = typer.Typer(help="The rulebook: list, show, lint, test.", no_args_is_help=True)
rules.command("list")(list_)
rules.command("show")(show)
rules.command("lint")(lint)
rules.command("test")(prove)

__all__ = ["rules"]
