"""Peers: like compared with like, small numbers not judged, blanks not counted."""

from tests.kinds.spec import judged

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
