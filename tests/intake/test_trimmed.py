"""Blanks around values go, and only those."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.intake.readers.heading import BLANKS
from auditor.intake.readers.trimmed import trimmed

LETTERS = "a0-号段一€，　" + BLANKS


@given(
    before=st.integers(0, 2),
    values=st.lists(st.one_of(st.text(st.sampled_from(LETTERS), max_size=4), st.none()), max_size=12),
)
def test_each_value_is_stripped_of_blanks(before: int, values: list[str | None]) -> None:
    # What stands before a slice is no part of it.
    column = pa.array([" a "] * before + values, pa.string()).slice(before)
    assert trimmed(column).to_pylist() == [None if value is None else value.strip(BLANKS) for value in values]


@pytest.mark.parametrize("values", [[], [""], ["", "", ""], ["a", ""], ["", "a"]])
def test_values_without_blanks_stay_as_they_are(values: list[str]) -> None:
    column = pa.array(values, pa.string())
    assert trimmed(column) is column
