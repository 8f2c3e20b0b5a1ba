"""The canonical files and the offices' files are the same county."""

from pathlib import Path

import duckdb
import pytest

from auditor.core.progress import Silent
from auditor.core.schema import tables
from auditor.intake import load
from auditor.synth import profile
from auditor.synth.records import TABLES, columns

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stores(small: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Both forms read by the program itself, side by side."""
    out = tmp_path_factory.mktemp("stores")
    for name, data in (("canonical", small), ("office", small / "office")):
        loaded = load(data, profile=None, store=out / f"{name}.duckdb", progress=Silent())
        assert loaded.quarantine == ()
        assert loaded.contract == ()
        assert loaded.date_precision == frozenset()
    con = duckdb.connect(out / "canonical.duckdb", read_only=True)
    con.execute(f"ATTACH '{out / 'office.duckdb'}' AS office (READ_ONLY)")
    return con


@pytest.mark.parametrize("table", [row.TABLE for row in TABLES])
def test_the_profile_maps_the_offices_files_back_to_the_same_rows(
    stores: duckdb.DuckDBPyConnection, table: str
) -> None:
    names = ", ".join(f'"{name}"' for name in columns(next(row for row in TABLES if table == row.TABLE)))
    canonical, office = (
        stores.table(f"{form}.{table}").project(names).order("ALL").fetchall() for form in ("canonical", "office")
    )
    assert canonical
    assert office == canonical


def test_every_column_is_one_of_the_model(small: Path) -> None:
    for row in TABLES:
        assert set(columns(row)) <= set(tables()[row.TABLE].columns)
        assert set(tables()[row.TABLE].required) <= set(columns(row))


def test_the_case_ledger_of_the_police_is_gb18030_and_not_utf8(small: Path) -> None:
    raw = next((small / "office").glob("交警*.csv")).read_bytes()
    assert "违法编号" in raw.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


def test_the_committed_profile_is_the_one_that_is_written(small: Path) -> None:
    committed = (ROOT / "data" / "profiles" / "county-sample.yaml").read_text(encoding="utf-8")
    assert committed == profile.text(), "renew it: copy office/profile.yaml of any county over it"
    assert (small / "office" / "profile.yaml").read_text(encoding="utf-8") == committed


def test_a_plain_run_audits_the_whole_year(small: Path) -> None:
    assert (small / "auditor.yaml").read_text(encoding="utf-8") == "period: 2025\n"
    assert (small / "office" / "auditor.yaml").read_text(encoding="utf-8") == "period: 2025\n"
