"""A source's text rows as rows of a canonical table, every value with the mark whether it could be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.core.errors import AuditorError, InputError, ProfileError
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Column, ColumnType, Table, tables
from auditor.intake.columns.cast import STORED, as_text, half_width, typed
from auditor.intake.columns.dates import is_end, moment, plainly, without_open_end
from auditor.intake.columns.expression import Expression, build
from auditor.intake.columns.failing import failing
from auditor.intake.columns.identifiers import damaged, identifier, is_identifier
from auditor.intake.columns.marks import cell_error, failed, unreadable
from auditor.intake.columns.plates import plate
from auditor.intake.profile.model import ColumnMapping, TableMapping, alternative
from auditor.intake.readers.book import ERRORS
from auditor.intake.readers.heading import BLANKS, header_key, places
from auditor.intake.sources import Source
from auditor.intake.store.database import ibis, trim
from auditor.intake.store.functions import Function, function
from auditor.intake.store.steps import Steps

EXTRA, SOURCE = "extra", "_source"
"""`extra` keeps what the model has no column for; `_source` counts the sources of a table."""
LEFT_OUT = "_left_out"
"""Whether the profile's own filter leaves the row out."""
EXTRA_TYPE = "map<string, string>"

_TEXT, _ASKED, _FAILING, _PLAIN = "_text_", "_asked_", "_failing_", "_plain_"
_DATES = ("timestamp", "date")
_WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods", "et")
"""Formats of spreadsheets, whose cells may be numbers where a date or an id is meant."""
_FEW = 12
"""Headers that are named where one of them may have been meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A mapping fitted to the headers that a file really has: `places` says which of them feed each column."""

    table: Table
    columns: tuple[ColumnMapping, ...]
    places: dict[str, tuple[int, ...]]
    extra: tuple[int, ...]
    headers: tuple[str, ...]


class ColumnsMissingError(InputError):
    """A canonical file has not all the columns that its table requires; `columns` are those it lacks."""

    def __init__(self, problems: Sequence[Problem], columns: Sequence[str]) -> None:
        super().__init__(list(problems))
        self.columns = tuple(columns)


def fit(source: Source, headers: Sequence[str], header_row: int) -> Fitted:
    """Raises ProfileError with every header that the profile names and the file lacks, and ColumnsMissingError
    where a canonical file lacks a required column."""
    table = tables()[source.table]
    known = places(headers)
    columns = _canonical(table, headers) if source.mapping is None else _fitted(source.mapping, known)
    absent = [
        (header, column.location) for column in columns for header in column.headers if header_key(header) not in known
    ]
    if source.mapping is not None and source.mapping.where is not None:
        asked = [alternative(header, known) for header in source.mapping.where.headers]
        absent += [(header, source.mapping.location) for header in asked if header_key(header) not in known]
    used = {known[key] for column in columns for header in column.headers if (key := header_key(header)) in known}
    unused = [header for place, header in enumerate(headers) if place not in used]
    if absent:
        raise _absent(source, headers, unused, absent)
    known_absent = frozenset[str]() if source.mapping is None else source.mapping.lacks
    missing = [name for name in table.required if name not in known_absent | {column.column for column in columns}]
    if missing:
        raise ColumnsMissingError(
            [
                Problem(
                    f"the table {table.name} requires the column {name!r}, which is not among the headers",
                    Location(source.name, header_row),
                    _nearest(name, unused) or _left_over(unused),
                )
                for name in missing
            ],
            missing,
        )
    feeding = {column.column: tuple(known[header_key(header)] for header in column.headers) for column in columns}
    return Fitted(
        table=table,
        columns=columns,
        places=feeding,
        extra=tuple(place for place in range(len(headers)) if place not in used),
        headers=tuple(headers),
    )


def _fitted(mapping: TableMapping, known: Mapping[str, int]) -> tuple[ColumnMapping, ...]:
    return tuple(fitted for column in mapping.columns.values() if (fitted := column.fitted(known)) is not None)


