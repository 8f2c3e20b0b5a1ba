"""Text becomes a typed value, by the type that the canonical column declares and by nothing else.

Each function gives the value, NULL where the text does not say one. Only whole forms count: DuckDB itself would read
`5.7` as the integer 6, `nan` as a number and `99999-01-01` as a date.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from auditor.core.schema import Column, ColumnType
from auditor.intake.columns.amounts import number
from auditor.intake.columns.dates import moment
from auditor.intake.store.database import ibis, size

_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "\u3000"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " "

_ANY_WIDE = r"[\x{FF01}-\x{FF5E}\x{3000}]"
TRUE = ("true", "1", "1.0", "是", "有", "已", "√", "✓", "yes", "y")
FALSE = ("false", "0", "0.0", "否", "无", "未", "×", "✗", "no", "n")
"""What is read as yes and as no where the profile has no words of its own."""

_WHOLE = 1e15
"""Below, every whole number that is kept as a double is exactly that number."""
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
    text: Any,
    column: Column,
    *,
    formats: Sequence[str],
    times: Decimal | None,
    from_cells: bool,
    workbook: bool,
    since_1904: bool = False,
) -> Any:
    """The text, already half width where the column holds no words, as a value of the column's type.

    `formats` replace the default forms of dates; with `from_cells` the source has typed cells, whose dates arrive in
    ISO form whatever the format says; in a `workbook` a number may be a date, counted `since_1904` where it says so.
    """
    match column.type:
        case "string" | "code":
            return text
        case "bool":
            return _bool(text)
        case "int" | "double" | "money":
            return number(text, column, times)
        case "timestamp":
            return moment(
                text,
                formats,
                days=False,
                from_cells=from_cells,
                workbook=workbook,
                since_1904=since_1904,
            )
        case "date":
            return moment(
                text, formats, days=True, from_cells=from_cells, workbook=workbook, since_1904=since_1904
            ).cast("date")


def as_text(value: Any) -> Any:
    """The value as text; a number that was reckoned as a double and is whole has no `.0`."""
    if value.type().is_string() or not value.type().is_floating():
        return value if value.type().is_string() else value.cast("string")
    whole = ibis.ifelse((value == value.floor()) & (value.abs() < _WHOLE), value, ibis.null("float64"))
    return whole.try_cast("int64").cast("string").coalesce(value.cast("string"))


def half_width(text: Any) -> Any:
    """Full-width letters, digits and signs as the usual ones. Only where there are any: the search costs a tenth of the
    replacement, to see that all is ASCII costs nothing, and office programs write them seldom."""
    wide = ibis.ifelse(text.re_search(_ANY_WIDE), text.translate(_WIDE, _NARROW), text)
    return ibis.ifelse(size(text) != text.length(), wide, text)


def _bool(text: Any) -> Any:
    word = text.lower()
    return ibis.cases((word.isin(TRUE), True), (word.isin(FALSE), False), else_=ibis.null("boolean"))
