"""What is wrong with something a person wrote, and where exactly it stands.

Every complaint about input is a `Problem`; all problems of a file are collected before any is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches


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
    """One complaint: what was found, what was expected, and the nearest valid name where there is one."""

    message: str
    location: Location | None = None
    hint: str | None = None

    def at(self, location: Location) -> "Problem":
        return replace(self, location=location)

    def render(self) -> str:
        """The complaint as a person reads it: place, message, the line with a caret, the hint."""
        head = f"{self.location}: {self.message}" if self.location else self.message
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
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if not close:
        folded = {candidate.casefold(): candidate for candidate in known}
        close = [folded[name.casefold()]] if name.casefold() in folded else []
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known here: {', '.join(known)}" if 0 < len(known) <= 12 else None


def _blank(char: str) -> str:
    """Keeps the caret under its character: a tab stays a tab, and an ideograph is two cells wide."""
    if char == "\t":
        return "\t"
    return "\N{IDEOGRAPHIC SPACE}" if ord(char) > 0x2E7F else " "
