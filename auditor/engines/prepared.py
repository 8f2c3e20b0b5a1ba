"""A rule made ready to be asked of the data; one that cannot run is done with that."""

import time
from dataclasses import dataclass, replace

from auditor.core.result import RuleResult
from auditor.engines.asked import Asked
from auditor.engines.compiler import compile_rule
from auditor.engines.contradicted import contradicted
from auditor.engines.history import short_history
from auditor.engines.judged import Data, Judged, broken, noted
from auditor.engines.lacks import lacked, lacking, waiting
from auditor.engines.limits import limited
from auditor.engines.once import Once
from auditor.engines.query import Query
from auditor.engines.unfilled import unfilled
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`statement` is the SQL of the rule's verdicts as it is shown, `seconds` how long it took to make it ready."""

    asked: Asked
    statement: str
    seconds: float


def prepare(rule: Rule, once: Once, data: Data, clock: Clock) -> Prepared | Judged:
    """Never raises for what lies in the rule or the data."""
    started = time.perf_counter()
    setting = Setting(scope=rule.scope, clock=clock, date_precision=data.date_precision, provided=data.columns)
    statement: str | None = None
    try:
        query = compile_rule(rule, setting)
        statement = query.statement()
        missing = waiting(rule) or lacking(query, data)
        empty = unfilled(rule, once) if missing is None else None
        if missing is None and empty is None:
            asked = _asked(rule, query, setting, once)
            return Prepared(asked=asked, statement=statement, seconds=time.perf_counter() - started)
        reason, lacks = empty or (missing, tuple(lacked(query, data)))
        result = RuleResult(rule_id=rule.rule_id, result="not_applicable", reason=reason, lacks=lacks)
        contract = contradicted(rule, query, once) if missing is None else ()
        short = short_history(rule, once, setting)
        result = noted(result, None if short is None else short.note)
        judged = Judged(result=result, contract=contract, statement=statement)
        return replace(judged, seconds=time.perf_counter() - started)
    except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result
        return broken(rule.rule_id, error, statement, time.perf_counter() - started)


def _asked(rule: Rule, query: Query, setting: Setting, once: Once) -> Asked:
    """Compiled once more where the data make it simpler than it might be."""
    clashing = frozenset(alias for alias, clash in query.clashes.items() if once.rows(clash))
    known = limited(setting, query, once)
    if len(clashing) < len(query.clashes) or known != setting:
        query = compile_rule(rule, known, clashing=clashing)
    return Asked(rule=rule, query=query, setting=known, clashing=clashing)
