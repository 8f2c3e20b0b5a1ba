"""The profile that maps the offices' ledgers back to the canonical tables, printed from the same description.

`data/profiles/county-sample.yaml` is this text, kept in the repository to be read; a test holds the two together.
"""

import json

from auditor.synth.ledgers import LEDGERS, Column, Ledger

NAME = "county-sample"
BLANK = ("", "-")


def text() -> str:
    """The whole profile as YAML."""
    lines = [
        "# How the offices of the made-up county export their ledgers. Written by `auditor synth`; a model for others.",
        f"profile: {NAME}",
        "title: {zh: 样例县各部门台账, en: The sample county's office ledgers}",
        "encoding: gb18030",
        f"blank: {_list(BLANK)}",
        "tables:",
    ]
    for table in dict.fromkeys(ledger.row.TABLE for ledger in LEDGERS):
        lines.append(f"  {table}:")
        for ledger in LEDGERS:
            if table == ledger.row.TABLE:
                lines += _source(ledger)
    return "\n".join(lines) + "\n"


def _source(ledger: Ledger) -> list[str]:
    lines = [f"    - files: {_list((ledger.pattern,))}"]
    if ledger.titles:
        lines.append(f"      header_row: {len(ledger.titles) + 1}")
    lines.append("      columns:")
    if ledger.domain:
        lines.append(f"        domain: {{value: {ledger.domain}}}")
    return lines + [f"        {column.name}: {_column(column)}" for column in ledger.columns]


def _column(column: Column) -> str:
    header = json.dumps(column.header, ensure_ascii=False) if set(column.header) & set("(/)") else column.header
    if column.words:
        words = ", ".join(f"{word}: {code}" for code, word in column.words.items())
        return f"{{from: {header}, words: {{{words}}}}}"
    if column.formats and not column.cell:
        return f"{{from: {header}, format: {_list(column.formats)}}}"
    return header


def _list(values: tuple[str, ...]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
