"""Chinese text has Chinese punctuation (GB/T 15834): pages, scripts, and wherever a text is given in both languages."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "auditor"
TEMPLATES = ROOT / "report" / "templates"
HAN = "\u4e00-\u9fff"
WESTERN = re.compile(rf"[{HAN}”》）][,;:?!(](?=[{HAN}“《（]|$)|^[,;:?!](?=[{HAN}“《（]|$)|[{HAN}]\)|\([{HAN}]")
"""Also at either end of a text, as it may be a part of one."""
SAID = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')


def in_templates() -> Iterator[tuple[str, str]]:
    """In pages, and in their own scripts."""
    pages = [*TEMPLATES.rglob("*.j2"), *(path for path in TEMPLATES.rglob("*.js") if path.name != "plot.js")]
    for path in sorted(pages):
        for said in SAID.finditer(path.read_text(encoding="utf-8")):
            yield path.name, said[1]


def in_modules() -> Iterator[tuple[str, str]]:
    """What is given under `zh`; of an f-string, the parts between its values, but not how these are formatted."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "zh":
                values = [part for part in ast.walk(node.value) if isinstance(part, ast.FormattedValue)]
                formats = [part for value in values if value.format_spec for part in ast.walk(value.format_spec)]
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part not in formats:
                        yield path.name, part.value


@pytest.mark.parametrize("texts", [in_templates, in_modules])
def test_no_western_punctuation_between_chinese_words(texts: Callable[[], Iterator[tuple[str, str]]]) -> None:
    found = list(texts())
    assert len(found) > 300, "the texts are not found where they were"
    assert [one for one in found if WESTERN.search(one[1])] == []


def test_what_is_taken_for_western() -> None:
    for text in ("线索,不等于违法", "受检:三", "说明(共", "(共", "一)", "依据:", ";其余", ";"):
        assert WESTERN.search(text)
    for text in ("线索，不等于违法", "受检：3", "说明（共 2 项）", "{n} 行, 共", "A,B", "GB/T 15834:2011"):
        assert not WESTERN.search(text)
