"""What to look at first: points that add up as they are written, and cases in dispute left out and counted."""

from dataclasses import replace

from auditor.core.finding import Evidence, Finding, Level, finding_id, fingerprint
from auditor.core.masks import Masks
from auditor.core.result import RuleCard, Run
from auditor.report.book import Book
from auditor.report.priority import ALIKE, IN_DISPUTE, LISTED, Priorities, priorities
from tests.report.made_up_rules import card, two
from tests.report.made_up_run import made_up

EMPTY = replace(made_up(size=1).run, cards=(), results=(), findings=(), evidence=(), records=())


def found(rule: str, case: str, level: Level, *, n: int = 1, kind: str = "violation", **changes: object) -> Finding:
    clear = fingerprint(rule, [case])
    plain = Finding(
        finding_id=finding_id(clear),
        fingerprint=clear,
        rule_id=rule,
        covers=(),
        certainty="violation" if kind == "violation" else "lead",
        level=level,
        subject_type="case",
        subject_id=case,
        unit_id=None,
        period="2024-05",
        n_cases=n,
        message=two("发现", "found"),
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def run_of(*findings: Finding, trial: str = "") -> Run:
    cards: list[RuleCard] = []
    for rule in sorted({one.rule_id for one in findings}):
        certainty = next(one.certainty for one in findings if one.rule_id == rule)
        cards.append(card(rule, certainty=certainty, status="trial" if rule == trial else "active"))
    evidence = tuple(
        Evidence(
            finding_id=one.finding_id,
            table_name="cases",
            row_key=one.subject_id,
            role="subject",
            source_file="cases.csv",
            source_row=2,
        )
        for one in findings
    )
    return replace(EMPTY, cards=tuple(cards), findings=findings, evidence=evidence)


def order(*findings: Finding, trial: str = "") -> Priorities:
    return priorities(Book(run_of(*findings, trial=trial), Masks(masked=True)))


def test_the_points_are_the_sum_of_what_is_written_out() -> None:
    (one,) = order(
        found("a.grave", "A", "critical"),
        found("b.wide", "A", "medium", n=100, kind="lead"),
        found("c.low", "A", "low", kind="lead"),
    ).listed
    assert [(part.sum, part.points) for part in one.parts] == [("8 × 2", 16), ("2 + 2", 4), ("1", 1)]
    assert one.points == 16 + 4 + 1


def test_a_rule_counts_once_for_a_subject_by_its_gravest_finding() -> None:
    twice = (found("a.rule", "A", "low"), found("a.rule", "A", "high", finding_id="other"))
    (one,) = order(*twice).listed
    assert (one.points, len(one.parts)) == (8, 1)


def test_nine_rows_add_nothing_ten_add_one_and_a_million_three() -> None:
    points = [order(found("a.rule", "A", "low", n=n, kind="lead")).listed[0].points for n in (9, 10, 99, 100, 10**6)]
    assert points == [1, 2, 2, 3, 4]


def test_the_highest_come_first_and_only_a_few_that_are_all_alike() -> None:
    many = [found("a.rule", f"C{n:02}", "high") for n in range(10)]
    listed = order(*many, found("b.rule", "TOP", "critical")).listed
    assert [one.subject for one in listed] == ["TOP", "C00", "C01", "C02"]
    assert [one.alike for one in listed] == [None, None, None, str(10 - ALIKE)]
    various = [found(f"r.n{n}", f"D{n:02}", "high") for n in range(LISTED + 5)]
    shown = order(*various)
    assert (len(shown.listed), shown.subjects) == (LISTED, str(LISTED + 5))


def test_what_rests_on_cases_in_dispute_alone_is_left_out_and_counted() -> None:
    marked = found(IN_DISPUTE, "A", "info", kind="lead")
    shown = order(marked, found("a.rule", "A", "critical"), found("a.rule", "B", "high"))
    assert [one.subject for one in shown.listed] == ["B"]
    assert shown.disputed == "1"
    assert order(found("a.rule", "A", "critical")).disputed is None, "where nobody marked disputes nothing is said"


def test_waived_gone_trial_and_mere_notes_are_not_listed() -> None:
    shown = order(
        found("a.rule", "A", "high", waived=True),
        found("a.rule", "B", "high", state="resolved"),
        found("t.rule", "C", "high"),
        found("i.rule", "D", "info", kind="lead"),
        trial="t.rule",
    )
    assert shown.listed == ()
