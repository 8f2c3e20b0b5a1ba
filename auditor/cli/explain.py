"""`auditor explain`: one finding of a run, with all that it rests on."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug, Format, Lang, Personal


def explain(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="A finding's id, or the beginning of it.")],
    run: Annotated[Path, typer.Option("--run", metavar="DIR", help="A folder that `auditor run` wrote.")],
    lang: Lang = "zh",
    format_: Format = "text",
    show_personal_data: Personal = False,
    debug: Debug = False,
) -> None:
    """Explains one finding and shows its rows.

    The facts, the arithmetic, each condition with its answer, the article, the SQL, and every source row with
    file and line.

    Example: auditor explain 3f9a0c --run reports/2024-05
    """
    from auditor.cli.finding import find, finding_json, finding_lines
    from auditor.export.said import Said
    from auditor.ledger import papers

    kept = papers.read(run)
    found, said = find(kept, finding), Said(kept, personal=show_personal_data)
    lines = [finding_json(kept, found, said)] if format_ == "json" else finding_lines(kept, found, said, lang)
    typer.echo("\n".join(lines))
