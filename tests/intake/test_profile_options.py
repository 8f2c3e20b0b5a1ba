"""Every word that a source of a profile may have: what it does to rows, and how a mistake in it is shown."""

from datetime import datetime
from pathlib import Path

import pytest

from auditor.core.errors import InputError
from tests.intake.office import Rows, loaded, write_csv, write_xlsx
from tests.intake.profiles import LOTS, PAYMENTS, line_of, load_with, mistakes, profile_of

# encoding, delimiter, quote, header_row, header_rows ------------------------------------------------------------------

TWO = """profile: p
encoding: utf-8
tables:
  lots:
    - {files: [a.csv], columns: {lot_id: 编号, name: 名称}}
    - {files: [b.csv], encoding: GBK, delimiter: pipe, quote: single, columns: {lot_id: 编号, name: 名称}}
    - {files: [c.csv], encoding: utf_16, delimiter: "^", quote: none, columns: {lot_id: 编号, name: 名称}}
"""


def test_each_source_has_its_own_encoding_delimiter_and_quote(data: Path) -> None:
    (data / "a.csv").write_bytes('编号,名称\n1,"甲,乙"\n'.encode())
    (data / "b.csv").write_bytes("编号|名称\n2|'甲|\"乙'\n".encode("gbk"))
    (data / "c.csv").write_bytes("编号^名称\n3^\"甲,'乙\n".encode("utf-16"))
    result, store = loaded(data, profile_of(data, TWO))
    assert store.rows("lots", "lot_id", "name") == [("1", "甲,乙"), ("2", '甲|"乙'), ("3", "\"甲,'乙")]
    # 16-bit text says of itself in which order its bytes stand.
    assert [str(file.encoding).lower()[:6] for file in result.inputs] == ["utf-8", "gb1803", "utf-16"]


def test_what_a_profile_says_of_a_text_file_is_not_guessed_again(data: Path) -> None:
    # By the delimiter alone: a comma would divide every row alike, too.
    (data / "a.csv").write_text("编号;名称,x\n1;甲,1\n2;乙,2\n", encoding="utf-8")
    _, store = loaded(
        data,
        profile_of(data, LOTS.replace("columns:", "delimiter: semicolon\n      columns:").replace("名称", '"名称,x"')),
    )
    assert store.rows("lots", "lot_id", "name") == [("1", "甲,1"), ("2", "乙,2")]


def test_an_encoding_that_the_file_is_not_in_names_the_file(data: Path) -> None:
    # UTF-8 is not what is told of b and c, nor GB18030 of a.
    for name, encoding in (("a", "gb18030"), ("b", "utf-8"), ("c", "utf-8")):
        (data / f"{name}.csv").write_bytes("编号,名称\n1,人民路与解放路交叉口停车场\n".encode(encoding))
    with pytest.raises(InputError) as caught:
        loaded(data, profile_of(data, TWO))
    # Of every file that cannot be read so, not of the first alone.
    told = {problem.location.file: problem for problem in caught.value.problems if problem.location}
    assert list(told) == ["a.csv", "b.csv", "c.csv"]
    assert all("encoding told" in problem.message and problem.hint for problem in told.values())


