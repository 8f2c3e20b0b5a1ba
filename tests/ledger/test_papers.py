"""The working papers: what is written is what is read, byte for byte the same each time, under the promised names."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.core.errors import InputError, OutputError
from auditor.core.finding import Record
from auditor.core.result import Period, Run, TooFew
from auditor.ledger import papers
from auditor.ledger.frames import findings_frame
from tests.specimen import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    papers.write(run(), tmp_path / "out")
    return tmp_path / "out"


def test_a_run_comes_back_as_it_was_but_for_its_clock(folder: Path) -> None:
    assert papers.read(folder) == replace(run(), clock={})


def test_who_is_counted_and_not_named_comes_back(tmp_path: Path) -> None:
    """Beside those that are named, and where nobody is; a rule that names all is kept as it always was."""
    many, whole = TooFew(subjects=2001, n=2668, fewest=10), run()
    crowded = replace(whole, results=tuple(replace(one, too_few=many) for one in whole.results), clock={})
    papers.write(crowded, tmp_path)
    assert papers.read(tmp_path) == crowded
    assert {bool(one.not_judged) for one in crowded.results} == {True, False}


def test_a_run_with_nothing_in_it_comes_back(tmp_path: Path) -> None:
    whole = run()
    empty = Run(
        period=Period(first=whole.period.first, last=whole.period.last, label="2024-05"),
        as_of=whole.as_of,
        **dict.fromkeys(
            (
                *("agencies", "inputs", "unread", "contract", "quarantine", "cards", "results"),
                *("findings", "evidence", "records", "plan"),
            ),
            (),
        ),
        rows={},
    )
    papers.write(empty, tmp_path)
    assert papers.read(tmp_path) == empty


def test_findings_and_evidence_have_the_promised_columns_first(folder: Path) -> None:
    findings = pq.read_schema(folder / "findings.parquet")
    promised = [
        "finding_id",
        "rule_id",
        "covers",
        "certainty",
        "level",
        "subject_type",
        "subject_id",
        "unit_id",
        "period",
        "state",
        "waived",
        "metric",
        "value",
        "threshold",
        "expected",
        "lower",
        "upper",
        "p_value",
        "q_value",
        "n_cases",
        "first_at",
        "last_at",
        "message_zh",
        "message_en",
    ]
    own = ["fingerprint", "facts", "conditions", "state_reason_zh", "state_reason_en"]
    assert findings.names == [*promised, *own]
    assert {name: str(findings.field(name).type) for name in ("covers", "waived", "value", "n_cases", "first_at")} == {
        "covers": "list<element: string>",
        "waived": "bool",
        "value": "double",
        "n_cases": "int64",
        "first_at": "timestamp[us]",
    }
    assert pq.read_schema(folder / "evidence.parquet").names == (
        ["finding_id", "table_name", "row_key", "role", "source_file", "source_row"]
    )
    assert pq.read_schema(folder / "quarantine.parquet").names[:5] == (
        ["source_file", "source_row", "column", "raw_value", "reason"]
    )
    assert pq.read_schema(folder / "rules.parquet").names[:8] == (
        ["rule_id", "result", "reason", "tested", "ok", "violation", "unknown", "skipped"]
    )


def test_the_order_in_which_things_were_found_leaves_no_trace(folder: Path, tmp_path: Path) -> None:
    backwards = replace(
        run(),
        **{name: getattr(run(), name)[::-1] for name in ("findings", "evidence", "quarantine", "results", "records")},
        rows=dict(reversed(run().rows.items())),
    )
    papers.write(backwards, tmp_path / "again")
    for name in papers.FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_clock_is_in_the_manifest_alone(folder: Path, tmp_path: Path) -> None:
    papers.write(replace(run(), clock={"started_at": "2030-01-01T00:00:00"}), tmp_path / "later")
    changed = [n for n in papers.FILES if (tmp_path / "later" / n).read_bytes() != (folder / n).read_bytes()]
    assert changed == ["manifest.json"]
    one, other = (json.loads((place / "manifest.json").read_text()) for place in (folder, tmp_path / "later"))
    assert one.pop("clock") != other.pop("clock")
    assert one == other


def test_the_manifest_says_what_went_in_and_what_was_not_done(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [(file["file"], file["sha256"]) for file in manifest["inputs"]] == [
        ("cases.csv", "ab" * 32),
        ("officers.xlsx#名册", "cd" * 32),
    ]
    assert all(file["read"] == file["loaded"] + file["quarantined"] for file in manifest["inputs"])
    assert manifest["quarantined"] == {"rows": 2, "by_reason": {"date_unreadable": 1, "row_ragged": 1}}
    assert [(rule["rule_id"], rule["result"]) for rule in manifest["not_run"]] == [
        ("broken.rule", "error"),
        ("camera.unpublished", "not_applicable"),
    ]
    assert manifest["rulebook"]["overrides"] == {"repeat.same-place-time.times": "3"}
    assert manifest["rulebook"]["parameters"]["trial.rule"] == {"times": "3"}
    assert (manifest["period"]["label"], manifest["as_of"]) == ("2024-05", "2024-05-31")


def test_a_records_values_stand_in_the_order_of_the_model_and_then_by_name(tmp_path: Path) -> None:
    values = {"备注": "x", "fine_amount": "1.00", "附注": "y", "case_id": "C1"}
    shuffled = Record(table_name="cases", row_key="C1", source_file="a.csv", source_row=2, values=values)
    papers.write(replace(run(), records=(shuffled,)), tmp_path)
    assert list(papers.read(tmp_path).records[0].values) == ["case_id", "fine_amount", "备注", "附注"]


def test_a_folder_that_no_audit_wrote_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not a folder that `auditor run` wrote"):
        papers.read(tmp_path)
    with pytest.raises(InputError, match=r"nowhere: there is no such folder"):
        papers.read(tmp_path / "nowhere")


def test_every_missing_paper_is_named(folder: Path) -> None:
    (folder / "evidence.parquet").unlink()
    (folder / "rules.parquet").unlink()
    with pytest.raises(InputError) as caught:
        papers.read(folder)
    assert [Path(p.location.file).name for p in caught.value.problems if p.location] == [
        "evidence.parquet",
        "rules.parquet",
    ]


@pytest.mark.parametrize("name", ["findings.parquet", "run.json"])
def test_a_spoilt_paper_is_an_input_error(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=f"{name}: cannot be read back"):
        papers.read(folder)


def test_papers_of_another_form_are_refused(folder: Path) -> None:
    text = (folder / "run.json").read_text(encoding="utf-8")
    (folder / "run.json").write_text(text.replace('"auditor-run/1"', '"auditor-run/9"'), encoding="utf-8")
    with pytest.raises(InputError, match="auditor-run/9"):
        papers.read(folder)


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        papers.write(run(), tmp_path / "file")


def test_findings_as_a_frame_have_the_columns_and_rows_of_the_file(folder: Path) -> None:
    frame = findings_frame(run())
    assert list(frame.columns) == pq.read_schema(folder / "findings.parquet").names
    assert list(frame["rule_id"]) == ["profit.max-fine-rate", "repeat.same-place-time", "trial.rule"]
