"""A machine report written beside the results: whole or not at all."""

import os
from pathlib import Path

from auditor.core.errors import OutputError
from auditor.core.problem import Location, Problem


def write_text(path: Path, text: str) -> None:
    """UTF-8 with plain line breaks, over what was there; raises OutputError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(Problem(f"cannot be written: {error.strerror or error}", Location(str(path)))) from error
    finally:
        if unfinished.exists():
            unfinished.unlink()
