"""`auditor rules show`: one rule in full: what it says, on what ground, how it is worked out, when it is wrong."""

from typing import Annotated

import typer

from auditor.cli.options import Debug, Format, Lang, Overrides, RulePaths, parse_overrides


def show(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The rule's id.")],
    rules: RulePaths = None,
    set_: Overrides = None,
    lang: Lang = "zh",
    format_: Format = "text",
    debug: Debug = False,
) -> None:
    """Shows a rule: title, articles, sentence, SQL, parameters, false positives.

    Example: auditor rules show impound.transport-overdue --lang en
    """
    from auditor import rulebook
    from auditor.cli.card import card_json, card_lines
    from auditor.core.errors import UsageError
    from auditor.core.problem import Problem, did_you_mean
    from auditor.engines.cards import card

    book = rulebook.load(tuple(rules or ()), overrides=parse_overrides(set_))
    found = book.find(rule_id)
    if found is None:
        known = [rule.rule_id for rule in book.rules]
        raise UsageError(Problem(f"there is no rule {rule_id!r}", hint=did_you_mean(rule_id, known)))
    shown = card(found)
    typer.echo(card_json(shown) if format_ == "json" else "\n".join(card_lines(shown, lang)))
