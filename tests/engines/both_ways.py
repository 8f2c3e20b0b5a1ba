"""A rule judged the engine's quick way, read together and looked at closer, beside the plain way over all rows."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from auditor.core.period import parse_period
from auditor.core.result import Period
from auditor.engines import limits
from auditor.engines.asked import Asked
from auditor.engines.compiler import compile_rule
from auditor.engines.duckdb import of_tables
from auditor.engines.examples import _calendar, _rows  # pyright: ignore[reportPrivateUsage]
from auditor.engines.judge import judge_all, tell
from auditor.engines.judged import Data, Judged
from auditor.engines.lacks import lacking, waiting
from auditor.engines.rows import judged_rows, look_alone
from auditor.kinds.base import RowKind
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule
from auditor.rulebook.model import Example


def both_ways(rule: Rule, example: Example) -> tuple[Judged, Judged] | None:
    """(plain, quick) of a row kind over the tables of an example; None where the tables lack what the rule needs."""
    period = parse_period(example.period) if example.period else None
    first, last = (period.first, period.last) if period else (None, example.as_of)
    clock = Clock(first=first, last=last, as_of=example.as_of)
    label = Period(first=first or example.as_of, last=last, label="example")
    provided = {name: frozenset(columns) - {"times"} for name, columns in example.columns.items()}
    data = Data(columns=provided)
    setting = Setting(scope=rule.scope, clock=clock, provided=provided)
    query = compile_rule(rule, setting)
    if not isinstance(rule.kind, RowKind) or rule.combines or waiting(rule) or lacking(query, data) is not None:
        return None
    given: Mapping[str, Any] = {name: _rows(name, example) for name in example.given}
    with of_tables(given, _calendar()) as session:
        asked = Asked(rule=rule, query=query, setting=setting)
        looked = look_alone(asked, session)
        plain = tell(judged_rows(asked, looked.slices, looked.reported, label, looked.drawn))
        with patch.object(limits, "FEWEST", 0):
            quick = tell(judge_all([rule], session, data, clock, label)[rule.rule_id])
    return plain, quick


def assert_alike(rule: Rule, example: Example) -> bool:
    """Whether the rule was compared; fails where the two ways differ in a count, a picture, a finding or a row of
    evidence."""
    both = both_ways(rule, example)
    if both is None:
        return False
    plain, quick = both
    assert quick.trace is None, quick.trace
    assert (quick.result.slices, quick.findings) == (plain.result.slices, plain.findings)
    assert set(quick.evidence) == set(plain.evidence)
    counts = ("result", "tested", "ok", "violation", "unknown", "skipped", "findings", "picture")
    assert [getattr(quick.result, name) for name in counts] == [getattr(plain.result, name) for name in counts]
    return True
