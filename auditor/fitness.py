"""Rules held against the extract that they are to run over: what an audit of it could not do, said before it is run.

A window that the extract cuts off at its beginning is an error: the rule would run and see too little without anybody
noticing. A rule whose table or column the extract doesn't have is none: a county without that export never has it, and
its audit lists the rule as not run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.config import Config
from auditor.core.data_place import DataPlace
from auditor.core.duration import Duration
from auditor.core.problem import Location, Problem
from auditor.core.progress import Progress, Silent
from auditor.core.result import Period
from auditor.core.text import Text
from auditor.engines.base import Session
from auditor.engines.compiler import compile_rule
from auditor.engines.history import ShortHistory, short_history
from auditor.engines.judged import Data
from auditor.engines.lacks import lacking
from auditor.engines.together import needed_for
from auditor.kinds.base import fields_of
from auditor.kinds.scope import Clock, Setting
from auditor.opening import asked_period, county_settings, last_month_of, opened, profile_named
from auditor.rulebook import Rule
from auditor.rulebook import load as load_rules


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Which data the rules are to run over, and how; what is left out is found as an audit finds it."""

    data: DataPlace
    profile: Path | None = None
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    period: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Fitness:
    """What came of it, for the `rules` that an audit of the period runs, by their ids' order.

    `unfit` cannot give what they say over this extract; `not_run` lack a table or column: an audit passes them over.
    """

    period: Period
    rules: int
    unfit: tuple[Problem, ...]
    not_run: tuple[Problem, ...]


def fitness(extract: Extract, progress: Progress | None = None) -> Fitness:
    """Loads the data and holds every rule that runs against it; judges no row.

    Raises as `auditor.audit.audit` does: UsageError, ProfileError, RuleError, InputError.
    """
    shown = progress or Silent()
    county = county_settings(extract.data, extract.config)
    rules = _as_set(extract, county)
    asked = asked_period(extract.period or county.period)
    profile = profile_named(extract.profile) or county.profile
    with opened(extract.data, profile, shown) as (session, loaded):
        period = asked or last_month_of(session, loaded)
        clock = Clock(first=period.first, last=period.last, as_of=county.as_of or period.last)
        data = Data.of(loaded)
        return _held_against(rules, session, data, clock, period, shown)


def _as_set(extract: Extract, county: Config) -> list[Rule]:
    """The rules that run, as the county set them; of rules that were named, with what it set of these alone."""
    theirs = county.parameters
    if extract.rules:
        known = {rule.rule_id for rule in load_rules(extract.rules, figures=county.figures).rules}
        theirs = {name: value for name, value in theirs.items() if name.rpartition(".")[0] in known}
    overrides = {**theirs, **extract.overrides}
    book = load_rules(extract.rules or county.rules, overrides=overrides, figures=county.figures)
    return [rule for rule in book.rules if rule.runs]


def _held_against(
    rules: Sequence[Rule], session: Session, data: Data, clock: Clock, period: Period, progress: Progress
) -> Fitness:
    unfit: dict[str, Problem] = {}
    not_run: dict[str, Problem] = {}
    progress.start(Text(zh="核对规则与数据", en="Holding the rules against the data"), len(rules))
    for rule in sorted(rules, key=lambda rule: rule.combines):
        if rule.combines:
            combined = [one.rule_id for one in needed_for(rule, rules)[:-1]]
            if all(rule_id in not_run for rule_id in combined):
                not_run[rule.rule_id] = _not_run(rule, "none of the rules that it combines is run")
        else:
            _hold(rule, session, data, clock, unfit, not_run)
        progress.advance()
    progress.finish()
    return Fitness(
        period=period,
        rules=len(rules),
        unfit=tuple(unfit[rule_id] for rule_id in sorted(unfit)),
        not_run=tuple(not_run[rule_id] for rule_id in sorted(not_run)),
    )


def _hold(
    rule: Rule, session: Session, data: Data, clock: Clock, unfit: dict[str, Problem], not_run: dict[str, Problem]
) -> None:
    setting = Setting(scope=rule.scope, clock=clock, date_precision=data.date_precision, provided=data.columns)
    try:
        missing = lacking(compile_rule(rule, setting), data)
    except ValueError as error:
        hint = f"give the extract one of {', '.join(rule.scope.table.at)}" if rule.scope.table.at else None
        said = f"cannot be run over this extract: {error}"
        unfit[rule.rule_id] = Problem(said, rule.check_location, hint, code="R803")
        return
    if missing is not None:
        not_run[rule.rule_id] = _not_run(rule, missing.en)
    elif (short := short_history(rule, session, setting)) is not None:
        unfit[rule.rule_id] = _short(rule, short, clock)


def _short(rule: Rule, short: ShortHistory, clock: Clock) -> Problem:
    """A shorter window helps only where there is something before the period to look at."""
    table = rule.scope.table.name
    instead = "audit a later period with --period"
    if clock.first is not None and short.begins < clock.first:
        windows = [f"with --set {rule.rule_id}.{name}=…" for name in _windows(rule)]
        instead = f"shorten its window {' or '.join(windows) or 'in the rule file'}"
    return Problem(
        f"looks back to {short.needed}, but {table} begin on {short.begins}: the window is cut at its beginning",
        rule.check_location,
        f"load {table} from {short.needed} on, or {instead}",
        code="R801",
    )


def _windows(rule: Rule) -> list[str]:
    """The parameters that a length of time in the rule's check is set by, as far as their value tells."""
    specs = fields_of(type(rule.kind)).values()
    values = [getattr(rule.kind, spec.attribute) for spec in specs if spec.how == "duration"]
    lengths = {str(value) for value in values if isinstance(value, Duration)}
    return [parameter.name for parameter in rule.parameters if parameter.value in lengths]


def _not_run(rule: Rule, why: str) -> Problem:
    return Problem(f"not run: {why}", Location(rule.check_location.file, rule.check_location.line), code="R802")
