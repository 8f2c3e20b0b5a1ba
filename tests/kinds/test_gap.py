"""Document numbers: the run of digits, the series, gaps, numbers used twice, and order in time."""

import re
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule_text

CHECK = "kind: gap\nnumber: doc_no\nseries: [unit_id]\nat_most: 5"


def cases(rows: str, check: str = CHECK, **options: str) -> dict[str, str]:
    return judged(check, {"cases": rows}, **options)


def test_a_gap_is_told_of_the_number_after_it() -> None:
    found = cases("""
        case_id | doc_no   | unit_id | occurred_at
        A143    | 01000143 | U1      | 2024-05-01
        A144    | 01000144 | U1      | 2024-05-01
        A146    | 01000146 | U1      | 2024-05-01
        B145    | 01000145 | U2      | 2024-05-01
    """)
    assert found == {"A143": "ok", "A144": "ok", "A146": "violation", "B145": "ok"}


def test_the_number_is_the_last_run_of_digits_and_the_rest_is_the_series() -> None:
    found = cases("""
        case_id | doc_no           | unit_id | occurred_at
        Y23     | 交罚〔2023〕145号 | U1      | 2024-05-01
        Y24     | 交罚〔2024〕146号 | U1      | 2024-05-01
        Y24B    | 交罚〔2024〕148号 | U1      | 2024-05-01
        OTHER   | 交强〔2024〕150号 | U1      | 2024-05-01
        TAIL    | 交罚〔2024〕150   | U1      | 2024-05-01
    """)
    assert of(found, "violation") == ["Y24B"]
    assert of(found, "ok") == ["OTHER", "TAIL", "Y23", "Y24"]


def test_the_last_digits_are_the_number_where_a_region_and_a_year_stand_before_them() -> None:
    rows = """
        case_id | doc_no           | unit_id | occurred_at
        A1      | 2104212023000009 | U1      | 2024-05-01
        B1      | 2104212024000001 | U1      | 2024-05-01
        B2      | 2104212024000003 | U1      | 2024-05-01
        C       | 12               | U1      | 2024-05-01
    """
    assert cases(rows, f"{CHECK}\ndigits: 6") == {"A1": "ok", "B1": "ok", "B2": "violation", "C": "unknown"}


