"""Amounts and measures from text: with units and without, exact to the cent, and nothing made of what is ambiguous."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.schema import Column, tables
from auditor.intake.columns.amounts import number, stated_units, units_of
from auditor.intake.columns.cast import half_width, typed
from tests.intake.office import HEADERS, case, loaded, write_csv
from tests.intake.texts import read

Rows = Sequence[tuple[str, str | None]]
CASES = tables()["cases"].columns
MONEY, POINTS, MASS, SPEED, ALCOHOL = (
    CASES[name] for name in ("fine_amount", "points", "gross_kg", "speed_kmh", "bac_mg_100ml")
)
TEN_THOUSAND = Decimal(10_000)

AMOUNTS: Rows = [
    ("200", "200"),
    ("200.00", "200"),
    ("200.", "200"),
    (".5", "0.5"),
    ("+200", "200"),
    ("-200", "-200"),
    ("-0", "0"),
    ("-0.00", "0"),
    ("0", "0"),
    ("1e3", "1000"),
    ("1E-2", "0.01"),
    ("1,000", "1000"),
    ("1,000.00", "1000"),
    ("12,345,678.90", "12345678.90"),
    ("-1,000", "-1000"),
    ("1,00", None),
    ("1,00元", None),
    ("1000,000", None),
    ("1,0000", None),
    (",100", None),
    ("1,000,", None),
    ("1.000,00", None),
    ("1.2.3", None),
    ("1 000", None),
    ("1 000元", None),
    # Units that the value says.
    ("200元", "200"),
    ("200 元", "200"),
    ("200元整", "200"),
    ("200圆", "200"),
    ("200.50元", "200.50"),
    ("-200元", "-200"),
    ("1,000元", "1000"),
    ("0.02万元", "200"),
    ("0.02万", "200"),
    ("1.5万元整", "15000"),
    ("5角", "0.5"),
    ("50分", "0.5"),
    ("¥200", "200"),
    ("￥200", "200"),
    ("￥ 1,000.00", "1000"),
    ("-¥200", "-200"),
    ("¥-200", "-200"),
    ("RMB200", "200"),
    ("rmb 200", "200"),
    ("人民币200元", "200"),
    ("人民币2万元", "20000"),
    ("（1,000.00）", "-1000"),
    ("(200)", "-200"),
    ("(¥200)", "-200"),
    ("１００元", "100"),
    ("１，０００．００", "1000"),
    # Other units, several of them, or words.
    ("200吨", None),
    ("200美元", None),
    ("$200", None),
    ("200元5角", None),
    ("200元/次", None),
    ("200元万", None),
    ("约200元", None),
    ("200-500元", None),
    ("200元以下", None),
    ("贰佰元整", None),
    ("元", None),
    ("¥", None),
    ("()", None),
    ("(-200)", None),
    ("-(200)", None),
    ("(200", None),
    ("--200", None),
    ("+-200", None),
    ("5%", None),
    ("1e", None),
    ("1e3元", None),
    ("0x10", None),
    ("1_000", None),
    ("nan", None),
    ("inf", None),
    ("-Infinity", None),
    ("NULL", None),
    ("#N/A", None),
    ("", None),
    # 14 digits, two of them cents, are the most there are.
    ("999999999999.99", "999999999999.99"),
    ("-999999999999.99", "-999999999999.99"),
    ("1000000000000", None),
    ("1e12", None),
    ("1e300", None),
    ("1e999", None),
    ("9" * 60, None),
    ("99999999.999999万元", "999999999999.99"),
    ("100000000万元", None),
    ("9" * 40 + "万元", None),
    # To the cent, halves away from nought.
    ("0.005", "0.01"),
    ("0.0049", "0.00"),
    ("-0.005", "-0.01"),
    ("0.1", "0.1"),
    ("0.30000000000000004", "0.3"),
]

TEN_THOUSANDS: Rows = [
    ("0.02", "200"),
    ("0.000001", "0.01"),
    ("0.07", "700"),
    ("1.1", "11000"),
    ("1,200.5", "12005000"),
    ("¥0.02", "200"),
    ("(0.02)", "-200"),
    # What the value says of itself goes before what the profile says of the column.
    ("200元", "200"),
    ("0.02万元", "200"),
    ("99999999.99", "999999999900"),
    ("100000000", None),
    ("1e30", None),
    ("1e300", None),
    ("1,00", None),
]

OTHERS: Sequence[tuple[Column, Decimal | None, Sequence[tuple[str, float | None]]]] = [
    (
        POINTS, None,
        [("6", 6), ("6.0", 6), ("6分", 6), ("12 分", 12), ("1,000", 1000), ("5.7", None), ("5.7分", None),
         ("6元", None), ("¥6分", None), ("-0", 0), ("9223372036854775807", 9223372036854775807),
         ("9223372036854775808", None),
         ("1e30", None), ("六", None), ("(6)", None)],
    ),
    (
        MASS, None,
        [("49000", 49000), ("49,000", 49000), ("49000kg", 49000), ("49000 KG", 49000), ("49吨", 49000),
         ("49.05t", 49050),
         ("49T", 49000), ("49公斤", 49), ("49千克", 49), ("49斤", None), ("49元", None), ("¥49kg", None),
         ("49km/h", None), ("1,00吨", None), ("-0", 0), ("1e999", None), ("-1e999", None), ("nan", None), ("inf", None),
         ("1e400吨", None), ("9" * 400 + "吨", None), ("(49)", None)],
    ),
    (
        MASS, Decimal(1000),
        [("49.05", 49050), ("49000kg", 49000), ("49吨", 49000), ("1e308", None), ("-1e308", None)],
    ),
    (
        SPEED, None,
        [("82", 82), ("82km/h", 82), ("82 KM/H", 82), ("82公里/小时", 82), ("82千米/时", 82), ("82m/s", None),
         ("82/80", None), ("82-85", None)],
    ),
    (
        ALCOHOL, None,
        [("85.5", 85.5), ("85.5mg/100ml", 85.5), ("85.5 mg/100mL", 85.5), ("85.5毫克/100毫升", 85.5),
         # In a litre of blood or of breath, which differ 2,200 times: the value alone does not say.
         ("0.4mg/L", None), ("0.4", 0.4)],
    ),
]  # fmt: skip


def _values(column: Column, times: Decimal | None, texts: Sequence[str]) -> list[Any]:
    return read(texts, lambda text: number(half_width(text), column, times))


@pytest.mark.parametrize(("times", "rows"), [(None, AMOUNTS), (TEN_THOUSAND, TEN_THOUSANDS)])
def test_amounts_are_read_to_the_cent_or_not_at_all(times: Decimal | None, rows: Rows) -> None:
    found = _values(MONEY, times, [text for text, _ in rows])
    wrong = [
        (text, want, got)
        for (text, want), got in zip(rows, found, strict=True)
        if got != (None if want is None else Decimal(want))
    ]
    assert wrong == []


@pytest.mark.parametrize(("column", "times", "rows"), OTHERS)
def test_measures_and_counts(column: Column, times: Decimal | None, rows: Sequence[tuple[str, float | None]]) -> None:
    found = _values(column, times, [text for text, _ in rows])
    assert [(text, got) for (text, _), got in zip(rows, found, strict=True)] == list(rows)
    # Nought has no sign, which would show.
    assert not any(str(value).startswith("-0") for value in found)


def test_which_units_a_column_knows() -> None:
    assert units_of(CASES["axles"]) == {} == units_of(CASES["lon"])
    assert stated_units(MONEY) == units_of(MONEY) and stated_units(MASS) == units_of(MASS)
    # 100 ml are a tenth of a litre; one of breath stands for 2,200 of blood.
    assert {unit: stated_units(ALCOHOL)[unit] for unit in ("mg/100ml", "mg/L", "mg/L breath")} == {
        "mg/100ml": Decimal(1),
        "mg/L": Decimal("0.1"),
        "mg/L breath": Decimal(220),
    }
    assert "mg/L" not in units_of(ALCOHOL)


def test_words_of_yes_and_no() -> None:
    rows = [
        *[(word, True) for word in ("true", "TRUE", "1", "1.0", "是", "有", "√", "Y", "yes", "１")],
        *[(word, False) for word in ("false", "False", "0", "0.0", "否", "无", "未", "×", "N", "no")],
        *[(word, None) for word in ("2", "-1", "01", "是的", "不是", "t", "on", "不详", "是否", "", "10")],
    ]

    def make(text: Any) -> Any:
        return typed(
            half_width(text), CASES["corrected"], formats=(), times=None, from_cells=False, workbook=False
        )  # fmt: skip

    found = read([word for word, _ in rows], make)
    assert [(word, got) for (word, _), got in zip(rows, found, strict=True)] == rows


def test_too_large_a_measure_is_unreadable_and_said(data: Path) -> None:
    rows = [[*case("A"), "1e999", "82"], [*case("B"), "100", "1e400"], [*case("C"), "49吨", "82km/h"]]
    write_csv(data / "cases.csv", [[*HEADERS, "gross_kg", "speed_kmh"], *rows])
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "gross_kg", "speed_kmh") == [("C", 49000.0, 82.0)]
    assert [(entry.source_row, entry.column, entry.reason) for entry in result.quarantine] == [
        (2, "gross_kg", "number_unreadable"),
        (3, "speed_kmh", "number_unreadable"),
    ]


_CENTS = st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=2)
_SIX = st.decimals(Decimal("-9999.999999"), Decimal("9999.999999"), places=6)


def _cent(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_CENTS, _SIX), min_size=1, max_size=40))
def test_amounts_are_read_back_from_every_form(values: list[tuple[Decimal, Decimal]]) -> None:
    rows: list[tuple[str, Decimal]] = []
    tens: list[tuple[str, Decimal]] = []
    for cents, six in values:
        rows += [(write, cents) for write in (f"{cents}", f"{cents:,}", f"{cents}元", f"¥{cents:,}", f"{cents} 元整")]
        rows += [
            (f"({abs(cents)})", -abs(cents)),
            (f"{six}万元", _cent(six * 10_000)),
            (f"{cents}分", _cent(cents / 100)),
        ]
        tens += [(f"{six}", _cent(six * 10_000)), (f"{six:,}", _cent(six * 10_000)), (f"{cents}元", cents)]
    for times, table in ((None, rows), (TEN_THOUSAND, tens)):
        found = _values(MONEY, times, [text for text, _ in table])
        assert [(text, got) for (text, _), got in zip(table, found, strict=True)] == table


@settings(max_examples=25, deadline=None)
@given(st.lists(st.from_regex(r"[-+(¥]?[0-9.,]{1,9}[元万吨 )e%]{0,2}", fullmatch=True), min_size=1, max_size=60))
def test_what_looks_like_an_amount_is_one_or_nothing(texts: list[str]) -> None:
    for text, got in zip(texts, _values(MONEY, None, texts), strict=True):
        digits = text.strip("-+(¥) ").rstrip("元万 ")
        if got is not None:
            # Commas stand between groups of three or nowhere, and the digits are the value.
            whole, _, _ = digits.partition(".")
            assert all(len(group) == 3 for group in whole.split(",")[1:]), text
            scale = 10_000 if "万" in text else 1
            assert abs(got) == abs(_cent(Decimal(digits.replace(",", "")) * scale)), text
