"""The items of the rectification plan: every one keeps a row, whether a rule covers it or not."""

from pathlib import Path

from auditor.core.document import Entries, read
from auditor.core.errors import RuleError
from auditor.core.problem import Problem, did_you_mean
from auditor.core.result import PlanItem
from auditor.core.text import Text
from auditor.rulebook.header import Header

PLAN = "plan.yaml"
COVERAGE = "coverage.yaml"


def read_plan(folder: Path) -> tuple[PlanItem, ...]:
    """The items in the order of `plan.yaml`, with what `coverage.yaml` says of those that records show in part or not
    at all. Raises RuleError where either file is wrong."""
    unseen, problems = _unseen(folder / COVERAGE)
    document, found_in_plan = read(folder / PLAN, f"{folder.name}/{PLAN}")
    problems += found_in_plan
    found: list[PlanItem] = []
    for item, value in document.items() if isinstance(document, Entries) else ():
        if not isinstance(value, Entries):
            continue
        header = Header(value, f"item {item}")
        header.problems += value.unknown_keys({"title", "detectability", "severity", "core"}, f"item {item}")
        said = unseen.get(item)
        found.append(
            PlanItem(
                item=item,
                title=header.text("title") or Text(zh=item, en=item),
                detectability=header.word("detectability") or "",
                severity=header.word("severity") or "",
                core=header.word("core", needed=False) == "yes",
                unseen=said.text("unseen") if said else None,
                instead=said.text("instead") if said else None,
            )
        )
        problems += header.problems
    known = {item.item for item in found}
    for item, said in unseen.items():
        if item not in known:
            hint = did_you_mean(item, known)
            problems.append(Problem(f"the plan has no item {item!r}", said.entries.location, hint, code="R111"))
        problems += said.problems
    if problems:
        raise RuleError(problems)
    return tuple(found)


def _unseen(path: Path) -> tuple[dict[str, Header], list[Problem]]:
    """Per item, what records cannot show of it and what to do instead."""
    document, problems = read(path, f"{path.parent.name}/{path.name}")
    found: dict[str, Header] = {}
    for item, value in document.items() if isinstance(document, Entries) else ():
        if isinstance(value, Entries):
            header = Header(value, f"the entry {item}")
            header.problems += value.unknown_keys({"unseen", "instead"}, f"the entry {item}")
            found[item] = header
        else:
            message = "an entry is written {unseen: {zh: …, en: …}, instead: {zh: …, en: …}}"
            problems.append(Problem(message, value.location, code="R103"))
    return found, problems
