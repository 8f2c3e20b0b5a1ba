"""`auditor rules docs`: the rulebook as pages to read and to link to."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug, RulePaths


def docs(
    rules: RulePaths = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder for the pages.", show_default=False)
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option("--index", metavar="FILE", help="The index alone, linked to the rule files.", show_default=False),
    ] = None,
    debug: Debug = False,
) -> None:
    """Writes the catalogue in Markdown: a page a rule and a kind, the numbered problems, an index by plan item.

    Example: auditor rules docs --out reports/catalogue
    """
    from auditor import rulebook
    from auditor.cli.files import write_text
    from auditor.core.errors import UsageError
    from auditor.core.problem import Problem
    from auditor.engines.cards import card, kind_card
    from auditor.export import catalogue
    from auditor.kinds.base import kinds
    from auditor.rulebook.pages import pages

    if out is None and index is None:
        raise UsageError(Problem("nothing to write", hint="--out DIR for the pages, --index FILE for the index alone"))
    book = rulebook.load(tuple(rules or ()))
    cards = [card(rule) for rule in book.rules]
    if index is not None:
        write_text(index, catalogue.index(cards, book.plan, link=lambda shown: shown.source.partition("/")[2]))
    if out is not None:
        told = [kind_card(cls) for cls in kinds().values()]
        for name, text in catalogue.pages(cards, told, book.plan, list(pages().values())).items():
            write_text(out / name, text)
