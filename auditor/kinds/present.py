"""The as-of day in a rule, `$as_of`: another in every audit, so that it is filled in when the rule is asked of data."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar, cast

from sqlglot import exp

from auditor.kinds import sql

AS_OF = "as_of"
_T = TypeVar("_T")


def asks_for_day(node: sql.Expr) -> bool:
    return isinstance(node, exp.Placeholder) and node.name == AS_OF


def on_day(value: _T, as_of: date) -> _T:
    """The same with the day in place of `$as_of` in every expression, however deep it lies in records and lists of
    them; the very same where there is none."""
    return cast("_T", _filled(value, as_of))


def _filled(value: Any, as_of: date) -> Any:
    def fill(node: sql.Expr) -> sql.Expr:
        return sql.date_(as_of) if asks_for_day(node) else node

    if isinstance(value, sql.Expr):
        return value.transform(fill) if any(asks_for_day(node) for node in value.walk()) else value
    if isinstance(value, tuple):
        parts = cast("tuple[Any, ...]", value)
        filled = [_filled(part, as_of) for part in parts]
        return tuple(filled) if any(new is not old for new, old in zip(filled, parts, strict=True)) else parts
    if is_dataclass(value) and not isinstance(value, type):
        known = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        changed = {name: new for name, old in known.items() if (new := _filled(old, as_of)) is not old}
        return replace(value, **changed) if changed else value
    return value
