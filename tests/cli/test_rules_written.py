"""`auditor rules` where it writes: the numbered problems, the lock, a new rule, the catalogue, the schema."""

import json
import shutil
from pathlib import Path

import pytest

from auditor.core.places import shipped
from auditor.kinds.base import kinds
from auditor.rulebook.pages import pages
from auditor.rulebook.plan import COVERAGE, PLAN
from tests.cli.conftest import Command

BROKEN = Path(__file__).parents[1] / "problems"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Two shipped rules in a folder of their own."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("profit.fine-above-range", "officer.one-alone"):
        shutil.copy(next(shipped("rules").rglob(f"{name}.yaml")), folder)
    return folder


def test_lint_shows_the_number_of_each_problem(command: Command) -> None:
    ended = command("rules", "lint", str(BROKEN / "columns.yaml"))
    assert "columns.yaml:12:34: R203 table cases has no column 'fine_amout'" in ended.out.splitlines()
    listed = json.loads(command("rules", "lint", str(BROKEN / "columns.yaml"), "--format", "json").out)
    assert [problem["code"] for problem in listed] == ["R203", "R204", "R203"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_is_explained_in_both_languages(command: Command, lang: str) -> None:
    for code, page in pages().items():
        ended = command("rules", "lint", "--explain", code, "--lang", lang)
        lines = ended.out.splitlines()
        assert (ended.status, lines[0]) == (0, f"{code} {page.title.zh if lang == 'zh' else page.title.en}")
        assert f"  {page.example.strip()}" in lines


def test_a_number_that_is_not_there_is_2(command: Command) -> None:
    ended = command("rules", "lint", "--explain", "R2O3")
    assert (ended.status, ended.out) == (2, "")
    assert "there is no problem 'R2O3'" in ended.err


def test_lock_says_what_is_new_and_what_changed(command: Command, rules: Path) -> None:
    first = command("rules", "lock", "own").out.splitlines()
    assert first == [
        "new      officer.one-alone",
        "new      profit.fine-above-range",
        "2 rules locked in own/rules.lock",
    ]
    assert command("rules", "lock", "own").out.splitlines() == ["2 rules locked in own/rules.lock"]
    changed = rules / "officer.one-alone.yaml"
    text = changed.read_text(encoding="utf-8")
    assert "\nlevel: " in text
    changed.write_text(text.replace("\nlevel: ", "\nlevel: low #"), encoding="utf-8")
    assert "R704" in command("rules", "lint", "own").out
    assert command("rules", "lock", "own").out.splitlines()[0] == "changed  officer.one-alone: version 1 → 2"
    assert command("rules", "lint", "own").out == "no problems\n"
    changed.unlink()
    ended = command("rules", "lock", "own")
    assert ended.status == 2
    assert "R703 rule officer.one-alone has vanished" in ended.err


def test_lock_needs_a_folder(command: Command, rules: Path) -> None:
    ended = command("rules", "lock", str(rules / "officer.one-alone.yaml"))
    assert ended.status == 2
    assert "is not a folder of rules" in ended.err


def test_new_writes_a_draft_once(command: Command) -> None:
    ended = command("rules", "new", "deadline", "--id", "impound.overdue", "--out", "rules/impound.overdue.yaml")
    assert (ended.status, ended.out) == (0, "")
    assert command("rules", "lint", "rules/impound.overdue.yaml").out == "no problems\n"
    assert command("rules", "test", "rules").out.splitlines()[-1] == "1 tests, 0 failed"
    again = command("rules", "new", "check", "--id", "impound.overdue", "--out", "rules/impound.overdue.yaml")
    assert again.status == 2
    assert "a draft never replaces a file" in again.err
    printed = command("rules", "new", "deadline", "--id", "impound.overdue").out
    assert printed == Path("rules/impound.overdue.yaml").read_text(encoding="utf-8")


def test_schema_is_printed_or_written(command: Command) -> None:
    printed = command("rules", "schema").out
    assert json.loads(printed)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert command("rules", "schema", "--out", "rule.schema.json").out == ""
    assert Path("rule.schema.json").read_text(encoding="utf-8") == printed


def test_docs_has_a_page_a_rule_and_a_kind(command: Command) -> None:
    assert command("rules", "docs", "--rules", str(shipped("rules")), "--out", "pages").status == 0
    written = {path.relative_to("pages").as_posix() for path in Path("pages").rglob("*.md")}
    ids = {path.stem for path in shipped("rules").rglob("*.yaml") if path.name not in (PLAN, COVERAGE)}
    assert written == {
        "README.md",
        "problems.md",
        *(f"rules/{rule_id}.md" for rule_id in ids),
        *(f"kinds/{kind}.md" for kind in kinds()),
    }
    assert Path("pages/README.md").read_text(encoding="utf-8").count("\n| ") >= 93


def test_docs_has_to_be_told_where_to(command: Command) -> None:
    ended = command("rules", "docs")
    assert ended.status == 2
    assert "--out DIR" in ended.err


def test_the_index_beside_the_rules_is_that_of_the_rules(command: Command) -> None:
    command("rules", "docs", "--index", "index.md")
    kept = (shipped("rules") / "README.md").read_text(encoding="utf-8")
    assert Path("index.md").read_text(encoding="utf-8") == kept, "renew it: auditor rules docs --index rules/README.md"
