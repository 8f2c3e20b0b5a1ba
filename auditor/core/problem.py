"""What is wrong with something a person wrote, and where exactly it stands.

Every complaint about input is a `Problem`; all problems of a file are collected before any is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches

_FEW = 3


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a text file. Line and column count from 1; `text` is the line itself, without its end."""

    file: str
    line: int | None = None
    column: int | None = None
    text: str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint: what was found, what was expected, and the nearest valid name where there is one.

    `code` is the number under which complaints of this sort are explained, where they have one; it is for good.
    """

    message: str
    location: Location | None = None
    hint: str | None = None
    code: str | None = None

    def at(self, location: Location) -> "Problem":
        return replace(self, location=location)

    def render(self) -> str:
        """The complaint as a person reads it: place, number, message, the line with a caret, the hint."""
        said = f"{self.code} {self.message}" if self.code else self.message
        head = f"{self.location}: {said}" if self.location else said
        lines = [head]
        if self.location and self.location.text is not None and self.location.line is not None:
            gutter = f"{self.location.line:>5} | "
            lines.append(f"{gutter}{self.location.text}")
            if self.location.column is not None:
                before = self.location.text[: self.location.column - 1]
                lines.append(" " * len(gutter) + "".join(_blank(char) for char in before) + "^")
        if self.hint:
            lines.append(f"      = {self.hint}")
        return "\n".join(lines)


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """A hint naming the closest candidate or, with none close, all of them when they are few."""
    known = sorted(set(candidates))
    # Two of four ideographs in common are as near as four of six letters.
    cutoff = 0.5 if any(_is_wide(char) for char in name) else 0.6
    close = get_close_matches(name, known, n=max(1, len(known)), cutoff=cutoff)
    if not close:
        close = [candidate for candidate in known if candidate.casefold() == name.casefold()]
    if close:
        nearest = _likeness(name, close[0])
        equals = sorted(candidate for candidate in close if _likeness(name, candidate) == nearest)
        if len(equals) <= _FEW:  # of more, none is meant rather than another
            return f"did you mean {' or '.join(repr(candidate) for candidate in equals)}?"
    return f"known here: {', '.join(known)}" if 0 < len(known) <= 12 else None


def _blank(char: str) -> str:
    """Keeps the caret under its character: a tab stays a tab, and an ideograph is two cells wide."""
    if char == "\t":
        return "\t"
    return "\N{IDEOGRAPHIC SPACE}" if _is_wide(char) else " "


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, other, one).ratio()


def _is_wide(char: str) -> bool:
    return ord(char) > 0x2E7F
