"""What of a group kind's counts comes back: every subject, or, where very many have too few rows, these together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.engines.compiler import compile_rule
from auditor.engines.counts import NAMED, Counted, read_counts
from auditor.engines.duckdb import of_tables
from auditor.kinds.base import Conclusion, GroupKind
from auditor.kinds.scope import Clock, Setting
from tests.engines.test_judge import run
from tests.kinds.spec import rule, rule_text

FEWEST = 4
PEER = f"kind: peer\nof: fine_amount >= 200\nby: party_id\nstrata: [violation_code, grade]\nmin_n: {FEWEST}"
DISPARITY = (
    f"kind: disparity\noutcome: fine_amount >= 200\ngroups: party_id\nstrata: [violation_code, grade]\nmin_n: {FEWEST}"
)
RATIO = f"kind: share\nof: fine_amount >= 200\nby: party_id\nlimit: 0.2\nmin_n: {FEWEST}"
COLUMNS = ("case_id", "party_id", "violation_code", "grade", "fine_amount", "occurred_at")

Line = tuple[str, str, str, str]
"""Party, violation code, grade and fine of a case; blank where not known."""


def counted(check: str, lines: Sequence[Line], *, named: int, always: Sequence[str] = ()) -> tuple[GroupKind, Counted]:
    kept = rule(rule_text(check, table="cases"))
    assert isinstance(kept.kind, GroupKind)
    rows: list[Mapping[str, str | None]] = [
        dict(zip(COLUMNS, (f"C{number}", *(part or None for part in line), "2024-05-10"), strict=True))
        for number, line in enumerate(lines)
    ]
    clock = Clock(first=date(2024, 5, 1), last=date(2024, 5, 31), as_of=date(2024, 5, 31))
    query = compile_rule(kept, Setting(scope=kept.scope, clock=clock, provided={"cases": frozenset(COLUMNS)}))
    with of_tables({"cases": (COLUMNS, rows)}, {"day": [], "is_workday": []}) as session:
        return kept.kind, read_counts(query, session, named=named, always=always)


def party(name: str, n: int, *, code: str = "1039", fine: str = "200") -> list[Line]:
    return [(name, code, "slight", fine)] * n


def test_exactly_the_fewest_are_counted_by_name_and_one_under_is_in_the_crowd() -> None:
    """And a case without its party, code or fine makes nobody large enough."""
    lines = [*party("AT", FEWEST), *party("UNDER", FEWEST - 1), ("UNDER", "", "slight", "200")]
    lines += [("UNDER", "1039", "slight", ""), *party("", 9), *party("ONE", 1, fine="100")]
    _, found = counted(PEER, lines, named=1)
    assert [(one.subject, one.stratum, one.n, one.k) for one in found.counts] == [
        ("AT", ("1039", "slight"), FEWEST, FEWEST)
    ]
    assert found.crowd is not None
    assert (found.crowd.subjects, found.crowd.n, found.crowd.fewest) == (2, FEWEST, FEWEST)
    assert [(one.stratum, one.n, one.subjects, one.k) for one in found.crowd.cells] == [
        (("1039", "slight"), 1, 1, 0),
        (("1039", "slight"), 3, 1, 3),
    ]
    assert found.crowd.pairs == ()


def test_as_many_as_may_be_named_are_named_and_with_one_more_none_is() -> None:
    lines = [line for number in range(3) for line in party(f"P{number}", 1)]
    _, all_named = counted(PEER, lines, named=3)
    assert ([one.subject for one in all_named.counts], all_named.crowd) == (["P0", "P1", "P2"], None)
    _, none_named = counted(PEER, lines, named=2)
    assert none_named.counts == [] and none_named.crowd is not None and none_named.crowd.subjects == 3


def test_all_strata_together_make_a_subject_large_enough() -> None:
    lines = [*party("P", 2), *party("P", 2, code="1353"), *party("Q", 2), *party("Q", 1, code="1353"), *party("R", 1)]
    _, found = counted(PEER, lines, named=1)
    assert {one.subject for one in found.counts} == {"P"}
    assert found.crowd is not None and found.crowd.subjects == 2
    mild, severe = ("1039", "slight"), ("1353", "slight")
    assert [(one.one, one.other, one.product) for one in found.crowd.pairs] == [(mild, severe, 2), (severe, mild, 2)]


def test_whom_one_asks_for_by_name_is_in_no_crowd() -> None:
    lines = [line for number in range(5) for line in party(f"P{number}", 1)]
    kind, found = counted(PEER, lines, named=1, always=["P3", "elsewhere"])
    assert [one.subject for one in found.counts] == ["P3"]
    assert found.crowd is not None and (found.crowd.subjects, found.crowd.n) == (4, 4)
    assert [one.subject_id for one in found.concluded(kind).not_judged] == ["P3"]


LINE = st.tuples(
    st.sampled_from([*"ABCDEFGHIJ", ""]),
    st.sampled_from(["1039", "1353", "1208", ""]),
    st.sampled_from(["slight", "ordinary", ""]),
    st.sampled_from(["100", "200", ""]),
)


@settings(deadline=None, max_examples=40)
@given(lines=st.lists(LINE, max_size=70))
def test_the_crowd_is_what_plain_counting_finds(lines: list[Line]) -> None:
    whole = [line for line in lines if all(line)]
    rows = Counter(party for party, _, _, _ in whole)
    cells = Counter((party, (code, grade)) for party, code, grade, _ in whole)
    high = Counter((party, (code, grade)) for party, code, grade, fine in whole if fine == "200")
    few = {party for party, n in rows.items() if n < FEWEST}
    _, found = counted(PEER, lines, named=0)
    assert [(one.subject, one.stratum, one.n, one.k) for one in found.counts] == [
        (*place, n, high[place]) for place, n in sorted(cells.items()) if place[0] not in few
    ]
    if not few:
        assert found.crowd is None
        return
    assert found.crowd is not None
    assert (found.crowd.subjects, found.crowd.n) == (len(few), sum(rows[party] for party in few))
    many: Counter[tuple[tuple[str, str], int]] = Counter()
    outcome: Counter[tuple[tuple[str, str], int]] = Counter()
    for (party, stratum), n in cells.items():
        if party in few:
            many[stratum, n] += 1
            outcome[stratum, n] += high[party, stratum]
    assert {(one.stratum, one.n): (one.subjects, one.k) for one in found.crowd.cells} == {
        cell: (subjects, outcome[cell]) for cell, subjects in many.items()
    }
    products: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for party in few:
        own = [(stratum, n) for (name, stratum), n in cells.items() if name == party]
        for (one, n), (other, m) in permutations(own, 2):
            products[one, other] += n * m
    assert {(one.one, one.other): one.product for one in found.crowd.pairs} == products


@pytest.mark.parametrize("check", [PEER, DISPARITY, RATIO])
@settings(deadline=None, max_examples=25)
@given(lines=st.lists(LINE, max_size=70), much=st.integers(0, 40))
def test_the_verdicts_are_those_beside_everybody_by_name(check: str, lines: list[Line], much: int) -> None:
    """With four parties that have many cases, so that somebody is judged."""
    for number in range(4):
        lines = lines + party(f"L{number}", 20 + number) + party(f"L{number}", much, fine="100", code="1353")
    kind, by_name = counted(check, lines, named=1000)
    _, together = counted(check, lines, named=0)
    assert by_name.crowd is None
    few = 0 if together.crowd is None else together.crowd.subjects
    said = by_name.concluded(kind)
    expected = unnamed(said, {one.subject for one in together.counts})
    found = together.concluded(kind)
    assert replace(found, too_few=None) == expected
    assert len(found.not_judged) + few == len(said.not_judged)
    assert (found.too_few.subjects if found.too_few else 0) == few


def unnamed(said: Conclusion, kept: set[str]) -> Conclusion:
    return replace(said, not_judged=tuple(one for one in said.not_judged if one.subject_id in kept))


def test_a_part_of_the_whole_is_judged_however_few_rows_are_ones_own() -> None:
    """One row of twenty is a share like any other: there is no crowd."""
    part = "kind: share\nby: party_id\nlimit: 0.5\nmin_n: 4"
    _, found = counted(part, [line for number in range(20) for line in party(f"P{number}", 1)], named=1)
    assert (len(found.counts), found.crowd) == (20, None)


def test_an_audit_tells_how_many_had_too_few_and_counts_them_as_not_judged() -> None:
    """One more than are named, of a case or two each: a third has two."""
    small = [f"S{number} | U{number} | {200 - 100 * (number % 2)}" for number in range(NAMED + 1)]
    small += [f"T{number} | U{number} | 100" for number in range(0, NAMED + 1, 3)]
    large = [f"L{number}{case} | L{number} | {200 if case < 10 else 100}" for number in range(5) for case in range(20)]
    lines = [f"{line} | 1039 | slight | 2024-05-10" for line in [*large, *small]]
    header = "case_id | party_id | fine_amount | violation_code | grade | occurred_at"
    judged = run(PEER, {"cases": "\n".join([header, *lines])})
    result = judged.result
    assert judged.trace is None, judged.trace
    assert (result.result, result.tested, result.unknown, result.not_judged) == ("clean", 5, NAMED + 1, ())
    assert result.too_few is not None
    assert (result.too_few.subjects, result.too_few.n, result.too_few.fewest) == (2001, 2001 + 667, 4)
    assert [note.en for note in result.notes] == ["subjects not judged, too few cases: 2001"]
    assert result.too_few.text.en == (
        "2,001 subjects with fewer than 4 cases, 2,668 cases in all, were not judged; they are too many to be named "
        "each"
    )
    fewer = run(PEER, {"cases": "\n".join([header, *(line for line in lines if "| U0 |" not in line)])}).result
    assert (fewer.too_few, fewer.unknown, len(fewer.not_judged)) == (None, NAMED, NAMED)
