"""Columns of a text file parsed as they are written, each decoded for itself: only those that are not plain ASCII.

What stands between values, and what quotes them, is then looked for in bytes that are not decoded yet. That is safe
where no such byte can be the second half of a character: in GB18030 these are digits, letters and a few signs, in Big5
letters and signs. A value decodes by itself as it would within the file, since no character goes beyond its value; one
that does not is damage, and is for the reading of the whole to name.
"""

import re
from typing import Any

import numpy as np

from auditor.intake.readers.base import pa, pc

ENCODINGS = ("gb18030", "big5")
"""Those of which this holds."""

_LATER_BYTES = re.compile(rb"[\x30-\x39\x40-\x7e\x80-\xff]")
"""What may stand within a character: from 0x40 on, and in the characters of four bytes of GB18030 also digits."""
_SAMPLE = 4096
"""Of so many values it is seen whether a column repeats itself."""
_SEPARATORS = (b"\n", b"\x1f", b"\x1e")


def can_be_told_apart(encoding: str, delimiter: str, quote: str) -> bool:
    """Whether delimiter and quote can be looked for in the bytes of a file in that encoding."""
    return encoding in ENCODINGS and not any(
        _LATER_BYTES.fullmatch(sign.encode()) for sign in (delimiter, quote) if sign
    )


def decoded(column: Any, codec: str) -> Any:
    """The column of bytes as one of text; raises UnicodeDecodeError where a value is not of the codec."""
    text = _as_it_stands(column)
    if pc.all(pc.string_is_ascii(text), min_count=0).as_py():
        return text
    if pc.count_distinct(column.slice(0, _SAMPLE)).as_py() * 4 <= min(_SAMPLE, len(column)) * 3:
        words = column.dictionary_encode()
        return _each(words.dictionary, codec).take(words.indices)
    return _each(column, codec)


def _as_it_stands(column: Any) -> Any:
    _, offsets, data = column.buffers()
    return pa.StringArray.from_buffers(len(column), offsets, data, offset=column.offset)


def _each(column: Any, codec: str) -> Any:
    """All values in one go, with something between them that none of them holds; else one after the other."""
    for separator in _SEPARATORS:
        if not pc.any(pc.match_substring(column, separator), min_count=0).as_py():
            whole = pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
            joined = pc.binary_join(whole, separator)[0].as_py()
            return _divided(joined.decode(codec).encode(), separator, len(column))
    return pa.array([value.decode(codec) for value in column.to_pylist()], pa.string())


def _divided(joined: bytes, separator: bytes, values: int) -> Any:
    """The values between the separators, of which there are none within them."""
    ends = np.flatnonzero(np.frombuffer(joined, np.uint8) == separator[0])
    offsets = np.zeros(values + 1, np.int32)
    offsets[1:-1] = ends - np.arange(values - 1)
    offsets[-1] = len(joined) - (values - 1)
    data = pa.py_buffer(joined.replace(separator, b""))
    return pa.StringArray.from_buffers(values, pa.py_buffer(offsets), data)
