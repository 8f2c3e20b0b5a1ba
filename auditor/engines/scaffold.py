"""The first draft of a rule: text that loads, with a test whose tables hold every column that the rule reads.

The expected verdicts are those that the engine gives, so that the draft's test passes from the beginning and shows
what a blank does; what they should be is for the author to work out by hand.
"""

from collections.abc import Mapping
from datetime import date
from textwrap import indent

from auditor.core.errors import RuleError, UsageError
from auditor.core.problem import Problem, did_you_mean
from auditor.core.schema import Column, Table, tables
from auditor.engines.compiler import compile_rule
from auditor.engines.examples import verdicts
from auditor.kinds.base import GroupKind, Kind, fields_of, kinds
from auditor.kinds.scope import Clock, Setting
from auditor.kinds.sql import exp
from auditor.rulebook import Rule
from auditor.rulebook.examples import VERDICTS
from auditor.rulebook.loader import parse_rule

_SAMPLES: Mapping[str, str] = {
    "string": "X1",
    "bool": "true",
    "int": "100",
    "double": "100",
    "money": "100",
    "timestamp": "2024-05-06 09:00",
    "date": "2024-05-06",
}
_AS_OF = date(2024, 5, 31)


def draft(kind: str, rule_id: str) -> str:
    """A rule file with a check of this kind. Raises UsageError where there is no such kind, RuleError for a bad id."""
    cls = kinds().get(kind)
    if cls is None:
        raise UsageError(Problem(f"there is no kind {kind!r}", hint=did_you_mean(kind, kinds())))
    if not cls.example:
        raise UsageError(Problem(f"the kind {kind!r} has no example to begin from"))
    table = tables()[cls.example_table]
    subject = _subject(cls, _text(cls, rule_id, table, table.key[0]), table)
    text = _text(cls, rule_id, table, subject)
    return text + _tests(text, table)


def check_block(cls: type[Kind]) -> str:
    """The `check:` block of the kind's example."""
    return f"check:\n  kind: {cls.name}\n{indent(cls.example.strip(), '  ')}\n"


def example_rule(cls: type[Kind]) -> Rule:
    """The rule that a draft of the kind is, without tests."""
    table = tables()[cls.example_table]
    return _loaded(_text(cls, f"example.{cls.name}", table, table.key[0]))


def _loaded(text: str) -> Rule:
    rule, problems = parse_rule(text, "the draft")
    if rule is None:
        raise RuleError(problems)
    return rule


def _subject(cls: type[Kind], text: str, table: Table) -> str:
    """Whom a finding is about: the group that is compared, or the row."""
    rule = _loaded(text)
    if isinstance(rule.kind, GroupKind):
        by = rule.kind.population(_setting(rule)).by
        first = by if isinstance(by, exp.Column) else by.find(exp.Column)
        if first is not None and first.name in table.columns:
            return first.name
    return table.key[0]


def _setting(rule: Rule) -> Setting:
    return Setting(scope=rule.scope, clock=Clock(first=None, last=_AS_OF, as_of=_AS_OF))


def _text(cls: type[Kind], rule_id: str, table: Table, subject: str) -> str:
    lead = issubclass(cls, GroupKind)
    unit = ", unit: unit_id" if "unit_id" in table.columns and subject != "unit_id" else ""
    said = ("线索：{%s}", "Lead: {%s}") if lead else ("{%s}", "{%s}")
    optional = [
        f"  # {name}: …  # {spec.how}: {spec.doc.en}\n"
        for name, spec in fields_of(cls).items()
        if not spec.required and f"{name}:" not in cls.example
    ]
    return (
        f"id: {rule_id}\n"
        f'title: {{zh: "待写：{cls.name} 规则的标题", en: "to be written: what the {cls.name} rule finds"}}\n'
        "covers: []\n"
        "level: medium\n"
        f"certainty: {'lead' if lead else 'violation'}\n"
        "status: draft\n"
        "basis:\n"
        "  # mark: V read in full text, V2 from a secondary source, P a default of this project, never printed as law\n"
        "  - law: 项目默认阈值\n"
        "    article: 待写\n"
        "    says:\n"
        '      zh: "待写：本项目的处理方式，或者条文的内容"\n'
        '      en: "to be written: this project\'s choice, or the article"\n'
        "    mark: P\n"
        'why: {zh: "待写：为什么要查", en: "to be written: why it matters"}\n'
        "false_positives:\n"
        '  - {zh: "待写：可能的合理解释", en: "to be written: an innocent explanation"}\n'
        "verify:\n"
        '  - {zh: "待写：核查时先看什么", en: "to be written: what a person looks at first"}\n'
        "\n"
        f"table: {table.name}\n"
        f"{check_block(cls)}{''.join(optional)}"
        f"subject: {{type: {subject.removesuffix('_id')}, id: {subject}{unit}}}\n"
        f"key: [{subject}]\n"
        "message:\n"
        f'  zh: "{said[0] % subject}"\n'
        f'  en: "{said[1] % subject}"\n'
    )


def _tests(text: str, table: Table) -> str:
    """A test of the rule in the text: the tables that it reads, and the verdicts that come of them."""
    rule = _loaded(text)
    needs = compile_rule(rule, _setting(rule)).needs
    given = "".join(
        _given(tables()[name], needs[name], table, rule)
        for name in sorted(needs, key=lambda name: (name == table.name, name))
        if name != "workdays"
    )
    test = (
        "\n"
        "tests:\n"
        "  # The verdicts below are what the program says: work them out by hand, and add the row on the limit,\n"
        "  # the row just past it, and one that `where` leaves out.\n"
        "  - name: a full row and a blank one\n"
        f"    as_of: {_AS_OF}\n"
        f"    given:\n{given}"
        "    expect:"
    )
    tested = _loaded(f"{text}{test} {{}}\n")
    found = verdicts(tested, tested.examples[0])
    if not found:
        return f"{test} {{}}\n"
    by_verdict = {verdict: [key for key, said in found.items() if said == verdict] for verdict in VERDICTS}
    listed = [f"      {verdict}: [{', '.join(keys)}]\n" for verdict, keys in by_verdict.items() if keys]
    return f"{test}\n{''.join(listed)}"


def _given(described: Table, needed: frozenset[str], own: Table, rule: Rule) -> str:
    """A small table: its key, what is needed of it and, for the rule's own, what places a row in a period."""
    placed = described.at if described.name == own.name else ()
    columns = list(dict.fromkeys([*described.key, *placed, *sorted(needed)])) or list(described.required)
    rows = [columns, [_sample(described.columns[column], own, rule) for column in columns]]
    if described.name == own.name:
        rows.append(["A2" if column == own.key[0] else "" for column in columns])
    return f"      {described.name}: |\n{indent(_aligned(rows), ' ' * 8)}"


def _sample(column: Column, table: Table, rule: Rule) -> str:
    if column.name == table.key[0]:
        return "A1"
    if column.name == "rule_id" and rule.kind.rests_on:
        return rule.kind.rests_on[0]
    return next(iter(column.codes)) if column.codes else _SAMPLES[column.type]


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(len(line[number]) for line in lines) for number in range(len(lines[0]))]
    return "".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )
