"""What is written as the store itself would write it is read by a shorter way, and must come to the same."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.schema import tables
from auditor.intake.columns.amounts import number
from auditor.intake.columns.dates import moment
from auditor.intake.columns.identifiers import identifier
from auditor.intake.columns.plates import plate
from auditor.intake.readers.base import pa
from auditor.intake.store.staging import groups
from tests.intake.texts import read

CASES = tables()["cases"].columns

_TWO = st.integers(0, 61).map(lambda value: f"{value:02}")
_YEARS = st.sampled_from(["0999", "1000", "1990", "2024", "9998", "9999"])


def _moment(text: Any) -> Any:
    return moment(text, (), days=False, from_cells=False, workbook=False)


def _day(text: Any) -> Any:
    return moment(text, (), days=True, from_cells=False, workbook=False)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_YEARS, _TWO, _TWO, _TWO, _TWO, _TWO), min_size=1, max_size=60))
def test_a_plain_moment_is_what_it_is_with_strokes(parts: list[tuple[str, str, str, str, str, str]]) -> None:
    texts = [f"{y}-{m}-{d} {h}:{n}:{s}" for y, m, d, h, n, s in parts] + [f"{y}-{m}-{d}" for y, m, d, *_ in parts]
    strokes = [text.replace("-", "/") for text in texts]
    assert read(texts, _moment, _day) == read(strokes, _moment, _day)


def test_what_only_looks_plain_is_not() -> None:
    # 19 or 10 characters, and DuckDB alone would read each of them.
    texts = ["2024-05-03 08:05:6Z", "2024-05-3  08:05:06", "-infinity", "12024-5-03", "2024-05-03", "9999-12-31"]
    assert [str(value) for value in read(texts, _moment)] == [
        "2024-05-03 16:05:06", "2024-05-03 08:05:06", "None", "None", "2024-05-03 00:00:00", "None",
    ]  # fmt: skip


_NUMBERS = st.one_of(
    st.integers(-(2**33), 2**33).map(str),
    st.decimals(-(10**13), 10**13, places=2).map(lambda value: format(value, "f")),
    st.sampled_from(["2147483647", "2147483648", "999999999999.99", "1000000000000.00", "0", "0.00", "0.005"]),
)


@pytest.mark.parametrize("column", ["fine_amount", "points", "lon"])
@settings(max_examples=10, deadline=None)
@given(st.lists(_NUMBERS, min_size=1, max_size=60))
def test_a_plain_number_is_what_it_is_with_noughts_in_front(column: str, texts: list[str]) -> None:
    longer = ["-00" + text[1:] if text.startswith("-") else "00" + text for text in texts]
    assert read(texts, lambda text: number(text, CASES[column], None)) == read(
        longer, lambda text: number(text, CASES[column], None)
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.from_regex(r"\A[湘粤黑][A-C][A-JO0-3]{5,6}[学警]?\Z"), min_size=1, max_size=60))
def test_a_plain_plate_is_what_it_is_with_a_dot(texts: list[str]) -> None:
    dotted = [f"{text[:2]}·{text[2:]}" for text in texts]
    assert read(texts, plate) == read(dotted, plate)


def test_spaces_and_small_letters_of_a_person_are_taken_away() -> None:
    texts = ["1101 0119 9003 07123x", "91110000ma0012345x", "\u3000110101199003071234", "9f86d081884c7d659a", "ab 12"]
    assert read(texts, lambda text: identifier(text, personal=True)) == [
        "11010119900307123X", "91110000MA0012345X", "110101199003071234", "9f86d081884c7d659a", "ab 12",
    ]  # fmt: skip


def test_rows_are_put_into_groups_of_the_store_in_their_order() -> None:
    # Batches of 100,000 do not divide into groups of 122,880: the third batch is cut, no row is lost or moved.
    def batches() -> Iterator[Any]:
        for first in (0, 100_000, 200_000, 300_000):
            yield pa.RecordBatch.from_arrays([pa.array(range(first, first + 100_000))], names=["n"])

    tables_made = list(groups(cast(Any, SimpleNamespace(batches=batches))))
    assert [each.num_rows for each in tables_made] == [122_880, 122_880, 122_880, 31_360]
    assert [n for each in tables_made for n in each["n"].to_pylist()] == list(range(400_000))
