"""What becomes of a finding that is not found again: in order only where its rule looked at it and said so."""

from pathlib import Path

import pytest

from auditor.core.result import Run
from auditor.engines.counts import NAMED
from tests.months import Office, named, states

DEAR = named("test.dear", "kind: check\nfail_when: fine_amount > 200")
IN_ORDER = "resolved: tested again and judged in order"
BLANK = "not_retested: it could not be judged this time: something needed is blank"
SCOPE = "not_retested: it is no longer in the scope of the rule"
ANOTHER_TIME = "not_retested: its rows are not of the audited period and were not looked at"
ANEW = "asked about in its own period (2024-05), with the data of today"
MENDED, STILL = f"resolved: {ANEW}, and judged in order", f"not_retested: {ANEW}, and flagged still"
ABSENT = "not_retested: its rows are not among those loaded this time (not given, or in quarantine)"
NOTHING = "not_retested: the rule tested nothing this time (why: see the rule)"
GONE = "not_retested: the rule is not among those of this run"
OTHER_KEY = "not_retested: the rule tells its subjects apart in another way than it did"
CHANGED = "not_retested: the rule or a parameter was changed since: that it is not found any more proves nothing"
NOT_AMONG = "not_retested: it is not among those judged this time: no rows, or too few"


def second(tmp_path: Path, rule: str, may: dict[str, str], june: dict[str, str], *later: str) -> Run:
    """The audit of June after that of May; `later` are June's rules where they are others."""
    office = Office(tmp_path, rule)
    assert {one.state for one in office.audit("2024-05", may).findings} == {"new"}
    return office.audit("2024-06", june, *later)


# A vehicle stays with the agency over several months: each audit looks at the same measure again.
HELD = named(
    "test.held", "kind: deadline\nfrom: started_at\nto: released_at\nwithin: 30 days", table="measures",
    extra="where: ground = 'papers'\n",
)  # fmt: skip
HEAD = "measure_id | ground | started_at | released_at\n"


@pytest.mark.parametrize(
    ("june", "state"),
    [
        ("papers | 2024-04-01 |", "recurring"),
        # Released on the limit's last day, as the corrected record says, the day after it, and before June began.
        ("papers | 2024-05-02 | 2024-06-01", IN_ORDER),
        ("papers | 2024-05-02 | 2024-06-02", "recurring"),
        # Before June began, it is May's matter: in time, a day late, not of May either.
        ("papers | 2024-04-01 | 2024-05-01", MENDED),
        ("papers | 2024-04-01 | 2024-05-02", STILL),
        ("papers | 2024-04-01 | 2024-05-31 23:59", STILL),
        ("papers | 2024-03-01 | 2024-04-30 23:59", ANOTHER_TIME),
        ("papers |            | 2024-06-01", ABSENT),  # without its first day a measure is in quarantine
        ("other | 2024-04-01 |", SCOPE),
        ("       | 2024-04-01 |", BLANK),
    ],
)
def test_one_measure_is_looked_at_again(tmp_path: Path, june: str, state: str) -> None:
    beside = "other | papers | 2024-06-10 |"
    run = second(
        tmp_path, HELD,
        {"measures": f"{HEAD}A | papers | 2024-04-01 |"},
        {"measures": f"{HEAD}{beside}\nA | {june}"},
    )  # fmt: skip
    assert states(run) == {"A": state}


def test_a_measure_that_left_the_extract_is_not_retested(tmp_path: Path) -> None:
    run = second(
        tmp_path, HELD,
        {"measures": f"{HEAD}A | papers | 2024-04-01 |"},
        {"measures": f"{HEAD}B | papers | 2024-06-10 |"},
    )  # fmt: skip
    assert states(run) == {"A": ABSENT}


CASES = "case_id | plate_no | fine_amount | occurred_at\n"
MAY = {"cases": f"{CASES}A | P1 | 300 | 2024-05-31 23:59"}


@pytest.mark.parametrize(
    ("case", "state"),
    [
        ("300 | 2024-05-31 23:59", STILL),
        ("201 | 2024-05-31 23:59", STILL),
        ("200 | 2024-05-31 23:59", MENDED),
        ("    | 2024-05-31 23:59", BLANK),
        ("100 | 2024-05-01 00:00", MENDED),
        ("100 | 2024-04-30 23:59", ANOTHER_TIME),
    ],
)
def test_a_case_of_may_is_asked_about_in_may_with_what_june_says_of_it(tmp_path: Path, case: str, state: str) -> None:
    june = {"cases": f"{CASES}A | P1 | {case}\nB | P2 | 100 | 2024-06-01 00:00"}
    assert states(second(tmp_path, DEAR, MAY, june)) == {"A": state}


