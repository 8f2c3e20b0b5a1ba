"""An installed copy works outside the checkout: rules, profiles and templates are inside the wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import SAMPLE

ROOT = Path(__file__).parents[1]


def test_the_wheel_audits_far_from_the_checkout(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    [wheel] = tmp_path.glob("*.whl")
    site, away = tmp_path / "site", tmp_path / "away"
    away.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    place = "import auditor, sys; sys.stderr.write(auditor.__file__); from auditor.cli import main; main()"
    arguments = ["check", str(SAMPLE / "office"), "--period", "2025-06", "--profile", "county-sample"]
    done = subprocess.run(
        [sys.executable, "-c", place, *arguments, "--fail-on", "critical", "--json", "result.json"],
        cwd=away,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert str(site) in done.stderr
    assert done.returncode == 1, done.stderr
    assert (away / "result.json").is_file()
