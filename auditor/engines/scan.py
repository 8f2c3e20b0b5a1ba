"""One reading of a table for many rules: what each of them counts, what can be drawn, and the rows that any of them
asks more about, held in a relation in which every rule has its mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from auditor.core.picture import Picture
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.query import Part
from auditor.engines.shared import HELD, Shared, mark
from auditor.engines.slices import Slices
from auditor.kinds import sql

MOST = 20
"""Rules in one reading: what their conditions come to together makes the groups that it counts."""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one reading came to, by rule: the counts, what can be drawn, and where its rows to be told of are, until the
    session reads for others."""

    slices: Mapping[str, Slices]
    drawn: Mapping[str, Picture] = field(default_factory=dict[str, Picture])
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part])


def batches(asked: Sequence[Asked]) -> list[list[Asked]]:
    """The rules that can be read together: over one table, placed alike in unit and month. The others are left out."""
    groups: dict[tuple[str, ...], list[Asked]] = {}
    for one in asked:
        alone = one.query.rowwise
        if alone is None:
            continue
        like = [
            one.rule.scope.table.name,
            *_of_registers(one),
            *(sql.render(part, pretty=False) for part in (alone.unit, alone.at)),
        ]
        groups.setdefault(tuple(like), []).append(one)
    return [group[start : start + MOST] for group in groups.values() for start in range(0, len(group), MOST)]


def _of_registers(one: Asked) -> list[str]:
    """The rule itself where a register places its rows in time; such a rule is read alone."""
    placed = one.query.outputs["at"].find_all(exp.Column)
    return [one.rule.rule_id] if any(column.table in one.rule.scope.joined for column in placed) else []


def scan(batch: Sequence[Asked], session: Session) -> Scan:
    """Reads the table once for the counts of the batch, and where rows are to be told of fetches these by their
    places."""
    shared = Shared(batch)
    slices, drawn = shared.counted(session)
    told = [
        (number, one)
        for number, one in enumerate(batch)
        if shared.asks(number) and any(counts["violation"] for counts in slices[one.rule.rule_id].values())
    ]
    if not told:
        return Scan(slices=slices, drawn=drawn)
    shared.hold(session, told)
    parts = {one.rule.rule_id: Part(rows=picked(HELD, one, mark(number))) for number, one in told}
    return Scan(slices=slices, drawn=drawn, parts=parts)


def picked(name: str, one: Asked, mark: str) -> exp.Subquery:
    """Of the rows held under a name those of one rule, under the name of its table."""
    rows = exp.select(exp.Star()).from_(name).where(sql.column(mark))
    return rows.subquery(one.rule.scope.table.name)
