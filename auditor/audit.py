"""The audit on one page: exports in at one end, findings and a report out at the other.

exports ──intake──▶ canonical tables ──engine runs the rulebook──▶ findings ──▶ working papers · report
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from auditor.baseline import Baseline
from auditor.core.data_place import DataPlace
from auditor.core.progress import Progress, Silent
from auditor.core.result import ContractFinding, Run
from auditor.core.text import Language, Text
from auditor.engines.base import Session
from auditor.engines.cards import card
from auditor.engines.facts import agencies, names, records
from auditor.engines.judged import Data, Judged
from auditor.engines.sites import sites
from auditor.engines.together import Time, judge_together
from auditor.intake import Loaded
from auditor.kinds.scope import Clock
from auditor.ledger import papers
from auditor.opening import asked_period, county_settings, last_month_of, opened, profile_named
from auditor.output import whole_or_nothing
from auditor.rulebook import Rule, Rulebook
from auditor.rulebook import load as load_rules

_LIBRARIES = ("duckdb", "sqlglot", "ibis-framework", "pandera", "pyarrow", "scipy", "chinesecalendar")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to audit. What is left out is looked for in `auditor.yaml` beside the data, then has its default: the rules
    that come with the program, the last complete month in the data, its last day as the present."""

    data: DataPlace
    profile: Path | None = None
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    period: str | None = None
    as_of: date | None = None
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    baseline: Path | None = None
    """The folder of an earlier run that this one follows on from; without one nothing is compared."""


def audit(request: Request, progress: Progress | None = None) -> Run:
    """Runs the whole audit and returns what it came to; writes nothing outside a temporary folder.

    Raises UsageError, ProfileError or RuleError (nothing was judged) and InputError (an input was missing or
    unreadable). A rule that breaks raises nothing: it is a result of its own.
    """
    started, stopwatch = datetime.now(UTC), time.perf_counter()
    shown = progress or Silent()
    county = county_settings(request.data, request.config)
    overrides = {**county.parameters, **request.overrides}
    rulebook = load_rules(request.rules or county.rules, overrides=overrides, figures=county.figures)
    asked = asked_period(request.period or county.period)
    profile = profile_named(request.profile) or county.profile
    baseline = Baseline(request.baseline or county.baseline)
    with opened(request.data, profile, shown) as (session, loaded):
        period = asked or last_month_of(session, loaded)
        as_of = request.as_of or county.as_of or period.last
        time_ = Time(clock=Clock(first=period.first, last=period.last, as_of=as_of), period=period)
        data = Data.of(loaded)
        baseline.check(period, session, data)
        judged = _judge_all(rulebook, session, data, time_, shown)
        evidence = [row for _, outcome in judged for row in outcome.evidence]
        run = Run(
            period=period,
            as_of=as_of,
            agencies=agencies(session, loaded.columns),
            rows=loaded.rows,
            inputs=loaded.inputs,
            unread=loaded.unread,
            contract=_contract(loaded, judged),
            quarantine=loaded.quarantine,
            held=loaded.held,
            cards=tuple(card(rule, statement=outcome.statement) for rule, outcome in judged),
            results=tuple(outcome.result for _, outcome in judged),
            findings=tuple(found for _, outcome in judged for found in outcome.findings),
            evidence=tuple(evidence),
            records=records(session, loaded.columns, evidence),
            plan=rulebook.plan,
            units=names(session, loaded.columns, "units"),
            officers=names(session, loaded.columns, "officers"),
            sites=sites(session, loaded.columns),
            rulebook_sha256=rulebook.sha256,
            overrides=overrides,
            versions={"auditor": version("auditor"), **{name: version(name) for name in _LIBRARIES}},
            clock={
                "started_at": started.isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - stopwatch, 3),
                "seconds_by_rule": {rule.rule_id: round(outcome.seconds, 4) for rule, outcome in judged},
                "traces": {rule.rule_id: outcome.trace for rule, outcome in judged if outcome.trace},
            },
        )
        return papers.in_order(baseline.followed(run, judged, session, data, time_))


def write(
    run: Run,
    out: Path,
    *,
    language: Language = "zh",
    personal: bool = False,
    html: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Writes the working papers, the workbook of quarantined rows, the office ledger and the report into `out`, whole
    or not at all; an earlier run there is replaced.

    Raises UsageError where `out` holds something else than a run, OutputError where it can't be written.
    """
    from auditor.export import quarantine

    with whole_or_nothing(out) as folder:
        papers.write(run, folder)
        quarantine.write(run, folder / quarantine.FILE, language=language, personal=personal)
        if html:
            edition(run, folder, language=language, personal=personal, progress=progress or Silent())
    return out


def edition(run: Run, folder: Path, *, language: Language, personal: bool, progress: Progress) -> None:
    """The inspector's edition of a run: the office ledger and the pages. Raises OSError where it can't be written."""
    from auditor import report
    from auditor.export import ledger
    from auditor.report.ledger import office_ledger

    progress.start(Text(zh="生成台账", en="writing the ledger"), None)
    ledger.write(office_ledger(run, language=language, personal=personal), folder, language=language)
    progress.finish()
    report.render(run, folder, language=language, personal=personal, progress=progress)


def _judge_all(
    rulebook: Rulebook, session: Session, data: Data, time_: Time, progress: Progress
) -> list[tuple[Rule, Judged]]:
    rules = [rule for rule in rulebook.rules if rule.runs]
    progress.start(Text(zh="运行规则", en="Running the rules"), len(rules))
    judged = judge_together(rules, session, data, time_, progress)
    progress.finish()
    return judged


def _contract(loaded: Loaded, judged: list[tuple[Rule, Judged]]) -> tuple[ContractFinding, ...]:
    """What is wrong with tables as a whole, each once however many rules met it."""
    met = [*loaded.contract, *(found for _, outcome in judged for found in outcome.contract)]
    return tuple(dict.fromkeys(met))
