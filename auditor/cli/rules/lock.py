"""`auditor rules lock`: takes down what each rule is now, so that no later change goes unnoticed."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug


def lock(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="A folder of rules.", show_default="the county's")
    ] = None,
    debug: Debug = False,
) -> None:
    """Writes the folder's rules.lock and says what changed. Exits 2 where a rule vanished or changed its kind.

    Example: auditor rules lock rules
    """
    from auditor import rulebook
    from auditor.cli.files import write_text
    from auditor.core.errors import RuleError, UsageError
    from auditor.core.places import shipped
    from auditor.core.problem import Location, Problem
    from auditor.rulebook.lock import LOCK_NAME, lock_text, read_lock, renewed

    home = folder or shipped("rules")
    if not home.is_dir():
        raise UsageError(Problem("is not a folder of rules", Location(str(home))))
    path = home / LOCK_NAME
    before, problems = read_lock(path, f"{home.name}/{LOCK_NAME}") if path.exists() else ({}, [])
    if problems:
        raise RuleError(problems)
    after = renewed(rulebook.load((home,)).rules, before)
    write_text(path, lock_text(after))
    for entry in after:
        known = before.get(entry.rule_id)
        if known is None:
            typer.echo(f"new      {entry.rule_id}")
        elif known.version != entry.version:
            typer.echo(f"changed  {entry.rule_id}: version {known.version} → {entry.version}")
    typer.echo(f"{len(after)} rules locked in {path}")
