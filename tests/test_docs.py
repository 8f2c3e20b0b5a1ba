"""The documents keep up with the code, and nothing in the repository names the place it was made in."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from auditor.cli import app

ROOT = Path(__file__).parents[1]


def kept_files() -> list[Path]:
    """Files that are, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert listed.returncode == 0, listed.stderr.decode()
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0] for line in project["dependencies"]}


def test_every_module_opens_with_a_sentence() -> None:
    modules = [path for path in (ROOT / "auditor").rglob("*.py") if path.read_text(encoding="utf-8").strip()]
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted(modules)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, silent


def test_no_module_is_two_concepts_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "auditor").rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert not long, long


@pytest.mark.parametrize(
    ("readme", "heading"), [("README.md", "## Dependencies"), ("README.zh-CN.md", "## 依赖")], ids=["en", "zh"]
)
def test_each_readme_says_why_each_dependency_is_there(readme: str, heading: str) -> None:
    section = (ROOT / readme).read_text(encoding="utf-8").split(heading, 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^- \*\*([\w.-]+)\*\*", section, flags=re.MULTILINE)) == dependencies()


def commands() -> list[str]:
    """Every command as it is typed, from the command line itself."""
    found: list[str] = []
    for name, command in get_command(app).commands.items():  # pyright: ignore
        inner = getattr(command, "commands", None)
        found += [name] if inner is None else [f"{name} {each}" for each in inner]
    return found


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_each_readme_names_every_command_and_exit_status(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for command in commands():
        assert f"auditor {command}" in text, command
    for status in range(4):
        assert f"| {status} |" in text, status
    assert "make test" in text
    assert re.search(r"docs/report[\w.-]*png", text)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "GLOSSARY.md"])
def test_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if not t.startswith(("http", "#"))]
    assert not [target for target in targets if not (ROOT / target).exists()]


def test_no_file_names_a_registry_or_the_place_it_was_made_in() -> None:
    forbidden = re.compile(
        rb"(?i)index-url\s*[=\s]\s*http|pypi\.org/simple|files\.pythonhosted|registry\.npmjs|/" + rb"work/"
    )
    told = []
    for path in kept_files():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if path != Path(__file__) and forbidden.search(line):
                told.append(f"{path.relative_to(ROOT)}:{number}")
    assert not told, told
