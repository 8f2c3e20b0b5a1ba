"""Limits of time that all rows keep: they are found by the boundary, and leaving them out changes no verdict."""

from collections.abc import Iterator, Sequence
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from auditor.core.result import Period
from auditor.engines import limits
from auditor.engines.compiler import compile_rule
from auditor.engines.duckdb import DuckSession, of_tables
from auditor.engines.judge import judge_all, tell
from auditor.engines.judged import Data, Judged
from auditor.kinds import sql
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule
from tests.engines.test_judge import NO_DAYS
from tests.kinds.spec import rule, rule_text

COLUMNS = (
    "case_id",
    "unit_id",
    "officer_id",
    "doc_no",
    "place_id",
    "occurred_at",
    "decided_at",
    "closed_at",
    "fine_amount",
)
Row = dict[str, str | None]


def clock(last: str = "2024-05-31", as_of: str = "2024-05-31", first: str | None = "2024-05-01") -> Clock:
    begin = None if first is None else date.fromisoformat(first)
    return Clock(first=begin, last=date.fromisoformat(last), as_of=date.fromisoformat(as_of))


def case(occurred: str | None, decided: str | None = None, number: int = 1) -> Row:
    values = (f"C{number}", "U1", "P1", f"A-{number}", f"L{number}", occurred, decided, None, "10")
    return dict(zip(COLUMNS, values, strict=True))


def loaded(check: str, **options: str) -> Rule:
    return rule(rule_text(check, table="cases", **options))


PLAIN = "kind: check\nfail_when: fine_amount > 5"


def known(
    rows: Sequence[Row], check: str = PLAIN, at: Clock | None = None, fewest: int = 0
) -> tuple[set[str], set[str]]:
    """The columns that hold nothing before the period, and those that hold nothing from its end on."""
    asked = loaded(check)
    setting = Setting(scope=asked.scope, clock=at or clock(), provided={"cases": frozenset(COLUMNS)})
    with of_tables({"cases": (COLUMNS, rows)}, NO_DAYS) as session, patch.object(limits, "FEWEST", fewest):
        found = limits.limited(setting, compile_rule(asked, setting), session)
    return set(found.none_early), set(found.none_late)


BOTH = {"occurred_at", "decided_at"}


@pytest.mark.parametrize(
    ("occurred", "none_early", "none_late"),
    [
        ("2024-04-30 23:59:59", {"decided_at"}, BOTH),
        ("2024-05-01 00:00:00", BOTH, BOTH),
        ("2024-05-31 23:59:59", BOTH, BOTH),
        ("2024-06-01 00:00:00", BOTH, {"decided_at"}),
        (None, BOTH, BOTH),
    ],
)
def test_the_first_moment_of_the_period_is_in_it_and_that_after_its_last_day_is_not(
    occurred: str | None, none_early: set[str], none_late: set[str]
) -> None:
    assert known([case("2024-05-10", "2024-05-12"), case(occurred)]) == (none_early, none_late)


def test_the_period_ends_with_the_as_of_day_if_that_is_earlier() -> None:
    rows = [case("2024-05-10 00:00")]
    assert known(rows, at=clock(as_of="2024-05-10")) == (BOTH, BOTH)
    assert known(rows, at=clock(as_of="2024-05-09")) == (BOTH, {"decided_at"})


def test_without_a_first_day_nothing_is_early() -> None:
    assert known([case("1999-05-10")], at=clock(first=None)) == (set(), BOTH)


def test_a_small_table_is_not_searched() -> None:
    rows = [case("2024-05-10", number=1), case("2024-05-11", number=2)]
    assert known(rows, fewest=3) == (set(), set())
    assert known(rows, fewest=2) == (BOTH, BOTH)


def test_the_moments_of_a_span_are_searched_for_and_no_others() -> None:
    assert known([case("2024-05-10")], "kind: deadline\nfrom: occurred_at\nto: closed_at\nwithin: 3 days") == (
        {*BOTH, "closed_at"},
        {*BOTH, "closed_at"},
    )


@pytest.mark.parametrize(
    ("at", "columns"),
    [
        ("occurred_at", {"occurred_at"}),
        ("coalesce(decided_at, occurred_at)", BOTH),
        ("cast(occurred_at as date)", {"occurred_at"}),
        ("coalesce(decided_at, cast('2024-05-01' as timestamp))", set()),  # what no column holds
        ("case when fine_amount > 5 then occurred_at end", set()),
        ("cast(doc_no as timestamp)", set()),  # a text
    ],
)
def test_only_a_moment_that_is_always_one_of_some_columns_is_known_by_them(at: str, columns: set[str]) -> None:
    asked = loaded(PLAIN)
    setting = Setting(scope=asked.scope, clock=clock())
    tree = parse_one(at, dialect="duckdb")
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier("cases"))
    assert setting.picked_from(sql.moment(tree)) == columns


RULES = [
    loaded(check, **options)
    for check, options in (
        (PLAIN, {}),
        ("kind: check\nfail_when: fine_amount > 5", {"extra": "at: occurred_at\n"}),
        ("kind: deadline\nfrom: occurred_at\nto: decided_at\nwithin: 24 hours", {}),
        ("kind: repeat\nby: [officer_id]\nat: occurred_at\nwindow: 24 hours", {}),
        ("kind: overlap\nwho: [officer_id]\nat: occurred_at\nplace: place_id\nwithin: 90 minutes", {}),
        ("kind: gap\nnumber: doc_no", {}),
        ("kind: duplicate\nsame: [officer_id]", {}),
        ("kind: share\nof: fine_amount > 5\nby: unit_id\nlimit: 0.1\nmin_n: 1", {}),
    )
]
AROUND = ("2024-04-30 23:00", "2024-04-30 23:59:59", "2024-05-01 00:00", "2024-05-31 23:59:59", "2024-06-01 00:00")
MOMENTS = st.sampled_from([None, *AROUND, "2024-05-31 23:00", "2024-06-01 01:00"])


def judged(rules: Sequence[Rule], session: DuckSession, at: Clock) -> Iterator[tuple[object, ...]]:
    period = Period(first=date(2024, 5, 1), last=at.last, label="2024-05")
    found: dict[str, Judged] = {}
    for one in rules:
        found |= judge_all([one], session, Data(columns={"cases": frozenset(COLUMNS)}), at, period)
    for one in found.values():
        one = tell(one)
        assert one.trace is None, one.trace
        yield one.result, one.findings, one.evidence


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1, max_size=6), st.sampled_from(["2024-05-31", "2024-06-30"]))
def test_what_is_known_of_all_rows_need_not_be_asked(rows: list[tuple[str | None, str | None]], as_of: str) -> None:
    listed = [case(occurred, decided, number) for number, (occurred, decided) in enumerate(rows)]
    with of_tables({"cases": (COLUMNS, listed)}, NO_DAYS) as session:
        asked = list(judged(RULES, session, clock(as_of=as_of)))
        with patch.object(limits, "FEWEST", 0):
            assert list(judged(RULES, session, clock(as_of=as_of))) == asked
