"""Duplicates: alike in some columns, different in others, across months, and what a blank is worth."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule, rule_text

TWICE = "kind: duplicate\nsame: [plate_no, occurred_at]\ndifferent: [domain, violation_code]"
ANY = "kind: duplicate\nsame: [doc_no]"


def test_alike_in_all_of_same_and_apart_in_any_of_different() -> None:
    found = judged(
        TWICE,
        {
            "cases": """
            case_id | plate_no | occurred_at         | domain         | violation_code
            A1      | A        | 2024-05-01 10:00:00 | traffic_police | 1
            A2      | A        | 2024-05-01 10:00:00 | transport      | 1
            B1      | B        | 2024-05-01 10:00:00 | transport      | 1
            B2      | B        | 2024-05-01 10:00:01 | traffic_police | 1
            C1      | C        | 2024-05-01 10:00:00 | transport      | 1
            C2      | C        | 2024-05-01 10:00:00 | transport      | 1
            D1      | D        | 2024-05-01 10:00:00 | transport      | 1
            D2      | D        | 2024-05-01 10:00:00 | transport      | 1
            D3      | D        | 2024-05-01 10:00:00 | transport      | 2
            """
        },
    )
    assert of(found, "violation") == ["A1", "A2", "D1", "D2", "D3"]
    assert of(found, "ok") == ["B1", "B2", "C1", "C2"]


def test_without_different_a_second_row_is_enough() -> None:
    found = judged(
        ANY,
        {
            "cases": """
            case_id | doc_no | occurred_at
            A1      | 1      | 2024-05-01
            A2      | 1      | 2024-05-02
            B       | 2      | 2024-05-01
            BLANK1  |        | 2024-05-01
            BLANK2  |        | 2024-05-01
            """
        },
    )
    assert found == {"A1": "violation", "A2": "violation", "B": "ok", "BLANK1": "unknown", "BLANK2": "unknown"}


def test_a_blank_in_different_is_no_value() -> None:
    found = judged(
        TWICE.replace("occurred_at", "place_id"),
        {
            "cases": """
            case_id | plate_no | place_id | domain         | violation_code | occurred_at
            ONE1    | A        | L        | transport      | 1              | 2024-05-01
            ONE2    | A        | L        |                | 1              | 2024-05-01
            TWO1    | B        | L        | transport      | 1              | 2024-05-01
            TWO2    | B        | L        | traffic_police |                | 2024-05-01
            TWO3    | B        | L        |                |                | 2024-05-01
            BOTH1   | C        | L        |                |                | 2024-05-01
            BOTH2   | C        | L        |                |                | 2024-05-01
            LONE    | D        | L        |                |                | 2024-05-01
            """
        },
    )
    assert of(found, "unknown") == ["BOTH1", "BOTH2", "ONE1", "ONE2"]
    assert of(found, "violation") == ["TWO1", "TWO2", "TWO3"]
    assert of(found, "ok") == ["LONE"]


def test_moments_known_to_the_day_only_are_neither_the_same_nor_different() -> None:
    rows = """
        case_id | plate_no | doc_no | occurred_at
        A1      | A        | 1      | 2024-05-01
        A2      | A        | 2      | 2024-05-01
        A3      | A        | 3      | 2024-05-02
        B1      | B        | 1      | 2024-05-01
        B2      | B        | 1      | 2024-05-01
        C1      | C        | 1      | 2024-05-01
        C2      | C        | 1      | 2024-05-02
    """
    by_moment = judged("kind: duplicate\nsame: [plate_no, occurred_at]\ndifferent: [doc_no]", {"cases": rows})
    assert of(by_moment, "unknown") == ["A1", "A2"]
    assert of(by_moment, "ok") == ["A3", "B1", "B2", "C1", "C2"]
    by_day = "kind: duplicate\nsame: [plate_no, cast(occurred_at as date)]\ndifferent: [doc_no]"
    assert of(judged(by_day, {"cases": rows}), "violation") == ["A1", "A2"]
    apart = judged("kind: duplicate\nsame: [plate_no, doc_no]\ndifferent: [occurred_at]", {"cases": rows})
    assert of(apart, "violation") == ["C1", "C2"]
    assert of(apart, "unknown") == ["B1", "B2"]
    assert of(apart, "ok") == ["A1", "A2", "A3"]


def test_days_by_nature_are_the_same_on_one_day() -> None:
    rows = """
        measure_id | plate_no | test_from  | started_at
        A1         | A        | 2024-05-01 | 2024-05-01 08:00
        A2         | A        | 2024-05-01 | 2024-05-01 09:00
        B1         | B        | 2024-05-02 | 2024-05-01 09:00
    """
    found = judged("kind: duplicate\nsame: [plate_no, test_from]", {"measures": rows}, table="measures")
    assert found == {"A1": "violation", "A2": "violation", "B1": "ok"}


def test_rows_outside_where_are_nobodys_double() -> None:
    found = judged(
        ANY,
        {
            "cases": """
            case_id | doc_no | outcome | occurred_at
            A1      | 1      | fine    | 2024-05-01
            A2      | 1      | warning | 2024-05-01
            B1      | 2      | fine    | 2024-05-01
            B2      | 2      |         | 2024-05-01
            C1      | 3      | fine    | 2024-05-01
            C2      | 3      | fine    | 2024-05-01
            """
        },
        extra="where: outcome = 'fine'\n",
    )
    assert found == {
        "A1": "ok",
        "A2": "skipped",
        "B1": "ok",
        "B2": "unknown",
        "C1": "violation",
        "C2": "violation",
    }


MONTHS = """
    case_id | doc_no | occurred_at
    OLD     | 1      | 2019-01-01 00:00
    MAY     | 1      | 2024-05-31 23:59
    PAST1   | 2      | 2024-04-01 00:00
    PAST2   | 2      | 2024-04-30 23:59
    FUTURE  | 3      | 2024-06-01 00:00
    NOW     | 3      | 2024-05-01 00:00
    NO_DAY  | 1      |
