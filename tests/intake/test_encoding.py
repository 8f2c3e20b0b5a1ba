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
