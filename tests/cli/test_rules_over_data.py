"""`auditor rules lint --data`: rules held against the extract that they are to run over."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.kinds.spec import rule_text

HEADER = "case_id,domain,unit_id,violation_code,occurred_at,capture,procedure,fine_amount\n"
WINDOW = "params:\n  window: {default: 3 months, min: 1 month, max: 12 months, doc: {zh: 回看, en: window}}\n"
SHARE = "kind: share\nof: fine_amount > 200\nby: unit_id\nlimit: 0.5\nwindow: $window"
PAYMENTS = rule_text("kind: check\nfail_when: amount < 0", table="payments").replace("test.rule", "test.payments")
LINT = ("rules", "lint", "rules", "--data", "data")


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """May, with what lies three months before its end: 1 March, the very day that the rule needs."""
    monkeypatch.chdir(tmp_path)
    for folder in ("data", "rules"):
        Path(folder).mkdir()
    Path("rules/rule.yaml").write_text(rule_text(SHARE, table="cases", extra=WINDOW), encoding="utf-8")
    begin("2024-03-01")


def begin(day: str) -> None:
    rows = "".join(
        f"{number},transport,U1,1039,{at},on_site,summary,200\n"
        for number, at in enumerate((f"{day} 00:00", "2024-05-31 23:59"))
    )
    Path("data/cases.csv").write_text(HEADER + rows, encoding="utf-8")


def test_data_from_the_day_needed_on_are_long_enough(command: Command) -> None:
    ended = command(*LINT)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "no problems",
        "over the data, for 2024-05: 1 of 1 rules fit, 0 unfit, 0 not run",
    ]


def test_data_from_the_day_after_on_are_refused_with_the_place_and_what_to_do(command: Command) -> None:
    begin("2024-03-02")
    ended = command(*LINT)
    assert ended.status == 2
    assert ended.out.splitlines() == [
        "rules/rule.yaml:17:1: R801 looks back to 2024-03-01, but cases begin on 2024-03-02: "
        "the window is cut at its beginning",
        "   17 | check:",
        "        ^",
        "      = load cases from 2024-03-01 on, or shorten its window with --set test.rule.window=…",
        "1 problem",
        "over the data, for 2024-05: 0 of 1 rules fit, 1 unfit, 0 not run",
    ]


def test_a_shorter_window_fits_whoever_sets_it(command: Command) -> None:
    begin("2024-03-02")
    assert command(*LINT, "--set", "test.rule.window=2 months").status == 0
    Path("data/auditor.yaml").write_text("parameters:\n  test.rule: {window: 2 months}\n", encoding="utf-8")
    assert command(*LINT).status == 0
    assert command(*LINT, "--set", "test.rule.window=3 months").status == 2


def test_the_period_decides_how_far_back(command: Command) -> None:
    assert command(*LINT, "--period", "2024-06").status == 0
    ended = command(*LINT, "--period", "2024-04")
    assert ended.status == 2
    assert "looks back to 2024-02-01, but cases begin on 2024-03-01" in ended.out


def test_a_table_that_is_not_there_is_told_and_fails_nothing(command: Command) -> None:
    Path("rules/payments.yaml").write_text(PAYMENTS, encoding="utf-8")
    ended = command(*LINT)
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "rules/payments.yaml:15: R802 not run: table payments is missing",
        "no problems",
        "over the data, for 2024-05: 1 of 2 rules fit, 0 unfit, 1 not run",
    ]
    listed = json.loads(command(*LINT, "--format", "json").out)
    assert [(problem["code"], problem["line"]) for problem in listed] == [("R802", 15)]


def test_a_rule_that_does_not_run_is_not_held_against_anything(command: Command) -> None:
    begin("2024-03-02")
    draft = Path("rules/rule.yaml").read_text(encoding="utf-8").replace("status: trial", "status: draft")
    Path("rules/rule.yaml").write_text(draft, encoding="utf-8")
    ended = command(*LINT)
    assert (ended.status, ended.out.splitlines()[-1]) == (
        0,
        "over the data, for 2024-05: 0 of 0 rules fit, 0 unfit, 0 not run",
    )


def test_what_the_county_set_of_other_rules_stands_in_nobodys_way(command: Command) -> None:
    Path("data/auditor.yaml").write_text("parameters:\n  another.rule: {limit: 30 days}\n", encoding="utf-8")
    assert command(*LINT).status == 0


def test_without_paths_the_countys_rules_are_meant(command: Command) -> None:
    Path("data/auditor.yaml").write_text("rules: [../rules]\n", encoding="utf-8")
    assert command("rules", "lint", "--data", "data").out.endswith("1 of 1 rules fit, 0 unfit, 0 not run\n")


def test_wrong_files_are_told_before_any_data_are_read(command: Command) -> None:
    Path("rules/rule.yaml").write_text("id: x\n", encoding="utf-8")
    ended = command("rules", "lint", "rules", "--data", "nowhere")
    assert ended.status == 2
    assert "over the data" not in ended.out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--data", "nowhere"), 3, "nowhere"),
        (("--data", "data", "--period", "May"), 2, "'May' is not a period"),
        (("--data", "data", "--set", "test.rule.window=13 months"), 2, "R501"),
        (("--data", "data", "--set", "test.rule.widow=2 months"), 2, "did you mean 'window'?"),
        (("--data", "data", "--profile", "nobody"), 2, "there is no profile"),
        (("--period", "2024-05"), 2, "--period is for rules held against data"),
        (("--set", "test.rule.window=2 months"), 2, "--set is for rules held against data"),
    ],
)
def test_what_cannot_be_asked_is_refused(command: Command, arguments: tuple[str, ...], status: int, said: str) -> None:
    ended = command("rules", "lint", "rules", *arguments)
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err
