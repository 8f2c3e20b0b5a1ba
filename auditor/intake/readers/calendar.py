"""Which day a workbook's days are counted from, where fastexcel does not say: 1899-12-30, or 1904-01-01 in those that
older Macs wrote.

Only bare numbers and times of day need it; the dates of formatted cells are right without.
"""

import re
import zipfile
import zlib
from pathlib import Path

_IN_XLS = re.compile(rb"\x22\0\x02\0([\0\x01])\0\x0e\0\x02\0[\0\x01]\0", re.DOTALL)
"""The record DATEMODE and the one that stands behind it in every workbook, PRECISION."""
_IN_ODS = re.compile(rb"null-date[^>]*date-value=[\"']1904-01-01")
_WORKBOOK, _PROPERTIES = "xl/workbook.bin", 153
"""The record BrtWbProp, whose first bit says it."""
_START = 8 << 20
"""The workbook's own records stand before those of its sheets."""


def counts_from_1904(path: Path, kind: str) -> bool:
    """Of an .xls, .xlsb or .ods; False where it does not say, or cannot be read so far."""
    try:
        match kind:
            case "xls" | "et":
                with path.open("rb") as file:
                    hit = _IN_XLS.search(file.read(_START))
                return hit is not None and hit[1] == b"\x01"
            case "xlsb":
                with zipfile.ZipFile(path) as book:
                    return _says_so(book.read(_WORKBOOK))
            case "ods":
                with zipfile.ZipFile(path) as book, book.open("content.xml") as content:
                    return _IN_ODS.search(content.read(_START)) is not None
            case _:
                return False
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, NotImplementedError, RuntimeError):
        # What is wrong with it, fastexcel says.
        return False


def _says_so(records: bytes) -> bool:
    """Each record has a number and a size, written in groups of seven bits, and so many bytes."""
    at = 0
    while at < len(records):
        number, at = _counted(records, at)
        size, at = _counted(records, at)
        if number == _PROPERTIES:
            return bool(records[at : at + 1] and records[at] & 1)
        at += size
    return False


def _counted(records: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    for byte in records[at : at + 4]:
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            break
    return value, at
