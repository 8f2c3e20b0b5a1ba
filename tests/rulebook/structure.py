"""A validator for the part of JSON Schema that the schema of rules uses; any other word of the schema is an error.

Text stands for every scalar, as the loader has it: a number in the schema is held against text that is a number.
"""

import re
from collections.abc import Iterator
from typing import Any

from auditor.core.document import Entries, Items, Scalar, Value

Schema = dict[str, Any]

_SILENT = {"$schema", "$defs", "title", "description", "patternErrorMessage"}
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_TYPES = {"object": dict, "array": list, "string": str}


def plain(value: Value) -> Any:
    """A document as plain values, every scalar as its text."""
    match value:
        case Scalar():
            return value.value
        case Items():
            return [plain(item) for item in value]
        case Entries():
            return {key: plain(inner) for key, inner in value.items()}


def faults(value: Any, schema: Schema, root: Schema, at: str = "") -> Iterator[str]:
    """Where a value breaks the schema, each with its place."""
    for word, said in schema.items():
        match word:
            case _ if word in _SILENT:
                pass
            case "$ref":
                yield from faults(value, root["$defs"][said.removeprefix("#/$defs/")], root, at)
            case "allOf":
                for part in said:
                    yield from faults(value, part, root, at)
            case "anyOf":
                if all(any(True for _ in faults(value, part, root, at)) for part in said):
                    yield f"{at}: none of the forms allowed"
            case "if":
                if not any(True for _ in faults(value, said, root, at)):
                    yield from faults(value, schema["then"], root, at)
            case "then":
                assert "if" in schema
            case "type":
                if not any(_is(value, name) for name in ([said] if isinstance(said, str) else said)):
                    yield f"{at}: is not {said}"
            case "enum" | "const":
                if value not in (said if word == "enum" else [said]):
                    yield f"{at}: {value!r} is not {said}"
            case "pattern":
                if isinstance(value, str) and not re.search(said, value):
                    yield f"{at}: {value!r} is not {said}"
            case "minimum" | "maximum":
                number = float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else said
                if number < said if word == "minimum" else number > said:
                    yield f"{at}: {value} is past {said}"
            case "minItems" | "maxItems":
                length = len(value) if isinstance(value, list) else said
                if length < said if word == "minItems" else length > said:
                    yield f"{at}: {length} items"
            case "minProperties":
                if isinstance(value, dict) and len(value) < said:
                    yield f"{at}: {len(value)} keys"
            case "items":
                for number, item in enumerate(value if isinstance(value, list) else ()):
                    yield from faults(item, said, root, f"{at}[{number}]")
            case "required" | "properties" | "additionalProperties" | "propertyNames":
                if isinstance(value, dict):
                    yield from _keys(value, word, schema, root, at)
            case _:
                raise AssertionError(f"{word} is no word that this validator knows")


def _keys(value: dict[str, Any], word: str, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    said, named = schema[word], schema.get("properties", {})
    match word:
        case "required":
            yield from (f"{at}: lacks {key}" for key in said if key not in value)
        case "properties":
            for key in value.keys() & said.keys():
                yield from faults(value[key], said[key], root, f"{at}.{key}")
        case "propertyNames":
            for key in value:
                yield from faults(key, said, root, f"{at}.{key}")
        case _:
            for key in value.keys() - named.keys():
                if said is False:
                    yield f"{at}: {key} is not allowed"
                else:
                    yield from faults(value[key], said, root, f"{at}.{key}")


def _is(value: Any, name: str) -> bool:
    if name in _TYPES:
        return isinstance(value, _TYPES[name])
    return isinstance(value, str) and (name == "boolean" or _NUMBER.fullmatch(value) is not None)
