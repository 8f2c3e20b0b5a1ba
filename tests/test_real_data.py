"""Real public data, counted independently elsewhere: the audit must come to the same numbers."""

from pathlib import Path

import pytest

from auditor.audit import Request, audit

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real public data is not beside the checkout")


def test_taiwan_several_documents_for_one_act() -> None:
    run = audit(
        Request(
            data=REAL / "taiwan_penalties_slim_dedup.parquet",
            profile=ROOT / "data/profiles/taiwan-penalties.yaml",
            rules=(ROOT / "packs/taiwan",),
            period="2011-01-01..2017-12-31",
        )
    )
    [result] = run.results
    rows = {(row.source_file, row.source_row) for row in run.evidence if row.role == "subject"}
    assert (len(run.findings), result.violation, len(rows)) == (1295, 3061, 3061)
    assert result.tested + result.unknown + result.skipped == 41004


def test_chicago_cameras_that_the_register_does_not_list() -> None:
    run = audit(
        Request(
            data=REAL,
            profile=ROOT / "data/profiles/chicago-speed-cameras.yaml",
            rules=(ROOT / "packs/chicago",),
            period="2019",
        )
    )
    [result] = run.results
    assert (len(run.findings), result.violation, result.tested) == (20, 1479, 12163)
    cited = {(row.table_name, row.row_key) for row in run.evidence}
    listed = [record for record in run.records if (record.table_name, record.row_key) in cited]
    assert sum(float(record.values["value"]) for record in listed if record.table_name == "captures") == 24928
    assert {found.certainty for found in run.findings} == {"lead"}
