"""The audit from files to results: periods, defaults, bad input, results that appear whole or not at all."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import auditor
from auditor.audit import Request, audit, write
from auditor.core.errors import AuditorError, InputError, OutputError, ProfileError, RuleError, UsageError
from auditor.core.result import Run
from auditor.output import check_place, whole_or_nothing
from tests.conftest import SAMPLE
from tests.kinds.spec import rule_text

HEADER = ["case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure", "fine_amount"]
RULE = rule_text("kind: check\nfail_when: fine_amount > 200", table="cases")


def row(case_id: str, occurred_at: str, fine: str = "100") -> list[str]:
    return [case_id, "transport", "U1", "1039", occurred_at, "on_site", "summary", fine]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules" / "rule.yaml"
    path.parent.mkdir()
    path.write_text(RULE, encoding="utf-8")
    return path.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def put(folder: Path, *rows: list[str]) -> Path:
    path = folder / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def request(data: Path, rules: Path, **more: object) -> Request:
    return replace(Request(data=data, rules=(rules,)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (["2024-03-15", "2024-04-30"], "2024-04"),
        (["2024-03-15", "2024-04-29"], "2024-03"),
        (["2024-04-02", "2024-04-29"], "2024-04"),
        (["2023-12-15", "2024-01-15"], "2023-12"),
    ],
)
def test_without_a_period_it_is_the_last_complete_month(data: Path, rules: Path, days: list[str], label: str) -> None:
    put(data, *(row(f"C{number}", day) for number, day in enumerate(days)))
    run = audit(request(data, rules))
    assert (run.period.label, run.as_of) == (label, run.period.last)


def test_the_period_and_the_day_come_from_the_command_then_from_the_county(data: Path, rules: Path) -> None:
    put(data, row("A", "2024-03-15"))
    (data / "auditor.yaml").write_text("period: 2024Q1\nas_of: 2024-04-10\n", encoding="utf-8")
    run = audit(request(data, rules))
    assert (run.period.label, run.as_of) == ("2024Q1", date(2024, 4, 10))
    run = audit(request(data, rules, period="2024-03", as_of=date(2024, 3, 20)))
    assert (run.period.label, run.as_of) == ("2024-03", date(2024, 3, 20))


def test_an_override_is_named_in_the_run(data: Path, tmp_path: Path) -> None:
    put(data, row("A", "2024-03-15", "150"))
    path = tmp_path / "cap.yaml"
    path.write_text(
        RULE.replace("> 200", "> $cap").replace("check:", "params:\n  cap: {default: 200}\ncheck:"), encoding="utf-8"
    )
    (data / "auditor.yaml").write_text("parameters:\n  test.rule: {cap: 120}\n", encoding="utf-8")
    run = audit(request(data, path, period="2024-03"))
    assert run.overrides == {"test.rule.cap": "120"}
    assert [parameter.overridden for parameter in run.cards[0].parameters] == [True]
    assert len(run.findings) == 1
    assert not audit(request(data, path, period="2024-03", overrides={"test.rule.cap": "150"})).findings


def test_a_broken_rule_stops_nobody_else(data: Path, rules: Path) -> None:
    put(data, row("A", "2024-03-15", "999999999999"))
    broken = RULE.replace("test.rule", "test.broken").replace(
        "fine_amount > 200", "fine_amount * fine_amount * fine_amount * fine_amount > 1"
    )
    (rules / "broken.yaml").write_text(broken, encoding="utf-8")
    run = audit(request(data, rules, period="2024-03"))
    assert {result.rule_id: result.result for result in run.results} == {"test.broken": "error", "test.rule": "flagged"}
    assert "test.broken" in run.clock["traces"]


PROFILE = """\
profile: p
title: {{zh: 甲, en: a}}
tables:
  lots:
    files: [{file}]
    columns: {{lot_id: {header}}}
