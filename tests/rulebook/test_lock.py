"""The lock: what counts as a rule's logic, what a renewal takes down, and what none may cover up."""

from pathlib import Path

import pytest

from auditor.core.errors import RuleError
from auditor.core.places import shipped
from auditor.rulebook import Rule, lint, load
from auditor.rulebook.lock import LOCK_NAME, Locked, lock_text, read_lock, renewed
from tests.kinds.spec import load as load_text
from tests.kinds.spec import rule_text

GOOD = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases")
TESTS = """tests:
  - name: at the cap
    as_of: 2024-05-31
    given:
      cases: |
        case_id | fine_amount
        A1      | 200
    expect: {ok: [A1]}
"""


def logic(text: str) -> str:
    rule, problems = load_text(text)
    assert rule is not None, problems
    return rule.logic


def test_tests_comments_spacing_and_the_order_of_keys_are_no_logic() -> None:
    lines = GOOD.splitlines()
    turned = "\n".join([lines[1], lines[0], *lines[2:]]) + "\n"
    for same in (GOOD + TESTS, "# why\n" + GOOD, GOOD.replace("status: trial", "status:   trial  # for now"), turned):
        assert logic(same) == logic(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fine_amount > 200", "fine_amount >= 200"),
        ("level: medium", "level: high"),
        ("message: {zh: 试验, en: test}", "message: {zh: 试验, en: tested}"),
        ("status: trial", "status: draft"),
        ("key: [case_id]", "key: [case_id, unit_id]"),
        ("verify: [{zh: 无, en: none}]", "verify: [{zh: 无, en: none}]\nwhere: points > 3"),
    ],
)
def test_everything_else_is(old: str, new: str) -> None:
    assert old in GOOD
    assert logic(GOOD.replace(old, new)) != logic(GOOD)


def rules_in(folder: Path, **texts: str) -> tuple[Rule, ...]:
    for old in folder.glob("*.yaml"):
        old.unlink()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text.replace("test.rule", f"test.{name}"), encoding="utf-8")
    return load([folder]).rules


def lock(folder: Path) -> dict[str, Locked]:
    path = folder / LOCK_NAME
    before = read_lock(path, LOCK_NAME)[0] if path.exists() else {}
    path.write_text(lock_text(renewed(load([folder]).rules, before)), encoding="utf-8")
    return read_lock(path, LOCK_NAME)[0]


def said(folder: Path) -> list[str]:
    return [f"{problem.code} {problem.message}" for problem in lint([folder])]


def test_a_change_is_told_until_the_lock_is_renewed_and_raises_the_version(tmp_path: Path) -> None:
    rules_in(tmp_path, one=GOOD, two=GOOD)
    assert [(entry.rule_id, entry.version) for entry in lock(tmp_path).values()] == [("test.one", 1), ("test.two", 1)]
    assert said(tmp_path) == []
    rules_in(tmp_path, one=GOOD, two=GOOD.replace("> 200", "> 300"))
    assert said(tmp_path) == ["R704 the logic of test.two is no longer that of version 1"]
    assert [entry.version for entry in lock(tmp_path).values()] == [1, 2]
    assert said(tmp_path) == []


def test_a_new_rule_is_to_be_locked_and_a_draft_is_not(tmp_path: Path) -> None:
    rules_in(tmp_path, one=GOOD)
    lock(tmp_path)
    rules_in(tmp_path, one=GOOD, two=GOOD, three=GOOD.replace("status: trial", "status: draft"))
    assert said(tmp_path) == ["R705 rule test.two is trial and not locked"]
    assert list(lock(tmp_path)) == ["test.one", "test.two"]


def test_a_rule_may_be_retired_and_not_removed(tmp_path: Path) -> None:
    rules_in(tmp_path, one=GOOD, two=GOOD)
    lock(tmp_path)
    rules_in(tmp_path, one=GOOD)
    assert said(tmp_path) == ["R703 rule test.two has vanished"]
    with pytest.raises(RuleError, match=r"R703 rule test\.two has vanished"):
        lock(tmp_path)
    retired = GOOD.replace("status: trial", "status: retired\nreason: {zh: 并入他条, en: merged into another}")
    rules_in(tmp_path, one=GOOD, two=retired)
    assert lock(tmp_path)["test.two"].version == 2
    assert said(tmp_path) == []


def test_no_kind_changes_under_an_id(tmp_path: Path) -> None:
    rules_in(tmp_path, one=GOOD)
    lock(tmp_path)
    rules_in(tmp_path, one=rule_text("kind: require\nfields: [fine_amount]", table="cases"))
    assert said(tmp_path) == ["R702 rule test.one was a check check and is a require check"]
    with pytest.raises(RuleError, match="R702"):
        lock(tmp_path)


def test_a_single_file_and_a_folder_within_are_held_to_the_lock_above(tmp_path: Path) -> None:
    inner = tmp_path / "chapter"
    inner.mkdir()
    rules_in(inner, one=GOOD, two=GOOD)
    lock(tmp_path)
    (inner / "one.yaml").write_text(GOOD.replace("test.rule", "test.one").replace("200", "300"), encoding="utf-8")
    (inner / "two.yaml").unlink()
    changed = "R704 the logic of test.one is no longer that of version 1"
    assert said(inner) == said(inner / "one.yaml") == [changed]
    assert sorted(said(tmp_path)) == ["R703 rule test.two has vanished", changed]


def test_the_shipped_rules_are_locked() -> None:
    home = shipped("rules")
    locked, problems = read_lock(home / LOCK_NAME, LOCK_NAME)
    assert not problems
    again = lock_text(renewed(load().rules, locked))
    assert again == (home / LOCK_NAME).read_text(encoding="utf-8"), "if the change is meant: auditor rules lock"
