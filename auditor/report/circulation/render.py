"""The circulation edition as a folder: three pages and their counts as JSON, fit to be published.

Nothing of the data enters these pages but counts, months, and pseudonyms of units: no id, name or sentence about a
case, no name of a file or table cell, no reason that an engine gave.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.core.masks import Masks
from auditor.core.result import Run
from auditor.core.text import Language, Text
from auditor.report.assets import assets
from auditor.report.book import Book
from auditor.report.circulation.figures import Figure, alone
from auditor.report.circulation.pseudonyms import Pseudonyms
from auditor.report.circulation.published import Line, Side, not_run, side
from auditor.report.coverage import chapters, covered, summary
from auditor.report.labels import CERTAINTY, agency_word, table_word
from auditor.report.render import environment

FORM = "auditor-circulation/1"
SIGN = "report.json"
"""The file by which a folder is known to hold a report that may be replaced by another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFrame:
    """What every page says of the edition as a whole."""

    period: str
    as_of: str
    least: int
    language: Language


_PAGES: Mapping[str, Text] = {
    "index.html": Text(zh="执法审计情况（公开版）", en="Audit of enforcement (circulation edition)"),
    "coverage.html": Text(zh="整治事项覆盖情况", en="Coverage of the plan"),
    "method.html": Text(zh="方法与局限", en="Method and limits"),
}


def render(run: Run, folder: Path, *, language: Language, names: Pseudonyms, least: int) -> None:
    """Writes the edition into `folder`, which may exist. `least` is the least count that is shown.

    Raises OSError where it cannot be written.
    """
    book = Book(run, Masks(masked=True))
    sides = {certainty: side(book, certainty, names, least) for certainty in ("violation", "lead")}
    rows = [(table_word(table), alone(n, least)) for table, n in sorted(run.rows.items())]
    items = covered(book)
    context: dict[str, object] = {
        "agencies": [agency_word(agency) for agency in run.agencies],
        "rows": rows,
        "quarantined": alone(sum(file.quarantined for file in run.inputs), least),
        "sides": [(CERTAINTY[certainty], sides[certainty]) for certainty in ("violation", "lead")],
        "not_run": not_run(book),
        "ran": sum(len(one.rules) for one in sides.values()),
        "trial": sum(card.status != "active" for card in run.cards),
        "chapters": chapters(items),
        "summary": summary(items),
        "items_total": len(items),
        "rulebook": run.rulebook_sha256[:12],
    }
    frame = OpenFrame(period=run.period.label, as_of=run.as_of.isoformat(), least=least, language=language)
    templates = environment()
    for path, title in _PAGES.items():
        template = f"circulation/{path}.j2"
        html = templates.get_template(template).render(
            **context, page_title=title, frame=frame, assets=assets(template)
        )
        (folder / path).write_text(html, encoding="utf-8", newline="\n")
    document = json.dumps(_document(run, sides, rows, least), ensure_ascii=False, indent=1)
    (folder / SIGN).write_text(document + "\n", encoding="utf-8", newline="\n")


def _document(run: Run, sides: Mapping[str, Side], rows: Sequence[tuple[Text, Figure]], least: int) -> dict[str, Any]:
    """The same counts for machines; null is withheld."""
    return {
        "form": FORM,
        "edition": "circulation",
        "period": run.period.label,
        "as_of": run.as_of.isoformat(),
        "agencies": list(run.agencies),
        "least_count": least,
        "records": {name.en: figure.value for name, figure in rows},
        **{certainty: _side(one) for certainty, one in sides.items()},
    }


def _side(one: Side) -> dict[str, Any]:
    return {
        "findings": one.total.value,
        "row_checks": one.row_checks.value,
        "by_level": {line.name.en: line.found.value for line in one.levels},
        "by_chapter": {line.name.en: line.found.value for line in one.chapters},
        "by_unit": [{"unit": line.name.en, **_counts(line)} for line in one.units],
        "by_unit_and_chapter": [
            {
                "unit": line.name.en,
                **{chapter.name.en: cell.value for chapter, cell in zip(one.chapters, line.cells, strict=True)},
            }
            for line in one.units
        ],
        "by_month": [{"month": line.name.en, **_counts(line)} for line in one.months],
        "by_rule": [
            {
                "rule": line.title.to_dict(),
                "items": line.items,
                "level": line.level.word.en,
                "counted_in": line.grain.en,
                "tested": line.tested.value,
                "unknown": line.unknown.value,
                "findings": line.found.value,
            }
            for line in one.rules
        ],
    }


def _counts(line: Line) -> dict[str, Any]:
    return {"row_checks": line.tested.value if line.tested else "not counted", "findings": line.found.value}
