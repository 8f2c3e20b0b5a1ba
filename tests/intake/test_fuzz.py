"""Damaged exports of fixed seeds: each is loaded with all rows accounted for, or refused (`bench/fuzz.py` has more)."""

from pathlib import Path

import pytest

from bench.exports import made
from bench.fuzz import attempt

SOUND = [seed for seed in range(1, 400) if made(seed)[1]][:20]


@pytest.mark.parametrize("first", range(1, 151, 10))
def test_a_damaged_export_is_loaded_whole_or_refused(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 10):
        (folder := tmp_path / str(seed)).mkdir()
        assert attempt(seed, folder, whole=False) in ("loaded", "refused"), seed


@pytest.mark.parametrize("seed", SOUND[:4])
def test_a_sound_export_goes_into_the_store(tmp_path: Path, seed: int) -> None:
    assert attempt(seed, tmp_path, whole=True) == "loaded"


@pytest.mark.parametrize("seed", SOUND[4:])
def test_a_sound_export_is_read_whole(tmp_path: Path, seed: int) -> None:
    assert attempt(seed, tmp_path, whole=False) == "loaded"


@pytest.mark.parametrize("seed", [1988, 2857, 6235, 21100, 22003, 22152, 22676, 55796])
def test_a_seed_that_was_a_fault_once_is_none(tmp_path: Path, seed: int) -> None:
    """Cells far beyond what the sheet says, one id in 65,536 rows, two marks before a quote, a line of U+2028."""
    assert attempt(seed, tmp_path, whole=seed == 21100) in ("loaded", "refused")
