"""Where in a file the headers stand, and which rows of it are no records: titles, page heads, totals, sign-off lines.

An office's ledger seldom begins with its headers: a title and a line on who filled it in stand above, the headers take
two rows where they are grouped, every printed page repeats them, and a total closes the table. None of these is a
record, and none may vanish: each is passed over by name.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.core.result import PassedOver, RowKind

LOOK = 40
"""So many records are looked at for the headers."""

BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff\0"
"""What is cut off at both ends of a value: an office's exports pad with all of these, a database's dump with NULs."""

LEVELS = "/"
"""Between the two levels of a header: `当事人/姓名`."""

TOTALS = r"^(本页|本頁|本月)?(合|总|共|小|累|总合|總合|總)[计計](金额|金額)?([:：（(].*)?$|^(sub|grand)?total:?$"
"""What the first value of a total row is, spaces taken out, in lower case."""

NOTES = (
    r"^(制表|製表|填表|填报|填報|审核|審核|复核|複核|负责|負責|统计|統計|打印|导出|单位负责|單位負責)"
    r"(人|员|員|单位|單位|时间|時間|日期|机关|機關)?(签字|签名|签章|盖章|簽字|簽名|簽章|蓋章)?[:：]"
    r"|^(备注|備註|说明|說明|注|註)[:：]"
)
"""How a line of sign-off or remark begins, spaces taken out."""

_COUNTED = re.compile(
    r"[-—－/*]*|[¥￥+-]?[\d,，.．０-９]+[%％]?(万?元|件|起|条|笔|人|人次|辆|台|次|吨|分|宗|个)?(整|正)?"
    r"|共[\d,]+\D{0,3}|[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾佰仟百千万亿元圆角分整正]+"
)
"""What else a total row says: sums and counts. A row that says more, such as a date or a code, is a record."""

_NOTE_VALUES = 4
"""A note has no more values than this: the first says what it is, the rest are dates and names."""

_PAIR = 2
"""Of a table of two columns a note may fill both; of a wider one, a row that fills all columns is a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of the headers beforehand: their first record (None: to be found), how many records they take
    (None: to be found), and words that one of them is likely to be, as `header_key` has them."""

    row: int | None = None
    rows: int | None = None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The headers as printed and what stands above them; `last` is the record they end with.

    One without a name is called by its place (`#3`), those of one name by their number (`备注#1`, `备注#2`): whoever
    wants one of them says which.
    """

    headers: tuple[str, ...]
    last: int
    above: tuple[PassedOver, ...]


def header_key(header: str) -> str:
    """What two headers are compared by: white space and line breaks in a header cell mean nothing."""
    return "".join(header.split())


def find_heading(records: Sequence[Sequence[str]], name: str, told: Told) -> Heading:
    """The headers among the first records of a file; raises InputError where there are none."""
    first, rows = _place(records, told, name)
    levels = [[clean(cell) for cell in record] for record in records[first - 1 : first - 1 + rows]]
    headers = _named(levels[0] if rows == 1 else _joined(levels), name, first)
    above = [
        PassedOver(source_row=number, kind="title" if number < first else "header", text=row_text(record))
        for number, record in enumerate(records[: first - 1 + rows], start=1)
        if any(clean(cell) for cell in record)
    ]
    return Heading(headers=headers, last=first - 1 + rows, above=tuple(above))


def known_headers(heading: Heading, told: Told) -> int:
    """How many of the headers one knows."""
    return sum(key in told.known for key in places(heading.headers))


def places(headers: Sequence[str]) -> dict[str, int]:
    """Each header's place by its key; of a header of two levels also by the lower one, where no other is called so."""
    found = {header_key(header): place for place, header in enumerate(headers)}
    lower: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        if LEVELS in header:
            lower.setdefault(header_key(header.rpartition(LEVELS)[2]), []).append(place)
    return {key: some[0] for key, some in lower.items() if len(some) == 1} | found


def recognised(cells: Sequence[str | None], headers: Sequence[str]) -> RowKind | None:
    """What the row is if it is no record: the headers once more, a total, or a line of sign-off."""
    said = [clean(cell or "") for cell in cells]
    values = [cell for cell in said if cell]
    if not values:
        return None
    first, others = header_key(values[0]), [header_key(cell) for cell in values[1:]]
    if re.search(TOTALS, first.lower()) and all(_COUNTED.fullmatch(cell) or _is_note(cell) for cell in others):
        return "total"
    full = len(values) >= len(headers) > _PAIR
    if len(values) <= _NOTE_VALUES and not full and _is_note(first):
        return "note"
    return "header" if _repeats(said, headers) else None


