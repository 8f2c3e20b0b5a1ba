"""A date or a moment from text: the usual way of writing first, the office's other ways only where that failed.

Nothing is guessed: a year has four digits, and a day that the calendar does not have is unreadable. `24:00` is the end
of its day (GB/T 7408), so the next midnight; of a column of days it is the day itself. A zone is turned to Shanghai's
time. A workbook's serial is read to the second, since programs write five or six decimals of a day.
"""

from collections.abc import Sequence
from typing import Any

from auditor.intake.store.database import ibis, once, size, try_strptime

SERIAL = "serial"
"""The word under `format` for the days since 1899-12-30 that a spreadsheet counts."""

_DAY = r"^\d{4}([-/])\d{1,2}[-/]\d{1,2}"
_MOMENT = _DAY + r"([ T]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?)?$"
_CELL = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?)?$"
_CHINESE = r"^\d{4}年\d{1,2}月\d{1,2}(日(\d{1,2}[时点:]\d{1,2}(分|[分:]\d{1,2}秒?)?)?)?$"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})(\.0+)?$"
_COMPACT_MOMENT = r"^(\d{4})(\d{2})(\d{2})[ T]?(\d{2}):?(\d{2})(?::?(\d{2}(?:\.\d+)?)|\.0+)?$"
_OTHER = (
    r"(?i)^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日|"
    r"(?:\s*日?[T\s]*(上午|下午|AM|PM)\s*|\s*日[T\s]*|[T\s]+)"
    r"(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*[:分]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*秒?)?)?"
    r"\s*(AM|PM)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?(?:\.0+)?$"
)
"""Something stands between day and hour: `2024-05-318:05` may be the 3rd at 18:05 or the 31st at 8:05."""
_BROKEN_OFF = r":\s*([^\d\s]|$)"
_DAY_ENDED = (
    r"(?i)^(?:(\d{8})[T\s]?24:?00(?::?00)?|"
    r"(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})(?:\s*日\s*|[T\s]+)"
    r"24\s*(?:[:时点]\s*00?\s*[:分]?\s*(?:00?\s*秒?)?|[时点]))(?:\.0+)?$"
)
_SERIAL_TEXT = r"^\d{5}(\.\d*)?$"
_SERIALS = (32_874, 73_415)
"""1990-01-01 to 2100-12-31: any other number in a workbook's column of dates is no serial."""
_TO_1904 = 1462
"""Days from 1899-12-30 to 1904-01-01, from which the workbooks of older Macs count."""
_OPEN = r"^9999[-/.年]?12[-/.月]?31(\D.*|\d{4}|\d{6})?$"
_YEARS = (1000, 9998)
"""Where a format says %Y, DuckDB reads `24` as the year 24; and 9999 stands for never."""
_SHANGHAI = 480
"""Minutes before Greenwich."""
_FARTHEST = 14 * 60
"""No zone is farther from Greenwich."""


def moment(
    text: Any,
    formats: Sequence[str],
    *,
    plain: Any = None,
    days: bool,
    from_cells: bool,
    workbook: bool,
    since_1904: bool = False,
) -> Any:
    """The text, half width, as a timestamp; `days` for a column of days, `plain` what `plainly` makes of it where
    that is known.

    `formats` replace the default ways; with `from_cells` ISO text is read all the same. `workbook`: a number may be a
    serial, whose days are counted `since_1904` where the workbook says so.
    """
    if formats:
        ways = [_serial(text, since_1904) if form == SERIAL else try_strptime(text, form) for form in formats]
        if from_cells:
            ways.append(ibis.ifelse(text.re_search(_CELL), text, ibis.null("string")).try_cast("timestamp"))
        return _no_placeholder(ibis.coalesce(*ways))
    if days:
        other = once(text.re_replace(_DAY_ENDED, r"\1\2"), lambda day: _otherwise(day, workbook, since_1904))
    else:
        other = _otherwise(text, workbook, since_1904)
    plain = plainly(text) if plain is None else plain
    # Branches and no coalesce: of that, DuckDB works out beforehand what stands in it twice.
    return ibis.cases((plain.notnull(), plain), else_=once(other, _no_placeholder))


