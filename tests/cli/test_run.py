"""`auditor run` and `auditor check`: what is printed, what is written, and the exit status that programs rely on."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import auditor.audit
from auditor.core.errors import InputError, ProfileError
from auditor.core.problem import Location, Problem
from auditor.core.result import Run
from tests.cli.conftest import Command
from tests.specimen import PARTY, PHONE, PLATE, finding, run

Audited = Callable[[Run], None]


def without_errors() -> Run:
    return replace(run(), results=tuple(result for result in run().results if result.result != "error"))


def in_order() -> Run:
    """The specimen with a sound extract, no rule in error, and one critical finding of an active rule."""
    critical = finding("repeat.same-place-time", PLATE, level="critical")
    return replace(without_errors(), contract=(), quarantine=(), findings=(critical,))


def test_a_run_whose_rules_all_ran_is_0_whatever_it_found(command: Command, audited: Audited) -> None:
    audited(without_errors())
    assert command("run", "--out", "out").status == 0


def test_a_run_with_a_rule_in_error_is_3_and_still_writes(command: Command, audited: Audited) -> None:
    ended = command("run", "--out", "out")
    assert ended.status == 3
    assert Path("out/findings.parquet").is_file()
    assert Path("out/index.html").is_file()


def test_results_go_to_reports_and_the_period_unless_told(command: Command, audited: Audited) -> None:
    ended = command("run", "--lang", "en")
    assert Path("reports/2024-05/index.html").is_file()
    assert "Report: reports/2024-05/index.html" in ended.out.splitlines()


def test_the_headline_has_its_denominators_and_what_was_not_looked_at(command: Command, audited: Audited) -> None:
    lines = command("run", "--lang", "en", "--out", "out").out.splitlines()
    assert "tested 148 row checks · flagged 2 (1.35 %) · unknown 4 · by 2 rules" in lines
    assert "2 rules not run (why: below)" in lines
    assert "  broken.rule  error  division by zero" in lines
    assert "  camera.unpublished  not run  no table cameras" in lines


def test_violations_come_before_leads_and_trials_stand_apart(command: Command, audited: Audited) -> None:
    out = command("run", "--lang", "en", "--out", "out").out
    assert 0 < out.index("Violations  1  (high 1)") < out.index("Leads") < out.index("Rules on trial: 1")


def test_the_summary_is_chinese_by_default(command: Command, audited: Audited) -> None:
    assert "已检 148 行次 · 标出 2（1.35 %）· 无法判断 4 · 规则 2 条" in command("run", "--out", "out").out


@pytest.mark.parametrize("arguments", [("run", "--out", "out"), ("check",)])
def test_json_alone_is_on_stdout_when_asked_for(command: Command, audited: Audited, arguments: tuple[str, ...]) -> None:
    ended = command(*arguments, "--format", "json")
    assert json.loads(ended.out)["period"]["label"] == "2024-05"
    assert ended.err == ""


def test_what_is_printed_is_masked_unless_asked_otherwise(command: Command, audited: Audited) -> None:
    masked = command("check", "--format", "json", "--junit", "a.xml", "--json", "a.json").out
    masked += Path("a.xml").read_text(encoding="utf-8") + Path("a.json").read_text(encoding="utf-8")
    assert not [value for value in (PLATE, PARTY, PHONE) if value in masked]
    assert PLATE in command("check", "--format", "json", "--show-personal-data").out


def test_the_options_reach_the_audit(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def audit(request: Any, progress: Any) -> Run:
        asked.append(request)
        return in_order()

    monkeypatch.setattr(auditor.audit, "audit", audit)
    command(
        *("check", "exports", "--config", "a.yaml", "--profile", "p.yaml", "--rules", "r1", "--rules", "r2"),
        *("--period", "2024Q2", "--as-of", "2024-06-30", "--set", "a.b-c.min_n=30", "--set", "a.b-c.limit=30 days"),
    )
    assert asked == [
        auditor.audit.Request(
            data=Path("exports"),
            config=Path("a.yaml"),
            profile=Path("p.yaml"),
            rules=(Path("r1"), Path("r2")),
            period="2024Q2",
            as_of=date(2024, 6, 30),
            overrides={"a.b-c.min_n": "30", "a.b-c.limit": "30 days"},
        )
    ]


def test_check_passes_below_its_gate_and_fails_at_it(command: Command, audited: Audited) -> None:
    high = finding("repeat.same-place-time", PLATE, level="high")
    audited(replace(in_order(), findings=(high,)))
    statuses = {level: command("check", "--fail-on", level).status for level in ("critical", "high", "info")}
    assert statuses == {"critical": 0, "high": 1, "info": 1}


def test_check_fails_on_a_broken_contract_alone(command: Command, audited: Audited) -> None:
    audited(replace(in_order(), findings=(), quarantine=run().quarantine))
    ended = command("check", "--fail-on", "critical", "--lang", "en")
    assert ended.status == 1
    assert ended.out.splitlines()[-1] == "Gate critical: failed: the extract breaks its contract in 2 places"


def test_an_incomplete_audit_outranks_what_it_found(command: Command, audited: Audited) -> None:
    assert command("check", "--fail-on", "critical").status == 3


def test_a_finding_on_trial_does_not_fail(command: Command, audited: Audited) -> None:
    audited(replace(in_order(), findings=(finding("trial.rule", PLATE, level="critical"),)))
    ended = command("check", "--lang", "en")
    assert ended.status == 0
    assert ended.out.splitlines()[-1] == "Gate high: passed"


def test_check_writes_its_machine_reports_and_no_pages(command: Command, audited: Audited, tmp_path: Path) -> None:
    command("check", "--junit", "ci/audit.xml", "--json", "ci/audit.json")
    assert ET.parse("ci/audit.xml").getroot().tag == "testsuites"
    assert json.loads(Path("ci/audit.json").read_text(encoding="utf-8"))["gate"]["fail_on"] == "high"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["audit.json", "audit.xml"]


def test_a_machine_report_that_cannot_be_written_is_3(command: Command, audited: Audited) -> None:
    Path("file").write_text("in the way")
    ended = command("check", "--junit", "file/audit.xml")
    assert ended.status == 3
    assert ended.err.startswith("auditor: file/audit.xml: cannot be written")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError([Problem("is empty", Location("a.csv")), Problem("is not UTF-8", Location("b.csv", 3))]), 3),
        (ProfileError([Problem("is empty", Location("a.csv")), Problem("is not UTF-8", Location("b.csv", 3))]), 2),
    ],
)
def test_every_problem_is_told_on_stderr_and_nothing_is_left(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, status: int
) -> None:
    def fail(request: Any, progress: Any) -> Run:
        raise error

    monkeypatch.setattr(auditor.audit, "audit", fail)
    ended = command("run", "--out", "out")
    assert (ended.status, ended.out) == (status, "")
    assert ended.err.splitlines() == ["auditor: a.csv: is empty", "auditor: b.csv:3: is not UTF-8"]
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_foresaw_is_one_line_and_3_and_debug_shows_where(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: Any, progress: Any) -> Run:
        raise ZeroDivisionError("division by zero\nin two lines")

    monkeypatch.setattr(auditor.audit, "audit", fail)
    ended = command("check")
    assert ended.status == 3
    assert ended.err == "auditor: unexpected ZeroDivisionError: division by zero (--debug shows where)\n"
    assert "Traceback" in command("check", "--debug").err


def test_an_interrupted_run_is_130_and_leaves_nothing(
    command: Command, monkeypatch: pytest.MonkeyPatch, audited: Audited, tmp_path: Path
) -> None:
    from auditor import report

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "render", interrupt)
    assert command("run", "--out", "out").status == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("limit=3", "--set limit=3: is not of the form RULE.PARAM=VALUE"),
        ("a.limit", "--set a.limit: is not of the form RULE.PARAM=VALUE"),
        (".limit=3", "--set .limit=3: is not of the form RULE.PARAM=VALUE"),
    ],
)
def test_a_parameter_that_is_not_one_is_2(command: Command, audited: Audited, written: str, problem: str) -> None:
    ended = command("check", "--set", written)
    assert (ended.status, ended.err) == (2, f"auditor: {problem}\n")


def test_a_parameter_may_hold_an_equals_sign_and_be_set_once(command: Command, audited: Audited) -> None:
    assert "a.b was already set" in command("check", "--set", "a.b=x=y", "--set", "a.b=z").err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--as-of", "2024-13-01"),
        ("check", "--fail-on", "grave"),
        ("run", "--lang", "fr"),
        ("run", "--no-such-option"),
        ("no-such-command",),
        ("explain", "abc"),
        (),
    ],
)
def test_bad_arguments_are_2(command: Command, arguments: tuple[str, ...]) -> None:
    ended = command(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err != ""


def test_a_folder_that_holds_something_else_is_refused_before_the_audit(command: Command) -> None:
    Path("out").mkdir()
    Path("out/letter.txt").write_text("dear sir")
    ended = command("run", "no-such-data", "--out", "out")
    assert ended.status == 2
    assert "out" in ended.err
    assert Path("out/letter.txt").read_text() == "dear sir"
