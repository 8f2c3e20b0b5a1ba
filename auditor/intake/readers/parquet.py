"""A parquet file as text rows: what was typed becomes text again, because the schema alone decides what a value is.

Numbers keep all their digits and get no `.0`; moments are written in ISO form, those with a zone in Shanghai's time;
what is nested becomes JSON.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Reading, file_sha256, pa, pc
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.heading import Told, find_heading

pq = cast(Any, _pq)

_ROWS = 50_000
_ZONE = "Asia/Shanghai"


class ParquetReading(Reading):
    """A parquet file, opened; its first row is number 2, as if its column names were a header."""

    format = "parquet"

    def __init__(self, asked: Asked) -> None:
        self._path = path = asked.path
        name = asked.name
        if path.stat().st_size == 0:
            raise InputError(Problem("the file is empty", Location(name)))
        try:
            self._file = pq.ParquetFile(path)
            names = self._file.schema_arrow.names
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(_broken(name, error)) from error
        super().__init__(name, find_heading([names], name, Told(row=1)))
        self.expected = self._file.metadata.num_rows

    @property
    def sha256(self) -> str:
        return file_sha256(self._path)

    def batches(self) -> Iterator[Any]:
        first = self.header_row + 1
        try:
            for batch in self._file.iter_batches(batch_size=_ROWS):
                batch.validate(full=True)
                numbers = pa.array(range(first, first + batch.num_rows), pa.int64())
                yield self.records([as_text(column) for column in batch.columns], numbers)
                first += batch.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(_broken(self.name, error)) from error
        finally:
            self._file.close()


def as_text(column: Any) -> Any:
    """Values as text, in the form that the readers of text files would have found them in."""
    kind = column.type
    types = pa.types
    if types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if types.is_nested(kind):
        return pa.array(
            [
                None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
                for value in column.to_pylist()
            ],
            pa.string(),
        )
    if types.is_timestamp(kind):
        if kind.tz is not None:
            column = pc.local_timestamp(column.cast(pa.timestamp(kind.unit, _ZONE)))
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return pa.array([None if value is None else value.hex() for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _broken(name: str, error: Exception) -> Problem:
    return Problem(
        f"is not a parquet file that can be read: {str(error).partition(chr(10))[0]}", Location(name), "export it again"
    )


FORMAT = Format(name="parquet", suffixes=(".parquet",), open=ParquetReading, typed=True)
