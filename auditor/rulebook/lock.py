"""`rules.lock`: what each rule was when somebody last looked at it, so that no rule changes unnoticed.

A line a rule: its id, its kind, its version and the hash of its logic. The logic is all of the file but its tests and
comments; the version counts how often it changed. The file is plain lines rather than YAML so that a change to one rule
is one line of a diff. A draft is not locked: it runs nowhere. A retired rule keeps its file, and so its line.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.core.document import Entries, Items, Scalar, Value
from auditor.core.errors import RuleError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.rulebook.model import Rule

LOCK_NAME = "rules.lock"
_TITLE = (
    "# Written by `auditor rules lock`. A line a rule: id, kind, version, sha256 of all but its tests and comments.\n"
)
_RENEW = "if it is meant: auditor rules lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A rule as it was locked; `version` is 1 or more, `location` the line of the lock file."""

    rule_id: str
    kind: str
    version: int
    logic: str
    location: Location | None = None

    def __str__(self) -> str:
        return f"{self.rule_id} {self.kind} {self.version} {self.logic}"


def logic_of(document: Entries) -> str:
    """The sha256 of a rule's canonical form: its values as written, without tests, comments, places and key order."""
    plain = {key: _plain(value) for key, value in document.items() if key != "tests"}
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def lock_beside(path: Path) -> Path | None:
    """The lock that watches over a rule file or a folder of them: the nearest at or above it."""
    place = path.resolve()
    folders = (place, *place.parents) if place.is_dir() else place.parents
    return next((lock for folder in folders if (lock := folder / LOCK_NAME).is_file()), None)


def read_lock(path: Path, shown_as: str) -> tuple[dict[str, Locked], list[Problem]]:
    """The locked rules by id, and what is wrong with the file."""
    found: dict[str, Locked] = {}
    problems: list[Problem] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Problem(f"cannot be read: {error}", Location(shown_as), code="R001")]
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place, words = Location(shown_as, number, 1, line), line.split()
        if len(words) != 4 or not words[2].isdecimal() or int(words[2]) < 1:
            hint = "id, kind, version and hash; the lock is written by auditor rules lock, never by hand"
            problems.append(Problem("is not a line of a lock", place, hint, code="R701"))
        elif words[0] in found:
            problems.append(Problem(f"rule {words[0]} is locked twice", place, "keep one line", code="R701"))
        else:
            rule_id, kind, version, logic = words
            found[rule_id] = Locked(rule_id=rule_id, kind=kind, version=int(version), logic=logic, location=place)
    return found, problems


def changes(rules: Sequence[Rule], locked: Mapping[str, Locked], *, whole: bool) -> list[Problem]:
    """How rules differ from what was locked. `whole`: the rules are all there are, so that a missing one vanished."""
    problems = forbidden(rules, locked, whole=whole)
    for rule in rules:
        before = locked.get(rule.rule_id)
        if before is None:
            if rule.status != "draft":
                message = f"rule {rule.rule_id} is {rule.status} and not locked"
                problems.append(Problem(message, rule.location, "auditor rules lock", code="R705"))
        elif before.kind == rule.kind.name and before.logic != rule.logic:
            message = f"the logic of {rule.rule_id} is no longer that of version {before.version}"
            problems.append(Problem(message, rule.location, _RENEW, code="R704"))
    return problems


def forbidden(rules: Sequence[Rule], locked: Mapping[str, Locked], *, whole: bool) -> list[Problem]:
    """What no renewal of the lock makes right: another kind under an id, or a rule that is gone."""
    problems: list[Problem] = []
    present = {rule.rule_id: rule for rule in rules}
    for rule_id, before in sorted(locked.items()):
        rule = present.get(rule_id)
        if rule is None:
            if whole:
                near = did_you_mean(rule_id, present)
                hint = "a rule that is given up keeps its file, with status: retired and a reason"
                hint = f"{hint}; {near}" if near and near.startswith("did") else hint
                problems.append(Problem(f"rule {rule_id} has vanished", before.location, hint, code="R703"))
        elif before.kind != rule.kind.name:
            message = f"rule {rule_id} was a {before.kind} check and is a {rule.kind.name} check"
            hint = "findings are followed by the rule's id: give the new check an id of its own and retire this rule"
            problems.append(Problem(message, rule.location, hint, code="R702"))
    return problems


def renewed(rules: Iterable[Rule], locked: Mapping[str, Locked]) -> tuple[Locked, ...]:
    """The lock as it should be now, by id. Raises RuleError for what no renewal may cover up."""
    present = sorted(rules, key=lambda rule: rule.rule_id)
    if problems := forbidden(present, locked, whole=True):
        raise RuleError(problems)
    found: list[Locked] = []
    for rule in present:
        before = locked.get(rule.rule_id)
        if before is None and rule.status == "draft":
            continue
        version = 1 if before is None else before.version + (before.logic != rule.logic)
        found.append(Locked(rule_id=rule.rule_id, kind=rule.kind.name, version=version, logic=rule.logic))
    return tuple(found)


def lock_text(locked: Iterable[Locked]) -> str:
    """The lock file's contents."""
    return _TITLE + "".join(f"{entry}\n" for entry in locked)


def _plain(value: Value) -> Any:
    match value:
        case Scalar():
            return None if value.is_blank else value.value
        case Items():
            return [_plain(item) for item in value]
        case Entries():
            return {key: _plain(inner) for key, inner in value.items()}
