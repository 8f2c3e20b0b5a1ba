"""Findings followed from run to run: the state machine, what is carried along, and what history remembers."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.errors import UsageError
from auditor.core.finding import Finding, State, fingerprint, read_fingerprint
from auditor.core.followed import Retested
from auditor.core.period import month_of
from auditor.core.result import Period, Run
from auditor.core.text import Text
from auditor.ledger.follow import begin, follow, last_states, missing, must_precede, state_of
from tests.specimen import both, card, evidence, finding, record, run

OK, NOT = Retested(in_order=True, reason=both("in order")), Retested(in_order=False, reason=both("not looked at"))


def month(number: int) -> Period:
    """The 1st is May 2024."""
    return month_of(date(2024, 4, 15) + timedelta(days=30 * number))


def of(number: int, *keys: str, **changes: object) -> Run:
    """A run of that month with a finding for each key."""
    period = month(number)
    plain = replace(
        run(),
        period=period,
        as_of=period.last,
        findings=tuple(finding("repeat.same-place-time", key, period=period.label) for key in keys),
        evidence=(),
        records=(),
    )
    return replace(plain, **changes)


def chain(*runs: Run, in_order: Sequence[str] = ()) -> Run:
    """The last of the runs, each following on from the one before; the keys `in_order` are, whenever asked."""
    last = begin(runs[0])
    for one in runs[1:]:
        answers = {gone.finding_id: OK if gone.subject_id in in_order else NOT for gone in missing(one, last)}
        last = follow(one, last, answers)
    return last


def states(one: Run) -> dict[str, State]:
    return {found.subject_id: found.state for found in one.findings}


@pytest.mark.parametrize(
    ("last", "is_found", "in_order", "state"),
    [
        (None, True, False, "new"),
        ("new", True, False, "recurring"),
        ("recurring", True, False, "recurring"),
        ("reopened", True, False, "recurring"),
        ("not_retested", True, False, "recurring"),
        ("resolved", True, False, "reopened"),
        ("new", False, True, "resolved"),
        ("not_retested", False, True, "resolved"),
        ("reopened", False, False, "not_retested"),
        ("not_retested", False, False, "not_retested"),
        ("resolved", False, True, None),
        ("resolved", False, False, None),
        (None, False, True, None),
    ],
)
def test_the_state_follows_from_the_last_one_and_from_what_was_seen(
    last: State | None, is_found: bool, in_order: bool, state: State | None
) -> None:
    assert state_of(last, is_found=is_found, in_order=in_order) == state


def test_a_first_run_has_its_own_history_and_all_is_new() -> None:
    first = begin(of(1, "A", "B"))
    assert states(first) == {"A": "new", "B": "new"}
    assert (first.chain, {(entry.period, entry.state) for entry in first.history}) == ((), {("2024-05", "new")})
    assert len(first.history) == 2


def test_what_came_back_after_three_runs_is_reopened_then_recurring() -> None:
    """Found in May, in order in June, no longer spoken of in July, found again in August and September."""
    runs = [of(1, "A"), of(2), of(3), of(4, "A"), of(5, "A")]
    so_far = [states(chain(*runs[:length], in_order=["A"])) for length in range(1, 6)]
    assert so_far == [{"A": "new"}, {"A": "resolved"}, {}, {"A": "reopened"}, {"A": "recurring"}]


def test_what_was_never_tested_stays_however_long_and_recurs_when_found() -> None:
    runs = [of(1, "A"), of(2), of(3), of(4, "A")]
    so_far = [states(chain(*runs[:length])) for length in range(1, 5)]
    assert so_far == [{"A": "new"}, {"A": "not_retested"}, {"A": "not_retested"}, {"A": "recurring"}]


def test_a_carried_finding_is_as_it_was_with_its_reason_and_the_period_it_was_found_in() -> None:
    before = of(1, "A")
    after = chain(before, of(2), of(3))
    [carried] = after.findings
    assert carried == replace(before.findings[0], state="not_retested", state_reason=NOT.reason)
    assert (carried.carried, carried.period, after.period.label) == (True, "2024-05", "2024-07")


def with_rows(one: Run) -> Run:
    """Its first finding rests on row 7, and there is such a row."""
    return replace(one, evidence=(evidence(one.findings[0], "K1", 7),), records=(record("K1", 7),))


def test_a_row_of_the_very_same_file_keeps_its_name() -> None:
    after = chain(with_rows(of(1, "A")), of(2))
    assert [(row.source_file, row.source_row) for row in after.evidence] == [("cases.csv", 7)]
    assert [row.source_file for row in after.records] == ["cases.csv"]


def test_a_row_of_another_file_of_that_name_is_told_apart_by_its_period_for_good() -> None:
    may = with_rows(of(1, "A"))
    other = tuple(replace(file, sha256="ef" * 32) for file in may.inputs)
    june = replace(with_rows(of(2, "B")), inputs=other)
    june = replace(june, records=(replace(june.records[0], values={"case_id": "K1", "fine_amount": "50.00"}),))
    after = chain(may, june)
    assert sorted(row.source_file for row in after.evidence) == ["cases.csv", "cases.csv (2024-05)"]
    fines = {row.source_file: row.values["fine_amount"] for row in after.records}
    assert fines == {"cases.csv": "50.00", "cases.csv (2024-05)": "200.00"}
    july = chain(may, june, replace(of(3), inputs=other))
    assert sorted(row.source_file for row in july.evidence) == ["cases.csv", "cases.csv (2024-05)"]
    july = chain(may, june, replace(of(3), inputs=may.inputs))
    assert sorted(row.source_file for row in july.evidence) == ["cases.csv (2024-05)", "cases.csv (2024-06)"]


def test_nothing_is_carried_of_what_was_found_again_or_is_over() -> None:
    may = with_rows(of(1, "A"))
    assert chain(may, of(2, "A")).evidence == ()
    assert chain(may, of(2), of(3), in_order=["A"]).records == ()


def test_the_rule_of_a_carried_finding_is_kept_where_this_run_has_it_no_more() -> None:
    others = (card("other.rule"),)
    june = chain(of(1, "A"), of(2, cards=others))
    assert [one.rule_id for one in june.former_cards] == ["repeat.same-place-time"]
    july = chain(of(1, "A"), of(2, cards=others), of(3, cards=others))
    assert july.former_cards == june.former_cards
    assert chain(of(1, "A"), of(2)).former_cards == ()
    assert chain(of(1, "A"), of(2, cards=others), of(3, cards=others), in_order=["A"]).former_cards == ()


def test_history_has_every_run_and_says_which_rules_were_on_trial() -> None:
    trial = finding("trial.rule", "T", period="2024-05")
    may = replace(of(1, "A"), findings=(*of(1, "A").findings, trial))
    after = chain(may, of(2, "B"), in_order=["A"])
    told = {(entry.period, entry.subject_id, entry.state, entry.trial) for entry in after.history}
    assert told == {
        ("2024-05", "A", "new", False),
        ("2024-05", "T", "new", True),
        ("2024-06", "A", "resolved", False),
        ("2024-06", "B", "new", False),
        ("2024-06", "T", "not_retested", True),
    }
    assert [(one.period, one.first, one.last) for one in after.chain] == [
        ("2024-05", date(2024, 5, 1), date(2024, 5, 31))
    ]
    assert {one.as_of for one in after.history} == {date(2024, 5, 31), date(2024, 6, 30)}


# What may be compared.


@pytest.mark.parametrize("later", ["2024-05", "2024Q2", "2024"])
def test_a_baseline_must_end_before_the_period_does(later: str) -> None:
    periods = {
        "2024-05": month(1),
        "2024Q2": Period(first=date(2024, 4, 1), last=date(2024, 6, 30), label="2024Q2"),
        "2024": Period(first=date(2024, 1, 1), last=date(2024, 12, 31), label="2024"),
    }
    with pytest.raises(UsageError, match=f"the baseline is of {later}, which does not end before 2024-05 does"):
        must_precede(of(1, period=periods[later]), month(1), ("traffic_police",), "reports/x")


def test_a_baseline_that_ends_a_day_before_the_period_does_will_do() -> None:
    ends = Period(first=date(2024, 4, 1), last=date(2024, 5, 30), label="2024-04-01..2024-05-30")
    must_precede(of(1, period=ends), month(1), ("traffic_police",), "reports/x")


def test_a_baseline_of_other_agencies_is_refused_and_one_of_some_of_them_is_said() -> None:
    police = of(1)
    with pytest.raises(UsageError, match="of other agencies: traffic_police; these data are of transport"):
        must_precede(police, month(2), ("transport",), "reports/x")
    must_precede(police, month(2), ("traffic_police", "transport"), "reports/x")
    notes = follow(of(2, agencies=("traffic_police", "transport")), begin(police), {}).chain_notes
    assert [note.en for note in notes] == ["the baseline is of traffic_police, this run of traffic_police, transport"]


def test_another_rulebook_other_parameters_a_gap_and_an_overlap_are_said() -> None:
    def said(before: Run, now: Run) -> list[str]:
        return [note.en for note in follow(now, begin(before), {}).chain_notes]

    assert said(of(1), of(2)) == []
    assert said(of(1), of(3)) == ["the baseline ends on 2024-05-31: 2024-06-01 to 2024-06-30 was compared with nothing"]
    overlapping = Period(first=date(2024, 5, 31), last=date(2024, 6, 30), label="2024-05-31..2024-06-30")
    assert said(of(1), of(2, period=overlapping)) == [
        "the baseline's period 2024-05 overlaps with 2024-05-31..2024-06-30"
    ]
    assert said(of(1), of(2, rulebook_sha256="other", overrides={"a.b": "1"})) == [
        "the baseline was made with another rulebook: what a new or changed rule finds is shown as new",
        "the baseline was made with other parameters than this run",
    ]


# Against an oracle: a finding's past as a string of what each run saw, and its state as a pattern over that string.

Seen = st.sampled_from("Fox")
"""Found; not found, and in order where asked; not found, and not tested."""


def expected(past: str, now: str) -> State | None:
    """Found before and since then tested in order: over. Found before otherwise: open."""
    is_over, was_found = re.search("Fx*o[xo]*$", past) is not None, "F" in past
    if now == "F":
        return "reopened" if is_over else "recurring" if was_found else "new"
    if not was_found or is_over:
        return None
    return "resolved" if now == "o" else "not_retested"


@given(st.lists(st.lists(Seen, min_size=3, max_size=3), min_size=1, max_size=7))
def test_the_states_of_a_chain_are_those_of_the_oracle(months: list[list[str]]) -> None:
    subjects = "ABC"
    last: Run | None = None
    told: list[tuple[str, str, State]] = []
    for number, seen in enumerate(months, 1):
        now = of(number, *(key for key, saw in zip(subjects, seen, strict=True) if saw == "F"))
        if last is None:
            last = begin(now)
        else:
            answers = {
                gone.finding_id: OK if seen[subjects.index(gone.subject_id)] == "o" else NOT
                for gone in missing(now, last)
            }
            last = follow(now, last, answers)
        pasts = {key: "".join(one[place] for one in months[: number - 1]) for place, key in enumerate(subjects)}
        wanted: dict[str, State] = {}
        for key, saw in zip(subjects, seen, strict=True):
            if (state := expected(pasts[key], saw)) is not None:
                wanted[key] = state
        assert states(last) == wanted
        assert len(last.findings) == len({one.finding_id for one in last.findings})
        told.extend((now.period.label, key, state) for key, state in wanted.items())
    assert last is not None
    assert sorted((one.period, one.subject_id, one.state) for one in last.history) == sorted(told)
    last_told = {key: state for _, key, state in told}
    ids = {finding("repeat.same-place-time", key).finding_id: key for key in subjects}
    assert {ids[finding_id]: state for finding_id, state in last_states(last).items()} == last_told


# The identity in clear, read back.


@given(
    st.from_regex(r"[a-z]{1,5}\.[a-z-]{1,9}", fullmatch=True),
    st.lists(st.none() | st.text(), min_size=1, max_size=4),
    st.none() | st.text(),
)
def test_an_identity_says_what_it_was_made_of(rule_id: str, key: list[str | None], anchor: str | None) -> None:
    assert read_fingerprint(fingerprint(rule_id, key, anchor)) == (rule_id, tuple(key), anchor)


@pytest.mark.parametrize("clear", ["", "v1", "v1:a.rule", "v2:a.rule:K", "something"])
def test_an_identity_of_another_recipe_is_refused(clear: str) -> None:
    with pytest.raises(ValueError, match="no identity of the recipe v1"):
        read_fingerprint(clear)


def test_only_two_states_are_carried() -> None:
    said: dict[State, bool] = {
        "new": False,
        "recurring": False,
        "reopened": False,
        "resolved": True,
        "not_retested": True,
    }
    plain: Finding = finding("a.rule", "K")
    assert {state: replace(plain, state=state).carried for state in said} == said
    assert plain.state_reason is None and isinstance(NOT.reason, Text)
