"""Subjects with too few cases, counted together: whoever is judged beside them is judged as beside each by name."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stats import Cell, Crowd, CrowdCell, CrowdPair, Direction, stand_out

MILD, SEVERE, RARE = ("no signal",), ("drunk driving",), ("towing",)
FEWEST = 5


def cell(subject: str, stratum: tuple[str, ...], n: int, k: int) -> Cell:
    return Cell(subject=subject, stratum=stratum, n=n, k=k)


def crowd_of(cells: Sequence[Cell], *, fewest: int = FEWEST) -> Crowd:
    """The sums as the definition says, a subject at a time."""
    of: defaultdict[str, dict[tuple[str, ...], tuple[int, int]]] = defaultdict(dict)
    for one in cells:
        of[one.subject][one.stratum] = (one.n, one.k)
    subjects: Counter[tuple[tuple[str, ...], int]] = Counter()
    outcomes: Counter[tuple[tuple[str, ...], int]] = Counter()
    products: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for strata in of.values():
        for stratum, (n, k) in strata.items():
            subjects[stratum, n] += 1
            outcomes[stratum, n] += k
            for other, (m, _) in strata.items():
                if other != stratum:
                    products[stratum, other] += n * m
    return Crowd(
        fewest=fewest,
        subjects=len(of),
        n=sum(one.n for one in cells),
        cells=tuple(
            CrowdCell(stratum=stratum, n=n, subjects=many, k=outcomes[stratum, n])
            for (stratum, n), many in sorted(subjects.items())
        ),
        pairs=tuple(CrowdPair(one=a, other=b, product=product) for (a, b), product in sorted(products.items())),
    )


def counts(most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, most).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def subjects(prefix: str, most: int, *, many: int) -> st.SearchStrategy[list[Cell]]:
    """Each with cases in one to three strata."""
    one = st.dictionaries(st.sampled_from([MILD, SEVERE, RARE]), counts(most), min_size=1)
    return st.lists(one, max_size=many).map(
        lambda drawn: [
            cell(f"{prefix}{number}", stratum, n, k)
            for number, strata in enumerate(drawn)
            for stratum, (n, k) in strata.items()
        ]
    )


def small(cells: Sequence[Cell]) -> set[str]:
    total: Counter[str] = Counter()
    for one in cells:
        total[one.subject] += one.n
    return {subject for subject, n in total.items() if n < FEWEST}


@settings(deadline=None, max_examples=150)
@given(
    cells=st.tuples(subjects("big ", 60, many=9), subjects("little ", 3, many=30)).map(lambda both: both[0] + both[1]),
    direction=st.sampled_from(["above", "below", "either"]),
    spread=st.sampled_from([None, 0.05]),
)
def test_whoever_is_judged_is_judged_as_beside_each_by_name(
    cells: list[Cell], direction: Direction, spread: float | None
) -> None:
    few = small(cells)
    named = [one for one in cells if one.subject not in few]
    crowd = crowd_of([one for one in cells if one.subject in few])
    options: dict[str, Any] = {"min_n": FEWEST, "q": 0.05, "min_excess": 0.1, "direction": direction, "spread": spread}
    by_name = stand_out(cells, **options)
    together = stand_out(named, crowd=crowd, **options)
    assert together == replace(by_name, standings=tuple(one for one in by_name.standings if one.subject not in few))
    assert not any(one.judged for one in by_name.standings if one.subject in few)


def test_a_crowd_is_peers_and_a_stratum_with_nobody_else_is_left_out_of_the_comparison() -> None:
    """Four officers with 40 mild cases each, 10 at the maximum, and two of them the only ones but for 30 drivers, a
    case each, in the severe ones: without the crowd there are too few peers there, with it enough."""
    big = [cell(f"officer {number}", MILD, 40, 10) for number in range(4)]
    big += [cell("officer 0", SEVERE, 20, 10), cell("officer 1", SEVERE, 20, 10)]
    alone = stand_out(big, min_n=30, q=0.05, min_excess=0.2)
    assert [(one.stratum, one.subjects, one.n) for one in alone.left_out] == [(SEVERE, 2, 40)]
    drivers = Crowd(fewest=30, subjects=30, n=30, cells=(CrowdCell(stratum=SEVERE, n=1, subjects=30, k=30),), pairs=())
    beside = stand_out(big, min_n=30, q=0.05, min_excess=0.2, crowd=drivers)
    assert beside.left_out == ()
    officer = next(one for one in beside.standings if one.subject == "officer 0")
    assert (officer.n, officer.k) == (60, 20)
    # Mild: 30 of 120 others. Severe: 10 of 20 of the other officer and all 30 of the crowd, 40 of 50.
    assert officer.expected == pytest.approx((40 * 30 / 120 + 20 * 40 / 50) / 60)
    assert [note.en for note in beside.notes] == ["subjects not judged, too few cases: 30"]
    assert (beside.judged, beside.not_judged) == (4, 30)


def test_a_crowd_alone_is_nobody_judged_and_no_case_compared() -> None:
    cells = (CrowdCell(stratum=MILD, n=2, subjects=1, k=0), CrowdCell(stratum=MILD, n=3, subjects=1, k=1))
    crowd = Crowd(fewest=5, subjects=2, n=5, cells=cells, pairs=())
    result = stand_out([], min_n=5, q=0.05, min_excess=0.2, crowd=crowd)
    assert (result.standings, result.judged, result.not_judged) == ((), 0, 2)
    assert [(one.stratum, one.subjects, one.n) for one in result.left_out] == [(MILD, 2, 5)]


def test_a_crowd_that_may_hold_somebody_to_be_judged_is_refused() -> None:
    crowd = crowd_of([cell("A", MILD, 4, 1)])
    assert stand_out([], min_n=5, q=0.05, min_excess=0.2, crowd=crowd).not_judged == 1
    with pytest.raises(ValueError, match="fewer than 5 cases may hold some to be judged"):
        stand_out([], min_n=4, q=0.05, min_excess=0.2, crowd=crowd)


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_them_in_many_strata(seed: int) -> None:
    """As an agency has it: some hundred companies with many cases, and drivers with one to four of any kind."""
    random = Random(seed)
    strata = [(f"unit {number % 7}", f"code {number}") for number in range(25)]
    cells: Counter[tuple[str, tuple[str, str]]] = Counter()
    outcome: Counter[tuple[str, tuple[str, str]]] = Counter()
    for number in range(3000):
        for _ in range(random.randint(1, 4) if number >= 60 else 80):
            place = (f"party {number}", random.choice(strata))
            cells[place] += 1
            outcome[place] += random.random() < 0.3
    every = [cell(subject, stratum, n, outcome[subject, stratum]) for (subject, stratum), n in cells.items()]
    few = small(every)
    assert len(few) == 2940
    options: dict[str, Any] = {"min_n": FEWEST, "q": 0.05, "min_excess": 0.1}
    by_name = stand_out(every, **options)
    crowd = crowd_of([one for one in every if one.subject in few])
    together = stand_out([one for one in every if one.subject not in few], crowd=crowd, **options)
    assert together.standings == tuple(one for one in by_name.standings if one.subject not in few)
    assert (together.tau_used, together.left_out, together.notes) == (by_name.tau_used, by_name.left_out, by_name.notes)
