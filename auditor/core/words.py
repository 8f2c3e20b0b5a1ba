"""Facts put into words: one place that prints a value, masks it, and fills the sentence of a rule with it.

A template is text with `{name}` for a fact; `{{` and `}}` stand for braces. In English `{n:case|cases}` prints a whole
number with the form of its noun: 1 case, 7 cases. A missing value prints as a dash, so that "the record does not say"
never reads like a value.
"""

import re
import string
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from auditor.core.duration import parse_duration
from auditor.core.fact import Fact, FactType
from auditor.core.privacy import WITHHELD, mask
from auditor.core.schema import tables
from auditor.core.text import Language, Text

_NAME = re.compile(r"\b(?:[a-z][a-z0-9_]*\.)?([a-z][a-z0-9_]*)\b")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")

MISSING = "—"


def placeholders(template: str) -> list[str]:
    """The fact names in a template, in order; raises ValueError where a brace does not close."""
    return [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]


def plurals(template: str) -> list[tuple[str, str]]:
    """The facts that a template prints with a noun, in order, each with the forms as they are written."""
    return [(name, forms) for _, name, forms, _ in string.Formatter().parse(template) if name is not None and forms]


def fill(template: Text, facts: Iterable[Fact], *, masked: bool) -> Text:
    """The sentence in both languages; personal values are masked unless told otherwise."""
    by_name = {fact.name: fact for fact in facts}
    return Text(
        zh=_fill(template.zh, by_name, "zh", masked=masked), en=_fill(template.en, by_name, "en", masked=masked)
    )


def show(fact: Fact, language: Language, *, masked: bool) -> str:
    """The value of a fact as a person reads it."""
    if fact.value is None:
        return MISSING
    if fact.personal is not None and masked:
        return WITHHELD.in_(language) if fact.personal == "text" else mask(fact.value, fact.personal)
    return show_value(fact.value, fact.type, language, column=fact.column)


def show_value(value: str, type_: FactType, language: Language, *, column: str | None = None) -> str:
    """A value in ISO text, printed by its type. `column` is `table.column` where a code or a usual value has a word."""
    match type_:
        case "timestamp":
            moment = datetime.fromisoformat(value)
            whole_day = moment.hour == moment.minute == moment.second == 0
            return moment.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M")
        case "date":
            return date.fromisoformat(value[:10]).isoformat()
        case "money":
            return f"{Decimal(value):,.2f}".removesuffix(".00")
        case "double":
            return f"{float(value):,.10g}"
        case "share":
            return f"{float(value) * 100:.1f} %"
        case "bool":
            return {"true": Text(zh="是", en="yes"), "false": Text(zh="否", en="no")}[value].in_(language)
        case "days":
            return f"{value} 天" if language == "zh" else f"{value} day{'' if value == '1' else 's'}"
        case "minutes":
            return _minutes(int(value), language)
        case "duration":
            length = parse_duration(value)
            return value if length is None else length.text.in_(language)
        case "code":
            said = _said(value, column)
            return said.in_(language) if said else value if language == "zh" else value.replace("_", " ")
        case "columns":
            return ("、" if language == "zh" else ", ").join(_named(one, language) for one in value.split(", "))
        case "string":
            said = _said(value, column)
            return said.in_(language) if said else value
        case "int" | "list":
            return value


def _named(written: str, language: Language) -> str:
    """What names columns, with every name as its label and every moment as it is printed elsewhere."""
    labels = _labels()
    said = _NAME.sub(lambda found: labels[found[1]].in_(language) if found[1] in labels else found[0], written)
    return _MOMENT.sub(lambda found: show_value(found[0], "timestamp", language), said)


@cache
def _labels() -> dict[str, Text]:
    """What columns are called; of several tables with one of a name, as the first calls it."""
    found: dict[str, Text] = {}
    for table in tables().values():
        for name, column in table.columns.items():
            found.setdefault(name, column.label)
    return found


def _minutes(count: int, language: Language) -> str:
    """Days, hours and minutes, the empty ones left out: 1 day 9 h 10 min."""
    days, rest = divmod(count, 24 * 60)
    if days and not rest:
        return show_value(str(days), "days", language)
    parts = zip((days, *divmod(rest, 60)), ("天", "小时", "分") if language == "zh" else ("d", "h", "min"), strict=True)
    said = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(said) or ("不足 1 分" if language == "zh" else "under 1 min")


def _said(value: str, column: str | None) -> Text | None:
    if column is None or "." not in column:
        return None
    table, _, name = column.partition(".")
    described = tables()[table].columns.get(name) if table in tables() else None
    return described.said(value) if described else None


def _fill(template: str, facts: dict[str, Fact], language: Language, *, masked: bool) -> str:
    parts: list[str] = []
    for text, name, forms, _ in string.Formatter().parse(template):
        parts.append(text)
        if name is not None:
            fact = facts.get(name)
            parts.append(MISSING if fact is None else show(fact, language, masked=masked))
            if forms:
                one, _, other = forms.partition("|")
                parts.append(f" {one if fact is not None and fact.value == '1' else other}")
    return "".join(parts)
