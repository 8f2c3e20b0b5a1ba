"""Broken hundreds of a numbering: leaving out the whole ones changes no verdict, no finding and no row of evidence."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.problem import Location
from auditor.engines import hundreds
from auditor.engines.duckdb import DuckSession
from auditor.kinds.sql import Expr
from auditor.rulebook.model import Example, Rule
from tests.engines.both_ways import assert_alike
from tests.kinds.spec import rule, rule_text

CHECK = "kind: gap\nnumber: doc_no\nseries: [unit_id]\nat_most: 5"
COLUMNS = ("case_id", "doc_no", "unit_id", "occurred_at", "status")


class Document(NamedTuple):
    number: str | None
    unit: str | None = "U1"
    on: str = "2024-05-01"
    status: str | None = "decided"


class Run(NamedTuple):
    """Numbers one after another, but for those left out and those there twice."""

    head: str
    first: int
    length: int
    tail: str = ""
    width: int = 0
    out: tuple[int, ...] = ()
    twice: tuple[int, ...] = ()
    unit: str | None = "U1"

    def documents(self) -> list[Document]:
        numbers = [
            number for number in range(self.first, self.first + self.length) if number - self.first not in self.out
        ]
        numbers += [self.first + number for number in self.twice if number < self.length]
        return [Document(f"{self.head}{number:0{self.width}}{self.tail}", self.unit) for number in numbers]


def gap(check: str = CHECK) -> Rule:
    return rule(rule_text(check, table="cases", extra="where: status = 'decided'\n"))


def example(documents: Sequence[Document]) -> Example:
    rows: list[dict[str, str | None]] = [
        dict(zip(COLUMNS, (f"R{place}", one.number, one.unit, one.on, one.status), strict=True))
        for place, one in enumerate(documents)
    ]
    return Example(
        name="numbered", as_of=date(2024, 5, 31), period="2024-05", parameters={}, given={"cases": tuple(rows)},
        columns={"cases": COLUMNS}, expect={}, location=Location(file="here"),
    )  # fmt: skip


class Asking(list[int]):
    """How many hundreds were put in order, each time that some could be left out; `quickly`, how many texts they have
    and, where that was not enough, how many hundreds."""

    def __init__(self, *, quickly: bool) -> None:
        super().__init__()
        self._of = 0 if quickly else 10**9

    def __enter__(self) -> "Asking":
        real = DuckSession.keep

        def keep(session: DuckSession, name: str, query: Expr) -> None:
            real(session, name, query)
            if name == hundreds.BROKEN:
                self.append(len(session.rows(query)))

        self._patches = [
            patch.object(DuckSession, "keep", keep),
            patch.object(hundreds, "FEWEST", 0),
            patch.object(hundreds, "SELDOM", self._of),
        ]
        for one in self._patches:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._patches:
            one.stop()


def asked(documents: Sequence[Document], check: str = CHECK, *, quickly: bool) -> Asking:
    with Asking(quickly=quickly) as asking:
        assert assert_alike(gap(check), example(documents))
    return asking


def compared(documents: Sequence[Document], check: str = CHECK) -> list[int]:
    """How many hundreds were put in order; found by their texts, they are the same, or are found by hundreds too."""
    plainly, quickly = asked(documents, check, quickly=False), asked(documents, check, quickly=True)
    assert quickly[:1] == [100 * hundred for hundred in plainly]
    assert quickly[1:] in ([], plainly)
    return plainly


def test_whole_hundreds_are_left_out_but_for_the_first_two_and_those_beside_a_broken_one() -> None:
    """2,000 numbers are the hundreds 0 to 19; 1050 is missing. Asked about are 0 and 1, 9 to 11, and the last."""
    assert compared(Run("A-", 0, 2000, width=5, out=(1050,)).documents()) == [6]


def test_rows_are_found_by_their_texts_alone_where_all_their_endings_are_two_digits() -> None:
    documents = Run("A-", 0, 2000, width=5, out=(1050,)).documents()
    assert asked(documents, quickly=True) == [600]
    # Of the hundred in which 1050 is missing, and of another, which is whole.
    assert asked([*documents, Document("A-0105x"), Document("A-0109x")], quickly=True) == [600, 6]
    assert asked([*documents, Document("A-010 5")], quickly=True) == [600, 6]
    assert asked([*documents, Document("A-0055x")], quickly=True)[1:] != []


def test_of_two_units_with_the_same_numbers_the_rows_of_the_one_are_found() -> None:
    """The second unit has no gap: its first two hundreds are asked about, and its last."""
    documents = Run("A-", 0, 2000, width=5, out=(1050,)).documents()
    others = Run("A-", 0, 2000, width=5, unit="U2").documents()
    assert asked([*documents, *others], quickly=True) == [900]


def test_a_number_there_twice_is_not_made_up_for_by_one_that_is_missing() -> None:
    """The hundred has a hundred rows all the same."""
    assert compared(Run("A-", 0, 2000, width=5, out=(1050,), twice=(1020,)).documents()) == [6]


def test_a_hundred_written_in_two_ways_is_there_twice() -> None:
    """Asked about are 0 and 1, 9 and 11, 10 both with zeros in front and without, and the last."""
    twice = [*Run("A-", 0, 2000, width=5).documents(), *Run("A-", 1000, 100).documents()]
    assert compared(twice) == [7]


@pytest.mark.parametrize("tail", ["", "号", "号A", " "])
def test_what_stands_behind_the_number_is_no_part_of_it(tail: str) -> None:
    assert compared(Run("字〔2024〕", 0, 2000, tail, width=5, out=(1050,)).documents()) == [6]


def test_nothing_is_left_out_where_most_hundreds_are_broken() -> None:
    assert compared(Run("A-", 0, 2000, out=tuple(range(7, 2000, 90))).documents()) == []


def test_the_order_of_issue_is_a_matter_of_every_row() -> None:
    documents = Run("A-", 0, 400, width=4).documents()
    assert compared(documents, f"{CHECK}\norder_by: occurred_at") == []


@pytest.mark.parametrize("digits", [1, 2, 3, 4])
def test_the_number_may_be_the_last_digits_alone(digits: int) -> None:
    documents = [
        document for region in ("11", "12") for document in Run(region, 0, 1000, width=4, out=(350,)).documents()
    ]
    compared(documents, f"{CHECK}\ndigits: {digits}")


def test_a_digit_behind_what_is_taken_for_the_end_is_of_the_number() -> None:
    """The first document ends in a letter, so that the two places before its last are looked at in all: of numbers
    without that letter these count tens, and a hundred of them is no run."""
    tens = [Document(f"A-{number:04}0") for number in range(1000)]
    compared([Document("A-00000号"), *tens])


runs = st.builds(
    Run,
    st.sampled_from(["A-", "A-0", "字〔2024〕", ""]),
    st.sampled_from([0, 1, 95, 100, 198, 300]),
    st.integers(1, 420),
    st.sampled_from(["", "号", "号A"]),
    st.sampled_from([0, 4]),
    st.lists(st.integers(0, 419), max_size=2).map(tuple),
    st.lists(st.integers(0, 419), max_size=2).map(tuple),
    st.sampled_from(["U1", "U2", None]),
)
STRAYS = ("A-7", "A-007", "A-0107", "A-12号", "字〔2024〕7", "7", "07", "A", None, "A-9999999999999999999999", "A-1２")
STATUS = st.sampled_from(["decided", "withdrawn", None])
strays = st.builds(
    Document,
    st.sampled_from(STRAYS),
    st.sampled_from(["U1", None]),
    st.sampled_from(["2024-05-03", "2024-06-01"]),
    STATUS,
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(runs, min_size=1, max_size=3),
    st.lists(strays, max_size=4),
    st.lists(st.tuples(st.integers(0, 1200), STATUS), max_size=4),
    st.sampled_from([CHECK, f"{CHECK}\norder_by: occurred_at"]),
    st.randoms(),
)
def test_leaving_out_whole_hundreds_changes_nothing(
    made: list[Run], others: list[Document], otherwise: list[tuple[int, str | None]], check: str, chance: Random
) -> None:
    documents = [document for run in made for document in run.documents()]
    for place, status in otherwise:
        documents[place % len(documents)] = documents[place % len(documents)]._replace(status=status)
    documents += others
    chance.shuffle(documents)
    compared(documents, check)


def test_a_document_that_may_not_count_makes_its_hundred_whole() -> None:
    """Of 1050 nobody knows whether it counts, and 1350 does not. Asked about are 0 and 1, 12 to 14, and the last."""
    documents = Run("A-", 0, 2000, width=5).documents()
    documents[1050] = documents[1050]._replace(status=None)
    documents[1350] = documents[1350]._replace(status="withdrawn")
    assert compared(documents) == [6]
