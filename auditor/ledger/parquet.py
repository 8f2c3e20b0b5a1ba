"""A table of working papers as a parquet file that is the same to the byte for the same rows.

All that pyarrow would otherwise decide by itself or by its version's taste is fixed here: format version, page
version, compression, dictionary, row group size. No pandas metadata is written, and no moment of writing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]

# pyarrow carries no type information: it is spoken to in this file and in columns.py alone.
pa = cast(Any, _pa)
pq = cast(Any, _pq)

_ROWS_A_GROUP = 65_536


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


def read_rows(path: Path, schema: Any) -> list[dict[str, Any]]:
    """All rows; raises OSError where the file cannot be read and ValueError where it is not such a table."""
    table = pq.read_table(path, partitioning=None)
    if table.schema.names != schema.names:
        raise ValueError(f"has the columns {', '.join(table.schema.names)}")
    return table.cast(schema).to_pylist()
