"""An inspection as plain words and numbers: what `auditor inspect --format json` prints, and people read as text.

The keys are a contract: `version` changes when one of them changes its meaning or goes. `files[]` has `file`, `part`,
`format`, `encoding`, `encoding_sure` {zh, en}, `delimiter`, `header_row`, `header_rows`, `titles`, `totals`, `notes`,
`blank_rows`, `ragged_rows`, `rows`, `sampled`, `table` (or null), `score`, `hint`, `rival`, `missing` (required columns
that no header gives), `unplaced` (headers), `columns[]`. A column has `header`, `filled` (share), `look`, `different`,
`examples`, `personal`, `column` (or null), `why` (own, name, similar, content, or null), `name` (the known name it
matched), `sure`, `check` [{zh, en}], `formats`, `times`, `words[]` {word, code, count, sure}. `failed[]` has `file`
and `problems`, `unread[]` `file` and `reason`. Counts are of the `sampled` rows.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from auditor.core.masks import shape
from auditor.core.privacy import mask
from auditor.core.schema import Personal
from auditor.intake.draft.content import Content, looks_personal
from auditor.intake.draft.match import Match, Placed
from auditor.intake.draft.propose import DraftColumn
from auditor.intake.draft.seen import Seen

if TYPE_CHECKING:
    from auditor.intake.draft import Inspection

VERSION = 1
_EXAMPLES = 3


def told(inspection: "Inspection", *, masked: bool) -> dict[str, Any]:
    """Everything found, ready for JSON; `masked` stars what looks personal and shows only the shape of what nobody
    knows."""
    drafted = {
        (member.seen.name, column.column.name): column
        for source in inspection.draft.sources
        for member in source.members
        for column in source.columns
    }
    return {
        "version": VERSION,
        "files": [_file(each, inspection.placed.get(each.name), drafted, masked) for each in inspection.seen],
        "failed": [
            {"file": each.name, "problems": [problem.render() for problem in each.problems]}
            for each in inspection.failed
        ],
        "unread": [{"file": each.file, "reason": each.reason.to_dict()} for each in inspection.unread],
    }


def _file(
    seen: Seen, placed: Placed | None, drafted: Mapping[tuple[str, str], DraftColumn], masked: bool
) -> dict[str, Any]:
    matches = {match.place: match for match in placed.matches} if placed else {}
    constants = [
        {"column": name, "value": column.value}
        for (file, name), column in drafted.items()
        if file == seen.name and column.value is not None
    ]
    return {
        "file": seen.file,
        "part": seen.part,
        "format": seen.format,
        "encoding": seen.encoding,
        "encoding_sure": seen.encoding_sure.to_dict() if seen.encoding_sure else None,
        "delimiter": seen.delimiter,
        "header_row": seen.header_row,
        "header_rows": seen.header_rows,
        "titles": list(seen.titles),
        "totals": [row.source_row for row in seen.passed_over if row.kind == "total"],
        "notes": [row.source_row for row in seen.passed_over if row.kind == "note"],
        "blank_rows": seen.blank,
        "ragged_rows": seen.ragged,
        "rows": seen.rows,
        "sampled": seen.sampled,
        "table": placed.table.name if placed else None,
        "score": round(placed.score, 2) if placed else None,
        "hint": placed.hint if placed else None,
        "rival": placed.rival if placed else None,
        "missing": list(placed.missing) if placed else [],
        "constants": constants,
        "unplaced": [seen.headers[place] for place in placed.unplaced] if placed else list(seen.headers),
        "columns": [
            _column(header, seen.columns[place], matches.get(place), placed, seen.name, drafted, masked)
            for place, header in enumerate(seen.headers)
        ],
    }


def _column(
    header: str,
    content: Content,
    match: Match | None,
    placed: Placed | None,
    file: str,
    drafted: Mapping[tuple[str, str], DraftColumn],
    masked: bool,
) -> dict[str, Any]:
    draft = drafted.get((file, match.column)) if match else None
    column = placed.table.columns[match.column] if placed and match else None
    personal = column.personal if column else looks_personal(header, content)
    if column is not None and max(content.looks[look] for look in ("plate", "person_id", "organisation_id")) >= 0.3:
        # Whatever the name says, or was taken to say.
        personal = personal or looks_personal("", content)
    return {
        "header": header,
        "filled": round(content.share_filled, 4),
        "look": content.look,
        "different": content.different,
        "examples": [
            _shown(word, personal, known=column is not None, masked=masked) for word in list(content.words)[:_EXAMPLES]
        ],
        "personal": personal,
        "column": match.column if match else None,
        "why": match.why if match else None,
        "name": match.name if match else None,
        "sure": bool(match and match.sure and draft and not draft.check),
        "check": [text.to_dict() for text in draft.check] if draft else [],
        "formats": list(draft.formats) if draft else [],
        "times": draft.times if draft else None,
        "words": [
            {"word": word.word, "code": word.code, "count": content.words[word.word], "sure": word.sure}
            for word in (draft.words if draft else ())
            if word.word in content.words and (not masked or personal is None)
        ],
    }


def _shown(value: str, personal: Personal | None, *, known: bool, masked: bool) -> str:
    if not masked:
        return value[:60]
    if personal is not None:
        return mask(value, personal)
    return value[:60] if known else shape(value)
