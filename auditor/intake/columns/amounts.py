"""A number from text, with the unit that it says itself or that the profile states, in the column's own unit.

A value that names its unit is read with that one, whatever the profile says of plain numbers; a unit that is none of
the column's makes it unreadable. Capital numerals (贰佰元整) are unreadable: no kept library reads them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from auditor.core.schema import Column
from auditor.intake.store.database import ibis

_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_SAID = rf"^([+-]?)\s*({_DIGITS})\s*([^\d\s,.]\S*)?$"
_CURRENCY = r"(?:RMB|CNY|人民币|[¥￥])?\s*"
_MONEY_SAID = rf"(?i)^{_CURRENCY}([+-]?)\s*{_CURRENCY}({_DIGITS})\s*([^\d\s,.]\S*)?$"
_BRACKETED = rf"^\(\s*[¥￥]?\s*({_DIGITS})\s*\)$"
_EXACT = "decimal(38, 10)"

_MONEY: Mapping[str, Decimal] = {
    **dict.fromkeys(("元", "元整", "圆", "圆整", "元人民币"), Decimal(1)),
    **dict.fromkeys(("万元", "万", "万元整"), Decimal(10_000)),
    "角": Decimal("0.1"),
    "分": Decimal("0.01"),
}
_MASS: Mapping[str, Decimal] = {
    **dict.fromkeys(("kg", "千克", "公斤"), Decimal(1)),
    **dict.fromkeys(("t", "吨"), Decimal(1000)),
}
_SPEED: Mapping[str, Decimal] = dict.fromkeys(
    ("km/h", "kmh", "公里/小时", "千米/小时", "公里/时", "千米/时"), Decimal(1)
)
_ALCOHOL: Mapping[str, Decimal] = dict.fromkeys(("mg/100ml", "毫克/100毫升"), Decimal(1))
_STATED_ALCOHOL = {"mg/L": Decimal("0.1"), "mg/L breath": Decimal(220)}
"""Milligrams in a litre of blood, or of breath. Between the two lies a factor of 2,200, so that a value alone never
decides; the profile states it. The factor is the usual one and was not checked against the text of GB 19522."""
_POINTS = {"分": Decimal(1)}


def units_of(column: Column) -> Mapping[str, Decimal]:
    """The units that a value of the column may name itself, each with its factor to the column's own."""
    if column.type == "money":
        return _MONEY
    for ending, units in (("_kg", _MASS), ("_kmh", _SPEED), ("_100ml", _ALCOHOL)):
        if column.name.endswith(ending):
            return units
    return _POINTS if column.name == "points" else {}


def stated_units(column: Column) -> Mapping[str, Decimal]:
    """The units that a profile may state for the column's plain numbers."""
    units = units_of(column)
    return {**units, **_STATED_ALCOHOL} if units is _ALCOHOL else units


def number(text: Any, column: Column, times: Decimal | None) -> Any:
    """The text, half width, as a number; exact but for columns that are kept as double. `times` multiplies what names
    no unit."""
    units = units_of(column)
    product = _rounded if column.type == "double" else _product
    factors: dict[Decimal, list[str]] = {}
    for word, factor in units.items():
        factors.setdefault(factor, []).append(word.lower())
    ways = [
        (text.re_search(_NUMBER), product(text, times)),
        (text.re_search(_THOUSANDS), product(text.replace(",", ""), times)),
    ]
    if units:
        form = _MONEY_SAID if column.type == "money" else _SAID
        said = text.re_extract(form, 1) + text.re_extract(form, 2).replace(",", "")
        named, unit = text.re_search(form), text.re_extract(form, 3).lower()
        ways += [(named & unit.isin(words), product(said, factor)) for factor, words in factors.items()]
        ways.append((named & (unit == ""), product(said, times)))
    if column.type == "money":
        owed = ibis.literal("-") + text.re_extract(_BRACKETED, 1).replace(",", "")
        ways.append((text.re_search(_BRACKETED), product(owed, times)))
    value = ibis.cases(*ways, else_=ibis.null("float64" if column.type == "double" else _EXACT))
    plain = _plainly(text, column) if times is None or times == 1 else []
    match column.type:
        case "double":
            pass
        case "money":
            value = value.try_cast("decimal(14, 2)")
        case _:
            value = ibis.ifelse(value == value.floor(), value, None).try_cast("int64")
    return ibis.cases(*plain, else_=value) if plain else value


def _plainly(text: Any, column: Column) -> list[tuple[Any, Any]]:
    """Whether the text is written as the store itself would write such a number, and that: to read it and write it
    again costs a fifth of the search for a form."""
    kept = {"double": "float64", "money": "decimal(14, 2)"}.get(column.type, "int64")
    forms = ["int32", kept] if column.type == "money" else ["int32"]
    values = [text.try_cast(form) for form in forms]
    return [(value.cast("string") == text, value.cast(kept)) for value in values]


def is_plain(text: Any) -> Any:
    """Whether the text, half width, is a number that names no unit."""
    return text.re_search(_NUMBER) | text.re_search(_THOUSANDS)


def _product(plain: Any, times: Decimal | None) -> Any:
    if times is None or times == 1:
        return plain.try_cast(_EXACT)
    # 24 and 14 digits make a product of 38, the most there are: it cannot overflow, which would stop the load.
    scale = max(0, -int(times.as_tuple().exponent))
    return (plain.try_cast("decimal(24, 8)") * ibis.literal(times, f"decimal(14, {scale})")).try_cast(_EXACT)


def _rounded(plain: Any, times: Decimal | None) -> Any:
    value = plain.try_cast("float64")
    value = value if times is None else value * float(times)
    # Too large a number would be infinite; and nought has no sign.
    return ibis.ifelse(value.isinf(), ibis.null("float64"), value + 0.0)
