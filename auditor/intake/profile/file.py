"""A profile as it is written: read from YAML, every mistake found at once, each with its place."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from auditor.core.document import Entries, Items, Scalar, Value, read
from auditor.core.errors import ProfileError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import Column, Table, exported
from auditor.core.text import Text
from auditor.intake.columns.amounts import stated_units
from auditor.intake.columns.cast import STORED
from auditor.intake.columns.dates import SERIAL
from auditor.intake.columns.expression import Expression, RefusedError, parse_expression
from auditor.intake.profile.constants import problem_of
from auditor.intake.profile.model import ColumnMapping, Profile, TableMapping
from auditor.intake.profile.words import (
    COLUMN_KEYS,
    DELIMITERS,
    NO_DELIMITERS,
    PROFILE_KEYS,
    QUOTES,
    SOURCE_KEYS,
    WAYS,
    pattern,
    says_a_day,
    unknown_directives,
)
from auditor.intake.profile.written import Reader
from auditor.intake.readers.encoding import ENCODINGS

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


class _Reader(Reader):
    """Collects problems while it reads; what it returns counts only if there are none."""

    def profile(self, written: Entries) -> Profile:
        self._problems.extend(written.unknown_keys(PROFILE_KEYS, "a profile"))
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
        self._problems.extend(written.unknown_keys(SOURCE_KEYS, f"a source of {table.name}"))
        files = self._scalars(written.get("files"))
        if not files:
            self._wrong("`files` says which files are meant", written.get("files") or written)
        columns = self._columns(table, written)
        return TableMapping(
            table=table.name,
            files=tuple(pattern(file) for file in files),
            header_row=self._whole(written, "header_row", "the number of the record that holds the headers, 1 or more"),
            header_rows=self._header_rows(written),
            encoding=self._encoding(written.get("encoding")),
            delimiter=self._delimiter(written),
            quote=self._one_of(written, "quote", QUOTES),
            precedence=self._precedence(table, written),
            optional=self._yes(written, "optional"),
            lacks=self._lacks(table, columns, written.get("lacks")),
            where=self._where(table, columns, written.get("where")),
            columns=columns,
            location=written.location,
        )

    def _precedence(self, table: Table, written: Entries) -> int | None:
        if "precedence" in written and not table.key:
            self._wrong(f"rows of {table.name} have no id, so that none takes precedence", written.values["precedence"])
        return self._whole(written, "precedence", "a whole number from 1 on; the lowest counts first")

    def _lacks(self, table: Table, columns: Mapping[str, ColumnMapping], written: Value | None) -> frozenset[str]:
        """Columns that every row must have and this export has not. What names a row cannot be missing."""
        names = self._scalars(written)
        for item in names:
            if item.value not in table.required or item.value in table.key or item.value in columns:
                self._wrong("`lacks` names required columns, no key among them, that are mapped to nothing", item)
        return frozenset(item.value for item in names)

    def _where(self, table: Table, columns: Mapping[str, ColumnMapping], written: Value | None) -> Expression | None:
        types = {name: STORED[table.columns[name].type] for name in columns}
        return None if written is None else self._expression(written, types, condition=True)

    def _expression(
        self, written: Value, columns: Mapping[str, str] | None, *, condition: bool = False
    ) -> Expression | None:
        if not isinstance(written, Scalar):
            self._wrong("an expression is one text", written)
            return None
        try:
            return parse_expression(written.value, columns, condition=condition)
        except RefusedError as refused:
            self._problems.append(Problem(refused.message, written.location, refused.hint))
            return None

    def _columns(self, table: Table, written: Entries) -> dict[str, ColumnMapping]:
        value = written.get("columns")
        if not isinstance(value, Entries):
            self._wrong("`columns` maps canonical columns to headers", value or written)
            return {}
        for name, place in value.keys.items():
            if name not in table.columns:
                hint = did_you_mean(name, table.columns)
                self._problems.append(Problem(f"the table {table.name} has no column {name!r}", place, hint))
        lacks = {item.value for item in self._scalars(written.get("lacks"))}
        for name in table.required:
            if name not in value and name not in lacks:
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
                    Problem(f"{column.name} needs a header, or a mapping with one of: {', '.join(WAYS)}", place)
                )
                return ColumnMapping(column=column.name)

    def _detailed(self, column: Column, written: Entries) -> ColumnMapping:
        self._problems.extend(written.unknown_keys(COLUMN_KEYS, f"the mapping of {column.name}"))
        ways = [key for key in WAYS if key in written]
        if len(ways) != 1:
            self._wrong(f"{column.name} needs exactly one of: {', '.join(WAYS)}", written)
        if "with" in written and "join" not in written:
            self._wrong("`with` belongs to `join`", written)
        optional = self._yes(written, "optional")
        if optional and (column.required or "value" in written):
            self._wrong(f"{column.name} is {'required' if column.required else 'a constant'}, not optional", written)
        if "times" in written and "unit" in written:
            self._wrong("`times` and `unit` exclude each other", written)
        if "sql" in written:
            return self._computed(column, written, optional=optional)
        headers = self._scalars(written.get("join")) if "join" in written else self._scalars(written.get("from"))
        names = tuple(header.value for header in headers)
        joined = "join" in written
        if ways in (["from"], ["join"]) and not headers:
            self._wrong(f"{column.name} names no header", written)
        formats, times = self._formats(column, written.get("format")), self._factor(column, written)
        return ColumnMapping(
            column=column.name,
            headers=names if joined else names[:1],
            otherwise=() if joined else names[1:],
            optional=optional,
            joined=joined,
            separator=self._word(written, "with") or "",
            value=self._constant(column, written, formats, times),
            words=self._words(column, written.get("words")),
            formats=formats,
            times=times,
            location=headers[0].location if headers else written.location,
        )

    def _computed(self, column: Column, written: Entries, *, optional: bool) -> ColumnMapping:
        expression = self._expression(written.values["sql"], None)
        if expression is not None and not expression.headers:
            self._wrong(f"{column.name} names no header", written.values["sql"])
        return ColumnMapping(
            column=column.name,
            headers=() if expression is None else expression.headers,
            separator=" ",
            expression=expression,
            optional=optional,
            words=self._words(column, written.get("words")),
            formats=self._formats(column, written.get("format")),
            times=self._factor(column, written),
            location=written.values["sql"].location,
        )

    def _constant(
        self, column: Column, written: Entries, formats: tuple[str, ...], times: Decimal | None
    ) -> str | None:
        value = self._word(written, "value")
        constant = written.get("value")
        if isinstance(constant, Scalar):
            problem = problem_of(constant, column, formats, times)
            self._problems.extend([] if problem is None else [problem])
        return value

    def _factor(self, column: Column, written: Entries) -> Decimal | None:
        unit = self._word(written, "unit")
        if unit is None:
            return self._times(column, written.get("times"))
        units = {word.lower(): factor for word, factor in stated_units(column).items()}
        if unit.lower() not in units:
            hint, place = did_you_mean(unit, stated_units(column)), written.values["unit"].location
            self._problems.append(Problem(f"{unit!r} is not a unit of {column.name}", place, hint))
            return None
        return units[unit.lower()]

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
            if item.value == SERIAL:
                continue
            unknown = unknown_directives(item.value)
            if unknown or "%" not in item.value:
                what = f"%{unknown[0]} is not known" if unknown else "there is no % in it"
                self._problems.append(
                    Problem(f"not a format of dates: {what}", item.location, 'such as "%Y-%m-%d %H:%M:%S"')
                )
            elif not says_a_day(item.value):
                self._wrong("a format of dates has a year, a month and a day", item)
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

    def _header_rows(self, written: Entries) -> int | None:
        rows = self._whole(written, "header_rows", "1 or 2: how many records the headers take")
        if rows is not None and rows > 2:
            self._wrong("`header_rows` is 1 or 2: how many records the headers take", written.values["header_rows"])
        return rows

    def _delimiter(self, written: Entries) -> str | None:
        value = written.get("delimiter")
        if isinstance(value, Scalar) and len(value.value) == 1 and value.value not in NO_DELIMITERS:
            if value.value.isascii() and not value.value.isalnum():
                return value.value
            hint = f"one sign of ASCII, no letter and no digit; or: {', '.join(DELIMITERS)}"
            self._problems.append(Problem(f"{value.value!r} cannot be a delimiter", value.location, hint))
            return None
        return self._one_of(written, "delimiter", DELIMITERS)

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

    def _known_code(self, column: Column, code: str, place: Location) -> None:
        if code not in column.codes:
            self._problems.append(
                Problem(f"{code!r} is not a code of {column.name}", place, did_you_mean(code, column.codes))
            )
