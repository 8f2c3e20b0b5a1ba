"""What a rule says of its registers: the rows that two are in force of on one day for one thing."""

from sqlglot import exp

from auditor.core.result import ContractFinding
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.core.text import Text
from auditor.engines.base import Session
from auditor.engines.query import Query
from auditor.rulebook import Rule


def contradicted(rule: Rule, query: Query, session: Session) -> tuple[ContractFinding, ...]:
    """For each register of the rule the rows that it did not use, each being contradicted by another; `session` should
    ask a question once, as rules share registers."""
    found = [_clash(rule, alias, clash, session) for alias, clash in query.clashes.items()]
    return tuple(clash for clash in found if clash is not None)


def _clash(rule: Rule, alias: str, clash: exp.Select, session: Session) -> ContractFinding | None:
    rows = [f"{row[SOURCE_FILE]}:{row[SOURCE_ROW]}" for row in session.rows(clash)]
    if not rows:
        return None
    with_ = rule.scope.joined[alias]
    names = ", ".join(theirs for _, theirs in with_.match)
    label = with_.table.label
    return ContractFinding(
        table_name=with_.table.name,
        check="two_in_force",
        text=Text(
            zh=f"“{label.zh}”中有 {len(rows)} 行在同一天对同一 {names} 同时有效，规则未采用这些行",
            en=f"{len(rows)} rows of {label.en} are in force on one day for one {names}; no rule used them",
        ),
        rows=tuple(sorted(rows)),
    )
