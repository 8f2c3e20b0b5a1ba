"""Every word that a column of a profile may have: what it does to rows, and how a mistake in it is shown."""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.intake.office import HEADERS, case
from tests.intake.profiles import LOTS, PAYMENTS, line_of, load_with, misfits, mistakes

# from, join, alternatives, optional -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["编号", "名称", "场名"], "名称"),  # the first of the list, though both are there
        (["编号", "场名", "名称"], "名称"),  # wherever it stands in the file
        (["编号", "场名", "别名"], "场名"),
        (["编号", "场\n名", "别名"], "场\n名"),  # white space in a header means nothing
    ],
)
def test_from_takes_the_first_header_that_the_file_has(data: Path, headers: list[str], name: str) -> None:
    text = LOTS.replace("name: 名称", "name: [名称, 场名]").replace("[名称, 场名]", "{from: [名称, 场名]}")
    _, store = load_with(data, text, headers, ["1", *headers[1:]])
    assert store.rows("lots", "name") == [(name,)]


def test_from_names_the_first_header_where_the_file_has_none(data: Path) -> None:
    text = LOTS.replace("name: 名称", "name: {from: [名称, 场名]}")
    [problem] = misfits(data, text, ["编号", "场所名"], ["1", "甲"])
    assert problem.message == "a.csv has no header '名称'" and line_of(problem) == 5
    assert problem.hint is not None and "编号, 场所名" in problem.hint


def test_an_optional_column_may_lack_all_its_headers_and_is_then_no_column(data: Path) -> None:
    text = LOTS.replace("name: 名称", "name: {from: [名称, 场名], optional: yes}")
    result, store = load_with(data, text, ["编号", "x"], ["1", "甲"])
    assert store.rows("lots", "lot_id") == [("1",)] and result.columns["lots"] == {"lot_id"}


JOIN = LOTS.replace("lot_id: 编号", 'lot_id: {join: ["区|片区", "号|编号"], with: "-"}').replace(", name: 名称", "")


@pytest.mark.parametrize(
    "headers", [["区", "号"], ["片区", "号"], ["片区", "编号"], ["编号", "片区"], ["区", "编号", "号"]]
)
def test_each_part_of_what_is_joined_has_its_own_alternatives(data: Path, headers: list[str]) -> None:
    said = {"区": "东", "片区": "东", "号": "7", "编号": "7" if "号" not in headers else "not this"}
    _, store = load_with(data, JOIN, headers, [said[header] for header in headers])
    assert store.rows("lots", "lot_id") == [("东-7",)]


def test_a_header_that_is_really_called_so_goes_before_the_alternatives(data: Path) -> None:
    _, store = load_with(data, JOIN, ["区", "片区", "区|片区", "号"], ["x", "x", "东", "7"])
    assert store.rows("lots", "lot_id") == [("东-7",)]


def test_a_part_of_what_is_joined_that_no_header_gives_is_a_mistake(data: Path) -> None:
    [problem] = misfits(data, JOIN, ["区", "x"], ["东", "7"])
    assert problem.message == "a.csv has no header '号|编号'" and line_of(problem) == 5
    # Optional or not: where one of the parts is there, the other cannot be missing.
    text = JOIN.replace("lot_id: {", "lot_id: 编, name: {optional: yes, ")
    [problem] = misfits(data, text, ["编", "区"], ["1", "东"])
    assert problem.message == "a.csv has no header '号|编号'"
    _, store = load_with(data, text, ["编", "x"], ["1", "东"])
    assert "name" not in store.columns("lots")


def test_an_expression_and_a_filter_have_alternatives(data: Path) -> None:
    text = LOTS.replace("columns:", "where: '\"状态|标记\" <> ''作废'''\n      columns:")
    text = text.replace("name: 名称", "name: {sql: 'upper(\"名称|场名\")'}")
    for header in ("状态", "标记"):
        _, store = load_with(data, text, ["编号", "场名", header], ["1", "a", ""], ["2", "b", "作废"])
        assert store.rows("lots", "lot_id", "name") == [("1", "A")]
    [problem] = misfits(data, text, ["编号", "场名"], ["1", "a"])
    assert problem.message == "a.csv has no header '状态|标记'" and line_of(problem) == 4


# unit, times, words, constants ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "meant"),
    # 0.02 in each of the units of money, in yuan: a fen of 0.02 is less than half a cent of a yuan.
    [("元", "0.02"), ("万元", "200"), ("角", "0.00"), ("分", "0.00")],
)
def test_the_unit_of_plain_numbers_is_that_of_the_profile_and_a_said_one_goes_before(
    data: Path, unit: str, meant: str
) -> None:
    text = PAYMENTS.replace("amount: 额", f"amount: {{from: 额, unit: {unit}}}")
    rows = [["1", "0.02", "2024-05-03"], ["2", "3元", "2024-05-03"]]
    _, store = load_with(data, text, ["号", "额", "日"], *rows)
    assert store.rows("payments", "amount") == [(Decimal(meant),), (Decimal(3),)]


