"""The pages of a rule: what it looks for, on what ground, how it went, and every finding."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from auditor.core.finding import Finding
from auditor.core.masks import subject_privacy
from auditor.core.result import PlanItem, RuleCard, RuleResult
from auditor.core.text import Text
from auditor.report.articles import cite
from auditor.report.book import Book
from auditor.report.charts import Chart
from auditor.report.charts.distribution import distribution
from auditor.report.charts.events import events
from auditor.report.charts.funnel import funnel
from auditor.report.charts.intervals import intervals
from auditor.report.charts.months import Month, between, month_curve, of_slices
from auditor.report.charts.sites import rule_map
from auditor.report.numbers import count
from auditor.report.page import Page, beginning
from auditor.report.since import tallies
from auditor.report.tally import rule_line

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
            "with_csv": book.with_csv,
            "articles": cite(card.basis, _days(book, findings)),
            "items": _items(book, card),
            "since": tallies(findings) if book.run.chain else (),
            "months_chart": _months(book, card, now, result),
            "peers_chart": _peers(book, card, now, result),
            "map_chart": rule_map(book, card, now),
            "events_chart": events(book, now, tone=card.certainty),
            "values_chart": distribution(result, tone=card.certainty) if result is not None else None,
            "not_judged": _not_judged(book, result),
            "not_judged_total": count(_passed_over(result)),
            "too_few": result.too_few.text if result and result.too_few else None,
            "notes": [book.scrubbed(note) for note in result.notes] if result else [],
            "found": beginning(book, findings, rule=card.rule_id),
            "carried": len(findings) - len(now),
        },
    )


def _days(book: Book, findings: list[Finding]) -> list[date]:
    return [book.act_day(finding) for finding in findings] or [book.run.period.first, book.run.period.last]


def _items(book: Book, card: RuleCard) -> list[PlanItem]:
    return [item for item in book.run.plan if item.item in card.covers]


def _months(book: Book, card: RuleCard, findings: list[Finding], result: RuleResult | None) -> Chart | None:
    """Tested and flagged rows by month where the run counted them; else findings by the month of their first row."""
    counted = of_slices(result.slices) if result is not None else []
    if counted:
        title = Text(zh="各月命中与受检", en="Flagged of tested, month by month")
        return month_curve(counted, title=title, tone=card.certainty, what=Text(zh="行次", en="row checks"))
    if result is not None and result.picture is not None and result.picture.peers:
        return None
    dated = [finding.first_at for finding in findings if finding.first_at is not None]
    if not dated or all(finding.expected is not None for finding in findings):
        return None
    found: dict[str, int] = defaultdict(int)
    for moment in dated:
        found[f"{moment:%Y-%m}"] += 1
    title = Text(zh="各月发现数（按首次发生月份）", en="Findings by the month of their first row")
    months = [Month(month=month, flagged=found.get(month, 0), tested=None) for month in between(min(found), max(found))]
    return month_curve(months, title=title, tone=card.certainty, what=Text(zh="发现数", en="the number of findings"))


def _peers(book: Book, card: RuleCard, findings: list[Finding], result: RuleResult | None) -> Chart | None:
    """Everyone who was judged; where a run did not keep that, or subjects are not compared by rates, the flagged."""
    drawn = funnel(book, result, tone=card.certainty) if result is not None else None
    return drawn or intervals(book, findings, tone=card.certainty)


def _passed_over(result: RuleResult | None) -> int:
    if result is None:
        return 0
    return len(result.not_judged) + (result.too_few.subjects if result.too_few else 0)


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
