"""Each condition of a finding: which are asked, what was outcomes, and that the answers agree with the verdict."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from auditor.core.finding import RowPlace
from auditor.core.text import Text
from auditor.engines.cards import card
from auditor.engines.compiler import compile_rule
from auditor.engines.conditions import condition_cards, outcomes, question
from auditor.engines.examples import opened, setting_of
from auditor.kinds.base import RowKind
from auditor.rulebook import Example, Rule, load
from tests.engines.test_judge import run
from tests.kinds.spec import rule, rule_text

Told = list[tuple[str, bool | None]]


def answers(check: str, given_: Mapping[str, str], *, table: str = "cases", extra: str = "") -> dict[str, Told]:
    """Every condition of each finding's subject, in words and with its outcome; branches are set in."""
    cards = card(rule(rule_text(check, table=table, extra=extra))).conditions
    judged = run(check, given_, table=table, extra=extra)
    assert judged.trace is None, judged.trace
    return {
        found.subject_id: [
            (f"{'  ' if asked.branch else ''}{asked.text.en}", met)
            for asked, met in zip(cards, found.conditions, strict=True)
        ]
        for found in judged.findings
    }


DEAR = "kind: check\nfail_when: fine_amount > 200 or (points > 6 and officer_id is null)"
WHERE = "where: procedure = 'summary' and (outcome = 'fine' or capture = 'camera')\n"


def test_where_and_the_test_fall_into_their_parts_and_choices_into_branches() -> None:
    cases = """
        case_id | procedure | outcome | capture | fine_amount | points | officer_id | occurred_at
        BOTH    | summary   | fine    | camera  | 201         | 7      |            | 2024-05-01
        FINE    | summary   | fine    | on_site | 201         | 6      |            | 2024-05-01
        POINTS  | summary   |         | camera  | 200         | 7      |            | 2024-05-01
        BLANK   | summary   | fine    |         |             | 7      |            | 2024-05-01
    """
    found = answers(DEAR, {"cases": cases}, extra=WHERE)
    asked = [
        "procedure is summary",
        "outcome is fine, or capture is camera",
        "  outcome is fine",
        "  capture is camera",
        "fine amount is more than 200 yuan, or (points is more than 6, and officer id is not recorded)",
        "  fine amount is more than 200 yuan",
        "  points is more than 6, and officer id is not recorded",
    ]
    assert {subject: [text for text, _ in told] for subject, told in found.items()} == dict.fromkeys(found, asked)
    assert {subject: [met for _, met in told] for subject, told in found.items()} == {
        "BOTH": [True, True, True, True, True, True, True],
        "FINE": [True, True, True, False, True, True, False],
        "POINTS": [True, True, None, True, True, False, True],
        "BLANK": [True, True, True, None, True, None, True],
    }


def test_scope_and_test_are_told_apart_and_columns_are_named() -> None:
    cards = card(rule(rule_text(DEAR, table="cases", extra=WHERE))).conditions
    assert [asked.role for asked in cards] == ["scope"] * 4 + ["test"] * 3
    assert [column.column for column in cards[4].columns] == ["fine_amount", "points", "officer_id"]
    # Only whether the officer is recorded is asked: a blank does not keep that from being told.
    assert [column.needed for column in cards[4].columns] == [True, True, False]
    assert cards[0].text == Text(zh="处罚程序是简易程序", en="procedure is summary")


SCHEDULE = "with:\n  schedule: {table: penalty_schedule, match: [violation_code], valid_at: occurred_at}\n"


def test_a_register_row_that_is_missing_leaves_its_conditions_untold() -> None:
    given_ = {
        "cases": """
            case_id | violation_code | fine_amount | occurred_at
            NO_ROW  | 2              | 900         | 2024-05-01
            LISTED  | 1              | 900         | 2024-05-01
        """,
        "penalty_schedule": """
            violation_code | fine_max | valid_from | valid_to
            1              | 500      | 2020-01-01 |
        """,
    }
    found = answers(
        "kind: check\nfail_when: schedule.violation_code is null or fine_amount > schedule.fine_max",
        given_,
        extra=SCHEDULE,
    )
    asked = [
        "  there is no matching row of penalty schedule",
        "  fine amount is more than the penalty schedule's fine max",
    ]
    assert [text for text, _ in found["NO_ROW"]][1:] == asked
    assert [met for _, met in found["NO_ROW"]] == [True, True, None]
    assert [met for _, met in found["LISTED"]] == [True, False, True]


