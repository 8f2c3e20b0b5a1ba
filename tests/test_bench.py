"""What the benches conclude from what they measure (`bench/`): the shape of a growth, and whether tools agree."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from auditor.rulebook import load
from bench.curves import Curve, chart, exponent
from bench.growth import SERIES, Point, place, rule_files
from bench.rivals import PINNED, RIVALS, Measured, agreement, counts, of_rival, table

SIZES = (1, 2, 4, 8, 16)


@pytest.mark.parametrize(
    ("costs", "shape"),
    [
        (list(SIZES), 1.0),
        ([50 + 3 * size for size in SIZES], 1.0),
        ([size**2 for size in SIZES], 2.0),
        ([50 + size**2 for size in SIZES], 2.0),
        ([7 + size**0.5 for size in SIZES], 0.5),
    ],
)
def test_a_growth_has_the_exponent_of_its_law_whatever_is_the_same_at_all_sizes(
    costs: list[float], shape: float
) -> None:
    assert exponent(SIZES, costs) == shape


def test_what_hardly_grows_has_no_shape() -> None:
    assert exponent(SIZES, [100, 101, 99, 104, 109]) is None
    assert exponent(SIZES, [100, 101, 99, 104, 112]) is not None  # a tenth above the first of the last four, and more


def test_three_points_are_too_few_for_a_shape() -> None:
    with pytest.raises(ValueError, match="4 sizes"):
        exponent([1, 2, 3], [1, 2, 3])


def test_a_chart_is_well_formed_and_shows_every_point() -> None:
    seconds = Curve(name="a < b", unit="s", sizes=SIZES, costs=[1, 2, 3, 4, 5])
    memory = Curve(name="peak", unit="MB", sizes=SIZES, costs=[10, 10, 10, 20, 30])
    drawn = ElementTree.fromstring(chart({"by size & shape": [seconds, memory]}))
    circles = [node for node in drawn.iter() if node.tag.endswith("circle")]
    assert len(circles) == 2 * (len(SIZES) + 1)  # and one beside each name
    assert "by size & shape: processor, s" in [node.text for node in drawn.iter()]


@pytest.mark.parametrize("copies", [1, 3])
def test_copied_rules_are_rules_of_their_own(copies: int, tmp_path: Path) -> None:
    for name, text in rule_files(Point(rows=1, copies=copies, flagged=7, hours=24)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    rules = load((tmp_path,)).rules
    assert len({rule.rule_id for rule in rules}) == 12 * copies + 2


def test_places_sort_as_their_numbers() -> None:
    assert place(9) < place(10) < place(99_999) < place(100_000)


def test_each_series_varies_one_thing() -> None:
    varied = {"rows": {"rows"}, "rules": {"copies"}, "findings": {"flagged"}, "findings of chains": {"hours"}}
    for name, (_, points) in SERIES.items():
        different = {
            field
            for field in ("rows", "copies", "flagged", "hours")
            if len({getattr(one, field) for one in points}) > 1
        }
        assert different == varied[name]


RIGHT = {"r02": [3, "aaa"], "r03": [2, "bbb"], "r04": [500, "ccc"]}


@pytest.mark.parametrize(
    ("found", "counted", "said"),
    [
        (RIGHT, None, "3 equal"),
        ({**RIGHT, "r04": [200, "ddd"]}, {"r04": 500}, "2 equal, 1 by count"),
        ({}, {"r02": 3, "r03": 2, "r04": 500}, "3 by count"),
        ({**RIGHT, "r02": [3, "other"]}, None, "2 equal, r02 3 of 3"),
        ({**RIGHT, "r03": [1, "x"]}, {"r03": 1}, "2 equal, r03 1 of 2"),
        ({"r03": [2, "bbb"], "r04": [500, "ccc"]}, None, "2 equal, r02 none of 3"),
        (None, None, "r02 none of 3, r03 none of 2, r04 none of 500"),
    ],
)
def test_agreement_is_by_keys_or_by_count_and_names_what_differs(
    found: dict[str, list[object]] | None, counted: dict[str, int] | None, said: str
) -> None:
    assert agreement(found, counted, RIGHT) == said


def test_counts_are_read_from_whatever_form_a_script_prints() -> None:
    assert counts({"counts": {"r02": 3, "r03": ["FAILED", 2]}}) == {"r02": 3, "r03": 2}
    assert counts({"seen": {"r04": [500, 200]}}) == {"r04": 500}
    assert counts({"found": {}}) == {}


def test_every_rival_has_its_pinned_packages_and_no_list_is_left_over() -> None:
    lists = sorted(PINNED.glob("*.txt"))
    assert {path.stem for path in lists} == {rival.environment for rival in RIVALS.values()}
    for path in lists:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines and all("==" in line and "://" not in line for line in lines)


def test_a_tool_that_is_not_installed_is_named_in_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(iter(RIVALS))
    absent = of_rival(RIVALS[name], tmp_path, tmp_path, 1)
    (tmp_path / f"{RIVALS[name].environment}.failed").write_text("first\nno such package\n", encoding="utf-8")
    failed = of_rival(RIVALS[name], tmp_path, tmp_path, 1)
    hand = Measured(clock=1, processor=2, inside=1, peak=9, found=RIGHT)
    table({"hand": [hand, hand], name: [hand, failed]})
    assert absent.failure == "not installed: --setup makes it"
    assert f"| {name} | 12 | **did not run**: not installed: no such package |" in capsys.readouterr().out
