"""Where things are: one site a device or place, at the median, and none without coordinates that can be."""

from collections.abc import Mapping

import pytest

from auditor.core.document import Entries, parse
from auditor.core.picture import Site, Sites
from auditor.engines import sites as module
from auditor.engines.duckdb import of_tables
from auditor.engines.sites import sites
from auditor.rulebook.examples import read_examples
from auditor.rulebook.header import Header
from tests.engines.test_judge import NO_DAYS

CAMERAS = """
    camera_id | place_name | lon   | lat
    C1        | north      | 123.1 | 38.1
    C2        | south      | 123.2 | 38.0
    C2        | south      | 123.2 | 38.0
    C3        | blank      |       | 38.0
    C4        | nowhere    | 0     | 0
    C5        | swapped    | 38.0  | 123.0
    C6        | equator    | 9.4   | 0
"""
CASES = """
    case_id | place_id | lon   | lat
    A       | L1       | 123.0 | 38.0
    B       | L1       | 123.2 | 38.4
    C       | L1       | 124.0 | 38.1
    D       |          | 123.0 | 38.0
    E       | L2       |       |
"""


def of(given: Mapping[str, str]) -> tuple[Sites, ...]:
    block = "".join(
        f"      {name}: |\n" + "".join(f"        {line.strip()}\n" for line in rows.strip().splitlines())
        for name, rows in given.items()
    )
    document, _ = parse(f"tests:\n  - name: x\n    as_of: 2024-05-31\n    given:\n{block}    expect: {{}}\n", "x")
    assert isinstance(document, Entries)
    [example] = read_examples(Header(document, "x"))
    columns = {name: frozenset(names) for name, names in example.columns.items()}
    with of_tables({name: (example.columns[name], rows) for name, rows in example.given.items()}, NO_DAYS) as session:
        return sites(session, columns)


def test_a_device_is_one_site_and_one_without_possible_coordinates_is_counted() -> None:
    [found] = of({"cameras": CAMERAS})
    assert found.table_name == "cameras"
    assert found.sites == (
        Site(site_id="C1", name="north", lon=123.1, lat=38.1),
        Site(site_id="C2", name="south", lon=123.2, lat=38.0),
        Site(site_id="C6", name="equator", lon=9.4, lat=0.0),
    )
    assert (found.unplaced, found.left_out) == (3, 0)


def test_the_rows_of_a_place_are_one_site_at_their_median() -> None:
    [found] = of({"cases": CASES})
    assert found.sites == (Site(site_id="L1", name=None, lon=123.2, lat=38.1),)
    assert found.unplaced == 1


def test_a_table_without_coordinates_has_no_sites() -> None:
    assert of({"cases": "case_id | place_id\nA | L1"}) == ()


def test_of_too_many_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    [found] = of({"cameras": CAMERAS})
    assert ([one.site_id for one in found.sites], found.left_out) == (["C1", "C2"], 1)
