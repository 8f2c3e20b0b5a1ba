"""Specification tests of kinds: a check block and small tables in, the verdict on every row out."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from auditor.core.problem import Problem
from auditor.core.schema import tables
from auditor.engines.examples import verdicts
from auditor.rulebook.loader import read_rule
from auditor.rulebook.model import Rule
from tests.engines.both_ways import assert_alike

HEADER = """\
id: test.rule
title: {zh: 试验规则, en: a rule under test}
covers: []
level: medium
certainty: violation
status: trial
basis: [{law: 试验法, article: 第一条, says: {zh: 试验, en: test}}]
why: {zh: 试验, en: test}
false_positives: [{zh: 无, en: none}]
verify: [{zh: 无, en: none}]
message: {zh: 试验, en: test}
"""


def rule_text(check: str, *, table: str, extra: str = "") -> str:
    key, subject = tables()[table].key[0], table[:-1]
    return (
        f"{HEADER}table: {table}\nsubject: {{type: {subject}, id: {key}}}\nkey: [{key}]\n"
        f"{extra}check:\n{indent(check.strip(), '  ')}\n"
    )


def load(text: str) -> tuple[Rule | None, list[Problem]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rule.yaml"
        path.write_text(text, encoding="utf-8")
        return read_rule(path, "rule.yaml", {})


def rule(text: str) -> Rule:
    loaded, problems = load(text)
    assert loaded is not None, "\n".join(problem.render() for problem in problems)
    return loaded


def judged(
    check: str,
    given: dict[str, str],
    *,
    table: str = "cases",
    extra: str = "",
    as_of: str = "2024-05-31",
    period: str | None = None,
) -> dict[str, str]:
    """The verdict on every row by its key."""
    tables = "".join(f"      {name}: |\n{indent(rows.strip(), ' ' * 8)}\n" for name, rows in given.items())
    when = f"    period: {period}\n" if period else ""
    tests = (
        f"tests:\n  - name: given\n    as_of: {date.fromisoformat(as_of)}\n{when}    given:\n{tables}    expect: {{}}\n"
    )
    loaded = rule(rule_text(check, table=table, extra=extra) + tests)
    found = verdicts(loaded, loaded.examples[0])
    assert_alike(loaded, loaded.examples[0])
    return found


def of(found: dict[str, str], verdict: str) -> list[str]:
    """The keys that got a verdict, sorted."""
    return sorted(key for key, said in found.items() if said == verdict)
