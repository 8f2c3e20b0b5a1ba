"""The rulebook: rule files read, checked and put together, with the plan that they implement."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.core.errors import RuleError
from auditor.core.places import shipped
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.rulebook.figures import Figures, read_figures
from auditor.rulebook.loader import read_rule
from auditor.rulebook.lock import changes, lock_beside, read_lock
from auditor.rulebook.model import Example, Rule, Rulebook, Subject
from auditor.rulebook.parameters import unknown_overrides
from auditor.rulebook.plan import COVERAGE, PLAN, read_plan

__all__ = ["Example", "Rule", "Rulebook", "Subject", "lint", "load"]

_NOT_RULES = {PLAN, COVERAGE}
_UNREADY = {"draft": "a draft", "trial": "on trial", "retired": "retired"}


def load(
    paths: Sequence[Path] = (), *, overrides: Mapping[str, str] | None = None, figures: Sequence[Path] = ()
) -> Rulebook:
    """The rules under the paths (files, or folders searched to any depth); with none, the county's that are shipped.

    `overrides` maps `rule id.parameter` to a value; `figures` are the county's own tables of figures of the law.
    Raises RuleError with every problem of every file.
    """
    rulebook, _, problems = _read(paths, overrides or {}, read_figures(figures))
    if problems:
        raise RuleError(problems)
    return rulebook


def lint(paths: Sequence[Path] = ()) -> list[Problem]:
    """All that is wrong with the rules under the paths; empty where they load and are as they were locked."""
    rulebook, sources, problems = _read(paths, {}, read_figures())
    return problems or _unlocked(rulebook, sources, [path.resolve() for path in paths or (shipped("rules"),)])


def _unlocked(rulebook: Rulebook, sources: Mapping[str, Path], given: Sequence[Path]) -> list[Problem]:
    """How the rules differ from the locks that lie in or above the given places."""
    problems: list[Problem] = []
    watching = {rule_id: lock_beside(path) for rule_id, path in sources.items()}
    for lock in sorted({found for path in given if (found := lock_beside(path))} | {*filter(None, watching.values())}):
        locked, found = read_lock(lock, f"{lock.parent.name}/{lock.name}")
        rules = [rule for rule in rulebook.rules if watching[rule.rule_id] == lock]
        whole = any(path == lock.parent or path in lock.parent.parents for path in given)
        problems += found or changes(rules, locked, whole=whole)
    return problems


def _read(
    paths: Sequence[Path], overrides: Mapping[str, str], figures: Figures
) -> tuple[Rulebook, dict[str, Path], list[Problem]]:
    home = shipped("rules")
    plan = read_plan(home)
    items = {item.item for item in plan}
    rules: dict[str, Rule] = {}
    sources: dict[str, Path] = {}
    problems: list[Problem] = []
    for path, shown_as in _files(paths or (home,), problems):
        rule, found = read_rule(path, shown_as, overrides, figures)
        problems += found
        if rule is None:
            continue
        if rule.rule_id in rules:
            first = rules[rule.rule_id].location.file
            problems.append(Problem(f"rule id {rule.rule_id!r} is taken", rule.location, f"by {first}", code="R110"))
        for item in rule.covers:
            if item not in items:
                hint = did_you_mean(item, items)
                problems.append(Problem(f"the plan has no item {item!r}", rule.location, hint, code="R111"))
        rules[rule.rule_id] = rule
        sources[rule.rule_id] = path
    # A file that does not load has told no id: what it broke is said first.
    for rule in rules.values() if not problems else ():
        problems += _combined(rule, rules, lock_beside(sources[rule.rule_id]))
    if not problems:
        known = {rule.rule_id: rule.parameters for rule in rules.values()}
        problems += unknown_overrides(overrides, known)
    ordered = tuple(rules[rule_id] for rule_id in sorted(rules))
    digest = hashlib.sha256("\n".join(f"{rule.rule_id} {rule.sha256}" for rule in ordered).encode()).hexdigest()
    return Rulebook(rules=ordered, plan=plan, sha256=digest), sources, problems


def _combined(rule: Rule, rules: Mapping[str, Rule], lock: Path | None) -> list[Problem]:
    """What is wrong with the rules whose findings it combines. One that is not loaded, but locked beside it or with the
    rules that come with the program, is only not here."""
    found: list[Problem] = []
    locks = {path for path in (lock, lock_beside(shipped("rules"))) if path is not None and rule.combines}
    locked = {rule_id for path in locks for rule_id in read_lock(path, path.name)[0]}
    for rule_id in rule.kind.rests_on:
        other = rules.get(rule_id)
        if other is None and rule_id not in locked:
            hint = did_you_mean(rule_id, rules) or "name the file or folder of that rule, too"
            found.append(Problem(f"there is no rule {rule_id!r} to combine", rule.location, hint, code="R112"))
        elif other is not None and other.combines:
            hint = "combine the rules that it combines"
            found.append(Problem(f"rule {rule_id} combines findings itself", rule.location, hint, code="R113"))
        elif other is not None and rule.status == "active" and other.status in _UNREADY:
            hint = "an active rule can rest on active ones only"
            found.append(Problem(f"rule {rule_id} is {_UNREADY[other.status]}", rule.location, hint, code="R113"))
    return found


def _files(paths: Sequence[Path], problems: list[Problem]) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*.yaml") if file.name not in _NOT_RULES)
            if not inside:
                problems.append(Problem("holds no rule file", Location(str(path)), code="R011"))
            found += [(file, f"{path.name}/{file.relative_to(path).as_posix()}") for file in inside]
        elif path.is_file():
            found.append((path, path.name))
        else:
            problems.append(Problem("there is no such file or folder of rules", Location(str(path)), code="R012"))
    return found
