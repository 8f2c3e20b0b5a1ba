# ruff: noqa: E501 - rows of a table stand on one line each
"""The ready profiles over their example exports: what each row becomes, and that only the planted bad rows are set aside."""

import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.audit import Request, audit
from auditor.core.schema import exported
from auditor.intake.profile.file import read_profile
from auditor.opening import profile_named
from auditor.synth.identity import credit_code, resident_number
from tests.intake.office import Store, loaded

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "data" / "examples"
READY = sorted(path.stem for path in (ROOT / "data" / "profiles").glob("*.yaml"))
WITH_EXAMPLE = ("double-publicity", "six-in-one", "transport-ledger", "hotline-12345")


def example(name: str, data: Path) -> tuple[dict[str, set[tuple[int, str]]], Store]:
    """The rows of each file that were quarantined, with the reason; and the store."""
    shutil.copytree(EXAMPLES / name, data, dirs_exist_ok=True)
    result, store = loaded(data, profile_named(Path(name)))
    held: dict[str, set[tuple[int, str]]] = {}
    for entry in result.quarantine:
        held.setdefault(entry.source_file.partition("#")[0], set()).add((entry.source_row, entry.reason))
    for file in result.inputs:
        assert file.read == file.loaded + file.quarantined
    return held, store


@pytest.mark.parametrize("name", READY)
def test_every_ready_profile_is_sound_and_found_by_its_bare_name(name: str) -> None:
    path = profile_named(Path(name))
    assert path is not None and read_profile(path).name == name
    assert path.read_text(encoding="utf-8").startswith("# "), "it says first what it is for"


def test_published_penalties(data: Path) -> None:
    held, store = example("double-publicity", data)
    # Row 1 holds the headers. The market authority (row 5) is of another field and left out, which is no fault.
    assert held == {
        "双公示行政处罚202503.csv": {
            (6, "required_missing"),  # an agency of which no domain can be told
            (7, "number_unreadable"),  # 叁仟元
            (8, "date_unreadable"),  # the 30th of February
        }
    }
    rows = store.rows(
        "cases", "doc_no", "domain", "party_id", "party_type", "decided_at", "fine_amount", "confiscated_amount"
    )
    number = "样交罚〔2025〕{:03d}号".format
    # Amounts are in 万元: 0.02 is 200 yuan, 0.12 is 1,200.
    assert set(rows) == {
        (number(1), "transport", resident_number(1), "person", datetime(2025, 3, 3), Decimal("200.00"), None),
        (number(2), "transport", credit_code(2), "organization", datetime(2025, 3, 4), Decimal("10000.00"), Decimal("3500.00")),
        (number(3), "traffic_police", resident_number(3), "person", datetime(2025, 3, 5), Decimal("3000.00"), None),
        (number(11), "transport", resident_number(11), "person", datetime(2025, 3, 11), Decimal("500.00"), None),
        (number(12), "transport", credit_code(12), "organization", datetime(2025, 3, 12), Decimal("1200.00"), None),
    }  # fmt: skip
    assert not {"occurred_at", "capture", "procedure", "officer_id", "plate_no"} & set(store.columns("cases"))


