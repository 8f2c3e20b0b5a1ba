"""Words made into HTML: every sentence stands in the page twice, once a language, and the reader's switch hides one.

Values that read the same in both languages are printed once. Everything is escaped here or by the templates. A report
holds millions of such words, most of them the same few: they are made once and kept.
"""

from functools import lru_cache
from html import escape

from markupsafe import Markup

from auditor.core.text import Text


@lru_cache(maxsize=16384)
def both(text: Text) -> Markup:
    zh, en = escape(text.zh), escape(text.en)
    return Markup(zh if zh == en else _pair(zh, en))


@lru_cache(maxsize=2048)
def _constant(zh: str, en: str) -> Markup:
    return both(Text(zh, en))


def say(zh: str, en: str, **values: object) -> Markup:
    """A sentence written in a template; `{name}` takes a value, which is escaped unless it is markup already."""
    if not values:
        return _constant(zh, en)
    safe = {name: value if isinstance(value, Markup) else escape(str(value)) for name, value in values.items()}
    return Markup(_pair(escape(zh).format(**safe), escape(en).format(**safe)))


def one_line(text: Text) -> str:
    """Both languages in one attribute or SVG title, where no element can be hidden."""
    return text.zh if text.zh == text.en else f"{text.zh} · {text.en}"


def element(name: str, /, *children: str | Markup, **attributes: str | int | float | None) -> Markup:
    """An SVG element. Attribute names are written with underscores for hyphens, `class_` is class; text is escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(str(child) if isinstance(child, Markup) else escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")


def _pair(zh: str, en: str) -> str:
    return f'<span lang="zh">{zh}</span><span lang="en">{en}</span>'


def _number(value: str | int | float | None) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
