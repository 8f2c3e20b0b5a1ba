"""Tables and views of a database: how they are called as parts of it, and how their columns become headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.intake.readers.base import pa, pc
from auditor.intake.readers.heading import Heading, Told, find_heading

_PLAIN = re.compile(r'[^."#]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table or view; `schema` None where it is the one that goes without saying."""

    schema: str | None
    name: str

    @property
    def part(self) -> str:
        """`schema.table`, or `table`; a name with a dot in it stands in quotes."""
        return ".".join(_quoted(name) for name in (self.schema, self.name) if name is not None)


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def find_relation(part: str | None, relations: Sequence[Relation], name: str) -> Relation:
    """The relation of that part, without one the first; raises InputError where there is none."""
    for relation in relations:
        if part is None or relation.part == part:
            return relation
    raise InputError(
        Problem("there is no such table", Location(name), did_you_mean(part or "", [each.part for each in relations]))
    )


def heading(columns: Sequence[str], name: str) -> Heading:
    """The columns' names as the headers, as if they stood in row 1, so that the first row of the table is number 2."""
    if not columns:
        raise InputError(Problem("the table has no column", Location(name)))
    return find_heading([list(columns)], name, Told(row=1, rows=1))


def numbers(first: int, count: int) -> object:
    """The numbers of so many rows, from the first on."""
    return pa.array(range(first, first + count), pa.int64())


def row_digest(columns: Sequence[object]) -> bytes:
    """What stands in a batch of text columns, as a hash: NULL differs from the empty text."""
    digest = sha256()
    for column in columns:
        lengths = pc.fill_null(pc.binary_length(column), -1)
        digest.update(lengths.to_numpy(zero_copy_only=False).astype("<i4").tobytes())
        digest.update("".join(filter(None, column.to_pylist())).encode())  # type: ignore[attr-defined]
    return digest.digest()


def database_sha256(path: Path, beside: Sequence[str] = ()) -> str:
    """Of a database's file, and of those of its journals (`beside`: the ends of their names) that hold anything; the
    tables of one file share it, so that it is worked out once."""
    files = [path, *(journal for end in beside if (journal := Path(f"{path}{end}")).is_file())]
    return _hashed(tuple((file, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files))


@lru_cache(maxsize=64)
def _hashed(files: tuple[tuple[Path, int, int], ...]) -> str:
    digest = sha256()
    for path, size, _ in files:
        with path.open("rb") as file:
            while size and (chunk := file.read(1 << 20)):
                digest.update(chunk)
    return digest.hexdigest()