def test_mistaken_units_are_shown_with_what_would_be_right(data: Path) -> None:
    text = PAYMENTS.replace("amount: 额", "amount: {from: 额, unit: 亿元}")
    text = text.replace("case_id: 号", "case_id: {from: 号, times: 2}")
    text = text.replace("paid_at: 日", "item: {from: 项, unit: 元}, paid_at: {from: 日, unit: 元, times: 2}")
    problems = mistakes(data, text)
    assert {problem.message for problem in problems} == {
        "'亿元' is not a unit of amount",
        "case_id is no number that could be multiplied",
        "'元' is not a unit of item",
        "'元' is not a unit of paid_at",
        "`times` and `unit` exclude each other",
    }
    assert {line_of(problem) for problem in problems} == {5}
    [money] = [problem for problem in problems if "amount" in problem.message]
    assert money.hint == "did you mean '元'?"


@pytest.mark.parametrize("value", ['""', "''", '" "', '"\\u3000"', "~", "null", ""])
def test_a_constant_that_says_nothing_is_refused(data: Path, value: str) -> None:
    [problem] = mistakes(data, LOTS.replace("name: 名称", f"name: {{value: {value}}}"))
    assert problem.message == "the constant of name says nothing" and line_of(problem) == 5
    assert problem.hint is not None and "leave the column out" in problem.hint


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("corrected", "maybe", "'maybe' does not say whether corrected is true or false"),
        ("corrected", "2", "'2' does not say whether"),
        ("capture2", "camera", "no column 'capture2'"),
        ("grade", "grav", "'grav' is not a code of grade"),
        ("fine_amount", "much", "'much' cannot be read as fine_amount"),
        ("fine_amount", "1e30", "'1e30' cannot be read as fine_amount"),
        ("points", "5.7", "'5.7' cannot be read as points"),
        ("closed_at", "2024-02-30", "'2024-02-30' cannot be read as closed_at"),
        ("closed_at", "soon", "'soon' cannot be read as closed_at"),
        ("corrected", "[true]", "`value` is one word"),
    ],
)
def test_a_constant_that_is_no_value_of_its_column_is_refused(data: Path, column: str, value: str, says: str) -> None:
    columns = "".join(f"      {name}: {name}\n" for name in HEADERS)
    columns += f"      {column}: {{value: {value}}}\n"
    text = f"profile: p\ntables:\n  cases:\n    files: [a.csv]\n    columns:\n{columns}"
    [problem] = mistakes(data, text)
    assert says in problem.message and line_of(problem) == 6 + len(HEADERS)


def test_constants_of_every_type_stand_in_every_row(data: Path) -> None:
    given = {"corrected": "是", "fine_amount": "0.02万元", "points": "6.0", "closed_at": "2024/5/3", "grade": "grave"}
    columns = "".join(f"      {name}: {name}\n" for name in HEADERS)
    columns += "".join(f"      {name}: {{value: {value}}}\n" for name, value in given.items())
    text = f"profile: p\ntables:\n  cases:\n    files: [a.csv]\n    columns:\n{columns}"
    _, store = load_with(data, text, HEADERS, case("C1"), case("C2"))
    row = (True, Decimal(200), 6, datetime(2024, 5, 3), "grave")
    assert store.rows("cases", *given) == [row, row]


# sql ------------------------------------------------------------------------------------------------------------------

CAST = PAYMENTS.replace("amount: 额", "amount: {sql: SQL}")


