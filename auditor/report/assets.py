"""Styles and script as they stand in a page: inline, so that a page mailed on its own keeps its looks.

A page takes only the styles of its kind. The policy names the exact hashes of what is inlined and allows nothing else:
no request of any sort, and no style or script that a value of the data could smuggle in.
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

_EVERYWHERE = ("base", "frame", "tags", "tables")
_BY_TEMPLATE: dict[str, Sequence[str]] = {
    "index.html.j2": ("overview", "coverage"),
    "coverage.html.j2": ("coverage",),
    "rule.html.j2": ("rule", "charts"),
    "case.html.j2": ("case", "charts"),
    "finding.html.j2": ("case", "charts"),
    "unit.html.j2": ("rule",),
    "backtest.html.j2": ("rule", "charts"),
    "officer.html.j2": ("rule",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    style: Markup
    script: Markup
    policy: str


@cache
def assets(template: str) -> Assets:
    """What a page of this template carries in its head."""
    names = (*_EVERYWHERE, *_BY_TEMPLATE.get(template, ()), "print")
    style = "\n".join(_squeezed((_FOLDER / "css" / f"{name}.css").read_text(encoding="utf-8")) for name in names)
    script = (_FOLDER / "script.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Assets(style=Markup(style), script=Markup(script), policy=policy)


def _squeezed(css: str) -> str:
    """Without comments and indentation: these bytes stand in every page."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", bare)).strip()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
