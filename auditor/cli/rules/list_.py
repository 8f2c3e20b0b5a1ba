"""`auditor rules list`: every rule of the rulebook in a line."""

import json

import typer

from auditor.cli.options import Debug, Format, Lang, RulePaths


def list_(rules: RulePaths = None, lang: Lang = "zh", format_: Format = "text", debug: Debug = False) -> None:
    """Lists the rules with their level, certainty, status and the plan items they cover.

    Example: auditor rules list --lang en
    """
    from auditor import rulebook
    from auditor.cli.console import console, table
    from auditor.report.labels import CERTAINTY, LEVEL, STATUS

    book = rulebook.load(tuple(rules or ()))
    if format_ == "json":
        listed = [
            {
                "rule_id": rule.rule_id,
                "title": rule.title.to_dict(),
                "covers": list(rule.covers),
                "level": rule.level,
                "certainty": rule.certainty,
                "status": rule.status,
                "source": rule.location.file,
            }
            for rule in book.rules
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    rows = table("", "", "", "", "", "")
    for rule in book.rules:
        rows.add_row(
            rule.rule_id,
            ", ".join(rule.covers),
            LEVEL[rule.level].word.in_(lang),
            CERTAINTY[rule.certainty].word.in_(lang),
            STATUS[rule.status].in_(lang),
            rule.title.in_(lang),
        )
    console().print(rows)
