"""The command as a process of its own: quick to answer, quiet off a terminal, and gone without a trace when stopped."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

from auditor.cli.options import Severity
from auditor.core.finding import LEVELS
from tests.cli.conftest import Command

AUDITOR = Path(sys.executable).with_name("auditor")

HEAVY = ("duckdb", "sqlglot", "ibis", "pandera", "pandas", "pyarrow", "scipy", "jinja2", "yaml", "rich", "numpy")

SLOW = """
import os, signal, sys, time
import auditor.report, auditor.audit
from tests import specimen
auditor.audit.audit = lambda request, progress: specimen.run()
def stuck(*arguments, **options):
    print("writing", flush=True)
    time.sleep(300)
auditor.report.render = stuck
from auditor.cli import main
sys.argv = ["auditor", "run", "--out", "out"]
main()
"""


def test_help_loads_none_of_the_heavy_libraries() -> None:
    code = f"import auditor.cli, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "name", ["run", "check", "explain", "backtest", "synth", "rules list", "rules show", "rules lint", "rules test"]
)
def test_every_command_has_help_with_an_example(command: Command, name: str) -> None:
    ended = command(*name.split(), "--help")
    assert ended.status == 0
    assert f"Example: auditor {name}" in ended.out


def test_the_levels_of_the_gate_are_those_of_findings() -> None:
    assert get_args(Severity) == LEVELS


def test_nothing_but_results_is_printed_off_a_terminal(tmp_path: Path) -> None:
    ended = subprocess.run(
        [AUDITOR, "synth", "--out", "county", "--cases", "100", "--seed", "3"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "county\n", "")
    assert (tmp_path / "county" / "planted.json").is_file()


def hearing_signals() -> None:
    """What a shell starts in the background is deaf to an interrupt, and so would be what it starts itself."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_run_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    for sent, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        process = subprocess.Popen(
            [sys.executable, "-c", SLOW],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hearing_signals,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert [path.name.startswith(".out.partial-") for path in tmp_path.iterdir()] == [True]
        time.sleep(0.05)
        process.send_signal(sent)
        assert process.wait(timeout=120) == status
        assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_told_nothing_and_is_no_finding() -> None:
    code = "from auditor.cli import main; import sys; sys.argv = ['auditor', 'rules', 'show', '--help']; main()"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 3


def test_the_status_stands_though_nobody_reads_the_complaints(tmp_path: Path) -> None:
    process = subprocess.Popen([AUDITOR, "run", str(tmp_path / "nowhere")], stderr=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.close()
    assert process.wait(timeout=60) == 3
