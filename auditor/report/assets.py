"""Styles and scripts of a page. Styles and the language switch are inline, so that a page mailed on its own keeps its
looks; larger scripts, and the styles of pages of which there are hundreds, lie once in the folder `assets/`.

A page takes only what its kind needs. The policy names the exact hashes of what is inlined and, for pages that link
something, the report's own folder, and allows nothing else: no request beyond it, and no style or script that a value
of the data could smuggle in.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

_FOLDER = Path(__file__).with_name("templates")

_EVERYWHERE = ("base", "frame", "tags", "tables", "since")
_BY_TEMPLATE: dict[str, Sequence[str]] = {
    "index.html.j2": ("overview", "coverage", "charts", "heat"),
    "coverage.html.j2": ("coverage",),
    "rule.html.j2": ("rule", "charts"),
    "viewer.html.j2": ("case", "charts", "rule", "explorer"),
    "unit.html.j2": ("rule", "charts"),
    "backtest.html.j2": ("rule", "charts"),
    "officer.html.j2": ("rule",),
    "since.html.j2": ("overview",),
    "letter.html.j2": ("letter",),
    "circulation/index.html.j2": ("overview", "coverage", "rule", "circulation"),
    "circulation/coverage.html.j2": ("coverage", "circulation"),
    "circulation/method.html.j2": ("circulation",),
}

_LIBRARY = "plot.js"
_CHARTS = (
    _LIBRARY,
    "charts.js",
    *("chart-months.js", "chart-peers.js", "chart-values.js", "chart-time.js", "chart-sites.js"),
)

_LINKED: dict[str, Sequence[str]] = {
    "index.html.j2": (_LIBRARY, "charts.js", "chart-months.js", "chart-sites.js"),
    "unit.html.j2": (_LIBRARY, "charts.js", "chart-months.js"),
    "rule.html.j2": _CHARTS,
    "backtest.html.j2": _CHARTS,
    "viewer.html.j2": (
        *(_LIBRARY, "charts.js", "chart-peers.js", "chart-time.js"),
        *("load.js", "say.js", "conditions.js", "told.js", "steps.js", "figures.js", "list.js", "case.js"),
        *("facets.js", "explorer.js", "subject.js", "view.js"),
    ),
}
"""The scripts under `templates/js` that a page of a template links, in the order in which they run."""

_OWN = "'self' file:"
"""The report's own folder, served or opened from disk."""

_MANY = ("rule.html.j2", "unit.html.j2", "officer.html.j2")
"""Templates of so many pages that their styles are linked, too."""

FOLDER = "assets"
"""Where linked scripts and styles lie, within the report's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """`sheet` is the linked style sheet of a page that has none inline."""

    style: Markup
    sheet: str | None
    script: Markup
    linked: tuple[str, ...]
    policy: str


@cache
def assets(template: str) -> Assets:
    """What a page of this template carries in its head."""
    style, script = _style(template), (_FOLDER / "script.js").read_text(encoding="utf-8")
    linked = tuple(f"{FOLDER}/{name}" for name in _LINKED.get(template, ()))
    many = template in _MANY
    styles = _OWN if many else f"'{_hash(style)}'"
    if _LIBRARY in _LINKED.get(template, ()):
        styles = f"{styles} '{_hash(_library_style())}'"
    scripts = f"'{_hash(script)}' {_OWN}" if linked else f"'{_hash(script)}'"
    return Assets(
        style=Markup("" if many else style),
        sheet=f"{FOLDER}/{_sheet(template)}" if many else None,
        script=Markup(script),
        linked=linked,
        policy=f"default-src 'none'; style-src {styles}; script-src {scripts}; base-uri 'none'; form-action 'none'",
    )


def write_linked(folder: Path, *templates: str) -> None:
    """Every script and style sheet that a page of these templates links (of none: of any), once, under `assets/`."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    asked = templates or (*_LINKED, *_MANY)
    for name in sorted({name for template in asked for name in _LINKED.get(template, ())}):
        _write(folder / FOLDER / name, (_FOLDER / "js" / name).read_text(encoding="utf-8"))
    for template in sorted({*asked} & {*_MANY}):
        _write(folder / FOLDER / _sheet(template), _style(template) + "\n")


def _write(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8", newline="\n")


def _sheet(template: str) -> str:
    return f"{template.partition('.')[0]}.css"


def _style(template: str) -> str:
    names = (*_EVERYWHERE, *_BY_TEMPLATE.get(template, ()), "print")
    return "\n".join(_squeezed((_FOLDER / "css" / f"{name}.css").read_text(encoding="utf-8")) for name in names)


def _library_style() -> str:
    """The style that the library puts into every drawing, to the letter; a browser lets no other through."""
    return (_FOLDER / "js" / "plot.style.css").read_text(encoding="utf-8").rstrip("\n")


def _squeezed(css: str) -> str:
    """Without comments and indentation: these bytes stand in every page."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", bare)).strip()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
