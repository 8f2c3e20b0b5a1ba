"""Whatever an export holds: read = loaded + quarantined, and every row is in exactly one of the two."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx

ids = st.sampled_from(["", "A1", "A2", "007", "7", "110101199003070012", "a\nb", ' "q" ', "编号,一"])
dates = st.sampled_from(["2024-05-03", "2024-02-30", "", "soon", "2024-05-03 24:00", "1899-12-30", "２０２４/1/1"])
amounts = st.sampled_from(["", "0", "-1", "1,000", "x", "1e400", "99999999999999"])
codes = st.sampled_from(["transport", "traffic_police", "Transport", "", "𠮷"])
junk = st.text(st.characters(codec="gb18030", exclude_characters="\x00\r"), max_size=6)
cells = st.tuples(
    st.one_of(ids, junk),
    codes,
    st.one_of(junk, st.just("U1")),
    junk,
    dates,
    codes.map(lambda _: "camera"),
    junk,
    amounts,
).map(list)
whole = st.tuples(ids, codes, st.just("U"), st.just("1"), dates, st.just("camera"), st.just("summary"), amounts).map(
    list
)
ragged = st.lists(st.sampled_from(["x", "甲", "1"]), min_size=1, max_size=10).filter(lambda row: len(row) != 8)
quiet = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _holds(row: list[str]) -> bool:
    return any(cell.strip(" \t\r\n\v\f\u00a0\u3000\ufeff") for cell in row)


def _check(folder: Path, rows: list[list[str]]) -> None:
    result, store = loaded(folder)
    expected = {number for number, row in enumerate(rows, start=2) if _holds(row)}
    kept = [row for (row,) in store.rows("cases", "_row")]
    aside = {entry.source_row for entry in result.quarantine}
    assert kept == sorted(kept) and len(kept) == len(set(kept))
    assert not set(kept) & aside and set(kept) | aside == expected
    [file] = result.inputs
    assert (file.read, file.loaded, file.quarantined) == (len(expected), len(kept), len(aside))
    assert sum(file.counts().values()) == file.rows
    assert [row.source_row for row in result.held] == sorted(aside)


@quiet
@given(st.lists(st.one_of(whole, whole, cells, ragged), max_size=60), st.sampled_from(["utf-8", "gb18030"]))
def test_of_csv(rows: list[list[str]], encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (data := Path(folder) / "data").mkdir()
        write_csv(data / "cases.csv", [[*HEADERS, "fine_amount"], *rows], encoding)
        _check(data, rows)


@quiet
@given(st.lists(st.one_of(whole, cells), max_size=60))
def test_of_xlsx(rows: list[list[str]]) -> None:
    rows = [["".join(char for char in cell if char.isprintable()) for cell in row] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        (data := Path(folder) / "data").mkdir()
        write_xlsx(data / "cases.xlsx", {"s": [[*HEADERS, "fine_amount"], *rows]})
        _check(data, rows)


def test_every_kind_of_row_is_counted_as_what_it_is() -> None:
    sheet = [
        ["案件台账"],
        HEADERS,
        case("C1"),
        [""] * 7,
        case("C2", "soon"),
        ["合计", "", "2"],
        HEADERS,
        ["制表人：甲"],
    ]
    with tempfile.TemporaryDirectory() as folder:
        (data := Path(folder) / "data").mkdir()
        write_xlsx(data / "cases.xlsx", {"s": sheet})
        result, _ = loaded(data)
    [file] = result.inputs
    assert file.rows == len(sheet)
    counted = {"loaded": 1, "quarantined": 1, "title": 1, "header": 2, "total": 1, "note": 1, "blank": 1, "filtered": 0}
    assert file.counts() == counted
    assert [(header.name, header.column) for header in file.headers] == [(name, name) for name in HEADERS]
    [held] = result.held
    assert (held.source_row, held.cells, held.faulty) == (5, tuple(case("C2", "soon")), (4,))
