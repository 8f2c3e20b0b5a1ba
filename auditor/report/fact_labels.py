"""What the facts of a finding are called."""

from auditor.core.fact import Fact
from auditor.core.masks import described
from auditor.core.result import RuleCard
from auditor.core.text import Text


def fact_label(fact: Fact, card: RuleCard | None) -> Text:
    """The column's label, or what the rule calls the fact; where a fact of its own name repeats a column, both."""
    column = fact.column or ""
    known, own = column_label(column), None if card is None else card.facts.get(fact.name)
    if known is None:
        return own or plain_label(fact.name)
    if own is None or column.rpartition(".")[2] == fact.name.rpartition(".")[2]:
        return known
    return Text(zh=f"{own.zh}（{known.zh}）", en=f"{own.en} ({known.en})")


def column_label(column: str) -> Text | None:
    """The label of `table.column`; None of what is no column of a table."""
    table, _, name = column.rpartition(".")
    known = described(table, name)
    return None if known is None else known.label


def plain_label(name: str) -> Text:
    return Text(zh=name, en=name.replace("_", " "))
