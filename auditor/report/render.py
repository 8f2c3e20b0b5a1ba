"""A run written as a folder of pages, one at a time: no more than one page is ever held in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from auditor.core.masks import Masks
from auditor.core.progress import Progress
from auditor.core.result import Run
from auditor.core.text import Language, Text
from auditor.report import labels
from auditor.report.articles import MARKS
from auditor.report.assets import assets, write_linked
from auditor.report.book import CASE_ROWS, Book
from auditor.report.data import write_data
from auditor.report.letter_page import letter_pages
from auditor.report.markup import both, element, one_line, say
from auditor.report.names import item_anchor
from auditor.report.numbers import count, counted, share
from auditor.report.officer_page import officer_pages
from auditor.report.overview import coverage_page, officers_page, overview_page
from auditor.report.page import Page
from auditor.report.quarantine_page import quarantine_pages
from auditor.report.received_page import received_page
from auditor.report.rule_page import rule_pages
from auditor.report.since import since_pages
from auditor.report.unit_page import unit_pages
from auditor.report.viewer_pages import viewer_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page says about the run as a whole."""

    period: str
    as_of: str
    masked: bool
    quarantined: bool
    language: Language


def render(run: Run, folder: Path, *, language: Language, personal: bool, progress: Progress) -> None:
    """Write index.html and all it links to into `folder`, which may exist.

    `language` is what a reader sees first; both are in every page. Personal values are masked unless `personal`.
    Raises OSError where a page cannot be written.
    """
    book = Book(run, Masks(masked=not personal))
    frame = Frame(
        period=run.period.label,
        as_of=run.as_of.isoformat(),
        masked=not personal,
        quarantined=bool(run.quarantine),
        language=language,
    )
    templates = environment()
    progress.start(Text(zh="生成报告", en="writing the report"), None)
    write_linked(folder)
    write_data(book, folder)
    for page in pages(book):
        write(templates, page, frame, folder)
        progress.advance()
    progress.finish()


def pages(book: Book) -> Iterator[Page]:
    """All pages of the report, one after the other."""
    yield overview_page(book)
    yield coverage_page(book)
    yield officers_page(book)
    yield received_page(book)
    yield from quarantine_pages(book)
    yield from since_pages(book)
    yield from rule_pages(book)
    yield from unit_pages(book)
    yield from letter_pages(book)
    yield from officer_pages(book)
    yield from viewer_pages()


def write(templates: Environment, page: Page, frame: Frame, folder: Path) -> None:
    target = folder / page.path
    target.parent.mkdir(parents=True, exist_ok=True)
    html = templates.get_template(page.template).render(
        **page.context,
        page=page,
        frame=frame,
        root="../" * page.path.count("/"),
        assets=assets(page.template),
    )
    target.write_text(html, encoding="utf-8", newline="\n")


def environment() -> Environment:
    """The templates, with the few words that all of them use: `say` prints, `count` groups digits, nothing computes."""
    made: Any = Environment(
        loader=PackageLoader("auditor.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["both"] = both
    made.filters["count"] = count
    made.filters["item_anchor"] = item_anchor
    made.filters["one_line"] = one_line
    made.globals.update(
        say=say, counted=counted, share=share, element=element, labels=labels, article_marks=MARKS, case_rows=CASE_ROWS
    )
    return made
