"""Text becomes a typed value, by the type that the canonical column declares and by nothing else.

Each function gives the value, NULL where the text does not say one. Only whole forms count: DuckDB itself would read
`5.7` as the integer 6, `nan` as a number and `99999-01-01` as a date.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from auditor.core.schema import ColumnType
from auditor.intake.store.database import ibis, try_strptime

_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "\u3000"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " "

_ANY_WIDE = r"[\x{FF01}-\x{FF5E}\x{3000}]"
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_DAY = r"^\d{4}([-/])\d{1,2}[-/]\d{1,2}"
_MOMENT = _DAY + r"([ T]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?)?$"
_COMPACT = r"^\d{8}$"
_CELL = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?)?$"

_EXACT = "decimal(38, 10)"
_TRUE, _FALSE = ("true", "1", "是", "yes", "y"), ("false", "0", "否", "no", "n")
_SEPARATORS = r"[\s·•・.\-]"

STORED: dict[ColumnType, str] = {
    "string": "string",
    "code": "string",
    "bool": "boolean",
    "int": "int64",
    "double": "float64",
    "money": "decimal(14, 2)",
    "timestamp": "timestamp(6)",
    "date": "date",
}
"""What each type is kept as."""


def typed(
    text: Any, type_: ColumnType, *, formats: Sequence[str], times: Decimal | None, from_cells: bool = False
) -> Any:
    """The text, already half width, as a value of the type.

    `formats` replace the default forms of dates; with `from_cells` the source has typed cells, whose dates arrive in
    ISO form whatever the format says.
    """
    match type_:
        case "string" | "code":
            return text
        case "bool":
            return _bool(text)
        case "int" | "double" | "money":
            return _number(text, type_, times)
        case "timestamp":
            return _moment(text, formats, from_cells)
        case "date":
            return _moment(text, formats, from_cells).cast("date")


def plate(text: Any) -> Any:
    """A number plate: upper case, half width, no separators."""
    return half_width(text).upper().re_replace(_SEPARATORS, "").nullif("")


def half_width(text: Any) -> Any:
    """Full-width letters, digits and signs as the usual ones. Only where there are any: the search costs a tenth of the
    replacement, and office programs write them seldom."""
    return ibis.ifelse(text.re_search(_ANY_WIDE), text.translate(_WIDE, _NARROW), text)


def _bool(text: Any) -> Any:
    word = text.lower()
    return ibis.cases((word.isin(_TRUE), True), (word.isin(_FALSE), False), else_=ibis.null("boolean"))


def _number(text: Any, type_: ColumnType, times: Decimal | None) -> Any:
    plain = ibis.cases(
        (text.re_search(_NUMBER), text),
        (text.re_search(_THOUSANDS), text.replace(",", "")),
        else_=ibis.null("string"),
    )
    if type_ == "double":
        value = plain.try_cast("float64")
        return value if times is None else value * float(times)
    value = plain.try_cast(_EXACT)
    if times is not None:
        # 24 and 14 digits make a product of 38, the most there are: it cannot overflow, which would stop the load.
        scale = max(0, -int(times.as_tuple().exponent))
        value = plain.try_cast("decimal(24, 8)") * ibis.literal(times, f"decimal(14, {scale})")
    if type_ == "money":
        return value.try_cast(STORED["money"])
    return ibis.ifelse(value == value.floor(), value, None).try_cast("int64")


def _moment(text: Any, formats: Sequence[str], from_cells: bool) -> Any:
    if formats:
        ways = [try_strptime(text, form) for form in formats]
        if from_cells:
            ways.append(ibis.ifelse(text.re_search(_CELL), text, ibis.null("string")).try_cast("timestamp"))
        return ibis.coalesce(*ways)
    return ibis.cases(
        (text.re_search(_MOMENT), text.replace("/", "-").try_cast("timestamp")),
        (text.re_search(_COMPACT), try_strptime(text, "%Y%m%d")),
        else_=ibis.null("timestamp"),
    )
