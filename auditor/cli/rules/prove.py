"""`auditor rules test`: the rules' own examples, run by the same engine that audits.

The file is not called `test`, so that no test collector takes it for one.
"""

import json

import typer

from auditor.cli.options import Debug, Format, JUnit
from auditor.cli.rules.lint import Paths
from auditor.core.errors import BAD_REQUEST, PASSED


def prove(paths: Paths = None, junit: JUnit = None, format_: Format = "text", debug: Debug = False) -> None:
    """Runs the tests that rules carry. Exits 2 where one fails.

    Example: auditor rules test rules/impound --junit rules.xml
    """
    from auditor import rulebook
    from auditor.cli.files import write_text
    from auditor.engines.examples import run_examples
    from auditor.export.testcase import Testcase, document

    outcomes = run_examples(rulebook.load(tuple(paths or ())).rules)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if junit:
        cases = [
            Testcase(
                group=outcome.rule_id,
                name=outcome.name,
                outcome="passed" if outcome.passed else "failure",
                message="" if outcome.passed else f"{outcome.location}: not as expected",
                details=tuple(outcome.difference.splitlines()),
            )
            for outcome in outcomes
        ]
        write_text(junit, document("auditor rules", cases))
    if format_ == "json":
        listed = [
            {
                "rule_id": outcome.rule_id,
                "name": outcome.name,
                "passed": outcome.passed,
                "difference": outcome.difference,
                "location": str(outcome.location),
            }
            for outcome in outcomes
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for outcome in outcomes:
            typer.echo(f"{'pass' if outcome.passed else 'FAIL'}  {outcome.rule_id}: {outcome.name}")
            if not outcome.passed:
                typer.echo(f"      {outcome.location}")
                for line in outcome.difference.splitlines():
                    typer.echo(f"      {line}")
        typer.echo(f"{len(outcomes)} tests, {len(failed)} failed")
    raise typer.Exit(BAD_REQUEST if failed else PASSED)
