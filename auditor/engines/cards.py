"""A rule in words, for whoever reads a finding without the rulebook at hand; and a kind, for whoever writes one."""

import dataclasses
import inspect
from datetime import date

from auditor.core.catalogue import FieldCard, KindCard
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.engines.compiler import compile_rule
from auditor.engines.conditions import condition_cards
from auditor.engines.scaffold import check_block, example_rule
from auditor.kinds.base import FieldSpec, Kind, fields_of
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule

_ALWAYS = {
    "n_cases": Text(zh="涉及记录数", en="rows concerned"),
    "first_at": Text(zh="最早一次", en="first"),
    "last_at": Text(zh="最近一次", en="last"),
}
_DAY = date(2026, 12, 31)


def card(rule: Rule, *, statement: str | None = None) -> RuleCard:
    """The rule's card. Without `statement` the SQL is that over data with every column, on a day made up."""
    setting = Setting(scope=rule.scope, clock=Clock(first=_DAY.replace(day=1), last=_DAY, as_of=_DAY))
    query = compile_rule(rule, setting)
    needs = [f"{table}.{column}" for table, columns in query.needs.items() for column in columns]
    return RuleCard(
        rule_id=rule.rule_id,
        title=rule.title,
        covers=rule.covers,
        level=rule.level,
        certainty=rule.certainty,
        status=rule.status,
        kind=rule.kind.name,
        table=rule.scope.table.name,
        basis=rule.basis,
        why=rule.why,
        false_positives=rule.false_positives,
        verify=rule.verify,
        parameters=rule.parameters,
        message=rule.message,
        arithmetic=tuple(rule.kind.arithmetic),
        sentence=rule.sentence,
        sql=statement if statement is not None else query.statement(),
        source=rule.location.file,
        needs=tuple(sorted(needs)),
        facts={
            **_ALWAYS,
            **{set_.name: set_.doc for set_ in rule.parameters if set_.doc is not None},
            **{name: spec.doc for name, spec in rule.kind.fact_specs.items()},
        },
        key=rule.key,
        logic=rule.logic,
        conditions=condition_cards(rule, setting),
    )


def kind_card(cls: type[Kind]) -> KindCard:
    """The kind's card: its manual, its fields, and what becomes of its example."""
    rule = example_rule(cls)
    shown = card(rule)
    defaults = {declared.name: declared.default for declared in dataclasses.fields(cls)}
    return KindCard(
        name=cls.name,
        manual=inspect.getdoc(cls) or "",
        fields=tuple(
            FieldCard(
                name=name,
                form=", ".join(spec.choices) or spec.how,
                required=spec.required,
                doc=spec.doc,
                default=_default(spec, defaults[spec.attribute]),
            )
            for name, spec in fields_of(cls).items()
        ),
        facts={name: spec.doc for name, spec in cls.fact_specs.items()},
        example=check_block(cls),
        sentence=shown.sentence,
        sql=shown.sql or "",
    )


def _default(spec: FieldSpec, value: object) -> str | None:
    return None if spec.required or value is None or value == () else str(value)
