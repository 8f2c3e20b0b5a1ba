"""What a workbook allows: names of sheets, and how much a sheet and a cell hold."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_000
"""Some fewer than a sheet has: columns of our own stand beside those of the file."""

_CELL = 32_000
"""Characters in UTF-16, as a cell counts them; somewhat fewer than its 32,767."""
_NAME = 31
_FORBIDDEN = frozenset("[]:*?/\\")
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


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


@lru_cache(maxsize=8192)
def cell_text(value: str, sign: str = "…") -> str:
    """As much of a text as a cell holds, with a sign where it is cut."""
    if len(value) <= _CELL // 2 or _units(value) <= _CELL:
        return value
    room = _CELL - len(sign)
    kept = value[:room]
    while (over := _units(kept) - room) > 0:
        kept = kept[: -((over + 1) // 2)]
    return kept + sign


def printable(text: str) -> str:
    """Without control characters (tabs and line breaks stay) and halves of characters, which no file holds."""
    return _NOT_PRINTABLE.sub("", text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _allowed(name: str) -> str:
    plain = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in name)
    return plain.strip(" '") or "-"


def _cut(name: str, end: str) -> str:
    """Cut to the length that is allowed, which is counted in UTF-16, and not within a character."""
    room = _NAME - len(end)
    while len(name.encode("utf-16-le")) > 2 * room:
        name = name[:-1]
    return name.strip(" '") + end if name.strip(" '") else f"-{end}"
