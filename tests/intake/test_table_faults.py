"""What is wrong with a table as a whole: said once, with numbers and files, and not where chance may do the same."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.core.errors import InputError
from auditor.core.result import ContractFinding
from auditor.core.schema import Column, Table, exported
from auditor.intake.checks.thresholds import EXPECTED, EXPECTED_IN_BURSTS, USUAL
from tests.intake.office import HEADERS, case, loaded, write_csv

SOUND = {"string": "x", "int": "1", "double": "1", "money": "1", "timestamp": "2024-05-03 08:05", "date": "2024-05-03"}
BAD = {"int": "many", "double": "many", "money": "many", "timestamp": "soon", "date": "soon", "bool": "maybe"}


def _sound(column: Column) -> str:
    return next(iter(column.codes)) if column.codes else SOUND.get(column.type, "yes")


def _row(table: Table, number: int) -> dict[str, str]:
    """A row that keeps every promise, unlike every other in its key."""
    row = {column.name: _sound(column) for column in table.columns.values()}
    for name in table.key:
        column = table.columns[name]
        row[name] = f"id{number}" if column.type == "string" else f"2024-01-{number + 1:02}"
    return row


@pytest.mark.parametrize("table", exported().values(), ids=lambda table: table.name)
def test_every_table_names_all_faults_of_a_row_and_keeps_the_others(data: Path, table: Table) -> None:
    """For each column of the schema: what its type cannot read, a word that is no code, a required value left out."""
    names = list(table.columns)
    rows = [_row(table, number) for number in range(4)]
    expected: set[tuple[str, str]] = set()
    for column in table.columns.values():
        if column.type in BAD:
            rows[1][column.name] = BAD[column.type]
            expected.add(
                (
                    column.name,
                    {"timestamp": "date_unreadable", "date": "date_unreadable", "bool": "code_unknown"}.get(
                        column.type, "number_unreadable"
                    ),
                )
            )
        elif column.codes:
            rows[1][column.name] = "no such code"
            expected.add((column.name, "code_unknown"))
        elif column.required:
            rows[1][column.name] = ""
            expected.add((column.name, "required_missing"))
    write_csv(data / f"{table.name}.csv", [names, *([row[name] for name in names] for row in rows)])
    result, _ = loaded(data)
    assert {(entry.column, entry.reason) for entry in result.quarantine} == expected
    assert {entry.source_row for entry in result.quarantine} == ({3} if expected else set())
    assert [row.source_row for row in result.held] == ([3] if expected else [])
    assert not [fault for fault in result.contract if fault.check != "column_missing"]


def test_an_officer_who_is_in_no_register_is_no_ground_for_quarantine(data: Path) -> None:
    write_csv(data / "cases.csv", [[*HEADERS, "officer_id"], [*case("C1"), "P9"]])
    write_csv(data / "officers.csv", [["officer_id"], ["P1"]])
    result, _ = loaded(data)
    assert not result.quarantine and not result.contract


def test_a_table_without_a_required_column_is_left_out_and_the_rest_is_audited(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    write_csv(data / "payments-1.csv", [["case_id", "paid_at"], ["C1", "2024-05-04"]])
    write_csv(
        data / "payments-2.csv", [["payment_id", "case_id", "amount", "paid_at"], ["P1", "C1", "9", "2024-05-04"]]
    )
    result, _ = loaded(data)
    assert set(result.columns) == {"cases"}
    [fault] = [fault for fault in result.contract if fault.check == "column_missing"]
    assert fault.table_name == "payments" and fault.rows == ("payments-1.csv", "payments-2.csv")
    assert "payment_id" in fault.text.en and "payment_id" in fault.text.zh
    assert [entry.file for entry in result.unread] == ["payments-1.csv", "payments-2.csv"]


def test_cases_without_a_required_column_and_nothing_else_end_the_audit(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS[1:], case("C1")[1:]])
    with pytest.raises(InputError, match="case_id"):
        loaded(data)
    (data / "cases.csv").unlink()
    write_csv(data / "payments.csv", [["case_id"], ["C1"]])
    with pytest.raises(InputError, match="payment_id"):
        loaded(data)


@pytest.mark.parametrize(
    ("column", "bad", "good"), [("points", "many", "3"), ("outcome", "nothing", "fine"), ("corrected", "maybe", "yes")]
)
@pytest.mark.parametrize(("bad_of_ten", "found"), [(4, False), (5, True)])
def test_more_than_two_in_five_unreadable_values_are_the_columns_fault(
    data: Path, column: str, bad: str, good: str, bad_of_ten: int, found: bool
) -> None:
    """Ten values and two cells without one, which are in no denominator."""
    values = [bad] * bad_of_ten + [good] * (10 - bad_of_ten) + ["", ""]
    write_csv(
        data / "cases.csv",
        [[*HEADERS, column], *([*case(f"C{number}"), value] for number, value in enumerate(values))],
    )
    result, _ = loaded(data)
    assert [fault.check for fault in result.contract] == (["values_unreadable"] if found else [])
    if found:
        assert "5/10" in result.contract[0].text.zh and "5 of 10" in result.contract[0].text.en


@pytest.mark.parametrize(("values", "found"), [(2, False), (3, True)])
def test_one_slip_among_two_values_is_no_fault_of_a_column(data: Path, values: int, found: bool) -> None:
    rows = [[*case(f"C{number}"), "many"] for number in range(values)] + [[*case("C9"), ""]]
    write_csv(data / "cases.csv", [[*HEADERS, "points"], *rows])
    result, _ = loaded(data)
    assert bool(result.contract) is found


def test_ids_that_stand_in_two_files_name_both(data: Path) -> None:
    write_csv(data / "cases-a.csv", [HEADERS, *(case(f"C{number}") for number in range(5))])
    write_csv(data / "cases-b.csv", [HEADERS, case("C1"), case("C2"), case("D1"), case("D1")])
    result, _ = loaded(data)
    [fault] = result.contract
    # C1 and C2 stand in both; D1 twice in one file is a fault of its rows alone, and one of the 3 ids there.
    assert fault.check == "ids_collide" and fault.rows == ("cases-a.csv", "cases-b.csv")
    assert "2 个编号" in fault.text.zh and "共 3 个" in fault.text.zh and "2 ids in common, of 3" in fault.text.en


def test_the_same_file_twice_is_said_so_and_not_as_colliding_ids(data: Path) -> None:
    for name in ("cases-a.csv", "cases-b.csv"):
        write_csv(data / name, [HEADERS, case("C1"), case("C2")])
    result, _ = loaded(data)
    assert [fault.check for fault in result.contract] == ["empty", "file_twice"]
    assert result.contract[1].rows == ("cases-a.csv", "cases-b.csv")


def _months(data: Path, counts: Mapping[str, int], table: str = "cases") -> list[ContractFinding]:
    """So many rows in each month, spread over its first 28 days, the last of them on the month's last day."""
    rows: list[list[str]] = []
    for month, count in counts.items():
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        days = [first + timedelta(days=number % 28) for number in range(count)]
        for number, day in enumerate([*days[:-1], last] if days else []):
            moment = f"{day} 09:30:00"
            ident = f"{table}-{month}-{number}"
            rows.append(case(ident, moment) if table == "cases" else [ident, moment])
    header = HEADERS if table == "cases" else ["complaint_id", "received_at"]
    write_csv(data / f"{table}.csv", [header, *rows])
    result, _ = loaded(data)
    return [fault for fault in result.contract if fault.check in ("month_empty", "rows_fell")]