def canonical_rows(
    steps: Steps, staged: str, fitted: Fitted, source: Source, number: int, blank: frozenset[str]
) -> Any:
    """The rows staged under that name as rows of the canonical table; `number` is that of the source among the table's.

    Four steps stand between: the values as text in the model's words, these tidied, moments that are plainly written,
    and typed values.
    Written as one expression, each text would be made anew wherever it is used (seven times for a date).
    """
    raw = steps.con.table(staged)
    texts = {
        _TEXT + mapping.column: _text(raw, fitted.table.columns[mapping.column], mapping, fitted, blank)
        for mapping in fitted.columns
    }
    if fitted.extra:
        keys = ibis.array([fitted.headers[place] for place in fitted.extra])
        texts[EXTRA] = ibis.map(keys, ibis.array([_said(raw[f"c{place}"], blank) for place in fitted.extra]))
    where = None if source.mapping is None else source.mapping.where
    known = places(fitted.headers)
    for header in () if where is None else where.headers:
        texts[_ASKED + header] = _said(raw[f"c{known[header_key(alternative(header, known))]}"], blank)
    for mapping in fitted.columns:
        lost = _lost(raw, mapping, fitted, blank)
        if lost is not None:
            texts[_FAILING + mapping.column] = lost
    said = steps.step(f"{staged}_said", raw.select(**texts, **{SOURCE_ROW: raw[SOURCE_ROW]}))
    tidy = {
        _TEXT + mapping.column: _tidy(steps, said[_TEXT + mapping.column], fitted.table.columns[mapping.column])
        for mapping in fitted.columns
    }
    words = steps.step(f"{staged}_words", said.mutate(**tidy))
    plain = {
        _PLAIN + mapping.column: steps.functions.of(_of_text("plain_moment"), words[_TEXT + mapping.column])
        for mapping in fitted.columns
        if fitted.table.columns[mapping.column].type in _DATES and not mapping.formats
    }
    if plain:
        words = steps.step(f"{staged}_plain", words.mutate(**plain))
    read = {mapping.column: _value(steps, words, mapping, fitted, source) for mapping in fitted.columns}
    workbook = source.format.name in _WORKBOOKS
    for mapping in fitted.columns:
        if workbook and mapping.headers and fitted.table.columns[mapping.column].type in ("string", "code"):
            is_error = words[_TEXT + mapping.column].isin(ERRORS).fill_null(False)
            read[cell_error(mapping.column)] = is_error
            read[mapping.column] = ibis.ifelse(is_error, ibis.null("string"), read[mapping.column])
        if is_identifier(fitted.table.columns[mapping.column]):
            text = words[_TEXT + mapping.column]
            cut = damaged(text, workbook=True) if workbook else steps.functions.of(_of_text("cut_number"), text)
            read[unreadable(mapping.column)] = cut
            read[mapping.column] = ibis.ifelse(cut, ibis.null("string"), read[mapping.column])
    values = steps.step(f"{staged}_values", words.mutate(**read))
    rows: dict[str, Any] = {}
    for mapping in fitted.columns:
        rows[mapping.column] = values[mapping.column]
        is_text = fitted.table.columns[mapping.column].type in ("string", "code")
        if is_text and _FAILING + mapping.column in texts:
            lost = values[_FAILING + mapping.column].fill_null(False)
            rows[failed(mapping.column)] = lost & values[_TEXT + mapping.column].isnull()
        if cell_error(mapping.column) in read:
            rows[cell_error(mapping.column)] = values[cell_error(mapping.column)]
        if unreadable(mapping.column) in read:
            rows[unreadable(mapping.column)] = values[unreadable(mapping.column)]
        elif not is_text:
            written = values[_TEXT + mapping.column].notnull()
            if _FAILING + mapping.column in texts:
                written = written | values[_FAILING + mapping.column].fill_null(False)
            rows[unreadable(mapping.column)] = written & values[mapping.column].isnull()
    if fitted.extra:
        rows[EXTRA] = values[EXTRA]
    rows[SOURCE_FILE] = ibis.literal(source.name)
    rows[SOURCE_ROW] = values[SOURCE_ROW]
    rows[SOURCE] = ibis.literal(number, "int32")
    if where is not None:
        # A mark and no filter: DuckDB would carry a filter down through every step that makes its values, each text
        # written out anew wherever it is used; that made a minute of ten rows.
        rows[LEFT_OUT] = ~_kept(where, values, fitted)
    return values.select(**rows)


def _canonical(table: Table, headers: Sequence[str]) -> tuple[ColumnMapping, ...]:
    return tuple(ColumnMapping(column=name, headers=(name,)) for name in table.columns if name in headers)


def _kept(where: Expression, values: Any, fitted: Fitted) -> Any:
    """Whether the profile's filter keeps a row: where it cannot be said, the row is kept, to be judged by the rest."""
    provided = {mapping.column for mapping in fitted.columns}

    def lookup(name: str, quoted: bool) -> Any:
        if quoted:
            return values[_ASKED + name]
        # An optional column that the file has not says nothing of any row.
        return values[name] if name in provided else ibis.null(STORED[fitted.table.columns[name].type])

    return build(where.tree, lookup).fill_null(True)


