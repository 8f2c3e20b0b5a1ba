"""Which of several sources counts where they name the same row: the one whose profile entry has the lower `precedence`.

A row of a lower rank is superseded, whatever becomes of the row before it: were it used because the better one has a
fault, the worse source would count exactly where nobody looks. Rows of equal rank stay each other's duplicates.
"""

from collections.abc import Sequence
from typing import Any

from auditor.intake.checks.keys import SEPARATOR, duplicated_keys, key_text
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.sources import Source
from auditor.intake.store.database import ibis

_LAST = 10_000
"""The rank of a source without precedence, behind every number that a profile may give."""

Ranks = Sequence[int]
"""Of each source of a table, in their order, how far in front it stands: the lower the number, the farther."""


def ranks(sources: Sequence[Source]) -> Ranks:
    """The ranks of a table's sources; a canonical file has no profile entry, and so comes last."""
    return [_LAST if one.mapping is None else one.mapping.precedence or _LAST for one in sources]


def superseded(rows: Any, key: Sequence[str], order: Ranks) -> Any:
    """Whether a row's key stands in a source of a better rank, too; never NULL."""
    if len(set(order)) < 2:
        return ibis.literal(False)
    rank = rows[SOURCE].cases(*enumerate(order), else_=_LAST)
    said = rows.select(key=key_text(rows, key), rank=rank)
    ranked = said.filter(said.key.notnull()).distinct()
    best = ranked.group_by("key").aggregate(best=ranked["rank"].min())
    behind = ranked.join(best, "key").filter(ibis._["rank"] > ibis._.best)
    places = behind.select(place=_place(behind.key, behind["rank"]))
    return _place(key_text(rows, key), rank).isin(places.place).fill_null(False)


def unsettled(rows: Any, key: Sequence[str], order: Ranks) -> Any:
    """The keys that still name more than one row when the superseded ones are taken away."""
    if len(set(order)) < 2:
        return duplicated_keys(rows, key)
    return duplicated_keys(rows.filter(~superseded(rows, key, order)), key)


def _place(key: Any, rank: Any) -> Any:
    return key + SEPARATOR + rank.cast("string")
