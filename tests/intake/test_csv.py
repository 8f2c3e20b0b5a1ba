"""Text files: encodings, quotes, ragged records, and record numbers that stay right."""

from pathlib import Path

import pytest

from auditor.core.errors import InputError
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.heading import Told
from tests.intake.office import HEADERS, case, loaded, write_csv


@pytest.mark.parametrize(
    ("written", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030")]
)
def test_the_encoding_is_found_out(data: Path, written: str, told: str) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "party_name"], [*case("C1"), "欧阳"]], written)
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "party_name") == [("C1", "欧阳")]
    assert result.inputs[0].encoding == told


def test_characters_of_four_bytes_survive_at_every_boundary_between_blocks(data: Path) -> None:
    # 𠮷 and 㐀 take four bytes in GB18030; of a file of several blocks and chunks, no boundary may cut one.
    names = [f"{'甲' * (number % 3)}𠮷㐀{number}" for number in range(150_000)]
    path = data / "cases.csv"
    path.write_bytes(("name\n" + "\n".join(names) + "\n").encode("gb18030"))
    assert path.stat().st_size > 2 * (1 << 20)
    reading = CsvReading(Asked(path=path, name="cases.csv"), block=1 << 16)
    read = [value for batch in reading.batches() for value in batch.column(0).to_pylist()]
    assert read == names
    assert reading.encoding == "gb18030"


def test_an_ascii_start_does_not_decide_the_encoding(data: Path) -> None:
    body = "".join(f"{number},x\n" for number in range(200_000)) + "last,𠮷\n"
    path = data / "a.csv"
    path.write_bytes(("id,name\n" + body).encode("gb18030"))
    reading = CsvReading(Asked(path=path, name="a.csv"))
    last = [batch.column(1)[-1].as_py() for batch in reading.batches()][-1]
    assert (last, reading.encoding) == ("𠮷", "gb18030")


def test_damage_in_mid_file_is_named_with_its_byte(data: Path) -> None:
    text = ("编号,姓名\n" + "甲,乙丙丁戊\n" * 100).encode("gb18030")
    path = data / "cases.csv"
    path.write_bytes(text + b"\xff\xff" + text)
    with pytest.raises(InputError, match=rf"byte {len(text)}\b.*GB18030"):
        list(CsvReading(Asked(path=path, name="cases.csv")).batches())
    good = ("编号,姓名\n" + "甲,乙丙丁戊\n" * 100).encode()
    path.write_bytes(good + b"\xff\xff" + good)
    with pytest.raises(InputError, match=rf"byte {len(good)}\b.*UTF-8"):
        CsvReading(Asked(path=path, name="cases.csv"))


def test_damage_after_many_chunks_is_named_with_its_byte(data: Path) -> None:
    text = "编号,姓名\n".encode("gb18030") + "𠮷,㐀\n".encode("gb18030") * 300_000
    path = data / "cases.csv"
    path.write_bytes(text + b"\x81")
    with pytest.raises(InputError, match=rf"byte {len(text)}\b"):
        list(CsvReading(Asked(path=path, name="cases.csv")).batches())


@pytest.mark.parametrize(("told", "real"), [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("gb18030", "utf-16")])
def test_an_encoding_told_wrongly_is_refused(data: Path, told: str, real: str) -> None:
    path = write_csv(data / "a.csv", [["编号", "姓名"], ["一号案件", "欧阳司马上官"]], real)
    with pytest.raises(InputError) as caught:
        CsvReading(Asked(path=path, name="a.csv", encoding=told))
    assert f"told, {told}: from byte 0 it looks like {real}" in str(caught.value)


def test_ragged_records_keep_their_number_and_do_not_shift_the_others(data: Path) -> None:
    path = data / "a.csv"
    path.write_bytes(b'a,b\n1,"x\ny"\n2\n3,z\n4,5,6\n\n7,8\n,\n"9","q""q"\r\n')
    reading = CsvReading(Asked(path=path, name="a.csv"))
    rows = [tuple(row.values()) for batch in reading.batches() for row in batch.to_pylist()]
    assert rows == [("1", "x\ny", 2), ("3", "z", 4), ("7", "8", 7), ("9", 'q"q', 9)]
    assert [(bad.row, bad.text, bad.expected, bad.found) for bad in reading.ragged] == [
        (3, "2", 2, 1),
        (5, "4,5,6", 2, 3),
    ]


def test_record_numbers_stay_right_over_many_blocks(data: Path) -> None:
    path = data / "a.csv"
    path.write_text("a,b\n" + "".join(f"{n},x\n" if n % 7 else f"{n}\n" for n in range(2, 20_000)))
    reading = CsvReading(Asked(path=path, name="a.csv"), block=4096)
    for batch in reading.batches():
        assert [int(value) for value in batch.column(0).to_pylist()] == batch.column("_row").to_pylist()
    assert [bad.row for bad in reading.ragged] == [int(bad.text) for bad in reading.ragged]
    assert len(reading.ragged) == len(range(7, 20_000, 7))


