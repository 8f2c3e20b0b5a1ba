"""What a rule would do if the linter let it: the session refuses it too."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot

from auditor.engines.duckdb import DuckSession, of_tables, open_store

WAYS_OUT = [
    "select * from read_csv('{file}')",
    "select * from read_text('{file}')",
    "select * from '{file}'",
    "select * from glob('/etc/*')",
    "copy cases to '{out}'",
    "copy (select * from cases) to '{out}'",
    "attach '{out}' as other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "reset enable_external_access",
    "pragma enable_external_access = true",
    "set lock_configuration = false",
    "pragma database_list",
    "select getenv('HOME')",
    "select current_setting('temp_directory')",
    "select count(*) from information_schema.tables",
    "select * from cases where case_id in (select table_name from information_schema.tables)",
    "select * from duckdb_settings()",
    "select * from duckdb_databases",
    "select * from duckdb_secrets()",
    "select * from sqlite_scan('{file}', 'x')",
    "insert into cases values ('B')",
    "update cases set case_id = 'B'",
    "delete from cases",
    "drop table cases",
    "create table other as select 1",
]
BY_DUCKDB_ITSELF = [
    "export database '{out}'",
    *(
        statement
        for statement in WAYS_OUT
        if not any(word in statement for word in ("information_schema", "current_setting", "duckdb_", "database_list"))
    ),
]
"""Looking at its own catalogs and settings is what DuckDB never forbids; only the session does."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table cases (case_id varchar)")
        connection.execute("insert into cases values ('A')")
    return path


@pytest.fixture
def session(store: Path, tmp_path: Path) -> Iterator[DuckSession]:
    with open_store(store, spill=tmp_path / "spill") as opened:
        yield opened


def told(statement: str, tmp_path: Path) -> str:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    return statement.format(file=secret, out=tmp_path / "out")


@pytest.mark.parametrize("statement", WAYS_OUT)
def test_the_session_refuses(session: DuckSession, statement: str, tmp_path: Path) -> None:
    tree = sqlglot.parse_one(told(statement, tmp_path), dialect="duckdb")
    for asked in (session.rows, lambda query: session.keep("kept", query), lambda query: session.share("kept", query)):
        with pytest.raises(duckdb.Error):
            asked(tree)
    assert not (tmp_path / "out").exists()
    assert session.rows(sqlglot.parse_one("select case_id from cases")) == [{"case_id": "A"}]


@pytest.mark.parametrize("statement", BY_DUCKDB_ITSELF)
def test_duckdb_refuses_even_what_slips_past_the_session(session: DuckSession, statement: str, tmp_path: Path) -> None:
    if statement == "create table other as select 1":
        statement = "create table store.main.other as select 1"
    with pytest.raises(duckdb.Error):
        session._connection.execute(told(statement, tmp_path))
    assert not (tmp_path / "out").exists()


def test_the_small_tables_of_a_rules_test_are_as_locked(tmp_path: Path) -> None:
    given = {"cases": (("case_id",), ({"case_id": "A"},))}
    with of_tables(given, {"day": [], "is_workday": []}) as session:
        assert session.rows(sqlglot.parse_one("select case_id from cases")) == [{"case_id": "A"}]
        for statement in ("select * from read_csv('{file}')", "select current_setting('temp_directory')"):
            with pytest.raises(duckdb.PermissionException):
                session.rows(sqlglot.parse_one(told(statement, tmp_path), dialect="duckdb"))
        with pytest.raises(duckdb.Error, match="disabled"):
            session._connection.execute(told("select * from read_csv('{file}')", tmp_path))


def test_what_is_shared_is_seen_beside_and_what_is_kept_is_not(session: DuckSession, store: Path) -> None:
    cases, other = sqlglot.parse_one("select case_id from cases"), session.beside()
    assert other is not None
    session.share("shared", cases)
    session.keep("kept", cases)
    with pytest.raises(duckdb.CatalogException):
        other.rows(sqlglot.parse_one("select case_id from shared"))
    for each in (session, other):
        each.see("shared")
        assert each.rows(sqlglot.parse_one("select case_id from shared")) == [{"case_id": "A"}]
    with pytest.raises(duckdb.CatalogException):
        other.rows(sqlglot.parse_one("select case_id from kept"))
    with duckdb.connect(str(store), read_only=True) as connection:
        assert connection.execute("SELECT table_name FROM information_schema.tables").fetchall() == [("cases",)]


def test_what_is_shared_anew_takes_the_place_of_what_was(session: DuckSession) -> None:
    other = session.beside()
    assert other is not None
    for n in (1, 2):
        session.share("shared", sqlglot.parse_one(f"select {n} as n"))
        for each in (session, other):
            each.see("shared")
            assert each.rows(sqlglot.parse_one("select n from shared")) == [{"n": n}]
    other.share("shared", sqlglot.parse_one("select 'other columns' as words"))
    session.see("shared")
    assert session.rows(sqlglot.parse_one("select * from shared")) == [{"words": "other columns"}]
