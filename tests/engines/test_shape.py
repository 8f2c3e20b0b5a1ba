"""The shape of an audit, counted and not timed: how often the table of cases is read, and how many rows come of it.

DuckDB's own profile of every query says what was scanned. A rule more over the same table must not read it once more,
and what a window puts in order are the rows in company, not all.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from auditor.core.result import Period
from auditor.engines import hundreds, jobs, limits
from auditor.engines.base import Row
from auditor.engines.duckdb import ArrowAnswer, DuckSession, ListAnswer
from auditor.engines.judge import judge_all
from auditor.engines.judged import Data, Judged
from auditor.kinds.scope import Clock
from auditor.kinds.sql import Expr, render
from auditor.rulebook import Rule
from tests.kinds.spec import rule, rule_text

CASES = 4_000
MAY = Period(first=date(2024, 5, 1), last=date(2024, 5, 31), label="2024-05")
CLOCK = Clock(first=MAY.first, last=MAY.last, as_of=MAY.last)

END = "'2024-06-01 00:00:00'"


class Profiled(DuckSession):
    """Asks for the profile of each query before its answer."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self.connection = connection
        self.queries = 0
        self.reads: list[int] = []
        """Rows that were scanned each time that the table of cases was read."""
        self.sorted = 0
        self.handed_on: list[str] = []
        """How what was read once reached those who asked for it."""
        self.fetching = 0
        """Characters of the longest question that fetched rows of many rules."""
        self.bounded = 0
        """Questions that ask of rows whether they lie before the period's end."""
        self.cast_to_fetch = False
        """Whether rows were found by a number wider than their own, so that the engine could leave out none of them
        while it read."""

    def _profile(self, query: Expr) -> None:
        self.queries += 1
        self.bounded += END in render(query)
        [(_, told)] = self.connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {render(query)}").fetchall()
        for operator in _operators(json.loads(told).get("operator", [])):
            if operator["type"] == "TABLE_SCAN" and operator["extra_info"].get("Table", "").endswith("cases"):
                self.reads.append(operator["rows_scanned"])
            if operator["type"] == "CTE":
                self.handed_on.append(operator["extra_info"]["Execution Mode"])
            if "WINDOW" in operator["type"]:
                self.sorted = max(self.sorted, operator["intermediate_rows"])

    def rows(self, query: Expr) -> list[Row]:
        self._profile(query)
        return super().rows(query)

    def answer(self, query: Expr) -> ArrowAnswer | ListAnswer:
        self._profile(query)
        return super().answer(query)

    def numbers(self, query: Expr) -> list[tuple[NDArray[np.uint64], ...]]:
        self._profile(query)
        return super().numbers(query)

    def keep(self, name: str, query: Expr) -> None:
        self._profile(query)
        super().keep(name, query)

    def share(self, name: str, query: Expr) -> None:
        self._profile(query)
        self.fetching = max(self.fetching, len(render(query)))
        [(_, plan)] = self.connection.execute(f"EXPLAIN {render(query)}").fetchall()
        self.cast_to_fetch |= "HUGEINT" in plan
        super().share(name, query)


