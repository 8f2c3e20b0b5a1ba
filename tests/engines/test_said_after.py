"""What a rule says of itself is the same before and after its conditions have become part of a query."""

from datetime import date

from auditor.engines.compiler import compile_rule
from auditor.engines.conditions import condition_cards
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import load

CLOCK = Clock(first=date(2026, 12, 1), last=date(2026, 12, 31), as_of=date(2026, 12, 31))


def test_a_condition_and_what_it_needs_are_told_alike_before_and_after_the_rule_is_compiled() -> None:
    rules = load().rules
    settings = {rule.rule_id: Setting(scope=rule.scope, clock=CLOCK) for rule in rules}
    before = {rule.rule_id: condition_cards(rule, settings[rule.rule_id]) for rule in rules}
    statements = {rule.rule_id: compile_rule(rule, settings[rule.rule_id]).statement() for rule in rules}
    assert any(column.needed for cards in before.values() for card in cards for column in card.columns)
    for rule in rules:
        assert condition_cards(rule, settings[rule.rule_id]) == before[rule.rule_id]
        assert compile_rule(rule, settings[rule.rule_id]).statement() == statements[rule.rule_id]
