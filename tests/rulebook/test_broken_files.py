"""Rule files as users break them, and the exact words they get: tests/problems, one .txt beside each.

`absent.txt` has nothing beside it: the file that it tells of is not there. A `.set` file holds overrides, a line each.
The rules of a folder that holds `data` are held against these data; `figures.csv` in a folder is a county's own table.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import RuleError
from auditor.core.problem import Problem
from auditor.fitness import Extract, fitness
from auditor.rulebook import lint, load
from auditor.rulebook.pages import pages

FOLDER = Path(__file__).parents[1] / "problems"
AUDITOR = Path(__file__).parents[2] / "auditor"
NAMES = sorted({path.stem for path in FOLDER.iterdir()})
RENEW = "AUDITOR_RENEW=1 python -m pytest tests/rulebook/test_broken_files.py"
CODE = re.compile(r"R\d{3}")

RAISING = [
    AUDITOR / "core" / "document.py",
    *sorted((AUDITOR / "kinds").glob("*.py")),
    *sorted((AUDITOR / "rulebook").glob("*.py")),
    AUDITOR / "fitness.py",
]
"""Where a rule file is read: every complaint made there has a number."""


def problems_of(name: str, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    monkeypatch.chdir(FOLDER)
    path = Path(name) if Path(name).is_dir() else Path(f"{name}.yaml")
    overrides = Path(f"{name}.set")
    if (path / "data").is_dir():
        found = fitness(Extract(data=path / "data", rules=(path,)))
        return [*found.unfit, *found.not_run]
    figures = [table for table in (path / "figures.csv",) if table.exists()]
    if not overrides.exists() and not figures:
        return lint([path])
    given = overrides.read_text(encoding="utf-8").splitlines() if overrides.exists() else []
    with pytest.raises(RuleError) as refused:
        load([path], overrides=dict(line.split("=", 1) for line in given), figures=figures)
    return list(refused.value.problems)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_gets_exactly_these_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "\n".join(problem.render() for problem in problems_of(name, monkeypatch)) + "\n"
    golden = FOLDER / f"{name}.txt"
    if os.environ.get("AUDITOR_RENEW"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8"), f"if the new words are better, renew them: {RENEW}"


@pytest.fixture(scope="module")
def raised_by() -> dict[str, set[str]]:
    """The names of the broken files by the number that they get."""
    found: dict[str, set[str]] = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in NAMES:
            for problem in problems_of(name, monkeypatch):
                assert problem.code is not None, f"{name}: {problem.render()}"
                found.setdefault(problem.code, set()).add(name)
    return found


def test_every_documented_number_is_shown_by_a_broken_file(raised_by: dict[str, set[str]]) -> None:
    assert set(pages()) - set(raised_by) == set(), "no file of tests/problems gets these"


def test_every_number_raised_anywhere_is_documented(raised_by: dict[str, set[str]]) -> None:
    written = {
        node.value
        for path in RAISING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    assert (written | set(raised_by)) - set(pages()) == set(), "write their pages in auditor/rulebook/problems.yaml"
    assert set(pages()) - written == set(), "nothing in auditor raises these"


def unnumbered(path: Path) -> Iterator[str]:
    """Complaints made without saying under which number; `wrong` has one of its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Problem":
            continue
        if not any(keyword.arg == "code" for keyword in node.keywords):
            yield f"{path.name}:{node.lineno}"


def test_no_complaint_about_a_rule_is_without_a_number() -> None:
    assert [place for path in RAISING for place in unnumbered(path)] == []


def test_the_example_of_each_page_stands_in_a_file_that_gets_the_number(raised_by: dict[str, set[str]]) -> None:
    astray = []
    for code, page in pages().items():
        texts = []
        for name in raised_by[code]:
            files = [FOLDER / f"{name}.yaml", FOLDER / f"{name}.set", FOLDER / f"{name}.txt"]
            files += sorted((FOLDER / name).rglob("*"))
            texts += [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]
            texts += [f"{name}.yaml", *(f"{path.relative_to(FOLDER)}/" for path in files if path.is_dir()), f"{name}/"]
        if not any(page.example.strip() in text for text in texts):
            astray.append(f"{code}: {page.example}")
    assert astray == []


def test_pages_are_in_the_order_of_their_numbers() -> None:
    assert list(pages()) == sorted(pages())
    assert all(CODE.fullmatch(code) for code in pages())
