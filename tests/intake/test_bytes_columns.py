"""A Chinese text file parsed as it is written: column by column it is the same as decoded whole, damage and all."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.errors import InputError
from auditor.intake.readers.bytes_columns import ENCODINGS, can_be_told_apart, decoded
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.encoding import codec_of, written_length
from auditor.intake.readers.formats import Asked

LETTERS = {"gb18030": "a1,\"'\n\t |^~@[`\0　丂亐一段号ａ€㐀𠮷镕", "big5": "a1,\"'\n\t |^~@[`\0　一功許蓋段號車牌"}
"""Of both kinds of bytes: characters whose second byte is an ASCII sign (丂 is 81 40, 許 ends in 5C), digits in the
middle (㐀 is 81 39 EE 39), blanks that are trimmed."""


def outcome(path: Path, encoding: str, delimiter: str, *, by_column: bool, block: int) -> object:
    """All that a reading tells: its rows and what it counts besides, or why it stops."""
    try:
        asked = Asked(path=path, name="a.csv", encoding=encoding, delimiter=delimiter)
        reading = CsvReading(asked, by_column=by_column, block=block)
        rows = [tuple(row.values()) for batch in reading.batches() for row in batch.to_pylist()]
    except InputError as error:
        return str(error)
    ragged = [(bad.row, bad.text, bad.found) for bad in reading.ragged]
    return reading.headers, rows, ragged, reading.passed_over, reading.blank, reading.rows, reading.sha256


def quoted(value: str, delimiter: str) -> str:
    return '"' + value.replace('"', '""') + '"' if any(sign in value for sign in (delimiter, '"', "\n")) else value


def record(values: Sequence[str], delimiter: str) -> str:
    return delimiter.join(quoted(value, delimiter) for value in values)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """Encoding, delimiter and the bytes of a table of two columns; now and then with a ragged record or damage."""
    encoding = draw(st.sampled_from(ENCODINGS))
    delimiter = draw(st.sampled_from([",", "\t", ";", "|"]))
    value = st.text(st.sampled_from(LETTERS[encoding]), max_size=6)
    rows = draw(st.lists(st.lists(value, min_size=2, max_size=2), min_size=1, max_size=30))
    if draw(st.integers(0, 3)) == 0:
        rows.insert(draw(st.integers(0, len(rows))), draw(st.lists(value, min_size=1, max_size=4)))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    mark = "\ufeff" if encoding == "gb18030" and draw(st.booleans()) else ""
    text = mark + end.join([record(["编號", "姓名"], delimiter), *(record(row, delimiter) for row in rows)]) + end
    content = text.replace("编號", "編號" if encoding == "big5" else "编号").encode(codec_of(encoding))
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(content) - 1))
        content = content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + draw(st.integers(0, 1)) :]
    return encoding, delimiter, content


@settings(max_examples=400, deadline=None)
@given(file=files(), block=st.sampled_from([1 << 20, 1 << 9]))
def test_it_is_read_as_if_it_had_been_decoded_first(file: tuple[str, str, bytes], block: int) -> None:
    encoding, delimiter, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        whole = outcome(path, encoding, delimiter, by_column=False, block=block)
        assert outcome(path, encoding, delimiter, by_column=True, block=block) == whole


@pytest.mark.parametrize(
    ("encoding", "delimiter", "quote", "can"),
    [
        ("gb18030", ",", '"', True), ("gb18030", "\t", "'", True), ("gb18030", ";", "", True), ("big5", ",", '"', True),
        # The second byte of a character may be one of these.
        ("gb18030", "|", '"', False), ("gb18030", "~", '"', False), ("gb18030", "^", '"', False),
        ("gb18030", ",", "`", False), ("gb18030", ",", "0", False), ("big5", "|", '"', False),
        # Nothing to be won, and nothing known.
        ("utf-8", ",", '"', False), ("utf-16-le", ",", '"', False),
    ],
)  # fmt: skip
def test_only_signs_that_are_never_part_of_a_character_are_looked_for(
    encoding: str, delimiter: str, quote: str, can: bool
) -> None:
    assert can_be_told_apart(encoding, delimiter, quote) is can


def test_the_signs_that_are_looked_for_are_part_of_no_character() -> None:
    for code in range(0x80, 0x110000):
        if not 0xD800 <= code < 0xE000:
            for codec in ("gb18030", "cp950"):
                later = chr(code).encode(codec, "ignore")[1:]
                assert not set(later) & set(b",\t;\"'\r\n\x01\x1e\x1f"), (hex(code), codec)


@pytest.mark.parametrize(
    "values",
    [
        ["甲", "", "乙丙", "a", ""],
        ["", "", ""],
        ["甲\n乙", "\x1f丙", "\x1e"],  # each of the separators stands within a value
        ["甲\n乙", "丙"],
        [f"路{number}号" for number in range(9_000)],  # all differ
        [f"路{number % 7}号" for number in range(9_000)],  # a few words, over and over
        [],
    ],
)
def test_a_column_is_decoded_value_by_value(values: list[str]) -> None:
    written = pa.array([value.encode("gb18030") for value in values], pa.binary())
    assert decoded(written, "gb18030").to_pylist() == values
    assert decoded(written.slice(1), "gb18030").to_pylist() == values[1:]


def test_a_value_that_ends_within_a_character_is_not_made_whole_by_the_next() -> None:
    # B0 A1 is 啊; cut in two values, neither half is a character.
    with pytest.raises(UnicodeDecodeError):
        decoded(pa.array([b"\xb0", b"\xa1"], pa.binary()), "gb18030")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("编号,姓名\n甲,乙\n", "编号,姓名\n"), ("编号,姓名\r\n甲,乙\r\n", "编号,姓名\r\n"),
        ("编号,姓名\r甲,乙\r", "编号,姓名\r"), ("\ufeff编号\n甲\n", "编号\n"), ("𠮷㐀\n甲\n", "𠮷㐀\n"),
        ("编号", "编号"),
    ],
)  # fmt: skip
def test_where_the_header_ends_in_the_file_as_it_is_written(tmp_path: Path, text: str, first: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    mark = len("\ufeff".encode("gb18030")) if text.startswith("\ufeff") else 0
    assert written_length(path, "gb18030", len(first.encode())) == mark + len(first.encode("gb18030"))


def test_a_file_without_line_feeds_is_not_taken_for_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,姓名\r".encode("gb18030") + "甲,乙\r".encode("gb18030") * 300_000 + b"\xff")
    header = "编号,姓名\r"
    assert written_length(path, "gb18030", len(header.encode())) == len(header.encode("gb18030"))
    # A header longer than what is read at a time, cut in the middle of a character.
    long = "号" * 700_001 + "\r"
    path.write_bytes((long + "甲\r").encode("gb18030"))
    assert written_length(path, "gb18030", len(long.encode())) == len(long.encode("gb18030"))


def test_a_length_that_ends_within_a_line_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,姓名\n甲,乙\n".encode("gb18030"))
    assert written_length(path, "gb18030", 4) is None
