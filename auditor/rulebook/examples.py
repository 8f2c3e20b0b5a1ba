"""A rule's own tests as written in its file: small tables, a frozen day, the verdict of every row.

A blank cell is NULL, always. The column `times` repeats its row, so that a rule about rates can be tested by hand.
"""

from collections.abc import Mapping
from datetime import date

from auditor.core.document import Entries, Items, Scalar, Value
from auditor.core.problem import Location, did_you_mean
from auditor.core.schema import tables
from auditor.rulebook.header import Header
from auditor.rulebook.model import Example

VERDICTS = ("violation", "ok", "unknown", "skipped")
TIMES = "times"


def read_examples(header: Header) -> tuple[Example, ...]:
    """The `tests:` of a rule; problems go to the header."""
    written = header.entries.get("tests")
    if written is None:
        return ()
    if not isinstance(written, Items):
        header.wrong(written.location, "`tests` must be a list")
        return ()
    found: list[Example] = []
    for item in written:
        if not isinstance(item, Entries):
            header.wrong(item.location, "a test is a mapping with name, as_of, given and expect")
            continue
        inner = Header(item, "a test")
        keys = {"name", "as_of", "period", "params", "given", "expect"}
        inner.problems += item.unknown_keys(keys, "a test")
        given = _given(inner)
        found.append(
            Example(
                name=inner.word("name") or "",
                as_of=inner.day("as_of", needed=True) or date.min,
                period=inner.word("period", needed=False),
                parameters=_plain(inner.mapping("params")),
                given={name: rows for name, (_, rows) in given.items()},
                columns={name: columns for name, (columns, _) in given.items()},
                expect=_expect(inner),
                location=item.location,
            )
        )
        header.problems += inner.problems
    return tuple(found)


def _plain(entries: Entries | None) -> Mapping[str, str]:
    return {name: value.value for name, value in entries.items() if isinstance(value, Scalar)} if entries else {}


_Rows = tuple[tuple[str, ...], tuple[Mapping[str, str | None], ...]]


def _given(header: Header) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    written = header.mapping("given", needed=True)
    for name, value in written.items() if written else ():
        if name not in tables():
            place = written.keys[name] if written else value.location
            header.wrong(place, f"unknown table {name!r}", did_you_mean(name, tables()), code="R201")
            continue
        found[name] = _table(header, name, value)
    return found


def _table(header: Header, name: str, value: Value) -> _Rows:
    if not isinstance(value, Scalar):
        header.wrong(value.location, f"table {name} is written as lines of cells with | between")
        return (), ()
    lines = [(number, line) for number, line in enumerate(value.value.splitlines(), 1) if line.strip()]
    if not lines:
        hint = "write the names even with no row"
        header.wrong(value.location, f"table {name} has no line of column names", hint, code="R602")
        return (), ()
    columns = tuple(cell.strip() for cell in lines[0][1].split("|"))
    known = tables()[name].columns
    for column in columns:
        if column not in known and column != TIMES:
            place = _line(value, lines[0][0], lines[0][1])
            header.wrong(place, f"table {name} has no column {column!r}", did_you_mean(column, known), code="R203")
    rows: list[Mapping[str, str | None]] = []
    for number, line in lines[1:]:
        cells = [cell.strip() or None for cell in line.split("|")]
        if len(cells) != len(columns):
            place = _line(value, number, line)
            header.wrong(place, f"{len(cells)} cells in a table of {len(columns)} columns", code="R601")
            continue
        rows.append(dict(zip(columns, cells, strict=True)))
    return columns, tuple(rows)


def _line(value: Scalar, number: int, text: str) -> Location:
    """The place of a line of a block: the block's own place is the mark above its first line."""
    first = value.location.line or 0
    return Location(value.location.file, first + number, None, text)


def _expect(header: Header) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    written = header.mapping("expect", needed=True)
    if written is None:
        return found
    header.problems += written.unknown_keys(set(VERDICTS), "expect")
    for verdict, value in written.items():
        items = value.values if isinstance(value, Items) else (value,)
        found[verdict] = tuple(item.value for item in items if isinstance(item, Scalar) and not item.is_blank)
    return found
