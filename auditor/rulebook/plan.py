"""The items of the rectification plan: every one keeps a row, whether a rule covers it or not."""

from pathlib import Path

from auditor.core.document import Entries, read
from auditor.core.errors import RuleError
from auditor.core.result import PlanItem
from auditor.core.text import Text
from auditor.rulebook.header import Header


def read_plan(path: Path, shown_as: str) -> tuple[PlanItem, ...]:
    """The items in the order of the file. Raises RuleError where the file is wrong."""
    document, problems = read(path, shown_as)
    if document is None or not isinstance(document, Entries):
        raise RuleError(problems)
    found: list[PlanItem] = []
    for item, value in document.items():
        if not isinstance(value, Entries):
            continue
        header = Header(value, f"item {item}")
        header.problems += value.unknown_keys({"title", "detectability", "severity", "core", "note"}, f"item {item}")
        found.append(
            PlanItem(
                item=item,
                title=header.text("title") or Text(zh=item, en=item),
                detectability=header.word("detectability") or "",
                severity=header.word("severity") or "",
                core=header.word("core", needed=False) == "yes",
                note=header.text("note", needed=False),
            )
        )
        problems += header.problems
    if problems:
        raise RuleError(problems)
    return tuple(found)