@pytest.mark.parametrize(
    ("sql", "written", "meant"),
    [
        ('cast("额" as int)', "5", "5"),
        ('cast("额" as int)', "5.0", "5"),
        ('cast("额" as int)', "5.7", "number_unreadable"),  # and not 6
        ('cast("额" as int)', "-5.5", "number_unreadable"),
        ('cast("额" as int)', "5e0", "5"),
        ('cast("额" as int)', "5元", "number_unreadable"),
        ('cast("额" as int)', "", "required_missing"),
        ('cast("额" as bigint)', "99999999999999999999", "number_unreadable"),
        ('cast(cast("额" as double) / 2 as int)', "10", "5"),
        ('cast(cast("额" as double) / 2 as int)', "11", "number_unreadable"),
        ('cast(round("额") as int)', "5.7", "6"),  # asked for
        ('round("额", 1)', "x", "number_unreadable"),
        ('cast("额" as double) * 2', "x", "number_unreadable"),
        ('10 / cast("额" as double)', "0", "required_missing"),  # divided by nought there is no value
        # Whoever provides for it means it.
        ('try_cast("额" as int)', "5.7", "required_missing"),
        ('coalesce(cast("额" as int), 7)', "5.7", "7"),
        ('coalesce(cast("额" as int), cast("号" as int))', "5.7", "1"),
        ('case when cast("额" as int) is null then 7 else 8 end', "5.7", "7"),
        # Of a case only the branch that a row comes to.
        ('case when "额" = \'免\' then 0 else cast("额" as int) end', "免", "0"),
        ('case when "额" = \'待\' then null else cast("额" as int) end', "待", "required_missing"),
        ('case when "额" = \'待\' then null else cast("额" as int) end', "x", "number_unreadable"),
        ('case "额" when \'待\' then null else cast("额" as int) end', "待", "required_missing"),
        ('case when cast("额" as double) > 5 then 9 end', "5", "required_missing"),
        ('case when cast("额" as double) > 5 then 9 end', "x", "number_unreadable"),
    ],
)
def test_what_a_cast_cannot_read_is_a_fault_and_never_a_rounded_number(
    data: Path, sql: str, written: str, meant: str
) -> None:
    text = CAST.replace("SQL", "'" + sql.replace("'", "''") + "'")
    result, store = load_with(data, text, ["号", "额", "日"], ["1", written, "2024-05-03"])
    if meant[-1].isdigit():
        assert store.rows("payments", "amount") == [(Decimal(meant),)]
    else:
        assert [(entry.column, entry.raw_value, entry.reason) for entry in result.quarantine] == [
            (" + ".join(re.findall('"(.)"', sql)[:1]), written, meant)
        ]


@pytest.mark.parametrize(
    ("sql", "written", "meant"),
    [
        ("concat('R', cast(cast(\"票\" as int) + 1 as varchar))", "8", "R9"),
        ('cast(cast("票" as int) + 1 as varchar)', "8", "9"),
        ('cast(cast("票" as int) + 1 as varchar)', "8.5", "expression_failed"),
        ('cast(cast("票" as int) + 1 as varchar)', "第八号", "expression_failed"),
        ('cast(cast("票" as int) + 1 as varchar)', "", None),
        ('cast(try_cast("票" as int) + 1 as varchar)', "第八号", None),
        ('coalesce(cast(cast("票" as int) + 1 as varchar), "票")', "第八号", "第八号"),
        ("substring(cast(strptime(\"票\", '%d.%m.%Y') as varchar), 1, 7)", "31.02.2024", "expression_failed"),
    ],
)
def test_a_text_that_a_cast_cannot_read_is_a_fault_too_and_no_silence(
    data: Path, sql: str, written: str, meant: str | None
) -> None:
    receipt = "receipt_no: {sql: '" + sql.replace("'", "''") + "'}"
    text = PAYMENTS.replace("paid_at: 日", f"paid_at: 日, {receipt}")
    result, store = load_with(data, text, ["号", "额", "日", "票"], ["1", "9", "2024-05-03", written])
    if meant == "expression_failed":
        [entry] = result.quarantine
        assert (entry.column, entry.raw_value, entry.reason) == ("票", written, "expression_failed")
        assert "receipt" in entry.text.en and "读不出" in entry.text.zh
    else:
        assert store.rows("payments", "receipt_no") == [(meant,)]


def test_of_several_formats_in_an_expression_one_must_fit(data: Path) -> None:
    dates = "coalesce(strptime(\"日\", ''%d.%m.%Y''), strptime(\"日\", ''%Y/%m/%d''))"
    text = PAYMENTS.replace("paid_at: 日", f"paid_at: {{sql: '{dates}'}}")
    rows = [["1", "9", "03.05.2024"], ["2", "9", "2024/05/03"], ["3", "9", "soon"], ["4", "9", ""]]
    result, store = load_with(data, text, ["号", "额", "日"], *rows)
    assert store.rows("payments", "paid_at") == [(datetime(2024, 5, 3),)] * 2
    reasons = [(entry.source_row, entry.reason) for entry in result.quarantine]
    assert reasons == [(4, "date_unreadable"), (5, "required_missing")]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("'1'", "names no header"),
        ('"额" + 1', "only numbers are reckoned with"),
        ('cast("额" as json)', "cast to json is not allowed"),
        ("额", "额 is no header"),
        ('upper("额"', "not a valid SQL expression"),
        ('upper("额", 1)', "number of provided arguments"),
        ('md5("额")', "md5 is not allowed here"),
        ("regexp_extract(\"额\", '(')", "not a pattern"),
    ],
)
def test_a_mistaken_expression_is_shown_where_it_stands(data: Path, sql: str, says: str) -> None:
    [problem] = mistakes(data, CAST.replace("SQL", "'" + sql.replace("'", "''") + "'"))
    assert says in problem.message and line_of(problem) == 5
