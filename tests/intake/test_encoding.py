"""Which encoding a file is in: found out on few characters, told rightly or wrongly, and never guessed into silence."""

import codecs
import random
import re
from pathlib import Path

import pytest

from auditor.core.errors import InputError
from auditor.core.schema import exported
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.encoding import decide, likely
from auditor.intake.readers.formats import Asked

SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学"
    "法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外"
    "天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很"
    "情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她"
    "手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思"
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗车驾驶证号违停超速闯红灯酒罚款扣分执勤民警支大队客货运输许可案件编姓名址"
)
TRADITIONAL = (
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學"
    "法所民得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外"
    "天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問意建月公無系軍很"
    "情者最立代想已通並提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她"
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅車駕駛證號違停超速闖紅燈酒罰款扣分執勤警支隊客貨運輸許可案編姓名址臺灣縣鄉鎮"
)
LABELS = "".join(
    label
    for table in exported().values()
    for label in (table.label.zh, *(column.label.zh for column in table.columns.values()))
)
"""What an export of ours is headed with."""
LENGTH, TEXTS = 20, 4_000


def _error_rate(characters: str, encoding: str) -> float:
    rng = random.Random(1)
    texts = ("".join(rng.choices(characters, k=LENGTH)) for _ in range(TEXTS))
    return sum(likely(text.encode(encoding)) != encoding for text in texts) / TEXTS


@pytest.mark.parametrize("characters", [SIMPLIFIED, re.sub(r"[\x00-\x7f]", "", LABELS)])
def test_twenty_simplified_characters_are_hardly_ever_taken_for_big5(characters: str) -> None:
    # Nearly every export is in GB18030, so that a wrong guess there is the costlier. Of 4,000 texts with a true rate of
    # 0.5 % wrong, 20 would be expected, and 40 or more (1 %) seen once in 20,000 times.
    assert _error_rate(characters, "gb18030") <= 0.01


def test_twenty_traditional_characters_are_mostly_taken_for_big5() -> None:
    assert _error_rate(TRADITIONAL, "big5") <= 0.05


@pytest.mark.parametrize(("length", "wrong"), [(6, 0.03), (10, 0.02)])
def test_shorter_texts_are_told_apart_nearly_as_well(length: int, wrong: float) -> None:
    # A name of two or three characters may be valid in both; measured are 0.4 % at 6 and 0.2 % at 10 characters.
    rng = random.Random(2)
    texts = ["".join(rng.choices(SIMPLIFIED, k=length)) for _ in range(1_000)]
    assert sum(likely(text.encode("gb18030")) != "gb18030" for text in texts) <= wrong * len(texts)


def _file(folder: Path, content: bytes) -> Asked:
    path = folder / "a.csv"
    path.write_bytes(content)
    return Asked(path=path, name="a.csv")


def _values(asked: Asked, told: str | None = None) -> tuple[str | None, list[list[str]]]:
    reading = CsvReading(Asked(path=asked.path, name=asked.name, encoding=told))
    rows = [[str(value) for value in row.values()][:-1] for batch in reading.batches() for row in batch.to_pylist()]
    return reading.encoding, [list(reading.headers), *rows]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", ["编号,姓名\n1,欧阳建国\n", "编号,姓名\r\n1,𠮷田\r\n2,㐀\r\n", "编号,姓名\n"])
def test_a_short_file_is_read_in_its_encoding(tmp_path: Path, text: str, written: str, found: str) -> None:
    asked = _file(tmp_path, text.encode(written))
    assert _values(asked) == (found, [line.split(",") for line in text.splitlines()])


def test_a_mark_of_utf_16_decides_by_itself(tmp_path: Path) -> None:
    # 一一 is 4E 00 4E 00: neither NULs nor line ends would tell.
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        asked = _file(tmp_path, mark + "一一,二\n三,四\n".encode(codec))
        assert _values(asked) == ("utf-16", [["一一", "二"], ["三", "四"]])


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_what_is_told_overrides_a_guess(tmp_path: Path, codec: str) -> None:
    # B5A5 BAC5 is 单号 in GB18030 and 等瘍 in Big5: both may be meant.
    asked = _file(tmp_path, b"\xb5\xa5\xba\xc5,a\n1,2\n")
    expected = b"\xb5\xa5\xba\xc5".decode(codec)
    assert _values(asked, codec) == (codec, [[expected, "a"], ["1", "2"]])


@pytest.mark.parametrize(
    ("told", "real"), [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("big5", "utf-8"), ("gb18030", "utf-16")]
)
def test_what_is_told_wrongly_is_refused(tmp_path: Path, told: str, real: str) -> None:
    asked = _file(tmp_path, "编号,姓名\n一号案件,欧阳司马上官\n".encode(real))
    with pytest.raises(InputError, match=f"not in the encoding told, {told}"):
        decide(asked.path, asked.name, told)


def test_simplified_text_told_as_big5_is_refused_with_its_byte(tmp_path: Path) -> None:
    # 队 is B6 D3 and sound in both; 驾 (BC DD), 驶 (CA BB) too; 这 is D5 E2; 亍 (D8 A1) too. A lead byte of FA to FF is
    # none in cp950 before F9D6: 𠮷 is 95 34 A0 30 in GB18030, and A0 30 cannot follow there.
    asked = _file(tmp_path, "a,b\n1,𠮷\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"byte \d+ cannot be read.*BIG5"):
        _values(asked, "big5")


@pytest.mark.parametrize(("content", "value"), [(b"a,b\n1,x\0\0\n", "x"), (b"a,b\n1,\0x\n", "x")])
def test_nuls_around_a_value_are_padding(tmp_path: Path, content: bytes, value: str) -> None:
    assert _values(_file(tmp_path, content)) == ("utf-8", [["a", "b"], ["1", value]])


def test_a_nul_inside_a_value_is_refused_with_its_record(tmp_path: Path) -> None:
    asked = _file(tmp_path, b"a,b\n1,x\n2,x\0y\n3,z\n")
    with pytest.raises(InputError, match="record 3 has a NUL byte within a value"):
        _values(asked)


@pytest.mark.parametrize("content", [b"a\n", b"a", b"a,b\n1,2", codecs.BOM_UTF8 + b"a,b\n1,2\n"])
def test_the_shortest_files_are_plain_utf_8(tmp_path: Path, content: bytes) -> None:
    encoding, rows = _values(_file(tmp_path, content))
    assert (encoding, rows[0][0]) == ("utf-8", "a")


def test_an_empty_file_has_no_encoding(tmp_path: Path) -> None:
    asked = _file(tmp_path, b"")
    with pytest.raises(InputError, match="the file is empty"):
        decide(asked.path, asked.name, None)