def _otherwise(text: Any, workbook: bool, since_1904: bool) -> Any:
    """What is not written as the store itself would write it."""
    ways = [
        (text.re_search(_MOMENT), text.replace("/", "-").try_cast("timestamp")),
        (text.re_search(_CHINESE), _chinese(text)),
        (text.re_search(_COMPACT), text.re_replace(_COMPACT, r"\1-\2-\3").try_cast("timestamp")),
        (
            text.re_search(_COMPACT_MOMENT),
            text.re_replace(_COMPACT_MOMENT, r"\1-\2-\3 \4:\5:\6").try_cast("timestamp"),
        ),
        (text.re_search(_BROKEN_OFF), ibis.null("timestamp")),
        (text.re_search(_OTHER), _other(text)),
    ]
    if workbook:
        ways.append((text.re_search(_SERIAL_TEXT), _serial(text, since_1904)))
    return ibis.cases(*ways, else_=ibis.null("timestamp"))


def without_open_end(text: Any) -> Any:
    """NULL for 9999-12-31, which in a column of ends says that there is none."""
    return ibis.ifelse(text.startswith("9999") & text.re_search(_OPEN), ibis.null("string"), text)


def is_end(column: str) -> bool:
    """Whether a column says up to when something holds, so that an end far off means none."""
    return column.endswith(("_to", "_until"))


def plainly(text: Any) -> Any:
    """The moment of a text that is written as the store itself would write a moment or a day; NULL for all others. To
    read one form costs a third of the search for a form, and nearly all are written so."""
    # Nothing else that is so long has the form: where one part had a digit more, another would have two fewer.
    ways = [
        (size(text) == length, try_strptime(text, form))
        for length, form in ((19, "%Y-%m-%d %H:%M:%S"), (10, "%Y-%m-%d"))
    ]
    in_range = text.between(str(_YEARS[0]), f"{_YEARS[1]}-~")
    return ibis.ifelse(in_range, ibis.cases(*ways, else_=ibis.null("timestamp")), ibis.null("timestamp"))


def _no_placeholder(value: Any) -> Any:
    return ibis.ifelse(value.year().between(*_YEARS), value, ibis.null("timestamp"))


def _chinese(text: Any) -> Any:
    return text.translate("年月日时点分秒", "-- :::").rstrip().re_replace(":$", "").try_cast("timestamp")


def _other(text: Any) -> Any:
    return once(ibis.array([text.re_extract(_OTHER, number) for number in range(1, 10)]), _of_parts)


def _of_parts(parts: Any) -> Any:
    """The moment of what `_OTHER` took out: year, month, day, the half of the day before the hour, hour, minute,
    second, the half of the day behind, zone."""

    def part(number: int) -> Any:
        return parts[number - 1]

    hour = part(5).try_cast("int64").fill_null(0)
    half = (part(4) + part(8)).upper()
    afternoon, morning = half.isin(["下午", "PM"]), half.isin(["上午", "AM"])
    hour = ibis.cases(
        (half == "", hour),
        (afternoon & (hour < 12), hour + 12),
        (morning & (hour == 12), ibis.literal(0, "int64")),
        (afternoon | (morning & (hour < 12)), hour),
        else_=ibis.null("int64"),
    )
    day = part(1) + "-" + part(2) + "-" + part(3)
    minute, second = part(6).nullif("").fill_null("0"), part(7).nullif("").fill_null("0")
    local = (day + " " + hour.cast("string") + ":" + minute + ":" + second).try_cast("timestamp")
    zone = part(9).replace(":", "")
    minutes = zone.substr(3, 2).nullif("").fill_null("0").try_cast("int64")
    away = ibis.ifelse(minutes < 60, zone.substr(1, 2).try_cast("int64") * 60 + minutes, ibis.null("int64"))
    ahead = ibis.cases(
        (zone == "", ibis.literal(_SHANGHAI, "int64")),
        (zone.upper() == "Z", ibis.literal(0, "int64")),
        (away <= _FARTHEST, ibis.ifelse(zone.startswith("-"), -1, 1) * away),
        else_=ibis.null("int64"),
    )
    return _later(local, (_SHANGHAI - ahead) * 60)


def _serial(text: Any, since_1904: bool) -> Any:
    days = ibis.ifelse(text.re_search(_SERIAL_TEXT), text, ibis.null("string")).try_cast("float64")
    days = days + _TO_1904 if since_1904 else days
    days = ibis.ifelse((days >= _SERIALS[0]) & (days < _SERIALS[1] + 1), days, ibis.null("float64"))
    return _later(ibis.literal("1899-12-30 00:00:00").cast("timestamp"), (days * 86_400).round().cast("int64"))


def _later(value: Any, seconds: Any) -> Any:
    return value + seconds.as_interval("s")