"""
Spoil = Callable[[Path, Path], Request]


def _missing(data: Path, rules: Path) -> Request:
    return request(data / "nowhere", rules)


def _empty(data: Path, rules: Path) -> Request:
    (data / "cases.csv").write_bytes(b"")
    return request(data, rules)


def _zero_xlsx(data: Path, rules: Path) -> Request:
    (data / "cases.xlsx").write_bytes(b"")
    return request(data, rules)


def _told_otherwise(data: Path, rules: Path) -> Request:
    (data / "案件.csv").write_bytes("案号,当事人\n1,张\n".encode("gb18030"))
    profile = data / "profile.yaml"
    profile.write_text(
        PROFILE.replace("tables:", "encoding: utf-8\ntables:").format(file="'*.csv'", header="案号"),
        encoding="utf-8",
    )
    return request(data, rules, profile=profile)


def _no_such_header(data: Path, rules: Path) -> Request:
    (data / "lots.csv").write_text("停车场编号,名称\n1,甲\n", encoding="utf-8")
    profile = data / "profile.yaml"
    profile.write_text(
        PROFILE.format(file="lots.csv", header="停车场编码"),
        encoding="utf-8",
    )
    return request(data, rules)


def _unknown_column(data: Path, rules: Path) -> Request:
    (rules / "rule.yaml").write_text(RULE.replace("fine_amount", "fine_amout"), encoding="utf-8")
    put(data, row("A", "2024-03-15"))
    return request(data, rules)


def _duplicate_key(data: Path, rules: Path) -> Request:
    (rules / "rule.yaml").write_text(RULE + "level: high\n", encoding="utf-8")
    put(data, row("A", "2024-03-15"))
    return request(data, rules)


def _no_period(data: Path, rules: Path) -> Request:
    put(data, row("A", "2024-03-15"))
    return request(data, rules, period="March")


@pytest.mark.parametrize(
    ("spoil", "error", "status", "said"),
    [
        (_missing, InputError, 3, "nowhere"),
        (_empty, InputError, 3, "cases.csv"),
        (_zero_xlsx, InputError, 3, "cases.xlsx"),
        (_told_otherwise, InputError, 3, "gb18030"),
        (_no_such_header, ProfileError, 2, "停车场编号"),
        (_unknown_column, RuleError, 2, "did you mean 'fine_amount'?"),
        (_duplicate_key, RuleError, 2, "duplicate key 'level'"),
        (_no_period, UsageError, 2, "is not a period"),
    ],
)
def test_bad_input_is_one_clear_problem(
    data: Path, rules: Path, spoil: Spoil, error: type[AuditorError], status: int, said: str
) -> None:
    with pytest.raises(error) as caught:
        audit(spoil(data, rules))
    assert caught.value.exit_status == status
    assert len(caught.value.problems) == 1
    assert said.lower() in str(caught.value).lower()


def test_a_bad_date_and_a_duplicate_id_are_set_aside_with_their_places(data: Path, rules: Path) -> None:
    good = [row(f"C{number}", "2024-03-15") for number in range(2, 7)]
    put(data, *good, row("C7", "2024-13-45"), row("TWICE", "2024-03-16"), row("TWICE", "2024-03-17"))
    run = audit(request(data, rules, period="2024-03"))
    [file] = run.inputs
    assert (file.read, file.loaded, file.quarantined) == (8, 5, 3)
    places = [(entry.source_row, entry.reason, entry.column, entry.raw_value) for entry in run.quarantine]
    assert places == [
        (7, "date_unreadable", "occurred_at", "2024-13-45"),
        (8, "id_duplicate", "case_id", "TWICE"),
        (9, "id_duplicate", "case_id", "TWICE"),
    ]


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_inputs_give_the_same_bytes_but_for_the_clock(sample_run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(sample_run, one)
    write(audit(Request(data=SAMPLE)), two)
    assert digest(one) == digest(two)
    manifests = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (one, two)]
    assert all(manifest.pop("clock") for manifest in manifests)
    assert manifests[0] == manifests[1]
    assert manifests[0]["as_of"] == "2025-12-31"


def test_the_library_gives_what_the_command_line_gives(sample_run: Run) -> None:
    view = auditor.run(SAMPLE)
    assert list(view.findings["finding_id"]) == [found.finding_id for found in sample_run.findings]
    first = sample_run.findings[0]
    assert view.finding(first.finding_id[:12]).finding == first
    assert view.finding(first.finding_id).evidence
    with pytest.raises(UsageError):
        view.finding("")


def test_a_former_run_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for content in ("one", "two"):
        with whole_or_nothing(out) as folder:
            (folder / "manifest.json").write_text("{}", encoding="utf-8")
            (folder / content).write_text(content, encoding="utf-8")
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "two"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("broken", [KeyboardInterrupt, SystemExit, OSError(28, "No space left on device")])
def test_what_is_interrupted_leaves_nothing(tmp_path: Path, broken: BaseException) -> None:
    out = tmp_path / "out"
    with pytest.raises((KeyboardInterrupt, SystemExit, OutputError)), whole_or_nothing(out) as folder:
        (folder / "index.html").write_text("half", encoding="utf-8")
        raise broken
    assert not list(tmp_path.iterdir())


def test_a_former_run_survives_an_interrupted_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_or_nothing(out) as folder:
        (folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), whole_or_nothing(out):
        raise KeyboardInterrupt
    assert [path.name for path in out.iterdir()] == ["manifest.json"]


def test_a_folder_with_something_else_in_it_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "letter.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no earlier run"):
        check_place(tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        check_place(tmp_path / "letter.doc")


def test_a_full_disk_is_one_clear_message(sample_run: Run, tmp_path: Path) -> None:
    """Writes to a device that is always full, put in place of one of the working papers."""
    full = Path("/dev/full")
    assert full.exists(), "this test needs a system with /dev/full"
    with pytest.raises(OutputError) as caught, whole_or_nothing(tmp_path / "out") as folder:
        (folder / "findings.parquet").symlink_to(full)
        with (folder / "findings.parquet").open("wb") as file:
            file.write(b"x" * 100_000)
    assert caught.value.exit_status == 3
    assert "No space left on device" in str(caught.value)
    assert not (tmp_path / "out").exists()
