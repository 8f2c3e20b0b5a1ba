"""The committed report of the sample is what the program makes of the sample today, byte for byte."""

import zipfile
from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.core.data_place import data_place
from auditor.reissue import reissue

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "reports" / "example"
RENEW = "run `make example`, look at the report, and commit it"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = audit(Request(data=data_place(ROOT / "data" / "sample"), period="2025-06"))
    return reissue(run, tmp_path_factory.mktemp("example") / "report")


def contents(folder: Path) -> dict[str, bytes | dict[str, bytes]]:
    """Every file by its name; of a workbook what is in it, since compressors may pack the same bytes differently."""
    found: dict[str, bytes | dict[str, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = unpacked(path) if path.suffix == ".xlsx" else path.read_bytes()
    return found


def unpacked(workbook: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_example_is_what_the_program_makes(made: Path) -> None:
    committed, today = contents(EXAMPLE), contents(made)
    assert sorted(committed) == sorted(today), RENEW
    assert [name for name in today if today[name] != committed[name]] == [], RENEW


def test_the_example_holds_no_working_papers() -> None:
    """What is committed for everybody to look at has what a report that leaves the office has, and nothing else."""
    assert not any(path.suffix in (".parquet", ".duckdb") or path.name == "run.json" for path in EXAMPLE.rglob("*"))