@pytest.mark.parametrize(
    ("option", "says", "hint"),
    [
        ("encoding: gb2313", "not an encoding", "gb2312"),
        ("delimiter: commas", "'commas' is not known as delimiter", "comma"),
        ('delimiter: "，"', "'，' cannot be a delimiter", "one sign of ASCII"),
        ('delimiter: "、"', "'、' cannot be a delimiter", "comma, tab, semicolon, pipe"),
        ("delimiter: a", "'a' cannot be a delimiter", "no letter"),
        ("delimiter: '\"'", "is not known as delimiter", ""),
        ('delimiter: "\\n"', "is not known as delimiter", ""),
        ('delimiter: "||"', "'||' is not known as delimiter", ""),
        ("delimiter: [comma]", "`delimiter` is one word", ""),
        ("quote: doubled", "'doubled' is not known as quote", "double"),
        ("header_row: 0", "`header_row` is the number", ""),
        ("header_row: third", "`header_row` is the number", ""),
        ("header_rows: 3", "`header_rows` is 1 or 2", ""),
        ("optional: perhaps", "`optional` is yes or no", ""),
        ("precedence: 0", "`precedence` is a whole number", ""),
        ("where: 'name = 1'", "text is compared with a number", "cast"),
        ("where: 'upper(name)'", "is no condition", ""),
        ("where: 'nam is null'", "no column 'nam'", "name"),
        ("where: [a]", "an expression is one text", ""),
        ("lacks: [lot_id]", "`lacks` names required columns", ""),
        ("lacks: [name]", "`lacks` names required columns", ""),
        ("header_line: 2", "unknown key 'header_line'", "header_row"),
    ],
)
def test_a_mistaken_option_of_a_source_is_shown_where_it_stands(data: Path, option: str, says: str, hint: str) -> None:
    [problem] = mistakes(data, LOTS.replace("columns:", f"{option}\n      columns:"))
    assert says in problem.message and hint in (problem.hint or "")
    assert line_of(problem) == 5 and problem.location is not None and problem.location.file.endswith("p.yaml")


