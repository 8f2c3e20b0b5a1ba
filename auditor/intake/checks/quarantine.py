"""The rows that could not be used: every fault of each, with its place, the raw value and the reason.

No value is ever part of the sentence of an entry: it is printed where raw values may not be.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.core.result import Header, HeldRow, QuarantineEntry
from auditor.core.schema import SOURCE_ROW, Column, Table
from auditor.core.text import Text
from auditor.intake.checks.contract import Fault, Promise
from auditor.intake.checks.keys import duplicated_keys, key_of, key_text
from auditor.intake.checks.precedence import Ranks, ranks
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.readers.base import Ragged
from auditor.intake.store.staging import Staged

_NAMED = 3
"""So many of the other rows of the same id are named, the rest counted."""

_SENTENCES: Mapping[Fault, tuple[str, str]] = {
    "required_missing": ("缺少必填的{zh}", "{en} is required and missing"),
    "date_unreadable": ("{zh}不是可识别的日期", "{en} is not a date that can be read"),
    "number_unreadable": ("{zh}不是可识别的数字", "{en} is not a number that can be read"),
    "code_unknown": ("{zh}的取值不在代码表中", "{en} is not one of its codes"),
    "cell_error": ("{zh}是表格软件的错误值，没有内容", "{en} is an error of the spreadsheet and no value"),
    "expression_failed": (
        "对接配置中{zh}的表达式读不出此值",
        "the profile's expression for {en} cannot read what stands there",
    ),
    "id_damaged": ("{zh}已被表格软件改成数字，末尾位数丢失", "{en} was cut by a spreadsheet that took it for a number"),
    "value_implausible": ("{zh}超出可能的范围", "{en} lies outside what is possible"),
}

Broken = Sequence[tuple[Promise, Any]]
Places = Mapping[str, Sequence[tuple[int, int]]]
"""Of each id that stands more than once: where, as source and row, in order, in the sources that take precedence."""


def quarantined(
    con: Any, rows: Any, broken: Broken, staged: Sequence[Staged], table: Table
) -> tuple[list[QuarantineEntry], list[HeldRow]]:
    """One entry for every fault of every row, in the order of sources, rows and columns, and each faulty row once, as
    it stands; `staged` are the sources of this table, counted as the column `_source` counts them."""
    found: list[QuarantineEntry] = []
    held: list[HeldRow] = []
    for number, each in enumerate(staged):
        mine = [_ragged(table, each, bad) for bad in each.ragged]
        as_they_stand = [_held(table, each, bad.row, [bad.text], ragged=True) for bad in each.ragged]
        if broken:
            for cells, faults, entries in _of_source(con, rows, broken, staged, number, table):
                mine += entries
                raw = [cells[f"c{place}"] for place in range(len(each.fitted.headers))]
                faulty = {place for fault in faults for place in each.fitted.places[fault.column]}
                as_they_stand.append(_held(table, each, int(cells[SOURCE_ROW]), raw, faulty=tuple(sorted(faulty))))
        found += sorted(mine, key=lambda entry: entry.source_row)
        held += sorted(as_they_stand, key=lambda row: row.source_row)
    return found, held


def headers_of(staged: Staged) -> tuple[Header, ...]:
    """The headers of a source, each with the column that it feeds."""
    columns = staged.fitted.table.columns
    feeds: dict[int, str] = {}
    for name, places in staged.fitted.places.items():
        for place in places:
            if place not in feeds or (columns[name].personal and not columns[feeds[place]].personal):
                feeds[place] = name
    return tuple(Header(name=name, column=feeds.get(place)) for place, name in enumerate(staged.fitted.headers))


def faulty(rows: Any, broken: Broken) -> Any:
    """The places, as source and row, of the rows that break a promise."""
    marked = rows.mutate(**{f"_kept_{place}": kept for place, (_, kept) in enumerate(broken)})
    any_broken = ~marked["_kept_0"]
    for place in range(1, len(broken)):
        any_broken = any_broken | ~marked[f"_kept_{place}"]
    return marked.filter(any_broken).select(SOURCE, SOURCE_ROW)


def _of_source(
    con: Any, rows: Any, broken: Broken, staged: Sequence[Staged], number: int, table: Table
) -> Iterator[tuple[Mapping[str, Any], list[Promise], list[QuarantineEntry]]]:
    """The faulty rows, as their cells, each with the promises it breaks and what is said of each."""
    mine, key = staged[number], key_of(table, frozenset(rows.columns))
    marks = {f"_kept_{place}": kept for place, (_, kept) in enumerate(broken)}
    marked = rows.mutate(**marks, _key=key_text(rows, key)) if key else rows.mutate(**marks)
    faulty = marked.select(SOURCE, SOURCE_ROW, *marks, *(["_key"] if key else []))
    faulty = faulty.filter(faulty[SOURCE] == number)
    any_broken = ~faulty["_kept_0"]
    for mark in list(marks)[1:]:
        any_broken = any_broken | ~faulty[mark]
    faulty = faulty.filter(any_broken).join(con.table(mine.name), SOURCE_ROW).order_by(SOURCE_ROW)
    places: Places = {}
    if any(promise.fault in ("id_duplicate", "superseded") for promise, _ in broken):
        places = _places(con, rows, key, staged)
    for cells in con.to_pyarrow(faulty).to_pylist():
        faults = [promise for mark, (promise, _) in zip(marks, broken, strict=True) if not cells[mark]]
        yield cells, faults, [_entry(table, mine, promise, cells, places, staged) for promise in faults]


def _entry(
    table: Table, mine: Staged, promise: Promise, cells: Mapping[str, Any], places: Places, staged: Sequence[Staged]
) -> QuarantineEntry:
    mapping = {column.column: column for column in mine.fitted.columns}[promise.column]
    raw = [cells[f"c{place}"] for place in mine.fitted.places[promise.column]]
    row = int(cells[SOURCE_ROW])
    if promise.fault == "id_duplicate":
        text = _duplicate(places[cells["_key"]], mine.source.name, row, staged)
    elif promise.fault == "superseded":
        text = _superseded(places[cells["_key"]], staged)
    else:
        text = _sentence(promise.fault, table.columns[promise.column])
    return QuarantineEntry(
        table_name=table.name,
        source_file=mine.source.name,
        source_row=row,
        column=mapping.source,
        raw_value=mapping.value if not raw else _joined(raw, mapping.separator),
        reason=promise.fault,
        text=text,
    )


def _held(
    table: Table,
    staged: Staged,
    row: int,
    cells: Sequence[str | None],
    *,
    faulty: tuple[int, ...] = (),
    ragged: bool = False,
) -> HeldRow:
    return HeldRow(
        table_name=table.name,
        source_file=staged.source.name,
        source_row=row,
        cells=tuple(cells),
        faulty=(0,) if ragged else faulty,
        ragged=ragged,
    )


def _joined(raw: Sequence[str | None], separator: str) -> str | None:
    return raw[0] if len(raw) == 1 else separator.join(value or "" for value in raw)


def _sentence(fault: Fault, column: Column) -> Text:
    zh, en = _SENTENCES[fault]
    return Text(zh=zh.format(zh=column.zh), en=en.format(en=column.label.en))


def _duplicate(places: Sequence[tuple[int, int]], name: str, row: int, staged: Sequence[Staged]) -> Text:
    mine = [(number, row) for number, each in enumerate(staged) if each.source.name == name]
    # One id may stand in a hundred thousand rows: no more of them are looked at than are named.
    some = [place for place in places[: _NAMED + len(mine)] if place not in mine]
    named = [(staged[number].source.name, other) for number, other in some[:_NAMED]]
    count = len(places) - sum(place in places[at : at + 1] for place in mine for at in (bisect_left(places, place),))
    more = count - _NAMED
    zh = "、".join(f"{file} 第 {other} 行" for file, other in named) + (f"等 {count} 处" if more > 0 else "")
    en = ", ".join(f"{file} row {other}" for file, other in named) + (f" and {more} more" if more > 0 else "")
    return Text(zh=f"同一编号还出现在 {zh}", en=f"the same id stands in {en}")


def _superseded(places: Sequence[tuple[int, int]], staged: Sequence[Staged]) -> Text:
    number, row = places[0]
    file = staged[number].source.name
    return Text(
        zh=f"以 {file} 第 {row} 行为准：按对接配置，该来源优先",
        en=f"{file} row {row} has the same id and counts instead: its source takes precedence in the profile",
    )


def _first(places: Sequence[tuple[int, int]], staged: Sequence[Staged]) -> Sequence[tuple[int, int]]:
    """Of the places of one id those in the sources that take precedence over all the others."""
    order: Ranks = ranks([each.source for each in staged])
    best = min(order[number] for number, _ in places)
    return [place for place in places if order[place[0]] == best]


def _places(con: Any, rows: Any, key: Sequence[str], staged: Sequence[Staged]) -> Places:
    named = rows.select(SOURCE, SOURCE_ROW, key=key_text(rows, key))
    twice = named.filter(named.key.isin(duplicated_keys(rows, key).key)).order_by(SOURCE, SOURCE_ROW)
    places: dict[str, list[tuple[int, int]]] = {}
    for row in con.to_pyarrow(twice).to_pylist():
        places.setdefault(row["key"], []).append((row[SOURCE], row[SOURCE_ROW]))
    return {key: _first(each, staged) for key, each in places.items()}


def _ragged(table: Table, staged: Staged, bad: Ragged) -> QuarantineEntry:
    return QuarantineEntry(
        table_name=table.name,
        source_file=staged.source.name,
        source_row=bad.row,
        column=None,
        raw_value=bad.text,
        reason="row_ragged",
        text=Text(
            zh=f"此行有 {bad.found} 个值，表头有 {bad.expected} 列",
            en=f"the row has {bad.found} values, and there are {bad.expected} headers",
        ),
    )
