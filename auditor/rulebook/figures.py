"""The figures that law fixes (days, hours, yuan), read from a table: no rule has such a number written into it.

`data/codes/figures.csv` ships with the program. A county's own table has the same columns; a row of it stands in the
place of the shipped row of its name, or adds one. A blank value says that the figure is not known yet: rules that need
it are not run until the county gives it.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from auditor.core.duration import Unit, parse_duration
from auditor.core.errors import RuleError
from auditor.core.places import shipped
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.text import Text

COLUMNS = ("figure", "value", "meaning_zh", "meaning_en", "law", "article", "valid_from", "mark", "note")
_MARKS: Mapping[str, Text] = {
    "V": Text(zh="", en=""),
    "V2": Text(zh="据二手资料", en="from a secondary source"),
    "P": Text(zh="项目默认阈值", en="project default"),
    "U": Text(zh="由本地填写", en="to be given by the county"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; `value` is a length of time or a number, None where it is not known. `shipped` is what the program's
    own table says of it."""

    name: str
    value: str | None
    shipped: str | None
    meaning: Text
    law: str
    article: str
    mark: str

    @property
    def doc(self) -> Text:
        """What it is, where it stands, and how far that was verified."""
        said = _MARKS[self.mark]
        return Text(
            zh="，".join(part for part in (self.meaning.zh, self.law + self.article, said.zh) if part),
            en=", ".join(part for part in (self.meaning.en, f"{self.law} {self.article}".strip(), said.en) if part),
        )


Figures = Mapping[str, Figure]
Measure = tuple[Unit | None, Decimal]


def read_figures(tables: Sequence[Path] = ()) -> Figures:
    """The shipped figures with those of the county's tables in their place; raises RuleError with all that is wrong."""
    found = dict(_shipped())
    problems: list[Problem] = []
    for table in tables:
        for figure in _read(table, table.name, problems):
            before = found.get(figure.name)
            value, own = figure.value, before.shipped if before else None
            if value is not None and own is not None and sort_of(value) != sort_of(own):
                message = f"{figure.name} = {value} is not of the same sort as the shipped {own}"
                problems.append(Problem(message, Location(table.name), code="R506"))
            found[figure.name] = Figure(
                name=figure.name,
                value=value,
                shipped=own,
                meaning=figure.meaning,
                law=figure.law,
                article=figure.article,
                mark=figure.mark,
            )
    if problems:
        raise RuleError(problems)
    return found


def measure(value: str) -> Measure | None:
    """The unit and the number that a text says; None where it is neither a length of time nor a number."""
    length = parse_duration(value)
    if length is not None:
        return length.unit, Decimal(length.count)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return (None, number) if number.is_finite() else None


def sort_of(value: str) -> str:
    """What sort of value it is: a number, a length of time in one of its units, or text."""
    measured = measure(value)
    if measured is None:
        return "text"
    return measured[0] or "number"


@cache
def _shipped() -> Figures:
    problems: list[Problem] = []
    found = {figure.name: figure for figure in _read(shipped("data", "codes", "figures.csv"), "figures.csv", problems)}
    if problems:
        raise RuleError(problems)
    return found


def _read(path: Path, shown_as: str, problems: list[Problem]) -> Iterator[Figure]:
    place = Location(shown_as)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.append(Problem(f"cannot be read: {error.strerror}", place, code="R506"))
        return
    except UnicodeDecodeError:
        problems.append(Problem("is not UTF-8", place, "save it as “CSV UTF-8”", code="R506"))
        return
    rows = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        message = f"a table of figures has the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}"
        problems.append(Problem(message, place, code="R506"))
        return
    seen: set[str] = set()
    for row in rows:
        here = Location(shown_as, rows.line_num)
        fault = _fault(row, seen)
        if fault is not None:
            problems.append(Problem(fault[0], here, fault[1], code="R506"))
            continue
        seen.add(row["figure"])
        value = row["value"].strip() or None
        yield Figure(
            name=row["figure"],
            value=value,
            shipped=value,
            meaning=Text(zh=row["meaning_zh"], en=row["meaning_en"]),
            law=row["law"],
            article=row["article"],
            mark=row["mark"],
        )


def _fault(row: Mapping[str, str | None], seen: set[str]) -> tuple[str, str | None] | None:
    """What is wrong with a row, and how to mend it."""
    if None in row.values() or None in row:
        return "has more or fewer cells than the head", "a comma within a text needs quotes around the text"
    name, value, mark = row["figure"] or "", (row["value"] or "").strip(), row["mark"] or ""
    if not name.isidentifier():
        return f"{name!r} cannot name a figure", None
    if name in seen:
        return f"{name} stands twice", None
    if not row["meaning_zh"] or not row["meaning_en"]:
        return f"{name} does not say what it means, in both languages", None
    if mark not in _MARKS:
        return f"mark {mark!r} is none of {', '.join(_MARKS)}", did_you_mean(mark, _MARKS)
    if not value and mark != "U":
        return f"{name} has no value", "a figure that is not known yet has the mark U"
    if value and measure(value) is None:
        return f"{value!r} is neither a length of time nor a number", "for example 30 days, 24 hours, 200"
    day = row["valid_from"]
    try:
        _ = date.fromisoformat(day) if day else None
    except ValueError:
        return f"{day!r} is not a date", "for example 2021-07-15"
    return None