DEADLINE = """\
kind: deadline
from: filed_at
to: decided_at
within: 30 days
extended_if: approver_id is not null
at_most: 10 days
"""


def test_a_deadline_says_whether_it_was_done_late_or_is_still_open_and_whether_it_was_extended() -> None:
    cases = """
        case_id    | filed_at   | decided_at | approver_id | occurred_at
        DAY_AFTER  | 2024-04-01 | 2024-05-02 |             | 2024-04-01
        LAST_DAY   | 2024-04-01 | 2024-05-01 |             | 2024-04-01
        OPEN       | 2024-04-30 |            |             | 2024-04-30
        OPEN_TODAY | 2024-05-01 |            |             | 2024-05-01
        EXTENDED   | 2024-04-01 | 2024-05-12 | O1          | 2024-04-01
    """
    found = answers(DEADLINE, {"cases": cases})
    assert sorted(found) == ["DAY_AFTER", "EXTENDED", "OPEN"]
    assert found["DAY_AFTER"] == [
        ("“filed at” is recorded", True),
        ("the limit was lawfully extended: approver id is recorded", False),
        ("the limit of 30 days had run out by the as-of day", True),
        ("“decided at” had not come when the limit ran out", True),
        ("  it was still open on the as-of day", False),
        ("  “decided at” came after the limit", True),
    ]
    assert [met for _, met in found["OPEN"]] == [True, False, True, True, True, False]
    assert [met for _, met in found["EXTENDED"]] == [True, True, True, True, False, True]


def test_a_register_that_lists_nothing_and_one_that_lists_it_out_of_date() -> None:
    given_ = {
        "cases": """
            case_id | camera_id | occurred_at
            NEVER   | K9        | 2024-05-10
            OVER    | K1        | 2024-05-10
            LAST    | K1        | 2024-05-09
        """,
        "cameras": """
            camera_id | published_at | published_until
            K1        | 2024-01-01   | 2024-05-09
        """,
    }
    found = answers("kind: lookup\nin: cameras\nmatch: [camera_id]\nvalid_at: occurred_at", given_)
    assert {subject: [met for _, met in told] for subject, told in found.items()} == {
        "NEVER": [True, True, False],
        "OVER": [True, False, True],
    }


def test_each_field_that_is_demanded_is_a_branch() -> None:
    cases = """
        case_id | decided_at | served_at | occurred_at
        NONE    |            |           | 2024-05-01
        ONE     | 2024-05-01 |           | 2024-05-01
    """
    found = answers("kind: require\nfields: [decided_at, served_at]", {"cases": cases})
    assert {subject: [met for _, met in told] for subject, told in found.items()} == {
        "NONE": [True, True, True],
        "ONE": [True, False, True],
    }


def test_of_several_rows_it_is_the_earliest_that_is_asked() -> None:
    text = rule_text("kind: check\nfail_when: fine_amount > 200 or points > 6", table="cases").replace(
        "key: [case_id]", "key: [officer_id]"
    )
    cases = """
        case_id | officer_id | fine_amount | points | occurred_at
        LATER   | O1         | 900         | 0      | 2024-05-03
        FIRST   | O1         | 0           | 12     | 2024-05-02
    """
    [found] = run("", {"cases": cases}, text=text).findings
    assert found.conditions == (True, False, True)
    assert found.first_row == RowPlace(source_file="given", source_row=3)


def test_a_subject_answers_from_the_numbers_of_its_verdict() -> None:
    rows = "\n".join(
        ["measure_id | lot_id | started_at", *(f"M{n} | {'A' if n < 36 else 'B'} | 2024-05-02" for n in range(40))]
    )
    check = "kind: share\nby: lot_id\nlimit: 0.5\nmin_n: 20"
    [found] = run(check, {"measures": rows}, table="measures", extra="where: lot_id is not null\n").findings
    cards = card(rule(rule_text(check, table="measures", extra="where: lot_id is not null\n"))).conditions
    assert [(asked.role, asked.text.en) for asked in cards] == [
        ("scope", "lot id is recorded"),
        ("test", "there are at least 20 rows in the whole"),
        ("test", "the lower end of the exact 95 % interval is above 50%"),
    ]
    assert (found.conditions, found.first_row) == ((True, True, True), None)


