"""A rule's own tests, run by the same compiler and engine as an audit.

The traps that let a test pass without testing are closed: a column that the rule reads must be in the small tables, and
every row must be expected under some verdict, so that a row nobody thought of is a failure.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any

import duckdb
from sqlglot import exp

from auditor.core.period import parse_period
from auditor.core.problem import Location
from auditor.core.schema import tables
from auditor.engines.compiler import compile_rule
from auditor.engines.counts import read_counts
from auditor.engines.duckdb import DuckSession, of_tables
from auditor.engines.query import Query
from auditor.kinds import sql
from auditor.kinds.base import GroupKind
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Example, Rule

_TIMES = "times"
_VERDICTS = ("violation", "ok", "unknown", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleOutcome:
    """How one test of a rule went; `difference` is empty where it passed."""

    rule_id: str
    name: str
    passed: bool
    difference: str
    location: Location


def run_examples(rules: Iterable[Rule]) -> tuple[ExampleOutcome, ...]:
    """Every test of the rules, in order."""
    return tuple(_run(rule.variants.get(example.name, rule), example) for rule in rules for example in rule.examples)


def verdicts(rule: Rule, example: Example) -> dict[str, str]:
    """The verdict on every row of a test by the row's key, or on every subject of a statistical rule.

    Raises ExampleError where the small tables lack what the rule reads, or hold a value that is not of its type.
    """
    setting = setting_of(rule, example)
    provided = setting.provided or {}
    query = compile_rule(rule, setting)
    missing = [f"the test gives no table {name}" for name in sorted(query.needs) if name not in {*provided, "workdays"}]
    missing += [
        f"the test's table {name} lacks the column {column}, which the rule reads"
        for name, columns in sorted(query.needs.items())
        if name in provided
        for column in sorted(columns - provided[name])
    ]
    if missing:
        raise ExampleError("\n".join(missing))
    try:
        with opened(example) as session:
            return _verdicts(rule, query, session)
    except duckdb.ConversionException as error:
        raise ExampleError(f"a value is not of its column's type: {str(error).splitlines()[0]}") from error


def setting_of(rule: Rule, example: Example) -> Setting:
    """What the rule may know when it judges the test's tables."""
    first, last = _span(example)
    return Setting(
        scope=rule.scope,
        clock=Clock(first=first, last=last, as_of=example.as_of),
        date_precision=_date_precision(example),
        provided={name: frozenset(columns) - {_TIMES} for name, columns in example.columns.items()},
    )


def opened(example: Example) -> AbstractContextManager[DuckSession]:
    """A session that holds the test's tables."""
    return of_tables({name: _rows(name, example) for name in example.given}, _calendar())


class ExampleError(ValueError):
    """A test that cannot be run as it is written."""


@cache
def _calendar() -> Mapping[str, Sequence[Any]]:
    from auditor.intake.store.workdays import workdays

    days, working, announced = workdays({})
    ordinal = list(accumulate(int(day) for day in working))
    return {"day": days, "is_workday": working, "announced": announced, "ordinal": ordinal}


def _run(rule: Rule, example: Example) -> ExampleOutcome:
    try:
        difference = "\n".join(_difference(verdicts(rule, example), example))
    except ExampleError as error:
        difference = str(error)
    return ExampleOutcome(
        rule_id=rule.rule_id,
        name=example.name,
        passed=not difference,
        difference=difference,
        location=example.location,
    )


def _difference(found: Mapping[str, str], example: Example) -> Iterator[str]:
    expected = {key: verdict for verdict in _VERDICTS for key in example.expect.get(verdict, ())}
    for key in sorted({*expected, *found}):
        if key not in found:
            yield f"{key}: expected {expected[key]}, but there is no such row in the period"
        elif key not in expected:
            yield f"{key}: came out {found[key]}, and the test expects nothing of it"
        elif found[key] != expected[key]:
            yield f"{key}: expected {expected[key]}, came out {found[key]}"


def _span(example: Example) -> tuple[date | None, date]:
    if example.period is None:
        return None, example.as_of
    period = parse_period(example.period)
    return (None, example.as_of) if period is None else (period.first, period.last)


def _date_precision(example: Example) -> frozenset[str]:
    """The moments of which the small tables write only the day, as an export without times does."""
    return frozenset(
        f"{name}.{column}"
        for name, rows in example.given.items()
        for column in example.columns[name]
        if column != _TIMES and tables()[name].columns[column].type == "timestamp"
        if any(len(value) == len("2024-05-31") for row in rows if (value := row[column]) is not None)
    )


def _rows(name: str, example: Example) -> tuple[Sequence[str], Sequence[Mapping[str, str | None]]]:
    """The rows with `times` multiplied out; a repeated row's key gets #1, #2 and so on."""
    columns = tuple(column for column in example.columns[name] if column != _TIMES)
    found: list[Mapping[str, str | None]] = []
    keys = [column for column in tables()[name].key if column in columns]
    for row in example.given[name]:
        plain = {column: row[column] for column in columns}
        times = row.get(_TIMES)
        if times is None:
            found.append(plain)
            continue
        for number in range(1, int(times) + 1):
            found.append({**plain, **{key: f"{plain[key]}#{number}" for key in keys if plain[key] is not None}})
    return columns, found


def _verdicts(rule: Rule, query: Query, session: DuckSession) -> dict[str, str]:
    if isinstance(rule.kind, GroupKind) and query.counts is not None:
        conclusion = read_counts(query, session, named=sys.maxsize).concluded(rule.kind)
        judged = {verdict.subject: "violation" if verdict.flagged else "ok" for verdict in conclusion.verdicts}
        return judged | {left.subject_id: "unknown" for left in conclusion.not_judged}
    rows = exp.select(sql.column("row_key"), sql.column("verdict")).from_(query.judged.subquery("j"))
    looked_at = sql.either(sql.column("in_period"), sql.column("reported"))
    return {str(row["row_key"]): str(row["verdict"]) for row in session.rows(rows.where(looked_at))}
