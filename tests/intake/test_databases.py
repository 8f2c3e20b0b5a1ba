"""Exports that are databases in a file: every table of its own name, no value changed, nothing written beside them."""

import csv
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from auditor.api import run
from auditor.core.errors import InputError
from tests.intake.office import HEADERS, case, loaded, write_csv

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
POSITIONS = ["source_file", "source_row"]


def rows_of(path: Path) -> tuple[list[str], list[list[str | None]]]:
    """A canonical csv file: what it does not say is NULL in a database."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(file)
    return head, [[value or None for value in row] for row in body]


def as_sqlite(path: Path, tables: dict[str, tuple[list[str], list[list[Any]]]]) -> Path:
    con = sqlite3.connect(path)
    for name, (head, body) in tables.items():
        columns = ", ".join(f'"{column}"' for column in head)
        con.execute(f'create table "{name}" ({columns})')
        con.executemany(f'insert into "{name}" values ({", ".join("?" * len(head))})', body)  # noqa: S608
    con.commit()
    con.close()
    return path


def as_duckdb(path: Path, folder: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        for file in sorted(folder.glob("*.csv")):
            con.read_csv(str(file)).create(file.stem)
    return path


def plain(findings: Any) -> Any:
    """Findings without where their rows stood."""
    told = findings.drop(columns=[name for name in POSITIONS if name in findings.columns])
    return told.assign(conditions=[json.loads(asked)["met"] for asked in told["conditions"]])


def test_the_sample_gives_the_same_findings_from_each_kind_of_database(tmp_path: Path) -> None:
    expected = plain(run(SAMPLE, period="2025-06").findings)
    assert len(expected) > 0
    settings = SAMPLE / "auditor.yaml"
    quick = as_duckdb(tmp_path / "county.duckdb", SAMPLE)
    light = as_sqlite(tmp_path / "county.db", {file.stem: rows_of(file) for file in SAMPLE.glob("*.csv")})
    for path in (quick, light):
        found = plain(run(path, period="2025-06", config=settings).findings)
        assert found.equals(expected), path.name


def test_values_of_sqlite_stay_what_they_are(data: Path) -> None:
    head = [*HEADERS, "party_id", "fine_amount", "note", "b"]
    first = [*case("C1", "2024/5/3 8:05"), "007", 5.0, "x\0y", b"\xab\x00"]
    second = [*case("C2"), 110101199003070012, 200.5, "甲".encode("gb18030").decode("latin-1"), None]
    path = as_sqlite(data / "office.sqlite", {"cases": (head, [first, second]), "cases_bak": (head, [])})
    con = sqlite3.connect(path)
    # Text that an old program stored in the encoding of its time: the bytes of 甲 in GB18030.
    con.execute("update cases set note = cast(x'BCD7' as text) where case_id = 'C2'")
    con.execute("create view officers as select 'P1' as officer_id, 'U1' as unit_id, 'A' as name")
    con.commit()
    con.close()
    result, store = loaded(data)
    assert store.rows("cases", "case_id", "party_id", "fine_amount", "_file", "_row") == [
        ("C1", "007", 5, "office.sqlite#cases", 2),
        ("C2", "110101199003070012", 200.5, "office.sqlite#cases", 3),
    ]
    assert store.rows("cases", "extra") == [({"note": "x\0y", "b": "ab00"},), ({"note": "甲", "b": None},)]
    assert [entry.file for entry in result.unread] == ["office.sqlite#cases_bak"]
    assert len(store.rows("officers", "officer_id")) == 1
    assert sorted(file.name for file in data.iterdir()) == ["office.sqlite"]


def test_a_database_with_a_journal_is_read_with_it_and_one_without_makes_none(data: Path) -> None:
    path = as_sqlite(data / "a.sqlite3", {"cases": (HEADERS, [case("C1")])})
    con = sqlite3.connect(path)
    con.execute("pragma journal_mode = wal")
    con.close()
    assert loaded(data)[0].rows == {"cases": 1}
    assert [file.name for file in data.iterdir()] == ["a.sqlite3"]
    before = loaded(data)[0].inputs[0].sha256
    con = sqlite3.connect(path)
    con.execute("insert into cases select * from cases")
    con.execute("update cases set case_id = 'C2' where rowid = 2")
    con.commit()
    result, _ = loaded(data)
    con.close()
    assert result.rows == {"cases": 2} and result.inputs[0].sha256 != before
    assert {entry.file for entry in result.unread} == {"a.sqlite3-shm", "a.sqlite3-wal"}


def test_tables_of_duckdb_by_schema_and_by_pattern(data: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(data / "x.ddb")) as con:
        con.execute("create schema old")
        for schema, case_id in (("main", "C1"), ("old", "C2")):
            con.execute(
                f"create table {schema}.cases as select '{case_id}' case_id, 'transport' as \"domain\", 'U1' unit_id,"
                " 1039::hugeint violation_code, timestamptz '2024-05-03 00:05:00+00' occurred_at, 'on_site' capture,"
                " 'ordinary' as procedure, 1.50::decimal(9,2) fine_amount, interval 90 minute waited, [1, 2] l"
            )
        con.execute('create table old."a.b" as select 1 x')
    _, store = loaded(data)
    moment = store.rows("cases", "case_id", "occurred_at", "violation_code", "_file")
    assert [(row[0], str(row[1]), row[2], row[3]) for row in moment] == [
        ("C1", "2024-05-03 08:05:00", "1039", "x.ddb#cases"),
        ("C2", "2024-05-03 08:05:00", "1039", "x.ddb#old.cases"),
    ]
    assert store.rows("cases", "extra")[0] == ({"waited": "01:30:00", "l": "[1, 2]"},)
    profile = tmp_path / "p.yaml"
    columns = "".join(f"      {name}: {name}\n" for name in HEADERS)
    profile.write_text(f"profile: p\ntables:\n  cases:\n    files: ['#old.c*']\n    columns:\n{columns}")
    result, store = loaded(data, profile)
    assert store.rows("cases", "case_id") == [("C2",)]
    assert [entry.file for entry in result.unread] == ["x.ddb#cases", 'x.ddb#old."a.b"']


def test_a_view_reads_nothing_outside_of_its_file(data: Path, tmp_path: Path) -> None:
    secret = write_csv(tmp_path / "secret.csv", [HEADERS, case("SECRET")])
    with duckdb.connect(str(data / "x.duckdb")) as con:
        con.execute(f"create view cases as select * from read_csv('{secret}')")  # noqa: S608
    with pytest.raises(InputError) as caught:
        loaded(data)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("name", ["cases.duckdb", "cases.sqlite", "x.sqlite3", "x.ddb", "x.db"])
def test_an_empty_file_is_one_clear_message(data: Path, name: str) -> None:
    (data / name).write_bytes(b"")
    with pytest.raises(InputError, match=f"{name}: the file is empty"):
        loaded(data)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.duckdb", b"junk" * 5000, "is not a DuckDB file"),
        ("x.sqlite", b"junk" * 5000, "no SQLite file, or an encrypted one"),
        ("x.sqlite", b"SQLite format 3\0" + b"\1" * 9000, "SQLite file"),
        ("x.duckdb", b"\0" * 8 + b"DUCK" + b"\0" * 9000, "x.duckdb"),
    ],
)
def test_a_broken_file_is_one_clear_message(data: Path, name: str, content: bytes, says: str) -> None:
    (data / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        loaded(data)
    assert says in str(caught.value) and "Traceback" not in str(caught.value)


def test_what_only_ends_in_db_is_listed(data: Path) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    (data / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" * 9)
    result, _ = loaded(data)
    assert [(entry.file, entry.reason.en) for entry in result.unread] == [
        ("Thumbs.db", "not a database of DuckDB or SQLite")
    ]


def test_a_file_cut_short(data: Path) -> None:
    whole = as_sqlite(data / "x.sqlite", {"cases": (HEADERS, [case(f"C{n}") for n in range(2000)])})
    whole.write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(InputError, match=r"malformed|SQLite"):
        loaded(data)


def test_a_file_that_another_program_writes(data: Path) -> None:
    path = data / "x.duckdb"
    said = "import duckdb,sys;c=duckdb.connect(sys.argv[1]);c.execute('create table cases(a int)');print(1,flush=True)"
    other = subprocess.Popen(
        [sys.executable, "-c", f"{said};input()", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(InputError, match="in use by another program"):
            loaded(data)
    finally:
        other.kill()
        other.wait()