def test_a_case_of_may_is_asked_about_in_may_for_as_long_as_it_is_open(tmp_path: Path) -> None:
    office = Office(tmp_path, DEAR)
    office.audit("2024-05", MAY)
    beside = "B | P2 | 100 | 2024-0{}-01"
    assert states(office.audit("2024-06", {"cases": f"{MAY['cases']}\n{beside.format(6)}"})) == {"A": STILL}
    mended = {"cases": f"{CASES}A | P1 | 100 | 2024-05-31 23:59\n{beside.format(7)}"}
    assert states(office.audit("2024-07", mended)) == {"A": MENDED}
    assert states(office.audit("2024-08", {"cases": f"{CASES}{beside.format(8)}"})) == {}


def test_a_case_whose_day_was_corrected_into_june_is_looked_at(tmp_path: Path) -> None:
    june = {"cases": f"{CASES}A | P1 | 100 | 2024-06-01 00:00"}
    assert states(second(tmp_path, DEAR, MAY, june)) == {"A": IN_ORDER}


BY_PLATE = named("test.dear", "kind: check\nfail_when: fine_amount > 200", key="plate_no, violation_code")


@pytest.mark.parametrize(
    ("june", "state"),
    [
        (["P1 | 1039 | 100"], IN_ORDER),
        (["P1 | 1039 | 100", "P1 | 1039 | 50"], IN_ORDER),
        (["P1 | 1039 | 100", "P1 | 1039 |"], BLANK),
        (["P1 | 1039 | 100", "P1 | 1039 | 300"], "recurring"),
        (["P1 | 1040 | 100"], ABSENT),
        (["P2 | 1039 | 100"], ABSENT),
        (["   | 1039 | 100"], ABSENT),
    ],
)
def test_all_rows_of_the_key_must_be_in_order(tmp_path: Path, june: list[str], state: str) -> None:
    head = "case_id | plate_no | violation_code | fine_amount | occurred_at\n"
    rows = "\n".join(f"J{number} | {row} | 2024-06-10" for number, row in enumerate(june))
    run = second(tmp_path, BY_PLATE, {"cases": f"{head}A | P1 | 1039 | 300 | 2024-05-10"}, {"cases": head + rows})
    assert states(run) == {"P1": state}


def test_a_missing_part_of_a_key_is_like_a_missing_part_and_like_no_value(tmp_path: Path) -> None:
    head = "case_id | plate_no | violation_code | fine_amount | occurred_at\n"
    may = {"cases": f"{head}A | | 1039 | 300 | 2024-05-10"}
    run = second(tmp_path / "1", BY_PLATE, may, {"cases": f"{head}B | | 1039 | 100 | 2024-06-10"})
    assert [(one.fingerprint, one.state) for one in run.findings] == [("v1:test.dear:~|1039", "resolved")]
    run = second(tmp_path / "2", BY_PLATE, may, {"cases": f"{head}B | ~ | 1039 | 100 | 2024-06-10"})
    assert [one.state for one in run.findings] == ["not_retested"]


def test_key_values_with_the_signs_of_the_recipe_find_their_rows(tmp_path: Path) -> None:
    head = "case_id | plate_no | violation_code | fine_amount | occurred_at\n"
    for number, plate in enumerate(("京A:1", "a~b", "100%", "a/b", "x'y\"z")):
        run = second(
            tmp_path / str(number), BY_PLATE,
            {"cases": f"{head}A | {plate} | 1039 | 300 | 2024-05-10"},
            {"cases": f"{head}B | {plate} | 1039 | 100 | 2024-06-10"},
        )  # fmt: skip
        assert [one.state for one in run.findings] == ["resolved"], plate


# The rule itself.

NOW = {"cases": f"{CASES}A | P1 | 100 | 2024-06-10"}


@pytest.mark.parametrize(
    ("june", "later", "state"),
    [
        (NOW, DEAR, IN_ORDER),
        (NOW, named("test.other", "kind: check\nfail_when: fine_amount > 200"), GONE),
        (NOW, DEAR.replace("status: trial", "status: retired\nreason: {zh: 废止, en: repealed}"), GONE),
        (NOW, DEAR.replace("> 200", "> 250"), CHANGED),
        (NOW, BY_PLATE, OTHER_KEY),
        (NOW, named("test.dear", "kind: require\nfields: [fine_amount]"), OTHER_KEY),
        ({"cases": f"{CASES}A | P1 | | 2024-06-10"}, DEAR, NOTHING),
        ({"cases": "case_id | occurred_at\nA | 2024-06-10"}, DEAR, NOTHING),
        ({"measures": "measure_id | started_at\nM | 2024-06-10"}, DEAR, NOTHING),
        (
            {"cases": f"{CASES}A | P1 | 999999999999 | 2024-06-10"},
            named("test.dear", "kind: check\nfail_when: fine_amount * fine_amount * fine_amount * fine_amount > 1"),
            NOTHING,
        ),
    ],
    ids=["same", "vanished", "retired", "threshold", "key", "kind", "unknown", "no-column", "no-table", "error"],
)  # fmt: skip
def test_a_rule_that_is_not_the_same_or_tested_nothing_clears_nobody(
    tmp_path: Path, june: dict[str, str], later: str, state: str
) -> None:
    run = second(tmp_path, DEAR, {"cases": f"{CASES}A | P1 | 300 | 2024-05-10"}, june, later)
    assert states(run) == {"A": state}


