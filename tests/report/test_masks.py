"""Masking: nothing that identifies a private person gets into the folder, in any file or any file name."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.finding import Record
from auditor.core.masks import Masks, Sieve, secrets_in, shape, subject_privacy
from auditor.core.progress import Silent
from auditor.report import render
from tests.report.made_up_run import made_up
from tests.report.made_up_subjects import fact


@pytest.fixture(scope="module")
def made():
    return made_up(size=2)


def folder_bytes(folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"\n".join(str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in files)


def test_no_personal_value_is_in_any_byte_or_name_of_the_masked_report(made, tmp_path: Path) -> None:
    render(made.run, tmp_path, language="zh", personal=False, progress=Silent())
    written = folder_bytes(tmp_path)
    shown = [value for value in made.personal for form in (value, quote(value)) if form.encode() in written]
    # A two-character run of one name can stand in another's; whole names of officers are readable on purpose.
    officers = set(made.run.officers.values())
    assert [value for value in shown if value not in officers] == []


def test_with_personal_data_the_same_values_are_there(made, tmp_path: Path) -> None:
    """Else the test above would pass on a report that shows nothing at all."""
    render(made.run, tmp_path, language="zh", personal=True, progress=Silent())
    written = folder_bytes(tmp_path)
    with_case_page = [record for record in made.run.records if record.table_name == "measures"]
    assert all(record.values["plate_no"].encode() in written for record in with_case_page)


def test_a_column_that_the_model_does_not_know_is_withheld_whole() -> None:
    assert Masks(masked=True).cell("cases", "备注", "张某电话").zh == "（已隐去）"
    assert Masks(masked=False).cell("cases", "备注", "张某电话").zh == "张某电话"


def test_free_text_loses_the_personal_values_of_its_row() -> None:
    row = Record(
        table_name="cases",
        row_key="A1",
        source_file="a.csv",
        source_row=2,
        values={"party_phone": "13900001111", "deviation_reason": "来电 13900001111 说明"},
    )
    shown = Masks(masked=True).cell("cases", "deviation_reason", row.values["deviation_reason"], secrets_in([row]))
    assert shown.zh == "来电 139******11 说明"


def test_a_fact_is_personal_where_its_column_is_even_if_nobody_said_so() -> None:
    shown = Masks(masked=True).fact(fact("plate", "string", "辽D12345", "cases.plate_no"), ())
    assert shown.zh == "辽D****5"


@pytest.mark.parametrize(
    ("subject_type", "kind"),
    [
        *(("officer", None), ("unit", None), ("case", None), ("camera", None), ("place", None), ("measure", None)),
        *(
            ("vehicle", "plate"),
            ("party", "id"),
            ("agent", "id"),
            ("licence", "id"),
            ("something_new", "id"),
            ("criminal_case", None),
        ),
    ],
)
def test_subjects_are_masked_unless_their_type_is_known_to_be_harmless(subject_type: str, kind: str | None) -> None:
    assert subject_privacy(subject_type) == kind


def test_a_quarantined_value_shows_its_shape_alone() -> None:
    assert shape("2024年13月 辽D1") == "9999字99字 字A9"
    assert Masks(masked=True).raw(None) == "—"


@given(
    st.lists(st.text("甲乙丙1", min_size=2, max_size=4), max_size=8, unique=True),
    st.text("甲乙丙1 ", max_size=20),
)
def test_a_sieve_catches_what_looking_for_each_finds(values: list[str], text: str) -> None:
    longest_first = sorted(values, key=lambda value: (-len(value), value))
    caught = Sieve(dict.fromkeys(values, "name")).caught(text)
    assert [value for value, _ in caught] == [value for value in longest_first if value in text]
