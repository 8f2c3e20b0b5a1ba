"""`auditor rules`: the rulebook itself: listed, explained, checked, tested, written; no case data is needed."""

import typer

from auditor.cli.rules.docs import docs
from auditor.cli.rules.lint import lint
from auditor.cli.rules.list_ import list_
from auditor.cli.rules.lock import lock
from auditor.cli.rules.new import new
from auditor.cli.rules.prove import prove
from auditor.cli.rules.schema import schema
from auditor.cli.rules.show import show

rules = typer.Typer(help="The rulebook: list, show, lint, test, lock, new, docs, schema.", no_args_is_help=True)
rules.command("list")(list_)
rules.command("show")(show)
rules.command("lint")(lint)
rules.command("test")(prove)
rules.command("lock")(lock)
rules.command("new")(new)
rules.command("docs")(docs)
rules.command("schema")(schema)

__all__ = ["rules"]