def _text(raw: Any, column: Column, mapping: ColumnMapping, fitted: Fitted, blank: frozenset[str]) -> Any:
    parts = _parts(raw, mapping, fitted, blank)
    match parts:
        case _ if mapping.expression is not None:
            said = dict(zip(mapping.expression.headers, parts, strict=True))
            value = build(mapping.expression.tree, lambda name, _: said[name])
            text = trim(as_text(value), BLANKS).nullif("")
        case []:
            text = ibis.literal(mapping.value, "string")
        case [one]:
            text = one
        case _:
            # A part that the export does not say stays empty; only where it says none, the whole is missing.
            joined = parts[0].fill_null("")
            for part in parts[1:]:
                joined = joined + mapping.separator + part.fill_null("")
            said = ibis.or_(*(part.notnull() for part in parts))
            text = ibis.ifelse(said, trim(joined, BLANKS), ibis.null("string"))
    if "" in mapping.words:
        text = text.fill_null(mapping.words[""])
    words = [(word, meaning) for word, meaning in mapping.words.items() if word]
    if words:
        text = text.cases(*words, else_=text)
    if mapping.words:
        text = text.nullif("")
    return text


def _parts(raw: Any, mapping: ColumnMapping, fitted: Fitted, blank: frozenset[str]) -> list[Any]:
    return [_said(raw[f"c{place}"], blank) for place in fitted.places[mapping.column]]


def _lost(raw: Any, mapping: ColumnMapping, fitted: Fitted, blank: frozenset[str]) -> Any:
    """Whether the column's expression could not read what stands there; None where it reads nothing."""
    if mapping.expression is None:
        return None
    said = dict(zip(mapping.expression.headers, _parts(raw, mapping, fitted, blank), strict=True))
    return failing(mapping.expression.tree, lambda name, _: said[name])


def _tidy(steps: Steps, text: Any, column: Column) -> Any:
    """The text as a value of the column is written: half width, an id without what a spreadsheet put around it."""
    if is_identifier(column):
        return steps.functions.of(_of_text("personal_id" if column.personal == "id" else "plain_id"), text)
    if column.type in ("string", "code"):
        return text
    return steps.functions.of(_of_text("half_width_end" if is_end(column.name) else "half_width"), text)


def _said(text: Any, blank: frozenset[str]) -> Any:
    return (
        text.nullif("")
        if blank == frozenset({""})
        else ibis.ifelse(text.isin(sorted(blank)), ibis.null("string"), text)
    )


def _value(steps: Steps, words: Any, mapping: ColumnMapping, fitted: Fitted, source: Source) -> Any:
    text = words[_TEXT + mapping.column]
    column = fitted.table.columns[mapping.column]
    if column.name == "plate_no":
        return plate(text)
    if _PLAIN + mapping.column in words.columns:
        read = _usual_forms(column.type, source.format.name in _WORKBOOKS, source.since_1904)
        return steps.functions.of(read, text, words[_PLAIN + mapping.column])
    value = typed(
        text,
        column,
        formats=mapping.formats,
        times=mapping.times,
        from_cells=source.format.typed,
        workbook=source.format.name in _WORKBOOKS,
        since_1904=source.since_1904,
    )
    return value.cast(STORED[column.type])


_OF_TEXT: Mapping[str, Callable[[Any], Any]] = {
    "half_width": half_width,
    "half_width_end": lambda text: without_open_end(half_width(text)),
    "plain_id": lambda text: identifier(text, personal=False),
    "personal_id": lambda text: identifier(text, personal=True),
    "cut_number": lambda text: damaged(text, workbook=False),
    "plain_moment": plainly,
}


@cache
def _of_text(name: str) -> Function:
    return function(name, _OF_TEXT[name], text="string")


@cache
def _usual_forms(type_: ColumnType, workbook: bool, since_1904: bool) -> Function:
    """How a column of dates or moments is read for which the profile names no form."""

    def read(text: Any, plain: Any) -> Any:
        value = moment(
            text,
            (),
            plain=plain,
            days=type_ == "date",
            from_cells=False,
            workbook=workbook,
            since_1904=since_1904,
        )
        return value.cast(STORED[type_])

    name = "_".join(["read", type_, *(["workbook"] if workbook else []), *(["1904"] if since_1904 else [])])
    return function(name, read, text="string", plain="timestamp")


def _absent(
    source: Source, headers: Sequence[str], unused: Sequence[str], absent: Sequence[tuple[str, Location | None]]
) -> AuditorError:
    """A header that a column is read from already is not what was meant by another."""
    shown = ", ".join(headers)
    return ProfileError(
        [
            Problem(
                f"{source.name} has no header {header!r}",
                location,
                "; ".join(filter(None, [_nearest(header, unused), f"the headers there: {shown}"])),
            )
            for header, location in absent
        ]
    )


def _left_over(unused: Sequence[str]) -> str | None:
    """Of headers that are read as no column one may be the one that is missing, however it is spelt."""
    return f"headers that are read as no column: {', '.join(unused)}" if 0 < len(unused) <= _FEW else None


def _nearest(header: str, headers: Sequence[str]) -> str | None:
    hint = did_you_mean(header, headers)
    return hint if hint and hint.startswith("did you mean") else None
