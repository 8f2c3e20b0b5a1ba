"""A profile as it is written: read from YAML, every mistake found at once, each with its place."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from auditor.core.document import Entries, Items, Scalar, Value, read
from auditor.core.errors import ProfileError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import Column, Table, exported
from auditor.core.text import Text
from auditor.intake.profile.model import ColumnMapping, FilePattern, Profile, TableMapping
from auditor.intake.readers.encoding import ENCODINGS

_PROFILE = {"profile", "title", "encoding", "blank", "tables"}
_TABLE = {"files", "header_row", "columns"}
_COLUMN = {"from", "words", "format", "times", "value", "join", "with"}
_DIRECTIVE = re.compile(r"%(-?.)")
_DIRECTIVES = set("YymdHMSfpIjbBaA%") | {"-d", "-m", "-H", "-M", "-S", "-I", "-y"}
_SMALLEST, _LARGEST = Decimal("0.000001"), Decimal(100_000_000)
_NUMBERS = ("int", "double", "money")


def read_profile(path: Path) -> Profile:
    """The profile in a file; raises ProfileError with all that is wrong with it."""
    document, problems = read(path)
    if not isinstance(document, Entries):
        raise ProfileError(problems or [Problem("a profile is a mapping", Location(str(path)))])
    reader = _Reader(problems)
    profile = reader.profile(document)
    if problems:
        raise ProfileError(problems)
    return profile


class _Reader:
    """Collects problems while it reads; what it returns counts only if there are none."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def profile(self, written: Entries) -> Profile:
        self._problems += written.unknown_keys(_PROFILE, "a profile")
        return Profile(
            name=self._word(written, "profile", needed=True) or "",
            title=self._title(written.get("title")),
            encoding=self._encoding(written.get("encoding")),
            blank=frozenset({"", *(item.value for item in self._scalars(written.get("blank")))}),
            tables=tuple(self._tables(written)),
        )

    def _tables(self, written: Entries) -> Iterable[TableMapping]:
        value = written.get("tables")
        if not isinstance(value, Entries) or not value.values:
            self._wrong("a profile needs `tables`, a mapping of canonical tables", value or written)
            return
        for name, sources in value.items():
            table = exported().get(name)
            if table is None:
                self._problems.append(
                    Problem(f"there is no table {name!r}", value.keys[name], did_you_mean(name, exported()))
                )
                continue
            for source in sources if isinstance(sources, Items) else (sources,):
                if isinstance(source, Entries):
                    yield self._table(table, source)
                else:
                    self._wrong("a source is a mapping with `files` and `columns`", source)

    def _table(self, table: Table, written: Entries) -> TableMapping:
        self._problems += written.unknown_keys(_TABLE, f"a source of {table.name}")
        files = self._scalars(written.get("files"))
        if not files:
            self._wrong("`files` says which files are meant", written.get("files") or written)
        return TableMapping(
            table=table.name,
            files=tuple(_pattern(file) for file in files),
            header_row=self._header_row(written.get("header_row")),
            columns=self._columns(table, written),
            location=written.location,
        )

    def _columns(self, table: Table, written: Entries) -> dict[str, ColumnMapping]:
        value = written.get("columns")
        if not isinstance(value, Entries):
            self._wrong("`columns` maps canonical columns to headers", value or written)
            return {}
        for name, place in value.keys.items():
            if name not in table.columns:
                hint = did_you_mean(name, table.columns)
                self._problems.append(Problem(f"the table {table.name} has no column {name!r}", place, hint))
        for name in table.required:
            if name not in value:
                self._problems.append(
                    Problem(
                        f"the table {table.name} requires the column {name!r}, which is mapped to nothing",
                        value.location,
                        "map it to a header, or to a constant with {value: …} where all rows are alike",
                    )
                )
        return {
            column.name: self._column(column, value.values[column.name], value.keys[column.name])
            for column in table.columns.values()
            if column.name in value
        }

    def _column(self, column: Column, written: Value, place: Location) -> ColumnMapping:
        match written:
            case Scalar() if not written.is_blank and written.value.strip():
                return ColumnMapping(column=column.name, headers=(written.value,), location=written.location)
            case Entries():
                return self._detailed(column, written)
            case _:
                self._problems.append(
                    Problem(f"{column.name} needs a header, or a mapping with one of: from, join, value", place)
                )
                return ColumnMapping(column=column.name)

    def _detailed(self, column: Column, written: Entries) -> ColumnMapping:
        self._problems += written.unknown_keys(_COLUMN, f"the mapping of {column.name}")
        ways = [key for key in ("from", "join", "value") if key in written]
        if len(ways) != 1:
            self._wrong(f"{column.name} needs exactly one of: from, join, value", written)
        if "with" in written and "join" not in written:
            self._wrong("`with` belongs to `join`", written)
        headers = self._scalars(written.get("join")) if "join" in written else self._scalars(written.get("from"))
        if ways in (["from"], ["join"]) and not headers:
            self._wrong(f"{column.name} names no header", written)
        constant = self._word(written, "value")
        if constant is not None and column.codes:
            self._known_code(column, constant, written.values["value"].location)
        return ColumnMapping(
            column=column.name,
            headers=tuple(header.value for header in headers),
            separator=self._word(written, "with") or "",
            value=constant,
            words=self._words(column, written.get("words")),
            formats=self._formats(column, written.get("format")),
            times=self._times(column, written.get("times")),
            location=headers[0].location if headers else written.location,
        )

    def _words(self, column: Column, written: Value | None) -> dict[str, str]:
        if written is None:
            return {}
        if not isinstance(written, Entries):
            self._wrong("`words` maps the source's words to the model's", written)
            return {}
        words: dict[str, str] = {}
        for word, meaning in written.items():
            if not isinstance(meaning, Scalar):
                self._wrong("a word means one word", meaning)
                continue
            words[word] = meaning.value
            if meaning.value and column.codes:
                self._known_code(column, meaning.value, meaning.location)
            if meaning.value and column.type == "bool" and meaning.value not in ("true", "false"):
                self._problems.append(Problem(f"{column.name} is true or false", meaning.location))
        return words

    def _formats(self, column: Column, written: Value | None) -> tuple[str, ...]:
        formats = self._scalars(written)
        if formats and column.type not in ("timestamp", "date"):
            self._wrong(f"{column.name} is no date, and has no format", formats[0])
        for item in formats:
            unknown = [found for found in _DIRECTIVE.findall(item.value) if found not in _DIRECTIVES]
            if unknown or "%" not in item.value:
                what = f"%{unknown[0]} is not known" if unknown else "there is no % in it"
                self._problems.append(
                    Problem(f"not a format of dates: {what}", item.location, 'such as "%Y-%m-%d %H:%M:%S"')
                )
        return tuple(item.value for item in formats)

    def _times(self, column: Column, written: Value | None) -> Decimal | None:
        if written is None:
            return None
        if column.type not in _NUMBERS:
            self._wrong(f"{column.name} is no number that could be multiplied", written)
        try:
            factor = Decimal(written.value) if isinstance(written, Scalar) else Decimal("NaN")
        except InvalidOperation:
            factor = Decimal("NaN")
        if not factor.is_finite() or not _SMALLEST <= abs(factor) < _LARGEST or factor != round(factor, 6):
            self._wrong("`times` is a number, such as 10000 for amounts in units of ten thousand", written)
            return None
        return Decimal(f"{factor.normalize():f}")

    def _header_row(self, written: Value | None) -> int | None:
        if written is None:
            return None
        if not isinstance(written, Scalar) or not re.fullmatch(r"[1-9]\d{0,3}", written.value):
            self._wrong("`header_row` is the number of the record that holds the headers, 1 or more", written)
            return None
        return int(written.value)

    def _encoding(self, written: Value | None) -> str | None:
        if written is None:
            return None
        name = written.value.lower().replace("_", "-") if isinstance(written, Scalar) else ""
        if name not in ENCODINGS:
            self._problems.append(Problem("not an encoding", written.location, did_you_mean(name, ENCODINGS)))
            return None
        return ENCODINGS[name]

    def _title(self, written: Value | None) -> Text | None:
        match written:
            case None:
                return None
            case Entries(values={"zh": Scalar(value=zh), "en": Scalar(value=en)}):
                return Text(zh=zh, en=en)
            case _:
                self._wrong("`title` is {zh: …, en: …}", written)
                return None

    def _word(self, written: Entries, key: str, *, needed: bool = False) -> str | None:
        match written.get(key):
            case Scalar(value=value):
                return value
            case None:
                if needed:
                    self._wrong(f"`{key}` is missing", written)
            case other:
                self._wrong(f"`{key}` is one word", other)
        return None

    def _scalars(self, written: Value | None) -> list[Scalar]:
        match written:
            case None:
                return []
            case Scalar():
                return [written]
            case Items():
                for item in written:
                    if not isinstance(item, Scalar):
                        self._wrong("a list of words was expected", item)
                return [item for item in written if isinstance(item, Scalar)]
            case Entries():
                self._wrong("a word or a list of words was expected", written)
                return []

    def _known_code(self, column: Column, code: str, place: Location) -> None:
        if code not in column.codes:
            self._problems.append(
                Problem(f"{code!r} is not a code of {column.name}", place, did_you_mean(code, column.codes))
            )

    def _wrong(self, message: str, value: Value) -> None:
        self._problems.append(Problem(message, value.location))


def _pattern(written: Scalar) -> FilePattern:
    file, _, part = written.value.partition("#")
    return FilePattern(file=file, part=part or None, location=written.location)
