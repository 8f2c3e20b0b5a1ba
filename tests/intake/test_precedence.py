"""Of several sources that have the same row, the one that a profile puts first counts; the others are quarantined."""

from itertools import permutations
from pathlib import Path

import pytest

from auditor.core.errors import ProfileError
from auditor.core.reasons import REASONS
from auditor.intake.loaded import Loaded
from auditor.intake.profile.file import read_profile
from tests.intake.office import Store, loaded, write_csv

Ids = list[str]


def _profile(folder: Path, ranks: dict[str, int | None], table: str = "lots") -> Path:
    sources = "".join(
        f"    - files: [{file}.csv]\n"
        + ("" if rank is None else f"      precedence: {rank}\n")
        + "      columns: {lot_id: 编号, name: 名称}\n"
        for file, rank in ranks.items()
    )
    path = folder / "p.yaml"
    path.write_text(f"profile: p\ntables:\n  {table}:\n{sources}", encoding="utf-8")
    return path


def _load(data: Path, ranks: dict[str, int | None], files: dict[str, Ids]) -> tuple[Loaded, Store]:
    """Lots, each called after its file."""
    for file, ids in files.items():
        write_csv(data / f"{file}.csv", [["编号", "名称"], *([ident, file] for ident in ids)])
    result, store = loaded(data, _profile(data.parent, ranks))
    for one in result.inputs:
        assert one.read == one.loaded + one.quarantined == len(files[one.file.removesuffix(".csv")])
    return result, store


def _faults(result: Loaded) -> list[tuple[str, int, str]]:
    return [(entry.source_file[0], entry.source_row, entry.reason) for entry in result.quarantine]


def test_of_two_sources_the_lower_number_counts(data: Path) -> None:
    # The better source is the later by name, so that the order of files cannot be what decides.
    result, store = _load(data, {"a": 2, "b": 1}, {"a": ["1", "2"], "b": ["2", "3"]})
    assert sorted(store.rows("lots", "lot_id", "name")) == [("1", "a"), ("2", "b"), ("3", "b")]
    [entry] = result.quarantine
    assert (entry.source_file, entry.source_row, entry.reason) == ("a.csv", 3, "superseded")
    assert (entry.column, entry.raw_value) == ("编号", "2")
    assert "b.csv 第 2 行" in entry.text.zh and "b.csv row 2" in entry.text.en
    assert [(row.source_file, row.cells, row.faulty) for row in result.held] == [("a.csv", ("2", "a"), (0,))]
    assert not result.contract and "superseded" in REASONS


@pytest.mark.parametrize("order", list(permutations((1, 2, None))))
def test_of_three_sources_one_row_counts_whatever_the_files_are_called(data: Path, order: tuple[int | None]) -> None:
    ranks = dict(zip("abc", order, strict=True))
    result, store = _load(data, ranks, {file: ["1"] for file in ranks})
    first = next(file for file, rank in ranks.items() if rank == 1)
    assert store.rows("lots", "lot_id", "name") == [("1", first)]
    assert _faults(result) == [(file, 2, "superseded") for file in ranks if file != first]
    assert all(f"{first}.csv row 2" in entry.text.en for entry in result.quarantine)
    # All three files are the same but for the name in them; nothing collides, since all is settled.
    assert not result.contract


def test_the_order_in_which_a_profile_names_its_sources_says_nothing(data: Path) -> None:
    files = {"a": ["1"], "b": ["1"], "c": ["1"]}
    one, _ = _load(data, {"c": None, "a": 9, "b": 2}, files)
    other, _ = _load(data, {"a": 9, "b": 2, "c": None}, files)
    assert one.quarantine == other.quarantine


def test_among_equals_a_double_id_stays_one(data: Path) -> None:
    # 1 stands in both sources of the first rank and in one behind; 2 only in the two without precedence; 3 twice in
    # one file, and nowhere else; 4 twice in a file of a lower rank, and once in front of it.
    files = {"a": ["1", "4"], "b": ["1", "3", "3"], "c": ["1", "2", "4", "4"], "d": ["2", "5"]}
    result, store = _load(data, {"a": 1, "b": 1, "c": None, "d": None}, files)
    assert _faults(result) == [
        ("a", 2, "id_duplicate"),
        ("b", 2, "id_duplicate"),
        ("b", 3, "id_duplicate"),
        ("b", 4, "id_duplicate"),
        ("c", 2, "superseded"),
        ("c", 3, "id_duplicate"),
        ("c", 4, "superseded"),
        ("c", 5, "superseded"),
        ("d", 2, "id_duplicate"),
    ]
    assert store.rows("lots", "lot_id", "name") == [("4", "a"), ("5", "d")]
    told = {(entry.source_file[0], entry.source_row): entry.text.en for entry in result.quarantine}
    # A duplicate is told of its equals alone; a row behind is told of the first in front.
    assert told["a", 2] == "the same id stands in b.csv row 2"
    assert told["c", 2].startswith("a.csv row 2 ")
    assert {fault.rows for fault in result.contract if fault.check == "ids_collide"} == {
        ("a.csv", "b.csv"),
        ("c.csv", "d.csv"),
    }
    # 1 of the 2 ids in a; 1 of the 2 in d, though c has 3.
    assert ["1 ids in common, of 2" in fault.text.en for fault in result.contract] == [True, True]


