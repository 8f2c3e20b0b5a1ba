"""What fastexcel does not tell of a sheet in an .xlsx: merged ranges, errors, numbers too long to be kept, formulas
without a value.

The sheet's XML is unpacked once more and searched, not parsed: that costs a fifth of what reading the sheet costs,
while a parser written in Python would cost several times as much as the reading. Each part is first asked once, by
Arrow's search, whether it holds anything that is looked for: most ledgers have nothing of it.
"""

import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import pa, pc
from auditor.intake.readers.merged import Merged

_CHUNK = 1 << 20
_MOST_CELLS = 250_000_000
"""A sheet is held as a rectangle: with one value at XFD1048576 that would be 17 billion cells."""
_DIGITS = 15
"""So many digits of a number survive in a spreadsheet."""

_LONG = re.compile(rb"v>(-?\d(?:\d{15,}|\.\d+[eE]\+?\d\d))</")
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?f\b([^<>]*)(?:/>|>([^<]*)</(?:\w+:)?f>)(?:<(?:\w+:)?v/>|<(?:\w+:)?v></|</(?:\w+:)?c>)"
)
_FAILED = re.compile(rb">(#[^<>]{2,30})</(?:\w+:)?v>")
_ANY = r"v>-?\d(?:\d{15}|\.\d+[eE])|[<:]f[ \t\r\n>/]|>#"
"""Whether a part may hold any of the three above."""
_IN_FIRST_COLUMN = re.compile(rb'<c r="A\d+"[^<>]*>(?:<f>[^<>]*</f>)?<(?:v|is><t)>[^<>\s]')
_HEAD = 64 << 10
_TAG = 64
"""A place has no more characters."""
_CHECKED = 64 << 20
"""A sheet of no more bytes is searched for cells beyond what it says before anything else. A larger one is not: a
damaged sheet fails its checksum, and it would take a fifth longer to read."""
_PLACE = re.compile(rb'\sr=["\']([A-Z]*)(\d+)["\']')
_LAST_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*? r=[\"'](\d+)")
_DIMENSION = re.compile(rb"dimension\s+ref=[\"']([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?[\"']")
_MERGE = re.compile(rb"mergeCell\s+ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_AT = re.compile(rb"\sr=[\"']([A-Z]+)(\d+)[\"']")
_KIND = re.compile(rb"\st=[\"'](\w+)[\"']")

_DAMAGED = (zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as the workbook lists it; `entry` is its XML in the archive."""

    name: str
    entry: str
    is_table: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows and columns are counted from 0, from the sheet's first cell. `said` is what a cell is to say instead: a
    number of more than 15 digits in the form in which the spreadsheet shows it, an error its name, a formula that
    nobody has computed itself. `unplaced` tells that some error does not say in which cell it stands."""

    merged: tuple[Merged, ...]
    said: dict[tuple[int, int], str]
    unplaced: bool = False


def sheets(path: Path) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets in the workbook's order, and whether its days are counted from 1904; raises KeyError, ValueError or
    zipfile.BadZipFile where the archive is not built as one expects."""
    with zipfile.ZipFile(path) as book:
        try:
            return _sheets(book)
        # An XML that names an encoding which nobody knows is a LookupError.
        except (ElementTree.ParseError, LookupError, StopIteration, *_DAMAGED) as error:
            raise ValueError(str(error)) from error


def look(path: Path, sheet: Sheet, name: str) -> Found:
    """One pass over the sheet; raises InputError where a value lies so far out that the sheet cannot be held."""
    said: dict[tuple[int, int], str] = {}
    merged: list[Merged] = []
    far: str | None = None
    unplaced = False
    column = row = 0
    for part, is_end in _parts(path, sheet.entry):
        if far is None:
            far = _beyond(part)
        if _matches(part, _ANY):
            for hit in _LONG.finditer(part):
                _note_number(part, hit, said)
            for hit in _UNCOMPUTED.finditer(part):
                _note_formula(part, hit, said)
            for hit in _FAILED.finditer(part):
                unplaced = not _note_error(part, hit, said) or unplaced
        if _matches(part, far):
            for hit in _PLACE.finditer(part):
                column, row = max(column, _column(hit[1])), max(row, int(hit[2]))
        rows = part.rfind(b"row ")
        last = _LAST_ROW.match(part, part.rfind(b"<", 0, rows)) if rows > 0 else None
        row = max(row, int(last[1]) if last else 0)
        if is_end:
            for hit in _MERGE.finditer(part):
                merged.append(
                    Merged(top=int(hit[2]) - 1, left=_column(hit[1]), bottom=int(hit[4]) - 1, right=_column(hit[3]))
                )
    if max(column, 1) * row > _MOST_CELLS:
        raise InputError(
            Problem(
                f"the sheet has a value so far out (column {column + 1}, of {row} rows) that it cannot be held",
                Location(name),
                "delete the empty rows and columns behind the table, and save it again",
            )
        )
    return Found(merged=tuple(merged), said=said, unplaced=unplaced)


def head(path: Path, sheet: Sheet) -> tuple[bool, bool]:
    """Whether the sheet says beforehand how far it reaches, that is not too far to be held, and none of its cells
    belies it; and whether its first
    rows show that its values begin in column A."""
    if not sheet.is_table:
        return False, False
    with _whole(), zipfile.ZipFile(path) as book, book.open(sheet.entry) as file:
        start = part = file.read(_HEAD)
        plausible = _plausible(start)
        if plausible and book.NameToInfo[sheet.entry].file_size <= _CHECKED:
            far, tail = _beyond(start), b""
            while plausible and part:
                plausible = not _matches(tail + part, far)
                tail, part = part[-_TAG:], file.read(_CHUNK)
        return plausible, _IN_FIRST_COLUMN.search(start) is not None


def shortened(number: float) -> str | None:
    """A number as a spreadsheet shows one that is too long for it; None where all its digits are sound: a whole one of
    sixteen that a program wrote, since what a person typed ends in a zero then."""
    if abs(number) < 10**_DIGITS or (abs(number) <= 2**53 and number % 10):
        return None
    digits, _, power = f"{number:.{_DIGITS - 1}E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{power}"


def is_empty(path: Path, sheet: Sheet) -> bool:
    """Whether no cell has a value; one that is damaged is not empty."""
    try:
        return not any(b"v>" in part or b"is>" in part for part, _ in _parts(path, sheet.entry))
    except zipfile.BadZipFile:
        return False


def _sheets(book: zipfile.ZipFile) -> tuple[tuple[Sheet, ...], bool]:
    package = _tree(book, "_rels/.rels")
    root = next(each.get("Target", "") for each in package if each.get("Type", "").endswith("/officeDocument")).lstrip(
        "/"
    )
    folder, _, file = root.rpartition("/")
    targets = {each.get("Id"): each for each in _tree(book, join(folder, "_rels", f"{file}.rels"))}
    tree = _tree(book, root)
    found: list[Sheet] = []
    for each in tree.iterfind("{*}sheets/{*}sheet"):
        link = next(value for key, value in each.items() if key.endswith("}id"))
        target = targets[link].get("Target", "")
        entry = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        is_table = targets[link].get("Type", "").endswith("/worksheet") and entry in book.NameToInfo
        found.append(Sheet(name=each.attrib["name"], entry=entry, is_table=is_table))
    properties = tree.find("{*}workbookPr")
    return tuple(found), properties is not None and properties.get("date1904") in ("1", "true")


def _tree(book: zipfile.ZipFile, entry: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(entry))


def _parts(path: Path, entry: str) -> Iterator[tuple[bytes, bool]]:
    """The XML in parts of whole rows; the last is what stands from the last rows on."""
    rest = b""
    with _whole(), zipfile.ZipFile(path) as book, book.open(entry) as file:
        while chunk := file.read(_CHUNK):
            # What was searched once is not searched again: a sheet may be one part of any length.
            seen = max(0, len(rest) - 4)
            rest += chunk
            if (cut := rest.rfind(b"row>", seen)) > 0 and b"sheetData>" not in rest[cut:]:
                yield rest[: cut + 4], False
                rest = rest[cut + 4 :]
    yield rest, True


@contextmanager
def _whole() -> Generator[None]:
    """Raises zipfile.BadZipFile for whatever is found to be damaged while it is unpacked."""
    try:
        yield
    except _DAMAGED as error:
        raise zipfile.BadZipFile(str(error)) from error


def _plausible(start: bytes) -> bool:
    """Whether the sheet says how far it reaches, and that is not too far. It may say `A1` and reach further."""
    said = _DIMENSION.search(start, 0, 4096)
    return said is not None and bool(said[3]) and (_column(said[3]) + 1) * int(said[4]) <= _MOST_CELLS


def _beyond(start: bytes) -> str:
    """What the place of a cell or row looks like that makes a sheet far larger than it says: its letters or digits are
    more than those of the last one, or begin with a higher one."""
    said = _DIMENSION.search(start, 0, 4096)
    if said is None or not _plausible(start):
        return r"""\sr=["'](?:[A-Z]{3,}|[A-Z]*\d{7,}["'])"""
    # Below `AZ` and 99,999 no sheet is too large.
    letters, digits = max(said[3].decode(), "AA", key=len), max(said[4].decode(), "99999", key=len)
    more = rf"|[{chr(ord(letters[0]) + 1)}-Z][A-Z]{{{len(letters) - 1}}}\d" if letters[0] < "Z" else ""
    later = rf"|[{int(digits[0]) + 1}-9]\d{{{len(digits) - 1}}}[\"']" if digits[0] < "9" else ""
    return rf"""\sr=["'](?:[A-Z]{{{len(letters) + 1},}}{more}|[A-Z]*(?:\d{{{len(digits) + 1},}}{later}))"""


def _matches(part: bytes, pattern: str) -> bool:
    """Arrow's search takes a fraction of the standard library's time."""
    ends = pa.py_buffer(bytes(8) + len(part).to_bytes(8, "little"))
    one = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(part)])
    return pc.match_substring_regex(one, pattern)[0].as_py()


def _note_number(part: bytes, hit: re.Match[bytes], said: dict[tuple[int, int], str]) -> None:
    place, kind = _cell(part, hit.start())
    text = shortened(float(hit[1]))
    if place is not None and kind in (None, b"n") and text:
        said[place] = text


def _note_formula(part: bytes, hit: re.Match[bytes], said: dict[tuple[int, int], str]) -> None:
    place, kind = _cell(part, hit.start())
    if place is not None and kind != b"str":
        said[place] = f"={unescape((hit[2] or b'').decode('utf-8', 'replace'))}"


def _note_error(part: bytes, hit: re.Match[bytes], said: dict[tuple[int, int], str]) -> bool:
    """False where it is an error that does not say where it stands."""
    place, kind = _cell(part, hit.start())
    if place is not None and kind == b"e":
        said[place] = hit[1].decode("utf-8", "replace")
    return place is not None or kind != b"e"


def _cell(part: bytes, at: int) -> tuple[tuple[int, int] | None, bytes | None]:
    """The place and the type of the cell whose content stands there."""
    begin = max(part.rfind(b"<c ", 0, at), part.rfind(b":c ", 0, at))
    tag = part[begin : part.find(b">", begin)]
    place, kind = _AT.search(tag), _KIND.search(tag)
    return (int(place[2]) - 1, _column(place[1])) if place else None, kind[1] if kind else None


def _column(letters: bytes) -> int:
    """`A` is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