def test_a_ragged_record_goes_to_quarantine_as_it_stands(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1"), ["C2", "transport"], case("C3")])
    result, store = loaded(data)
    [entry] = result.quarantine
    assert (entry.source_row, entry.column, entry.raw_value, entry.reason) == (3, None, "C2,transport", "row_ragged")
    assert store.rows("cases", "case_id", "_row") == [("C1", 2), ("C3", 4)]
    assert (result.inputs[0].read, result.inputs[0].quarantined) == (3, 1)


@pytest.mark.parametrize("text", ['a,b\n1,"open\n3,4\n5,6\n', 'a,b\n"open,2\n3,4\n5,6\n'])
def test_a_quote_that_is_never_closed_swallows_nothing_in_silence(data: Path, text: str) -> None:
    path = data / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="record 2 is never closed"):
        list(CsvReading(Asked(path=path, name="a.csv")).batches())


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_titles_above_the_header_and_other_delimiters(data: Path, delimiter: str) -> None:
    path = data / "a.csv"
    path.write_text(f"某县台账\n2024年，制表\n编号{delimiter}姓名\n1{delimiter}甲\n", encoding="utf-8")
    reading = CsvReading(Asked(path=path, name="a.csv", heading=Told(row=3)))
    assert reading.headers == ("编号", "姓名")
    assert [row for batch in reading.batches() for row in batch.to_pylist()] == [{"c0": "1", "c1": "甲", "_row": 4}]


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "empty"), (b"\n\n", "no headers"), (b",,\n , \n", "no headers")]
)
def test_files_without_a_usable_header_are_refused(data: Path, content: bytes, message: str) -> None:
    path = data / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        CsvReading(Asked(path=path, name="a.csv"))


def test_headers_of_one_name_are_told_apart_by_their_number(data: Path) -> None:
    path = data / "a.csv"
    path.write_text("编号,备注,备注\n1,甲,乙\n", encoding="utf-8")
    assert CsvReading(Asked(path=path, name="a.csv")).headers == ("编号", "备注#1", "备注#2")


def test_every_record_is_accounted_for(data: Path) -> None:
    path = data / "a.csv"
    path.write_text("某县台账,\n\n编号,金额\nA1,5\n编号,金额\nA2\n,\nA3,7\n合 计,12\n制表人：,甲\n", encoding="utf-8")
    reading = CsvReading(Asked(path=path, name="a.csv", heading=Told(known=frozenset({"编号", "金额"}))))
    assert [row["c0"] for batch in reading.batches() for row in batch.to_pylist()] == ["A1", "A3"]
    assert [bad.row for bad in reading.ragged] == [6]
    passed = [(row.source_row, row.kind, row.text) for row in reading.passed_over]
    assert passed == [
        (1, "title", "某县台账"),
        (3, "header", "编号 金额"),
        (5, "header", "编号 金额"),
        (9, "total", "合 计 12"),
        (10, "note", "制表人： 甲"),
    ]
    assert (reading.blank, reading.rows) == (2, 10)


def test_a_file_of_headers_only_is_read_as_no_rows(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS])
    result, _ = loaded(data)
    assert result.rows == {"cases": 0} and result.inputs[0].read == 0
    assert [finding.check for finding in result.contract] == ["empty"]


@pytest.mark.parametrize("value", ['"5" pipe', '""5', '"a"b"c"'])
def test_a_value_that_goes_on_after_its_closing_quote_is_refused(data: Path, value: str) -> None:
    path = data / "a.csv"
    path.write_text(f"a,b\n1,2\n{value},x\n")
    with pytest.raises(InputError, match="record 3 has a value that goes on after its closing quote"):
        list(CsvReading(Asked(path=path, name="a.csv")).batches())
    reading = CsvReading(Asked(path=path, name="a.csv", quote="none"))
    assert [row["c0"] for batch in reading.batches() for row in batch.to_pylist()] == ["1", value]


@pytest.mark.parametrize("value", ['5" pipe', '"x,""y""z"', '"{""a"":""""}"'])
def test_sound_quotes_are_not_refused(data: Path, value: str) -> None:
    path = data / "a.csv"
    path.write_text(f"a,b\n{value},1\n")
    assert sum(batch.num_rows for batch in CsvReading(Asked(path=path, name="a.csv")).batches()) == 1


@pytest.mark.parametrize("text", ['a,"b\n1,2\n3,"4"\n5,6\n', 'a,"b\n1,2\n'])
def test_a_quote_left_open_in_the_headers_is_refused(data: Path, text: str) -> None:
    path = data / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="at the head of the table, is not closed"):
        CsvReading(Asked(path=path, name="a.csv"))


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        (["total,5"], 1), (["Grand Total:,5"], 1), (["S u b T O T A L,5"], 1), (["合计,5"], 1), (["审核人：,"], 1),
        (["id,n"], 1), (["C3,合计"], 0), (["ATTIC,5"], 0), (["ｔｏｔａｌ,5"], 0), (["totals,5"], 0),
    ],
)  # fmt: skip
def test_rows_that_are_no_records_are_seen_among_plain_ids(data: Path, rows: list[str], passed: int) -> None:
    path = data / "a.csv"
    path.write_text("\n".join(["id,n", "C1,1", "C2,2", *rows, "C9,3"]) + "\n", encoding="utf-8")
    reading = CsvReading(Asked(path=path, name="a.csv"))
    kept = sum(batch.num_rows for batch in reading.batches())
    below = [each for each in reading.passed_over if each.source_row > 1]
    assert (kept, len(below)) == (3 + len(rows) - passed, passed)
