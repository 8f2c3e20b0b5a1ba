"""Where the headers of an office's table stand, what else stands between its records, and that no record is lost so."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.core.errors import InputError
from auditor.core.schema import Column, exported
from auditor.intake.readers.csv import CsvReading
from auditor.intake.readers.formats import Asked
from auditor.intake.readers.heading import LOOK, Heading, Told, find_heading, header_key, places, recognised
from tests.intake.office import write_csv

Rows = list[list[str]]
HEAD = ["案号", "当事人", "处罚日期", "罚款金额"]
KNOWN = frozenset(HEAD)
RECORD = ["C1", "张三", "2024-05-03", "200"]


def found(records: Sequence[Sequence[str]], **told: Any) -> Heading:
    return find_heading(records, "台账.csv", Told(**told))


# Where the headers stand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "kinds"),
    [
        ([], []),
        ([["2024年5月案件台账"]], ["title"]),
        ([["2024年5月案件台账"], ["填报单位：城关大队", "", "填报日期：2024-06-01"]], ["title", "title"]),
        # A blank row between the title and the headers is no title.
        ([["2024年5月案件台账"], ["", "", "", ""]], ["title"]),
        # One header's name in a title makes no header row of it.
        ([["案号"]], ["title"]),
        ([["案号", "填报单位：城关大队"]], ["title"]),
    ],
)
def test_the_headers_stand_below_titles(above: Rows, kinds: list[str]) -> None:
    heading = found([*above, HEAD, RECORD], known=KNOWN)
    assert heading.headers == tuple(HEAD) and heading.last == len(above) + 1
    assert [row.kind for row in heading.above] == [*kinds, "header"]
    assert heading.above[-1].source_row == len(above) + 1


def test_without_any_known_word_the_first_wide_row_without_a_number_is_the_headers() -> None:
    assert found([["台账"], ["甲", "乙", "丙", "丁"], RECORD]).last == 2
    # A first row of records has a number in it: it is passed by, although it is as wide.
    assert found([["1", "2", "3", "4"], ["甲", "乙", "丙", "丁"]]).last == 2


def test_two_rows_of_headers_are_one_name_by_what_stands_over_it() -> None:
    upper = ["案号", "当事人", "", "处罚", "", "备注"]
    lower = ["", "姓名", "证号", "日期", "金额", ""]
    names = ("案号", "当事人/姓名", "当事人/证号", "处罚/日期", "处罚/金额", "备注")
    known = frozenset({"案号", "当事人/姓名", "证号", "金额"})
    told, seen = found([upper, lower, RECORD], rows=2), found([["题"], upper, lower, RECORD], known=known)
    assert told.headers == seen.headers == names
    assert (told.last, seen.last) == (2, 3)
    assert [(row.source_row, row.kind) for row in seen.above] == [(1, "title"), (2, "header"), (3, "header")]


def test_a_group_ends_where_nothing_stands_under_it() -> None:
    # The range over 姓名 and 证号 does not reach over the column without a header of its own.
    heading = found([["当事人", "", "", "车号"], ["姓名", "证号", "", ""]], rows=2)
    assert heading.headers == ("当事人/姓名", "当事人/证号", "#3", "车号")


def test_a_merged_cell_over_both_rows_is_said_once() -> None:
    # A workbook's merged range stands in both of its rows, once the reader has filled it.
    assert found([["案号", "当事人"], ["案号", "姓名"]], rows=2).headers == ("案号", "当事人/姓名")


def test_one_row_is_preferred_where_two_say_no_more() -> None:
    heading = found([["题"], HEAD, RECORD], known=KNOWN)
    assert heading.headers == tuple(HEAD)


def test_a_lower_header_names_its_column_where_no_other_is_called_so() -> None:
    headers = ("案号", "当事人/姓名", "执法人员/姓名", "处罚/金额", "金额")
    assert places(headers) == {
        "案号": 0,
        "当事人/姓名": 1,  # 姓名 alone might be either
        "执法人员/姓名": 2,
        "处罚/金额": 3,
        "金额": 4,  # the whole name goes before a lower one
    }


def test_headers_without_a_name_and_of_one_name_are_told_apart() -> None:
    heading = found([["案号", "", "备注", "备注", " 备\n注 "], RECORD], row=1)
    # A line break is white space in a name: 备 注 is called otherwise, though one asks for it as 备注.
    assert heading.headers == ("案号", "#2", "备注#1", "备注#2", "备 注")


def test_white_space_in_a_header_means_nothing() -> None:
    assert header_key(" 罚款\n金额 （元）") == "罚款金额（元）"
    assert found([["案 号", "当事\n人", "处罚日期", "金额"], RECORD], known=KNOWN).headers[1] == "当事 人"


# A row number told ----------------------------------------------------------------------------------------------------


def test_a_told_row_goes_before_whatever_looks_like_headers() -> None:
    heading = found([HEAD, ["甲", "乙", "丙", "丁"], RECORD], row=2, known=KNOWN)
    assert heading.headers == ("甲", "乙", "丙", "丁") and heading.last == 2
    assert [row.kind for row in heading.above] == ["title", "header"]


def test_two_rows_told_from_a_told_row_on() -> None:
    heading = found([["题"], ["当事人", ""], ["姓名", "证号"], ["张三", "X"]], row=2, rows=2)
    assert heading.headers == ("当事人/姓名", "当事人/证号") and heading.last == 3


@pytest.mark.parametrize("row", [2, 4, LOOK + 5])
def test_a_told_row_that_holds_nothing_is_refused_with_its_number(row: int) -> None:
    with pytest.raises(InputError) as caught:
        found([HEAD, ["", " ", "\u3000", ""], RECORD], row=row)
    assert f"no headers in record {row}" in str(caught.value) and "台账.csv" in str(caught.value)


def test_a_file_without_anything_says_what_would_help() -> None:
    with pytest.raises(InputError) as caught:
        found([["", ""], [""]])
    [problem] = caught.value.problems
    assert problem.message == "holds no headers" and problem.hint is not None and "header_row" in problem.hint


def test_headers_are_looked_for_in_the_first_records_only() -> None:
    # The last record that is looked at, and the one after it.
    titles = [["题"]] * (LOOK - 1)
    assert found([*titles, HEAD, RECORD], known=KNOWN).headers == tuple(HEAD)
    assert found([*titles, ["题"], HEAD, RECORD], known=KNOWN).headers != tuple(HEAD)


# What stands between the records --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["合计", "", "", "1200"], "total"),
        (["合 计", "", "", "1,200.00元"], "total"),
        (["", "小计", "", "1200"], "total"),
        (["本页合计：3件", "", "", "1200"], "total"),
        (["总计金额", "", "", "壹仟贰佰元整"], "total"),
        (["Grand Total:", "", "3", "-"], "total"),
        (["合計", "共12件", "", "￥1200"], "total"),
        (["合计", "", "制表人：张三", "1200"], "total"),
        # What says more than sums is a record, whatever it begins with.
        (["合计", "张三", "2024-05-03", "1200"], None),
        (["合计", "", "2024-05-03", "1200"], None),
        (["小计", "X1", "", "1200"], None),
        (["合计服务区", "", "", "200"], None),
        (["共计五次", "", "", "200"], None),
        (["制表人：张三", "", "审核：李四", ""], "note"),
        (["填报日期：2024-06-01", "", "", ""], "note"),
        (["备注：本表不含移送案件", "", "", ""], "note"),
        (["单位负责人（签字）", "", "", ""], None),
        (["单位负责人签字：", "", "", ""], "note"),
        # A row that fills every column is a record.
        (["备注：无", "张三", "2024-05-03", "200"], None),
        (["备注", "", "", "200"], None),
        (HEAD, "header"),
        (["案 号", "当事\n人", "处罚日期", "罚款金额"], "header"),
        (["", "当事人", "", "罚款金额"], "header"),
        # A header's name in another column, or alone, is a value.
        (["案号", "", "", ""], None),
        (["当事人", "案号", "", ""], None),
        (["案号", "张三", "处罚日期", "罚款金额"], None),
        ([*HEAD, "多余"], None),
        (["", "", "", ""], None),
        ([" ", "\u3000", "\0", "\ufeff"], None),
        (RECORD, None),
    ],
)
def test_rows_that_are_no_records(cells: list[str], kind: str | None) -> None:
    assert recognised(cells, HEAD) == kind


@pytest.mark.parametrize(("values", "kind"), [(4, "note"), (5, None)])
def test_a_note_says_four_things_at_most(values: int, kind: str | None) -> None:
    cells = ["制表人：张三", "甲", "乙", "丙", "丁"][:values]
    assert recognised([*cells, *[""] * (8 - values)], [f"列{number}" for number in range(8)]) == kind


def test_of_two_columns_a_note_may_fill_both() -> None:
    assert recognised(["制表人：张三", "2024-06-01"], ["编号", "名称"]) == "note"


def test_each_of_two_header_rows_may_be_printed_once_more() -> None:
    headers = ("案号", "当事人/姓名", "当事人/证号", "备注#1", "备注#2")
    assert recognised(["案号", "当事人", "", "备注", "备注"], headers) == "header"
    assert recognised(["", "姓名", "证号", "", ""], headers) == "header"
    assert recognised(["", "证号", "姓名", "", ""], headers) is None


# Whatever stands where, every row is accounted for------------------------------------------------------------------

quiet = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
WORDS = (
    "张三", "人民路与解放路交叉口", "一中队", "超限运输", "备注见附件", "说明情况后放行", "共青路", "总站", "合计三项",
    "小计划镇", "注册地不详", "统计局门前", "打印店旁", "审核通过", "复核后撤销", "案情：已核", "Total Oil",
)  # fmt: skip
"""What texts of a record may say; some begin like totals and notes."""
TABLES = tuple(table for table in exported().values() if len(table.columns) >= 3)


def _value(column: Column) -> st.SearchStrategy[str]:
    match column.type:
        case "code":
            return st.sampled_from([*column.codes, *column.codes.values()])
        case "bool":
            return st.sampled_from(["是", "否", "1", "0"])
        case "int":
            return st.integers(0, 500).map(str)
        case "double" | "money":
            return st.decimals(0, 99999, places=2).map(str)
        case "timestamp":
            return st.datetimes().map(lambda at: f"2024-{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02}")
        case "date":
            return st.dates().map(lambda day: f"2024年{day.month}月{day.day}日")
        case _ if column.name.endswith(("_id", "_no", "_code", "batch")):
            return st.from_regex(r"[A-Z]{1,2}[0-9]{3,10}(-[0-9]{1,3})?", fullmatch=True)
        case _:
            return st.sampled_from(WORDS)


@st.composite
def _ledger(draw: st.DrawFn, hostile: bool) -> tuple[list[str], Rows]:
    """Headers in the county's words and sound records under them. A hostile one has its id first and anything after
    it, other records' totals, notes and headers among it."""
    table = draw(st.sampled_from([table for table in TABLES if table.key] if hostile else TABLES))
    columns = draw(
        st.lists(
            st.sampled_from(list(table.columns.values())), min_size=3, max_size=7, unique_by=lambda column: column.zh
        )
    )
    if hostile:
        key = table.columns[table.key[0]]
        columns = [key, *(column for column in columns if column is not key)]
    headers = [column.zh for column in columns]
    trap = st.sampled_from(["合计", "备注：无", "制表人：张三", "total", "", *headers])
    row = st.tuples(
        *(
            _value(column).filter(bool) if place < 1 else trap if hostile else st.just("") | _value(column)
            for place, column in enumerate(columns)
        )
    ).map(list)
    return headers, draw(st.lists(row, max_size=8))