def test_without_any_precedence_nothing_is_different(data: Path) -> None:
    result, store = _load(data, {"a": None, "b": None}, {"a": ["1"], "b": ["1", "2"]})
    assert _faults(result) == [("a", 2, "id_duplicate"), ("b", 2, "id_duplicate")]
    assert store.rows("lots", "lot_id") == [("2",)]
    both, _ = _load(data, {"a": 3, "b": 3}, {"a": ["1"], "b": ["1", "2"]})
    assert both.quarantine == result.quarantine and both.contract == result.contract


def test_rows_without_an_id_are_not_compared(data: Path) -> None:
    result, store = _load(data, {"a": 1, "b": 2}, {"a": ["", "1"], "b": ["", "", "2"]})
    assert _faults(result) == [(file, row, "required_missing") for file, row in (("a", 2), ("b", 2), ("b", 3))]
    assert store.rows("lots", "lot_id") == [("1",), ("2",)]


def test_the_same_file_twice_counts_once_and_is_said_so(data: Path) -> None:
    for name in ("a", "b"):
        write_csv(data / f"{name}.csv", [["编号", "名称"], ["1", "x"], ["2", "y"]])
    result, store = loaded(data, _profile(data.parent, {"a": 2, "b": 1}))
    assert _faults(result) == [("a", 2, "superseded"), ("a", 3, "superseded")]
    assert len(store.rows("lots", "lot_id")) == 2
    assert [fault.check for fault in result.contract] == ["file_twice"]


def test_a_canonical_file_beside_the_sources_comes_last(data: Path) -> None:
    write_csv(data / "lots.csv", [["lot_id", "name"], ["1", "canonical"]])
    result, store = _load_beside(data)
    assert store.rows("lots", "lot_id", "name") == [("1", "a")]
    assert [(entry.source_file, entry.reason) for entry in result.quarantine] == [("lots.csv", "superseded")]


def _load_beside(data: Path) -> tuple[Loaded, Store]:
    write_csv(data / "a.csv", [["编号", "名称"], ["1", "a"]])
    return loaded(data, _profile(data.parent, {"a": 5}))


def test_a_faulty_row_in_front_is_not_replaced_by_one_behind(data: Path) -> None:
    text = """
profile: p
tables:
  payments:
    - {files: [a.csv], precedence: 1, columns: {payment_id: 号, case_id: 号, amount: 额, paid_at: 日}}
    - {files: [b.csv], precedence: 2, columns: {payment_id: 号, case_id: 号, amount: 额, paid_at: 日}}
"""
    (data.parent / "p.yaml").write_text(text, encoding="utf-8")
    write_csv(data / "a.csv", [["号", "额", "日"], ["1", "much", "2024-05-03"], ["2", "9", "2024-05-03"]])
    write_csv(data / "b.csv", [["号", "额", "日"], ["1", "9", "2024-05-03"]])
    result, store = loaded(data, data.parent / "p.yaml")
    assert _faults(result) == [("a", 2, "number_unreadable"), ("b", 2, "superseded")]
    assert store.rows("payments", "payment_id") == [("2",)]


@pytest.mark.parametrize("rank", ["0", "-1", "1.5", "first", "10000", "[1]"])
def test_a_rank_is_a_whole_number_from_one_on(tmp_path: Path, rank: str) -> None:
    (tmp_path / "p.yaml").write_text(
        f"profile: p\ntables:\n  lots: {{files: [a], precedence: {rank}, columns: {{lot_id: x}}}}\n", encoding="utf-8"
    )
    with pytest.raises(ProfileError, match="whole number from 1 on"):
        read_profile(tmp_path / "p.yaml")


def test_a_table_whose_rows_have_no_id_has_no_precedence(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "profile: p\ntables:\n  exemptions: {files: [a], precedence: 1, columns: {}}\n", encoding="utf-8"
    )
    with pytest.raises(ProfileError, match="exemptions have no id"):
        read_profile(tmp_path / "p.yaml")
