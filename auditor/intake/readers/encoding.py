"""In which encoding a text file is written, decided once for the file, and the file as UTF-8 from there on.

A whole UTF-8 check costs little and is the only proof: a file may be plain ASCII for megabytes before its first Chinese
character. Bytes that are not UTF-8 are GB18030 or Big5, which chardet decides on the first lines that are not ASCII,
and are read strictly: nothing is ever replaced, and a byte that does not fit stops the reading with its place.
DuckDB's own decoding is not used (it needs an extension from the network,
and that one corrupts rows at buffer boundaries).
"""

import codecs
import io
import re
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from chardet import detect

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5",
    "cp950": "big5",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""What a profile may say, and the codec it means: GB18030 holds GBK and GB2312."""

_CODECS = {"big5": "cp950"}
"""What is really meant where a codec's name is used: whoever says Big5 writes it with Windows, which has more of it."""

_CHUNK = 1 << 20
_SAMPLE = 1 << 14
"""So many bytes of lines that are not ASCII decide between two encodings."""
_ONE_IN = 50
"""Of so many bytes of UTF-16 at least one is the NUL of an ASCII character."""
_ASTRAY = 4
"""For so many of these NULs no more than one stands in the wrong place, as that of U+4E00 does; whole line ends are
looked for besides."""

_ENDED = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, whichever it is."""

_ENOUGH = 6
"""So many characters of several bytes, all of them well-formed UTF-8, are no coincidence: of text in GB18030 fewer than
one in a hundred thousand begins so."""


def codec_of(encoding: str) -> str:
    """The codec of Python's for an encoding as it is called here."""
    return _CODECS.get(encoding, encoding)


def decide(path: Path, name: str, told: str | None) -> str:
    """The codec to read the file with; raises InputError where the file is empty or is not in the encoding told."""
    size = path.stat().st_size
    if size == 0:
        raise InputError(Problem("the file is empty", Location(name)))
    wide = _utf16(path)
    if wide and (told is None or not told.startswith("utf-16")):
        if told is None:
            return wide
        raise _wrong(name, told, wide, 0)
    if told is not None and told.startswith("utf-16"):
        if told == "utf-16" and wide is None and path.stat().st_size:
            raise InputError(
                Problem(
                    "is not in the encoding told, utf-16: it does not begin with the mark of it",
                    Location(name),
                    "say in the profile what it is: utf-16-le and utf-16-be have no mark",
                )
            )
        return wide or told
    bad, several, first = _utf8(path)
    if told is not None and told != "utf-8":
        if bad is None and several >= _ENOUGH:
            raise _wrong(name, told, "utf-8", first)
        return told
    if bad is None:
        return "utf-8"
    if told is not None:
        raise _wrong(name, told, "utf-8, damaged here" if several >= _ENOUGH else likely(_sample(path)), bad)
    if several >= _ENOUGH:
        raise InputError(_not_decodable(name, "utf-8", bad, f"{path.stat().st_size - bad} bytes before its end"))
    return likely(_sample(path))


def likely(sample: bytes) -> str:
    """Which of the two Chinese encodings the bytes are in; GB18030 where they are in neither."""
    fitting = [name for name in ("gb18030", "big5") if _fits(sample, name)]
    if len(fitting) == 2:
        found = detect(sample, include_encodings=fitting, no_match_encoding="gb18030", compat_names=False)["encoding"]
        return "big5" if found is not None and found.lower().startswith("big5") else "gb18030"
    return fitting[0] if fitting else "gb18030"


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(codec_of(encoding))
    except UnicodeDecodeError:
        return False
    return True


def _sample(path: Path) -> bytes:
    """Lines that are not ASCII; of a very long line the start, up to its last ASCII character that ends a value."""
    lines: list[bytes] = []
    size = 0
    whole = True
    with path.open("rb") as file:
        while size < _SAMPLE and (line := file.readline(_CHUNK)):
            begins, whole = whole, line.endswith((b"\n", b"\r"))
            if begins and not line.isascii():
                # A comma, tab or line break is never part of a Chinese character.
                line = line[: 1 + max(line.rfind(mark, 0, _SAMPLE) for mark in (b",", b"\t", b"\r", b"\n"))] or line
                lines.append(line)
                size += len(line)
    return b"".join(lines)


def _utf16(path: Path) -> str | None:
    """The kind of UTF-16 that a file is in: told by its mark, or by NULs in every other place of its ASCII characters
    (delimiters and line ends, at the least)."""
    with path.open("rb") as file:
        start = file.read(1 << 16)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * _ONE_IN < len(start) or min(even, odd) * _ASTRAY > max(even, odd):
        return None
    # A stray NUL in plain text is damage: only whole line ends of two bytes make a file UTF-16.
    end, encoding = (b"\n\0", "utf-16-le") if odd > even else (b"\0\n", "utf-16-be")
    ends = sum(start[place : place + 2] == end for place in range(0, len(start), 2))
    return encoding if ends and ends >= start.count(b"\n") // 2 else None


class Utf8Stream(io.RawIOBase):
    """The bytes of a text file as UTF-8 without a byte order mark, decoded as they are asked for.

    Raises InputError, naming the byte, where the file is not in its encoding.
    """

    def __init__(self, path: Path, name: str, encoding: str) -> None:
        super().__init__()
        self._file: BinaryIO = path.open("rb")
        self._name, self._encoding = name, encoding
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(codec_of(encoding))("strict")
        self._digest = sha256()
        self._size = path.stat().st_size
        self._taken = self._made = 0
        self._ready = b""
        self._ended = self._begun = False
        self.has_nul = False
        """Whether a NUL was among what was given out so far."""

    def readable(self) -> bool:
        return True

    def chunk(self) -> bytes:
        """What is ready, or the next part of the file; nothing only at its end."""
        while not self._ready and not self._ended:
            self._ready = self._next()
        ready, self._ready = self._ready, b""
        return ready

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
    def share(self) -> float:
        """How much of the file was given out so far, from 0 to 1."""
        given = self._made - len(self._ready)
        return self._taken / self._size * given / self._made if self._made else 0.0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _next(self) -> bytes:
        chunk = self._file.read(_CHUNK)
        self._digest.update(chunk)
        self._taken += len(chunk)
        self._ended = not chunk
        ready = self._turned(chunk)
        self.has_nul = self.has_nul or b"\0" in ready
        self._made += len(ready)
        return ready

    def _turned(self, chunk: bytes) -> bytes:
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
            # Whoever joins files, or writes a marked one anew, marks it twice.
            while ready.startswith(codecs.BOM_UTF8):
                ready = ready.removeprefix(codecs.BOM_UTF8)
        return ready


class ByteStream(Utf8Stream):
    """The bytes of a text file as they are written."""

    def _turned(self, chunk: bytes) -> bytes:
        return chunk


def written_length(path: Path, encoding: str, length: int) -> int | None:
    """How many bytes of the file the first `length` bytes of its `Utf8Stream`, which end a line, are written in; None
    where that cannot be said."""
    decoder = codecs.getincrementaldecoder(codec_of(encoding))("strict")
    made = taken = 0
    with path.open("rb") as file:
        # Of a file whose lines end otherwise, a line as Python reads it may be the whole file.
        while made < length and (line := file.readline(_CHUNK)):
            for part in _ENDED.finditer(line):
                text = decoder.decode(part[0])
                made += len((text if taken else text.lstrip("\ufeff")).encode())
                taken += len(part[0])
                if made >= length:
                    break
    return taken if made == length else None


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
    return 0 if text.isascii() else sum(1 for char in text.lstrip("\ufeff") if char > "\x7f")


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