@settings(quiet, max_examples=300)
@given(_ledger(hostile=False))
def test_a_sound_record_is_taken_for_nothing_else(ledger: tuple[list[str], Rows]) -> None:
    headers, records = ledger
    assert [recognised(record, headers) for record in records] == [None] * len(records)


@settings(quiet, max_examples=300)
@given(_ledger(hostile=True))
def test_a_record_that_begins_with_its_id_is_one_whatever_follows(ledger: tuple[list[str], Rows]) -> None:
    headers, records = ledger
    assert [recognised(record, headers) for record in records] == [None] * len(records)


@st.composite
def _printed(draw: st.DrawFn) -> tuple[frozenset[str], Rows, list[str]]:
    """A file with all that an office prints, the words a profile would know of it, and what each row is."""
    headers, records = draw(_ledger(hostile=False))
    width = len(headers)
    two = draw(st.booleans())
    # Two rows: the first header stands over both, the others under a group.
    head = [[headers[0], "分组", *[""] * (width - 2)], ["", *headers[1:]]] if two else [headers]
    blank, title = [""] * width, ["2024年5月台账", *[""] * (width - 1)]
    filled = ["填报单位：城关大队", "", "日期：2024-06-01", *[""] * (width - 3)]
    note = ["制表人：张三", "审核：李四", *[""] * (width - 2)]
    total = st.tuples(
        st.sampled_from(["合计", "小 计", "本页合计", "总计：", "Total"]),
        *[st.sampled_from(["", "3", "1,200.00", "12件", "-"])] * (width - 1),
    ).map(list)
    rows: Rows = []
    kinds: list[str] = []

    def put(kind: str, *cells: list[str]) -> None:
        rows.extend(cells)
        kinds.extend([kind] * len(cells))

    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from([blank, title, filled]))
        put("blank" if row is blank else "title", row)
    put("header", *head)
    for record in records:
        put("record", record)
        match draw(st.sampled_from(["none", "none", "blank", "head", "total", "note"])):
            case "blank":
                put("blank", blank)
            case "head":
                put("header", *head)
            case "total":
                put("total", draw(total))
            case "note":
                put("note", note)
            case _:
                pass
    put("note", *[note] * draw(st.integers(0, 2)))
    return frozenset(header_key(header) for header in headers), rows, kinds


@quiet
@given(_printed())
def test_every_row_of_a_printed_ledger_is_what_it_is(printed: tuple[frozenset[str], Rows, list[str]]) -> None:
    known, rows, kinds = printed
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "a.csv", rows)
        reading = CsvReading(Asked(path=path, name="a.csv", heading=Told(known=known)))
        given_rows = [row for batch in reading.batches() for row in batch.column(batch.num_columns - 1).to_pylist()]
    told = dict.fromkeys(given_rows, "record") | {row.source_row: row.kind for row in reading.passed_over}
    assert told == {row: kind for row, kind in enumerate(kinds, start=1) if kind != "blank"}
    # Given, passed over and blank are all the rows there are; none is ragged here.
    assert len(given_rows) + len(reading.passed_over) + reading.blank == reading.rows == len(rows)
    assert not reading.ragged
