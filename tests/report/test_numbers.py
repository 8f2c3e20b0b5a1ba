"""Shares: what exists never prints as nothing, what is not all never prints as all."""

import pytest

from auditor.core.text import Text
from auditor.report.numbers import counted, quantity, share
from auditor.report.paging import FIRST, LATER, parts


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (0, 0, "—"),
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (37, 12406, "0.30 %"),
        (1, 10_000, "0.01 %"),
        (1, 10_001, "< 0.01 %"),
        (1, 20_000_000, "< 0.01 %"),
        (99_999, 100_000, "> 99.9 %"),
        (1, 8, "12.5 %"),
    ],
)
def test_a_share(part: int, whole: int, printed: str) -> None:
    assert share(part, whole) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(None, "—"), (0.0, "0"), (0.00004, "< 0.0001"), (0.05, "0.05"), (1234.5, "1,234.5")]
)
def test_a_quantity(value: float | None, printed: str) -> None:
    assert quantity(value) == printed


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (21, "21 cases"), (1000, "1,000 cases")],
)
def test_a_number_with_its_noun(n: int, said: str) -> None:
    assert counted(n, "{n} 件案件", "{n} case", "{n} cases") == Text(zh=f"{n:,} 件案件", en=said)


@pytest.mark.parametrize(
    ("total", "sizes"),
    [
        (0, [0]),
        (FIRST, [FIRST]),
        (FIRST + 1, [FIRST, 1]),
        (FIRST + LATER, [FIRST, LATER]),
        (FIRST + LATER + 1, [FIRST, LATER, 1]),
    ],
)
def test_a_list_is_cut_into_pages_that_lose_nothing(total: int, sizes: list[int]) -> None:
    cut = list(parts(range(total), str))
    assert [len(part.items) for part in cut] == sizes
    assert [item for part in cut for item in part.items] == list(range(total))
    assert {part.total for part in cut} == {total}
    assert all(len(part.pages) == len(sizes) for part in cut)