def test_a_gap_as_wide_as_allowed_is_told_and_one_wider_is_not_judged() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at
        FIRST   | 1      | U1      | 2024-05-01
        FIVE    | 7      | U1      | 2024-05-01
        SIX     | 14     | U1      | 2024-05-01
        NEXT    | 15     | U1      | 2024-05-01
    """
    assert cases(rows) == {"FIRST": "ok", "FIVE": "violation", "SIX": "unknown", "NEXT": "ok"}


def test_a_number_used_twice_and_leading_zeros() -> None:
    found = cases("""
        case_id | doc_no | unit_id | occurred_at
        A       | 007    | U1      | 2024-05-01
        B       | 7      | U1      | 2024-05-02
        C       | 8      | U1      | 2024-05-03
        D       | 7      | U2      | 2024-05-03
    """)
    assert found == {"A": "violation", "B": "violation", "C": "ok", "D": "ok"}


def test_blank_or_digitless_numbers_are_unknown_and_fill_no_gap() -> None:
    found = cases("""
        case_id | doc_no               | unit_id | occurred_at
        A       | 1                    | U1      | 2024-05-01
        NONE    |                      | U1      | 2024-05-01
        WORD    | 作废                 | U1      | 2024-05-01
        NO_UNIT | 2                    |         | 2024-05-01
        LONG    | 1234567890123456789012 | U1    | 2024-05-01
        B       | 3                    | U1      | 2024-05-01
    """)
    assert of(found, "unknown") == ["LONG", "NONE", "NO_UNIT", "WORD"]
    assert of(found, "violation") == ["B"]


def test_a_document_outside_where_fills_no_gap_and_uses_no_number() -> None:
    found = cases(
        """
        case_id | doc_no | unit_id | occurred_at | status
        A       | 1      | U1      | 2024-05-01  | decided
        B       | 2      | U1      | 2024-05-01  | withdrawn
        C       | 3      | U1      | 2024-05-01  | decided
        D       | 3      | U1      | 2024-05-01  | withdrawn
        E       | 4      | U1      | 2024-05-01  |
        """,
        extra="where: status = 'decided'\n",
    )
    assert found == {"A": "ok", "B": "skipped", "C": "violation", "D": "skipped", "E": "unknown"}


def test_a_number_is_not_missing_where_nobody_knows_whether_its_document_counts() -> None:
    """It may be one of those looked at; but nobody is accused of using its number again, nor is it judged itself."""
    found = cases(
        """
        case_id | doc_no | unit_id | occurred_at | status
        A1      | 1      | U1      | 2024-05-01  | decided
        MAYBE2  | 2      | U1      | 2024-05-01  |
        A3      | 3      | U1      | 2024-05-01  | decided
        MAYBE3  | 3      | U1      | 2024-05-01  |
        A4      | 4      | U1      | 2024-05-01  | decided
        MAYBE6  | 6      | U1      | 2024-05-01  |
        A8      | 8      | U1      | 2024-05-01  | decided
        OUT9    | 9      | U1      | 2024-05-01  | withdrawn
        A10     | 10     | U1      | 2024-05-01  | decided
        MAYBE   |        | U1      | 2024-05-01  |
        TWICE   | 12     | U2      | 2024-05-01  | decided
        TWICE_  | 12     | U2      | 2024-05-01  | decided
        MAYBE12 | 12     | U2      | 2024-05-01  |
        """,
        extra="where: status = 'decided'\n",
    )
    assert of(found, "violation") == ["A10", "A8", "TWICE", "TWICE_"]
    assert of(found, "ok") == ["A1", "A3", "A4"]
    assert of(found, "unknown") == ["MAYBE", "MAYBE12", "MAYBE2", "MAYBE3", "MAYBE6"]


def test_nobody_is_out_of_order_for_a_document_that_may_not_count() -> None:
    """Issued before it, the next document may be out of order or not; issued after it, it is in order either way."""
    rows = """
        case_id | doc_no | unit_id | occurred_at | decided_at | status
        A1      | 1      | U1      | 2024-05-01  | 2024-05-01 | decided
        MAYBE2  | 2      | U1      | 2024-05-01  | 2024-05-09 |
        A3      | 3      | U1      | 2024-05-01  | 2024-05-03 | decided
        MAYBE4  | 4      | U1      | 2024-05-01  | 2024-05-04 |
        A5      | 5      | U1      | 2024-05-01  | 2024-05-05 | decided
        A6      | 6      | U1      | 2024-05-01  | 2024-05-04 | decided
    """
    found = cases(rows, f"{CHECK}\norder_by: decided_at", extra="where: status = 'decided'\n")
    assert of(found, "violation") == ["A6"]
    assert of(found, "ok") == ["A1", "A5"]
    assert of(found, "unknown") == ["A3", "MAYBE2", "MAYBE4"]


def test_a_gap_over_the_edge_of_a_month_belongs_to_the_month_that_shows_it() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at
        APRIL   | 10     | U1      | 2024-04-30
        APRIL2  | 12     | U1      | 2024-04-30
        MAY     | 15     | U1      | 2024-05-01
    """
    assert cases(rows, period="2024-04") == {"APRIL": "ok", "APRIL2": "violation"}
    assert cases(rows, period="2024-05") == {"MAY": "violation"}