def header_words(headers: Sequence[str]) -> frozenset[str]:
    """All that a cell of a repeated header row may say, white space aside."""
    return frozenset(word for header in headers for word in _words_of(header))


def _words_of(header: str) -> tuple[str, ...]:
    """A header as it may be printed once more: whole, without the number that tells it from its likes, one level."""
    name = header_key(header)
    bare = re.sub(r"(?<=.)#\d+$", "", name)
    upper, _, lower = bare.rpartition(LEVELS)
    return tuple(word for word in (name, bare, upper, lower) if word)


def _is_note(cell: str) -> bool:
    return bool(re.search(NOTES, cell))


def _repeats(said: Sequence[str], headers: Sequence[str]) -> bool:
    """Whether a row is the headers once more, or one of their two rows: wherever it says something, it is the header
    of that very column."""
    hits = 0
    for cell, header in zip(said, headers, strict=False):
        if cell and header_key(cell) not in _words_of(header):
            return False
        hits += bool(cell)
    return hits > 1 and not any(said[len(headers) :])


def row_text(cells: Sequence[str | None]) -> str:
    """A row as one line of text: what its cells say."""
    return " ".join(said for cell in cells if (said := clean(cell or "")))


def clean(cell: str) -> str:
    return " ".join(cell.strip(BLANKS).split())


def _place(records: Sequence[Sequence[str]], told: Told, name: str) -> tuple[int, int]:
    """The first record of the headers, counted from 1, and how many they take."""
    if told.row is not None:
        if told.row > len(records) or not any(clean(cell) for cell in records[told.row - 1]):
            raise InputError(Problem(f"has no headers in record {told.row}", Location(name)))
        return told.row, min(told.rows or 1, len(records) - told.row + 1)
    depths = (told.rows,) if told.rows else (1, 2)
    looked = records[:LOOK]
    scored = [
        (_known(looked[at : at + depth], told.known), -depth, -at)
        for at in range(len(looked))
        for depth in depths
        if at + depth <= len(looked)
    ]
    best = max(scored, default=(0, -1, 0))
    if best[0] > 1:
        return 1 - best[2], -best[1]
    at = _looks_like_headers(looked)
    if at is None:
        raise InputError(Problem("holds no headers", Location(name), "say in the profile where they stand: header_row"))
    return at + 1, min(told.rows or 1, len(looked) - at)


def _known(records: Sequence[Sequence[str]], known: Collection[str]) -> int:
    levels = [[clean(cell) for cell in record] for record in records]
    headers = levels[0] if len(levels) == 1 else _joined(levels)
    return sum(key in known for key in places(headers) if key)


def _looks_like_headers(records: Sequence[Sequence[str]]) -> int | None:
    """The first record that is as wide as any and holds no number: a title has one value, a record some number."""
    widths = [sum(1 for cell in record if clean(cell)) for record in records]
    widest = max(widths, default=0)
    for at, (record, width) in enumerate(zip(records, widths, strict=True)):
        if width and width * 2 > widest and not any(re.fullmatch(r"[\d.,:/\- ]+", clean(cell)) for cell in record):
            return at
    return next((at for at, width in enumerate(widths) if width), None)


def _joined(levels: Sequence[Sequence[str]]) -> list[str]:
    """Two rows of headers as one: an upper cell stands over all to its right up to the next one."""
    width = max(len(level) for level in levels)
    upper, lower = ([*level, *[""] * (width - len(level))] for level in levels)
    headers: list[str] = []
    over = ""
    for above, below in zip(upper, lower, strict=True):
        over = above or (over if below else "")
        headers.append(f"{over}{LEVELS}{below}" if over and below and over != below else over or below)
    return headers


def _named(cells: Sequence[str], name: str, row: int) -> tuple[str, ...]:
    headers = tuple(cell or f"#{place}" for place, cell in enumerate(cells, start=1))
    if not any(re.search(r"\w", cell) for cell in cells):
        raise InputError(Problem(f"record {row} holds no headers", Location(name, row)))
    times = Counter(headers)
    number = Counter[str]()
    unlike: list[str] = []
    for header in headers:
        number[header] += 1
        unlike.append(header if times[header] == 1 else f"{header}#{number[header]}")
    return tuple(unlike)
