"""Since the last run: what is new, what recurs or came back, what was put right, and what nobody could look at again.

Violations and leads are told apart, rules on trial and waived findings in neither. Without a baseline there is nothing
to tell, and the report says that nothing was compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.core.finding import LEVELS, Certainty, Finding, State
from auditor.core.since import by_state, since
from auditor.core.text import Text
from auditor.report.book import Book, gravity
from auditor.report.labels import CERTAINTY, LEVEL, STATE, Label
from auditor.report.lines import Line, line
from auditor.report.numbers import count
from auditor.report.page import Page
from auditor.report.paging import parts

SHOWN = 5
"""Rules listed for each state on the overview."""
PATH = "since"
_LISTED: tuple[State, ...] = ("reopened", "resolved")
"""States whose findings the page lists in full; new and recurring ones stand on the pages of their rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many findings in a state."""

    state: State
    word: Text
    n: str
    is_none: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one rule in one state, gravest first: the first of them, and how many there are."""

    level: Label
    rule: Text
    rule_href: str
    first: Line
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One state of one side: its groups, as far as they are shown, and how many more there are."""

    state: State
    groups: tuple[Group, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    label: Label
    tallies: tuple[Tally, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceView:
    """`period` is that of the run before, `runs` how many there are in the chain."""

    period: str
    as_of: str
    runs: int
    href: str
    notes: tuple[Text, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """Why so many findings of a rule were not tested again."""

    certainty: Label
    rule: Text
    rule_href: str
    reason: Text
    last: str
    n: str


def tallies(findings: Iterable[Finding]) -> tuple[Tally, ...]:
    """Every state with its count, in the order in which they are told."""
    return tuple(
        Tally(state=state, word=STATE[state], n=count(n), is_none=n == 0) for state, n in by_state(findings).items()
    )


def since_view(book: Book) -> SinceView | None:
    """What the overview says; None where nothing was compared."""
    told, chain = since(book.run), book.run.chain
    if told is None:
        return None
    return SinceView(
        period=told.period,
        as_of=chain[-1].as_of.isoformat(),
        runs=told.runs,
        href=f"{PATH}.html",
        notes=book.run.chain_notes,
        sides=tuple(_side(book, certainty) for certainty in ("violation", "lead")),
    )


def since_pages(book: Book) -> Iterator[Page]:
    """The comparison in full: what came back and what was put right one by one, and why the others were not tested."""
    view = since_view(book)
    if view is None:
        return
    listed = [one for state in _LISTED for one in _counted(book) if one.state == state]
    for part in parts(listed, lambda page: f"{PATH}.html" if page == 1 else f"{PATH}-{page}.html"):
        yield Page(
            path=part.pages[part.number - 1],
            template="since.html.j2",
            title=Text(zh="与上次运行相比", en="Since the last run"),
            context={
                "since": view,
                "part": part,
                "lines": [line(book, one) for one in part.items],
                "chain": book.run.chain,
                "untested": _untested(book) if part.is_first else [],
            },
        )


def _counted(book: Book) -> list[Finding]:
    return [one for one in book.findings if not one.waived and not book.on_trial(one)]


def _side(book: Book, certainty: Certainty) -> Side:
    findings = [one for one in _counted(book) if one.certainty == certainty]
    states: tuple[State, ...] = ("reopened", "new", "resolved")
    return Side(
        label=CERTAINTY[certainty],
        tallies=tallies(findings),
        parts=tuple(_part(book, state, [one for one in findings if one.state == state]) for state in states),
    )


def _part(book: Book, state: State, findings: list[Finding]) -> Part:
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=gravity):
        by_rule[finding.rule_id].append(finding)
    ordered = sorted(by_rule.values(), key=lambda found: (LEVELS.index(found[0].level), found[0].rule_id))
    return Part(
        state=state,
        groups=tuple(
            Group(
                level=LEVEL[found[0].level],
                rule=book.card(found[0]).title,
                rule_href=book.rule_href(found[0].rule_id),
                first=line(book, found[0]),
                n=count(len(found)),
            )
            for found in ordered[:SHOWN]
        ),
        more=max(0, len(ordered) - SHOWN),
    )


def _untested(book: Book) -> list[Untested]:
    """By rule, reason and the period in which the findings were last found; violations first."""
    found: dict[tuple[bool, str, str, Text], int] = defaultdict(int)
    nothing = Text("", "")
    for one in _counted(book):
        if one.state == "not_retested":
            found[one.certainty == "lead", one.rule_id, one.period, one.state_reason or nothing] += 1
    return [
        Untested(
            certainty=CERTAINTY["lead" if is_lead else "violation"],
            rule=book.cards[rule_id].title,
            rule_href=book.rule_href(rule_id),
            reason=reason,
            last=period,
            n=count(n),
        )
        for (is_lead, rule_id, period, reason), n in sorted(
            found.items(), key=lambda item: (*item[0][:3], item[0][3].en)
        )
    ]
