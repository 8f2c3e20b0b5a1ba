"""However a rule is judged, read together with others or by itself, it comes to the same: shown on its own tests."""

import pytest

from auditor.rulebook import Rule, load
from tests.engines.both_ways import assert_alike

RULES = load().rules
MOST = 8
"""Rules of a kind that are compared: the kinds' own tests compare every trait of theirs as well."""

KINDS = sorted({rule.kind.name for rule in RULES if not rule.combines})


@pytest.mark.parametrize("kind", KINDS)
def test_the_quick_way_comes_to_what_the_plain_way_comes_to(kind: str) -> None:
    rules: list[Rule] = [rule for rule in RULES if rule.kind.name == kind][:MOST]
    compared = sum(
        assert_alike(rule.variants.get(example.name, rule), example) for rule in rules for example in rule.examples
    )
    assert compared or kind in {"peer", "share", "disparity", "shift", "network", "bunching"}
