"""Who may import whom: a package knows only what lies below it, and each third-party library has its homes."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "auditor"

_ON_THE_PAGE = (
    *(
        "api",
        "audit",
        "backtest",
        "baseline",
        "circulation",
        "config",
        "fitness",
        "opening",
        "output",
        "pdf",
        "reissue",
        "synth",
    ),
)
LAYERS = {
    "__main__": 7,
    "cli": 6,
    **dict.fromkeys(_ON_THE_PAGE, 5),
    "engines": 4,
    **dict.fromkeys(("rulebook", "report", "export", "ledger"), 3),
    **dict.fromkeys(("kinds", "intake"), 2),
    "stats": 1,
    "core": 0,
}
PIPELINE = set(_ON_THE_PAGE) - {"synth"}
"""Single modules of one layer that make up the page on which the audit is told: they may know each other."""

ONLY_CORE = {"report", "export", "ledger"}
"""What is made of a saved run needs no rule, engine or case data."""

HOMES = {
    "babel": {"report"},
    "chardet": {"intake"},
    "chinese_calendar": {"intake", "synth"},
    "duckdb": {"engines", "intake"},
    "fastexcel": {"intake"},
    "ibis": {"intake"},
    "jinja2": {"report"},
    "markupsafe": {"report"},
    "numpy": {"engines", "intake", "stats"},  # keys of rows come out of DuckDB as one array of numbers
    "pandas": {"api", "intake"},
    "pandera": {"intake"},
    "psycopg": {"intake"},
    "pyarrow": {"intake", "engines", "ledger"},  # tables pass between DuckDB and files as Arrow
    "pymysql": {"intake"},
    "python_calamine": {"intake"},
    "rich": {"cli"},
    "scipy": {"stats"},
    "sqlglot": {"kinds", "engines", "intake"},
    "typer": {"cli"},
    "xlsxwriter": {"synth", "export"},
    "yaml": {"core"},
}

MODULES = sorted(ROOT.rglob("*.py"))


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module imported anywhere in the file, in functions too, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=0) if module == "auditor":
                yield from ((node.lineno, f"auditor.{alias.name}") for alias in names)
            case ast.ImportFrom(module=module, level=0) if module:
                yield node.lineno, module
            case ast.ImportFrom():
                yield node.lineno, "a relative import"
            case _:
                pass


def objection(importer: str, imported: str) -> str | None:
    """Why a package may not import a module, or None where it may."""
    first, *rest = imported.split(".")
    if first != "auditor":
        if first in sys.stdlib_module_names:
            return None
        homes = HOMES.get(first)
        if homes is None:
            return f"{imported} has no home"
        return None if importer in homes else f"{first} lives in {', '.join(sorted(homes))}"
    known = rest[0] if rest else "__init__"
    if known == importer or {known, importer} <= PIPELINE:
        return None
    if known not in LAYERS:
        return f"{imported} stands on no layer"
    if importer in ONLY_CORE and known != "core":
        return f"{importer} knows only core"
    if LAYERS[known] >= LAYERS[importer]:
        return f"{known} does not lie below {importer}"
    return None


def test_every_package_has_its_layer() -> None:
    packages = {package_of(path) for path in MODULES} - {"__init__"}
    assert packages == set(LAYERS)


def test_packages_import_only_what_lies_below_and_libraries_stay_at_home() -> None:
    broken = [
        f"{path.relative_to(ROOT.parent)}:{line}: {reason}"
        for path in MODULES
        if package_of(path) != "__init__"
        for line, module in imports(path)
        if (reason := objection(package_of(path), module))
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("core", "auditor.stats"),
        ("report", "auditor.ledger.papers"),
        ("kinds", "auditor.intake"),
        ("engines", "auditor.synth"),
        ("synth", "auditor.audit"),
        ("report", "duckdb"),
        ("engines", "requests"),
    ],
)
def test_the_table_objects_to_what_it_should(importer: str, imported: str) -> None:
    assert objection(importer, imported) is not None
