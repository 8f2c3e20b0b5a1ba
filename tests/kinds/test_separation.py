"""Segregation of duties: one person in two roles, too few persons, auxiliaries, and what a blank role means."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, rule, rule_text

DISTINCT = "kind: separation\nroles: [officer_id, reviewer_id, approver_id]\ndistinct: yes"
TWO = "kind: separation\nroles: [officer_id, officer2_id]\nat_least: 2"


def test_one_person_in_two_roles_and_a_blank_role_is_not_judged() -> None:
    found = judged(
        DISTINCT,
        {
            "cases": """
            case_id   | officer_id | reviewer_id | approver_id | occurred_at
            APART     | O1         | O2          | O3          | 2024-05-01
            REVIEWS   | O1         | O1          | O3          | 2024-05-01
            ENDS      | O1         | O2          | O1          | 2024-05-01
            ALL       | O1         | O1          | O1          | 2024-05-01
            NO_REVIEW | O1         |             | O3          | 2024-05-01
            DOUBLED   | O1         |             | O1          | 2024-05-01
            NOBODY    |            |             |             | 2024-05-01
            """
        },
    )
    assert found == {
        "APART": "ok",
        "REVIEWS": "violation",
        "ENDS": "violation",
        "ALL": "violation",
        "NO_REVIEW": "unknown",
        "DOUBLED": "violation",
        "NOBODY": "unknown",
    }


def test_fewer_than_two_different_persons_and_a_blank_names_nobody() -> None:
    found = judged(
        TWO,
        {
            "cases": """
            case_id | officer_id | officer2_id | procedure | occurred_at
            TWO     | O1         | O2          | ordinary  | 2024-05-01
            SAME    | O1         | O1          | ordinary  | 2024-05-01
            ONE     | O1         |             | ordinary  | 2024-05-01
            SECOND  |            | O2          | ordinary  | 2024-05-01
            NOBODY  |            |             | ordinary  | 2024-05-01
            SUMMARY | O1         |             | summary   | 2024-05-01
            NO_PROC | O1         |             |           | 2024-05-01
            """
        },
        extra="where: procedure = 'ordinary'\n",
    )
    assert found == {
        "TWO": "ok",
        "SAME": "violation",
        "ONE": "violation",
        "SECOND": "violation",
        "NOBODY": "violation",
        "SUMMARY": "skipped",
        "NO_PROC": "unknown",
    }


def test_either_of_both_demands_is_enough() -> None:
    found = judged(
        "kind: separation\nroles: [officer_id, officer2_id, reviewer_id]\ndistinct: yes\nat_least: 2",
        {
            "cases": """
            case_id | officer_id | officer2_id | reviewer_id | occurred_at
            THREE   | O1         | O2          | O3          | 2024-05-01
            TWICE   | O1         | O2          | O2          | 2024-05-01
            ONE     | O1         |             |             | 2024-05-01
            OPEN    | O1         |             | O3          | 2024-05-01
            """
        },
    )
    assert found == {"THREE": "ok", "TWICE": "violation", "ONE": "violation", "OPEN": "unknown"}


REGISTERS = """\
with:
  first: {table: officers, match: {officer_id: officer_id}, valid_at: occurred_at}
  second: {table: officers, match: {officer2_id: officer_id}, valid_at: occurred_at}
