"""The circulation edition of a run, and the key of its pseudonyms, which lies outside everything that is published.

The key is made on first use: 32 random bytes, readable by its owner alone. Every edition that is to name the same unit
in the same way needs the same key; whoever has it can find out which unit a pseudonym stands for.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from auditor.core.errors import OutputError, UsageError
from auditor.core.privacy import LEAST_COUNT
from auditor.core.problem import Location, Problem
from auditor.core.progress import Progress, Silent
from auditor.core.result import Run
from auditor.core.text import Language, Text
from auditor.output import check_place, whole_or_nothing
from auditor.report.circulation import SIGN, Pseudonyms, render

KEY_NAME = "pseudonyms.key"

_BYTES = 32
_ABOUT = "# Key of the pseudonyms in circulation editions. Keep it; never publish it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """Where the edition goes, where its key lies, and the least count that it shows."""

    out: Path
    key: Path
    least: int = LEAST_COUNT


def planned(out: Path, *, papers: Path | None, key: Path | None, least: int | None) -> Circulation:
    """The edition as asked for; without another place the key lies beside the folder of working papers, so that all
    months kept there have the same. Raises UsageError where the folder cannot be used or would hold the key."""
    if key is None and papers is None:
        raise UsageError("a circulation edition needs a place for the key of its pseudonyms")
    beside = (papers or out).absolute().parent / KEY_NAME
    made = Circulation(out=out, key=key or beside, least=LEAST_COUNT if least is None else least)
    if made.least < LEAST_COUNT:
        raise UsageError(f"counts under {LEAST_COUNT} are not published; {made.least} would show them")
    check_place(out, SIGN)
    if made.key.resolve().is_relative_to(out.resolve()):
        what = "lies in the folder of the circulation edition, and would be published with it"
        raise UsageError(
            Problem(what, Location(str(made.key)), "name another place for it: pseudonym_key in auditor.yaml")
        )
    if papers is not None and papers.resolve().is_relative_to(out.resolve()):
        raise UsageError(Problem("the circulation edition needs a folder of its own", Location(str(out))))
    if papers is not None and out.resolve().is_relative_to(papers.resolve()):
        raise UsageError(Problem("lies among the working papers, which are not to be published", Location(str(out))))
    if made.key.exists():
        read_key(made.key)
    return made


def circulate(run: Run, plan: Circulation, *, language: Language = "zh", progress: Progress | None = None) -> bool:
    """Writes the edition, whole or not at all; whether its key had to be made.

    Raises UsageError where the folder holds something else or the key is none, OutputError where something can't be
    written.
    """
    shown = progress or Silent()
    shown.start(Text(zh="生成公开版", en="writing the circulation edition"), None)
    made = _make_key(plan.key)
    names = Pseudonyms(read_key(plan.key))
    with whole_or_nothing(plan.out, SIGN) as folder:
        render(run, folder, language=language, names=names, least=plan.least)
    shown.finish()
    return made


def read_key(path: Path) -> bytes:
    """The key in a file; raises UsageError where there is none in it."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        key = bytes.fromhex("".join(line for line in lines if not line.startswith("#")))
    except (OSError, ValueError) as error:
        raise UsageError(Problem("cannot be read as a key of pseudonyms", Location(str(path)))) from error
    if len(key) < _BYTES:
        raise UsageError(Problem(f"holds a key of {len(key)} bytes; {_BYTES} are needed", Location(str(path))))
    return key


def _make_key(path: Path) -> bool:
    """Makes the key unless it is there. Never over one that is: all earlier pseudonyms would be lost with it."""
    if path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
            file.write(f"{_ABOUT}\n{secrets.token_hex(_BYTES)}\n")
    except OSError as error:
        raise OutputError(Problem(f"cannot be written: {error.strerror or error}", Location(str(path)))) from error
    return True
