"""What was read before and need not be read again: stores kept by the hash of all that went into them.

A store is found by the bytes of its files, the profile and the part of this program that reads. So a corrected extract,
a changed profile and a newer version each lead to a new store, and nothing else does. Files whose size and time of
change are as they were are not hashed anew.

The kept stores hold full case data: the folder is readable by its owner alone.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time_ns

from auditor import core, intake
from auditor.core.codec import decode, encode
from auditor.intake.loaded import Loaded
from auditor.intake.readers.base import file_sha256

FOLDER = ".auditor"

_FILES = "files.json"
_RACE = 2_000_000_000
"""A file changed within so many nanoseconds before it was hashed may have changed again without a new time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A file as it was when it was hashed."""

    size: int
    changed: int
    sha256: str


class Kept:
    """The stores kept in one folder; `used` are those that this run needed, and `prune` removes all others."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where the folder cannot be made or written."""
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        ignored = folder / ".gitignore"
        ignored.write_text("*\n", encoding="utf-8")
        self._used: set[str] = set()
        self._files = _read_files(folder / _FILES)
        self._now: dict[str, Known] = {}

    def key(self, words: Sequence[str], files: Mapping[str, Path]) -> str:
        """The name under which a store made of these words and files is kept."""
        digest = sha256(reading_part().encode())
        for word in (*words, *(f"{name}\0{self._hash(path)}" for name, path in sorted(files.items()))):
            digest.update(word.encode())
            digest.update(b"\0\0")
        return digest.hexdigest()[:32]

    def store(self, key: str, make: Callable[[Path], Loaded]) -> tuple[Path, Loaded, bool]:
        """The store under that key, what is in it, and whether it was there; where it was not, it is made."""
        self._used.add(key)
        path, told = self._folder / f"{key}.duckdb", self._folder / f"{key}.json"
        if path.is_file() and told.is_file():
            return path, decode(Loaded, json.loads(told.read_text(encoding="utf-8"))), True
        fresh = self._folder / f"{key}.{os.getpid()}.part"
        try:
            loaded = make(fresh)
            told.write_text(json.dumps(encode(loaded), ensure_ascii=False), encoding="utf-8")
            fresh.replace(path)
        finally:
            for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
                left.unlink(missing_ok=True)
        return path, loaded, False

    def prune(self) -> None:
        """Removes what this run did not use, and writes down the files it hashed."""
        for path in self._folder.iterdir():
            if path.suffix in (".duckdb", ".json") and path.stem not in self._used and path.name != _FILES:
                path.unlink(missing_ok=True)
        document = {name: [known.size, known.changed, known.sha256] for name, known in sorted(self._now.items())}
        (self._folder / _FILES).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")

    def _hash(self, path: Path) -> str:
        stat = path.stat()
        name = str(path.resolve())
        known = self._files.get(name)
        if known is None or (known.size, known.changed) != (stat.st_size, stat.st_mtime_ns):
            known = Known(size=stat.st_size, changed=stat.st_mtime_ns, sha256=file_sha256(path))
        if time_ns() - stat.st_mtime_ns > _RACE:
            self._now[name] = known
        return known.sha256


@cache
def reading_part() -> str:
    """A hash of the part of this program that decides what a store holds."""
    digest = sha256()
    for path in sorted(_sources()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterable[Path]:
    for package in (core, intake):
        for home in package.__path__:
            yield from (path for path in Path(home).rglob("*") if path.suffix in (".py", ".yaml"))


def _read_files(path: Path) -> dict[str, Known]:
    """What is known of files; nothing where the list is not there or not as it was written."""
    try:
        document: dict[str, tuple[int, int, str]] = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Known(size=size, changed=changed, sha256=digest) for name, (size, changed, digest) in document.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        return {}  # a list cut short by a full disk costs a second hashing, and nothing else