"""
OFFICER = (
    "kind: separation\nroles: [officer_id, officer2_id]\nat_least: 1\n"
    "only: [first.role = 'officer', second.role = 'officer']"
)


def test_an_auxiliary_alone_is_found_and_somebody_unlisted_leaves_it_open() -> None:
    found = judged(
        OFFICER,
        {
            "cases": """
            case_id  | officer_id | officer2_id | occurred_at
            OFFICER  | O1         |             | 2024-05-01
            MIXED    | X1         | O1          | 2024-05-01
            AUX      | X1         |             | 2024-05-01
            AUX_TWO  | X1         | X2          | 2024-05-01
            UNLISTED | Z1         |             | 2024-05-01
            HALF     | X1         | Z1          | 2024-05-01
            ANYWAY   | O1         | Z1          | 2024-05-01
            NOBODY   |            |             | 2024-05-01
            PROMOTED | P1         |             | 2024-05-10
            BEFORE   | P1         |             | 2024-05-09
            """,
            "officers": """
            officer_id | role      | valid_from | valid_to
            O1         | officer   | 2020-01-01 |
            X1         | auxiliary | 2020-01-01 |
            X2         | auxiliary | 2020-01-01 |
            P1         | auxiliary | 2020-01-01 | 2024-05-09
            P1         | officer   | 2024-05-10 |
            """,
        },
        extra=REGISTERS,
    )
    assert found == {
        "OFFICER": "ok",
        "MIXED": "ok",
        "AUX": "violation",
        "AUX_TWO": "violation",
        "UNLISTED": "unknown",
        "HALF": "unknown",
        "ANYWAY": "ok",
        "NOBODY": "violation",
        "PROMOTED": "ok",
        "BEFORE": "violation",
    }


def test_no_rows_is_no_verdict() -> None:
    assert judged(TWO, {"cases": "case_id | officer_id | officer2_id | occurred_at"}) == {}


def test_a_finding_says_who_is_doubled_and_how_many_count() -> None:
    both = "kind: separation\nroles: [officer_id, officer2_id, reviewer_id]\ndistinct: yes\nat_least: 3"
    rows = "case_id | officer_id | officer2_id | reviewer_id | occurred_at\nA | O1 | O2 | O2 | 2024-05-01"
    [finding] = run(both, {"cases": rows}).findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (facts["doubled"], facts["named"], facts["at_least"]) == ("officer2_id = reviewer_id", "2", "3")


def test_the_sentence() -> None:
    said = rule(rule_text(f"{TWO}\ndistinct: yes", table="cases")).sentence
    assert said.en == (
        "flags every row on which one person stands in two of officer id and officer2 id, "
        "or officer id and officer2 id name fewer than 2 different persons"
    )
    assert said.zh == "主办人员和协办人员中有一人兼任两个，或者主办人员和协办人员中的不同人员少于 2 名的，即为问题"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("kind: separation\nroles: [officer_id, officer2_id]", "nothing is asked of them"),
        ("kind: separation\nroles: [officer_id]\ndistinct: yes", "must be two or more"),
        ("kind: separation\nroles: [officer_id, officer_id]\nat_least: 2", "names one column twice"),
        (TWO.replace("2\n", "3\n").replace("at_least: 2", "at_least: 3"), "more than there are roles"),
        (f"{TWO}\nonly: [officer_id is not null]", "a condition for each of the 2 roles"),
        (f"{DISTINCT}\nonly: [officer_id is not null]", "who counts towards `at_least`"),
        (f"{TWO}\nonly: [officer_id, officer2_id]", "is not a condition"),
        (TWO.replace("at_least: 2", "at_least: 0"), "whole number of 1 or more"),
        (TWO.replace("at_least: 2", "distinct: maybe"), "is not one of yes, no"),
    ],
)
def test_fields_that_do_not_go_together(check: str, said: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if said in problem.message], problems


_person = st.none() | st.sampled_from("ABC")
_told = st.sampled_from([True, False, None])


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_person, _person, _person, _told, _told, _told), min_size=1, max_size=25),
    at_least=st.none() | st.integers(1, 3),
    only=st.booleans(),
)
def test_agrees_with_every_way_the_untold_could_be(
    rows: list[tuple[str | None, str | None, str | None, bool | None, bool | None, bool | None]],
    at_least: int | None,
    only: bool,
) -> None:
    words = {True: "true", False: "false", None: ""}
    table = (
        "case_id|officer_id|officer2_id|reviewer_id|corrected|statement_waived|first_offence|occurred_at\n"
        + "\n".join(
            " | ".join(
                [f"R{number}", *(who or "" for who in row[:3]), *(words[said] for said in row[3:]), "2024-05-01"]
            )
            for number, row in enumerate(rows)
        )
    )
    check = "kind: separation\nroles: [officer_id, officer2_id, reviewer_id]\n"
    check += "distinct: yes" if at_least is None else f"at_least: {at_least}"
    if only and at_least is not None:
        check += "\nonly: [corrected, statement_waived, first_offence]"
    expected: dict[str, str] = {}
    for number, row in enumerate(rows):
        persons = row[:3]
        if at_least is None:
            twice = any(one == two is not None for one, two in combinations(persons, 2))
            expected[f"R{number}"] = "violation" if twice else "unknown" if None in persons else "ok"
            continue
        told = row[3:] if only else (True, True, True)
        sure = {who for who, said in zip(persons, told, strict=True) if who and said}
        perhaps = {who for who, said in zip(persons, told, strict=True) if who and said is not False}
        expected[f"R{number}"] = (
            "violation" if len(perhaps) < at_least else "ok" if len(sure) >= at_least else "unknown"
        )
    assert judged(check, {"cases": table}) == expected
