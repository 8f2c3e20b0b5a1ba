"""What the values of a column look like: plates, ids with a right checksum, dates and their forms, numbers, words.

Told from the values alone and counted over every different one; what shares of them look like what is kept, so that a
few typing errors do not hide what a column is.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from auditor.core.schema import Column, ColumnType, Personal
from auditor.intake.columns.cast import half_width, typed
from auditor.intake.store.database import ibis

Look = Literal["plate", "person_id", "organisation_id", "phone", "date", "integer", "number", "boolean"]
LOOKS: tuple[Look, ...] = get_args(Look)

_DISTINCT = 2000
"""So many different values are looked at for their form, spread over all there are."""
_COUNTED = 20
"""Where the first so many numbers are there and none comes twice, they are taken to be those of the rows."""

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼样"
_PLATE = re.compile(rf"[{_PROVINCES}][A-Z][A-Z0-9]{{4,6}}[A-Z0-9挂学警港澳领]?|WJ.{{5,7}}")
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_PERSON = re.compile(r"\d{17}[\dX]")
_ORGANISATION = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*)?(\.\d+)?元?")
_DATE = re.compile(r"(\d+)|([^\d]+)")
_BOOLEAN = {"是", "否", "true", "false", "yes", "no", "y", "n", "0", "1"}
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PERSONAL_HEADER = re.compile(
    r"姓名|联系人|电话|手机|住址|地址|身份证|证件|车主|所有人|户主|法人|代表人|驾驶证|当事人|name|phone"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`sampled` values were looked at, `filled` of them say something, `words` are these with how often; `looks` are
    shares of the filled ones. `forms` are the forms of dates, most frequent first, with a value of each."""

    sampled: int
    filled: int
    words: Mapping[str, int]
    looks: Mapping[Look, float]
    forms: Mapping[str, tuple[int, str]]

    @property
    def different(self) -> int:
        return len(self.words)

    @property
    def share_filled(self) -> float:
        return self.filled / self.sampled if self.sampled else 0.0

    @property
    def look(self) -> str:
        """The most particular thing that nearly all values look like; `text` where there is none."""
        return next((look for look in LOOKS if self.looks[look] >= 0.9), "text") if self.filled else "empty"

    @property
    def numbers_the_rows(self) -> bool:
        """Whether it counts the rows of its file from 1: next month's file begins at 1 again."""
        return self.filled == self.different > 1 and all(
            str(number) in self.words for number in range(1, min(self.different, _COUNTED) + 1)
        )

    @property
    def is_words(self) -> bool:
        """Whether it holds few words, each again and again: codes rather than names or sentences."""
        return 0 < self.different <= 40 and (self.filled >= 3 * self.different or self.different <= 5)


