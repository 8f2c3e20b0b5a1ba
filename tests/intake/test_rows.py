"""Every row of an export is either in the store or in quarantine with its reasons, and never in both."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.intake.office import HEADERS, case, loaded, write_csv, write_parquet, write_xlsx

ID = "110101199003070012"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_long_ids_and_leading_zeros_survive_every_format(data: Path, kind: str) -> None:
    rows = [[*HEADERS, "party_id", "officer_id"], [*case("C1"), ID, "007"]]
    match kind:
        case "csv":
            write_csv(data / "cases.csv", rows)
        case "xlsx":
            write_xlsx(data / "cases.xlsx", {"案件": rows})
        case _:
            write_parquet(data / "cases.parquet", rows)
    _, store = loaded(data)
    assert store.rows("cases", "party_id", "officer_id", "_row") == [(ID, "007", 2)]


def test_a_bad_date_in_row_7_is_named_exactly(data: Path) -> None:
    rows = [case(f"C{number}") for number in range(2, 12)]
    rows[5][4] = "2024-02-30"
    write_csv(data / "cases.csv", [HEADERS, *rows])
    result, store = loaded(data)
    [entry] = result.quarantine
    assert (entry.source_file, entry.source_row, entry.column) == ("cases.csv", 7, "occurred_at")
    assert (entry.raw_value, entry.reason) == ("2024-02-30", "date_unreadable")
    assert [row for (row,) in store.rows("cases", "_row")] == [2, 3, 4, 5, 6, 8, 9, 10, 11]
    [file] = result.inputs
    assert (file.read, file.loaded, file.quarantined) == (10, 9, 1)


def test_a_row_is_set_aside_whole_with_all_its_faults(data: Path) -> None:
    bad = [*case("", domain="police", occurred_at="soon"), "-1", "12x", "maybe", "181"]
    write_csv(
        data / "cases.csv",
        [[*HEADERS, "fine_amount", "points", "corrected", "lon"], [*case("C1"), "0", "0", "", "180"], bad],
    )
    result, store = loaded(data)
    assert {(entry.column, entry.reason, entry.raw_value) for entry in result.quarantine} == {
        ("case_id", "required_missing", ""),
        ("domain", "code_unknown", "police"),
        ("occurred_at", "date_unreadable", "soon"),
        ("fine_amount", "value_implausible", "-1"),
        ("points", "number_unreadable", "12x"),
        ("corrected", "code_unknown", "maybe"),
        ("lon", "value_implausible", "181"),
    }
    assert store.rows("cases", "case_id") == [("C1",)]
    assert result.inputs[0].quarantined == 1


def test_all_rows_of_a_duplicate_id_are_set_aside_across_files(data: Path) -> None:
    write_csv(data / "cases_2024-01.csv", [HEADERS, case("C1"), case("C2")])
    write_csv(data / "cases_2024-02.csv", [HEADERS, case("C3"), case("C1"), case("c2")])
    result, store = loaded(data)
    assert [(entry.source_file, entry.source_row, entry.reason) for entry in result.quarantine] == [
        ("cases_2024-01.csv", 2, "id_duplicate"),
        ("cases_2024-02.csv", 3, "id_duplicate"),
    ]
    assert "cases_2024-02.csv row 3" in result.quarantine[0].text.en
    assert "cases_2024-01.csv 第 2 行" in result.quarantine[1].text.zh
    assert store.rows("cases", "case_id") == [("C2",), ("C3",), ("c2",)]


def test_in_a_register_an_id_may_return_from_another_day_on(data: Path) -> None:
    header = ["officer_id", "valid_from", "valid_to"]
    rows = [["A", "2020-01-01", "2020-12-31"], ["A", "2021-01-01", ""], ["B", "", ""], ["B", "", "2024-01-01"]]
    write_csv(data / "officers.csv", [header, *rows])
    result, store = loaded(data)
    assert [entry.source_row for entry in result.quarantine] == [4, 5]
    assert store.rows("officers", "officer_id", "_row") == [("A", 2), ("A", 3)]


def test_a_sentence_never_repeats_a_value(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case(ID), case(ID), case("C3", "nonsense-value")])
    result, _ = loaded(data)
    for entry in result.quarantine:
        assert ID not in entry.text.zh + entry.text.en and "nonsense" not in entry.text.zh + entry.text.en


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-03", datetime(2024, 5, 3)),
        ("2024/5/3", datetime(2024, 5, 3)),
        ("20240503", datetime(2024, 5, 3)),
        ("2024-05-03 08:05", datetime(2024, 5, 3, 8, 5)),
        ("2024-05-03T08:05:07", datetime(2024, 5, 3, 8, 5, 7)),
        ("2024/12/31 23:59:59", datetime(2024, 12, 31, 23, 59, 59)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("２０２４-０５-０３", datetime(2024, 5, 3)),
        ("\u3000 2024-05-03\t", datetime(2024, 5, 3)),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("2024-05-03 25:00", None),
        ("24-05-03", None),
        ("2024-05", None),
        ("20240532", None),
        ("99999-01-01", None),
        ("45000", None),
        ("2024年5月3日", datetime(2024, 5, 3)),
    ],
)
def test_dates_without_a_format(data: Path, written: str, meant: datetime | None) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1", written)])
    result, store = loaded(data)
    assert store.rows("cases", "occurred_at") == ([] if meant is None else [(meant,)])
    assert [entry.reason for entry in result.quarantine] == (["date_unreadable"] if meant is None else [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("200", Decimal("200.00")),
        ("1,200.50", Decimal("1200.50")),
        ("1e3", Decimal("1000.00")),
        (".5", Decimal("0.50")),
        ("１００", Decimal("100.00")),
        ("", None),
        ("1,2", "unreadable"),
        ("nan", "unreadable"),
        ("inf", "unreadable"),
        ("200元", Decimal("200.00")),
        ("200吨", "unreadable"),
        ("9999999999999", "unreadable"),
    ],
)
def test_money(data: Path, written: str, meant: Decimal | str | None) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "fine_amount"], [*case("C1"), written]])
    result, store = loaded(data)
    if meant == "unreadable":
        assert [(entry.reason, entry.raw_value) for entry in result.quarantine] == [("number_unreadable", written)]
    else:
        assert store.rows("cases", "fine_amount") == [(meant,)]


def test_whole_numbers_are_not_rounded_into_being(data: Path) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "points"], [*case("C1"), "6.0"], [*case("C2"), "5.7"]])
    result, store = loaded(data)
    assert store.rows("cases", "points") == [(6,)]
    assert [(entry.source_row, entry.reason) for entry in result.quarantine] == [(3, "number_unreadable")]


def test_plates_are_normalised_and_words_of_truth_understood(data: Path) -> None:
    header = [*HEADERS, "plate_no", "corrected"]
    rows = [[*case("C1"), "川a·12 345", "是"], [*case("C2"), "川Ａ-１２３４５", "N"], [*case("C3"), "", ""]]
    write_csv(data / "cases.csv", [header, *rows])
    _, store = loaded(data)
    assert store.rows("cases", "plate_no", "corrected") == [("川A12345", True), ("川A12345", False), (None, None)]


def test_what_the_model_does_not_know_is_kept_under_its_own_name(data: Path) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "天气", "Case_ID"], [*case("C1"), "晴", "x"], [*case("C2"), "", ""]])
    write_csv(data / "cases-b.csv", [HEADERS, case("C3")])
    result, store = loaded(data)
    extras = [extra for (extra,) in store.rows("cases", "extra")]
    assert extras == [None, {"天气": "晴", "Case_ID": "x"}, {"天气": None, "Case_ID": None}]
    assert "extra" not in result.columns["cases"]


def test_a_table_has_the_columns_of_its_sources_and_no_others(data: Path) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "fine_amount"], [*case("C1"), "1"]])
    write_csv(data / "cases.more.csv", [[*HEADERS, "points"], [*case("C2"), "3"]])
    result, store = loaded(data)
    assert result.columns["cases"] == {*HEADERS, "fine_amount", "points"}
    assert set(store.columns("cases")) == {*HEADERS, "fine_amount", "points", "_file", "_row"}
    assert store.columns("cases")["fine_amount"] == "DECIMAL(14,2)"
    assert store.columns("cases")["occurred_at"] == "TIMESTAMP"
    assert store.rows("cases", "fine_amount", "points") == [(Decimal("1.00"), None), (None, 3)]


def test_a_source_of_days_only_is_marked(data: Path) -> None:
    rows = [[*case("C1", "2024-05-03"), "2024-05-04 10:30"], [*case("C2", "2024-05-04 00:00:00"), "2024-05-05 11:00"]]
    write_csv(data / "cases.csv", [[*HEADERS, "decided_at"], *rows])
    result, _ = loaded(data)
    assert result.date_precision == {"cases.occurred_at"}


def test_a_column_of_unreadable_dates_and_an_empty_table_break_the_contract(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, *(case(f"C{number}", "3 May") for number in range(3))])
    result, _ = loaded(data)
    assert [(finding.table_name, finding.check) for finding in result.contract] == [
        ("cases", "empty"),
        ("cases", "dates_unreadable"),
    ]


def test_exactly_two_in_five_unreadable_dates_are_still_rows_at_fault(data: Path) -> None:
    dates = ["3 May", "4 May", "2024-05-01", "2024-05-02", "2024-05-03"]
    write_csv(data / "cases.csv", [HEADERS, *(case(f"C{number}", day) for number, day in enumerate(dates))])
    result, _ = loaded(data)
    assert not result.contract and len(result.quarantine) == 2
