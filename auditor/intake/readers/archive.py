"""Archives among the exports: what a .zip or .gz holds, unpacked into a scratch folder, each member a file of its own.

Unpacked rather than streamed: a text file is read twice, once to prove its encoding, and a workbook needs any place of
its file at any time. A member is named `archive/member`. Only members that are wanted are unpacked.
"""

import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.encoding import likely

SUFFIXES = (".zip", ".gz")

LARGEST = 16 << 30
"""So many bytes one archive may hold unpacked: ten million cases take 2.5 GB as csv, and a disk must not be filled."""

RATIO = 200
"""So many times its packed size a member may have: exports have 5 to 30 times, a bomb 1,000."""

SMALL = 64 << 20
"""A member of no more bytes than this is no bomb, whatever its ratio."""

_CHUNK = 1 << 20
_UTF8 = 0x800
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
)


def is_archive(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def within(name: str) -> tuple[str, str] | None:
    """Of a member's full name the archive's and its own; None for what is in no archive."""
    archive = next((outer for outer in reversed(PurePosixPath(name).parents) if is_archive(outer.name)), None)
    return None if archive is None else (str(archive), PurePosixPath(name).name)


def unpack(path: Path, name: str, scratch: Path, wanted: Callable[[str], bool]) -> dict[str, Path]:
    """Every member by its full name, in order, with the file it was unpacked to where it is wanted.

    Raises InputError, naming archive and member, where something in it cannot or must not be unpacked.
    """
    if path.suffix.lower() == ".gz":
        inner = f"{name}/{PurePosixPath(name).stem}"
        into = scratch / f"{len(list(scratch.iterdir()))}{PurePosixPath(inner).suffix}"
        if wanted(inner):
            with _named(name), gzip.open(path) as packed:
                _write(packed, into, inner, path.stat().st_size, LARGEST)
        return {inner: into}
    with _named(name), zipfile.ZipFile(path) as archive:
        return _members(archive, name, scratch, wanted)


def _members(archive: zipfile.ZipFile, name: str, scratch: Path, wanted: Callable[[str], bool]) -> dict[str, Path]:
    files = [info for info in archive.infolist() if not info.is_dir()]
    found: dict[str, Path] = {}
    left = LARGEST
    for info, inner in zip(files, _names(files), strict=True):
        parts = PurePosixPath(inner).parts
        full = f"{name}/{inner}"
        if inner.startswith("/") or re.match("[A-Za-z]:", inner) or ".." in parts or not inner or "\0" in inner:
            raise _refused(full, "the member's name leads out of the archive", "pack the files anew")
        if parts[-1].startswith(".") or parts[0] == "__MACOSX":
            continue
        if is_archive(inner):
            raise _refused(full, "is an archive within an archive", "unpack it beside the others")
        if full in found:
            raise _refused(full, "stands in the archive twice", "pack the files anew")
        if wanted(full):
            found[full] = into = scratch / f"{len(list(scratch.iterdir()))}{PurePosixPath(inner).suffix}"
            if info.flag_bits & 1:
                raise _refused(full, "is encrypted", "unpack it with its password")
            with _named(full), archive.open(info) as packed:
                left -= _write(packed, into, full, info.compress_size, left)
        else:
            found[full] = scratch / "not unpacked" / full
    return found


def _write(packed: IO[bytes] | gzip.GzipFile, into: Path, name: str, size: int, left: int) -> int:
    """Unpacks one member, counting what really comes out: what an archive says of its sizes may be untrue."""
    written = 0
    with into.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise _refused(name, f"with it the archive unpacks to more than {LARGEST >> 30} GB", _BOMB)
            if written > SMALL and written > RATIO * size:
                raise _refused(name, f"unpacks to more than {RATIO} times its size", _BOMB)
            file.write(chunk)
    return written


_BOMB = "if it is sound nevertheless, unpack it beside the others"


def _names(files: list[zipfile.ZipInfo]) -> list[str]:
    """The members' names: Chinese Windows writes them in its own encoding and does not say so, which by the rules of
    the format is read as that of the first PC."""
    raw = [b"" if info.flag_bits & _UTF8 else info.filename.encode("cp437", "ignore") for info in files]
    encoding = "utf-8"
    for name in raw:
        try:
            name.decode("utf-8")
        except UnicodeDecodeError:
            encoding = likely(b"\n".join(name for name in raw if not name.isascii()))
            break
    names: list[str] = []
    for info, name in zip(files, raw, strict=True):
        try:
            names.append((name.decode(encoding) if name else info.filename).replace("\\", "/"))
        except UnicodeDecodeError:
            names.append(info.filename)
    return names


@contextmanager
def _named(name: str) -> Generator[None]:
    try:
        yield
    except _BROKEN as error:
        raise _refused(name, f"cannot be unpacked: {error or 'it is cut off'}", "pack or export it again") from error


def _refused(name: str, message: str, hint: str) -> InputError:
    return InputError(Problem(message, Location(name), hint))
