"""What a LIKE pattern asks of a text, in words: that it contains, begins with or ends with something.

`…` in what is looked for stands for any text in between (`%` inside a pattern), `□` for any one character (`_`).
"""

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.negation import unwrapped, when_blank

Place = Literal["contains", "begins", "ends", "is"]

_ONE_CHARACTER = Text(zh="（□ 为任意一字）", en=" (□: any one character)")
_PLACES: dict[tuple[bool, bool], Place] = {
    (True, True): "contains", (True, False): "ends", (False, True): "begins", (False, False): "is",
}  # fmt: skip
_SAYS: dict[tuple[Place, bool], Text] = {
    ("contains", True): Text(zh="含有{pieces}", en="contains {pieces}"),
    ("contains", False): Text(zh="不含{pieces}", en="does not contain {pieces}"),
    ("begins", True): Text(zh="以{pieces}开头", en="begins with {pieces}"),
    ("begins", False): Text(zh="不以{pieces}开头", en="does not begin with {pieces}"),
    ("ends", True): Text(zh="以{pieces}结尾", en="ends in {pieces}"),
    ("ends", False): Text(zh="不以{pieces}结尾", en="does not end in {pieces}"),
    ("is", True): Text(zh="是{pieces}", en="is {pieces}"),
    ("is", False): Text(zh="不是{pieces}", en="is not {pieces}"),
}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A LIKE: of what text, where in it something must stand, or with `holds` false must not; and what a blank counts
    as, where the rule says so."""

    text: sql.Expr
    place: Place
    piece: str
    holds: bool
    blank: bool | None

    @property
    def family(self) -> tuple[str, str, bool, bool | None]:
        """Patterns of one family can be said at once."""
        return (sql.render(self.text), self.place, self.holds, self.blank)


def find(node: sql.Expr) -> Pattern | None:
    """A LIKE with a fixed pattern, denied or not, with or without what a blank counts as; None for all else, and for a
    pattern that asks for nothing but some length."""
    inner, holds = unwrapped(node), True
    if isinstance(inner, exp.Not):
        inner, holds = unwrapped(inner.this), False
    blank = when_blank(inner)
    if blank is not None:
        blank = blank if holds else not blank
        inner = unwrapped(inner.this)
        if isinstance(inner, exp.Not):
            inner, holds = unwrapped(inner.this), not holds
    if not isinstance(inner, exp.Like) or not isinstance(inner.expression, exp.Literal):
        return None
    asks: str = inner.expression.name
    piece = asks.strip("%")
    if not piece.strip("_%"):
        return None
    place: Place = _PLACES[asks.startswith("%"), asks.endswith("%")]
    shown = piece.replace("%", "…").replace("_", "□")
    return Pattern(text=inner.this, place=place, piece=shown, holds=holds, blank=blank)


def pieces_said(place: Place, pieces: list[str], *, holds: bool) -> Text:
    """That any of the pieces is there, or with `holds` false that none is: the verb and all after it."""
    quoted = [f"“{piece}”" for piece in pieces]
    first, last = quoted[:-1], quoted[-1]
    zh, en = last, last
    if first:
        zh = f"{'、'.join(first)}或{last}"
        en = f"{', '.join(first)} or {last}"
    note = _ONE_CHARACTER if any("□" in piece for piece in pieces) else Text(zh="", en="")
    return _SAYS[place, holds].filled(pieces=Text(zh=zh + note.zh, en=en + note.en))
