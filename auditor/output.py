"""Results appear whole or not at all: written beside their place under a hidden name, then moved there in one step."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from auditor.core.errors import OutputError, UsageError
from auditor.core.problem import Location, Problem

SIGN_OF_A_RUN = "manifest.json"
"""The file by which a folder is known to hold a run, and so may be replaced by another."""


def check_place(out: Path, sign: str = SIGN_OF_A_RUN) -> None:
    """Raises UsageError where `out` cannot be made, or holds something that was not made by the same command: results
    without the file `sign` are somebody else's."""
    place = Location(str(out))
    if out.exists() and not out.is_dir():
        raise UsageError(Problem("is a file; results need a folder", place))
    if out.is_dir() and any(out.iterdir()) and not (out / sign).is_file():
        hint = "choose another folder, or empty this one yourself"
        raise UsageError(Problem("is not empty and holds no earlier run; it would be overwritten", place, hint))
    parent = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.is_dir())
    if not os.access(parent, os.W_OK):
        raise UsageError(Problem("cannot be written to", Location(str(parent))))


@contextmanager
def whole_or_nothing(out: Path, sign: str = SIGN_OF_A_RUN) -> Generator[Path]:
    """A folder to write into, moved to `out` when all went well and removed when anything did not."""
    check_place(out, sign)
    target = out.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
    except OSError as error:
        raise _failed(out, error) from error
    try:
        yield staging
        staging.chmod(0o755)
        _move(staging, target)
    except OSError as error:
        raise _failed(out, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, target: Path) -> None:
    """The new folder takes the old one's place; the old one goes only after the new one stands."""
    if not target.exists():
        staging.rename(target)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{target.name}.former-", dir=target.parent))
    former.rmdir()
    target.rename(former)
    try:
        staging.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _failed(out: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(Problem(f"the results could not be written: {reason}; nothing was kept", Location(str(out))))
