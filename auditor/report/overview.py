"""The overview: what one screen has to say, and the tables under it."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from auditor.core.finding import LEVELS, Certainty, Finding
from auditor.core.text import Text
from auditor.report.book import Book, counts_now, gravity
from auditor.report.charts.sites import site_maps
from auditor.report.coverage import chapters, covered, summary
from auditor.report.heat import heat_map
from auditor.report.labels import CERTAINTY, LEVEL, Label, agency_word, table_word
from auditor.report.lines import Line, line
from auditor.report.numbers import count
from auditor.report.officer_page import officer_lines
from auditor.report.page import Page
from auditor.report.priority import priorities
from auditor.report.since import since_view
from auditor.report.tally import RuleLine, rule_lines, side
from auditor.report.trend import trends
from auditor.report.unit_page import unit_lines

TOP = {"violation": 7, "lead": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """One rule at one level: its gravest finding, and how many more there are. One line a rule, so that forty alike
    do not push the others off the screen."""

    level: Label
    rule: RuleLine
    line: Line
    count: str
    units: int


def overview_page(book: Book) -> Page:
    run = book.run
    rules = rule_lines(book)
    items = covered(book)
    silent = [rule for rule in rules if rule.kind in ("error", "not_applicable", "untested") and not rule.trial]
    return Page(
        path="index.html",
        template="index.html.j2",
        title=Text(zh="行政执法审计报告", en="Audit of administrative enforcement"),
        context={
            "agencies": [agency_word(agency) for agency in run.agencies],
            "with_csv": book.with_csv,
            "rows": [(name, count(n)) for name, n in _rows(book)],
            "violations": side(book, "violation"),
            "leads": side(book, "lead"),
            "worst_violations": worst(book, "violation", rules),
            "worst_leads": worst(book, "lead", rules),
            "top": TOP,
            "priorities": priorities(book),
            "since": since_view(book),
            "silent": silent,
            "wanted": wanted(book),
            "active": sum(not rule.trial for rule in rules),
            "rules": rules,
            "contract": [(one, table_word(one.table_name), book.scrubbed(one.text)) for one in run.contract],
            "quarantined": sum(file.quarantined for file in run.inputs),
            "units": unit_lines(book),
            "heat": [one for certainty in CERTAINTY if (one := heat_map(book, certainty)) is not None],
            "trends": trends(book),
            "site_maps": site_maps(book),
            "chapters": chapters(items),
            "summary": summary(items),
            "items_total": len(items),
            "inputs": sorted(run.inputs, key=lambda file: (file.table_name, file.file)),
            "unread": sorted(run.unread, key=lambda file: file.file),
            "overrides": [
                (card, parameter)
                for card in sorted(run.cards, key=lambda card: card.rule_id)
                for parameter in card.parameters
                if parameter.overridden
            ],
            "rulebook": run.rulebook_sha256[:12],
            "versions": sorted(run.versions.items()),
        },
    )


def officers_page(book: Book) -> Page:
    return Page(
        path="officers.html",
        template="officers.html.j2",
        title=Text(zh="执法人员", en="Officers"),
        context={"officers": officer_lines(book), "compared": bool(book.run.chain)},
    )


def coverage_page(book: Book) -> Page:
    items = covered(book)
    return Page(
        path="coverage.html",
        template="coverage.html.j2",
        title=Text(zh="整治事项覆盖情况", en="Coverage of the plan"),
        context={"chapters": chapters(items), "summary": summary(items), "items_total": len(items)},
    )


def worst(book: Book, certainty: Certainty, rules: list[RuleLine]) -> list[Worst]:
    """Gravest first; within a level in the order of the plan's own severity of what the rule is about."""
    lines = {rule.card.rule_id: rule for rule in rules if not rule.trial}
    severity = {item.item: min(item.severity.split("/")) for item in book.run.plan}
    grouped: dict[tuple[int, str, str], list[Finding]] = defaultdict(list)
    for finding in book.findings:
        if finding.certainty == certainty and counts_now(finding) and finding.rule_id in lines:
            gravest = min(severity.get(item, "S9")[-2:] for item in (*finding.covers, ""))
            grouped[LEVELS.index(finding.level), gravest, finding.rule_id].append(finding)
    return [
        Worst(
            level=LEVEL[LEVELS[level]],
            rule=lines[rule_id],
            line=line(book, min(found, key=gravity)),
            count=count(len(found)),
            units=len({finding.unit_id for finding in found if finding.unit_id is not None}),
        )
        for (level, _, rule_id), found in sorted(grouped.items(), key=lambda item: item[0])
    ]


def wanted(book: Book) -> list[tuple[Text, str, str]]:
    """The tables that were not provided, those first that most rules wait for: name, canonical name, how many rules."""
    missing = Counter(
        name
        for result in book.run.results
        if not book.is_trial(result.rule_id)
        for name in {lacked for lacked in result.lacks if "." not in lacked}
    )
    return [
        (table_word(name), name, count(n)) for name, n in sorted(missing.items(), key=lambda one: (-one[1], one[0]))
    ]


def _rows(book: Book) -> list[tuple[Text, int]]:
    return [(table_word(name), n) for name, n in sorted(book.run.rows.items())]
