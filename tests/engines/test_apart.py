"""Where a reading for many rules breaks, each of them is judged by itself and says the same."""

from collections.abc import Mapping

import pytest

from auditor.engines.judged import Judged
from tests.engines.test_shape import audited, numbered, over, profiled

RULES = (
    over(490, 1),
    over(600, 2),
    numbered("kind: gap\nnumber: doc_no", 3),
    numbered("kind: duplicate\nsame: [party_id]", 4),
    numbered("kind: repeat\nby: [party_id]\nwindow: 24 hours", 5),
    numbered("kind: deadline\nfrom: occurred_at\nto: occurred_at\nwithin: 24 hours", 6),
    numbered(
        "kind: sql\nquery: SELECT case_id FROM cases WHERE fine_amount > 495\npopulation: fine_amount is not null", 7
    ),
)


def said() -> Mapping[str, object]:
    with profiled() as session:
        judged = audited(session, *RULES)
        return {rule_id: _all(one) for rule_id, one in judged.items()}


def _all(one: Judged) -> object:
    assert one.trace is None
    return one.result, one.findings, one.evidence


def test_what_is_said_here_is_worth_comparing() -> None:
    with profiled() as session:
        judged = audited(session, *RULES)
    assert [one.result.violation for one in judged.values()] == [72, 0, 2, 2, 2, 0, 32]


@pytest.mark.parametrize("reading", ["scan", "fetch"])
def test_a_reading_that_breaks_changes_nothing(reading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    together, broke = said(), list[str]()

    def broken(*_: object) -> None:
        broke.append(reading)
        raise MemoryError(reading)

    monkeypatch.setattr(f"auditor.engines.judge.{reading}", broken)
    assert said() == together
    assert broke == [reading]
