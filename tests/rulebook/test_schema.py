"""The schema for editors knows what the loader knows: it takes every good rule and objects to what it can see."""

from pathlib import Path
from typing import get_args

import pytest

from auditor.core.document import Entries, parse, read
from auditor.core.places import shipped
from auditor.core.schema import tables
from auditor.kinds.base import How, fields_of, kinds
from auditor.rulebook.loader import KEYS, NEEDED
from auditor.rulebook.plan import COVERAGE, PLAN
from auditor.rulebook.schema import FORMS, rule_schema
from tests.kinds.spec import load as load_text
from tests.kinds.spec import rule_text
from tests.rulebook.structure import faults, plain

SCHEMA = rule_schema()
PROBLEMS = Path(__file__).parents[1] / "problems"
RULES = sorted(
    path for home in ("rules", "packs") for path in shipped(home).rglob("*.yaml") if path.name not in (PLAN, COVERAGE)
)
GOOD = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases")


def objections(text: str) -> list[str]:
    document, problems = parse(text, "rule.yaml")
    assert document is not None and not problems
    return list(faults(plain(document), SCHEMA, SCHEMA))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_that_is_shipped_fits(path: Path) -> None:
    document, _ = read(path)
    assert isinstance(document, Entries)
    assert list(faults(plain(document), SCHEMA, SCHEMA)) == []


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_and_field_is_in_it_with_its_meaning(kind: str) -> None:
    described = SCHEMA["$defs"][f"kind-{kind}"]
    specs = fields_of(kinds()[kind])
    assert set(described["properties"]) == {"kind", *specs}
    assert set(described["required"]) == {"kind", *(name for name, spec in specs.items() if spec.required)}
    for name, spec in specs.items():
        said = described["properties"][name]["description"]
        assert spec.doc.en in said and spec.doc.zh in said
    assert kind in SCHEMA["$defs"]["check"]["properties"]["kind"]["enum"]


def test_every_way_of_reading_a_field_has_a_shape() -> None:
    assert set(FORMS) == set(get_args(How)) - {"choice"}, "give it a shape in auditor/rulebook/schema.py"


def test_every_key_of_a_rule_is_in_it_and_those_that_must_be_there() -> None:
    assert set(SCHEMA["properties"]) == set(KEYS)
    assert set(SCHEMA["required"]) == set(NEEDED)
    for key in NEEDED:
        lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key}:")]
        text = "\n".join(lines if key != "check" else lines[:-2])
        assert any(problem.code == "R102" for problem in load_text(text + "\n")[1]), key


def test_every_canonical_table_is_in_it() -> None:
    assert SCHEMA["$defs"]["table"]["enum"] == list(tables())


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("header", ["covrs is not allowed", ".id: 'Summary_Cap'", ".title: lacks en", ".level: 'hgih'"]),
        ("shapes", [".why: is not object", ".verify: is not array", ".check: is not object"]),
        ("unknown-kind", [".check.kind: 'dead-line'"]),
        ("unknown-table", [".table: 'case'"]),
        ("columns", [".key: none of the forms"]),
        ("fields", [".check: atleast is not allowed", ".check.window: none of the forms"]),
        ("numbers", [".check.min_n: none", ".check.q: none", ".check.min_excess: none"]),
        ("lengths", [".check.within: none", ".check.roll: none"]),
        ("tests", [".tests[0].as_of: '31 May'", ".tests[0].given.officer: 'officer'", ".expect.violated: 'violated'"]),
        ("no-kind", [".check: lacks kind"]),
    ],
)  # fmt: skip
def test_it_objects_to_what_an_editor_can_see(name: str, seen: list[str]) -> None:
    found = objections((PROBLEMS / f"{name}.yaml").read_text(encoding="utf-8"))
    for words in seen:
        assert any(words in fault for fault in found), found


@pytest.mark.parametrize("text", [GOOD, GOOD.replace("> 200", "> $cap").replace("check:", "params: {}\ncheck:")])
def test_it_is_never_stricter_than_the_loader_on_a_plain_rule(text: str) -> None:
    assert objections(text) == []
