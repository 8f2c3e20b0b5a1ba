"""YAML read as strings, each value remembering where it stood.

YAML's own guesses are dangerous here (`no` becomes false, `0110` becomes 72, of two equal keys the last wins in
silence), so no scalar is resolved: a reader casts each by the type its field declares. Anchors, aliases and tags are
refused: a rule file needs none, and an alias bomb needs all three.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditor.core.problem import Location, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Scalar:
    """One written value, as text; `quoted` tells '' apart from nothing at all. A value written over several lines
    keeps them in `block`, so that a word in it can be shown where it stands."""

    value: str
    location: Location
    quoted: bool = False
    block: tuple[Location, ...] = ()

    def place_of(self, word: str) -> Location | None:
        """Where a whole word first stands in a value written over several lines."""
        for line in self.block:
            found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line.text or "")
            if found:
                return Location(line.file, line.line, found.start() + 1, line.text)
        return None

    @property
    def is_blank(self) -> bool:
        return not self.quoted and self.value in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    values: tuple["Value", ...]
    location: Location

    def __iter__(self) -> Iterator["Value"]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping; keys are unique, in the order written, each with its own place."""

    values: dict[str, "Value"]
    keys: dict[str, Location]
    location: Location

    def get(self, key: str) -> "Value | None":
        return self.values.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def items(self) -> Iterator[tuple[str, "Value"]]:
        return iter(self.values.items())

    def unknown_keys(self, known: set[str], where: str) -> list[Problem]:
        """A problem for each key that is not in `known`, with the nearest that is."""
        return [
            Problem(f"unknown key {key!r} in {where}", place, did_you_mean(key, known), code="R101")
            for key, place in self.keys.items()
            if key not in known
        ]


Value = Scalar | Items | Entries

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where the library was built with it: three hundred rules in half the time."""


def read(path: Path, shown_as: str | None = None) -> tuple[Value | None, list[Problem]]:
    """The document in a file and all that is wrong with it as YAML; the document is None where it cannot be read."""
    name = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [Problem(f"cannot be read: {error.strerror}", Location(name), code="R001")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, [Problem("is not UTF-8", Location(name, line), "save the file as UTF-8", code="R002")]
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Value | None, list[Problem]]:
    """Like `read`, from text; `name` is what problems call the file."""
    lines = text.splitlines()
    try:
        node = cast("Node | None", yaml.compose(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(name) if mark is None else _place(name, lines, mark.line, mark.column)
        return None, [Problem(f"is not valid YAML: {error.problem or error.context}", place, code="R003")]
    except yaml.YAMLError as error:
        return None, [Problem(f"is not valid YAML: {error}", Location(name), code="R003")]
    if node is None:
        return None, [Problem("is empty", Location(name), code="R004")]
    problems: list[Problem] = []
    value = _value(node, name, lines, problems, seen=set())
    return value, problems


def _place(name: str, lines: list[str], line: int, column: int) -> Location:
    return Location(name, line + 1, column + 1, lines[line] if line < len(lines) else "")


def _value(node: Node, name: str, lines: list[str], problems: list[Problem], seen: set[int]) -> Value:
    mark: Any = node.start_mark
    place = _place(name, lines, mark.line, mark.column)
    if id(node) in seen:
        problems.append(Problem("anchors and aliases are not allowed", place, "write the value out again", code="R006"))
        return Scalar("", place)
    seen.add(id(node))
    match node:
        case ScalarNode():
            block: tuple[Location, ...] = ()
            if node.style in ("|", ">"):
                last: Any = node.end_mark
                below = range(mark.line + 1, min(last.line + bool(last.column), len(lines)))
                block = tuple(_place(name, lines, number, 0) for number in below)
            return Scalar(str(node.value), place, quoted=node.style in ("'", '"'), block=block)
        case SequenceNode():
            return Items(tuple(_value(item, name, lines, problems, seen) for item in node.value), place)
        case MappingNode():
            values: dict[str, Value] = {}
            keys: dict[str, Location] = {}
            for key_node, value_node in node.value:
                key = _value(key_node, name, lines, problems, seen)
                if not isinstance(key, Scalar):
                    problems.append(Problem("a key must be a plain word", key.location, code="R007"))
                    continue
                if key.value in values:
                    hint = f"first written in line {keys[key.value].line}"
                    problems.append(Problem(f"duplicate key {key.value!r}", key.location, hint, code="R008"))
                    continue
                keys[key.value] = key.location
                values[key.value] = _value(value_node, name, lines, problems, seen)
            return Entries(values, keys, place)
        case _:
            raise AssertionError(node)  # YAML composes nothing else
