"""Which canonical table a file most likely is, and which column each of its headers: by name first, then by content.

A header is compared with every known name of a column; one that is exactly a known name counts in full, one that is
merely like it less, and values that cannot be of the column's type speak against it. The table is the one whose columns
the headers fill best; within it each header gets at most one column and each column one header.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from auditor.core.schema import Column, Table, exported
from auditor.intake.draft.content import Content
from auditor.intake.draft.names import Names, header_name, word_key
from auditor.intake.draft.seen import Seen
from auditor.intake.readers.heading import LEVELS

Why = Literal["own", "name", "similar", "content"]

_ALIKE = 0.58
"""Headers less like a known name than this are not taken for it."""
_ENOUGH = 0.45
"""So much of a known name's weight a header must keep, its values considered, to be proposed."""
_TABLE = 0.75
"""A file whose best table scores less is of no table; besides, two headers must be known, or three be like its columns
and the file's name speak for it, or half of them be like its columns and at least five."""
_TAILS = (
    ("time", r"(时间|日期|日|期限|时限|时刻|年月|time|date|at|on)$|[至止起自]$"),
    ("person", r"(人|员|民警|人一|人二|领导|officer)$"),
    ("code", r"(编号|代码|编码|号码|号|证照号|code|id|no|number)$"),
    ("amount", r"(金额|款|费|额|下限|上限|amount|fine)$"),
    ("name", r"(名称|姓名|全称|name)$"),
    ("mass", r"(重|质量|重量|载|吨位)$"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A header proposed for a column; `name` is the known name it is (or is like). `score` goes from 0 to 1.5."""

    column: str
    place: int
    why: Why
    name: str
    score: float

    @property
    def sure(self) -> bool:
        return self.why in ("own", "name") and self.score >= 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A file with the table it most likely is and its headers' columns. `hint` is the word of its name that speaks for
    the table; `rival` the next likely table, where it comes near."""

    seen: Seen
    table: Table
    score: float
    hint: str | None
    rival: str | None
    matches: tuple[Match, ...]

    @property
    def unplaced(self) -> tuple[int, ...]:
        used = {match.place for match in self.matches}
        return tuple(place for place in range(len(self.seen.headers)) if place not in used)

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that no header gives."""
        found = {match.column for match in self.matches}
        return tuple(name for name in self.table.required if name not in found)


def place(seen: Seen, names: Names) -> Placed | None:
    """The likeliest table; None where no table fits well enough to be proposed."""
    ranked = sorted((_fit(seen, table, names) for table in exported().values()), key=lambda each: -each.score)
    best, second = ranked[0], ranked[1]
    sure = sum(1 for match in best.matches if match.why in ("own", "name"))
    least = max(2, min(3, len(seen.headers))) if best.hint else max(5, len(seen.headers) // 2)
    like = seen.rows > 0 and len(best.matches) >= least
    if best.score < _TABLE or not (sure >= 2 or like):
        return None
    near = second.table.name if second.score > best.score * 0.85 else None
    return Placed(
        seen=seen,
        table=best.table,
        score=best.score,
        hint=best.hint,
        rival=near,
        matches=tuple(sorted(_with_content(seen, best, names), key=lambda match: match.place)),
    )


def _fit(seen: Seen, table: Table, names: Names) -> Placed:
    matches = by_name(seen.headers, seen.columns, table, names)
    found = {match.column for match in matches}
    required = table.required
    keys = [name for name in required if not table.columns[name].codes]
    share = sum(match.score for match in matches) / max(1, sum(1 for header in seen.headers if header))
    lack = sum(name in found for name in keys) / max(1, len(keys))
    hint, strong = _hint(seen, table, names)
    return Placed(
        seen=seen,
        table=table,
        score=share + 0.6 * lack + (0.6 if strong else 0.15 if hint else 0.0),
        hint=hint,
        rival=None,
        matches=tuple(matches),
    )


def _hint(seen: Seen, table: Table, names: Names) -> tuple[str | None, bool]:
    """The longest word of a file's name, sheet or title that speaks for a table, and whether it is the longest that
    speaks for any; a file that has the table's name is told by that."""
    stem = seen.file.rpartition("/")[2].rpartition(".")[0].lower()
    if stem == table.name or re.match(rf"{table.name}[.\-_]", stem):
        return table.name, True
    text = " ".join([seen.file, seen.part or "", *seen.titles]).lower()
    found = {
        name: max((word for word in words if word.lower() in text), key=len, default=None)
        for name, words in names.tables.items()
    }
    mine = found.get(table.name)
    longest = max((len(word) for word in found.values() if word), default=0)
    return mine, mine is not None and len(mine) == longest


def by_name(headers: Sequence[str], contents: Sequence[Content] | None, table: Table, names: Names) -> list[Match]:
    """Headers matched to the columns of a table by their names, the best pairs first."""
    candidates: list[Match] = []
    for column in table.columns.values():
        known = names.known(table, column)
        code_words: Mapping[str, str] = names.code_words(table.name, column) if column.codes else {}
        for at, header in enumerate(headers):
            said = _likest(header, known)
            if said is None:
                continue
            name, score, exact = said
            if contents is not None:
                score *= _fits(column, contents[at], code_words)
                if table.key == (column.name,) and not exact and contents[at].different < 0.7 * contents[at].filled:
                    score *= 0.5  # what names a row does not repeat
                if table.key == (column.name,) and contents[at].numbers_the_rows:
                    score *= 0.8  # it names a row of this file only: any other name goes before it
            if score >= _ENOUGH:
                why: Why = "similar" if not exact else "own" if known[name] > 1 else "name"
                candidates.append(Match(column=column.name, place=at, why=why, name=name, score=score))
    candidates.sort(key=lambda match: (-round(match.score, 6), match.place))
    taken: set[int] = set()
    filled: set[str] = set()
    chosen: list[Match] = []
    for match in candidates:
        if match.place not in taken and match.column not in filled:
            taken.add(match.place)
            filled.add(match.column)
            chosen.append(match)
    return chosen


def _likest(header: str, known: Mapping[str, float]) -> tuple[str, float, bool] | None:
    """The known name that a header is or is most like, with how much, and whether it is that name exactly."""
    upper, _, lower = header.rpartition(LEVELS)
    forms = [header_name(form) for form in (header, upper + lower, lower) if form.strip()]
    for form in forms:
        if form in known:
            return form, known[form], True
    best = max(((name, weight * _likeness(forms[0], name)) for name, weight in known.items()), key=lambda each: each[1])
    return (best[0], best[1] * 0.9, False) if best[1] >= _ALIKE else None


@lru_cache(maxsize=500_000)
def _likeness(header: str, name: str) -> float:
    """How like two headers are, from 0 to 1: what they share, more where one holds the other whole, and little where
    one ends as a time and the other as a person."""
    if len(name) < 2 or not set(header) & set(name):
        return 0.0
    like = SequenceMatcher(None, header, name, autojunk=False).ratio()
    shorter, longer = sorted((header, name), key=len)
    if len(shorter) >= 2 and shorter in longer and not shorter.isascii():
        like = max(like, 0.62 + 0.3 * len(shorter) / len(longer))
    if header.isascii() and like < 0.88:
        return 0.0  # of Latin letters any two words share many
    mine, other = _tail(header), _tail(name)
    if mine and other and mine != other:
        return like * 0.5
    return like


def _tail(header: str) -> str | None:
    return next((kind for kind, pattern in _TAILS if re.search(pattern, header)), None)


def _fits(column: Column, content: Content, code_words: Mapping[str, str]) -> float:
    """What the values say to the column: 1 where they say nothing against it."""
    if not content.filled:
        return 0.97
    looks = content.looks
    match column.type:
        case "timestamp" | "date":
            return 1.0 if looks["date"] >= 0.5 else 0.3
        case "int" | "double" | "money":
            return 1.0 if looks["number"] >= 0.5 else 0.3
        case "bool":
            return 1.0 if looks["boolean"] >= 0.5 or content.different <= 3 else 0.3
        case "code":
            known = _share_known(content, code_words)
            return 1.05 if known >= 0.8 else 0.9 if content.is_words else 0.25
        case "string":
            if looks["date"] >= 0.8 and looks["integer"] < 0.5:
                return 0.3
            if column.name == "plate_no":
                return 1.05 if looks["plate"] >= 0.5 else 0.9
            if column.name == "party_id" and max(looks["person_id"], looks["organisation_id"]) >= 0.3:
                return 1.05
            if column.name.endswith("_name") and looks["number"] >= 0.9:
                return 0.4
            return 1.0


def _share_known(content: Content, code_words: Mapping[str, str]) -> float:
    known = sum(count for word, count in content.words.items() if word_key(word) in code_words)
    return known / content.filled if content.filled else 0.0


def _with_content(seen: Seen, best: Placed, names: Names) -> list[Match]:
    """What names left open, proposed by what the values look like: all of it to be checked by a person."""
    found = list(best.matches)
    for at in best.unplaced:
        content = seen.columns[at]
        if not content.filled:
            continue
        taken = {match.column for match in found}
        free = [column for column in best.table.columns.values() if column.name not in taken]
        column, what = _by_content(content, free, best.table, names)
        if column:
            found.append(Match(column=column, place=at, why="content", name=what, score=0.5))
    return found


def _by_content(content: Content, free: Sequence[Column], table: Table, names: Names) -> tuple[str | None, str]:
    left = {column.name: column for column in free}
    looks = content.looks
    if looks["plate"] >= 0.8 and "plate_no" in left:
        return "plate_no", "plate"
    if looks["person_id"] + looks["organisation_id"] >= 0.6 and "party_id" in left:
        return "party_id", "checksum"
    if looks["phone"] >= 0.9 and "party_phone" in left:
        return "party_phone", "phone"
    if looks["number"] >= 0.95 and looks["integer"] < 0.5:
        values = [float(word.replace(",", "").rstrip("元")) for word in list(content.words)[:200] if _is_number(word)]
        for name, low, high in (("lon", 73.0, 136.0), ("lat", 17.0, 54.0)):
            if name in left and values and content.different > 5 and all(low <= value <= high for value in values):
                return name, "coordinate"
    if content.is_words:
        for column in free:
            if column.codes and _share_known(content, names.code_words(table.name, column)) >= 0.9:
                return column.name, "code"
    moments = [column.name for column in free if column.required and column.type in ("timestamp", "date")]
    if looks["date"] >= 0.9 and len(moments) == 1:
        return moments[0], "date"
    amounts = [column.name for column in free if column.required and column.type == "money"]
    if looks["number"] >= 0.9 and looks["date"] < 0.5 and len(amounts) == 1:
        return amounts[0], "number"
    return None, ""


def _is_number(word: str) -> bool:
    return re.fullmatch(r"[+-]?\d[\d,]*(\.\d+)?元?", word) is not None