def test_a_number_that_is_there_is_not_missing_however_late_its_document_is_dated() -> None:
    """June's documents are in the extract already: they fill gaps, accuse nobody, and are judged with June."""
    rows = """
        case_id | doc_no | unit_id | occurred_at
        MAY10   | 10     | U1      | 2024-05-30
        LAST    | 11     | U1      | 2024-05-31 23:59:59
        FIRST   | 12     | U1      | 2024-06-01
        MAY13   | 13     | U1      | 2024-05-30
        NODAY   | 14     | U1      |
        JUNE15  | 15     | U1      | 2024-06-02
        MAY17   | 17     | U1      | 2024-05-31
        MAY18   | 18     | U1      | 2024-05-31
        A_JUNE  | 18     | U1      | 2024-06-03
        MAY20   | 20     | U1      | 2024-05-31
        AGAIN   | 20     | U1      | 2024-06-03
        JUNE22  | 22     | U1      | 2024-06-04
        TWICE1  | 23     | U1      | 2024-05-31
        TWICE2  | 23     | U1      | 2024-05-31
        A_THIRD | 23     | U1      | 2024-06-05
    """
    may = {"MAY10": "ok", "LAST": "ok", "MAY13": "ok", "NODAY": "ok"}
    may |= {"MAY17": "violation", "MAY18": "ok", "MAY20": "violation", "TWICE1": "violation", "TWICE2": "violation"}
    assert cases(rows, period="2024-05", as_of="2024-05-31") == may
    june = cases(rows, period="2024-06", as_of="2024-06-30")
    assert of(june, "violation") == ["AGAIN", "A_JUNE", "A_THIRD", "JUNE22", "MAY18", "MAY20", "TWICE1", "TWICE2"]
    assert of(june, "ok") == ["FIRST", "JUNE15", "NODAY"]


def test_a_document_issued_before_a_later_one_that_stands_in_front_is_out_of_order() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at | decided_at
        A       | 1      | U1      | 2024-05-01  | 2024-05-01 10:00
        LATER   | 2      | U1      | 2024-06-01  | 2024-06-01 10:00
        B       | 3      | U1      | 2024-05-02  | 2024-05-02 10:00
    """
    found = cases(rows, f"{CHECK}\norder_by: decided_at", period="2024-05", as_of="2024-05-31")
    assert found == {"A": "ok", "B": "violation"}


def test_an_old_number_used_again_brings_the_old_document_along() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at
        APRIL   | 10     | U1      | 2024-04-30
        MAY     | 10     | U1      | 2024-05-01
        OLD     | 11     | U1      | 2024-04-01
        OLD2    | 11     | U1      | 2024-04-02
    """
    assert cases(rows, period="2024-05") == {"APRIL": "violation", "MAY": "violation"}


