"""The pages of a rule: what it looks for, on what ground, how it went, and every finding."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from auditor.core.finding import Finding
from auditor.core.masks import subject_privacy
from auditor.core.result import PlanItem, RuleCard, RuleResult
from auditor.core.text import Text
from auditor.report.articles import cite
from auditor.report.book import Book
from auditor.report.charts import Bar, Whisker, months, whiskers
from auditor.report.numbers import count
from auditor.report.page import Page, beginning
from auditor.report.since import tallies
from auditor.report.tally import rule_line

WHISKERS = 30
"""Subjects drawn in one chart; the list below it names them all."""

NOT_JUDGED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    subject: str
    name: str
    n: str
    reason: Text


def rule_pages(book: Book) -> Iterator[Page]:
    for card in sorted(book.cards.values(), key=lambda card: card.rule_id):
        yield _page(book, card)


def _page(book: Book, card: RuleCard) -> Page:
    findings = book.by_rule[card.rule_id]
    result = book.results.get(card.rule_id)
    now = [finding for finding in findings if not finding.carried]
    return Page(
        path=book.rule_href(card.rule_id),
        template="rule.html.j2",
        title=card.title,
        context={
            "rule": rule_line(book, card),
            "card": card,
            "articles": cite(card.basis, _days(book, findings)),
            "items": _items(book, card),
            "since": tallies(findings) if book.run.chain else (),
            "months_chart": _months(book, now, result),
            "whiskers_chart": _whiskers(book, now),
            "whiskers_cut": max(0, len(now) - WHISKERS),
            "not_judged": _not_judged(book, result),
            "not_judged_total": count(len(result.not_judged)) if result else "0",
            "notes": [book.masks.scrub_both(note, book.all_secrets) for note in result.notes] if result else [],
            "found": beginning(book, findings, rule=card.rule_id),
            "carried": len(findings) - len(now),
        },
    )


def _days(book: Book, findings: list[Finding]) -> list[date]:
    return [book.act_day(finding) for finding in findings] or [book.run.period.first, book.run.period.last]


def _items(book: Book, card: RuleCard) -> list[PlanItem]:
    return [item for item in book.run.plan if item.item in card.covers]


def _months(book: Book, findings: list[Finding], result: RuleResult | None) -> Markup | None:
    """Tested and flagged rows by month where the run counted them; else findings by the month of their first row."""
    if result is not None and any(one.month for one in result.slices):
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for one in result.slices:
            if one.month:
                sums[one.month][0] += one.violation
                sums[one.month][1] += one.tested
        title = Text(zh="各月命中数与受检数", en="rows flagged, of those tested, by month")
        return months([Bar(month=month, flagged=sums[month][0], of=sums[month][1]) for month in sorted(sums)], title)
    dated = [finding.first_at for finding in findings if finding.first_at is not None]
    if not dated or all(finding.expected is not None for finding in findings):
        return None
    found: dict[str, int] = defaultdict(int)
    for moment in dated:
        found[f"{moment:%Y-%m}"] += 1
    between = _months_between(min(found), max(found))
    title = Text(zh="各月发现数(按首次发生月份)", en="findings by the month of their first row")
    return months([Bar(month=month, flagged=found.get(month, 0), of=None) for month in between[-24:]], title)


def _months_between(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    found = [first]
    while found[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(f"{year:04}-{month:02}")
    return found


def _whiskers(book: Book, findings: list[Finding]) -> Markup | None:
    rows = [one for finding in findings if (one := whisker(book, finding)) is not None]
    title = Text(zh="观察值、期望值与区间", en="observed value, expected value and interval")
    return whiskers(rows[:WHISKERS], title) if rows else None


def whisker(book: Book, finding: Finding) -> Whisker | None:
    """A statistical finding as drawn. Limits given for the excess are moved to where the value is."""
    if finding.value is None or finding.expected is None:
        return None
    lower, upper = finding.lower, finding.upper
    if lower is not None and upper is not None:
        lower, upper = lower + finding.expected, upper + finding.expected
    subject = book.masks.subject(finding.subject_type, finding.subject_id, book.secrets(finding))
    name = book.officer_name(finding.subject_id) if finding.subject_type == "officer" else ""
    return Whisker(
        name=f"{subject} {name}".strip()[:24],
        n=finding.n_cases,
        observed=finding.value,
        expected=finding.expected,
        lower=lower,
        upper=upper,
    )


def _not_judged(book: Book, result: RuleResult | None) -> list[PassedOver]:
    if result is None:
        return []
    kind = result.grain.removesuffix("_id").removesuffix("_no")
    hidden = book.masks.masked and subject_privacy(kind) is not None
    return [
        PassedOver(
            subject=book.masks.subject(kind, one.subject_id) if hidden else one.subject_id,
            name=book.officer_name(one.subject_id) if kind == "officer" else "",
            n=count(one.n),
            reason=one.reason,
        )
        for one in sorted(result.not_judged, key=lambda one: (-one.n, one.subject_id))[:NOT_JUDGED]
    ]
