"""The parameters of a rule: defaults, bounds and documentation, and what the county or the command line set instead.

A parameter is either a project default that may be set otherwise within its bounds, or a figure that law fixes and
that a table says (`auditor.rulebook.figures`). An override outside the declared bounds is an error, never silently
clipped; one that names no rule or no parameter, or a figure of the law, is an error too.
"""

from collections.abc import Mapping, Sequence

from auditor.core.document import Entries, Scalar
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.result import Parameter
from auditor.kinds.present import AS_OF
from auditor.rulebook.figures import Figures, measure, sort_of
from auditor.rulebook.header import Header


def read_parameters(
    header: Header, rule_id: str, overrides: Mapping[str, str], figures: Figures
) -> tuple[Parameter, ...]:
    """The `params:` of a rule with the overrides that name it filled in; problems go to the header."""
    written = header.mapping("params")
    found: list[Parameter] = []
    for name, value in written.items() if written else ():
        if not isinstance(value, Entries):
            header.wrong(value.location, f"parameter {name} is written {{default: …, doc: {{zh: …, en: …}}}}")
            continue
        if name == AS_OF:
            header.wrong(value.location, f"${AS_OF} is the as-of day already", "name the parameter otherwise")
            continue
        inner = Header(value, f"parameter {name}")
        override = overrides.get(f"{rule_id}.{name}")
        read = (
            _figure(inner, name, override, figures)
            if value.get("figure") is not None
            else _default(inner, name, rule_id, override)
        )
        if read is not None:
            found.append(read)
        header.problems += inner.problems
    return tuple(found)


def _default(inner: Header, name: str, rule_id: str, override: str | None) -> Parameter:
    value = inner.entries
    inner.problems += value.unknown_keys({"default", "doc", "min", "max", "figure"}, f"parameter {name}")
    default = inner.word("default") or ""
    used = default if override is None else override
    for bound in ("min", "max"):
        limit = value.get(bound)
        for shown, place in ((default, value.location), (used, Location(f"--set {rule_id}.{name}"))):
            if isinstance(limit, Scalar) and _breaks(shown, limit.value, bound):
                message = f"parameter {name} = {shown} lies outside its bounds"
                inner.wrong(place, message, f"{bound}: {limit.value}", code="R501")
                break
    if sort_of(used) != sort_of(default):
        place = Location(f"--set {rule_id}.{name}")
        inner.wrong(place, f"{used!r} is not of the same sort as the default {default!r}", code="R502")
    doc = inner.text("doc", needed=False)
    return Parameter(name=name, value=used, default=default, overridden=used != default, doc=doc)


def _figure(inner: Header, name: str, override: str | None, figures: Figures) -> Parameter | None:
    """A figure of the table. One that the table leaves open takes the `example` for the rule's tests, and waits."""
    inner.problems += inner.entries.unknown_keys({"figure", "example"}, f"parameter {name}")
    word = inner.word("figure")
    if word is None:
        return None
    place = inner.entries.values["figure"].location
    figure = figures.get(word)
    if figure is None:
        inner.wrong(place, f"there is no figure {word!r}", did_you_mean(word, figures), code="R507")
        return None
    example = inner.word("example", needed=False)
    if figure.value is None and example is None:
        hint = f"{{figure: {word}, example: …}}"
        inner.wrong(place, f"the figure {word} has no value yet: its tests need an example", hint, code="R507")
        return None
    standing = figure.shipped or example or figure.value or ""
    used = override or figure.value or standing
    if sort_of(used) != sort_of(standing):
        inner.wrong(place, f"{word} = {used} is not of the same sort as {standing!r}", code="R502")
    return Parameter(
        name=name,
        value=used,
        default=standing,
        overridden=figure.value is not None and used != standing,
        doc=figure.doc,
        figure=word,
        waits=figure.value is None,
    )


def unknown_overrides(overrides: Mapping[str, str], known: Mapping[str, Sequence[Parameter]]) -> list[Problem]:
    """A problem for each override that names no rule, no parameter of its rule, or what only the law can change.
    `known`: parameters by rule id."""
    problems: list[Problem] = []
    for target in overrides:
        rule_id, _, name = target.rpartition(".")
        place = Location(f"--set {target}")
        if rule_id not in known:
            hint = did_you_mean(rule_id, known)
            problems.append(Problem(f"there is no rule {rule_id!r}", place, hint, code="R503"))
            continue
        found = {parameter.name: parameter for parameter in known[rule_id]}
        if name not in found:
            hint = did_you_mean(name, found)
            problems.append(Problem(f"rule {rule_id} has no parameter {name!r}", place, hint, code="R504"))
        elif found[name].figure is not None:
            hint = "a table of the county's own, `figures:` in auditor.yaml, says where the other value comes from"
            message = f"{name} is a figure of the law ({found[name].figure}), not a setting"
            problems.append(Problem(message, place, hint, code="R505"))
    return problems


def _breaks(value: str, limit: str, bound: str) -> bool:
    one, other = measure(value), measure(limit)
    if one is None or other is None or one[0] != other[0]:
        return False
    return one[1] < other[1] if bound == "min" else one[1] > other[1]
