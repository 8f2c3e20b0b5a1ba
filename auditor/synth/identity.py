"""Who is in the records: people, organisations and vehicles that can belong to nobody.

Identity numbers carry a correct check digit and a region that does not exist (990000); plates begin with 样
("sample"), which is no province. So whatever reads them meets the real form, and no real person can be hit.
Everything is computed from an index: the same vehicle always has the same owner.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

REGION = "990000"

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉鹏宇浩凯健俊帆雪琳晨欣怡"
_TRADES = ("物流", "运输", "客运", "货运", "汽车服务", "商贸")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_PLATES = len(_LETTERS) * 100_000
"""Plates of five digits; from this index on they are those of new-energy vehicles, of six places."""

_NEW_ENERGY = "DF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    party_id: str
    name: str
    party_type: str
    plate_no: str | None


def mixed(index: int, salt: int) -> int:
    """A 32-bit number that looks random and depends on both arguments alone."""
    value = (index * 2654435761 + salt * 40503 + 12345) & 0xFFFFFFFF
    value = ((value ^ (value >> 15)) * 2246822519) & 0xFFFFFFFF
    return (value ^ (value >> 13)) & 0xFFFFFFFF


def name(index: int, salt: int) -> str:
    value = mixed(index, salt)
    surname, value = _SURNAMES[value % len(_SURNAMES)], value // len(_SURNAMES)
    first, value = _GIVEN[value % len(_GIVEN)], value // len(_GIVEN)
    return surname + first + (_GIVEN[value % len(_GIVEN)] if value % 4 else "")


def resident_number(index: int) -> str:
    """18 characters as GB 11643 forms them, in a region that does not exist."""
    return number_of(index, _FIRST_BIRTH + timedelta(days=mixed(index, 7) % 16_000))


def number_of(index: int, born: date) -> str:
    """The number of somebody born on that day."""
    body = f"{REGION}{born:%Y%m%d}{mixed(index, 11) % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


_FIRST_BIRTH = date(1960, 1, 1)


@cache
def credit_code(index: int) -> str:
    """18 characters as GB 32100 forms them, in a region that does not exist."""
    body = f"91{REGION}MA{index % 10_000_000:07d}"
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _USCC[-total % 31]


def plate(index: int) -> str:
    """样 + letter + five digits; from MOST_PLATES on D or F before the digits. `index` is below three times that."""
    kind, rest = divmod(index, MOST_PLATES)
    return f"样{_LETTERS[rest // 100_000]}{_NEW_ENERGY[kind - 1] if kind else ''}{rest % 100_000:05d}"


def person(index: int) -> Party:
    return Party(party_id=resident_number(index), name=name(index, 3), party_type="person", plate_no=plate(index))


def organization(index: int) -> Party:
    """One of 400 firms, each with many vehicles."""
    firm = mixed(index, 19) % 400
    words = _GIVEN[mixed(firm, 23) % len(_GIVEN)] + _GIVEN[mixed(firm, 29) % len(_GIVEN)]
    trade = _TRADES[mixed(firm, 31) % len(_TRADES)]
    return Party(
        party_id=credit_code(firm),
        name=f"样例县{words}{trade}有限公司",
        party_type="organization",
        plate_no=plate(index),
    )
