"""The table of units, and the pages of each: everything found in its records, with its denominators where counted."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass

from auditor.core.finding import LEVELS, Finding
from auditor.core.text import Text
from auditor.report.among_peers import standings
from auditor.report.book import Book, counts_now
from auditor.report.letter_page import letter_href, letters
from auditor.report.numbers import count, counted, share
from auditor.report.page import Page, beginning
from auditor.report.since import Tally, tallies
from auditor.report.tally import Levels, RuleLine, levels, rule_line
from auditor.report.trend import unit_trends

NOT_RECORDED = "~"
"""How an address says: of no unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Row checks of one unit by rules of certainty `violation`; the words are dashes where the run kept no counts."""

    tested: str
    flagged: str
    share: str
    unknown: str
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    unit_id: str
    name: Text
    href: str | None
    letter: str | None
    tested: Tested
    violations: Levels
    leads: Levels
    cases: str
    cases_said: Text
    since_violations: tuple[Tally, ...]
    since_leads: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule:
    """How one rule went within the unit."""

    rule: RuleLine
    tested: Tested
    findings: str


def unit_lines(book: Book) -> list[UnitLine]:
    """Every unit that is registered, counted or flagged; most open violations first."""
    known: set[str | None] = {*book.run.units, *book.by_unit}
    known |= {one.unit_id for result in book.run.results for one in result.slices}
    asked = {*letters(book)}
    return sorted(
        (_line(book, unit, asked) for unit in sorted(known, key=lambda unit: (unit is None, unit or ""))),
        key=lambda one: (-int(one.violations.total.replace(",", "")), -int(one.leads.total.replace(",", ""))),
    )


def unit_pages(book: Book) -> Iterator[Page]:
    asked = {*letters(book)}
    trends = unit_trends(book)
    found = standings(book)
    for unit, findings in book.by_unit.items():
        line = _line(book, unit, asked)
        yield Page(
            path=book.unit_href(unit),
            template="unit.html.j2",
            title=line.name,
            context={
                "unit": line,
                "rules": _rules(book, unit, findings),
                "standings": found.get(("unit", unit or ""), ()),
                "trends": trends.get(unit, []),
                "months": book.past.months(("unit", unit)),
                "found": beginning(book, _violations_first(book, findings), unit=unit or NOT_RECORDED),
                "carried": sum(one.carried for one in findings),
            },
        )


def _line(book: Book, unit: str | None, asked: Container[str | None]) -> UnitLine:
    findings = [one for one in book.by_unit.get(unit, []) if not book.on_trial(one)]
    violations = [one for one in findings if one.certainty == "violation"]
    leads = [one for one in findings if one.certainty == "lead"]
    cases = len({key for one in violations if counts_now(one) for key in book.case_keys(one)})
    return UnitLine(
        unit_id=unit or "",
        name=book.unit_name(unit),
        href=book.unit_href(unit) if unit in book.by_unit else None,
        letter=letter_href(book, unit) if unit is not None and unit in asked else None,
        tested=_tested(book, unit),
        violations=levels(violations),
        leads=levels(leads),
        cases=count(cases),
        cases_said=counted(cases, "{n} 件案件", "{n} case", "{n} cases"),
        since_violations=tallies(one for one in violations if not one.waived),
        since_leads=tallies(one for one in leads if not one.waived),
    )


def _tested(book: Book, unit: str | None, rule_id: str | None = None) -> Tested:
    names = {card.rule_id for card in book.run.cards if card.certainty == "violation" and card.status == "active"}
    wanted = {rule_id} if rule_id else names
    slices = [one for name in wanted for one in book.slices.get((name, unit), ())]
    tested, flagged = sum(one.tested for one in slices), sum(one.violation for one in slices)
    counted = bool(slices)
    return Tested(
        tested=count(tested) if counted else "—",
        flagged=count(flagged) if counted else "—",
        share=share(flagged, tested) if counted else "—",
        unknown=count(sum(one.unknown for one in slices)) if counted else "—",
        counted=counted,
    )


def _rules(book: Book, unit: str | None, findings: list[Finding]) -> list[UnitRule]:
    """The rules with findings here, then those that tested its rows and found nothing."""
    found: dict[str, int] = defaultdict(int)
    for finding in findings:
        found[finding.rule_id] += counts_now(finding)
    quiet = {
        result.rule_id
        for result in book.run.results
        if any(one.unit_id == unit and one.tested for one in result.slices)
    }
    rules = [
        UnitRule(
            rule=rule_line(book, card), tested=_tested(book, unit, card.rule_id), findings=count(found[card.rule_id])
        )
        for card in book.run.cards
        if card.rule_id in found.keys() | quiet
    ]
    return sorted(
        rules,
        key=lambda one: (
            one.rule.trial,
            one.rule.card.certainty == "lead",
            one.findings == "0",
            LEVELS.index(one.rule.card.level),
            one.rule.card.rule_id,
        ),
    )


def _violations_first(book: Book, findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (book.on_trial(one), one.certainty == "lead", one.carried))