def test_all_mistakes_of_all_sources_at_once(data: Path) -> None:
    text = TWO.replace("utf_16", "utf-17").replace("pipe", "，").replace("single", "simple").replace("名称", "")
    problems = mistakes(data, text)
    assert sorted((line_of(problem), problem.message.split(" ")[0]) for problem in problems) == [
        (5, "name"), (6, "'simple'"), (6, "'，'"), (6, "name"), (7, "name"), (7, "not"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_row_and_the_rows_of_headers_are_those_told(data: Path, kind: str) -> None:
    # Row 2 would be found, since it has both names; row 3 is told, and takes two rows.
    rows: Rows = [["题", ""], ["编号", "名称"], ["停车场", "停车场"], ["编号", "名称"], ["1", "甲"]]
    text = LOTS.replace("a.csv", f"a.{kind}").replace("columns:", "header_row: 3\n      header_rows: 2\n      columns:")
    if kind == "csv":
        write_csv(data / "a.csv", rows)
    else:
        write_xlsx(data / "a.xlsx", {"s": rows})
    result, store = loaded(data, profile_of(data, text))
    assert store.rows("lots", "lot_id", "name", "_row") == [("1", "甲", 5)]
    assert [(row.source_row, row.kind) for row in result.inputs[0].passed_over] == [
        (1, "title"), (2, "title"), (3, "header"), (4, "header"),
    ]  # fmt: skip
    assert [header.name for header in result.inputs[0].headers] == ["停车场/编号", "停车场/名称"]


def test_a_told_row_without_headers_names_the_file(data: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv.*no headers in record 9"):
        load_with(data, LOTS.replace("columns:", "header_row: 9\n      columns:"), ["编号", "名称"], ["1", "甲"])


# where ----------------------------------------------------------------------------------------------------------------


def test_a_filter_leaves_out_what_is_false_and_keeps_what_cannot_be_said(data: Path) -> None:
    text = PAYMENTS.replace("columns:", "where: '\"态\" <> ''废'' and cast(\"额\" as double) > 5'\n    columns:")
    rows = [
        ["1", "9", "2024-05-03", "正常"],  # true
        ["2", "9", "2024-05-03", "废"],  # false
        ["3", "5", "2024-05-03", "正常"],  # false: not more than 5
        ["4", "9", "2024-05-03", ""],  # it is not said whether it is void: kept
        ["5", "", "2024-05-03", "正常"],  # not said how much: kept, and set aside for that
        ["6", "much", "2024-05-03", "正常"],  # nor here
        ["7", "1", "2024-05-03", ""],  # false: NULL and false is false
        ["8", "much", "2024-05-03", "废"],  # false again
    ]
    result, store = load_with(data, text, ["号", "额", "日", "态"], *rows)
    assert [ident for (ident,) in store.rows("payments", "payment_id")] == ["1", "4"]
    assert [(entry.source_row, entry.reason) for entry in result.quarantine] == [
        (6, "required_missing"),
        (7, "number_unreadable"),
    ]
    [file] = result.inputs
    assert file.counts()["filtered"] == 4 and sum(file.counts().values()) == file.rows == 9


# lacks, several sources -----------------------------------------------------------------------------------------------

SIDES = """profile: p
tables:
  payments:
    - files: [a.csv]
      precedence: 2
      lacks: [paid_at]
      columns: {payment_id: 号, case_id: 号, amount: 额}
    - files: [b.csv]
      precedence: 1
      columns: {payment_id: 号, case_id: 号, amount: 额, paid_at: 日}
"""


def test_a_source_that_lacks_a_column_beside_one_that_has_it_keeps_its_rows(data: Path) -> None:
    write_csv(data / "a.csv", [["号", "额"], ["1", "9"], ["2", "9"], ["3", ""]])
    write_csv(data / "b.csv", [["号", "额", "日"], ["2", "9", "2024-05-03"], ["4", "9", ""], ["5", "9", "soon"]])
    result, store = loaded(data, profile_of(data, SIDES))
    # 1 does not owe a day, since its source has none; 4 does. What else is required is required of both.
    assert store.rows("payments", "payment_id", "paid_at") == [("1", None), ("2", datetime(2024, 5, 3))]
    assert [(entry.source_file, entry.source_row, entry.column, entry.reason) for entry in result.quarantine] == [
        ("a.csv", 3, "号", "superseded"),
        ("a.csv", 4, "额", "required_missing"),
        ("b.csv", 3, "日", "required_missing"),
        ("b.csv", 4, "日", "date_unreadable"),
    ]
    assert "paid_at" in result.columns["payments"]


def test_whichever_of_the_two_comes_first(data: Path) -> None:
    text = SIDES.replace("a.csv", "x").replace("b.csv", "a.csv").replace("[x]", "[b.csv]")
    write_csv(data / "b.csv", [["号", "额"], ["1", "9"]])
    write_csv(data / "a.csv", [["号", "额", "日"], ["2", "9", ""]])
    result, store = loaded(data, profile_of(data, text))
    assert store.rows("payments", "payment_id") == [("1",)]
    assert [(entry.source_file, entry.reason) for entry in result.quarantine] == [("a.csv", "required_missing")]


def test_where_all_sources_lack_a_column_the_table_has_it_not(data: Path) -> None:
    write_csv(data / "a.csv", [["号", "额"], ["1", "9"]])
    result, store = loaded(data, profile_of(data, SIDES.partition("    - files: [b.csv]")[0]))
    assert store.rows("payments", "payment_id") == [("1",)] and "paid_at" not in result.columns["payments"]


def test_what_is_required_and_neither_mapped_nor_lacking_is_a_mistake(data: Path) -> None:
    [problem] = mistakes(data, SIDES.replace("      lacks: [paid_at]\n", ""))
    assert problem.message == "the table payments requires the column 'paid_at', which is mapped to nothing"
    assert line_of(problem) == 6


# names of files -------------------------------------------------------------------------------------------------------


def test_a_number_sign_in_the_name_of_a_file(data: Path) -> None:
    write_csv(data / "场#1.csv", [["编号", "名称"], ["1", "甲"]])
    write_xlsx(data / "场#2.xlsx", {"说明": [["x"]], "表#b": [["编号", "名称"], ["2", "乙"]]})
    text = LOTS.replace("[a.csv]", '["场[#]*.csv", "场[#]2.xlsx#表#?"]')
    result, store = loaded(data, profile_of(data, text))
    assert store.rows("lots", "lot_id", "name") == [("1", "甲"), ("2", "乙")]
    assert [file.file for file in result.inputs] == ["场#1.csv", "场#2.xlsx#表#b"]


def test_a_source_that_need_not_be_there(data: Path) -> None:
    text = LOTS + "    - {files: [b.csv], optional: yes, columns: {lot_id: 编号}}\n"
    _, store = load_with(data, text, ["编号", "名称"], ["1", "甲"])
    assert store.rows("lots", "lot_id") == [("1",)]
    with pytest.raises(InputError) as caught:
        loaded(data, profile_of(data, text.replace("optional: yes", "optional: no")))
    [problem] = caught.value.problems
    assert problem.message == "no file matches 'b.csv'" and line_of(problem) == 6
