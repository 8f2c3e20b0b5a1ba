"""Shifts on special days: which days these are, what each subject's days hold, and what is said of it."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.engines.compiler import compile_rule
from auditor.engines.counts import read_counts
from auditor.engines.duckdb import of_tables
from auditor.kinds.scope import Clock, Setting
from auditor.kinds.shift import Shift
from auditor.stats.special_days import DayCell, special_days
from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, rule, rule_text

CHECK = "kind: shift\nby: unit_id\ncalendar: month_end\n"
CAMPAIGN = CHECK.replace("month_end", "campaign")
DAYS = [date(2023, 5, 1) + timedelta(number) for number in range((date(2024, 5, 31) - date(2023, 5, 1)).days + 1)]
OFF = {date(2024, 5, day) for day in (1, 2, 3, 4, 5, 12, 18, 19, 25, 26)} | {
    day for day in DAYS if day.month != 5 and day.weekday() >= 5
}
"""In May 2024 Labour Day was bridged from the 1st to the 5th, and Saturday the 11th was worked."""

CALENDAR = "day | is_workday\n" + "\n".join(f"{day} | {'false' if day in OFF else 'true'}" for day in DAYS)


def cases(*lines: tuple[str, date | None, int], when: str = "") -> dict[str, str]:
    """Lines of (unit, day, times)."""
    rows = ["times | case_id | unit_id | officer_id | occurred_at | fine_amount"]
    for number, (unit, day, times) in enumerate(lines):
        if times:
            rows.append(f"{times} | C{number} | {unit} | O{unit} | {day or ''}{when if day else ''} | 100")
    return {"cases": "\n".join(rows), "workdays": CALENDAR}


def every_day(unit: str, usual: int, special: dict[date, int] | None = None) -> list[tuple[str, date | None, int]]:
    return [(unit, day, (special or {}).get(day, usual)) for day in DAYS]


def surges(*lines: tuple[str, date | None, int], check: str = CHECK, campaigns: str = "") -> dict[str, str]:
    given = cases(*lines) | ({"campaigns": campaigns} if campaigns else {})
    return judged(check, given, period="2024-05")


LAST_FIVE = {date(2024, 5, day): 6 for day in range(27, 32)}


def test_a_surge_at_the_month_end_is_a_lead_and_one_elsewhere_is_none() -> None:
    assert surges(*every_day("A", 2)) == {"A": "ok"}
    assert surges(*every_day("A", 2, LAST_FIVE)) == {"A": "violation"}
    assert surges(*every_day("A", 2, {date(2024, 5, day): 6 for day in range(22, 27)})) == {"A": "ok"}
    assert surges(*every_day("A", 2, {date(2024, 4, day): 6 for day in range(26, 31)})) == {"A": "ok"}


def test_the_last_five_days_begin_on_the_27th() -> None:
    # 30 more rows on one day: on the 27th they are special, on the 26th they raise what is expected.
    assert surges(*every_day("A", 2), ("A", date(2024, 5, 27), 30)) == {"A": "violation"}
    assert surges(*every_day("A", 2), ("A", date(2024, 5, 26), 30)) == {"A": "ok"}
    six = CHECK + "days: 6\n"
    assert surges(*every_day("A", 2), ("A", date(2024, 5, 26), 30), check=six) == {"A": "violation"}
    assert surges(*every_day("A", 2), ("A", date(2024, 5, 25), 30), check=six) == {"A": "ok"}
    assert surges(*every_day("A", 2), ("A", date(2024, 6, 1), 30)) == {"A": "ok"}, "June has not come"


def test_a_quarter_or_a_year_that_does_not_end_in_the_period_has_no_special_days() -> None:
    for calendar in ("quarter_end", "year_end"):
        assert surges(*every_day("A", 2, LAST_FIVE), check=CHECK.replace("month_end", calendar)) == {"A": "unknown"}


def test_days_off_are_what_the_agency_says_and_compared_with_worked_days() -> None:
    holiday = CHECK.replace("month_end", "holiday")
    assert surges(*every_day("A", 2, {day: 6 for day in OFF if day >= date(2024, 5, 1)}), check=holiday) == {
        "A": "violation"
    }
    worked = {date(2024, 5, day): 30 for day in (11,)}
    assert surges(*every_day("A", 2, worked), check=holiday) == {"A": "ok"}, "a Saturday that was worked"


def test_a_campaign_is_of_its_unit_or_of_all_and_its_last_day_counts() -> None:
    header = "campaign_id | unit_id | from_on | to_on\n"
    ten = {date(2024, 5, day): 6 for day in range(6, 12)}
    lines = [*every_day("A", 2, ten), *every_day("B", 2, ten)]
    mine = header + "K1 | A | 2024-05-06 | 2024-05-11"
    assert surges(*lines, check=CAMPAIGN, campaigns=mine) == {"A": "violation", "B": "unknown"}
    two = header + "K1 | | 2024-05-06 | 2024-05-09\nK2 | | 2024-05-08 | 2024-05-11\nK3 | A | 2024-05-09 | 2024-05-09"
    assert surges(*lines, check=CAMPAIGN, campaigns=two) == {"A": "violation", "B": "violation"}
    edge = header + "K1 | | 2024-05-07 | 2024-05-10"
    plain = [*every_day("A", 2, {date(2024, 5, 10): 30}), *every_day("B", 2, {date(2024, 5, 11): 30})]
    assert surges(*plain, check=CAMPAIGN, campaigns=edge) == {"A": "violation", "B": "ok"}


def test_without_the_table_of_campaigns_the_rule_does_not_run() -> None:
    judgement = run(CAMPAIGN, {"cases": "case_id | unit_id | occurred_at\nC1 | A | 2024-05-06"})
    assert judgement.result.result == "not_applicable"
    assert judgement.result.reason is not None and "campaigns is missing" in judgement.result.reason.en


def test_against_peers_a_surge_that_all_share_flags_nobody() -> None:
    lines = [line for number in range(5) for line in every_day(f"P{number}", 2, LAST_FIVE)]
    assert set(surges(*lines).values()) == {"violation"}
    peers = CHECK + "against: peers\n"
    assert set(surges(*lines, check=peers).values()) == {"ok"}
    more = every_day("X", 2, dict.fromkeys(LAST_FIVE, 24))
    assert surges(*lines, *more, check=peers) == {**{f"P{number}": "ok" for number in range(5)}, "X": "violation"}
    assert set(surges(*lines[: 3 * len(DAYS)], check=peers).values()) == {"unknown"}


def test_blanks_are_not_counted() -> None:
    assert surges(*every_day("A", 2), ("A", None, 60), ("", date(2024, 5, 30), 60)) == {"A": "ok"}
    check = CHECK + "count: fine_amount > 100\n"
    assert surges(*every_day("A", 2, LAST_FIVE), check=check) == {}


def test_a_finding_cites_the_rows_of_the_special_days() -> None:
    rows = "\n".join(f"{day}x{number} | A | {day}" for day in DAYS for number in range(LAST_FIVE.get(day, 2)))
    judgement = run(CHECK, {"cases": "case_id | unit_id | occurred_at\n" + rows, "workdays": CALENDAR})
    [finding] = judgement.findings
    assert (finding.value, finding.n_cases, len(judgement.evidence)) == (30, 30, 30)
    assert finding.first_at is not None and f"{finding.first_at:%Y-%m-%d}" == "2024-05-27"
    facts = {fact.name: fact.value for fact in finding.facts}
    # Two a day on 5 worked days, which is the same class: 10, and three times as many.
    assert (facts["special_days"], facts["own_expected"], facts["times"]) == ("5", "10.0", "3.0")


def test_a_rule_says_that_the_data_begin_later_than_it_looks_back() -> None:
    for check in (CHECK, "kind: shift\nby: unit_id\n"):
        kind = rule(rule_text(check, table="cases")).kind
        assert kind.reaches_back_to(date(2024, 5, 1), date(2024, 5, 31)) == date(2023, 5, 1)
        assert kind.reaches_back_to(date(2024, 3, 31), date(2024, 5, 31)) == date(2023, 3, 1)
    for begin, told in (("2023-05-01", 0), ("2023-05-02", 1)):
        rows = f"case_id | unit_id | occurred_at\nC1 | A | {begin}\nC2 | A | 2024-05-06"
        notes = run(CHECK, {"cases": rows, "workdays": CALENDAR}).result.notes
        assert sum("looks back to 2023-05-01" in note.en for note in notes) == told


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (CHECK + "days: 21\n", "must be 1 to 20"),
        (CHECK + "days: 0\n", "whole number"),
        (CAMPAIGN + "days: 5\n", "goes with the end of a month"),
        ("kind: shift\nby: unit_id\nagainst: peers\n", "goes with `calendar`"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if fault in problem.message]


@pytest.mark.parametrize("calendar", ["month_end", "quarter_end", "year_end", "holiday", "campaign"])
@pytest.mark.parametrize("against", ["own", "peers"])
def test_the_sentence_says_which_days_and_against_whom(calendar: str, against: str) -> None:
    text = CHECK.replace("month_end", calendar) + f"against: {against}\n"
    said = rule(rule_text(text, table="cases")).sentence
    assert ("whatever its peers do" in said.en) == (against == "own") == ("不与同行比较" in said.zh)


SPAN = st.tuples(st.sampled_from(["A", "B", ""]), st.integers(0, 60), st.integers(0, 12))


@settings(max_examples=25, deadline=None)
@given(
    drawn=st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(DAYS[-60:]), st.integers(1, 9)), max_size=25),
    calendar=st.sampled_from(["month_end", "holiday", "campaign"]),
    past=st.integers(0, 2),
    spans=st.lists(SPAN, max_size=3),
    first=st.sampled_from([date(2024, 5, 1), date(2024, 5, 11)]),
    last=st.sampled_from([date(2024, 5, 29), date(2024, 5, 31)]),
)
def test_days_are_counted_as_by_hand(
    drawn: list[tuple[str, date, int]],
    calendar: str,
    past: int,
    spans: list[tuple[str, int, int]],
    first: date,
    last: date,
) -> None:
    campaigns = [
        (unit, DAYS[-60] + timedelta(start), DAYS[-60] + timedelta(start + long)) for unit, start, long in spans
    ]
    kept = rule(rule_text(CHECK.replace("month_end", calendar) + "baseline: 6 months\n", table="cases"))
    begin = date(2023, 11, 1)
    drawn = [*drawn, *(("A", day, past) for day in DAYS[::3] if past)]
    counts: defaultdict[tuple[str, date], int] = defaultdict(int)
    window = [day for day in DAYS if begin <= day < date(2024, 5, 1) or first <= day <= last]
    for unit, day, times in drawn:
        if day in window:
            counts[unit, day] += times

    def is_special(unit: str, day: date) -> bool:
        if calendar == "month_end":
            return (day + timedelta(5)).month != day.month
        if calendar == "holiday":
            return day in OFF
        return any(whose in ("", unit) and start <= day <= end for whose, start, end in campaigns)

    expected: defaultdict[tuple[str, date, bool, bool, str], list[int]] = defaultdict(list)
    for unit in sorted({unit for unit, _ in counts}):
        for day in window:
            like = "any" if calendar == "holiday" else "off" if day in OFF else "worked"
            cell = (unit, day.replace(day=1), day >= first, is_special(unit, day), like)
            expected[cell].append(counts[unit, day])

    rows = [
        {"case_id": f"C{number}", "unit_id": unit, "occurred_at": f"{day} 23:59:59"}
        for number, (unit, day, times) in enumerate(drawn)
        for _ in range(times)
    ]
    given = {
        "cases": (("case_id", "unit_id", "occurred_at"), rows),
        "workdays": (
            ("day", "is_workday"),
            [{"day": str(day), "is_workday": "false" if day in OFF else "true"} for day in DAYS],
        ),
        "campaigns": (
            ("campaign_id", "unit_id", "from_on", "to_on"),
            [
                {"campaign_id": f"K{number}", "unit_id": unit or None, "from_on": str(start), "to_on": str(end)}
                for number, (unit, start, end) in enumerate(campaigns)
            ],
        ),
    }
    provided = {name: frozenset(columns) for name, (columns, _) in given.items()}
    clock = Clock(first=first, last=date(2024, 5, 31), as_of=last)
    query = compile_rule(kept, Setting(scope=kept.scope, clock=clock, provided=provided))
    with of_tables(given, {}) as session:
        found = read_counts(query, session).counts
    by_hand = {cell: (len(daily), sum(daily), sum(n * n for n in daily)) for cell, daily in expected.items()}
    assert {
        (one.subject, one.month, one.audited, one.stratum[0] == "special", one.stratum[1]): (
            one.days,
            one.n,
            one.squares,
        )
        for one in found
    } == by_hand
    assert isinstance(kept.kind, Shift)
    cells = [
        DayCell(subject=u, month=m, audited=a, special=s, like=k, days=d, n=n, squares=q)
        for (u, m, a, s, k), (d, n, q) in by_hand.items()
    ]
    options = {"min_months": 6, "min_special": 3, "min_ordinary": 60, "min_n": 30, "q": 0.05, "min_excess": 0.5}
    told = {one.subject: one for one in special_days(cells, against="own", **options)}  # type: ignore[arg-type]
    conclusion = kept.kind.conclude(found)
    assert {verdict.subject: verdict.flagged for verdict in conclusion.verdicts} == {
        unit: one.flagged for unit, one in told.items() if one.reason is None
    }
    assert {left.subject_id for left in conclusion.not_judged} == {u for u, one in told.items() if one.reason}
    for unit in told:
        seen = min(day for (whose, day), n in counts.items() if n and whose == unit)
        start = begin if seen < date(2023, 12, 1) else (seen.replace(day=1) + timedelta(31)).replace(day=1)
        days = [day for day in window if day >= start]
        special = [day for day in days if day >= first and is_special(unit, day)]
        plain = [day for day in days if not is_special(unit, day)]
        likes = [all(sum((a in OFF) == (b in OFF) for b in plain) >= 5 for a in special), len(plain) >= 60]
        full = start == begin and len(special) >= 3 and (all(likes) if calendar != "holiday" else likes[1])
        assert (told[unit].reason is None) == (full and sum(counts[unit, day] for day in plain) >= 30)
        if told[unit].flagged:
            assert sum(counts[unit, day] for day in special) >= 1.5 * told[unit].expected - 1e-5
