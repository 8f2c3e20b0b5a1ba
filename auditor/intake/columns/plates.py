"""A number plate: upper case, half width, without separators or the words for its colour.

The colour is no part of the plate; an office that writes it there can map it to `plate_type` with an expression.
"""

from typing import Any

from auditor.intake.columns.cast import half_width
from auditor.intake.store.database import ibis

_SEPARATORS = r"[\s·•・.\-]"
_LENGTH = 7
"""So many characters has an ordinary plate: a longer text is a new-energy plate or says more than the plate."""
_COLOURS = "渐变绿|黄绿|蓝|黄|黑|白|绿"
_AFTER = rf"[(\[_/]?(?:{_COLOURS})(?:色|底)?牌?照?[)\]]?$"
# Without 色 or 牌 after it, 黑 in front is the province.
_BEFORE = rf"^[(\[]?(?:{_COLOURS})(?:色牌?|牌)照?[)\]]?[:_/]?"
_PROVINCES = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLAIN = rf"^{_PROVINCES}[A-Z][A-HJ-NP-Z0-9]{{5,6}}$"
"""What nothing below would change."""
_MISTYPED = rf"^{_PROVINCES}[A-Z][A-Z0-9]*[IO][A-Z0-9]*$"
"""No serial of a plate has the letters I and O, so that they stand for 1 and 0."""


def plate(text: Any) -> Any:
    """The text as a plate; NULL where nothing is left of it. Nearly all are plates as they stand."""
    return ibis.ifelse(text.re_search(_PLAIN), text, _tidied(half_width(text)))


def _tidied(half: Any) -> Any:
    plain = half.upper().re_replace(_SEPARATORS, "")
    bare = plain.re_replace(_AFTER, "").re_replace(_BEFORE, "")
    plain = ibis.ifelse(plain.length() > _LENGTH, bare, plain)
    right = plain.substr(0, 2) + plain.substr(2).translate("IO", "10")
    return ibis.ifelse(plain.re_search(_MISTYPED), right, plain).nullif("")