def test_tables_of_the_police_platform(data: Path) -> None:
    held, store = example("six-in-one", data)
    assert held == {
        "VIO_VIOLATION_202503.csv": {(5, "code_unknown"), (6, "date_unreadable")},
        "VIO_SURVEIL_202503.csv": {(3, "required_missing")},
        "VIO_FORCE_202503.csv": {(4, "code_unknown")},
    }
    assert store.rows("cases", "case_id", "procedure", "capture", "occurred_at", "fine_amount", "points") == [
        ("990000000001", "summary", "on_site", datetime(2025, 3, 3, 8, 5), Decimal("200.00"), 6),
        ("990000000002", "ordinary", "on_site", datetime(2025, 3, 4, 17, 40), Decimal("200.00"), 6),
        ("990000000003", "summary", "on_site", datetime(2025, 3, 5, 22, 15), Decimal("1500.00"), 6),
    ]
    # What has no day of payment has not been paid.
    assert store.rows("payments", "payment_id", "case_id", "amount", "paid_at", "channel") == [
        ("PZ000001", "990000000001", Decimal("200.00"), datetime(2025, 3, 5), "online"),
        ("PZ000003", "990000000003", Decimal("1500.00"), datetime(2025, 3, 6), "online"),
    ]
    assert store.rows("captures", "capture_id", "camera_id", "value", "reviewed_at") == [
        ("S1", "990000000001000001", 96.0, datetime(2025, 3, 5, 9))
    ]
    assert store.rows("measures", "measure_id", "case_id", "kind", "started_at") == [
        ("Q1", "990000000002", "impound_vehicle", datetime(2025, 3, 4, 17, 40)),
        ("Q2", None, "hold_licence", datetime(2025, 3, 5, 22, 15)),
    ]


def test_ledgers_of_transport_enforcement(data: Path) -> None:
    held, store = example("transport-ledger", data)
    # Two titles and the headers stand above the ledger's first record, which is row 4; the total below is no record.
    assert held == {"交通执法案件台账.xlsx": {(7, "code_unknown")}, "治超检测.csv": {(4, "required_missing")}}
    # Tonnes in the ledger, kilograms at the station: 52.3 t are 52,300 kg.
    assert store.rows("cases", "case_id", "occurred_at", "fine_amount", "gross_kg", "limit_kg") == [
        ("样交罚案〔2025〕1号", datetime(2025, 3, 3, 8, 5), Decimal("1500.00"), 52300.0, 49000.0),
        ("样交罚案〔2025〕2号", datetime(2025, 3, 4, 8, 5), Decimal("1500.00"), 52300.0, 49000.0),
        ("样交罚案〔2025〕3号", datetime(2025, 3, 5, 9, 30), Decimal("1000.00"), 50100.0, 49000.0),
    ]
    assert set(store.rows("weighings", "weighing_id", "gross_kg", "limit_kg", "stage")) == {
        ("J1", 52300.0, 49000.0, "first"),
        ("J2", 48600.0, 49000.0, "recheck"),
        ("G1", 50100.0, 49000.0, None),
    }
    [(number, before, after, gone)] = store.rows("unloadings", "weighing_id", "before_kg", "after_kg", "unloaded_kg")
    assert (number, before, after, gone) == ("J1", 52300.0, 48600.0, 3700.0)


def test_work_orders_of_the_hotline(data: Path) -> None:
    held, store = example("hotline-12345", data)
    assert held == {"12345热线工单.xlsx": {(6, "date_unreadable")}}
    # How content a caller was says nothing of whether the complaint was right.
    assert store.rows("complaints", "complaint_id", "channel", "received_at", "upheld") == [
        ("GD1", "12345", datetime(2025, 3, 3, 8, 5), True),
        ("GD2", "12345", datetime(2025, 3, 4, 8, 5), None),
        ("GD3", "12345", datetime(2025, 3, 5, 8, 5), None),
    ]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_an_example_is_audited_and_what_cannot_be_checked_is_said(name: str) -> None:
    run = audit(Request(data=EXAMPLES / name))
    not_run = {result.rule_id: result.reason for result in run.results if result.result == "not_applicable"}
    assert not_run and all(not_run.values()), "no export has all the tables"
    assert not [result for result in run.results if result.result == "error"]
    assert {file.table_name for file in run.inputs} <= set(exported())


def test_what_an_export_lacks_is_not_taken_from_elsewhere() -> None:
    run = audit(Request(data=EXAMPLES / "double-publicity"))
    reasons = [result.reason.en for result in run.results if result.result == "not_applicable" and result.reason]
    assert any("occurred_at" in reason for reason in reasons)
    clean = [result for result in run.results if result.result == "clean"]
    assert all(result.tested and not result.lacks for result in clean), "none is clean that could not be judged"
    assert len(clean) < len(reasons), "next to nothing can be said without officers, steps and moments"