def _operators(tree: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for operator in tree:
        yield operator
        yield from _operators(operator.get("children", []))


@contextmanager
def profiled() -> Iterator[Profiled]:
    """4,000 cases of one day in May; numbers 1,000 and 2,000 are missing and one party is seen twice."""
    numbers = [number for number in range(1, CASES + 3) if number not in (1000, 2000)]
    columns = {
        "case_id": [f"C{number}" for number in numbers],
        "unit_id": ["U1"] * CASES,
        "doc_no": [f"D{number:06}" for number in numbers],
        "party_id": [f"P{max(number, 2)}" for number in numbers],
        "fine_amount": [number % 500 for number in numbers],
        "_file": ["cases.csv"] * CASES,
        "_row": numbers,
    }
    with duckdb.connect() as connection:
        connection.register("made", pa.table(columns))
        connection.execute("CREATE TABLE cases AS SELECT *, TIMESTAMP '2024-05-02 08:00:00' AS occurred_at FROM made")
        session = Profiled(connection)
        yield session


def audited(session: Profiled, *rules: Rule) -> dict[str, Judged]:
    data = Data(
        columns={"cases": frozenset({"case_id", "unit_id", "doc_no", "party_id", "fine_amount", "occurred_at"})}
    )
    return judge_all(rules, session, data, CLOCK, MAY)


def numbered(check: str, number: int) -> Rule:
    return rule(rule_text(check, table="cases").replace("id: test.rule", f"id: test.rule-{number}"))


def over(amount: int, number: int) -> Rule:
    return numbered(f"kind: check\nfail_when: fine_amount > {amount}", number)


def test_many_row_rules_read_the_table_twice_however_many_they_are() -> None:
    reads: list[int] = []
    for count in (1, 2, 12):
        with profiled() as session:
            judged = audited(session, *(over(400 + number, number) for number in range(count)))
        assert all(one.result.violation for one in judged.values())
        reads.append(len(session.reads))
    assert reads == [2, 2, 2]


@pytest.mark.parametrize(("within", "late"), [("24 hours", 8 * (499 - 180)), ("1 working days", 8 * (499 - 299))])
def test_what_is_read_once_is_handed_on_and_never_held(within: str, late: int) -> None:
    """Counts, what is measured and the places to be told of all come from the one reading; working days are joined, and
    such a rule is read by itself. Eight minutes for every yuan of the fine pass from eight in the morning on."""
    check = numbered(f"kind: deadline\nfrom: occurred_at\nto: decided_at\nwithin: {within}", 1)
    with profiled() as session:
        session.connection.execute("ALTER TABLE cases ADD COLUMN decided_at TIMESTAMP")
        session.connection.execute("UPDATE cases SET decided_at = occurred_at + INTERVAL (fine_amount) MINUTE * 8")
        session.connection.execute(
            "CREATE TABLE workdays AS SELECT day::DATE AS day, TRUE AS is_workday, TRUE AS announced, "
            "row_number() OVER (ORDER BY day) AS ordinal "
            "FROM range(DATE '2024-04-01', DATE '2024-07-01', INTERVAL 1 DAY) AS d(day)"
        )
        data = Data(columns={"cases": frozenset({"case_id", "unit_id", "fine_amount", "occurred_at", "decided_at"})})
        judged = judge_all([check, over(490, 2)], session, data, CLOCK, MAY)
    assert [one.result.violation for one in judged.values()] == [late, 72]
    assert judged["test.rule-1"].result.picture is not None
    assert set(session.handed_on) == {"STREAMING_FANOUT"}


def test_rules_that_flag_nothing_read_it_once() -> None:
    with profiled() as session:
        judged = audited(session, *(over(500 + number, number) for number in range(12)))
    assert {one.result.result for one in judged.values()} == {"clean"}
    assert session.reads == [CASES]
    assert session.queries == 2, "the rows in groups, and the sums of these"


@pytest.mark.parametrize(
    ("check", "reads", "in_order"),
    [
        ("kind: repeat\nby: [party_id]\nwindow: 24 hours", 4, 2),
        ("kind: duplicate\nsame: [party_id]", 3, 0),
        ("kind: gap\nnumber: doc_no", 3, CASES),
    ],
)
def test_a_rule_with_windows_puts_in_order_what_is_in_company(check: str, reads: int, in_order: int) -> None:
    """Besides the common reading one to find who is in company, one to fetch them, and one for the first day of the
    data where the rule looks back."""
    with profiled() as session:
        [judged] = audited(session, numbered(check, 1)).values()
    assert judged.result.violation == 2
    assert (len(session.reads), session.sorted) == (reads, in_order)


def test_the_first_day_of_a_table_is_asked_once() -> None:
    """By the rule that runs and by the one that cannot, as no plate is in these data."""
    reads: list[int] = []
    check = "kind: repeat\nby: [{column}]\nwindow: 24 hours"
    here, lacking = (
        numbered(check.format(column=column), place) for place, column in enumerate(("party_id", "plate_no"))
    )
    for rules in ((here,), (here, lacking)):
        with profiled() as session:
            judged = audited(session, *rules)
        reads.append(len(session.reads))
    assert [one.result.result for one in judged.values()] == ["not_applicable", "flagged"]
    assert reads[0] == reads[1]


def test_the_rows_of_all_rules_are_fetched_in_one_reading() -> None:
    """One reading for what all count, one for the order of numbers, one for the rows alike, and one that fetches."""
    with profiled() as session:
        rules = (numbered("kind: gap\nnumber: doc_no", 1), numbered("kind: duplicate\nsame: [party_id]", 2))
        judged = audited(session, *rules, over(490, 3), over(495, 4))
    assert [one.result.violation for one in judged.values()] == [2, 2, 72, 32]
    assert len(session.reads) == 4
    assert not session.cast_to_fetch


def test_the_question_that_fetches_grows_with_the_rules_and_not_with_their_square() -> None:
    """Each of these rules has places of its own; twice as many make it twice as long."""
    lengths: list[int] = []
    for count in (4, 8, 16):
        with profiled() as session:
            judged = audited(session, *(numbered("kind: duplicate\nsame: [party_id]", one) for one in range(count)))
        assert {one.result.violation for one in judged.values()} == {2}
        lengths.append(session.fetching)
    assert lengths[2] - lengths[1] <= 2.2 * (lengths[1] - lengths[0])


def test_what_a_rule_measures_is_counted_in_the_common_reading() -> None:
    check = "kind: deadline\nfrom: occurred_at\nto: occurred_at\nwithin: 24 hours"
    with profiled() as session:
        judged = audited(session, numbered(check, 1), numbered(check.replace("24", "48"), 2))
    drawn = [one.result.picture for one in judged.values()]
    assert [sum(bin_.ok for bin_ in one.bins) for one in drawn if one is not None] == [CASES, CASES]
    first, *whole = session.reads
    assert first < CASES, "whether anybody fills the column is known from the first rows"
    assert whole == [CASES]


def test_a_query_of_an_sql_rule_is_asked_once() -> None:
    check = "kind: sql\nquery: SELECT case_id FROM cases WHERE fine_amount > 490\npopulation: fine_amount is not null"
    with profiled() as session:
        [judged] = audited(session, numbered(check, 1)).values()
    assert judged.result.violation == 72
    assert len(session.reads) == 4, "what all count, the query, where the rows are that it names, and one that fetches"


def test_the_rows_of_a_group_that_stands_out_are_fetched_with_those_of_other_rules() -> None:
    """One reading for what all count, one that counts by subject, one for where the rows of the flagged are, and one
    that fetches."""
    check = "kind: share\nof: fine_amount > 480\nby: unit_id\nlimit: 0.01\nmin_n: 10"
    with profiled() as session:
        judged = audited(session, numbered(check, 1), over(490, 2))
    assert [one.result.violation for one in judged.values()] == [1, 72]
    assert len(session.reads) == 4


def test_of_a_numbering_broken_hundreds_alone_are_put_in_order() -> None:
    """Numbers 1,000 and 2,000 are missing of 4,002: in order are put the hundreds 9 to 11 and 19 to 21, the first two
    and the last two."""
    with profiled() as session, patch.object(hundreds, "FEWEST", 0):
        [judged] = audited(session, numbered("kind: gap\nnumber: doc_no", 1)).values()
    assert judged.result.violation == 2
    assert session.sorted == 99 + 100 + 3 * 100 - 1 + 3 * 100 - 1 + 100 + 3


def test_of_moments_those_alone_are_put_in_order_that_another_comes_soon_after() -> None:
    """One party is seen twice, by two documents at one moment; of the 4,000 moments no others are of one party."""
    check = "kind: overlap\nwho: [party_id]\nat: occurred_at\nplace: doc_no\nwithin: 10 minutes"
    with profiled() as session:
        [judged] = audited(session, numbered(check, 1)).values()
    assert judged.result.violation == 1
    assert session.sorted == 2


@pytest.mark.parametrize(("fewest", "bounded"), [(CASES, 1), (CASES + 1, 5)])
def test_a_limit_of_time_that_all_rows_keep_is_asked_for_once(fewest: int, bounded: int) -> None:
    """Where the table is large enough to be searched, nothing else asks for it. Else the reading for all rules does,
    the counts by subject, and what is made of the rows that were fetched for each of the three."""
    check = "kind: share\nof: fine_amount > 480\nby: unit_id\nlimit: 0.01\nmin_n: 10"
    with profiled() as session, patch.object(limits, "FEWEST", fewest):
        judged = audited(session, over(490, 1), over(480, 2), numbered(check, 3))
    assert [one.result.violation for one in judged.values()] == [72, 152, 1]
    assert session.bounded == bounded


@pytest.mark.parametrize(("many", "beside"), [(CASES, False), (CASES + 1, True)])
def test_of_a_large_table_one_question_at_a_time_is_asked(many: int, beside: bool) -> None:
    opened: list[None] = []
    with (
        profiled() as session,
        patch.object(jobs, "MANY", many),
        patch.object(session, "beside", lambda: opened.append(None)),
    ):
        audited(session, numbered("kind: gap\nnumber: doc_no", 1), over(490, 2))
    assert bool(opened) is beside