@pytest.mark.parametrize(("a_month", "found"), [(EXPECTED, True), (EXPECTED - 1, False)])
def test_a_month_without_cases_is_missed_where_there_should_be_some(data: Path, a_month: int, found: bool) -> None:
    faults = _months(data, {"2024-01": a_month, "2024-02": a_month, "2024-04": a_month, "2024-05": a_month})
    assert [fault.check for fault in faults] == (["month_empty"] if found else [])
    if found:
        assert "2024-03" in faults[0].text.zh and "2024-03" in faults[0].text.en and faults[0].rows == ("cases.csv",)


@pytest.mark.parametrize(("a_month", "found"), [(EXPECTED_IN_BURSTS, True), (EXPECTED_IN_BURSTS - 1, False)])
def test_of_other_tables_more_is_asked_before_an_empty_month_is_said(data: Path, a_month: int, found: bool) -> None:
    months = {"2024-01": a_month, "2024-02": a_month, "2024-05": a_month, "2024-06": a_month}
    faults = _months(data, months, "complaints")
    assert [fault.check for fault in faults] == (["month_empty"] if found else [])
    if found:
        assert "2024-03 – 2024-04" in faults[0].text.en


def test_a_stray_date_of_another_decade_makes_no_empty_years(data: Path) -> None:
    assert not _months(data, {"2004-05": 1, "2024-01": 40, "2024-02": 40, "2024-03": 40})
    assert not _months(data, {"2024-01": 40, "2024-02": 40, "2024-03": 40, "2034-05": 1})


def test_before_the_data_begin_and_after_they_end_nothing_is_missing(data: Path) -> None:
    assert not _months(data, {"2023-12": 60, "2024-01": 60, "2024-02": 60})


@pytest.mark.parametrize(("usual", "last", "found"), [(USUAL, 15, True), (USUAL, 16, False), (USUAL - 2, 2, False)])
def test_a_last_month_of_half_the_rows_or_fewer_has_fallen(data: Path, usual: int, last: int, found: bool) -> None:
    """15 of 30 is just half, 16 is not; of 28 in a usual month nothing is said."""
    faults = _months(data, {"2024-01": usual, "2024-02": usual, "2024-03": usual, "2024-04": last})
    assert [fault.check for fault in faults] == (["rows_fell"] if found else [])
    if found:
        assert "15" in faults[0].text.zh and "30" in faults[0].text.zh and "50%" in faults[0].text.en


def test_two_months_before_are_too_few_to_fall_from(data: Path) -> None:
    assert not _months(data, {"2024-01": 60, "2024-02": 60, "2024-03": 1})


def test_a_month_that_is_not_over_has_not_fallen(data: Path) -> None:
    rows = [
        case(f"{month}-{number}", f"2024-{month:02}-{1 + number % 28:02} 09:30")
        for month in (1, 2, 3, 4)
        for number in range(60)
    ]
    rows += [case("last", "2024-04-30 09:30"), case("new", "2024-05-02 09:30")]
    write_csv(data / "cases.csv", [HEADERS, *rows])
    result, _ = loaded(data)
    assert not result.contract


def test_another_table_that_stops_before_the_cases_do_has_fallen_to_nothing(data: Path) -> None:
    _months(data, {"2024-01": 60, "2024-02": 60, "2024-03": 60, "2024-04": 60})
    [fault] = _months(data, {"2024-01": 40, "2024-02": 40, "2024-03": 40}, "complaints")
    assert (fault.table_name, fault.check) == ("complaints", "rows_fell") and "2024-04" in fault.text.en
