"""Identifiers as offices mangle them: a quote that kept a spreadsheet from counting, spaces, a tail of `.0`.

What a number cell did to a long id (all after the fifteenth digit is lost) cannot be mended: such a value is damaged.
"""

from typing import Any

from auditor.core.schema import Column
from auditor.intake.store.database import ibis, size

_SPACES = r"[\s\x{3000}]"
_LENGTH = 18
"""Signs of a resident id and of a credit code."""
_NUMBER_TAIL = r"^(\d{1,15})\.0+$"
_NUMBER = r"^\d(\.\d+[eE]\+?|[eE]\+)\d{1,3}$|^\d{16,}\.0+$"
"""A long number as spreadsheets (1.1E+17), pandas (1.1e+17 or with a tail of .0) and Java (1.1E17) write it."""
_AFTER_DIGITS = chr(ord("9") + 1)
"""What is not less than it starts with no digit, and with no straight quote: a letter, mostly."""
_CUT = r"^\d{15}0+$"
_LONG = r"^\d{16,}$"
_RESIDENT = rf"(?:\d{_SPACES}*){{17}}[\dXx]"
_SIGN = rf"[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{_SPACES}*"
_CREDIT = rf"(?:{_SIGN}){{2}}(?:\d{_SPACES}*){{6}}(?:{_SIGN}){{10}}"
_WHOLE = rf"^{_SPACES}*(?:{_RESIDENT}|{_CREDIT}){_SPACES}*$"
"""A resident id or a credit code, with spaces anywhere. One search sees by the first signs what is neither."""

_RESIDENT_WEIGHTS = tuple(2**place % 11 for place in range(17, 0, -1))
_RESIDENT_MARKS = "10X98765432"
_CREDIT_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_identifier(column: Column) -> bool:
    """Whether a column's values name something, so that they are digits and letters rather than words."""
    return column.type == "string" and column.name.endswith(("_id", "_no")) and column.name != "plate_no"


def identifier(text: Any, *, personal: bool) -> Any:
    """The text as an id. Only what is cheap to see is looked for in every row of every id; those of people are looked
    at closely."""
    # By comparing, which costs a tenth of asking what it starts with.
    curled = (text >= "‘") & (text < chr(ord("’") + 1))
    quoted = ((text >= "'") & (text < chr(ord("'") + 1))) | curled
    odd = ibis.ifelse((text >= _AFTER_DIGITS) & ~curled, ibis.literal(False), quoted | text.endswith(".0"))
    bare = ibis.ifelse(quoted, text.substr(1).nullif(""), text)
    number = ibis.ifelse(bare.endswith(".0"), bare.re_replace(_NUMBER_TAIL, r"\1"), bare)
    if not personal:
        return ibis.ifelse(odd, number, text)
    # Two branches, since what is made of a text is made anew wherever it is named.
    return ibis.ifelse(odd, _personal(number), _personal(text))


def _personal(text: Any) -> Any:
    close = text.re_replace(_SPACES, "").upper()
    # What is no longer has no spaces within; nearly all are so, and in capitals, and need no closer look.
    return ibis.cases(
        (size(text) < _LENGTH, text),
        (ibis.ifelse(size(text) == _LENGTH, text.upper() == text, ibis.literal(False)), text),
        else_=ibis.ifelse(text.re_search(_WHOLE), close, text),
    )


def damaged(text: Any, *, workbook: bool) -> Any:
    """Whether a number cell has cut the id. In a workbook, long ids that end in zeros from the sixteenth digit on are
    taken for cut only where most of the column's long ids are: a single one may be so by right."""
    signs = ibis.ifelse(text.contains("+") | text.contains("."), text.re_search(_NUMBER), ibis.literal(False))
    cut = ibis.ifelse(text < _AFTER_DIGITS, signs, ibis.literal(False))
    if workbook:
        zeros = ibis.ifelse(text.re_search(_LONG), text.re_search(_CUT).cast("int64"), ibis.null("int64"))
        cut = cut | ((zeros == 1) & (zeros.mean().over(ibis.window()) > 0.5))
    return cut.fill_null(False)


def is_resident_id(value: str) -> bool:
    """Whether 18 characters are a resident id by their check digit (GB 11643, ISO 7064 mod 11-2). Not asked at intake:
    ids are often masked or hashed."""
    if len(value) != 18 or not (value[:17].isascii() and value[:17].isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _RESIDENT_WEIGHTS, strict=False))
    return value[17].upper() == _RESIDENT_MARKS[total % 11]


def is_credit_code(value: str) -> bool:
    """Whether 18 characters are a unified social credit code by their check character (GB 32100, mod 31)."""
    code = value.upper()
    if len(code) != 18 or any(char not in _CREDIT_MARKS for char in code):
        return False
    total = sum(_CREDIT_MARKS.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code[17] == _CREDIT_MARKS[-total % 31]
