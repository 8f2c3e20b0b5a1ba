"""`auditor.yaml`: what a county sets once, beside its data, so that the monthly command stays short.

period: 2025
as_of: 2025-12-31
profile: ../profiles/county.yaml
rules: [../rules]
figures: [figures.csv]
baseline: ../reports/2024
parameters:
  impound.transport-overdue: {limit: 30 days}
pseudonym_key: ../keys/pseudonyms.key
least_count: 10
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditor.core.document import Entries, Items, Scalar, Value, read
from auditor.core.errors import UsageError
from auditor.core.privacy import LEAST_COUNT
from auditor.core.problem import Location, Problem

NAME = "auditor.yaml"
_KEYS = {"period", "as_of", "profile", "rules", "figures", "baseline", "parameters", "pseudonym_key", "least_count"}

_ONE_WORD = ("period", "as_of", "profile", "pseudonym_key", "least_count", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Paths are resolved against the folder of the file."""

    period: str | None = None
    as_of: date | None = None
    profile: Path | None = None
    rules: tuple[Path, ...] = ()
    figures: tuple[Path, ...] = ()
    """Tables of figures of the law that stand in the place of the shipped ones."""
    baseline: Path | None = None
    """The folder of the earlier run that the audit follows on from."""
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    pseudonym_key: Path | None = None
    """Where the key of the circulation edition's pseudonyms lies."""
    least_count: int | None = None
    """The least count that the circulation edition shows."""


def read_config(path: Path) -> Config:
    """Raises UsageError with all that is wrong in the file."""
    document, problems = read(path)
    if not isinstance(document, Entries):
        raise UsageError(problems or [Problem("must be a mapping", Location(str(path), 1))])
    problems += document.unknown_keys(_KEYS, NAME)
    home = path.parent
    words = {key: _word(document.get(key), key, problems) for key in _ONE_WORD}
    as_of = None
    if words["as_of"] is not None:
        try:
            as_of = date.fromisoformat(words["as_of"])
        except ValueError:
            problems.append(Problem(f"{words['as_of']!r} is not a date", document.values["as_of"].location))
    least_count = None
    if words["least_count"] is not None:
        least_count = int(words["least_count"]) if words["least_count"].isdecimal() else 0
        if least_count < LEAST_COUNT:
            what = f"{words['least_count']!r} is not a whole number from {LEAST_COUNT} up"
            problems.append(Problem(what, document.values["least_count"].location))
    rules = tuple(home / word for word in _words(document.get("rules"), "rules", problems))
    figures = tuple(home / word for word in _words(document.get("figures"), "figures", problems))
    parameters = dict(_parameters(document.get("parameters"), problems))
    if problems:
        raise UsageError(problems)
    return Config(
        period=words["period"],
        as_of=as_of,
        profile=home / words["profile"] if words["profile"] else None,
        rules=rules,
        figures=figures,
        baseline=home / words["baseline"] if words["baseline"] else None,
        parameters=parameters,
        pseudonym_key=home / words["pseudonym_key"] if words["pseudonym_key"] else None,
        least_count=least_count,
    )


def _word(value: Value | None, key: str, problems: list[Problem]) -> str | None:
    if value is None:
        return None
    if isinstance(value, Scalar) and not value.is_blank:
        return value.value
    problems.append(Problem(f"`{key}` must be one word", value.location))
    return None


def _words(value: Value | None, key: str, problems: list[Problem]) -> list[str]:
    if value is None:
        return []
    items = value.values if isinstance(value, Items) else (value,)
    return [word for item in items if (word := _word(item, key, problems)) is not None]


def _parameters(value: Value | None, problems: list[Problem]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if value is None:
        return found
    if not isinstance(value, Entries):
        problems.append(Problem("`parameters` is written {rule id: {parameter: value}}", value.location))
        return found
    for rule_id, inner in value.items():
        if not isinstance(inner, Entries):
            problems.append(Problem(f"the parameters of {rule_id} are written {{name: value}}", inner.location))
            continue
        for name, setting in inner.items():
            word = _word(setting, name, problems)
            if word is not None:
                found.append((f"{rule_id}.{name}", word))
    return found