def told_of_every_row(tested: Rule, example: Example) -> list[tuple[str, str, bool | None]]:
    """For every row, flagged or not: its key, the verdict, and whether all that the rule asks is met."""
    setting = setting_of(tested, example)
    cards = condition_cards(tested, setting)
    with opened(example) as session:
        session.keep("every_row", compile_rule(tested, setting).judged)
        wanted = exp.select("row_key", "source_file", "source_row", "verdict").from_("every_row")
        rows = session.rows(wanted)
        met_by = outcomes(session.rows(question(tested, setting, "every_row")))
    told: list[tuple[str, str, bool | None]] = []
    for row in rows:
        met = [
            answer
            for answer, asked_ in zip(met_by[row["source_file"], row["source_row"]], cards, strict=True)
            if not asked_.branch and asked_.role != "note"
        ]
        told.append((row["row_key"], row["verdict"], False if False in met else None if None in met else True))
    return told


ROW_RULES = [one for one in load().rules if isinstance(one.kind, RowKind) and one.examples]


@pytest.mark.parametrize("kind", sorted({one.kind.name for one in ROW_RULES}))
def test_in_the_tests_of_every_rule_a_row_is_flagged_exactly_where_it_meets_all_that_is_asked(kind: str) -> None:
    rows = [
        (one.rule_id, example.name, *told)
        for one in ROW_RULES
        if one.kind.name == kind
        for example in one.examples
        for told in told_of_every_row(one.variants.get(example.name, one), example)
    ]
    assert {verdict for _, _, _, verdict, _ in rows} >= {"ok", "violation"}
    assert [row for row in rows if (row[3] == "violation") != (row[4] is True)] == []


AMOUNTS = st.sampled_from(["", "0", "100", "150", "200", "201", "900"])
PERSONS = st.sampled_from(["", "O1", "O2"])


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, PERSONS, PERSONS), min_size=1, max_size=8))
def test_the_answers_agree_with_plain_python(drawn: list[tuple[str, str, str, str, str]]) -> None:
    header = "case_id | fine_amount | proposed_fine | confiscated_amount | officer_id | officer2_id | occurred_at"
    rows = [f"C{number} | {' | '.join(row)} | 2024-05-01" for number, row in enumerate(drawn)]
    check = (
        "kind: check\nfail_when: fine_amount > proposed_fine or officer_id = officer2_id or confiscated_amount is null"
    )
    found = answers(check, {"cases": "\n".join([header, *rows])})
    for number, (fine, proposed, confiscated, one, two) in enumerate(drawn):
        above = float(fine) > float(proposed) if fine and proposed else None
        same = one == two if one and two else None
        branches = [above, same, not confiscated]
        if True in branches:
            assert [met for _, met in found[f"C{number}"]] == [True, *branches]
        else:
            assert f"C{number}" not in found


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, PERSONS, PERSONS), min_size=1, max_size=8))
def test_bounds_and_persons_agree_with_plain_python(drawn: list[tuple[str, str, str, str, str]]) -> None:
    header = "case_id | fine_amount | proposed_fine | confiscated_amount | officer_id | officer2_id | occurred_at"
    rows = [f"C{number} | {' | '.join(row)} | 2024-05-01" for number, row in enumerate(drawn)]
    cases = {"cases": "\n".join([header, *rows])}
    band = answers("kind: band\namount: fine_amount\nlow: proposed_fine\nhigh: confiscated_amount", cases)
    persons = "kind: separation\nroles: [officer_id, officer2_id]\ndistinct: yes\nat_least: 2"
    two = answers(persons, cases)
    for number, (fine, low, high, one, other) in enumerate(drawn):
        key = f"C{number}"
        under = float(fine) < float(low) if fine and low else None
        over = float(high) < float(fine) if fine and high else None
        empty = bool(low and high) and float(high) < float(low)
        assert (key in band) == (not empty and True in (under, over))
        if key in band:
            assert [met for _, met in band[key]] == [True, True, under, over]
        same = one == other if one and other else None
        few = len({one, other} - {""}) < 2
        assert (key in two) == (True in (same, few))
        if key in two:
            assert [met for _, met in two[key]] == [True, same, few]