def look_at(counts: Mapping[str, int], sampled: int) -> Content:
    """What the values of a column look like; `counts` without those that say nothing."""
    total = sum(counts.values())
    listed = sorted(counts)
    looked = listed[:: max(1, len(listed) // _DISTINCT)]
    weight = sum(counts[value] for value in looked)
    like: Counter[Look] = Counter()
    forms: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for value in looked:
        plain = unicodedata.normalize("NFKC", value).strip()
        if form := date_form(plain):
            forms[form] += counts[value]
            shown.setdefault(form, value)
        for look in _looks(plain, form):
            like[look] += counts[value]
    order = sorted(forms, key=lambda form: (-forms[form], form))
    return Content(
        sampled=sampled,
        filled=total,
        words=dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        looks={look: like[look] / weight if weight else 0.0 for look in LOOKS},
        forms={form: (forms[form], shown[form]) for form in order},
    )


@lru_cache(maxsize=100_000)
def date_form(value: str) -> str | None:
    """The form in which a moment is written, as strptime says it; None for what is no moment."""
    if not 8 <= len(value) <= 30 or not value[:4].isdigit() or not 1900 <= int(value[:4]) <= 2100:
        return None
    if value.isdigit():
        return {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(value)) if _calendar(value[4:8]) else None
    parts = ["%Y", "%m", "%d", "%H", "%M", "%S", "%f"]
    numbers = re.findall(r"\d+", value)
    if not 3 <= len(numbers) <= 7 or len(numbers[0]) != 4 or any(len(number) > 2 for number in numbers[1:6]):
        return None
    if not _calendar(f"{int(numbers[1]):02}{int(numbers[2]):02}"):
        return None
    order = iter(parts)
    form = "".join(next(order) if digits else other.replace("%", "%%") for digits, other in _DATE.findall(value))
    return form if re.fullmatch(r"[%YmdHMSf年月日时分秒点\-/.:T 　]+", form) else None


def _calendar(month_day: str) -> bool:
    return 1 <= int(month_day[:2]) <= 12 and 1 <= int(month_day[2:]) <= 31


def _looks(value: str, form: str | None) -> list[Look]:
    upper = re.sub(r"[\s·•・.\-]", "", value.upper())
    found: list[Look] = []
    if _PLATE.fullmatch(upper):
        found.append("plate")
    if _PERSON.fullmatch(upper) and _person_check(upper):
        found.append("person_id")
    elif _ORGANISATION.fullmatch(upper) and _organisation_check(upper):
        found.append("organisation_id")
    if _PHONE.fullmatch(value):
        found.append("phone")
    if form:
        found.append("date")
    if value and _NUMBER.fullmatch(value) and any(char.isdigit() for char in value):
        found.append("number")
        if value.lstrip("+-").isdigit():
            found.append("integer")
    if value.lower() in _BOOLEAN:
        found.append("boolean")
    return found


def _person_check(value: str) -> bool:
    """GB 11643: mod 11-2 over the first 17 digits."""
    weights = [(1 << (17 - place)) % 11 for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(value, weights, strict=False)) % 11
    return "10X98765432"[rest] == value[17]


def _organisation_check(value: str) -> bool:
    """GB 32100: mod 31 over the first 17 characters."""
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(value[:17]))
    return _USCC[(31 - total % 31) % 31] == value[17]


def looks_personal(header: str, content: Content) -> Personal | None:
    """How values are to be masked, whatever column they turn out to be."""
    looks = content.looks
    if looks["plate"] >= 0.3:
        return "plate"
    if max(looks["person_id"], looks["organisation_id"]) >= 0.2:
        return "id"
    if looks["phone"] >= 0.3:
        return "phone"
    return "name" if _PERSONAL_HEADER.search(header) and not content.looks["date"] else None


class Readable:
    """Whether the program itself reads a value as a column's: asked of the very functions that load it.

    One value of each form answers for all of that form, and plain numbers need no asking: a question takes the database
    a fifth of a second.
    """

    def __init__(self) -> None:
        self._con = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
        self._known: dict[tuple[str, ColumnType, tuple[str, ...], bool, bool], bool] = {}

    def __call__(
        self,
        values: Sequence[str],
        column: Column,
        formats: tuple[str, ...] = (),
        *,
        from_cells: bool = False,
        workbook: bool = False,
    ) -> list[bool]:
        how = (column.type, formats, from_cells, workbook)
        forms = [_form(value, column.type) for value in values]
        new = {form: value for form, value in zip(forms, values, strict=True) if (form, *how) not in self._known}
        for plain in _PLAIN.intersection(new):
            self._known[(plain, *how)] = True
            del new[plain]
        if new:
            table = ibis.memtable({"form": list(new), "text": list(new.values())})
            read = typed(
                half_width(table.text), column, formats=formats, times=None, from_cells=from_cells, workbook=workbook
            )
            rows = self._con.to_pyarrow(table.select(form=table.form, read=read.notnull())).to_pylist()
            self._known |= {(row["form"], *how): row["read"] for row in rows}
        return [self._known[(form, *how)] for form in forms]


_PLAIN = {"1", "1.5"}


def _form(value: str, type_: ColumnType) -> str:
    """What stands for all values that are read or not read like this one."""
    if type_ in ("timestamp", "date"):
        form = date_form(unicodedata.normalize("NFKC", value).strip())
        # How many digits a part has may matter, and with digits run together what they say.
        return value if form is None else f"{form} {re.sub(r'[0-9]', '9', value)}"
    if re.fullmatch(r"\d{1,12}", value):
        return "1"
    return "1.5" if type_ != "int" and re.fullmatch(r"\d{1,12}\.\d{1,6}", value) else value
