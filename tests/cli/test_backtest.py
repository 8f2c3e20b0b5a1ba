"""`auditor backtest`: what is printed of past months, of a curve and of another version, and its exit statuses."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.test_backtest import CASES, HEADER, MEASURES, PARTY, PLATE, RULE


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path) -> None:
    """Data of four months with 0, 1, 2 and 1 findings, naming a vehicle and a party; the rule and a former one."""
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[*row, PLATE, PARTY] for row in CASES]
        csv.writer(file).writerows([[*HEADER, "plate_no", "party_name"], *rows])
    rule = RULE.replace("message: {zh: 试验, en: test}", "message: {zh: '{plate_no} 超限', en: '{plate_no} above'}")
    (tmp_path / "rule.yaml").write_text(rule, encoding="utf-8")
    (tmp_path / "former.yaml").write_text(rule.replace("default: 200", "default: 300"), encoding="utf-8")
    (tmp_path / "measures.yaml").write_text(MEASURES, encoding="utf-8")


ASKED = ("backtest", "test.rule", "data", "--months", "4", "--rules", "rule.yaml")


def lines(out: str) -> list[str]:
    """What was printed, with the columns moved together."""
    return [" ".join(line.split()) for line in out.splitlines()]


def test_a_line_a_month_with_the_share_beside_its_counts(command: Command) -> None:
    ended = command(*ASKED, "--lang", "en")
    assert (ended.status, ended.err) == (0, "")
    found = lines(ended.out)
    for expected in (
        "2024-01 1 0 (0 %) 0 0",
        "2024-02 2 1 (50.0 %) 0 1",
        "2024-03 2 2 (100 %) 1 2",
        "2024-04 2 1 (50.0 %) 0 1",
        "in all 7 4 (57.1 %) 1 4",
        "U1 5 2 (40.0 %) 1 2",
        "U2 2 2 (100 %) 0 2",
        "U1 0 1 1 0",
        "U2 — — 1 1",
    ):
        assert expected in found, expected


def test_it_speaks_chinese_unless_told_otherwise(command: Command) -> None:
    out = command(*ASKED).out
    assert "最近 4 个完整月份" in out
    assert "合计 7 4 (57.1 %) 1 4" in lines(out)


def test_the_curve_is_drawn_to_scale_with_what_was_tested(command: Command) -> None:
    found = lines(command(*ASKED, "--lang", "en", "--vary", "cap=200, 250,500").out)
    for expected in (
        f"200 (as set) {'█' * 40} 4 7 4 (57.1 %)",
        f"250 {'█' * 20} 2 7 2 (28.6 %)",
        "500 0 7 0 (0 %)",
        "200 (as set) 0 1 2 1",
        "250 0 0 2 0",
        "500 0 0 0 0",
    ):
        assert expected in found, expected


def test_a_narrow_terminal_cuts_no_number_off(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("auditor.cli.console._WIDE", 60)
    with (tmp_path / "data" / "cases.csv").open("a", encoding="utf-8", newline="") as file:
        old = ["OLD", "transport", "U1", "1039", "2023-09-03", "on_site", "summary", "1000000"]
        csv.writer(file).writerow([*old, PLATE, PARTY])
    eight = (*ASKED[:4], "8", *ASKED[5:])
    out = command(*eight, "--lang", "en", "--vary", "cap=200,250").out
    assert "…" not in out
    months = [f"2023-{month:02}" for month in range(9, 13)] + [f"2024-{month:02}" for month in range(1, 5)]
    heads = [line for line in lines(out) if line.startswith(("unit 20", "cap 20"))]
    assert " ".join(heads).split() == [
        *("unit", *months[:6], "unit", *months[6:]),
        *("cap", *months[:5], "cap", *months[5:]),
    ]


def test_what_came_and_what_went_is_counted_and_listed_masked(command: Command) -> None:
    out = command(*ASKED, "--lang", "en", "--against", "former.yaml").out
    found = lines(out)
    for expected in ("2024-02 1 0 0", "2024-03 1 0 1", "2024-04 1 0 0", "in all 3 0 1", "U1 1 0 1", "U2 2 0 0"):
        assert expected in found, expected
    listed = [line.split()[1:] for line in out.splitlines() if line.endswith(" above")]
    assert listed == [
        *(["2024-02", "U1", "辽D****5", "above"], ["2024-03", "U2", "辽D****5", "above"]),
        ["2024-04", "U2", "辽D****5", "above"],
    ]


def test_the_command_line_says_nothing_of_private_persons(command: Command) -> None:
    for form in ("text", "json"):
        ended = command(*ASKED, "--against", "former.yaml", "--vary", "cap=100,200", "--format", form)
        assert ended.status == 0
        assert [value for value in (PLATE, PARTY) if value in ended.out] == []


def test_json_alone_is_on_stdout_when_asked_for(command: Command, tmp_path: Path) -> None:
    ended = command(*ASKED, "--format", "json", "--out", "out")
    document = json.loads(ended.out)
    assert [month["flagged"] for month in document["tried"]["months"]] == [0, 1, 2, 1]
    assert ended.out == (tmp_path / "out" / "backtest.json").read_text(encoding="utf-8")


def test_the_page_is_written_where_told(command: Command, tmp_path: Path) -> None:
    ended = command(*ASKED, "--lang", "en", "--vary", "cap=100,200", "--out", "out")
    assert ended.out.splitlines()[-1] == "Page: out/index.html"
    assert 'lang="en"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--vary", "cap=100,1001"), "--vary cap=1001"),
        (("--vary", "cap"), "needs values that differ"),
        (("--vary", "cpa=1"), "did you mean 'cap'?"),
        (("--set", "test.rule.cap=49"), "outside its bounds"),
        (("--against", "nowhere.yaml"), "nowhere.yaml"),
        (("--months", "0"), "--months"),
        (("--profile", "nowhere"), "there is no profile"),
        (("--config", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_asked_is_2_and_leaves_nothing(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = command(*ASKED, "--out", "out", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert not (tmp_path / "out").exists()


def test_a_rule_that_is_not_there_gets_the_nearest(command: Command) -> None:
    ended = command("backtest", "test.rul", "data", "--rules", "rule.yaml")
    assert ended.status == 2
    assert "did you mean 'test.rule'?" in ended.err


def test_a_folder_with_something_else_in_it_is_2(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("{}", encoding="utf-8")
    ended = command(*ASKED, "--out", "out")
    assert ended.status == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]


def test_a_rule_that_lacks_a_table_says_what_and_is_0(command: Command) -> None:
    measures = ("backtest", "test.rule", "data", "--rules", "measures.yaml", "--lang", "en")
    ended = command(*measures, "--against", "measures.yaml", "--out", "out")
    assert ended.status == 0
    assert "not applicable: table measures is missing" in ended.out.splitlines()
    assert "not compared: table measures is missing" in ended.out.splitlines()
    assert "By month" not in ended.out
    assert "table measures is missing" in Path("out/index.html").read_text(encoding="utf-8")


def test_a_rule_that_breaks_in_a_month_is_3_and_the_others_are_told(command: Command, tmp_path: Path) -> None:
    with (tmp_path / "data" / "cases.csv").open("a", encoding="utf-8", newline="") as file:
        huge = ["HUGE", "transport", "U1", "1039", "2024-03-03", "on_site", "summary", "999999999999"]
        csv.writer(file).writerow([*huge, PLATE, PARTY])
    power = RULE.replace("fine_amount > $cap", "fine_amount * fine_amount * fine_amount * fine_amount > $cap")
    (tmp_path / "power.yaml").write_text(power, encoding="utf-8")
    asked = ("backtest", "test.rule", "data", "--months", "4", "--rules", "power.yaml", "--lang", "en")
    ended = command(*asked, "--vary", "cap=100,200", "--out", "out")
    assert ended.status == 3
    found = lines(ended.out)
    assert "2024-02 2 2 (100 %) 0 2" in found
    assert [line for line in found if line.startswith("2024-03 — — — — the rule failed: ")]
    assert "200 (as set) ✕ — — —" in found
    assert "200 (as set) 1 2 — 2" in found
    assert "✕" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_data_that_is_not_there_is_3(command: Command) -> None:
    ended = command("backtest", "test.rule", "nowhere", "--rules", "rule.yaml")
    assert (ended.status, ended.out) == (3, "")
    assert "nowhere" in ended.err
