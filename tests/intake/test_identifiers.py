"""Ids and plates as offices write them: what is tidied, what is left alone, and what a number cell has damaged."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from auditor.core.schema import tables
from auditor.intake.columns.cast import half_width
from auditor.intake.columns.identifiers import damaged, identifier, is_credit_code, is_identifier, is_resident_id
from auditor.intake.columns.plates import plate
from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx
from tests.intake.texts import read

CASES = tables()["cases"].columns
RESIDENT = "11010519491231002X"
"""The example in GB 11643."""

ANY_ID = [
    ("C1", "C1"),
    ("'007", "007"),
    ("‘007", "007"),
    ("’007", "007"),
    ("0'07", "0'07"),
    ("'", None),
    ("7.0", "7"),
    ("007.0", "007"),
    ("7.00", "7.00"),
    ("7.5", "7.5"),
    ("A.0", "A.0"),
    (".0", ".0"),
    ("123456789012345.0", "123456789012345"),
    # A number of more digits than a number keeps: the last ones are not those that were written.
    ("110101199003070016.0", "110101199003070016.0"),
    ("x1", "x1"),
    ("a b", "a b"),
    (f" {RESIDENT}", f" {RESIDENT}"),
]
PERSONAL = [
    (RESIDENT, RESIDENT),
    (RESIDENT.lower(), RESIDENT),
    ("110105 19491231 002x", RESIDENT),
    ("110105\u300019491231\u3000002X", RESIDENT),
    (f"'{RESIDENT.lower()}", RESIDENT),
    ("91350100m000100y43", "91350100M000100Y43"),
    ("9135 0100 M000 100Y 43", "91350100M000100Y43"),
    # Seventeen digits are no id: nothing is done to them.
    ("1101051949123100 x", "1101051949123100 x"),
    ("hash ab12cd", "hash ab12cd"),
    ("d41d8cd98f00b204", "d41d8cd98f00b204"),
    ("110105********002x", "110105********002x"),
]
DAMAGED = [
    ("1.1E+17", True),
    ("1.1010119900307E+17", True),
    ("1.1010119900307e+17", True),
    ("1.1010119900307E17", True),
    ("1E+17", True),
    ("1e+17", True),
    ("110101199003070016.0", True),
    ("1234567890123456.0", True),
    ("123456789012345.0", False),
    ("1E17", False),
    ("A1.1E+17", False),
    ("1.1E+", False),
    ("11.1E+17", False),
    ("V1.2", False),
    ("1.2.3", False),
    ("110101199003070000", False),
    (RESIDENT, False),
    ("C-E+1", False),
    (None, False),
]


@pytest.mark.parametrize(("column", "rows"), [("case_id", ANY_ID), ("party_id", [*ANY_ID[:-3], *PERSONAL])])
def test_an_id_is_tidied_and_otherwise_left_alone(column: str, rows: Sequence[tuple[str, str | None]]) -> None:
    found = read([text for text, _ in rows], lambda text: identifier(text, personal=CASES[column].personal == "id"))
    assert list(zip([text for text, _ in rows], found, strict=True)) == list(rows)


def test_a_number_cell_has_damaged_the_id() -> None:
    found = read([text for text, _ in DAMAGED], lambda text: damaged(text, workbook=False))
    assert list(zip([text for text, _ in DAMAGED], found, strict=True)) == DAMAGED


CUT, WHOLE = "110101199003070000", "110101199003070012"


@pytest.mark.parametrize(
    ("texts", "cut"),
    [
        # More than half of the long ids end in zeros from the sixteenth digit on: the column was numbers.
        ([CUT, CUT, WHOLE], [True, True, False]),
        ([CUT], [True]),
        # Just half is not most.
        ([CUT, WHOLE], [False, False]),
        ([CUT, WHOLE, WHOLE], [False, False, False]),
        # Short ones, letters and empty ones do not count.
        ([CUT, "7", "007", "C1", None, RESIDENT], [True, False, False, False, False, False]),
        # Fifteen digits are whole; sixteen are not.
        (["123456789012340", "100000000000000"], [False, False]),
        (["1234567890123450", "1234567890123400"], [True, True]),
        (["1234567890123451", "1234567890123450"], [False, False]),
        ([None, None], [False, False]),
    ],
)
def test_in_a_workbook_most_long_ids_end_in_zeros(texts: list[str | None], cut: list[bool]) -> None:
    assert read(texts, lambda text: damaged(text, workbook=True)) == cut
    # Elsewhere zeros are believed: no number cell has been at them.
    assert read(texts, lambda text: damaged(text, workbook=False)) == [False] * len(texts)


def test_damaged_ids_are_set_aside_with_their_reason(data: Path) -> None:
    rows = [
        [*case("A"), "1.1010119900307e+17"],
        [*case("B"), "110101199003070016.0"],
        [*case("C"), "'110105 19491231 002x"],
        [*case("'"), RESIDENT],
        [*case("D"), ""],
    ]
    write_csv(data / "cases.csv", [[*HEADERS, "party_id"], *rows])
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "party_id") == [("C", RESIDENT), ("D", None)]
    reasons = [(entry.source_row, entry.column, entry.raw_value) for entry in result.quarantine]
    assert reasons == [
        (2, "party_id", "1.1010119900307e+17"),
        (3, "party_id", "110101199003070016.0"),
        (5, "case_id", "'"),
    ]


def test_ids_typed_as_numbers_in_a_workbook(data: Path) -> None:
    header = [*HEADERS, "party_id", "officer_id"]
    rows = [[*case("A"), 110101199003070012, 7], [*case("B"), "110101199003070012", "007"]]
    write_xlsx(data / "cases.xlsx", {"案件": [header, *rows]})
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "party_id", "officer_id") == [("B", "110101199003070012", "007")]
    assert [(entry.source_row, entry.column) for entry in result.quarantine] == [(2, "party_id")]


def test_what_is_an_identifier() -> None:
    named = {name for name, column in CASES.items() if is_identifier(column)}
    assert {"case_id", "doc_no", "party_id", "officer_id", "camera_id"} <= named
    assert named.isdisjoint({"plate_no", "violation_code", "party_name", "party_phone", "fine_amount"})


@pytest.mark.parametrize(
    ("value", "sound"),
    [
        (RESIDENT, True),
        (RESIDENT.lower(), True),
        ("440524188001010014", True),
        ("110105194912310021", False),
        ("11010519491231003X", False),
        ("440524188001010015", False),
        ("11010519491231002", False),
        ("11010519491231002XX", False),
        ("110105491231002", False),
        ("1101051949123100２X", False),
        ("X1010519491231002X", False),
        ("", False),
    ],
)
def test_the_check_digit_of_a_resident_id(value: str, sound: bool) -> None:
    assert is_resident_id(value) is sound


def test_every_single_wrong_digit_of_a_resident_id_is_noticed() -> None:
    # ISO 7064 promises it: all weights are prime to 11.
    for place in range(17):
        for digit in "0123456789":
            changed = RESIDENT[:place] + digit + RESIDENT[place + 1 :]
            assert is_resident_id(changed) is (changed == RESIDENT)


@pytest.mark.parametrize(
    ("value", "sound"),
    [
        ("91350100M000100Y43", True),  # the example in GB 32100
        ("91350100m000100y43", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y34", False),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        # I, O, S, V and Z are not used.
        ("91350100I000100Y43", False),
        ("91350100M000100Y4Z", False),
        ("9135010０M000100Y43", False),
        ("", False),
    ],
)
def test_the_check_character_of_a_credit_code(value: str, sound: bool) -> None:
    assert is_credit_code(value) is sound


PLATES = [
    ("川A12345", "川A12345"),
    ("川a12345", "川A12345"),
    ("川Ａ１２３４５", "川A12345"),
    ("川A·12345", "川A12345"),
    ("川A•12345", "川A12345"),
    ("川A-12345", "川A12345"),
    ("川A.12345", "川A12345"),
    (" 川A 123 45 ", "川A12345"),
    ("川AD12345", "川AD12345"),
    ("川A1234挂", "川A1234挂"),
    ("川A1234学", "川A1234学"),
    ("川A1234警", "川A1234警"),
    ("粤Z1234港", "粤Z1234港"),
    ("使014578", "使014578"),
    ("WJ川12345", "WJ川12345"),
    # The colour is no part of it.
    ("川A12345蓝", "川A12345"),
    ("川A12345黄色", "川A12345"),
    ("川A12345_黄", "川A12345"),
    ("川A12345(蓝牌)", "川A12345"),
    ("川A12345（黄）", "川A12345"),
    ("川AD12345渐变绿", "川AD12345"),
    ("川AD12345黄绿", "川AD12345"),
    ("蓝牌川A12345", "川A12345"),
    ("黄色:川A12345", "川A12345"),
    # Black is a province too.
    ("黑A12345", "黑A12345"),
    ("黑AD12345", "黑AD12345"),
    ("黑色黑A12345", "黑A12345"),
    ("黑A12345黑", "黑A12345"),
    # No serial has the letters I and O.
    ("川AO1234", "川A01234"),
    ("川A1234I", "川A12341"),
    ("川OA1234", "川OA1234"),
    # What is no plate stays what it is.
    ("无牌", "无牌"),
    ("IO", "IO"),
    ("·", None),
    ("", None),
    (None, None),
]


def test_plates() -> None:
    found = read([text for text, _ in PLATES], lambda text: plate(half_width(text)))
    assert list(zip([text for text, _ in PLATES], found, strict=True)) == PLATES
