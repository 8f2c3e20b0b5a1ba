"""The description of the profile language says every word of it, its examples load, and every profile is listed."""

import re
from pathlib import Path

import pytest

from auditor.core.document import Entries, parse
from auditor.core.schema import Column, exported
from auditor.intake.columns.amounts import stated_units
from auditor.intake.columns.expression import FUNCTIONS
from auditor.intake.profile.file import read_profile
from auditor.intake.profile.words import COLUMN_KEYS, DELIMITERS, PROFILE_KEYS, QUOTES, SOURCE_KEYS
from auditor.intake.readers.encoding import ENCODINGS

PROFILES = Path(__file__).parents[1] / "data" / "profiles"
README = (PROFILES / "README.md").read_text(encoding="utf-8")
CASES = exported()["cases"]
SECTIONS = {"profile": PROFILE_KEYS, "source": SOURCE_KEYS, "column": COLUMN_KEYS}


def _section(of: str) -> str:
    return README.split(f"## Keys of a {of} ", 1)[1].split("\n## ", 1)[0]


def _described(of: str) -> dict[str, str]:
    """What is said under each key's heading, which names the key in both languages."""
    _, *parts = re.split(r"^### ", _section(of), flags=re.MULTILINE)
    heads = [re.match(r"`(\w+)` [\u4e00-\u9fff]+\n", part) for part in parts]
    assert all(heads), "a heading is `key` and what it is called in Chinese"
    return {head[1]: part[head.end() :] for head, part in zip(heads, parts, strict=True) if head}


def _blocks(text: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


EXAMPLES = [
    ("whole", "", README.split("## A whole example", 1)[1].split("\n## ", 1)[0]),
    *((of, key, said) for of in SECTIONS for key, said in _described(of).items()),
]


def _constant(column: Column) -> str:
    word = next(iter(column.codes), "2024-05-03" if column.type == "timestamp" else "x")
    return f"{column.name}: {{value: {word}}}\n"


def _indented(text: str, depth: int) -> str:
    return "".join(" " * depth + line for line in text.splitlines(keepends=True))


def _keys(text: str) -> Entries:
    written, problems = parse(text, "example")
    assert isinstance(written, Entries) and not problems
    return written


def _columns(block: str, lacks: str = "") -> str:
    """The columns of the example, and constants for all others that a case must have."""
    has = _keys(block) if block else ()
    return block + "".join(
        _constant(CASES.columns[name]) for name in CASES.required if name not in has and name not in lacks
    )


def _source(block: str) -> str:
    has = _keys(block)
    missing = "" if "files" in has else "files: [example.csv]\n"
    if "columns" not in has:
        missing += "columns:\n" + _indented(_columns("", lacks=block if "lacks" in has else ""), 2)
    return block + missing


def _profile(of: str, block: str) -> str:
    """The example, made whole with what it leaves unsaid."""
    if of == "column":
        of, block = "source", "columns:\n" + _indented(_columns(block), 2)
    if of == "source":
        of, block = "profile", "tables:\n  cases:\n" + _indented(_source(block), 4)
    has = _keys(block)
    block += "" if "profile" in has else "profile: example\n"
    return block + ("" if "tables" in has else "tables: {lots: {files: [a.csv], columns: {lot_id: x}}}\n")


@pytest.mark.parametrize("of", SECTIONS)
def test_every_key_has_a_heading_and_no_other_word_has(of: str) -> None:
    assert set(_described(of)) == SECTIONS[of]


@pytest.mark.parametrize(("of", "key", "said"), EXAMPLES, ids=[f"{of} {key}" for of, key, _ in EXAMPLES])
def test_every_example_loads_and_shows_its_key(tmp_path: Path, of: str, key: str, said: str) -> None:
    prose, [block] = said.split("```", 1)[0].strip(), _blocks(said)
    path = tmp_path / "example.yaml"
    path.write_text(block if of == "whole" else _profile(of, block), encoding="utf-8")
    assert read_profile(path).tables
    if key:
        assert prose.endswith(".") and re.search(rf"\b{key}:", block)


def test_no_example_stands_outside_of_these() -> None:
    assert len(_blocks(README)) == len(EXAMPLES)


def test_the_words_that_a_key_may_take_are_all_said() -> None:
    profile, source, column = (_described(of) for of in SECTIONS)
    for words, said in (
        (ENCODINGS, profile["encoding"]),
        (DELIMITERS, source["delimiter"]),
        (QUOTES, source["quote"]),
        (FUNCTIONS, README.split("## Expressions", 1)[1]),
    ):
        assert not [word for word in words if f"`{word}`" not in said]
    # Of units that mean the same, one is enough: every factor that a kind of column knows is named by some word.
    for name in ("fine_amount", "gross_kg", "speed_kmh", "bac_mg_100ml"):
        units = stated_units(CASES.columns[name])
        assert {factor for word, factor in units.items() if f"`{word}`" in column["unit"]} == set(units.values())


def test_every_ready_profile_is_in_the_table_by_its_title() -> None:
    listed = README.split("## Ready profiles", 1)[1]
    rows = [line for line in listed.splitlines() if line.startswith("| [")]
    expected: list[str] = []
    for path in sorted(PROFILES.glob("*.yaml")):
        profile = read_profile(path)
        assert profile.title is not None, path.name
        expected.append(f"| [`{profile.name}`]({path.name}) | {profile.title.zh} | {profile.title.en} |")
    assert rows == expected, "the table has a row for each profile, in the order of their names"
