"""Where a reading for many rules breaks, each of them is judged by itself and says the same."""

from collections.abc import Mapping, Sequence

import pytest

from auditor.engines.base import Session
from auditor.engines.duckdb import of_tables
from auditor.engines.judge import judge_all, tell
from auditor.engines.judged import Data, Judged
from auditor.engines.places import Fetched, Places, fetch
from auditor.kinds.scope import Clock
from auditor.rulebook import Rule
from tests.engines.test_judge import MAY, NO_DAYS
from tests.engines.test_shape import CASES, audited, numbered, over, profiled
from tests.kinds.spec import rule, rule_text

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
    # It asks another table, and is read by itself; no party is called like a case.
    numbered("kind: lookup\nin: cases\nmatch: {party_id: case_id}", 8),
    numbered("kind: share\nof: fine_amount > 480\nby: unit_id\nlimit: 0.01\nmin_n: 10", 9),
)


def told(rules: Sequence[Rule] = RULES) -> Mapping[str, Judged]:
    with profiled() as session:
        judged = audited(session, *rules)
        # Told while the session is open.
        assert all(one.evidence or not one.findings for one in judged.values())
        return judged


def said(judged: Mapping[str, Judged]) -> Mapping[str, object]:
    return {rule_id: (one.result, one.findings, one.evidence) for rule_id, one in judged.items()}


def test_what_is_said_here_is_worth_comparing() -> None:
    with profiled() as session:
        judged = audited(session, *RULES)
    assert [one.result.violation for one in judged.values()] == [72, 0, 2, 2, 2, 0, 32, CASES, 1]


@pytest.mark.parametrize("reading", ["scan", "fetch"])
def test_a_reading_that_breaks_changes_nothing(reading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    together, broke = told(), list[str]()
    assert all(one.trace is None for one in together.values())

    def broken(*_: object) -> None:
        broke.append(reading)
        raise MemoryError(reading)

    monkeypatch.setattr(f"auditor.engines.judge.{reading}", broken)
    apart = told()
    assert said(apart) == said(together)
    assert broke == [reading]
    # Nobody need wonder why it took so long: the trace is kept of each rule that had to be judged by itself.
    assert any(one.trace is not None and reading in one.trace for one in apart.values())


@pytest.mark.parametrize(
    ("rules", "few", "with_others"),
    [
        ((*RULES[:7], RULES[8]), CASES, True),
        ((*RULES[:7], RULES[8]), CASES - 1, False),
        ((*RULES[:8], RULES[8]), CASES - 1, True),
    ],
    ids=["few enough", "one too many", "no more than others"],
)
def test_rows_of_a_group_are_fetched_with_others_or_by_themselves(
    rules: Sequence[Rule], few: int, with_others: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share of the last rule is over all 4,000 rows, and rule 8 asks about as many."""
    together, fetched = told(rules), set[int]()

    def watched(found: Sequence[Places], session: Session) -> Fetched | None:
        read = fetch(found, session)
        fetched.update({} if read is None else read.parts)
        return read

    monkeypatch.setattr("auditor.engines.judge.fetch", watched)
    monkeypatch.setattr("auditor.engines.places.FEW", few)
    assert said(told(rules)) == said(together)
    assert (len(rules) - 1 in fetched) is with_others


@pytest.mark.parametrize("bits", [1, 2, 3, 5])
def test_marks_fill_as_many_numbers_as_they_need(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight marks of the rows that are fetched, so many of them in one number."""
    together = told()
    monkeypatch.setattr("auditor.engines.places._BITS", bits)
    apart = told()
    assert said(apart) == said(together)
    assert all(one.trace is None for one in apart.values())


@pytest.mark.parametrize(
    ("check", "rows"),
    [
        ("kind: check\nfail_when: certainty = 'violation'", 20),
        ("kind: share\nof: certainty = 'violation'\nby: unit_id\nlimit: 0.01\nmin_n: 2", 40),
    ],
)
def test_rows_that_the_program_made_are_fetched_like_others(check: str, rows: int) -> None:
    """They have no number of the engine's own; what stands for it is one without a sign."""
    loaded = rule(rule_text(check, table="findings"))
    columns = ("finding_id", "rule_id", "certainty", "level", "first_at", "unit_id")
    made: list[dict[str, str | None]] = [
        dict(zip(columns, (f"F{n}", "a.b", ("lead", "violation")[n % 2], "high", "2024-05-03", "U1"), strict=True))
        for n in range(40)
    ]
    clock = Clock(first=MAY.first, last=MAY.last, as_of=MAY.last)
    with of_tables({"findings": (columns, made)}, NO_DAYS) as session:
        [judged] = judge_all([loaded], session, Data(columns={"findings": frozenset(columns)}), clock, MAY).values()
        judged = tell(judged)
    assert judged.trace is None
    assert len(judged.evidence) == rows
