"""Composites: what different rules found about one subject, weighted, close together, in order."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.kinds.base import Count
from auditor.kinds.composite import Composite
from tests.kinds.spec import judged, load, rule, rule_text

TWO = "kind: composite\nrules: [r.one, r.two, r.three]\nby: officer_id\n"
WEIGHED = "kind: composite\nrules: {r.one: 3, r.two: 1, r.three: 1}\nby: officer_id\n"


def findings(*rows: tuple[str, str, str]) -> dict[str, str]:
    """Rows of (rule, officer, first moment)."""
    lines = ["finding_id | rule_id | officer_id | first_at"]
    lines += [f"F{number} | {rule_id} | {officer} | {at}" for number, (rule_id, officer, at) in enumerate(rows)]
    return {"findings": "\n".join(lines)}


def combined(check: str, *rows: tuple[str, str, str]) -> dict[str, str]:
    return judged(check, findings(*rows), table="findings")


def test_two_different_rules_about_one_officer() -> None:
    found = combined(
        TWO,
        ("r.one", "BOTH", ""),
        ("r.two", "BOTH", ""),
        ("r.one", "ONCE", ""),
        ("r.one", "OFTEN", ""),
        ("r.one", "OFTEN", ""),
    )
    assert found == {"BOTH": "violation", "ONCE": "ok", "OFTEN": "ok"}


def test_who_is_not_named_and_rules_that_are_not_listed_do_not_count() -> None:
    assert combined(TWO, ("r.one", "", ""), ("r.two", "", "")) == {}
    assert combined(TWO, ("r.one", "A", ""), ("r.other", "A", ""), ("r.other", "B", "")) == {"A": "ok"}


def test_the_score_is_reached_or_missed_by_one() -> None:
    rows = (("r.one", "A", ""), ("r.two", "A", ""), ("r.two", "B", ""), ("r.three", "B", ""))
    assert combined(WEIGHED, *rows) == {"A": "violation", "B": "violation"}
    assert combined(WEIGHED + "score: 4\n", *rows) == {"A": "violation", "B": "ok"}
    assert combined(WEIGHED + "score: 5\n", *rows) == {"A": "ok", "B": "ok"}


def test_what_an_audit_found_is_of_its_period_however_long_before_it_began() -> None:
    rows = findings(("r.one", "A", "2024-01-01"), ("r.two", "A", "2024-05-31 23:59"))
    assert judged(TWO, rows, table="findings", period="2024-05") == {"A": "violation"}


def test_how_many_rules_it_takes() -> None:
    rows = (("r.one", "A", ""), ("r.two", "A", ""))
    assert combined(TWO + "at_least: 3\n", *rows) == {"A": "ok"}
    assert combined(TWO + "at_least: 3\n", *rows, ("r.three", "A", "")) == {"A": "violation"}


def test_close_together_includes_the_last_minute_and_not_the_next() -> None:
    def apart(at: str) -> str:
        return combined(TWO + "within: 2 days\n", ("r.one", "A", "2024-05-01 09:00"), ("r.two", "A", at))["A"]

    assert apart("2024-05-03 09:00") == "violation"
    assert apart("2024-05-03 09:01") == "ok"
    assert apart("2024-04-29 09:00") == "violation"
    assert apart("2024-04-29 08:59") == "ok"


def test_a_window_may_begin_at_any_finding() -> None:
    rows = (("r.one", "A", "2024-05-01"), ("r.two", "A", "2024-05-10"), ("r.one", "A", "2024-05-11"))
    assert combined(TWO + "within: 1 days\n", *rows) == {"A": "violation"}


def test_in_the_order_listed() -> None:
    def ordered(first: str, second: str) -> str:
        return combined(TWO + "order: listed\n", ("r.one", "A", first), ("r.two", "A", second))["A"]

    assert ordered("2024-05-01", "2024-05-02") == "violation"
    assert ordered("2024-05-02", "2024-05-02") == "violation"
    assert ordered("2024-05-02 00:01", "2024-05-02 00:00") == "ok"


def test_a_heavier_choice_that_breaks_the_order_does_not_hide_a_lighter_one_that_keeps_it() -> None:
    rows = (("r.two", "A", "2024-05-01"), ("r.three", "A", "2024-05-02"), ("r.one", "A", "2024-05-03"))
    assert combined(WEIGHED + "order: listed\n", *rows) == {"A": "violation"}


def test_a_finding_without_a_moment_counts_only_where_time_is_not_asked_for() -> None:
    rows = (("r.one", "A", ""), ("r.two", "A", "2024-05-02"))
    assert combined(TWO, *rows) == {"A": "violation"}
    assert combined(TWO + "within: 90 days\n", *rows) == {"A": "ok"}
    assert combined(TWO + "order: listed\n", *rows) == {"A": "ok"}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (TWO.replace("[r.one, r.two, r.three]", "[r.one]"), "nothing to combine"),
        (TWO.replace("r.three", "r.one"), "listed twice"),
        (TWO + "at_least: 4\n", "only 3 rules are named"),
        (TWO + "at_least: 1\n", "must be 2 or more"),
        (TWO + "score: 4\n", "all rules together weigh 3"),
        (TWO + "within: 1 months\n", "must be in minutes, hours or days"),
        (WEIGHED.replace("r.two: 1", "r.two: 0.5"), "must be a whole number of 1 or more"),
        (WEIGHED.replace("r.two: 1", "r.two: 0"), "must be a whole number of 1 or more"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="findings"))
    assert [problem for problem in problems if fault in problem.message]


def test_it_goes_over_findings_and_nothing_else() -> None:
    _, problems = load(rule_text(TWO, table="cases"))
    assert [problem for problem in problems if "goes over the table findings, not cases" in problem.message]


def test_the_numbers_of_a_finding() -> None:
    kind = rule(rule_text(WEIGHED, table="findings")).kind
    assert isinstance(kind, Composite)
    rows = [("r.one", "F1", 2), ("r.one", "F2", 1), ("r.three", "F3", 4)]
    (verdict,) = kind.conclude(
        [Count(subject="A", stratum=(name, id_, ""), n=n, k=n) for name, id_, n in rows]
    ).verdicts
    assert verdict.flagged and verdict.value == 4 and verdict.n == 7
    assert verdict.p_value is None and verdict.q_value is None and verdict.expected is None
    assert verdict.facts == {
        "score": "4",
        "rules": "r.one +3 (n=2), r.three +1 (n=1)",
        "rules_count": "2",
        "findings": "3",
        "least": "2",
        "of_rules": "3",
    }


def test_what_could_not_be_placed_in_time_is_said() -> None:
    kind = rule(rule_text(TWO + "order: listed\n", table="findings")).kind
    assert isinstance(kind, Composite)
    counts = [Count(subject="A", stratum=("r.one", "F1", ""), n=2, k=2)]
    assert [note.en for note in kind.conclude(counts).notes] == ["1 findings have no moment and were not combined"]
    assert kind.conclude([]).notes == ()


WEIGHTS = {"r.one": 3, "r.two": 1, "r.three": 1}
Found = tuple[str, datetime | None]


def expected(found: Iterable[Found], *, score: int, within: int | None, listed: bool) -> str:
    """By trying every choice of one finding from every set of two or three rules."""
    timed = within is not None or listed
    for size in (2, 3):
        for rules in combinations(WEIGHTS, size):
            choices = [
                [at for name, at in found if name == rule_id and not (timed and at is None)] for rule_id in rules
            ]
            for moments in product(*choices):
                known = [at for at in moments if at is not None]
                if within is not None and max(known) - min(known) > timedelta(hours=within):
                    continue
                if listed and known != sorted(known):
                    continue
                if sum(WEIGHTS[rule_id] for rule_id in rules) >= score:
                    return "violation"
    return "ok"


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([*WEIGHTS, "r.other"]), st.sampled_from(["A", ""]), st.none() | st.integers(0, 30)),
        max_size=8,
    ),
    score=st.integers(2, 5),
    within=st.none() | st.integers(1, 20),
    listed=st.booleans(),
)
def test_agrees_with_trying_every_choice(
    rows: list[tuple[str, str, int | None]], score: int, within: int | None, listed: bool
) -> None:
    base = datetime(2024, 5, 1)
    check = f"{WEIGHED}score: {score}\norder: {'listed' if listed else 'any'}\n"
    check += "" if within is None else f"within: {within} hours\n"
    written = [(name, who, "" if at is None else f"{base + timedelta(hours=at)}") for name, who, at in rows]
    found = [
        (name, None if at is None else base + timedelta(hours=at)) for name, who, at in rows if who and name in WEIGHTS
    ]
    verdict = combined(check, *written)
    assert verdict == ({"A": expected(found, score=score, within=within, listed=listed)} if found else {})


OTHERS = "kind: composite\nrules: {r.one: 3}\nothers: 1\nby: officer_id\n"


def test_others_count_with_their_weight_however_they_are_named() -> None:
    rows = (("r.one", "A", ""), ("r.new", "A", ""), ("r.new", "B", ""), ("r.old", "B", ""), ("r.new", "C", ""))
    assert combined(OTHERS, *rows) == {"A": "violation", "B": "violation", "C": "ok"}
    assert combined(OTHERS + "score: 4\n", *rows) == {"A": "violation", "B": "ok", "C": "ok"}


def test_without_a_finding_of_a_rule_that_must_nothing_is_listed() -> None:
    rows = (("r.one", "A", ""), ("r.new", "A", ""), ("r.new", "B", ""), ("r.old", "B", ""), ("r.one", "C", ""))
    assert combined(OTHERS + "must: [r.one]\n", *rows) == {"A": "violation", "B": "ok", "C": "ok"}
    assert combined(TWO + "must: [r.three]\n", ("r.one", "A", ""), ("r.two", "A", "")) == {"A": "ok"}


def test_what_must_be_found_is_among_the_rules_and_others_have_no_order() -> None:
    for wrong, said in (
        (TWO + "must: [r.four]", "r.four is not among"),
        (OTHERS + "order: listed", "have no place in an order"),
    ):
        _, problems = load(rule_text(wrong, table="findings"))
        assert any(said in problem.message for problem in problems), wrong
