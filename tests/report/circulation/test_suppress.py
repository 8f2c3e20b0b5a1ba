"""What is withheld so that no small count can be worked out: held against an attacker who solves the linear programme.

The attacker knows every published figure, which counts add up to which, that withheld counts are whole and at least 1,
and nothing of how the program chose.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from auditor.report.circulation.flows import Arc, Bounds, bounds
from auditor.report.circulation.suppress import withheld

LEAST = 5


def table(cells: list[list[int]], months: list[int] | None = None) -> dict[str, Arc]:
    """A table with its row totals, column totals and grand total; the grand total split by month too, where given."""
    arcs: dict[str, Arc] = {}
    for row, values in enumerate(cells):
        arcs[f"row {row}"] = Arc("all", f"r{row}", sum(values))
        for column, value in enumerate(values):
            arcs[f"cell {row} {column}"] = Arc(f"r{row}", f"c{column}", value)
    for column in range(len(cells[0])):
        arcs[f"column {column}"] = Arc(f"c{column}", "sum", sum(values[column] for values in cells))
    total = sum(map(sum, cells))
    arcs["total"] = Arc("sum", "months" if months else "all", total)
    for number, value in enumerate(months or []):
        arcs[f"month {number}"] = Arc("months", "all", value)
    return arcs


def attacked(arcs: dict[str, Arc], hidden: frozenset[str], name: str) -> tuple[int, float]:
    """The least and the most that a withheld count can be, by linear programming; the most may be infinite."""
    names = sorted(hidden)
    nodes = sorted({node for arc in arcs.values() for node in (arc.tail, arc.head)})
    place = {node: number for number, node in enumerate(nodes)}
    balance, known = np.zeros((len(nodes), len(names))), np.zeros(len(nodes))
    for one, arc in arcs.items():
        if one in hidden:
            balance[place[arc.head], names.index(one)] += 1
            balance[place[arc.tail], names.index(one)] -= 1
        else:
            known[place[arc.head]] -= arc.count
            known[place[arc.tail]] += arc.count
    wish = np.zeros(len(names))
    wish[names.index(name)] = 1
    limits = [(1, arcs[one].most) for one in names]
    ends: list[float] = []
    for sign in (1, -1):
        solved = linprog(sign * wish, A_eq=balance, b_eq=known, bounds=limits, method="highs")
        assert solved.status in (0, 3), solved.message
        ends.append(float("inf") if solved.status == 3 or sign * solved.fun > 10**8 else sign * solved.fun)
    return round(ends[0]), ends[1] if ends[1] == float("inf") else round(ends[1])


def zeros_alone(arcs: dict[str, Arc], name: str) -> tuple[int, float]:
    """The range that is left if everything but the zeros is withheld."""
    return attacked(arcs, frozenset(one for one, arc in arcs.items() if arc.count), name)


small_tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=width, max_size=width),
        min_size=1,
        max_size=6,
    )
)


def split(total: int, weights: list[int]) -> list[int]:
    """The total in as many parts as there are weights, roughly in their proportion."""
    parts = [total * weight // max(sum(weights), 1) for weight in weights]
    return [*parts[:-1], total - sum(parts[:-1])]


@settings(max_examples=150, deadline=None)
@given(small_tables, st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(2, 8))
def test_an_attacker_with_a_linear_programme_learns_no_small_count(
    cells: list[list[int]], weights: list[int], least: int
) -> None:
    arcs = table(cells, split(sum(map(sum, cells)), weights))
    hidden = withheld(arcs, least)
    for name, arc in arcs.items():
        if 0 < arc.count < least:
            assert name in hidden
        if arc.count == 0:
            assert name not in hidden
    for name in hidden:
        lowest, highest = attacked(arcs, hidden, name)
        assert lowest < highest, (name, lowest)
        if arcs[name].count < least:
            assert highest >= least, (name, highest)
            assert lowest <= zeros_alone(arcs, name)[0], (name, lowest)


@settings(max_examples=100, deadline=None)
@given(small_tables, st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_knowing_how_much_was_tested_helps_no_further_than_it_must(cells: list[list[int]], room: list[int]) -> None:
    """Readers know that a column cannot exceed what was tested in it: where that leaves a wider range, it is kept."""
    arcs = table(cells)
    for column in range(len(cells[0])):
        arc = arcs[f"column {column}"]
        arcs[f"column {column}"] = Arc(arc.tail, arc.head, arc.count, max(arc.count + room[column], LEAST))
    hidden = withheld(arcs, LEAST)
    for name in hidden:
        lowest, highest = attacked(arcs, hidden, name)
        widest = zeros_alone(arcs, name)
        assert lowest < highest or widest[0] == widest[1], (name, lowest)
        if arcs[name].count < LEAST:
            assert highest >= min(LEAST, widest[1]), (name, highest)
            assert lowest <= widest[0], (name, lowest)


@settings(max_examples=100, deadline=None)
@given(small_tables, st.data())
def test_the_ranges_are_those_of_the_linear_programme(cells: list[list[int]], data: st.DataObject) -> None:
    """Whatever is withheld, wisely or not."""
    arcs = table(cells)
    nonzero = sorted(name for name, arc in arcs.items() if arc.count)
    if not nonzero:
        return
    hidden = frozenset(data.draw(st.lists(st.sampled_from(nonzero), min_size=1, unique=True)))
    for name in hidden:
        found = bounds(arcs, hidden, name)
        lowest, highest = attacked(arcs, hidden, name)
        assert found.least == lowest
        assert found.most == highest or (highest == float("inf") and found.most > 10**9)


def test_one_small_cell_takes_a_rectangle_with_it() -> None:
    """3 alone in its row and column would be the difference of totals; with one mate alone it still is."""
    arcs = table([[3, 20, 40], [15, 9, 30], [50, 60, 70]])
    assert withheld(arcs, LEAST) == {"cell 0 0", "cell 0 1", "cell 1 0", "cell 1 1"}


def test_small_counts_that_would_give_each_other_away_need_a_third() -> None:
    """1 and 1 under a total of 2 more than the others: withheld alone, both would be known to be 1."""
    arcs = table([[1], [1], [30], [12]])
    assert bounds(arcs, {"cell 0 0", "cell 1 0", "row 0", "row 1"}, "row 0") == Bounds(least=1, most=1)
    assert withheld(arcs, LEAST) == {"cell 0 0", "cell 1 0", "cell 3 0", "row 0", "row 1", "row 3"}


def test_a_small_total_is_withheld_with_all_its_parts() -> None:
    arcs = table([[3, 0]], [3, 0])
    assert withheld(arcs, LEAST) == {"cell 0 0", "row 0", "column 0", "total", "month 0"}


def test_large_counts_and_zeros_stay_as_they_are() -> None:
    assert withheld(table([[5, 0], [0, 7]]), LEAST) == frozenset()


def test_the_boundary_is_the_least_itself() -> None:
    assert "cell 0 0" not in withheld(table([[5, 50], [50, 50]]), 5)
    assert "cell 0 0" in withheld(table([[5, 50], [50, 50]]), 6)


def test_parts_that_do_not_add_up_are_refused() -> None:
    arcs = {**table([[5, 6]]), "total": Arc("sum", "all", 12)}
    with pytest.raises(ValueError, match="do not add up at all, sum"):
        withheld(arcs)


def test_a_least_count_that_withholds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="withholds nothing"):
        withheld(table([[5, 6]]), 1)
