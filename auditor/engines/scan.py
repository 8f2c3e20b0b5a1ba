"""One reading of a table for many rules: what each of them counts, what can be drawn, and where the rows are that any
of them asks more about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.picture import Picture
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.places import Places
from auditor.engines.shared import Shared
from auditor.engines.slices import Slices
from auditor.kinds import sql

MOST = 20
"""Rules in one reading: what their conditions come to together makes the groups that it counts."""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one reading came to, by rule: the counts, what can be drawn, and where its rows to be told of are."""

    slices: Mapping[str, Slices]
    drawn: Mapping[str, Picture]
    places: Places | None = None


def batches(asked: Mapping[int, Asked]) -> list[dict[int, Asked]]:
    """The rules, by number, that can be read together: over one table, placed alike in unit and month. The others are
    left out."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, one in asked.items():
        alone = one.query.rowwise
        if alone is None:
            continue
        like = [
            one.rule.scope.table.name,
            *_of_registers(one),
            *(sql.render(part, pretty=False) for part in (alone.unit, alone.at)),
        ]
        groups.setdefault(tuple(like), []).append(number)
    parts = [group[start : start + MOST] for group in groups.values() for start in range(0, len(group), MOST)]
    return [{number: asked[number] for number in part} for part in parts]


def _of_registers(one: Asked) -> list[str]:
    """The rule itself where a register places its rows in time; such a rule is read alone."""
    placed = one.query.outputs["at"].find_all(exp.Column)
    return [one.rule.rule_id] if any(column.table in one.rule.scope.joined for column in placed) else []


def scan(batch: Mapping[int, Asked], session: Session) -> Scan:
    """Reads the table once for the rules of the batch, each by its number."""
    shared = Shared(list(batch.values()))
    slices, drawn = shared.counted(session)
    told = {
        place: number
        for place, (number, one) in enumerate(batch.items())
        if shared.asks(place) and any(counts["violation"] for counts in slices[one.rule.rule_id].values())
    }
    return Scan(slices=slices, drawn=drawn, places=shared.places(session, told) if told else None)
