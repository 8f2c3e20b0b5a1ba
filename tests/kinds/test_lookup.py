"""Registers: in force on the day of the act, to the day, and what a blank means on either side."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.spec import judged

CAMERA = "kind: lookup\nin: cameras\nmatch: [camera_id]\nvalid_at: occurred_at"


def test_published_on_the_moment_counts_and_later_does_not() -> None:
    found = judged(
        CAMERA,
        {
            "cases": """
            case_id  | camera_id | occurred_at
            BEFORE   | C1        | 2024-05-01 08:59
            MOMENT   | C1        | 2024-05-01 09:00
            LAST_DAY | C1        | 2024-05-20 23:59
            AFTER    | C1        | 2024-05-21 00:00
            OPEN_END | C2        | 2024-05-21 00:00
            UNLISTED | C9        | 2024-05-10 00:00
            UNDATED  | C3        | 2024-05-10 00:00
            NO_ID    |           | 2024-05-10 00:00
            NO_TIME  | C1        |
            """,
            "cameras": """
            camera_id | published_at     | published_until
            C1        | 2024-05-01 09:00 | 2024-05-20
            C2        | 2020-01-01 00:00 |
            C3        |                  |
            """,
        },
    )
    assert found == {
        "BEFORE": "violation",
        "MOMENT": "ok",
        "LAST_DAY": "ok",
        "AFTER": "violation",
        "OPEN_END": "ok",
        "UNLISTED": "violation",
        "UNDATED": "unknown",
        "NO_ID": "unknown",
        "NO_TIME": "unknown",
    }


def test_a_register_without_an_end_column_is_open_ended() -> None:
    found = judged(
        CAMERA,
        {
            "cases": "case_id | camera_id | occurred_at\nA | C1 | 2024-05-10 00:00\nB | C1 | 2019-12-31 00:00",
            "cameras": "camera_id | published_at\nC1 | 2020-01-01",
        },
    )
    assert found == {"A": "ok", "B": "violation"}


def test_a_black_list_turns_the_sense_round() -> None:
    found = judged(
        "kind: lookup\nin: exemptions\nmatch: [violation_code]\nvalid_at: occurred_at\nmust: not_exist",
        {
            "cases": """
            case_id | violation_code | occurred_at
            ON      | 1039           | 2024-05-01
            OFF     | 1040           | 2024-05-01
            NULL    |                | 2024-05-01
            """,
            "exemptions": "violation_code | valid_from | valid_to\n1039 | 2024-01-01 |",
        },
    )
    assert found == {"ON": "violation", "OFF": "ok", "NULL": "unknown"}


def test_without_a_day_only_being_listed_counts() -> None:
    found = judged(
        "kind: lookup\nin: lots\nmatch: [lot_id]",
        {
            "measures": """
            measure_id | lot_id | started_at
            IN         | P1     | 2024-05-01
            OUT        | P9     | 2024-05-01
            NULL       |        | 2024-05-01
            """,
            "lots": "lot_id\nP1",
        },
        table="measures",
    )
    assert found == {"IN": "ok", "OUT": "violation", "NULL": "unknown"}


_days = st.dates(date(2024, 5, 1), date(2024, 5, 12))


@settings(max_examples=25, deadline=None)
@given(
    register=st.lists(st.tuples(st.sampled_from("AB"), st.none() | _days, st.none() | _days), max_size=6),
    acts=st.lists(st.tuples(st.none() | st.sampled_from("ABC"), st.none() | _days), min_size=1, max_size=10),
)
def test_agrees_with_reading_the_register_row_by_row(
    register: list[tuple[str, date | None, date | None]], acts: list[tuple[str | None, date | None]]
) -> None:
    cases = "case_id | officer_id | occurred_at\n" + "\n".join(
        f"R{number} | {who or ''} | {at or ''}" for number, (who, at) in enumerate(acts)
    )
    officers = "officer_id | valid_from | valid_to\n" + "\n".join(
        f"{who} | {start or ''} | {end or ''}" for who, start, end in register
    )
    expected: dict[str, str] = {}
    for number, (who, at) in enumerate(acts):
        rows = [(start, end) for name, start, end in register if name == who]
        if who is None or at is None:
            verdict = "unknown"
        elif any(start is not None and start <= at and (end is None or at <= end) for start, end in rows):
            verdict = "ok"
        elif any(start is None and (end is None or at <= end) for start, end in rows):
            verdict = "unknown"
        else:
            verdict = "violation"
        expected[f"R{number}"] = verdict
    check = "kind: lookup\nin: officers\nmatch: [officer_id]\nvalid_at: occurred_at"
    assert judged(check, {"cases": cases, "officers": officers}) == expected
