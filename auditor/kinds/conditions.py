"""What a rule asks of a row, or of a subject, taken apart: conditions that can be answered one by one.

`where` falls into the parts that AND joins, and so does a kind's own test where it is written as a condition; a part
that is a choice (OR) has its alternatives as branches, one level deep. A kind says the rest in conditions of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.condition import ConditionRole
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Verdict
from auditor.kinds.negation import unwrapped
from auditor.kinds.patterns import find
from auditor.kinds.spoken import Speaker, links


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing asked of a row. `met` is three-valued and ranges over the row, what is joined to it and, by bare name,
    the columns that the kind computes; `about` names what it looks at where `met` does not show that."""

    text: Text
    met: sql.Expr
    role: ConditionRole = "test"
    branches: tuple["Condition", ...] = ()
    about: tuple[sql.Expr, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One thing asked of a subject that was compared: answered from the numbers of its verdict."""

    text: Text
    met: Callable[[Verdict], bool | None]


def parts(tree: sql.Expr, say: Speaker, role: ConditionRole) -> list[Condition]:
    """A condition of the rule file, part by part."""
    whole = unwrapped(tree)
    joined = links(whole) if isinstance(whole, exp.And) else [whole]
    return [
        Condition(text=say.condition(part), met=part, role=role, branches=_branches(part, say, role)) for part in joined
    ]


def choice(text: Text, ways: Sequence[Condition], met: sql.Expr | None = None) -> Condition:
    """A test that is met in any of several ways; of one way it is that way itself."""
    if len(ways) == 1:
        return ways[0]
    either = met if met is not None else sql.either(*(way.met for way in ways))
    return Condition(text=text, met=either, branches=tuple(ways))


def _branches(part: sql.Expr, say: Speaker, role: ConditionRole) -> tuple[Condition, ...]:
    """The alternatives; patterns that are looked for in one text are one of them. None where all speak of one thing."""
    if say.is_one_clause(part) or not isinstance(part, exp.Or):
        return ()
    families: dict[object, list[sql.Expr]] = {}
    for place, link in enumerate(links(part)):
        pattern = find(link)
        families.setdefault(pattern.family if pattern is not None and pattern.holds else place, []).append(link)
    ways = [sql.either(*alike) for alike in families.values()]
    return tuple(Condition(text=say.condition(way), met=way, role=role) for way in ways)
