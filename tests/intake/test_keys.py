"""Keys that are surely unique are not compared with one another, and only those."""

from pathlib import Path
from typing import Any, cast

import ibis as _ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.intake.checks import contract
from auditor.intake.checks.keys import surely_unique
from tests.intake.office import HEADERS, case, loaded, write_csv

ibis = cast(Any, _ibis)


def unique(keys: list[str | None]) -> bool:
    con = ibis.duckdb.connect()
    table = con.create_table("t", ibis.memtable({"case_id": keys}, schema={"case_id": "string"}))
    return surely_unique(table, ("case_id",))


@pytest.mark.parametrize(
    ("keys", "sure"),
    [
        (["A1", "A2", "A3"], True),
        (["A1"], True),
        ([], True),
        (["A1", "A1"], False),
        (["A1", "A2", "A1"], False),
        (["A2", "A1"], False),  # no two alike, but that has to be looked up
        (["A1", None, "A2"], False),
        ([None, "A1"], False),
        ([None, None], False),
    ],
)
def test_only_keys_that_rise_are_surely_unique(keys: list[str | None], sure: bool) -> None:
    assert unique(keys) is sure


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "10", "a", "号"]), max_size=4))
def test_what_is_surely_unique_has_no_two_alike(keys: list[str]) -> None:
    assert not unique(keys) or len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("ids", "aside"), [(["C1", "C2", "C3"], []), (["C1", "C2", "C2"], [3, 4]), (["C2", "C1", "C2"], [2, 4])]
)
def test_of_very_many_rows_duplicates_are_found_as_of_few(
    data: Path, monkeypatch: pytest.MonkeyPatch, ids: list[str], aside: list[int]
) -> None:
    monkeypatch.setattr(contract, "_MANY", 1)
    write_csv(data / "cases.csv", [HEADERS, *(case(one) for one in ids)])
    result, _ = loaded(data)
    assert [entry.source_row for entry in result.quarantine if entry.reason == "id_duplicate"] == aside
