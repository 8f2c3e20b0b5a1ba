"""`auditor report`, and `run` with --circulation and --pdf: what is written where, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import auditor.pdf
from auditor.core.result import Run
from auditor.ledger import papers
from tests.cli.conftest import Command
from tests.specimen import PARTY, PHONE, PLATE, run

Audited = Callable[[Run], None]
WORKING_PAPERS = {*papers.FILES}


def without_errors() -> Run:
    return replace(run(), results=tuple(result for result in run().results if result.result != "error"))


@pytest.fixture
def saved(command: Command) -> Path:
    folder = Path("reports/2024-05")
    folder.mkdir(parents=True)
    papers.write(run(), folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_report_made_anew_is_that_of_the_run_without_its_working_papers(
    command: Command, audited: Audited, saved: Path
) -> None:
    assert command("run", "--out", "first").status == 3, "a rule of the specimen is in error"
    ended = command("report", str(saved), "--out", "anew")
    assert (ended.status, ended.out) == (0, "anew/index.html\n")
    first, anew = files(Path("first")), files(Path("anew"))
    about = json.loads(anew.pop("report.json"))
    assert (about["edition"], about["period"], about["masked"]) == ("inspector", "2024-05", True)
    assert anew == {name: content for name, content in first.items() if name not in WORKING_PAPERS}
    assert {"index.html", "ledger.xlsx", "findings.csv", "quarantine.xlsx"} <= anew.keys()


def test_it_is_masked_unless_asked_otherwise(command: Command, saved: Path) -> None:
    command("report", str(saved), "--out", "masked")
    command("report", str(saved), "--out", "full", "--show-personal-data")
    masked, full = (b"".join(files(Path(name)).values()).decode(errors="ignore") for name in ("masked", "full"))
    assert [value for value in (PLATE, PARTY, PHONE) if value in masked] == []
    assert [value for value in (PLATE, PARTY, PHONE) if value not in full] == []


def test_the_language_is_that_which_is_asked_for(command: Command, saved: Path) -> None:
    command("report", str(saved), "--out", "anew", "--lang", "en")
    assert '<html lang="en"' in Path("anew/index.html").read_text(encoding="utf-8")
    assert '"No."' in Path("anew/findings.csv").read_text(encoding="utf-8-sig")


def test_a_second_report_replaces_the_first_and_nothing_else(command: Command, saved: Path) -> None:
    assert command("report", str(saved), "--out", "anew").status == 0
    assert command("report", str(saved), "--out", "anew").status == 0
    Path("mine").mkdir()
    Path("mine/thesis.docx").write_text("mine")
    ended = command("report", str(saved), "--out", "mine")
    assert ended.status == 2 and "holds no earlier run" in ended.err
    assert Path("mine/thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("out", ["reports/2024-05", "reports", "."])
def test_a_report_does_not_take_the_place_of_its_run(out: str, command: Command, saved: Path) -> None:
    ended = command("report", str(saved), "--out", out)
    assert ended.status == 2 and "holds the run itself" in ended.err
    assert {path.name for path in saved.iterdir()} == WORKING_PAPERS


def test_what_is_no_run_is_said(command: Command) -> None:
    ended = command("report", "nowhere", "--out", "anew")
    assert ended.status == 3 and "there is no such folder" in ended.err and not Path("anew").exists()


# The circulation edition.


def test_it_has_counts_alone_and_its_key_lies_beside_the_run(command: Command, saved: Path) -> None:
    ended = command("report", str(saved), "--out", "public", "--edition", "circulation", "--lang", "en")
    assert ended.status == 0
    assert set(files(Path("public"))) == {"index.html", "coverage.html", "method.html", "report.json"}
    key = Path("reports/pseudonyms.key")
    assert key.is_file() and "Key of the pseudonyms" in ended.err and "made now" in ended.err
    assert key.stat().st_mode & 0o077 == 0
    secret = key.read_text().splitlines()[1]
    assert len(bytes.fromhex(secret)) == 32
    assert not any(secret.encode() in content for content in files(Path("public")).values())


def test_the_same_key_serves_all_months(command: Command, saved: Path) -> None:
    first = command("report", str(saved), "--out", "a", "--edition", "circulation")
    second = command("report", str(saved), "--out", "b", "--edition", "circulation")
    assert "新生成" in first.err and "新生成" not in second.err
    assert files(Path("a")) == files(Path("b"))


def test_run_writes_it_from_the_same_audit(command: Command, audited: Audited) -> None:
    audited(without_errors())
    assert command("run", "--out", "reports/2024-05", "--circulation", "public").status == 0
    assert Path("reports/pseudonyms.key").is_file() and Path("reports/2024-05/findings.parquet").is_file()
    assert command("report", "reports/2024-05", "--out", "again", "--edition", "circulation").status == 0
    assert files(Path("again")) == files(Path("public"))


def test_the_county_says_where_the_key_lies_and_what_is_least(command: Command, saved: Path) -> None:
    Path("auditor.yaml").write_text("pseudonym_key: safe/county.key\nleast_count: 10\n", encoding="utf-8")
    arguments = ("report", str(saved), "--out", "public", "--edition", "circulation", "--config", "auditor.yaml")
    assert command(*arguments).status == 0
    assert Path("safe/county.key").is_file() and not Path("reports/pseudonyms.key").exists()
    assert json.loads(Path("public/report.json").read_text(encoding="utf-8"))["least_count"] == 10


@pytest.mark.parametrize("least", ["4", "0", "-5", "many", "5.5"])
def test_no_county_shows_smaller_counts_than_the_project(least: str, command: Command, saved: Path) -> None:
    Path("auditor.yaml").write_text(f"least_count: '{least}'\n", encoding="utf-8")
    ended = command("report", str(saved), "--out", "p", "--edition", "circulation", "--config", "auditor.yaml")
    assert ended.status == 2 and "is not a whole number from 5 up" in ended.err and not Path("p").exists()


@pytest.mark.parametrize("key", ["", "# only words\n", "abc\n", "zz" * 32, "ab" * 31])
def test_a_file_that_is_no_key_is_refused_and_left_alone(key: str, command: Command, saved: Path) -> None:
    Path("reports/pseudonyms.key").write_text(key)
    ended = command("report", str(saved), "--out", "public", "--edition", "circulation")
    assert ended.status == 2 and "key" in ended.err and not Path("public").exists()
    assert Path("reports/pseudonyms.key").read_text() == key


def test_a_key_in_the_published_folder_is_refused(command: Command, saved: Path) -> None:
    Path("auditor.yaml").write_text("pseudonym_key: public/a.key\n", encoding="utf-8")
    ended = command("report", str(saved), "--out", "public", "--edition", "circulation", "--config", "auditor.yaml")
    assert ended.status == 2 and "would be published with it" in ended.err and not Path("public").exists()


@pytest.mark.parametrize("out", ["reports/2024-05", "reports/2024-05/public", "reports"])
def test_it_never_lies_among_working_papers(out: str, command: Command, saved: Path) -> None:
    ended = command("report", str(saved), "--out", out, "--edition", "circulation")
    assert ended.status == 2
    assert {path.name for path in saved.iterdir()} == WORKING_PAPERS


def test_personal_data_cannot_be_asked_for_in_it(command: Command, saved: Path) -> None:
    ended = command("report", str(saved), "--out", "p", "--edition", "circulation", "--show-personal-data")
    assert ended.status == 2 and "holds no personal data" in ended.err


# PDF.


def test_without_a_browser_the_report_is_kept_and_the_status_is_3(
    command: Command, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor.pdf, "browser", lambda: None)
    ended = command("report", str(saved), "--out", "anew", "--pdf")
    assert ended.status == 3 and "no Chromium, Chrome or Edge was found" in ended.err
    assert Path("anew/index.html").is_file() and not list(Path("anew").rglob("*.pdf"))


@pytest.mark.parametrize(
    ("script", "said"),
    [("exit 7", "ended with status 7"), ("exit 0", "made no file"), ("sleep 5", "took over 1 seconds")],
)
def test_a_browser_that_fails_is_named_with_the_page(
    script: str, said: str, command: Command, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path("browser.sh").absolute()
    program.write_text(f"#!/bin/sh\nexec 2>/dev/null\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(auditor.pdf, "browser", lambda: program)
    monkeypatch.setattr(auditor.pdf, "SECONDS", 1)
    ended = command("report", str(saved), "--out", "anew", "--pdf")
    assert ended.status == 3 and said in ended.err and "index.html" in ended.err
    assert Path("anew/index.html").is_file()


def test_browsers_are_found_where_windows_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor.pdf.shutil, "which", lambda name: None)  # pyright: ignore
    monkeypatch.setattr(auditor.pdf, "_MAC", ())
    assert auditor.pdf.browser() is None
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.touch()
    assert auditor.pdf.browser() == edge


def test_a_program_writes_it_with_the_key_it_names(command: Command) -> None:
    from auditor.api import RunView
    from auditor.core.errors import UsageError

    assert RunView(run()).circulation("public", key="keys/a.key") == Path("public")
    assert Path("keys/a.key").is_file() and Path("public/index.html").is_file()
    with pytest.raises(UsageError, match="counts under 5 are not published"):
        RunView(run()).circulation("other", key="keys/a.key", least=4)
