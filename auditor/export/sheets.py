"""What a workbook allows: names of sheets, and how much a sheet and a cell hold."""

from collections.abc import Sequence
from pathlib import PurePosixPath

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_000
"""Some fewer than a sheet has: columns of our own stand beside those of the file."""

_CELL = 32_000
_NAME = 31
_FORBIDDEN = frozenset("[]:*?/\\")


def sheet_names(first: str, files: Sequence[str]) -> list[str]:
    """A name for every sheet, near that of its file, no two alike (upper and lower case are, there)."""
    taken: set[str] = {"history"}  # a name that Excel keeps for itself
    names: list[str] = []
    for file in (first, *files):
        wanted = _allowed(PurePosixPath(file).name)
        name, number = _cut(wanted, ""), 1
        while name.casefold() in taken:
            number += 1
            name = _cut(wanted, f" ({number})")
        taken.add(name.casefold())
        names.append(name)
    return names


def cell_text(value: str) -> str:
    """As much of a text as a cell holds, with a sign where it is cut."""
    return value if len(value) <= _CELL else f"{value[: _CELL - 1]}…"


def _allowed(name: str) -> str:
    plain = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in name)
    return plain.strip(" '") or "-"


def _cut(name: str, end: str) -> str:
    """Cut to the length that is allowed, which is counted in UTF-16, and not within a character."""
    room = _NAME - len(end)
    while len(name.encode("utf-16-le")) > 2 * room:
        name = name[:-1]
    return name.strip(" '") + end if name.strip(" '") else f"-{end}"
