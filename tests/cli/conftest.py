"""Commands called as the shell calls them, in this process: arguments in, exit status and both streams out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import auditor.audit
from auditor.cli import app
from auditor.cli.failure import Failures
from auditor.core.result import Run
from tests import specimen


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Ended:
        failures = Failures()
        status = failures.status_of(lambda: app(list(arguments), obj=failures, standalone_mode=False))
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return call


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """Makes every audit come to a given run."""

    def come_to(run: Run) -> None:
        monkeypatch.setattr(auditor.audit, "audit", lambda request, progress: run)

    come_to(specimen.run())
    return come_to
