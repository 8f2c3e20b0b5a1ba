"""Peers: like compared with like, small numbers not judged, blanks not counted."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.kinds.base import Count
from auditor.kinds.peer import Peer
from tests.kinds.spec import judged, rule, rule_text

CHECK = """\
kind: peer
of: fine_amount >= 200
by: officer_id
strata: [violation_code, grade]
min_n: 30
"""


def officers(*lines: tuple[str, str, int, int]) -> str:
    """Lines of (officer, violation code, cases at the maximum, other cases)."""
    rows = ["times | case_id | officer_id | violation_code | grade | fine_amount | occurred_at"]
    for officer, code, top, other in lines:
        for name, times, amount in (("T", top, 200), ("O", other, 100)):
            if times:
                rows.append(f"{times} | {officer}{code}{name} | {officer} | {code} | ordinary | {amount} | 2024-05-10")
    return "\n".join(rows)


PEERS = [(f"P{number}", "1039", 6, 54) for number in range(1, 9)]


def test_who_stands_out_on_like_cases_is_a_lead_and_few_cases_are_not_judged() -> None:
    found = judged(CHECK, {"cases": officers(*PEERS, ("HIGH", "1039", 54, 6), ("FEW", "1039", 8, 2))})
    assert found == {**{f"P{number}": "ok" for number in range(1, 9)}, "HIGH": "violation", "FEW": "unknown"}


def test_a_severe_case_mix_is_no_lead() -> None:
    severe = [(f"P{number}", "1353", 27, 3) for number in range(1, 9)]
    found = judged(CHECK, {"cases": officers(*PEERS, *severe, ("SEVERE", "1353", 54, 6))})
    assert found["SEVERE"] == "ok"


def test_the_window_reaches_back_from_the_end_of_the_period() -> None:
    early = officers(*PEERS, ("HIGH", "1039", 54, 6)).replace("2024-05-10", "2023-06-01")
    assert judged(CHECK, {"cases": early}, period="2024-05") == {}
    back = CHECK + "window: 12 months\n"
    assert judged(back, {"cases": early}, period="2024-05")["HIGH"] == "violation"
    day_before = early.replace("2023-06-01", "2023-05-31")
    assert judged(back, {"cases": day_before}, period="2024-05") == {}


def test_a_blank_outcome_is_counted_on_neither_side() -> None:
    rows = officers(*PEERS, ("HIGH", "1039", 54, 6))
    blank = "\n100 | BLANK | P1 | 1039 | ordinary | | 2024-05-10\n50 | NOBODY | | 1039 | ordinary | 200 | 2024-05-10"
    assert judged(CHECK, {"cases": rows + blank}) == judged(CHECK, {"cases": rows})


PEERS_NEEDED, PEER_CASES_NEEDED = 3, 20
"""A stratum compares where so many others have so many cases together (auditor.stats.stand_out)."""

ROW = st.tuples(
    st.sampled_from(["A", "B", "C", "D", "E", ""]),
    st.sampled_from(["1039", "1353", ""]),
    st.sampled_from(["100", "200", "300", ""]),
    st.integers(1, 25),
)


def counted(rows: list[tuple[str, str, str, int]]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Cases, and those at the maximum, by officer and code; a blank anywhere counts on neither side."""
    n: Counter[tuple[str, str]] = Counter()
    k: Counter[tuple[str, str]] = Counter()
    for officer, code, amount, times in rows:
        if officer and code and amount:
            n[officer, code] += times
            k[officer, code] += times * (int(amount) >= 200)
    return n, k


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ROW, max_size=20))
def test_counts_as_one_would_by_hand(rows: list[tuple[str, str, str, int]]) -> None:
    lines = ["times | case_id | officer_id | violation_code | grade | fine_amount | occurred_at"]
    lines += [
        f"{times} | C{number} | {officer} | {code} | ordinary | {amount} | 2024-05-10"
        for number, (officer, code, amount, times) in enumerate(rows)
    ]
    kind = rule(rule_text(CHECK, table="cases")).kind
    assert isinstance(kind, Peer)
    n, k = counted(rows)
    cells = [Count(subject=who, stratum=(code, "ordinary"), n=n[who, code], k=k[who, code]) for who, code in sorted(n)]
    by_hand = kind.conclude(cells)
    expected = {verdict.subject: "violation" if verdict.flagged else "ok" for verdict in by_hand.verdicts}
    assert judged(CHECK, {"cases": "\n".join(lines)}) == expected | {
        left.subject_id: "unknown" for left in by_hand.not_judged
    }


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW.map(lambda row: (*row[:3], row[3] * 4)), min_size=10, max_size=40))
def test_the_expected_rate_is_the_peers_on_the_same_mix(rows: list[tuple[str, str, str, int]]) -> None:
    kind = rule(rule_text(CHECK, table="cases")).kind
    assert isinstance(kind, Peer)
    n, k = counted(rows)
    cells = [Count(subject=who, stratum=(code,), n=n[who, code], k=k[who, code]) for who, code in sorted(n)]
    conclusion = kind.conclude(cells)
    judged_ones = {verdict.subject: verdict for verdict in conclusion.verdicts}
    for who in sorted({who for who, _ in n}):
        mine = cases = Fraction(0)
        for code in ("1039", "1353"):
            peers = [other for other, of in n if of == code and other != who]
            peer_n = sum(n[other, code] for other in peers)
            if n[who, code] and len(peers) >= PEERS_NEEDED and peer_n >= PEER_CASES_NEEDED:
                cases += n[who, code]
                mine += n[who, code] * Fraction(sum(k[other, code] for other in peers), peer_n)
        if cases < kind.min_n:
            assert who not in judged_ones
        elif who in judged_ones:
            assert judged_ones[who].expected == pytest.approx(float(mine / cases))
            assert judged_ones[who].n == cases
