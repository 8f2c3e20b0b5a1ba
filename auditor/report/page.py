"""A page to be written, and the beginning of a long list that goes on in the list of all findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from auditor.core.finding import Finding
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.lines import Line, line

FIRST = 50
"""Findings on a page: it must open at once. The rest are in `findings.html`, which searches and filters them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`path` is relative to the report's folder; `title` is what the window is called."""

    path: str
    template: str
    title: Text
    context: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The first findings of a list, how many there are in all, and the address of the whole list."""

    lines: Sequence[Line]
    total: int
    href: str

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.lines)


def beginning(book: Book, findings: Iterable[Finding], **only: str) -> Beginning:
    """`only` is what the whole list is filtered by, such as `rule="impound.overdue"`."""
    everything = list(findings)
    return Beginning(
        lines=[line(book, finding) for finding in everything[:FIRST]],
        total=len(everything),
        href=all_findings(**only),
    )


def all_findings(**only: str) -> str:
    return f"findings.html#{urlencode(only)}"
