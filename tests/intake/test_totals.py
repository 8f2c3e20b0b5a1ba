"""Total rows held against the rows above them: told where they differ, silent where it is not plain what they sum."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.core.result import ContractFinding
from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx

Said = Sequence[str | tuple[str, str]]


def rows(*said: str | tuple[str, str]) -> list[list[str]]:
    """A table of cases with their fines: a text is a case's fine, a pair a total row's word and figure."""
    made: list[list[str]] = [[*HEADERS, "fine_amount"]]
    for number, each in enumerate(said):
        if isinstance(each, str):
            made.append([*case(f"C{number}"), each])
        else:
            made.append([each[0], *[""] * (len(HEADERS) - 1), each[1]])
    return made


def differing(data: Path, *said: str | tuple[str, str]) -> list[ContractFinding]:
    write_csv(data / "cases.csv", rows(*said))
    result, _ = loaded(data)
    return [finding for finding in result.contract if finding.check == "total_differs"]


def test_a_total_that_is_not_the_sum_is_told_with_both_figures_and_its_row(data: Path) -> None:
    # 200 + 50 = 250; the header is row 1, the cases 2 and 3.
    [finding] = differing(data, "200", "50", ("合计", "1,240"))
    assert finding.rows == ("cases.csv",)
    for said in (finding.text.zh, finding.text.en):
        assert "cases.csv" in said and "4" in said and "1,240.00" in said and "250.00" in said


@pytest.mark.parametrize(
    ("figure", "is_told"),
    # Three summands may be off by 0.015 together.
    [("250.30", False), ("250.315", False), ("250.316", True), ("250.284", True), ("¥250.30元", False), ("", False)],
)
def test_rounding_is_no_difference(data: Path, figure: str, is_told: bool) -> None:
    assert bool(differing(data, "200.10", "50.1", "0.10", ("总计", figure))) is is_told


def test_a_total_in_whole_yuan_above_amounts_with_fen(data: Path) -> None:
    # 300.90 may be written 301, and not 302.
    assert not differing(data, "200.40", "100.50", ("合计", "301"))
    assert differing(data, "200.40", "100.50", ("合计", "302"))


def test_a_sub_total_covers_its_own_block_and_a_total_what_it_may(data: Path) -> None:
    sound = (
        "200",
        "50",
        ("小计", "250"),
        "100",
        ("小计", "100"),
        ("合计", "350"),
        "10",
        ("合计", "10"),
        ("总计", "360"),
    )
    assert not differing(data, *sound)
    [finding] = differing(data, "200", "50", ("小计", "250"), "100", ("小计", "350"), ("合计", "350"))
    assert "第 6 行" in finding.text.zh and "350.00" in finding.text.zh and "100.00" in finding.text.zh


@pytest.mark.parametrize(
    "said",
    [
        ("200", "50", ("累计", "9000")),  # counts earlier months too
        ("200", "50", ("本页累计", "9000")),
        (("合计", "9000"), "200", "50"),  # stands above its rows
        ("200", "约50", ("合计", "9000")),  # one amount is no number
        ("200", "2万", ("合计", "9000")),
        ("200", "50", ("合计", "2件")),  # a count and no sum
        ("200", "50", ("合计", "250"), ("小计", "9000")),  # nothing stands between
    ],
)
def test_where_it_is_not_plain_what_is_summed_nothing_is_said(
    data: Path, said: Sequence[str | tuple[str, str]]
) -> None:
    assert not differing(data, *said)


def test_rows_set_aside_count_with_the_others(data: Path) -> None:
    made = rows("200", "50", ("合计", "250"))
    made[2][4] = "no date"
    write_csv(data / "cases.csv", made)
    result, _ = loaded(data)
    assert len(result.quarantine) == 1
    assert not [finding for finding in result.contract if finding.check == "total_differs"]


def test_many_totals_are_counted(data: Path) -> None:
    # Seven pages of one case each, every total one too many: five are told, the fifth says that two more differ.
    found = differing(data, *[each for _ in range(7) for each in ("10", ("本页合计", "11"))])
    assert len(found) == 5
    assert "另有 2 个" in found[-1].text.zh and "2 more" in found[-1].text.en and "另有" not in found[0].text.zh


def test_in_a_workbook_too_and_not_where_merged_cells_repeat_an_amount(data: Path) -> None:
    write_xlsx(data / "cases.xlsx", {"一": rows("200", "50", ("合计", "240"))})
    result, _ = loaded(data)
    assert [finding.rows for finding in result.contract] == [("cases.xlsx#一",)]
    book = xlsxwriter.Workbook(data / "cases.xlsx")
    sheet = book.add_worksheet("一")
    for row, cells in enumerate(rows("200", "", ("合计", "200"))):
        sheet.write_row(row, 0, [cell or None for cell in cells])
    sheet.merge_range(1, len(HEADERS), 2, len(HEADERS), "200")
    book.close()
    result, store = loaded(data)
    assert store.rows("cases", "fine_amount") == [(Decimal(200),), (Decimal(200),)]
    assert not result.contract


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=st.lists(st.lists(st.integers(0, 10**7), min_size=1, max_size=5), min_size=1, max_size=4))
def test_true_totals_are_never_told(data: Path, blocks: list[list[int]]) -> None:
    said: list[str | tuple[str, str]] = []
    for block in blocks:
        said += [f"{Decimal(fen).scaleb(-2):.2f}" for fen in block]
        said.append(("小计", f"{Decimal(sum(block)).scaleb(-2):.2f}"))
    said.append(("合计", f"{Decimal(sum(map(sum, blocks))).scaleb(-2):.2f}"))
    assert not differing(data, *said)
