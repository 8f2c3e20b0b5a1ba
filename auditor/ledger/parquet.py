"""A table of working papers as a parquet file that is the same to the byte for the same rows.

All that pyarrow would otherwise decide by itself or by its version's taste is fixed here: format version, page
version, compression, dictionary, row group size. No pandas metadata is written, and no moment of writing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]

# pyarrow carries no type information: it is spoken to in this file and in columns.py alone.
pa = cast(Any, _pa)
pq = cast(Any, _pq)

_ROWS_A_GROUP = 65_536
_ROWS_AT_ONCE = 2_048


def to_table(schema: Any, rows: Sequence[dict[str, Any]]) -> Any:
    """Rows as an Arrow table of that schema."""
    return pa.Table.from_pylist(rows, schema=schema)


def write_rows(path: Path, schema: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Rows in the order given; raises OSError where the file cannot be written."""
    pq.write_table(
        to_table(schema, rows),
        path,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        row_group_size=_ROWS_A_GROUP,
        coerce_timestamps="us",
        store_schema=True,
    )


def read_rows(path: Path, schema: Any) -> Iterator[dict[str, Any]]:
    """The rows, some thousands at a time; raises OSError where the file cannot be read and ValueError where it is not
    such a table. A text that several rows share is one string in memory."""
    file = pq.ParquetFile(path)
    if file.schema_arrow.names != schema.names:
        raise ValueError(f"has the columns {', '.join(file.schema_arrow.names)}")
    for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
        table = pa.Table.from_batches([batch]).cast(schema)
        columns = [_values(table.column(name).combine_chunks()) for name in schema.names]
        for row in zip(*columns, strict=True):
            yield dict(zip(schema.names, row, strict=True))


def _values(column: Any) -> list[Any]:
    if not pa.types.is_string(column.type):
        return column.to_pylist()
    encoded = column.dictionary_encode()
    known = encoded.dictionary.to_pylist()
    return [None if place is None else known[place] for place in encoded.indices.to_pylist()]
