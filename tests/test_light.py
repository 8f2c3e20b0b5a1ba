"""What must stay light: importing the package, and the words of help, load no library that only an audit needs."""

import subprocess
import sys

import pytest

HEAVY = {"pandas", "scipy", "numpy", "duckdb", "pyarrow", "ibis", "pandera", "sqlglot"}


@pytest.mark.parametrize(
    "said",
    [
        "import auditor",
        "import sys, auditor.cli\nsys.argv = ['auditor', '--help']\ntry: auditor.cli.main()\nexcept SystemExit: pass",
    ],
    ids=["import", "help"],
)
def test_nothing_heavy_is_loaded(said: str) -> None:
    script = f"{said}\nimport sys\nprint('loaded', *sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "loaded" in loaded and "auditor" in loaded
    assert not loaded & HEAVY
