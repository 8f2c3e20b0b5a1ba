"""Real public data through the profiles that the project carries; counts were taken independently, with pandas."""

from pathlib import Path

import pytest

from tests.intake.office import loaded

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "real"
PROFILES = ROOT / "data" / "profiles"

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"the public data is not here: {REAL.name} beside the checkout"
)


def test_taiwan_penalties(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(REAL)
    result, store = loaded(tmp_path / "data", PROFILES / "taiwan-penalties.yaml")
    [file] = result.inputs
    assert (file.read, file.loaded, file.quarantined) == (41_004, 41_004, 0)
    assert result.date_precision == {"cases.occurred_at", "cases.decided_at"}
    acts: dict[tuple[str, str, str], int] = {}
    for act in store.rows("cases", "party_id", "violation_code", "occurred_at"):
        acts[act] = acts.get(act, 0) + 1
    several = [count for count in acts.values() if count > 1]
    assert (len(several), sum(several)) == (1_295, 3_061)
    assert sum(reason == "資料鍵入錯誤" for (reason,) in store.rows("cases", "withdrawn_reason")) == 586
    assert sum(amount is None for (amount,) in store.rows("cases", "fine_amount")) == 2


def test_chicago_speed_cameras(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(REAL)
    result, store = loaded(tmp_path / "data", PROFILES / "chicago-speed-cameras.yaml")
    assert [(file.table_name, file.read, file.loaded, file.quarantined) for file in result.inputs] == [
        ("cameras", 160, 160, 0),
        ("captures", 12_163, 12_163, 0),
    ]
    register = {camera for (camera,) in store.rows("cameras", "camera_id")}
    rows = store.rows("captures", "camera_id", "value")
    outside = [(camera, value) for camera, value in rows if camera not in register]
    assert len({camera for camera, _ in rows}) == 156
    assert (len({camera for camera, _ in outside}), len(outside)) == (20, 1_479)
    assert (sum(value for _, value in outside), sum(value for _, value in rows)) == (24_928, 236_920)
