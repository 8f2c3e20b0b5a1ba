"""The command line: a thin shell over the library, one file a command.

Each command imports what it needs when it is run, so that `auditor --help` does not wait for a database engine.
"""

import gc
import sys

import typer

from auditor.cli.backtest import backtest
from auditor.cli.check import check
from auditor.cli.explain import explain
from auditor.cli.failure import Failures
from auditor.cli.inspect import inspect
from auditor.cli.report import report
from auditor.cli.rules import rules
from auditor.cli.run import run
from auditor.cli.synth import synth

app = typer.Typer(
    name="auditor",
    help="Checks case records of traffic police and transport enforcement against a rulebook, each rule with its "
    "article of law.",
    epilog="Exit status: 0 passed · 1 findings at the gate, or the extract breaks its contract · 2 bad arguments, "
    "configuration or rules · 3 incomplete.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(check)
app.command()(inspect)
app.add_typer(rules, name="rules")
app.command()(explain)
app.command()(report)
app.command()(backtest)
app.command()(synth)


SELDOM = 50_000
"""New objects after which Python looks for circles among them. At its own 700 an eighth of a run is spent on that: the
SQL trees of hundreds of rules are many objects and no garbage. It pays beside `auditor.core.settled`, which leaves out
of the search what is there when the rules begin: a fifth of what that alone takes."""


def main() -> None:
    """The `auditor` command; leaves with one of the exit statuses of `auditor.core.errors`."""
    gc.set_threshold(SELDOM)
    failures = Failures()
    sys.exit(failures.status_of(lambda: app(obj=failures, standalone_mode=False)))


__all__ = ["app", "main"]
