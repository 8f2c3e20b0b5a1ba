"""A chart as a page holds it: what it is drawn from, how to read it, and the same numbers as a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from auditor.core.text import Text

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end the script element, or a line of a script, within a string."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: the first cell names it and leads to `href`, the others are figures."""

    cells: tuple[Text | str, ...]
    href: str | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        return tuple(cell if isinstance(cell, Text) else Text(cell, cell) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`name` is the script that draws it; `data` is what that script is given, as JSON knows it.

    `title` is what it is called, to whoever cannot see it too; `caption` says how to read it. `tone` is `violation` or
    `lead`, nothing for what is neither. Of a long table the first rows are printed and `cut` says how many are not.
    """

    name: str
    data: Mapping[str, object]
    title: Text
    caption: Text
    heads: tuple[Text, ...]
    rows: tuple[Row, ...]
    tone: str = ""
    cut: int = 0

    @property
    def json(self) -> Markup:
        """The data, and the title with it, so written that nothing in a string can end the element it stands in."""
        told = {"title": words(self.title), **self.data}
        plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return Markup("".join(_ESCAPED.get(char, char) for char in plain))


def words(text: Text) -> dict[str, str] | str:
    """A text as the scripts read it: one string where both languages say the same."""
    return text.zh if text.zh == text.en else text.to_dict()
