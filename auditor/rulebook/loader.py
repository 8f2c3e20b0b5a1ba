"""From a rule file to a `Rule`, or to all that is wrong with it: each problem with its place, line and nearest name."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from auditor.core.document import Entries, Scalar, Value, parse, read
from auditor.core.fact import FactType
from auditor.core.finding import Certainty, Level
from auditor.core.problem import Problem, did_you_mean
from auditor.core.result import Status
from auditor.core.schema import Table, tables
from auditor.core.text import Text
from auditor.core.words import placeholders, plurals
from auditor.kinds.reading import Reader
from auditor.kinds.scope import Scope, With
from auditor.kinds.sql import Expr
from auditor.rulebook.examples import read_examples
from auditor.rulebook.figures import Figures, read_figures
from auditor.rulebook.header import Header
from auditor.rulebook.lock import logic_of
from auditor.rulebook.model import Example, Rule, Subject
from auditor.rulebook.parameters import read_parameters

KEYS = {
    "id", "title", "covers", "level", "certainty", "status", "reason", "basis", "why", "false_positives", "verify",
    "table", "with", "where", "at", "params", "check", "subject", "key", "message", "tests",
}  # fmt: skip
NEEDED = KEYS - {"covers", "reason", "with", "where", "at", "params", "tests"}
ALWAYS_KNOWN = ("n_cases", "first_at", "last_at")
"""Facts that every finding has."""


def read_rule(
    path: Path, shown_as: str, overrides: Mapping[str, str], figures: Figures | None = None
) -> tuple[Rule | None, list[Problem]]:
    """The rule in a file; None where anything is wrong with it."""
    document, problems = read(path, shown_as)
    if document is None:
        return None, problems
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return _checked(document, problems, digest, overrides, figures or read_figures())


def parse_rule(text: str, shown_as: str) -> tuple[Rule | None, list[Problem]]:
    """Like `read_rule`, from text."""
    document, problems = parse(text, shown_as)
    if document is None:
        return None, problems
    return _checked(document, problems, hashlib.sha256(text.encode()).hexdigest(), {}, read_figures())


def _checked(
    document: Value, problems: list[Problem], digest: str, overrides: Mapping[str, str], figures: Figures
) -> tuple[Rule | None, list[Problem]]:
    if not isinstance(document, Entries):
        return None, [*problems, Problem("a rule is a mapping", document.location, code="R005")]
    header = Header(document, "a rule")
    header.problems += problems + document.unknown_keys(KEYS, "a rule")
    rule = _rule(header, digest, overrides, figures)
    if rule is None or header.problems:
        return None, _in_order(header.problems)
    variants: dict[str, Rule] = {}
    for example in rule.examples:
        if example.parameters:
            changed = {f"{rule.rule_id}.{name}": value for name, value in example.parameters.items()}
            again = Header(document, "a rule")
            variant = _rule(again, digest, {**overrides, **changed}, figures)
            known = {parameter.name for parameter in rule.parameters}
            unknown = [
                Problem(f"no parameter {name!r}", example.location, did_you_mean(name, known), code="R504")
                for name in example.parameters
                if name not in known
            ]
            # What a test sets is not on the command line: its complaints belong to the test.
            set_here = [
                problem.at(example.location) if problem.location and problem.location.line is None else problem
                for problem in again.problems
            ]
            problems += set_here + unknown
            if variant is not None:
                variants[example.name] = variant
    return (None if problems else replace(rule, variants=variants)), _in_order(problems)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """As a reader meets them who goes through the file from its top."""

    def place(problem: Problem) -> tuple[int, int]:
        found = problem.location
        return (found.line or 0, found.column or 0) if found else (0, 0)

    return sorted(problems, key=place)


def _rule(header: Header, digest: str, overrides: Mapping[str, str], figures: Figures) -> Rule | None:
    rule_id = header.rule_id()
    parameters = read_parameters(header, rule_id, overrides, figures)
    table = _table(header)
    title, why, message = header.text("title"), header.text("why"), header.text("message")
    level, certainty = header.one_of("level", Level), header.one_of("certainty", Certainty)
    status = header.one_of("status", Status)
    covers, basis = header.words("covers", needed=False), header.articles("basis")
    false_positives, verify = header.texts("false_positives"), header.texts("verify")
    reason = header.text("reason", needed=status == "retired")
    examples = read_examples(header)
    key = header.words("key")
    check = header.need("check")
    if table is None or check is None or title is None or why is None or message is None:
        return None
    scope = Scope(
        table=table,
        joined=_withs(header, table),
        parameters={parameter.name: parameter.value for parameter in parameters},
    )
    reader = Reader(scope)
    where, at = _expression(header, reader, "where"), _expression(header, reader, "at")
    kind = reader.kind(check)
    header.problems += reader.problems
    subject = _subject(header, table)
    _known_columns(header, table, "key", key)
    if kind is None or subject is None:
        return None
    scope = replace(scope, joined={**scope.joined, **kind.brings()})
    _check_message(header, message, scope, {name: spec.type for name, spec in kind.fact_specs.items()})
    if status == "active":
        _two_sided(header, examples)
    return Rule(
        rule_id=rule_id,
        title=title,
        covers=covers,
        level=cast(Level, level),
        certainty=cast(Certainty, certainty),
        status=cast(Status, status),
        reason=reason,
        basis=basis,
        why=why,
        false_positives=false_positives,
        verify=verify,
        scope=scope,
        where=where,
        at=at,
        kind=kind,
        subject=subject,
        key=key,
        message=message,
        parameters=parameters,
        examples=examples,
        location=header.entries.location,
        check_location=header.entries.keys["check"],
        sha256=digest,
        logic=logic_of(header.entries),
    )


def _table(header: Header) -> Table | None:
    name = header.word("table")
    if name is None:
        return None
    if name not in tables():
        place = header.entries.values["table"].location
        header.wrong(place, f"unknown table {name!r}", did_you_mean(name, tables()), code="R201")
    return tables().get(name)


def _withs(header: Header, table: Table) -> dict[str, With]:
    found: dict[str, With] = {}
    written = header.mapping("with")
    for alias, value in written.items() if written else ():
        place = written.keys[alias] if written else value.location
        if alias in tables() or not alias.isidentifier():
            hint = "choose a word that is no table's name"
            header.wrong(place, f"{alias!r} cannot name a register", hint, code="R206")
        elif (with_ := _with(header, alias, value, table)) is not None:
            found[alias] = with_
    return found


def _with(header: Header, alias: str, value: Value, table: Table) -> With | None:
    if not isinstance(value, Entries):
        header.wrong(value.location, "a register is named {table: …, match: […], valid_at: …}")
        return None
    inner = Header(value, f"the register {alias}")
    inner.problems += value.unknown_keys({"table", "match", "valid_at"}, f"the register {alias}")
    register, match = _table(inner), inner.need("match")
    valid_at = inner.word("valid_at", needed=False)
    reader = Reader(Scope(table=table))
    pairs = reader.match(match, register) if register is not None and match is not None else ()
    if valid_at is not None and valid_at not in table.columns:
        hint = did_you_mean(valid_at, table.columns)
        place = value.values["valid_at"].location
        inner.wrong(place, f"table {table.name} has no column {valid_at!r}", hint, code="R203")
    if valid_at is not None and register is not None and register.valid is None:
        place = value.values["valid_at"].location
        inner.wrong(place, f"table {register.name} has no validity in time", code="R207")
    header.problems += inner.problems + reader.problems
    if register is None or not pairs:
        return None
    return With(alias=alias, table=register, match=pairs, valid_at=valid_at)


def _expression(header: Header, reader: Reader, key: str) -> Expr | None:
    value = header.entries.get(key)
    if value is None:
        return None
    if not isinstance(value, Scalar):
        header.wrong(value.location, f"`{key}` must be one SQL expression")
        return None
    return reader.expression(value, condition=key == "where")


def _subject(header: Header, table: Table) -> Subject | None:
    written = header.mapping("subject", needed=True)
    if written is None:
        return None
    inner = Header(written, "subject")
    inner.problems += written.unknown_keys({"type", "id", "unit"}, "subject")
    type_, id_, unit = inner.word("type"), inner.word("id"), inner.word("unit", needed=False)
    for key, name in (("id", id_), ("unit", unit)):
        if name is not None:
            _known_columns(inner, table, key, (name,))
    header.problems += inner.problems
    return Subject(type=type_, id=id_, unit=unit) if type_ and id_ else None


def _known_columns(header: Header, table: Table, key: str, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in table.columns:
            place = header.entries.values[key].location
            hint = did_you_mean(name, table.columns)
            header.wrong(place, f"table {table.name} has no column {name!r}", hint, code="R203")


def _check_message(header: Header, message: Text, scope: Scope, facts: Mapping[str, FactType]) -> None:
    known = [*scope.names(), *facts, *ALWAYS_KNOWN, *scope.parameters]
    written = header.entries.values["message"]
    for language, template in message.to_dict().items():
        place = written.values[language].location if isinstance(written, Entries) else written.location
        try:
            names = placeholders(template)
        except ValueError as error:
            header.wrong(place, f"the message's braces don't close: {error}", code="R108")
            continue
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                header.wrong(place, f"the message names {{{name}}}, which no finding has", hint, code="R109")
        for name, forms in plurals(template):
            alias, _, column = name.rpartition(".")
            described = scope.find(column, alias or None)
            type_ = facts.get(name) or (described.type if described else None)
            if language != "en":
                header.wrong(place, f"{{{name}:{forms}}} has forms of a noun, which only English has", code="R114")
            elif [bool(form.strip()) for form in forms.split("|")] != [True, True]:
                header.wrong(place, f"{{{name}:{forms}}} needs two forms, as in {{{name}:case|cases}}", code="R114")
            elif name != "n_cases" and name in known and type_ != "int":
                header.wrong(place, f"{{{name}:{forms}}}: only a whole number has forms of its noun", code="R114")


def _two_sided(header: Header, examples: tuple[Example, ...]) -> None:
    expected = {verdict for example in examples for verdict, keys in example.expect.items() if keys}
    for verdict in ("violation", "ok"):
        if verdict not in expected:
            place = header.entries.keys.get("tests", header.entries.location)
            header.wrong(place, f"an active rule needs a test that expects `{verdict}`", code="R603")
