"""Plain values as JSON and back, led by their declared types.

One codec for all the dataclasses of `auditor.core`, so that a field added there is kept here without a second list.
Dates and moments are ISO text; mappings keep their order as keys are sorted; what a type does not name is an error.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: object) -> Any:
    """The value as JSON knows it; raises TypeError for a type that no field of a run has."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            pairs = cast(Mapping[str, object], value)
            return {key: encode(pairs[key]) for key in sorted(pairs)}
        case frozenset():
            return sorted(encode(item) for item in cast("frozenset[object]", value))
        case tuple() | list():
            return [encode(item) for item in cast("tuple[object, ...]", value)]
        case _ if is_dataclass(value):
            return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def decode(type_: type[T], data: object) -> T:
    """The value that `encode` made `data` from; raises TypeError, ValueError or KeyError where it does not fit."""
    return cast(T, _decode(type_, data))


def decode_fields(owner: type, names: Iterable[str], data: Mapping[str, object]) -> dict[str, Any]:
    """The named fields of a dataclass, each by its own type; raises like `decode`."""
    return {name: _decode(_hints(owner)[name], data[name]) for name in names}


def dumps(value: object) -> str:
    """One line of JSON that is the same for equal values."""
    return json.dumps(encode(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _decode(hint: Any, data: object) -> object:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _decode_union(inner, data)
    if origin is Literal:
        if data not in inner:
            raise ValueError(f"{data!r} is not one of {inner}")
        return data
    if origin is tuple:
        return tuple(_decode(inner[0], item) for item in _expect(list[object], data))
    if origin is frozenset:
        return frozenset(_decode(inner[0], item) for item in _expect(list[object], data))
    if origin in (Mapping, dict):
        return {key: _decode(inner[1], item) for key, item in _expect(dict[str, object], data).items()}
    if hint is Any:
        return data
    if is_dataclass(hint):
        owner = cast(Any, hint)
        return owner(**decode_fields(owner, _hints(owner), _expect(dict[str, object], data)))
    if hint in (date, datetime):
        return hint.fromisoformat(_expect(str, data))
    if hint is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    return _expect(hint, data)


def _decode_union(options: tuple[Any, ...], data: object) -> object:
    """Of the unions in a run, each is one type or nothing."""
    if data is None and NoneType in options:
        return None
    named = [option for option in options if option is not NoneType]
    if len(named) != 1 and not all(get_origin(option) is Literal for option in named):
        raise TypeError(f"a union of {named} cannot be told apart in JSON")
    return _decode(named[0] if len(named) == 1 else Literal[tuple(w for o in named for w in get_args(o))], data)


def _expect(type_: Any, data: object) -> Any:
    wanted = get_origin(type_) or type_
    if not isinstance(data, wanted) or (wanted is int and isinstance(data, bool)):
        raise TypeError(f"{data!r} is not of type {wanted.__name__}")
    return data


@cache
def _hints(owner: type) -> dict[str, Any]:
    return get_type_hints(owner)
