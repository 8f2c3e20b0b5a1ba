"""Amounts and weights read in the wrong unit: said where most of a column's values look so, never for a few."""

from pathlib import Path

import pytest

from auditor.core.result import ContractFinding
from auditor.intake.checks.thresholds import FEWEST_AMOUNTS, LEAST_KG, LEAST_YUAN, MOST_WAN
from tests.intake.office import HEADERS, case, loaded, write_csv

TEXT = """
profile: p
tables:
  cases:
    files: [a.csv]
    columns:
      {{case_id: case_id, domain: domain, unit_id: unit_id, violation_code: violation_code, occurred_at: occurred_at,
       capture: capture, procedure: procedure, {column}: {mapping}}}
"""


def _found(data: Path, column: str, values: list[str], mapping: str = "数") -> list[ContractFinding]:
    (data.parent / "p.yaml").write_text(TEXT.format(column=column, mapping=mapping), encoding="utf-8")
    rows = [[*case(f"C{number}"), value] for number, value in enumerate(values)]
    write_csv(data / "a.csv", [[*HEADERS, "数"], *rows])
    result, _ = loaded(data, data.parent / "p.yaml")
    return [fault for fault in result.contract if fault.check == "amounts_implausible"]


def _mixed(wrong: str, right: str, of_ten: int) -> list[str]:
    return [wrong] * of_ten + [right] * (10 - of_ten)


WAN = "{from: 数, unit: 万元}"
# The column, how it is mapped, a value of another unit, the nearest that may well be meant, and one that surely is.
CASES = [
    pytest.param("fine_amount", WAN, str(MOST_WAN + 1), str(MOST_WAN), "0.02", id="yuan read as 万元"),
    pytest.param("confiscated_amount", "{from: 数, times: 10000}", "2000", "500.5", "0.5", id="times 10000"),
    pytest.param("fine_amount", "数", "4.99", str(LEAST_YUAN), "200", id="万元 read as yuan"),
    pytest.param("proposed_fine", "{from: 数, unit: 元}", "0.02", "5.5", "20", id="unit 元"),
    pytest.param("fine_amount", "{from: 数, times: 1}", "1.5", "4", "2000", id="whole small fines are yuan"),
    pytest.param("gross_kg", "数", "199.9", str(LEAST_KG), "49000", id="tonnes read as kg"),
    pytest.param("limit_kg", "数", "49", "200.5", "31000", id="whole tonnes"),
    pytest.param("load_kg", "数", "33.2", "150", "15000", id="a load may be light, and is weighed whole"),
]


@pytest.mark.parametrize(("column", "mapping", "wrong", "near", "right"), CASES)
def test_each_limit_from_both_sides(data: Path, column: str, mapping: str, wrong: str, near: str, right: str) -> None:
    """Six of ten is more than half, five is just half; ten values just inside the limit are no reason."""
    [fault] = _found(data, column, _mixed(wrong, right, 6), mapping)
    assert fault.table_name == "cases" and fault.rows == ("a.csv",)
    assert "6/10" in fault.text.zh and "6 of 10" in fault.text.en
    assert not _found(data, column, _mixed(wrong, right, 5), mapping)
    assert not _found(data, column, [near] * 10, mapping)
    assert not _found(data, column, [right] * 10, mapping)


@pytest.mark.parametrize(("column", "mapping", "wrong", "near", "right"), CASES)
def test_never_for_few_values_and_noughts_and_blanks_do_not_count(
    data: Path, column: str, mapping: str, wrong: str, near: str, right: str
) -> None:
    nothing = ["0", "0.00", "", "", "many"]
    few = FEWEST_AMOUNTS - 1
    assert not _found(data, column, [wrong] * few + nothing, mapping)
    [fault] = _found(data, column, [wrong] * (few + 1) + nothing * 5, mapping)
    # 25 rows more without a value that counts: they are in no denominator.
    assert f"{few + 1}/{few + 1}" in fault.text.zh


@pytest.mark.parametrize(
    ("column", "mapping", "value"),
    [
        ("fine_amount", WAN, "2000元"),  # names yuan, and is read in it
        ("fine_amount", WAN, "600万元"),  # names 万元 itself: strange, and no fault of the profile
        ("fine_amount", "数", "0.02万元"),
        ("fine_amount", "数", "￥1.50"),
        ("gross_kg", "数", "49t"),
        ("gross_kg", "数", "150 kg"),
        ("gross_kg", "{from: 数, unit: t}", "49"),  # as it should be
        ("illegal_gain", "数", "1.5"),  # no fine: what was gained may be small and uneven
        ("gross_kg", "{value: '49'}", "x"),  # a constant is the profile's own word
        ("points", "数", "3"),  # neither money nor weight
    ],
)
def test_what_names_its_unit_or_may_be_small_is_let_be(data: Path, column: str, mapping: str, value: str) -> None:
    assert not _found(data, column, [value] * 20, mapping)


def test_numbers_with_thousands_and_in_full_width_are_plain(data: Path) -> None:
    [fault] = _found(data, "fine_amount", ["2,000", "２０００"] * 5, WAN)
    assert "10/10" in fault.text.zh


def test_rows_that_the_profile_leaves_out_are_not_looked_at(data: Path) -> None:
    text = TEXT.format(column="fine_amount", mapping=WAN).replace(
        "    columns:", "    where: fine_amount < 1000000\n    columns:"
    )
    (data.parent / "p.yaml").write_text(text, encoding="utf-8")
    # 2,000 in 万元 is 20 million yuan and left out; what is left is as it should be.
    rows = [[*case(f"C{number}"), "2000" if number < 15 else "0.2"] for number in range(30)]
    write_csv(data / "a.csv", [[*HEADERS, "数"], *rows])
    result, _ = loaded(data, data.parent / "p.yaml")
    assert not result.contract and result.inputs[0].filtered == 15


def test_each_file_is_judged_for_itself_and_canonical_ones_too(data: Path) -> None:
    for name, weight in (("cases-a", "49.5"), ("cases-b", "49500")):
        rows = [[*case(f"{name}-{number}"), weight] for number in range(30)]
        write_csv(data / f"{name}.csv", [[*HEADERS, "gross_kg"], *rows])
    result, _ = loaded(data)
    [fault] = result.contract
    assert fault.rows == ("cases-a.csv",) and "30 of 30" in fault.text.en and "30/30" in fault.text.zh
