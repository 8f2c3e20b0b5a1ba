"""Marks kept as bits come back under their names, however many there are."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.intake.columns.marks import packed, unpacked
from auditor.intake.store.database import ibis


@pytest.mark.parametrize("marks", [1, 62, 63, 125], ids=lambda count: f"{count} marks")
@settings(max_examples=12)
@given(data=st.data())
def test_each_mark_of_each_row_comes_back_as_it_was(data: st.DataObject, marks: int) -> None:
    names = [f"_unreadable_{number}" for number in range(marks)]
    rows = data.draw(st.lists(st.sets(st.integers(0, marks - 1), max_size=4), max_size=4))
    booleans = {name: pa.array([number in row for row in rows], pa.bool_()) for number, name in enumerate(names)}
    table = ibis.memtable(pa.table({"row": pa.array(range(len(rows)), pa.int64()), **booleans}))

    kept = table.select("row", **packed(table, names)).to_pyarrow()
    back = unpacked(ibis.memtable(kept), names).to_pyarrow().sort_by("row")

    assert kept.num_columns == 1 + -(-marks // 62)
    assert {name: back[name].to_pylist() for name in names} == {name: booleans[name].to_pylist() for name in names}


def test_a_mark_that_a_source_has_not_is_false_in_its_rows() -> None:
    table = ibis.memtable(pa.table({"row": [1, 2], "_failed_a": [True, False]}))

    kept = table.select("row", **packed(table, ["_cell_error_a", "_failed_a"])).to_pyarrow()
    back = unpacked(ibis.memtable(kept), ["_cell_error_a", "_failed_a"]).to_pyarrow().to_pylist()

    assert back == [
        {"row": 1, "_cell_error_a": False, "_failed_a": True},
        {"row": 2, "_cell_error_a": False, "_failed_a": False},
    ]


def test_a_table_without_marks_stays_as_it_is() -> None:
    table = ibis.memtable(pa.table({"row": [1]}))

    assert packed(table, []) == {}
    assert unpacked(table, []).columns == ("row",)
