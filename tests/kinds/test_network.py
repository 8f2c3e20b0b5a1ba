"""Pairs: who occurs together beyond chance; private persons' ids in a pair are masked wherever they leave."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from math import exp, fsum, lgamma, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.core.masks import Masks
from auditor.core.result import RuleResult
from auditor.core.text import Text
from auditor.export.json_ import render
from auditor.kinds.base import Conclusion, Count
from auditor.kinds.network import LISTED, Network, apart, together
from tests import specimen
from tests.engines.test_groups import table
from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, rule, rule_text

PAIR = "kind: network\npair: [officer_id, agent_id]\n"
Line = tuple[int, str, str, str]


def cases(*lines: Line) -> dict[str, str]:
    """Lines of (times, officer, agent, unit)."""
    rows = ["times | case_id | officer_id | agent_id | unit_id | occurred_at"]
    rows += [f"{n} | C{i} | {a} | {b} | {s} | 2024-05-10" for i, (n, a, b, s) in enumerate(lines) if n]
    return {"cases": "\n".join(rows)}


def even(more: int = 0, *, unit: str = "U", each: int = 10) -> list[Line]:
    """Six officers and eight agents who meet equally often, 480 rows, but for `more` rows of O1 and A1."""
    pairs = product((f"O{i}" for i in range(1, 7)), (f"A{i}" for i in range(1, 9)))
    return [(each + (more if (a, b) == ("O1", "A1") else 0), a, b, unit) for a, b in pairs]


def pairs(check: str, *lines: Line, period: str | None = None) -> dict[str, str]:
    return judged(check, cases(*lines), period=period)


def test_a_pair_far_above_chance_is_flagged_and_nobody_else() -> None:
    # 50 rows of O1 and A1; by chance 120 * 100 / 520 = 23.1, a lift of 2.2. All the others lie under the expected.
    found = pairs(PAIR, *even(40))
    assert found["O1 · A1"] == "violation" and Counter(found.values()) == {"violation": 1, "ok": 47}
    assert set(pairs(PAIR, *even()).values()) == {"ok"}


def test_the_lift_is_a_floor() -> None:
    # 50 / (120 * 100 / 520) = 2.1667 rounded up.
    assert pairs(PAIR + "min_lift: 2.1666\n", *even(40))["O1 · A1"] == "violation"
    assert pairs(PAIR + "min_lift: 2.1667\n", *even(40))["O1 · A1"] == "ok"


def test_fewer_than_min_support_are_counted_and_not_listed() -> None:
    lines = even()
    lines[9], lines[10] = (5, *lines[9][1:]), (4, *lines[10][1:])
    found = pairs(PAIR, *lines)
    assert found["O2 · A2"] == "ok" and "O2 · A3" not in found and len(found) == 47
    assert "O2 · A3" in pairs(PAIR + "min_support: 4\n", *lines)


def test_blanks_are_counted_on_neither_side() -> None:
    blank: list[Line] = [(500, "O1", "", "U"), (500, "", "A1", "U")]
    assert pairs(PAIR, *even(40), *blank) == pairs(PAIR, *even(40))
    alike = PAIR + "strata: [unit_id]\n"
    assert pairs(alike, *even(40), (500, "O2", "A2", "")) == pairs(alike, *even(40))


def test_chance_is_reckoned_within_strata() -> None:
    # Two units that share nobody: a pair meets twice as often as among all rows, and as chance has it within its own.
    other = [(n, a.replace("O", "P"), b.replace("A", "B"), "V") for n, a, b, _ in even()]
    within = conclusion(PAIR + "strata: [unit_id]\n", *even(), *other)
    assert {verdict.facts["lift"] for verdict in within.verdicts} == {"1.0"}
    across = conclusion(PAIR, *even(), *other)
    assert {verdict.facts["lift"] for verdict in across.verdicts} == {"2.0"}
    assert not any(verdict.flagged for verdict in across.verdicts)


def test_a_stratum_with_a_single_officer_or_agent_is_left_out() -> None:
    alike = PAIR + "strata: [unit_id]\n"
    lone: list[Line] = [(90, "O1", "A1", "ALONE"), (9, "O1", "A2", "ALONE")]
    assert pairs(alike, *even(), *lone) == pairs(alike, *even())
    concluded = conclusion(alike, *even(), *lone, (7, "X", "Y", "ALSO"))
    assert [note.en.rsplit(": ", 1)[1] for note in concluded.notes] == ["106"]
    [left] = concluded.not_judged
    assert (left.subject_id, left.n, left.reason.en) == ("X · Y*", 7, "nobody to compare with on like rows")


def test_too_few_pairs_to_know_the_usual_ties() -> None:
    lines: list[Line] = [(30 if a + b == "O1A1" else 9, a, b, "U") for a, b in product(("O1", "O2"), ("A1", "B1"))]
    assert pairs(PAIR, *lines) == {f"{a} · {b}*": "unknown" for a, b in product(("O1", "O2"), "AB")}


def test_only_the_pairs_with_the_most_rows_are_listed_as_not_judged() -> None:
    lone: list[Line] = [(5 + i, f"O{i:02d}", "A", f"U{i}") for i in range(LISTED + 1)]
    concluded = conclusion(PAIR + "strata: [unit_id]\n", *lone)
    assert [left.n for left in concluded.not_judged] == list(range(25, 5, -1))
    assert concluded.notes[-1].en == "pairs not judged: 21; the 20 with the most rows are listed"


def test_the_window_reaches_back_from_the_end_of_the_period() -> None:
    early = {"cases": cases(*even(40))["cases"].replace("2024-05-10", "2024-03-01")}
    before = {"cases": early["cases"].replace("2024-03-01", "2024-02-29")}
    assert judged(PAIR, early, period="2024-05") == {}
    assert judged(PAIR + "window: 3 months\n", early, period="2024-05")["O1 · A1"] == "violation"
    assert judged(PAIR + "window: 3 months\n", before, period="2024-05") == {}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (PAIR.replace(", agent_id", ""), "must name two, and names 1"),
        (PAIR.replace("agent_id", "agent_id, party_id"), "must name two, and names 3"),
        (PAIR.replace("agent_id", "officer_id"), "two different things"),
        (PAIR + "strata: [officer_id]\n", "must not hold one of the pair"),
        (PAIR + "min_lift: 0.9\n", "must be 1 or more"),
        (PAIR + "q: 0\n", "must be more than 0"),
        (PAIR + "window: 24 hours\n", "must be in days or months"),
    ],
)
def test_fields_that_do_not_go_together(check: str, fault: str) -> None:
    _, problems = load(rule_text(check, table="cases"))
    assert [problem for problem in problems if fault in problem.message]


@given(st.text("·AB ", max_size=6), st.text("·AB ", max_size=6))
def test_what_is_joined_comes_apart_again(first: str, second: str) -> None:
    assert apart(together(first, second)) == (first, second)


def test_a_dot_in_an_id_is_doubled() -> None:
    dotted = [(n, a.replace("O1", "O·1"), b, s) for n, a, b, s in even(40)]
    assert pairs(PAIR, *dotted)["O··1 · A1"] == "violation"


def kind_of(check: str) -> Network:
    kind = rule(rule_text(check, table="cases")).kind
    assert isinstance(kind, Network)
    return kind


def conclusion(check: str, *lines: Line) -> Conclusion:
    alike = "strata" in check
    counted: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for n, a, b, s in lines:
        counted[together(a, b), (s,) if alike else ()] += n
    return kind_of(check).conclude([Count(subject=x, stratum=s, n=n, k=n) for (x, s), n in counted.items()])


def test_the_numbers_of_a_finding() -> None:
    [verdict] = [one for one in conclusion(PAIR, *even(40)).verdicts if one.flagged]
    assert (verdict.subject, verdict.parts, verdict.value, verdict.n) == ("O1 · A1", ("O1", "A1"), 50.0, 50)
    # The exact 95 % interval of a Poisson count of 50 is 37.1 to 65.9; 120 * 100 / 520 = 23.08 are expected.
    facts = {name: value for name, value in verdict.facts.items() if name != "q_value"}
    assert facts == {
        "first": "O1",
        "second": "A1",
        "n": "50",
        "expected": "23.08",
        "lift": "2.2",
        "excess": "26.9",
        "lower": "14.0",
        "upper": "42.8",
        "first_total": "120",
        "second_total": "100",
        "pairs": "48",
        "rank": "1",
    }
    assert verdict.threshold == pytest.approx(2 * 23.076923) and verdict.columns["second"] == "cases.agent_id"


OFFICER, AGENT = "P004411", "330102199001011234"


def found(check: str = PAIR, first: str = OFFICER, subject: str = "{type: officer, id: officer_id}") -> str:
    """All that leaves of a finding on one pair, masked: the sentence, the facts and the document for machines."""
    names = {"O1": first, "A1": AGENT}
    rows = [(f"{names.get(a, a)} | {names.get(b, b)} | 2024-05-10", n) for n, a, b, _ in even(40)]
    text = rule_text(check, table="cases").replace("{type: case, id: case_id}", subject)
    said = "{first} meets {second}"
    text = text.replace("message: {zh: 试验, en: test}", f'message: {{zh: "{said}", en: "{said}"}}')
    outcome = run("", {"cases": table("case_id | officer_id | agent_id | occurred_at", *rows)}, text=text)
    [finding] = outcome.findings
    assert finding.fingerprint == f"v1:test.rule:{first}|{AGENT}" and finding.subject_id == first
    assert finding.n_cases == len(outcome.evidence) == 50
    card = specimen.card("test.rule", message=Text(zh=said, en=said))
    shown = replace(specimen.run(), cards=(card,), findings=(finding,), results=(outcome.result,), records=())
    masks = Masks(masked=True)
    facts = [masks.fact(fact, ()).en for fact in finding.facts]
    assert AGENT in finding.message.en and AGENT in render(shown, personal=True)
    return "\n".join([render(shown), *facts, masks.sentence(Text(zh=said, en=said), finding, ()).en])


@pytest.mark.parametrize("second", ["agent_id", "coalesce(agent_id, 'none')", "upper(agent_id)"])
def test_the_ids_of_private_persons_are_masked_and_an_officer_is_named(second: str) -> None:
    left = found(PAIR.replace("agent_id", f'"{second}"'))
    assert AGENT not in left and "33********34" in left and OFFICER in left


def test_a_private_person_who_is_the_first_of_the_pair_is_masked_too() -> None:
    check = PAIR.replace("officer_id, agent_id", "agent_id, officer_id")
    left = render_not_judged(check, "agent_id", AGENT, OFFICER)
    assert AGENT not in left
    assert AGENT not in render_not_judged(PAIR, "officer_id", OFFICER, AGENT)


def test_all_rows_of_the_pair_are_evidence_and_the_numbers_are_of_those_that_compare() -> None:
    # 50 rows in U; of the 3 in ALONE, where O1 is the only officer, the numbers know nothing.
    lines = [*even(40), (3, "O1", "A1", "ALONE"), (9, "O1", "", "U")]
    rows = [(f"{a} | {b} | {s} | 2024-05-10", n) for n, a, b, s in lines]
    text = rule_text(PAIR + "strata: [unit_id]\n", table="cases")
    outcome = run("", {"cases": table("case_id | officer_id | agent_id | unit_id | occurred_at", *rows)}, text=text)
    [finding] = outcome.findings
    assert (finding.n_cases, len(outcome.evidence), finding.value) == (50, 53, 50.0)


def render_not_judged(check: str, grain: str, first: str, second: str) -> str:
    concluded = kind_of(check).conclude([Count(subject=together(first, second), stratum=(), n=9, k=9)])
    result = RuleResult(rule_id="test.rule", result="clean", grain=grain, not_judged=concluded.not_judged)
    shown = replace(specimen.run(), cards=(specimen.card("test.rule"),), findings=(), results=(result,), records=())
    [rules] = [part for name, part in json.loads(render(shown)).items() if name == "rules"]
    assert rules[0]["not_judged"][0]["n"] == 9
    return json.dumps(rules)


def test_no_row_at_all() -> None:
    assert pairs(PAIR) == {} and pairs(PAIR, (9, "", "A1", "U"), (9, "O1", "", "U")) == {}
    assert conclusion(PAIR) == Conclusion(verdicts=(), not_judged=())


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["O", "P", ""]), st.sampled_from(["X1", "Y1", ""]), st.sampled_from("UV"))),
    least=st.integers(1, 4),
)
def test_few_pairs_are_all_not_judged_by_hand(rows: list[tuple[str, str, str]], least: int) -> None:
    # At most four pairs never tell of the usual ties; who is listed depends on the rows alone.
    counted = [row for row in rows if all(row)]
    told = {s for s in "UV" if all(len({row[side] for row in counted if row[2] == s}) >= 2 for side in (0, 1))}
    every = Counter((a, b) for a, b, _ in counted)
    expected = {f"{a} · {b[0]}*": "unknown" for (a, b), n in every.items() if n >= least or not told}
    check = PAIR + f"strata: [unit_id]\nmin_support: {least}\n"
    assert pairs(check, *((1, a, b, s) for a, b, s in rows)) == expected


LEAST, Q, LIFT = 5, 0.05, 1.5
Two = tuple[str, str]
Chance = tuple[float, float]


def count_tail(k: int, mean: float, spread: float) -> float:
    """P(count >= k) of a Poisson count whose mean is gamma distributed with this relative variance, summed up."""
    if spread < 1e-9:
        return 1 - fsum(exp(i * log(mean) - mean - lgamma(i + 1)) for i in range(k))
    size = 1 / spread
    rest, part = log(size / (size + mean)), log(mean / (size + mean))
    return 1 - fsum(
        exp(lgamma(size + i) - lgamma(size) - lgamma(i + 1) + size * rest + i * part) for i in range(k)
    )  # fmt: skip


def tail_by_hand(n: int, mean: float, spread: float) -> float:
    if n < mean + 1:
        return 1.0
    ratio = log((n - 0.5) / mean)
    wide = min(log(1 + spread), 2 * max(ratio, 0.0))
    endless = NormalDist().cdf(-(ratio + wide / 2) / sqrt(wide + 1 / (n - 0.5)))
    return max(endless, *(count_tail(n, mean, part) for part in (spread, spread / 4, spread / 16, 0.0)))


def spreads_by_hand(seen: Counter[Two], chance: dict[Two, Chance], found: set[Two]) -> dict[Two | None, float] | None:
    """The limit of the squared spread without each pair, and under None with all; None where too few tell of it."""
    firsts, seconds = len({a for a, _ in chance}), len({b for _, b in chance})
    free = firsts * seconds / ((firsts - 1) * (seconds - 1)) if min(firsts, seconds) > 1 else 0.0
    terms: dict[Two, tuple[float, float, float]] = {}
    for pair, (mean, variance) in chance.items():
        if pair not in found:
            weight = mean / (1 + mean) ** 3
            terms[pair] = (weight, free * ((seen[pair] - mean) ** 2 - variance), mean)
    size = fsum(w * e * e for w, _, e in terms.values())
    if not terms or size**2 < 20 * fsum((w * e * e) ** 2 for w, _, e in terms.values()):
        return None
    limits: dict[Two | None, float] = {}
    for left_out in (None, *chance):
        kept = [term for pair, term in terms.items() if pair != left_out]
        base = fsum(w * e * e for w, _, e in kept)
        estimate = fsum(w * x for w, x, _ in kept) / base
        limits[left_out] = max(estimate, 0.0) + sqrt(fsum(doubt_by_hand(*term, estimate) for term in kept)) / base
    return limits


def doubt_by_hand(weight: float, excess: float, mean: float, spread: float) -> float:
    rest = mean + max(spread, 0.0) * mean * mean
    return max((weight * (excess - spread * mean * mean)) ** 2, weight**2 * (rest + 2 * rest * rest))


def by_hand(rows: Counter[tuple[str, str, str]]) -> tuple[dict[str, str], dict[Two, tuple[int, float, float, float]]]:
    """Every verdict, and of the judged pairs rows, expected rows, p and q."""
    told = {s for _, _, s in rows if all(len({row[side] for row in rows if row[2] == s}) >= 2 for side in (0, 1))}
    a_in, b_in, all_in = (Counter[tuple[str, ...]]() for _ in range(3))
    seen: Counter[Two] = Counter()
    every: Counter[Two] = Counter()
    for (a, b, s), n in rows.items():
        every[a, b] += n
        if s in told:
            a_in[a, s] += n
            b_in[b, s] += n
            all_in[s,] += n
            seen[a, b] += n
    chance: dict[Two, Chance] = {}
    for (a, s), (b, t) in product(a_in, b_in):
        if s == t:
            n_a, n_b, size = a_in[a, s], b_in[b, s], all_in[s,]
            mean, variance = chance.get((a, b), (0.0, 0.0))
            part = n_a * n_b / size
            chance[a, b] = (mean + part, variance + part * (size - n_a) * (size - n_b) / (size * max(size - 1, 1)))
    judged = [pair for pair in every if seen[pair] >= LEAST]
    left = [pair for pair, n in every.items() if (n >= LEAST and pair not in judged) or not told]
    limits = spreads_by_hand(seen, chance, set()) if told else None
    unknown = {f"{a} · {b[0]}*": "unknown" for a, b in (left if limits else {*left, *judged})}
    numbers: dict[Two, tuple[int, float, float, float]] = {}
    found: set[Two] = set()
    while limits is not None:
        p = {pair: tail_by_hand(seen[pair], chance[pair][0], limits[pair]) for pair in judged}
        q = discovery_by_hand(p, max(possible_by_hand(a_in, b_in), len(judged)))
        numbers = {pair: (seen[pair], chance[pair][0], p[pair], q[pair]) for pair in judged}
        more = {pair for pair in judged if q[pair] <= Q and round(seen[pair] / chance[pair][0], 6) >= LIFT}
        limits = None if more <= found else spreads_by_hand(seen, chance, found | more)
        if limits is not None:
            found |= more
    said = {
        f"{a} · {b}": "violation" if q <= Q and round(n / e, 6) >= LIFT else "ok"
        for (a, b), (n, e, _, q) in numbers.items()
    }
    return {**said, **unknown}, numbers


def possible_by_hand(a_in: Counter[tuple[str, ...]], b_in: Counter[tuple[str, ...]]) -> int:
    """How many pairs could have had enough rows: not more than there are of both, nor than meet in a stratum."""
    total: Counter[tuple[int, str]] = Counter()
    for side, counted in enumerate((a_in, b_in)):
        for (name, _), n in counted.items():
            total[side, name] += n
    many = [sum(1 for (at, _), n in total.items() if at == side and n >= LEAST) for side in (0, 1)]
    meet = sum(s == t and total[0, a] >= LEAST and total[1, b] >= LEAST for (a, s), (b, t) in product(a_in, b_in))
    return min(many[0] * many[1], meet)


def discovery_by_hand(p: dict[Two, float], tests: int) -> dict[Two, float]:
    ranked = sorted(p.values())
    return {
        pair: min([1.0, *(later * tests / rank for rank, later in enumerate(ranked, start=1) if later >= own)])
        for pair, own in p.items()
    }


COUNT = st.one_of(st.integers(0, 12), st.sampled_from([4, 5, 6]))
TABLE = st.tuples(st.lists(COUNT, min_size=70, max_size=70), st.integers(0, 60), st.booleans())


@settings(max_examples=30, deadline=None)
@example(table=([6] * 70, 50, True))  # a planted pair, found by both, among many ties
@example(table=([6] * 35 + [0] * 35, 0, False))
@example(table=([5, 4] * 35, 20, True))
@given(table=TABLE)
def test_agrees_with_reckoning_by_hand(table: tuple[list[int], int, bool]) -> None:
    numbers, more, blanks = table
    lines: list[Line] = [
        (n, f"O{1 + i % 5}", f"{'ABCDEFG'[i // 5 % 7]}1", "UV"[i // 35]) for i, n in enumerate(numbers)
    ]
    lines += [(more, "O1", "A1", "U"), (7, "O1", "A1", "ALONE"), (6, "X", "Y1", "ALONE")]
    if blanks:
        lines += [(40, "O1", "", "U"), (40, "", "A1", "U"), (40, "O2", "B1", "")]
    counted: Counter[tuple[str, str, str]] = Counter()
    for n, a, b, s in lines:
        if n and a and b and s:
            counted[a, b, s] += n
    check = PAIR + f"strata: [unit_id]\nmin_support: {LEAST}\nq: {Q}\nmin_lift: {LIFT}\n"
    verdicts, reckoned = by_hand(counted)
    assert pairs(check, *lines) == verdicts
    for one in conclusion(check, *((n, a, b, s) for (a, b, s), n in counted.items())).verdicts:
        a, b = one.parts
        n, expected, p, q = reckoned[a, b]
        assert (one.n, one.expected) == (n, pytest.approx(expected, abs=1e-6))
        assert (one.p_value, one.q_value) == (pytest.approx(p, abs=1e-7), pytest.approx(q, abs=1e-5))