def test_numbers_follow_the_order_of_issue() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at      | decided_at
        A       | 1      | U1      | 2024-05-01 00:00 | 2024-05-02 10:00
        SAME    | 2      | U1      | 2024-05-01 00:00 | 2024-05-02 10:00
        EARLIER | 3      | U1      | 2024-05-01 00:00 | 2024-05-02 09:59
        NO_TIME | 4      | U1      | 2024-05-01 00:00 |
        AFTER   | 5      | U1      | 2024-05-01 00:00 | 2024-05-03 00:00
        GAP     | 7      | U1      | 2024-05-01 00:00 | 2024-05-03 00:00
        TWICE   | 9      | U2      | 2024-05-01 00:00 |
        TWICE2  | 9      | U2      | 2024-05-01 00:00 | 2024-05-03 00:00
        LONE    | 9      | U3      | 2024-05-01 00:00 |
    """
    found = cases(rows, f"{CHECK}\norder_by: decided_at")
    assert of(found, "violation") == ["EARLIER", "GAP", "TWICE", "TWICE2"]
    assert of(found, "unknown") == ["AFTER", "LONE", "NO_TIME"]


def test_on_bare_days_only_another_day_is_earlier() -> None:
    rows = """
        case_id | doc_no | unit_id | occurred_at | decided_at
        A       | 1      | U1      | 2024-05-01  | 2024-05-02
        SAME    | 2      | U1      | 2024-05-01  | 2024-05-02
        EARLIER | 3      | U1      | 2024-05-01  | 2024-05-01
    """
    assert of(cases(rows, f"{CHECK}\norder_by: decided_at"), "violation") == ["EARLIER"]


def test_an_empty_table_and_a_lone_document() -> None:
    assert cases("case_id | doc_no | unit_id | occurred_at\nA | 900 | U1 | 2024-05-01") == {"A": "ok"}
    assert cases("case_id | doc_no | unit_id | occurred_at") == {}


def test_a_finding_writes_the_missing_numbers_out_and_cites_both_documents() -> None:
    judged_ = run(
        CHECK,
        {
            "cases": """
            case_id | doc_no          | unit_id | occurred_at
            APRIL   | 罚〔2024〕0098号 | U1      | 2024-04-30 10:00
            MAY     | 罚〔2024〕0101号 | U1      | 2024-05-01 10:00
            """
        },
    )
    [finding] = judged_.findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (finding.subject_id, finding.value) == ("MAY", 2)
    assert (facts["missing_from"], facts["missing_to"], facts["missing_count"]) == (
        "罚〔2024〕0099号",
        "罚〔2024〕0100号",
        "2",
    )
    assert (facts["previous"], facts["reused"], facts["bearers"]) == ("罚〔2024〕0098号", "false", "1")
    assert [(row.row_key, row.role) for row in judged_.evidence] == [("MAY", "subject"), ("APRIL", "register")]


def test_more_digits_than_a_number_can_have_are_refused() -> None:
    _, problems = load(rule_text(f"{CHECK}\ndigits: 19", table="cases"))
    assert [problem for problem in problems if "must be 18 or less" in problem.message]


_numbers = st.none() | st.builds(
    lambda head, serial, tail: f"{head}{serial}{tail}",
    st.sampled_from(["", "字〔2024〕", "0"]),
    st.integers(0, 14),
    st.sampled_from(["", "号"]),
)


_rows = st.lists(
    st.tuples(
        _numbers, st.sampled_from(["U1", "U2", ""]), st.booleans(), st.sampled_from(["decided", "withdrawn", ""])
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(rows=_rows, wide=st.integers(1, 4))
def test_agrees_with_walking_through_each_series(rows: list[tuple[str | None, str, bool, str]], wide: int) -> None:
    """A document of May is judged with May; one of June is there all the same, and so is one without a status, which
    nobody knows whether to look at."""
    table = "case_id | doc_no | unit_id | occurred_at | status\n" + "\n".join(
        f"R{place} | {number or ''} | {unit} | 2024-{'06' if june else '05'}-01 | {status}"
        for place, (number, unit, june, status) in enumerate(rows)
    )
    expected: dict[str, str] = {}
    series: dict[tuple[str, str, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, (number, unit, june, status) in enumerate(rows):
        runs = list(re.finditer("[0-9]+", number or ""))
        if status == "withdrawn":
            expected |= {} if june else {f"R{place}": "skipped"}
            continue
        if number is None or not runs or not unit or not status:
            expected |= {} if june else {f"R{place}": "unknown"}
        if number is None or not runs or not unit:
            continue
        last = runs[-1]
        bearers = series[unit, number[: last.start()], number[last.end() :]][int(last[0])]
        bearers += [f"R{place}"] if status and not june else []
    for numbers in series.values():
        before: int | None = None
        for serial, bearers in sorted(numbers.items()):
            missing = 0 if before is None else serial - before - 1
            verdict = "ok" if missing == 0 else "violation" if missing <= wide else "unknown"
            expected.update(dict.fromkeys(bearers, "violation" if len(bearers) > 1 else verdict))
            before = serial
    check = f"kind: gap\nnumber: doc_no\nseries: [unit_id]\nat_most: {wide}"
    where = "where: status = 'decided'\n"
    assert cases(table, check, period="2024-05", as_of="2024-05-31", extra=where) == expected
