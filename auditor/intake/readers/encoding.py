"""In which encoding a text file is written, decided once for the file, and the file as UTF-8 from there on.

A whole UTF-8 check costs little and is the only proof: a file may be plain ASCII for megabytes before its first Chinese
character. Bytes that are not UTF-8 are read as GB18030, strictly: nothing is ever replaced, and a byte that fits
neither stops the reading with its place. DuckDB's own decoding is not used (it needs an extension from the network,
and that one corrupts rows at buffer boundaries).
"""

import codecs
import io
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16",
}
"""What a profile may say, and the codec it means: GB18030 holds GBK and GB2312."""

_CHUNK = 1 << 20
_ENOUGH = 6
"""So many characters of several bytes, all of them well-formed UTF-8, are no coincidence: of text in GB18030 fewer than
one in a hundred thousand begins so."""


def decide(path: Path, name: str, told: str | None) -> str:
    """The codec to read the file with; raises InputError where the file is empty or is not in the encoding told."""
    size = path.stat().st_size
    if size == 0:
        raise InputError(Problem("the file is empty", Location(name)))
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and told != "utf-16":
        raise _wrong(name, told or "UTF-8 or GB18030", "utf-16", 0)
    bad, several, first = _utf8(path)
    if told is not None and told != "utf-8":
        if bad is None and several >= _ENOUGH:
            raise _wrong(name, told, "utf-8", first)
        return told
    if bad is None:
        return "utf-8"
    if told is not None:
        raise _wrong(name, told, "utf-8, damaged here" if several >= _ENOUGH else "gb18030", bad)
    if several >= _ENOUGH:
        raise InputError(_not_decodable(name, "utf-8", bad, f"{path.stat().st_size - bad} bytes before its end"))
    return "gb18030"


class Utf8Stream(io.RawIOBase):
    """The bytes of a text file as UTF-8 without a byte order mark, decoded as they are asked for.

    Raises InputError, naming the byte, where the file is not in its encoding.
    """

    def __init__(self, path: Path, name: str, encoding: str) -> None:
        super().__init__()
        self._file: BinaryIO = path.open("rb")
        self._name, self._encoding = name, encoding
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("strict")
        self._digest = sha256()
        self._taken = 0
        self._ready = b""
        self._ended = self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        while not self._ready and not self._ended:
            self._ready = self._next()
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _next(self) -> bytes:
        chunk = self._file.read(_CHUNK)
        self._digest.update(chunk)
        self._taken += len(chunk)
        self._ended = not chunk
        if self._decoder is None:
            ready = chunk
        else:
            try:
                ready = self._decoder.decode(chunk, final=self._ended).encode("utf-8")
            except UnicodeDecodeError as error:
                # The codec may have kept the start of a character from the chunk before.
                place = self._taken - len(error.object) + error.start
                raise InputError(_not_decodable(self._name, self._encoding, place, None)) from error
        if ready and not self._begun:
            self._begun = True
            ready = ready.removeprefix(codecs.BOM_UTF8)
        return ready


def _utf8(path: Path) -> tuple[int | None, int, int]:
    """The first byte that is not UTF-8 (None: there is none), how many characters of several bytes stand before it
    (counted no further than needed), and the first byte that is not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    taken = several = 0
    first: int | None = None
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if first is None and not chunk.isascii():
                first = taken + next(place for place, byte in enumerate(chunk) if byte > 0x7F)
            taken += len(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                several += _several(error.object[: error.start].decode("utf-8"))
                return taken - len(error.object) + error.start, several, first or 0
            if several < _ENOUGH:
                several += _several(text)
            if not chunk:
                return None, several, first or 0


def _several(text: str) -> int:
    return 0 if text.isascii() else sum(1 for char in text.removeprefix("\ufeff") if char > "\x7f")


def _wrong(name: str, told: str, looks_like: str, place: int) -> InputError:
    return InputError(
        Problem(
            f"is not in the encoding told, {told}: from byte {place} it looks like {looks_like}",
            Location(name),
            "say in the profile what it is, or save the file anew"
            if looks_like in ENCODINGS
            else "export the file again",
        )
    )


def _not_decodable(name: str, encoding: str, place: int, more: str | None) -> Problem:
    rest = f" ({more})" if more else ""
    return Problem(
        f"byte {place}{rest} cannot be read; the file is most likely {encoding.upper()}, damaged there",
        Location(name),
        "export the file again; nothing of it was read",
    )
