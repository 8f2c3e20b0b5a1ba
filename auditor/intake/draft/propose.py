"""The draft of a profile: every file that found its table, with columns, words, date forms, units and constants.

Whatever was guessed by content or from likeness, and whatever a person has to fill in, is marked as such. A word whose
code is not known is not mapped to anything, so that its rows go to quarantine until somebody says what it means.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from statistics import median

from auditor.core.schema import Column, Table, exported
from auditor.core.text import Text
from auditor.intake.columns.cast import FALSE, TRUE
from auditor.intake.draft.content import Readable
from auditor.intake.draft.match import Match, Placed
from auditor.intake.draft.names import Names, header_name, word_key
from auditor.intake.draft.patterns import named, patterns
from auditor.intake.draft.seen import Seen
from auditor.intake.readers.archive import within

_MOST_WORDS = 60
_DATES = ("timestamp", "date")
_NUMBERS = ("int", "double", "money")
_SMALL_MONEY, _SMALL_MASS = 5.0, 200.0
"""Fines that are mostly below this, in fractions, are in units of ten thousand; masses mostly below this are tonnes
(a lorry with its load weighs thousands of kilogrammes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the source with the code proposed (None: not known), how often it stands there, and whether the code
    was known rather than guessed from a part of the word. A count of 0: one of the model's own words, not seen here."""

    word: str
    code: str | None
    count: int
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftColumn:
    """A canonical column with the header proposed, or a constant, or neither: then a person has to say.

    `check` is why it should be looked at, if it should.
    """

    column: Column
    header: str | None = None
    match: Match | None = None
    value: str | None = None
    words: tuple[Word, ...] = ()
    formats: tuple[str, ...] = ()
    times: str | None = None
    check: tuple[Text, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.header is None and self.value is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSource:
    """Files of one table and like headers, as one entry of a profile."""

    table: Table
    members: tuple[Placed, ...]
    files: tuple[str, ...]
    header_row: int | None
    columns: tuple[DraftColumn, ...]

    @property
    def unplaced(self) -> tuple[str, ...]:
        first = self.members[0]
        return tuple(first.seen.headers[place] for place in first.unplaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`homeless` are the files that found no table."""

    blank: tuple[str, ...]
    sources: tuple[DraftSource, ...]
    homeless: tuple[str, ...]


def propose(seen: Sequence[Seen], placed: Mapping[str, Placed], names: Names) -> Draft:
    """The draft for all files; `placed` by the names of the files that found a table."""
    groups: dict[tuple[str, tuple[str, ...]], list[Placed]] = {}
    for each in seen:
        if fitting := placed.get(each.name):
            key = fitting.table.name, tuple(header_name(header) for header in each.headers)
            groups.setdefault(key, []).append(fitting)
    order = {table: number for number, table in enumerate(exported())}
    readable = Readable()
    sources = [
        _source(members, [_other(other) for other in seen if not _among(other, members)], names, readable)
        for _, members in sorted(groups.items(), key=lambda item: order[item[0][0]])
    ]
    return Draft(
        blank=tuple(sorted({mark for each in seen for mark in each.blanks})),
        sources=tuple(sources),
        homeless=tuple(each.name for each in seen if each.name not in placed),
    )


def _among(seen: Seen, members: Iterable[Placed]) -> bool:
    return any(seen is member.seen for member in members)


def _source(members: Sequence[Placed], others: Sequence[str], names: Names, readable: Readable) -> DraftSource:
    first = members[0]
    rows = {(member.seen.header_row, member.seen.header_rows) for member in members}
    row = first.seen.header_row if len(rows) == 1 and first.seen.header_rows == 1 else 1
    matched = {match.column: match for match in first.matches}
    columns = [
        _mapped(column, matched[column.name], members, names, readable)
        if column.name in matched
        else _constant(column, first, names)
        for column in first.table.columns.values()
        if column.name in matched or column.required or column.name == "domain"
    ]
    return DraftSource(
        table=first.table,
        members=tuple(members),
        files=patterns([_called(member.seen) for member in members], others),
        header_row=row if row > 1 else None,
        columns=tuple(each for each in columns if not each.is_open or each.column.required),
    )


def _other(seen: Seen) -> str:
    file, _, part = _called(seen).partition("#")
    return f"{file}#{part or seen.part}" if seen.part else file


def _called(seen: Seen) -> str:
    """The part is named only where there is a choice: without it the first is read. A member of an archive is called as
    if it lay in the archive's place: next month's archive has another name."""
    inside = within(seen.file)
    file = seen.file if inside is None else (PurePosixPath(inside[0]).parent / inside[1]).as_posix()
    return named(file, seen.part if seen.parts > 1 else None)


def _mapped(column: Column, match: Match, members: Sequence[Placed], names: Names, readable: Readable) -> DraftColumn:
    counts: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for member in members:
        content = member.seen.columns[match.place]
        counts.update(content.words)
        for form, (count, value) in content.forms.items():
            forms[form] += count
            shown.setdefault(form, value)
    first = members[0].seen
    header = first.headers[match.place]
    check: list[Text] = []
    if match.why == "content":
        check.append(Text(zh="依内容推测", en="guessed from the values"))
    elif not match.sure:
        check.append(Text(zh=f"近似“{match.name}”", en=f"like {match.name!r}"))
    if not counts:
        check.append(Text(zh="此列为空", en="the column is empty"))
    if (column.name,) == members[0].table.key and all(
        member.seen.columns[match.place].numbers_the_rows for member in members
    ):
        check.append(
            Text(zh="像行号，别的文件里会重复", en="seems to number the rows: another file has the same numbers")
        )
    formats: tuple[str, ...] = ()
    times: str | None = None
    cells, book = first.typed, first.format not in ("csv", "parquet")
    if column.type in _DATES and counts:
        formats = _formats(column, forms, shown, readable, cells, book)
        unread = _unread(column, counts, formats, readable, cells, book)
        check += unread
    elif column.type in _NUMBERS and counts:
        times, guessed = _times(column, header, counts, names)
        check += [*guessed, *_unread(column, counts, (), readable, cells, book)]
    words = _words(column, counts, names.code_words(members[0].table.name, column))
    unknown = sum(1 for word in words if word.code is None)
    if unknown:
        check.append(Text(zh=f"{unknown} 个用词待填", en=f"{unknown} words to be filled in"))
    return DraftColumn(
        column=column, header=header, match=match, words=words, formats=formats, times=times, check=tuple(check)
    )


def _formats(
    column: Column, forms: Counter[str], shown: Mapping[str, str], readable: Readable, cells: bool, book: bool
) -> tuple[str, ...]:
    """Nothing where the program reads all forms of itself: a format would take the place of those."""
    order = sorted(forms, key=lambda form: (-forms[form], form))
    values = [shown[form] for form in order]
    if all(readable(values, column, from_cells=cells, workbook=book)):
        return ()
    told = tuple(order)
    return told if any(readable(values, column, told, from_cells=cells, workbook=book)) else ()


def _unread(
    column: Column, counts: Mapping[str, int], formats: tuple[str, ...], readable: Readable, cells: bool, book: bool
) -> list[Text]:
    """What share of the different values the program would not read, said where there are any."""
    values = list(counts)
    looked = values[:: max(1, len(values) // 200)]
    bad = sum(not read for read in readable(looked, column, formats, from_cells=cells, workbook=book))
    if not bad:
        return []
    share = bad / len(looked)
    return [Text(zh=f"约 {share:.1%} 的值读不出，将进隔离区", en=f"about {share:.1%} of the values cannot be read")]


def _times(column: Column, header: str, counts: Mapping[str, int], names: Names) -> tuple[str | None, list[Text]]:
    if stated := names.factor(column, header):
        return stated[1], []
    if column.name.endswith("_100ml"):
        return _alcohol(header)
    values = [float(word.replace(",", "")) for word in counts if word.replace(",", "").replace(".", "", 1).isdigit()]
    positive = [value for value in values if value > 0]
    if len(positive) < 3:
        return None, []
    typical = median(positive)
    if column.type == "money" and typical < _SMALL_MONEY and any(value != round(value) for value in positive):
        return "10000", [Text(zh="数值很小，疑为万元", en="so small that it seems to be in units of ten thousand")]
    if column.name.endswith("_kg") and typical < _SMALL_MASS:
        return "1000", [Text(zh="数值很小，疑为吨", en="so small that it seems to be in tonnes")]
    return None, []


def _words(column: Column, counts: Mapping[str, int], known: Mapping[str, str]) -> tuple[Word, ...]:
    """Words with codes; for yes and no only the words that are not read without being told."""
    if column.type == "bool":
        counts = {word: n for word, n in counts.items() if word_key(word) not in (*TRUE, *FALSE)}
    elif not column.codes:
        return ()
    order = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_WORDS]
    words: list[Word] = []
    for word in order:
        code, sure = _code(word, known)
        words.append(Word(word=word, code=code, count=counts[word], sure=sure))
    if words and all(word.word == word.code for word in words) and column.codes:
        return ()
    if column.codes:
        said = {word.word for word in words}
        words += [
            Word(word=label, code=code, count=0, sure=True) for code, label in column.codes.items() if label not in said
        ]
    return tuple(words)


def _code(word: str, known: Mapping[str, str]) -> tuple[str | None, bool]:
    """The code of a known word; of another the code of the longest known word that is part of it, if one is."""
    key = word_key(word)
    if key in known:
        return known[key], True
    inside = [each for each in known if len(each) >= 2 and (each in key or (len(key) >= 2 and key in each))]
    longest = max((len(each) for each in inside), default=0)
    codes = {known[each] for each in inside if len(each) == longest}
    return (codes.pop(), False) if len(codes) == 1 else (None, False)


def _alcohol(header: str) -> tuple[str | None, list[Text]]:
    """Milligrams in a litre, where the header says so: of blood or of breath, between which lies a factor of 2,200."""
    plain = unicodedata.normalize("NFKC", header).lower()
    if not re.search(r"(mg|毫克)/(l|升)(?![a-z])", plain):
        return None, []
    for times, words in (("220", ("呼", "breath")), ("0.1", ("血", "blood"))):
        if any(word in plain for word in words):
            return times, []
    return None, [Text(zh="mg/L：是血液还是呼气，请用 unit 写明", en="mg/L of blood or of breath: say which as `unit`")]


def _constant(column: Column, placed: Placed, names: Names) -> DraftColumn:
    """A column that no header gives: a constant where the file's name, titles or units say which."""
    seen = placed.seen
    said = " ".join([seen.file, seen.part or "", *seen.titles])
    units = [seen.columns[match.place] for match in placed.matches if match.column == "unit_id"]
    told = [said, " ".join(word for content in units for word in list(content.words)[:50])]
    for text in told if column.codes else ():
        if column.name == "domain":
            found = {code for code, words in names.domains.items() if any(word in text.lower() for word in words)}
        else:
            known = names.code_words(placed.table.name, column)
            found = {code for word, code in known.items() if len(word) >= 3 and not word.isascii() and word in text}
        if len(found) == 1:
            why = Text(zh="按文件名、标题或单位推测", en="guessed from the file's name, title or units")
            return DraftColumn(column=column, value=found.pop(), check=(why,))
    return DraftColumn(column=column)
