"""What the counts say: violations and leads apart, the untested never in order, denominators only where counted."""

from dataclasses import replace

import pytest

from auditor.core.masks import Masks
from auditor.core.picture import Peer, Picture
from auditor.core.result import NotJudged, PlanItem, Result, RuleResult, Run
from auditor.report.among_peers import standings
from auditor.report.book import Book
from auditor.report.coverage import covered
from auditor.report.tally import grain_word, result_kind, rule_lines, side
from auditor.report.unit_page import unit_lines
from tests.report.made_up_rules import card, two
from tests.report.made_up_run import made_up

RUN = made_up(size=1).run


def book(run: Run = RUN) -> Book:
    return Book(run, Masks(masked=True))


def result(kind: Result, tested: int = 0) -> RuleResult:
    return RuleResult(rule_id="a.b", result=kind, tested=tested, ok=tested)


@pytest.mark.parametrize(
    ("given", "certainty", "kind"),
    [
        (None, "violation", "not_applicable"),
        (result("error"), "violation", "error"),
        (result("not_applicable"), "lead", "not_applicable"),
        (result("clean", tested=0), "violation", "untested"),
        (result("clean", tested=1), "violation", "clean"),
        (result("flagged", tested=9), "violation", "flagged"),
        (result("flagged", tested=9), "lead", "leads"),
    ],
)
def test_how_a_result_is_shown(given: RuleResult | None, certainty: str, kind: str) -> None:
    assert result_kind(card("a.b", certainty=certainty), given) == kind


def test_rules_that_say_nothing_come_first_and_rules_on_trial_last() -> None:
    kinds = [line.kind for line in rule_lines(book())]
    assert kinds[:4] == ["error", "not_applicable", "not_applicable", "untested"]
    assert [line.card.rule_id for line in rule_lines(book())][-1] == "case.too-fast"


def test_violations_and_leads_share_no_total() -> None:
    both = [side(book(), "violation"), side(book(), "lead")]
    for certainty, one in zip(("violation", "lead"), both, strict=True):
        expected = [
            finding
            for finding in RUN.findings
            if finding.certainty == certainty and not finding.waived and finding.rule_id != "case.too-fast"
        ]
        assert one.levels.total == str(len(expected))


def test_rows_and_officers_are_not_added_up() -> None:
    assert [looked.of.en for looked in side(book(), "lead").looked] == ["row checks", "officers"]


def test_a_unit_without_counts_has_no_share() -> None:
    uncounted = replace(RUN, results=tuple(replace(one, slices=()) for one in RUN.results))
    assert {line.tested.share for line in unit_lines(book(uncounted))} == {"—"}
    assert "—" not in {line.tested.share for line in unit_lines(book())}


def item(name: str, detectability: str = "D1") -> PlanItem:
    return PlanItem(item=name, title=two(name, name), detectability=detectability, severity="S1", core=True)


@pytest.mark.parametrize(
    ("kinds", "shown", "partly"),
    [
        ([], "none", False),
        (["clean"], "clean", False),
        (["clean", "not_applicable"], "not_applicable", True),
        (["clean", "error"], "error", True),
        (["flagged", "error"], "flagged", True),
        (["flagged", "clean"], "flagged", False),
        (["not_applicable"], "not_applicable", False),
    ],
)
def test_an_item_is_clean_only_if_every_rule_about_it_looked(kinds: list[Result], shown: str, partly: bool) -> None:
    cards = tuple(card(f"a.{name}", covers=("A1-01",)) for name in "xyz"[: len(kinds)])
    results = tuple(
        RuleResult(rule_id=one.rule_id, result=kind, tested=9) for one, kind in zip(cards, kinds, strict=True)
    )
    run = replace(RUN, cards=cards, results=results, findings=(), evidence=(), records=(), plan=(item("A1-01"),))
    (only,) = covered(book(run))
    assert (only.kind, only.partly) == (shown, partly)


def test_what_no_record_shows_is_told_apart_from_what_no_rule_looks_at() -> None:
    run = replace(RUN, cards=(), results=(), findings=(), evidence=(), plan=(item("T-17", "D5"), item("T-18", "D2")))
    assert [one.kind for one in covered(book(run))] == ["invisible", "none"]


def test_an_officer_is_named_with_the_part_taken_and_not_for_wide_findings() -> None:
    made = book()
    wide = {finding.finding_id for finding in RUN.findings if not made.has_cases(finding)}
    assert wide
    for officer, named in made.by_officer.items():
        for one in named:
            assert one.is_subject == (one.finding.subject_type == "officer" and one.finding.subject_id == officer)
            assert one.is_subject or one.finding.finding_id not in wide
            assert one.roles


def test_a_subject_is_shown_with_every_rule_that_looked_at_it() -> None:
    """Flagged, judged and unremarkable, and too few to judge: all three are told, with what each was judged by."""
    rates = {
        "a.flags": (Peer(subject_id="P1", n=120, value=0.9, expected=0.3, lower=0.4, upper=0.8, flagged=True), ()),
        "b.clears": (Peer(subject_id="P1", n=40, value=0.25, expected=0.3, lower=-0.2, upper=0.1, flagged=False), ()),
        "c.passes": (None, (NotJudged(subject_id="P1", reason=two("案件太少", "too few"), n=3),)),
    }
    results = tuple(
        RuleResult(
            rule_id=rule_id,
            result="clean",
            tested=51,
            grain="officer_id",
            picture=Picture(metric="rate", limit=0.2, peers=(peer,)) if peer else None,
            not_judged=passed,
        )
        for rule_id, (peer, passed) in rates.items()
    )
    cards = tuple(replace(card("profit.max-fine-rate"), rule_id=rule_id, status="active") for rule_id in rates)
    book = Book(replace(made_up(size=1).run, cards=cards, results=results, findings=()), Masks(masked=True))
    told = standings(book)["officer", "P1"]
    assert [(one.card.rule_id, one.n, one.value, one.expected, one.verdict.en) for one in told] == [
        ("a.flags", "120", "90.0 %", "30.0 %", "stands out"),
        ("b.clears", "40", "25.0 %", "30.0 %", "does not stand out"),
        ("c.passes", "3", "—", "—", "not judged"),
    ]
    assert {one.of for one in told} == {"51"} and told[2].reason == two("案件太少", "too few")


def test_what_was_counted_is_called_by_its_plural() -> None:
    assert [grain_word(grain).en for grain in ("row", "party_id", "officer_id", "pair")] == [
        "row checks",
        "parties",
        "officers",
        "pairs",
    ]
