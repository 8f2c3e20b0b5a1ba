"""Change logs: which field, after which event, in which direction, and with whose approval."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule_text

WITH = "with:\n  case: {table: cases, match: [case_id]}\n"
CHECK = "kind: amended\nfield: [fine_amount, grade]\nafter: case.decided_at\ndirection: down"
CASES = "case_id | decided_at\nC1 | 2024-05-02 10:00\nC2 |"


def events(rows: str, check: str = CHECK, cases: str = CASES, extra: str = WITH, **options: str) -> dict[str, str]:
    return judged(check, {"case_events": rows, "cases": cases}, table="case_events", extra=extra, **options)


def test_only_a_change_after_the_event_counts() -> None:
    found = events("""
        event_id | case_id | at               | field       | old_value | new_value
        BEFORE   | C1      | 2024-05-02 09:59 | fine_amount | 500       | 200
        MOMENT   | C1      | 2024-05-02 10:00 | fine_amount | 500       | 200
        AFTER    | C1      | 2024-05-02 10:01 | fine_amount | 500       | 200
        NO_EVENT | C2      | 2024-05-02 10:01 | fine_amount | 500       | 200
        NO_CASE  | C9      | 2024-05-02 10:01 | fine_amount | 500       | 200
        NO_TIME  | C1      |                  | fine_amount | 500       | 200
    """)
    assert found == {
        "BEFORE": "ok",
        "MOMENT": "ok",
        "AFTER": "violation",
        "NO_EVENT": "unknown",
        "NO_CASE": "unknown",
        "NO_TIME": "unknown",
    }


def test_numbers_have_a_direction_and_words_have_none() -> None:
    rows = """
        event_id | case_id | at               | field       | old_value | new_value
        DOWN     | C1      | 2024-05-03 09:00 | fine_amount | 1000      | 200.00
        UP       | C1      | 2024-05-03 09:00 | fine_amount | 200       | 1000
        SAME     | C1      | 2024-05-03 09:00 | fine_amount | 500       | 500.00
        WORD     | C1      | 2024-05-03 09:00 | grade       | serious   | slight
        SAMEWORD | C1      | 2024-05-03 09:00 | grade       | slight    | slight
        MIXED    | C1      | 2024-05-03 09:00 | fine_amount | 500       | 免罚
        OTHER    | C1      | 2024-05-03 09:00 | plate_no    | A         | B
        NO_FIELD | C1      | 2024-05-03 09:00 |             | 500       | 200
        NO_OLD   | C1      | 2024-05-03 09:00 | fine_amount |           | 200
        NO_NEW   | C1      | 2024-05-03 09:00 | fine_amount | 500       |
    """
    down = events(rows)
    assert of(down, "violation") == ["DOWN", "MIXED", "WORD"]
    assert of(down, "ok") == ["SAME", "SAMEWORD", "UP"]
    assert of(down, "skipped") == ["OTHER"]
    assert of(down, "unknown") == ["NO_FIELD", "NO_NEW", "NO_OLD"]
    assert of(events(rows, CHECK.replace("down", "up")), "violation") == ["MIXED", "UP", "WORD"]
    assert of(events(rows, CHECK.replace("down", "any")), "violation") == ["DOWN", "MIXED", "UP", "WORD"]


def test_an_approved_change_is_in_order_and_an_untold_approval_unknown() -> None:
    rows = """
        event_id | case_id | at               | field       | old_value | new_value | approved_by | actor_id
        APPROVED | C1      | 2024-05-03 09:00 | fine_amount | 500       | 200       | P1          | P2
        SELF     | C1      | 2024-05-03 09:00 | fine_amount | 500       | 200       | P2          | P2
        NOBODY   | C1      | 2024-05-03 09:00 | fine_amount | 500       | 200       |             | P2
    """
    there = events(rows, f"{CHECK}\nunless: approved_by is not null")
    assert there == {"APPROVED": "ok", "SELF": "ok", "NOBODY": "violation"}
    other = events(rows, f"{CHECK}\nunless: approved_by != actor_id")
    assert other == {"APPROVED": "ok", "SELF": "violation", "NOBODY": "unknown"}


def test_without_an_event_a_change_at_any_time_counts() -> None:
    rows = """
        event_id | case_id | at               | field | old_value | new_value
        EARLY    | C1      | 2024-05-01 00:00 | grade | serious   | slight
        NO_TIME  | C1      |                  | grade | serious   | slight
    """
    found = judged("kind: amended\nfield: grade", {"case_events": rows}, table="case_events")
    assert found == {"EARLY": "violation", "NO_TIME": "violation"}


@pytest.mark.parametrize(("moment", "event"), [("", "2024-05-02"), (" 10:00", "2024-05-02"), ("", "2024-05-02 10:00")])
def test_a_change_on_the_day_of_the_event_cannot_be_told_without_hours(moment: str, event: str) -> None:
    rows = "event_id | case_id | at | field | old_value | new_value\n" + "\n".join(
        f"{key} | C1 | {day}{moment} | grade | serious | slight"
        for key, day in (("EVE", "2024-05-01"), ("DAY", "2024-05-02"), ("NEXT", "2024-05-03"))
    )
    found = events(rows, cases=f"case_id | decided_at\nC1 | {event}")
    assert found == {"EVE": "ok", "DAY": "unknown", "NEXT": "violation"}


def test_rows_outside_where_are_skipped_and_an_old_change_is_not_told_again() -> None:
    rows = """
        event_id | case_id | at               | kind  | field | old_value | new_value
        APRIL    | C1      | 2024-04-30 23:59 | edit  | grade | serious   | slight
        MAY      | C1      | 2024-05-03 00:00 | edit  | grade | serious   | slight
        AGAIN    | C1      | 2024-05-03 00:00 | edit  | grade | serious   | slight
        PRINT    | C1      | 2024-05-03 00:00 | print |       |           |
        UNTOLD   | C1      | 2024-05-03 00:00 |       | grade | serious   | slight
    """
    found = events(
        rows,
        cases="case_id | decided_at\nC1 | 2024-04-01 10:00",
        extra=f"{WITH}where: kind = 'edit'\n",
        period="2024-05",
    )
    assert found == {"MAY": "violation", "AGAIN": "violation", "PRINT": "skipped", "UNTOLD": "unknown"}
    assert events("event_id | case_id | at | field | old_value | new_value") == {}


def test_a_finding_gives_both_values_and_how_late_the_change_came() -> None:
    judged_ = run(
        CHECK,
        {
            "case_events": """
            event_id | case_id | at               | field       | old_value | new_value
            E1       | C1      | 2024-05-02 11:30 | fine_amount | 1000      | 200.50
            """,
            "cases": CASES,
        },
        table="case_events",
        extra=WITH,
    )
    [finding] = judged_.findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (facts["old"], facts["new"], float(facts["difference"] or "")) == ("1000", "200.50", -799.5)
    assert (facts["event_at"], facts["later_by"]) == ("2024-05-02 10:00:00", "90")
    assert [(row.table_name, row.row_key) for row in judged_.evidence] == [("case_events", "E1"), ("cases", "C1")]


def test_a_log_without_the_name_of_the_field_is_not_applicable() -> None:
    rows = {"case_events": "event_id | case_id | at | old_value | new_value\nE1 | C1 | 2024-05-02 | 1 | 2"}
    result = run("kind: amended\nfield: grade", rows, table="case_events").result
    assert (result.result, result.reason and result.reason.en) == ("not_applicable", "table case_events lacks field")


def test_a_table_that_is_no_log_and_an_unknown_direction_are_refused() -> None:
    with pytest.raises(ValueError, match="table cases is no change log: it lacks field, old_value, new_value"):
        judged("kind: amended\nfield: grade", {"cases": "case_id | occurred_at\nA | 2024-05-01"})
    _, problems = load(rule_text(CHECK.replace("down", "sideways"), table="case_events", extra=WITH))
    assert [problem for problem in problems if "not one of any, down, up" in problem.message]
    _, problems = load(rule_text("kind: amended\nfield: []", table="case_events"))
    assert [problem for problem in problems if "a list of words is expected" in problem.message]


_values = st.none() | st.sampled_from(["100", "100.0", "200", "-5", "slight", "grave"])
_minutes = st.none() | st.integers(0, 3)
_START = datetime(2024, 5, 2, 10)


def _number(value: str) -> float | None:
    return None if value in ("slight", "grave") else float(value)


def _verdict(field: str | None, at: int | None, event: int | None, old: str | None, new: str | None, way: str) -> str:
    if field != "fine_amount":
        return "unknown" if field is None else "skipped"
    late = None if at is None or event is None else at > event
    changed: bool | None = None
    if old is not None and new is not None:
        before, after = _number(old), _number(new)
        if before is None or after is None:
            changed = old != new
        else:
            changed = {"down": after < before, "up": after > before, "any": after != before}[way]
    if False in (late, changed):
        return "ok"
    return "unknown" if None in (late, changed) else "violation"


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.none() | st.sampled_from(["fine_amount", "grade"]), _minutes, _values, _values),
        min_size=1,
        max_size=12,
    ),
    event=_minutes,
    way=st.sampled_from(["any", "down", "up"]),
)
def test_agrees_with_reading_the_log_line_by_line(
    rows: list[tuple[str | None, int | None, str | None, str | None]], event: int | None, way: str
) -> None:
    def moment(minute: int | None) -> str:
        return "" if minute is None else str(_START + timedelta(minutes=minute))

    table = "event_id | case_id | at | field | old_value | new_value\n" + "\n".join(
        f"R{place} | C1 | {moment(at)} | {field or ''} | {old or ''} | {new or ''}"
        for place, (field, at, old, new) in enumerate(rows)
    )
    expected = {
        f"R{place}": _verdict(field, at, event, old, new, way) for place, (field, at, old, new) in enumerate(rows)
    }
    check = f"kind: amended\nfield: fine_amount\nafter: case.decided_at\ndirection: {way}"
    assert events(table, check, cases=f"case_id | decided_at\nC1 | {moment(event)}") == expected
