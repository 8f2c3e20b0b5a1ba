"""A rule over the past: what it would have flagged in each of the last months, before anybody switches it on.

Each month is judged as its own audit would have: reported for its days, as of its last one, with nothing later looked
at. What it cannot undo are corrections: it reads the export of today, with whatever was entered or mended since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.config import Config
from auditor.core.backtest import Backtest, Value
from auditor.core.data_place import DataPlace
from auditor.core.errors import InputError, RuleError, UsageError
from auditor.core.period import last_complete_month, months_until
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.progress import Progress, Silent
from auditor.core.text import Language, Text
from auditor.engines.facts import latest_day, names
from auditor.engines.past import Past
from auditor.opening import county_settings, opened, profile_named
from auditor.output import whole_or_nothing
from auditor.rulebook import Rule
from auditor.rulebook import load as load_rules

SIGN = "backtest.json"
"""The file by which a folder is known to hold an earlier backtest."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which rule to try, on which data, over how many months.

    `overrides` (`rule.parameter`: value) and `vary` (a parameter and its values) are of the rule alone: the version at
    `against`, a rule file or a folder, has its own defaults and what the county set. A draft is tried like any rule.
    """

    rule_id: str
    data: DataPlace
    months: int = 12
    vary: tuple[str, tuple[str, ...]] | None = None
    against: Path | None = None
    profile: Path | None = None
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])


def backtest(question: Question, progress: Progress | None = None) -> Backtest:
    """Loads the data once and runs every version of the rule over every month.

    Raises as `auditor.audit.audit` does; a rule that breaks in a month is that month's result.
    """
    shown = progress or Silent()
    county = county_settings(question.data, question.config)
    rule = _as_set(question, county)
    varied = _varied(question, county, rule)
    other = None if question.against is None else _other(question.against, question.rule_id, county)
    others = _others(question, county, rule)
    profile = profile_named(question.profile) or county.profile
    with opened(question.data, profile, shown) as (session, loaded):
        days = latest_day(session, loaded.columns)
        if days is None:
            raise InputError("no row of the data has a date, so there are no months to look back on")
        months = months_until(last_complete_month(*days), question.months, days[0])
        past = Past(session, loaded, months, shown)
        versions = 1 + len(varied) + (other is not None)
        shown.start(Text(zh="逐月回测", en="Looking back"), versions * len(months))
        ran = past.run(rule, others)
        values = tuple(
            Value(value=value, as_set=version.parameters == rule.parameters, tried=past.run(version, others).tried)
            for value, version in varied
        )
        comparison = None if other is None else past.compare(ran, past.run(other, others))
        shown.finish()
        return Backtest(
            first=days[0],
            last=days[1],
            asked=question.months,
            months=tuple(month.label for month in months),
            tried=ran.tried,
            varied=question.vary[0] if question.vary else None,
            values=values,
            comparison=comparison,
            inputs=loaded.inputs,
            contract=tuple(dict.fromkeys((*loaded.contract, *past.contract))),
            units=names(session, loaded.columns, "units"),
        )


def write(result: Backtest, out: Path, *, language: Language = "zh") -> Path:
    """Writes the page and backtest.json into `out`, whole or not at all; an earlier backtest there is replaced.

    Raises UsageError where `out` holds something else, OutputError where it can't be written.
    """
    from auditor.export.backtest import render as as_json
    from auditor.report.backtest_page import render as as_page

    with whole_or_nothing(out, SIGN) as folder:
        (folder / SIGN).write_text(as_json(result), encoding="utf-8", newline="\n")
        as_page(result, folder, language=language)
    return out


def _as_set(question: Question, county: Config) -> Rule:
    """The rule with the parameters that the county and the question set."""
    strangers = [target for target in question.overrides if target.rpartition(".")[0] != question.rule_id]
    if strangers:
        hint = f"set parameters of {question.rule_id}: no other rule is run"
        raise UsageError([Problem("is not of the rule tried", Location(f"--set {name}"), hint) for name in strangers])
    return _rule(question.rules or county.rules, question.rule_id, _own(question, county), county.figures)


def _varied(question: Question, county: Config, rule: Rule) -> list[tuple[str, Rule]]:
    """The rule with one parameter at each value. Raises with every value that the parameter may not have."""
    if question.vary is None:
        return []
    name, values = question.vary
    target, place = f"{rule.rule_id}.{name}", Location(f"--vary {name}")
    if name not in (known := [parameter.name for parameter in rule.parameters]):
        hint = did_you_mean(name, known) or f"{rule.rule_id} has no parameters"
        raise UsageError(Problem(f"rule {rule.rule_id} has no parameter {name!r}", place, hint))
    if target in question.overrides:
        raise UsageError(Problem(f"{name} is set and varied at once", place, f"leave out --set {target}"))
    if not values or len(set(values)) < len(values):
        raise UsageError(Problem("needs values that differ", place, "write --vary limit=20 days,30 days,40 days"))
    found: list[tuple[str, Rule]] = []
    problems: list[Problem] = []
    for value in values:
        overrides = {**_own(question, county), target: value}
        try:
            found.append((value, _rule(question.rules or county.rules, rule.rule_id, overrides, county.figures)))
        except RuleError as error:
            typed, given = Location(f"--set {target}"), Location(f"--vary {name}={value}")
            problems += [problem.at(given) if problem.location == typed else problem for problem in error.problems]
    if problems:
        raise RuleError(problems)
    return found


def _other(path: Path, rule_id: str, county: Config) -> Rule:
    """The version to compare with, as the county would run it."""
    plain = _rule((path,), rule_id, {}, county.figures, Location("--against"))
    known = {f"{rule_id}.{parameter.name}" for parameter in plain.parameters}
    theirs = {name: value for name, value in county.parameters.items() if name in known}
    return _rule((path,), rule_id, theirs, county.figures)


def _others(question: Question, county: Config, rule: Rule) -> tuple[Rule, ...]:
    """The rules whose findings the rule may combine, as the county runs them; none for a rule over the data."""
    if not rule.combines:
        return ()
    return load_rules(question.rules or county.rules, overrides=county.parameters, figures=county.figures).rules


def _own(question: Question, county: Config) -> dict[str, str]:
    """What the county and the question set of the rule."""
    of_the_rule = {n: value for n, value in county.parameters.items() if n.rpartition(".")[0] == question.rule_id}
    return {**of_the_rule, **question.overrides}


def _rule(
    paths: Sequence[Path],
    rule_id: str,
    overrides: Mapping[str, str],
    figures: Sequence[Path],
    place: Location | None = None,
) -> Rule:
    book = load_rules(paths, overrides=overrides, figures=figures)
    found = book.find(rule_id)
    if found is None:
        hint = did_you_mean(rule_id, [rule.rule_id for rule in book.rules])
        raise UsageError(Problem(f"there is no rule {rule_id!r}", place, hint))
    return found