"""


def test_a_group_reaches_back_as_far_as_it_goes_and_is_reported_with_a_row_of_the_period() -> None:
    assert judged(ANY, {"cases": MONTHS}, period="2024-05") == {
        "OLD": "violation",
        "MAY": "violation",
        "NO_DAY": "violation",
        "NOW": "ok",
    }


def test_counts_are_of_the_period_and_findings_cite_the_whole_group() -> None:
    text = rule_text(ANY, table="cases").replace("key: [case_id]", "key: [doc_no]")
    found = run("", {"cases": MONTHS.replace("NO_DAY  | 1", "NO_DAY  |  ")}, text=text)
    assert (found.result.tested, found.result.violation, found.result.unknown) == (2, 1, 1)
    [finding] = found.findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (finding.fingerprint, finding.n_cases, facts["rows"]) == ("v1:test.rule:1", 2, "2")
    assert sorted(cited.row_key for cited in found.evidence) == ["MAY", "OLD"]
    assert (facts["first_at"], facts["last_at"]) == ("2019-01-01 00:00:00", "2024-05-31 23:59:00")


def test_what_is_computed_in_same_is_part_of_the_identity() -> None:
    check = "kind: duplicate\nsame: [plate_no, cast(occurred_at as date)]\ndifferent: [violation_code, grade]"
    rows = """
        case_id | plate_no | violation_code | grade   | occurred_at
        A1      | A        | 1              | serious | 2024-05-01 00:00
        A2      | A        | 2              | serious | 2024-05-01 23:59
        A3      | A        | 1              | serious | 2024-05-02 00:00
        A4      | A        | 2              | grave   | 2024-05-02 10:00
        A5      | A        | 1              | serious | 2024-05-03 00:00
    """
    text = rule_text(check, table="cases").replace("key: [case_id]", "key: [plate_no]")
    found = run("", {"cases": rows}, text=text).findings
    assert [finding.fingerprint for finding in found] == ["v1:test.rule:A:2024-05-01", "v1:test.rule:A:2024-05-02"]
    differs = [fact.value for finding in found for fact in finding.facts if fact.name == "differs"]
    assert differs == ["violation_code", "violation_code, grade"]


def test_no_rows_is_no_verdict() -> None:
    assert judged(ANY, {"cases": "case_id | doc_no | occurred_at"}) == {}


def test_the_sentence() -> None:
    said = rule(rule_text(TWICE, table="cases")).sentence
    assert said.en == (
        "flags every two or more rows alike in plate no and “occurred at” that differ in domain or violation code"
    )
    assert said.zh == "号牌号码和违法时间均相同、而领域或违法行为代码至少一项不同的记录，即予列出"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("kind: duplicate\ndifferent: [domain]", "needs `same:`"),
        ("kind: duplicate\nsame: [plate_no, domain]\ndifferent: [domain]", "it never differs"),
        ("kind: duplicate\nsame: [plate]", "no column 'plate'"),
        (f"{ANY}\nwindow: 3 days", "window"),
    ],
)
def test_fields_that_do_not_go_together(check: str, said: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if said in problem.message], problems


_word = st.none() | st.sampled_from("AB")


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_word, st.sampled_from("AB"), _word, _word, st.booleans()), max_size=16),
    apart=st.integers(0, 2),
)
def test_agrees_with_comparing_every_row_with_every_other(
    rows: list[tuple[str | None, str, str | None, str | None, bool]], apart: int
) -> None:
    table = "case_id | plate_no | place_id | doc_no | violation_code | first_offence | occurred_at\n"
    table += "\n".join(
        " | ".join([f"R{number}", *(word or "" for word in row[:4]), str(row[4]).lower(), "2024-05-01"])
        for number, row in enumerate(rows)
    )
    check = "kind: duplicate\nsame: [plate_no, place_id]"
    if apart:
        check += f"\ndifferent: [{', '.join(['doc_no', 'violation_code'][:apart])}]"
    expected: dict[str, str] = {}
    for number, row in enumerate(rows):
        if not row[4]:
            expected[f"R{number}"] = "skipped"
            continue
        if row[0] is None:
            expected[f"R{number}"] = "unknown"
            continue
        group = [other for other in rows if other[4] and other[:2] == row[:2]]
        pairs = [
            (one[place], two[place])
            for first, one in enumerate(group)
            for two in group[first + 1 :]
            for place in range(2, 2 + apart)
        ]
        if len(group) < 2:
            verdict = "ok"
        elif not apart or any(one != two and None not in (one, two) for one, two in pairs):
            verdict = "violation"
        else:
            verdict = "unknown" if any(None in pair for pair in pairs) else "ok"
        expected[f"R{number}"] = verdict
    assert judged(check, {"cases": table}, extra="where: first_offence\n") == expected
