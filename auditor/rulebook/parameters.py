"""The parameters of a rule: defaults, bounds and documentation, and what the county or the command line set instead.

An override outside the declared bounds is an error, never silently clipped; one that names no rule or no parameter is
an error too.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from auditor.core.document import Entries, Scalar
from auditor.core.duration import Unit, parse_duration
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.result import Parameter
from auditor.rulebook.header import Header

_Measure = tuple[Unit | None, Decimal]


def read_parameters(header: Header, rule_id: str, overrides: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The `params:` of a rule with the overrides that name it filled in; problems go to the header."""
    written = header.mapping("params")
    found: list[Parameter] = []
    for name, value in written.items() if written else ():
        if not isinstance(value, Entries):
            header.wrong(value.location, f"parameter {name} is written {{default: …, doc: {{zh: …, en: …}}}}")
            continue
        inner = Header(value, f"parameter {name}")
        inner.problems += value.unknown_keys({"default", "doc", "min", "max"}, f"parameter {name}")
        default = inner.word("default") or ""
        used = overrides.get(f"{rule_id}.{name}", default)
        for bound in ("min", "max"):
            limit = value.get(bound)
            for shown, place in ((default, value.location), (used, Location(f"--set {rule_id}.{name}"))):
                if isinstance(limit, Scalar) and _breaks(shown, limit.value, bound):
                    message = f"parameter {name} = {shown} lies outside its bounds"
                    inner.wrong(place, message, f"{bound}: {limit.value}", code="R501")
                    break
        if _unit(used) != _unit(default):
            place = Location(f"--set {rule_id}.{name}")
            inner.wrong(place, f"{used!r} is not of the same sort as the default {default!r}", code="R502")
        found.append(
            Parameter(
                name=name, value=used, default=default, overridden=used != default, doc=inner.text("doc", needed=False)
            )
        )
        header.problems += inner.problems
    return tuple(found)


def unknown_overrides(overrides: Mapping[str, str], known: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """A problem for each override that names no rule, or no parameter of its rule. `known`: parameters by rule id."""
    problems: list[Problem] = []
    for target in overrides:
        rule_id, _, name = target.rpartition(".")
        place = Location(f"--set {target}")
        if rule_id not in known:
            hint = did_you_mean(rule_id, known)
            problems.append(Problem(f"there is no rule {rule_id!r}", place, hint, code="R503"))
        elif name not in known[rule_id]:
            hint = did_you_mean(name, known[rule_id])
            problems.append(Problem(f"rule {rule_id} has no parameter {name!r}", place, hint, code="R504"))
    return problems


def _measure(value: str) -> _Measure | None:
    length = parse_duration(value)
    if length is not None:
        return length.unit, Decimal(length.count)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return (None, number) if number.is_finite() else None


def _unit(value: str) -> str:
    """What sort of value it is: a number, a length of time in one of its units, or text."""
    measured = _measure(value)
    if measured is None:
        return "text"
    return measured[0] or "number"


def _breaks(value: str, limit: str, bound: str) -> bool:
    one, other = _measure(value), _measure(limit)
    if one is None or other is None or one[0] != other[0]:
        return False
    return one[1] < other[1] if bound == "min" else one[1] > other[1]