def test_a_parameter_set_otherwise_clears_nobody(tmp_path: Path) -> None:
    rule = named("test.dear", "kind: check\nfail_when: fine_amount > $cap", extra="params:\n  cap: {default: 200}\n")
    office = Office(tmp_path, rule)
    office.audit("2024-05", {"cases": f"{CASES}A | P1 | 300 | 2024-05-10"})
    june = {"cases": f"{CASES}A | P1 | 300 | 2024-06-10"}
    run = office.audit("2024-06", june, overrides={"test.dear.cap": "400"})
    assert states(run) == {"A": CHANGED}
    # The next audit is by the same rule as this one: what it says of the case counts.
    july = {"cases": f"{CASES}A | P1 | 300 | 2024-07-10"}
    assert states(office.audit("2024-07", july, overrides={"test.dear.cap": "400"})) == {"A": IN_ORDER}


# Subjects of statistics: judged, and not flagged.

RETURNED = "kind: share\nof: disposal = 'returned'\nby: unit_id\nlimit: 0.2\nmin_n: 10"
SHARE = named("test.share", RETURNED, table="measures", key="unit_id")


def returned(month: str, **units: tuple[int, int]) -> dict[str, str]:
    """So many returned of so many, by unit."""
    rows = ["measure_id | unit_id | disposal | started_at"]
    for unit, (k, n) in units.items():
        rows += [f"{unit}{i} | {unit} | {'returned' if i < k else 'transferred'} | {month}-10" for i in range(n)]
    return {"measures": "\n".join(rows)}


@pytest.mark.parametrize(
    ("june", "state"),
    [
        ({"U": (10, 10)}, "recurring"),
        ({"U": (0, 10), "V": (0, 10)}, IN_ORDER),
        ({"U": (0, 9), "V": (0, 10)}, "not_retested: "),  # one too few to judge
        ({"V": (0, 10)}, NOT_AMONG),
    ],
)
def test_a_unit_is_in_order_where_it_was_judged(tmp_path: Path, june: dict[str, tuple[int, int]], state: str) -> None:
    run = second(tmp_path, SHARE, returned("2024-05", U=(10, 10)), returned("2024-06", **june))
    [said] = states(run).values()
    assert said.startswith(state) if state.endswith(" ") else said == state


def test_one_too_few_is_said_in_the_words_of_the_statistics(tmp_path: Path) -> None:
    run = second(tmp_path, SHARE, returned("2024-05", U=(10, 10)), returned("2024-06", U=(0, 9), V=(0, 10)))
    [left_out] = [one for one in run.results[0].not_judged if one.subject_id == "U"]
    assert run.findings[0].state_reason == left_out.reason


def test_one_too_few_among_very_many_is_told_the_same(tmp_path: Path) -> None:
    """June has one more unit with a measure or two than is named, and U with one too few among them."""
    crowd = {f"S{number}": (0, 1) for number in range(NAMED)}
    june = returned("2024-06", U=(0, 9), V=(0, 10), **crowd)
    run = second(tmp_path, SHARE, returned("2024-05", U=(10, 10)), june)
    assert states(run) == {"U": "not_retested: too few cases to judge"}
    counted = run.results[0].too_few
    assert counted is not None and (counted.subjects, counted.n, counted.fewest) == (NAMED + 1, NAMED + 9, 10)
    gone = returned("2024-06", V=(0, 10), W=(0, 1), **crowd)
    assert states(second(tmp_path / "gone", SHARE, returned("2024-05", U=(10, 10)), gone)) == {"U": NOT_AMONG}


# A finding of one stretch of time.

BURST = named("test.burst", "kind: repeat\nby: [plate_no]\nwindow: 24 hours\nat_least: 2", key="plate_no")
TWICE = "A | P1 | 1 | 2024-05-10 08:00\nB | P1 | 1 | 2024-05-10 09:00"


