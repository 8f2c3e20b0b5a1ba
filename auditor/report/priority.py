"""What to look at first: subjects ordered by points that are written out beside each, so that anybody can add them up.

Every rule that found something about a subject counts once, by its level, and twice as much where the record itself
proves it; many rows add a little. The points are this project's own way of ordering a day's work: no probability, no
measure of guilt. A case in reconsideration or in court is not supervised again (监督条例 article 33): what rests
on such cases alone is left out and counted apart.
"""

from collections import defaultdict
from dataclasses import dataclass

from auditor.core.finding import Finding, Level
from auditor.core.text import Text
from auditor.report.book import Book, counts_now, gravity
from auditor.report.labels import CERTAINTY, LEVEL, subject_word
from auditor.report.numbers import count

POINTS: dict[Level, int] = {"critical": 8, "high": 4, "medium": 2, "low": 1, "info": 0}
PROVEN = 2
"""By how much the points of a violation are multiplied."""
IN_DISPUTE = "case.in-dispute"
"""The rule that marks cases in reconsideration or in court."""
ALIKE = 3
"""Of subjects with the very same rules, so many are listed; the rest are counted."""
LISTED = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rule's share of the points: `level` × `factor` + `many`."""

    title: Text
    href: str
    level: Text
    certainty: Text
    points: int
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """A subject with its points; `alike` is how many more have the same rules and are not listed."""

    kind: Text
    subject: str
    name: str
    unit: Text
    href: str
    points: int
    parts: tuple[Part, ...]
    alike: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """`disputed` counts the findings that rest on cases in dispute alone, None where nobody marked any."""

    listed: tuple[Priority, ...]
    subjects: str
    disputed: str | None


def priorities(book: Book) -> Priorities:
    disputed = in_dispute(book)
    about: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    left_out = 0
    for finding in book.findings:
        if not counts_now(finding) or book.on_trial(finding) or finding.rule_id == IN_DISPUTE:
            continue
        if rests_on(book, finding, disputed):
            left_out += 1
            continue
        if POINTS[finding.level]:
            about[finding.subject_type, finding.subject_id].append(finding)
    scored = sorted(
        ((_points(found), subject, found) for subject, found in about.items()), key=lambda one: (-one[0], one[1])
    )
    same: dict[frozenset[str], int] = defaultdict(int)
    chosen: list[tuple[int, frozenset[str], list[Finding]]] = []
    for points, _, found in scored:
        rules = frozenset(one.rule_id for one in found)
        same[rules] += 1
        if same[rules] <= ALIKE and len(chosen) < LISTED:
            chosen.append((points, rules, found))
    last = {rules: place for place, (_, rules, _) in enumerate(chosen)}
    return Priorities(
        listed=tuple(
            _priority(book, points, found, same[rules] - ALIKE if last[rules] == place else 0)
            for place, (points, rules, found) in enumerate(chosen)
        ),
        subjects=count(len(scored)),
        disputed=count(left_out) if disputed else None,
    )


def in_dispute(book: Book) -> frozenset[str]:
    """The cases in reconsideration or in court, as far as a rule marked them."""
    return frozenset(
        finding.subject_id for finding in book.findings if finding.rule_id == IN_DISPUTE and finding.state != "resolved"
    )


def rests_on(book: Book, finding: Finding, cases: frozenset[str]) -> bool:
    """Whether every judged row of the finding is, or belongs to, one of the cases."""
    rows = book.subjects(finding) if cases else []
    keys = (book.case_key(row) for row in rows)
    return bool(rows) and all(table == "cases" and case_id in cases for table, case_id in keys)


def _best(found: list[Finding]) -> list[Finding]:
    """The gravest finding of each rule."""
    best: dict[str, Finding] = {}
    for finding in sorted(found, key=gravity):
        best.setdefault(finding.rule_id, finding)
    return sorted(best.values(), key=lambda one: (-_of(one), one.rule_id))


def _of(finding: Finding) -> int:
    return POINTS[finding.level] * (PROVEN if finding.certainty == "violation" else 1) + _many(finding)


def _many(finding: Finding) -> int:
    """One point from ten rows on, two from a hundred, three from a thousand."""
    return min(len(str(max(finding.n_cases, 1))) - 1, 3)


def _points(found: list[Finding]) -> int:
    return sum(_of(finding) for finding in _best(found))


def _priority(book: Book, points: int, found: list[Finding], alike: int) -> Priority:
    best = _best(found)
    first = best[0]
    return Priority(
        kind=subject_word(first.subject_type),
        subject=book.masks.subject(first.subject_type, first.subject_id, book.secrets(first)),
        name=book.officer_name(first.subject_id) if first.subject_type == "officer" else "",
        unit=book.unit_name(first.unit_id),
        href=book.finding_href(first),
        points=points,
        parts=tuple(_part(book, finding) for finding in best),
        alike=count(alike) if alike > 0 else None,
    )


def _part(book: Book, finding: Finding) -> Part:
    factor = PROVEN if finding.certainty == "violation" else 1
    written = f"{POINTS[finding.level]} × {factor}" if factor > 1 else str(POINTS[finding.level])
    many = _many(finding)
    return Part(
        title=book.card(finding).title,
        href=book.rule_href(finding.rule_id),
        level=LEVEL[finding.level].word,
        certainty=CERTAINTY[finding.certainty].word,
        points=_of(finding),
        sum=f"{written} + {many}" if many else written,
    )
