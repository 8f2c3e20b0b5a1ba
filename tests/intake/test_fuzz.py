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
