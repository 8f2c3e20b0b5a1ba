"""Counts and shares as they are printed: a share always names what it is a share of, and never rounds to nothing.

Grouping, decimals and plurals are Babel's, from the Unicode locale data; both languages of the report write figures
alike, so a figure is printed once.
"""

from functools import cache

from babel import Locale
from babel.numbers import format_decimal

from auditor.core.text import Text
from auditor.core.words import MISSING

_FIGURES = Locale("en")


def count(value: int) -> str:
    return format_decimal(value, format="#,##0", locale=_FIGURES)


def share(part: int, whole: int) -> str:
    """Per cent of a known whole. A part that exists never prints as 0 %, and one that is not all never as 100 %."""
    if whole == 0:
        return MISSING
    if part == 0:
        return "0 %"
    if part == whole:
        return "100 %"
    value = 100 * part / whole
    if value < 0.01:
        return "< 0.01 %"
    if value > 99.9:
        return "> 99.9 %"
    return f"{format_decimal(value, format='0.00' if value < 10 else '0.0', locale=_FIGURES)} %"


def quantity(value: float | None) -> str:
    """A measured value without trailing zeros, at most four significant decimals."""
    if value is None:
        return MISSING
    if 0 < abs(value) < 0.0001:
        return "< 0.0001" if value > 0 else "> -0.0001"
    return format_decimal(value, format="#,##0.####", locale=_FIGURES)


def counted(value: int, zh: str, one: str, other: str) -> Text:
    """A number with its noun, `{n}` being the number: `one` and `other` are the plural forms of English."""
    n = count(value)
    return Text(zh=zh.format(n=n), en=(one if _plural(value) == "one" else other).format(n=n))


@cache
def _plural(value: int) -> str:
    return str(_FIGURES.plural_form(value))
