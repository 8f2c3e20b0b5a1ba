"""The plain values: lengths of time, periods, masks, words, identities, the canonical tables."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.duration import Duration, parse_duration
from auditor.core.fact import Fact
from auditor.core.finding import Values, finding_id, fingerprint
from auditor.core.period import day_before, month_of, parse_period
from auditor.core.privacy import mask
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import exported, tables
from auditor.core.text import Text, listed
from auditor.core.words import fill, placeholders, plurals, show


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30 days", Duration(30, "days")),
        ("1 day", Duration(1, "days")),
        ("7 working days", Duration(7, "working days")),
        ("3 months", Duration(3, "months")),
        ("24 hours", Duration(24, "hours")),
        ("30", None),
        ("-1 days", None),
        ("1.5 days", None),
        ("30days", None),
        ("7 workdays", None),
        ("", None),
    ],
)
def test_lengths_of_time(written: str, meant: Duration | None) -> None:
    assert parse_duration(written) == meant


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2023-07-01..2024-06-30", date(2023, 7, 1), date(2024, 6, 30)),
        ("2024-05-31..2024-05-31", date(2024, 5, 31), date(2024, 5, 31)),
    ],
)
def test_periods_include_both_ends(written: str, first: date, last: date) -> None:
    period = parse_period(written)
    assert period is not None and (period.first, period.last, period.label) == (first, last, written)


@pytest.mark.parametrize(
    "written", ["2024-13", "2024Q5", "May", "2024-06-30..2024-06-29", "2024-02-30..2024-03-01", ""]
)
def test_what_is_no_period(written: str) -> None:
    assert parse_period(written) is None


def test_the_month_of_a_day() -> None:
    assert month_of(date(2024, 12, 31)).label == "2024-12"


@pytest.mark.parametrize(
    ("value", "personal", "shown"),
    [
        ("210421199001011234", "id", "21********34"),
        ("12", "id", "1*"),
        ("13900001111", "phone", "139******11"),
        ("辽D12345", "plate", "辽D****5"),
        ("辽D", "plate", "辽*"),
        ("欧阳明日", "name", "欧***"),
        ("任何内容", "text", "（已隐去）"),
        ("", "name", "*"),
    ],
)
def test_a_mask_keeps_a_little_and_never_all(value: str, personal: str, shown: str) -> None:
    assert mask(value, personal) == shown  # type: ignore[arg-type]


def fact(name: str, type_: str, value: str | None, **more: str) -> Fact:
    return Fact(name=name, type=type_, value=value, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (fact("x", "timestamp", "2024-05-01 09:10:00"), "2024-05-01 09:10", "2024-05-01 09:10"),
        (fact("x", "timestamp", "2024-05-01 00:00:00"), "2024-05-01", "2024-05-01"),
        (fact("x", "money", "1234.50"), "1,234.50", "1,234.50"),
        (fact("x", "money", "200.00"), "200", "200"),
        (fact("x", "minutes", "1500"), "1 天 1 小时", "1 d 1 h"),
        (fact("x", "minutes", "4320"), "3 天", "3 days"),
        (fact("x", "minutes", "1440"), "1 天", "1 day"),
        (fact("x", "minutes", "0"), "不足 1 分", "under 1 min"),
        (fact("x", "duration", "10 working days"), "10个工作日", "10 working days"),
        (fact("x", "share", "0.625"), "62.5 %", "62.5 %"),
        (fact("x", "bool", "false"), "否", "no"),
        (fact("x", "code", "on_site", column="cases.capture"), "现场", "on site"),
        (fact("x", "string", None), "—", "—"),
        (
            fact("x", "columns", "hearing_at 2025-08-22 15:00:00, decided_at 2025-08-20"),
            "听证时间 2025-08-22 15:00、决定时间 2025-08-20",
            "hearing at 2025-08-22 15:00, decided at 2025-08-20",
        ),
        (fact("x", "columns", "cases.officer_id = approver_id"), "主办人员 = 审批人", "officer id = approver id"),
        (fact("x", "columns", "no_such_column"), "no_such_column", "no_such_column"),
    ],
)
def test_values_in_words(given: Fact, zh: str, en: str) -> None:
    assert (show(given, "zh", masked=True), show(given, "en", masked=True)) == (zh, en)


def test_a_sentence_is_filled_and_masked() -> None:
    template = Text(zh="{plate_no} 逾期 {overdue}，{{原文}}，{missing}", en="{plate_no}: {overdue}")
    facts = [fact("plate_no", "string", "辽D12345", personal="plate"), fact("overdue", "minutes", "1440")]
    assert fill(template, facts, masked=True) == Text(zh="辽D****5 逾期 1 天，{原文}，—", en="辽D****5: 1 day")
    assert fill(template, facts, masked=False).en == "辽D12345: 1 day"
    assert placeholders(template.zh) == ["plate_no", "overdue", "missing"]


def test_a_number_takes_the_form_of_its_noun_in_english() -> None:
    template = Text(zh="{n} 起", en="{n:penalty was|penalties were} imposed")
    said = [fill(template, [fact("n", "int", n)], masked=True).en for n in ("0", "1", "2", "21", "1000", None)]
    assert said == [
        "0 penalties were imposed",
        "1 penalty was imposed",
        "2 penalties were imposed",
        "21 penalties were imposed",
        "1000 penalties were imposed",
        "— penalties were imposed",
    ]
    assert fill(template, [], masked=True).en == "— penalties were imposed"
    assert (placeholders(template.en), plurals(template.en)) == (["n"], [("n", "penalty was|penalties were")])


def test_a_fingerprint_keeps_its_parts_apart() -> None:
    assert fingerprint("a.b", ["x:1", "y|2", None]) == "v1:a.b:x%3A1|y%7C2|~"
    assert fingerprint("a.b", ["A"], "2024-05-01 08:00:00") == "v1:a.b:A:2024-05-01 08:00:00"
    assert fingerprint("a.b", ["a", "b|c"]) != fingerprint("a.b", ["a|b", "c"])
    assert fingerprint("a.b", ["~"]) != fingerprint("a.b", [None])
    assert len(finding_id("v1:a.b:A")) == 20


def test_the_nearest_name_or_all_when_few() -> None:
    assert did_you_mean("plat_no", ["plate_no", "points"]) == "did you mean 'plate_no'?"
    assert did_you_mean("CASES", ["cases"]) == "did you mean 'cases'?"
    assert did_you_mean("zzz", ["one", "two"]) == "known here: one, two"
    assert did_you_mean("zzz", []) is None
    assert did_you_mean("违法日期", ["违法时间", "违法行为", "罚款金额"]) == "did you mean '违法时间' or '违法行为'?"


def test_the_caret_stands_under_its_character_after_ideographs() -> None:
    shown = Problem("wrong", Location("f", 1, 4, "标题: x")).render().splitlines()
    assert shown[2] == " " * 8 + "\N{IDEOGRAPHIC SPACE}" * 2 + " ^"


@pytest.mark.parametrize("name", list(tables()))
def test_a_table_names_only_columns_that_it_has(name: str) -> None:
    table = tables()[name]
    for column in (*table.key, *table.at, *(table.valid or ())):
        assert column in table.columns
    for column in table.columns.values():
        assert (column.type == "code") == bool(column.codes)
        assert column.type == "string" or not column.words


def test_the_tables_are_those_of_the_data_model() -> None:
    assert len(exported()) == 28
    assert set(tables()) - set(exported()) == {"findings"}, "what a run finds is a table for rules, and no export's"
    required = {"case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure"}
    assert set(tables()["cases"].required) == required


@pytest.mark.parametrize(
    ("day", "length", "before"),
    [
        (date(2024, 5, 1), "24 hours", date(2024, 4, 30)),
        (date(2024, 5, 1), "25 hours", date(2024, 4, 29)),
        (date(2024, 5, 1), "90 minutes", date(2024, 4, 30)),
        (date(2024, 3, 1), "1 day", date(2024, 2, 29)),
        (date(2024, 6, 1), "12 months", date(2023, 6, 1)),
        (date(2024, 3, 31), "1 month", date(2024, 2, 29)),
        (date(2024, 1, 31), "1 month", date(2023, 12, 31)),
    ],
)
def test_how_far_back(day: date, length: str, before: date) -> None:
    parsed = parse_duration(length)
    assert parsed is not None and day_before(day, parsed) == before


@given(st.dictionaries(st.text(), st.text(alphabet=st.characters(codec=None) | st.just("\x1f"))))
def test_the_values_of_a_row_are_what_was_put_in(pairs: dict[str, str]) -> None:
    """Whatever stands in a cell: nothing at all, any control character, half a surrogate pair."""
    kept = Values(pairs.items())
    assert dict(kept.items()) == dict(kept) == pairs == kept
    assert list(kept) == list(kept.keys()) == list(pairs) and len(kept) == len(pairs)
    assert all(kept[name] == kept.get(name) == value and name in kept for name, value in pairs.items())


def test_a_column_that_a_row_does_not_fill_is_not_there() -> None:
    kept = Values([("case_id", "A1")])
    assert kept.get("party_id") is None and "party_id" not in kept
    with pytest.raises(KeyError):
        kept["party_id"]


def test_a_text_is_a_template_in_each_language() -> None:
    form = Text(zh="{start}起{n}日内，{{原文}}", en="within {n} days after {start}, {{as is}}")
    assert form.filled(start=Text(zh="立案", en="filing"), n=30) == Text(
        zh="立案起30日内，{原文}", en="within 30 days after filing, {as is}"
    )
    assert Text(zh="{a}", en="{a}").filled(a="{b}") == Text(zh="{b}", en="{b}")


def test_chinese_and_latin_stand_apart_but_what_is_quoted_is_left() -> None:
    assert Text(zh="超过30日的“50以上”共3件，`a中b`占5%以上", en="x").spaced().zh == (
        "超过 30 日的“50以上”共 3 件，`a中b`占 5% 以上"
    )


def test_a_list_ends_in_a_word_of_its_language() -> None:
    words = [Text(zh=word, en=word) for word in "abc"]
    last = Text(zh="和", en=" and ")
    assert [listed(words[:n], last) for n in (0, 1, 2, 3)] == [
        Text(zh="", en=""),
        Text(zh="a", en="a"),
        Text(zh="a和b", en="a and b"),
        Text(zh="a、b和c", en="a, b and c"),
    ]
