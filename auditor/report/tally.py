"""How much was looked at, and what was found in it: counts with their denominators, violations and leads apart.

Rules on trial run and are shown, but are in none of the totals.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.core.finding import LEVELS, Certainty, Finding
from auditor.core.result import RuleCard, RuleResult
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.report.book import Book, counts_now
from auditor.report.labels import CERTAINTY, LEVEL, RESULT, STATUS, SUBJECT, Label
from auditor.report.numbers import count, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was tested of one grain: `of` names the grain in the reader's words."""

    of: Text
    tested: str
    flagged: str
    share: str
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Open findings by level, gravest first, levels without any left out."""

    counts: tuple[tuple[Label, str], ...]
    total: str
    new: str
    waived: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One half of the headline: all that is a violation, or all that is a lead."""

    label: Label
    looked: tuple[Looked, ...]
    levels: Levels
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule and how it went. `kind` is the key of its result in `labels.RESULT`."""

    card: RuleCard
    href: str
    level: Label
    certainty: Label
    status: Text
    trial: bool
    kind: str
    result: Label
    reason: Text | None
    grain: Text
    tested: str
    ok: str
    violation: str
    share: str
    unknown: str
    skipped: str
    findings: str
    overridden: bool
    too_few: Text | None
    """Of a statistical rule, those who had too few cases and are not named."""


_ORDER = ("error", "not_applicable", "untested", "flagged", "leads", "clean")
_NO_RESULT = Text(zh="本次运行没有该规则的结果", en="this run holds no result for the rule")


def result_kind(card: RuleCard, result: RuleResult | None) -> str:
    match result.result if result else "not_applicable":
        case "flagged":
            return "flagged" if card.certainty == "violation" else "leads"
        case "clean":
            return "clean" if result and result.tested > 0 else "untested"
        case other:
            return other


def grain_word(grain: str) -> Text:
    if grain == "row":
        return Text(zh="行次", en="row checks")
    if grain == "pair":
        return Text(zh="对组合", en="pairs")
    for table in tables().values():
        if grain in table.key and len(table.key) == 1:
            return table.label
    if (word := SUBJECT.get(grain.removesuffix("_id"))) is not None:
        return Text(zh=word.zh, en=f"{word.en[:-1]}ies" if word.en.endswith("y") else f"{word.en}s")
    for table in tables().values():
        if grain in table.columns:
            return table.columns[grain].label
    return Text(grain, grain.replace("_", " "))


def rule_line(book: Book, card: RuleCard) -> RuleLine:
    result = book.results.get(card.rule_id)
    shown = result or RuleResult(rule_id=card.rule_id, result="not_applicable", reason=_NO_RESULT)
    kind = result_kind(card, result)
    seen = kind not in ("error", "not_applicable")
    return RuleLine(
        card=card,
        href=book.rule_href(card.rule_id),
        level=LEVEL[card.level],
        certainty=CERTAINTY[card.certainty],
        status=STATUS[card.status],
        trial=card.status != "active",
        kind=kind,
        result=RESULT[kind],
        reason=book.scrubbed(shown.reason) if shown.reason else None,
        grain=grain_word(shown.grain),
        tested=count(shown.tested) if seen else "",
        ok=count(shown.ok) if seen else "",
        violation=count(shown.violation) if seen else "",
        share=share(shown.violation, shown.tested) if seen else "",
        unknown=count(shown.unknown) if seen else "",
        skipped=count(shown.skipped) if seen else "",
        findings=count(sum(map(counts_now, book.by_rule[card.rule_id]))) if seen else "",
        overridden=any(parameter.overridden for parameter in card.parameters),
        too_few=shown.too_few.text if shown.too_few else None,
    )


def rule_lines(book: Book) -> list[RuleLine]:
    """All rules: those that say nothing first, then by level; rules on trial after all the others."""
    found = [rule_line(book, card) for card in book.run.cards]
    return sorted(
        found,
        key=lambda one: (one.trial, _ORDER.index(one.kind), LEVELS.index(one.card.level), one.card.rule_id),
    )


def side(book: Book, certainty: Certainty) -> Side:
    cards = [card for card in book.run.cards if card.certainty == certainty and card.status == "active"]
    names = {card.rule_id for card in cards}
    return Side(
        label=CERTAINTY[certainty],
        looked=looked(book.results[name] for name in sorted(names & book.results.keys())),
        levels=levels(finding for finding in book.findings if finding.rule_id in names),
        rules=len(cards),
    )


def looked(results: Iterable[RuleResult]) -> tuple[Looked, ...]:
    """Totals per grain: rows and officers are not added up. Rules that did not run add nothing."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for result in results:
        if result.result in ("flagged", "clean"):
            for index, value in enumerate((result.tested, result.violation, result.unknown)):
                sums[result.grain][index] += value
    return tuple(
        Looked(
            of=grain_word(grain),
            tested=count(sums[grain][0]),
            flagged=count(sums[grain][1]),
            share=share(sums[grain][1], sums[grain][0]),
            unknown=count(sums[grain][2]),
        )
        for grain in sorted(sums, key=lambda grain: (grain != "row", grain))
    )


def levels(findings: Iterable[Finding]) -> Levels:
    everything = list(findings)
    now = [finding for finding in everything if counts_now(finding)]
    return Levels(
        counts=tuple(
            (LEVEL[level], count(n)) for level in LEVELS if (n := sum(finding.level == level for finding in now))
        ),
        total=count(len(now)),
        new=count(sum(finding.state == "new" for finding in now)),
        waived=sum(finding.waived for finding in everything),
        gone=sum(finding.state == "resolved" and not finding.waived for finding in everything),
    )