def test_a_burst_of_may_is_not_undone_by_a_quiet_june(tmp_path: Path) -> None:
    june = {"cases": f"{CASES}{TWICE}\nC | P1 | 1 | 2024-06-10 08:00"}
    assert states(second(tmp_path, BURST, {"cases": CASES + TWICE}, june)) == {"P1": STILL}
    apart = TWICE.replace("05-10 09:00", "05-11 08:01")  # a minute more than the window
    june = {"cases": f"{CASES}{apart}\nC | P1 | 1 | 2024-06-10 08:00"}
    assert states(second(tmp_path / "apart", BURST, {"cases": CASES + TWICE}, june)) == {"P1": MENDED}
    june = {"cases": f"{CASES}C | P1 | 1 | 2024-06-10 08:00"}
    assert states(second(tmp_path / "gone", BURST, {"cases": CASES + TWICE}, june)) == {"P1": ABSENT}


def test_a_burst_over_the_end_of_a_month_is_the_same_one(tmp_path: Path) -> None:
    over = "A | P1 | 1 | 2024-05-31 08:00\nB | P1 | 1 | 2024-05-31 23:00"
    june = {"cases": f"{CASES}{over}\nC | P1 | 1 | 2024-06-01 01:00"}
    assert states(second(tmp_path, BURST, {"cases": CASES + over}, june)) == {"P1": "recurring"}


def test_rows_that_are_part_of_another_burst_now_are_not_in_order(tmp_path: Path) -> None:
    later = "A | P1 | 1 | 2024-05-31 09:00\nB | P1 | 1 | 2024-06-01 01:00"
    run = second(tmp_path, BURST, {"cases": CASES + TWICE}, {"cases": CASES + later})
    assert sorted((one.state, one.state_reason.en if one.state_reason else "") for one in run.findings) == [
        ("new", ""),
        ("not_retested", "its rows are flagged still, as part of another finding"),
    ]


def test_a_burst_whose_moments_were_corrected_into_june_is_looked_at(tmp_path: Path) -> None:
    apart = "A | P1 | 1 | 2024-06-10 08:00\nB | P1 | 1 | 2024-06-20 09:00"
    assert states(second(tmp_path, BURST, {"cases": CASES + TWICE}, {"cases": CASES + apart})) == {"P1": IN_ORDER}
    half = {"cases": f"{CASES}A | P1 | 1 | 2024-06-10 08:00"}
    assert states(second(tmp_path / "half", BURST, {"cases": CASES + TWICE}, half)) == {"P1": ABSENT}


# Rules over findings.

BOTH = (
    named("test.both", "kind: composite\nrules: [test.dear, test.free]\nby: officer_id", table="findings")
    .replace("{type: finding, id: finding_id}", "{type: officer, id: officer_id}")
    .replace("key: [finding_id]", "key: [officer_id]")
)
FREE = named("test.free", "kind: check\nfail_when: confiscated_amount = 0")
OFFICERS = "case_id | officer_id | fine_amount | confiscated_amount | occurred_at\n"
MAY_BOTH = {"cases": f"{OFFICERS}A | O1 | 300 | 0 | 2024-05-10\nB | O2 | 300 | 1 | 2024-05-10"}


@pytest.mark.parametrize(
    ("june", "state"),
    [
        ("C | O1 | 300 | 0 | 2024-06-10", "recurring"),
        ("C | O1 | 300 | 1 | 2024-06-10", IN_ORDER),  # one of the two rules found something
        ("C | O1 | 100 | 1 | 2024-06-10\nD | O2 | 300 | 1 | 2024-06-10", NOT_AMONG),
        ("C | O1 | 300 |   | 2024-06-10", "not_retested: a rule whose findings are combined tested nothing this time"),
    ],
)
def test_a_combination_is_undone_only_where_all_that_it_combines_ran(tmp_path: Path, june: str, state: str) -> None:
    office = Office(tmp_path, DEAR, FREE, BOTH)
    office.audit("2024-05", MAY_BOTH)
    run = office.audit("2024-06", {"cases": OFFICERS + june})
    [said] = [
        f"{one.state}: {one.state_reason.en}" if one.state_reason else one.state
        for one in run.findings
        if one.rule_id == "test.both"
    ]
    assert said == state


def test_a_question_that_breaks_is_an_answer_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such thing\nand more")

    monkeypatch.setattr("auditor.engines.retest._of_keys", broken)
    run = second(tmp_path, DEAR, {"cases": f"{CASES}A | P1 | 300 | 2024-05-10"}, NOW)
    assert states(run) == {"A": "not_retested: asking the rule again failed (ValueError)"}
    assert "no such thing" in run.clock["retest_traces"]["test.dear"]
