"""A new rule of any kind begins as a draft that loads and whose test runs."""

from pathlib import Path

import pytest

from auditor.core.errors import RuleError, UsageError
from auditor.engines.examples import run_examples
from auditor.engines.scaffold import draft
from auditor.kinds.base import fields_of, kinds
from auditor.rulebook import lint, load


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_draft_of_every_kind_loads_and_its_tests_pass(kind: str, tmp_path: Path) -> None:
    assert kinds()[kind].example, f"give the kind {kind} an `example`: the check block that a new rule begins with"
    text = draft(kind, "draft.begun")
    path = tmp_path / "draft.begun.yaml"
    path.write_text(text, encoding="utf-8")
    assert lint([path]) == []
    [rule] = load([path]).rules
    assert (rule.status, rule.kind.name, rule.rule_id) == ("draft", kind, "draft.begun")
    outcomes = run_examples([rule])
    assert [outcome.difference for outcome in outcomes] == [""]
    assert rule.examples[0].expect, "the draft's test judges nothing"
    assert draft(kind, "draft.begun") == text


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_draft_names_every_field_of_its_kind(kind: str) -> None:
    text = draft(kind, "draft.begun")
    assert [name for name in fields_of(kinds()[kind]) if f"{name}:" not in text] == []


def test_a_kind_that_is_not_there_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'deadline'"):
        draft("dedline", "a.b")


def test_a_bad_id_is_refused() -> None:
    with pytest.raises(RuleError, match="R104 'Bad' is not a rule id"):
        draft("check", "Bad")
