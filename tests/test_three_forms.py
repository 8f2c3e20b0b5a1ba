"""The form of a file changes nothing: the same records as csv or workbook give the same findings.

Compared are the findings byte for byte; where their rows stood in a file is told by the evidence alone.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from auditor.audit import Request, audit
from auditor.core.result import Run
from auditor.ledger import papers

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "real"
FEW = 3000
"""Rows of the larger sets, so that a workbook of them is written in a moment."""


def as_csv(encoding: str) -> Callable[[Path, list[list[Any]]], None]:
    def write(path: Path, rows: list[list[Any]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        path.with_suffix(".csv").write_bytes(text.getvalue().encode(encoding))

    return write


def as_workbook(path: Path, rows: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(path.with_suffix(".xlsx"), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            match cell:
                case None:
                    pass
                case date():
                    sheet.write_datetime(place, column, datetime.combine(cell, datetime.min.time()))
                case str():
                    sheet.write_string(place, column, cell)
                case _:
                    sheet.write_number(place, column, cell)
    book.close()


FORMS = {"gb18030": as_csv("gb18030"), "bom": as_csv("utf-8-sig"), "xlsx": as_workbook}
SETS = {
    "taiwan-penalties": (["taiwan_penalties_slim_dedup"], "packs/taiwan", "2011-01-01..2017-12-31"),
    "chicago-speed-cameras": (
        ["speed_camera_violations_2019q1", "speed_camera_register_2023_12"], "packs/chicago", "2019"),
    "nyc-parking": (["nyc_parking_fy2014_first4999_hashed"], "", "2013-01-01..2014-06-30"),
}  # fmt: skip

NY_TESTS = """
tests:
  - name: the same plate, code and day twice
    as_of: 2014-06-30
    period: 2013
    given:
      cases: |
        case_id | plate_no | violation_code | occurred_at
        A1      | P1       | 46             | 2013-08-04
        A2      | P1       | 46             | 2013-08-04
        B1      | P1       | 46             | 2013-08-05
    expect:
      violation: [A1, A2]
      ok: [B1]
"""


def findings(run: Run, folder: Path) -> bytes:
    """What the run writes as findings.parquet, but for where the first row of each stood."""
    folder.mkdir()
    papers.write(replace(run, findings=tuple(replace(one, first_row=None) for one in run.findings)), folder)
    return (folder / "findings.parquet").read_bytes()


def profile_for_any_form(name: str, folder: Path) -> Path:
    """The ready profile, for files of whatever ending."""
    text = (ROOT / f"data/profiles/{name}.yaml").read_text(encoding="utf-8")
    path = folder / "profile-of-any-form.yaml"
    path.write_text(text.replace("_dedup.parquet", "_dedup.*").replace("*.parquet", "*.*"), encoding="utf-8")
    return path


def plate_day_and_code(folder: Path) -> Path:
    """For New York: the rule on Taiwan's documents, asked of plate, code and day."""
    text = (ROOT / "packs/taiwan/tw.same-act-several-documents.yaml").read_text(encoding="utf-8")
    text = text.replace("""[party_id, "coalesce(law_article, '')", cast""", "[plate_no, violation_code, cast")
    text = text.replace("key: [party_id, law_article]", "key: [plate_no, violation_code]")
    text = (
        text.partition("\nmessage:")[0]
        + '\nmessage: {zh: "{plate_no} 有 {events} 张", en: "{plate_no}: {events}"}\n'
        + NY_TESTS
    )
    path = folder / "ny.same-plate-day-and-code.yaml"
    path.write_text(text.replace("tw.same-act-several-documents", path.stem), encoding="utf-8")
    return path


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real public data is not beside the checkout")
@pytest.mark.parametrize("name", SETS)
def test_a_public_set_gives_the_same_findings_in_three_forms(name: str, tmp_path: Path) -> None:
    files, pack, period = SETS[name]
    tables = {file: pq.read_table(REAL / f"{file}.parquet").slice(0, FEW) for file in files}
    profile = profile_for_any_form(name, tmp_path)
    runs: dict[str, Run] = {}
    for form, write in FORMS.items():
        folder = tmp_path / form
        folder.mkdir()
        for file, table in tables.items():
            rows = [table.column_names, *(list(row.values()) for row in table.to_pylist())]
            write(folder / file, rows)
        rules = ROOT / pack if pack else plate_day_and_code(tmp_path)
        runs[form] = audit(Request(data=folder, profile=profile, rules=(rules,), period=period))
    said = {form: findings(run, tmp_path / f"{form}-papers") for form, run in runs.items()}
    assert runs["gb18030"].findings, "a comparison of nothing shows nothing"
    assert said["gb18030"] == said["bom"] == said["xlsx"]
    held = {form: {(entry.source_row, entry.reason) for entry in run.quarantine} for form, run in runs.items()}
    assert held["gb18030"] == held["bom"] == held["xlsx"]


def test_the_county_gives_the_same_findings_from_its_offices_files(
    sample_run: Run, office_run: Run, tmp_path: Path
) -> None:
    assert findings(sample_run, tmp_path / "canonical") == findings(office_run, tmp_path / "office")
