"""Exports that are tables of a server: a real PostgreSQL and a real MariaDB, started by the tests in a folder of their
own, give the same findings as files; and no password is ever shown."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.api import run
from auditor.core.data_place import DatabaseUrl, data_place
from auditor.core.errors import InputError, UsageError
from auditor.core.progress import Silent
from auditor.intake import load
from tests.intake.office import HEADERS, Store, case
from tests.intake.test_databases import SAMPLE, plain, rows_of

PASSWORD = "s3cret/p@ss"
WRITTEN = "s3cret%2Fp%40ss"


@dataclass
class Running:
    url: str
    open: Callable[[], Any]
    quote: str


def _program(name: str, *places: str) -> str:
    found = shutil.which(name) or next((str(path) for place in places for path in sorted(Path("/").glob(place))), None)
    if found is None:
        why = f"{name} is not installed: apt-get install postgresql mariadb-server"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return found


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _other_user(folder: Path) -> dict[str, Any]:
    """Servers refuse to run as root."""
    if os.getuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(open_: Callable[[], Any], server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        try:
            open_().close()
            return
        except Exception:  # noqa: BLE001  it is not up yet
            assert server.poll() is None, "the server ended"
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Running]:
    import psycopg

    initdb = _program("initdb", "usr/lib/postgresql/*/bin/initdb")
    program = _program("postgres", "usr/lib/postgresql/*/bin/postgres")
    # Not below pytest's own folder: nobody else may enter that.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _port()
        user = _other_user(folder)
        secret = folder / "pw"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = [
            initdb,
            "-D",
            str(folder / "d"),
            "-U",
            "boss",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
        ]
        subprocess.run([*made, "--locale=C", "-N"], check=True, capture_output=True, cwd=folder, **user)
        told = ["-D", str(folder / "d"), "-p", str(port), "-k", str(folder), "-F", "-c", "listen_addresses=127.0.0.1"]
        server = subprocess.Popen(
            [program, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **user
        )

        def open_() -> Any:
            return psycopg.connect(
                host="127.0.0.1", port=port, user="boss", password=PASSWORD, dbname="postgres", autocommit=True
            )

        try:
            _wait(open_, server)
            yield Running(url=f"postgresql://boss:{WRITTEN}@127.0.0.1:{port}/postgres", open=open_, quote='"')
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def mariadb() -> Iterator[Running]:
    import pymysql

    install = _program("mariadb-install-db")
    program = _program("mariadbd", "usr/sbin/mariadbd")
    with tempfile.TemporaryDirectory(prefix="maria-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _port()
        user = _other_user(folder)
        place = [f"--datadir={folder / 'd'}"]
        made = [install, "--no-defaults", *place, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **user)
        told = [f"--socket={folder / 's'}", f"--port={port}", "--bind-address=127.0.0.1", f"--pid-file={folder / 'p'}"]
        server = subprocess.Popen(
            [program, "--no-defaults", *place, *told, "--sql-mode="],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **user,
        )

        def root() -> Any:
            return pymysql.connect(unix_socket=str(folder / "s"), user="root", charset="utf8mb4", autocommit=True)

        def open_() -> Any:
            return pymysql.connect(
                host="127.0.0.1", port=port, user="boss", password=PASSWORD, database="county", autocommit=True
            )

        try:
            _wait(root, server)
            with root() as con, con.cursor() as cursor:
                cursor.execute("create database county character set gbk")
                cursor.execute("create user boss@'127.0.0.1' identified by %s", (PASSWORD,))
                cursor.execute("grant all on county.* to boss@'127.0.0.1'")
            yield Running(url=f"mysql://boss:{WRITTEN}@127.0.0.1:{port}/county", open=open_, quote="`")
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(params=["postgres", "mariadb"])
def server(request: pytest.FixtureRequest) -> Running:
    return request.getfixturevalue(request.param)


def fill(server: Running, name: str, head: list[str], body: list[list[Any]]) -> None:
    q = server.quote
    with server.open() as con, con.cursor() as cursor:
        cursor.execute(f"drop table if exists {name}")
        cursor.execute(f"create table {name} ({', '.join(f'{q}{column}{q} text' for column in head)})")
        cursor.executemany(f"insert into {name} values ({', '.join(['%s'] * len(head))})", body)  # noqa: S608


def drop(server: Running, *names: str) -> None:
    with server.open() as con, con.cursor() as cursor:
        for name in names:
            cursor.execute(f"drop table if exists {name}")


def test_the_sample_gives_the_same_findings_and_the_password_is_in_none_of_the_outputs(
    server: Running, tmp_path: Path
) -> None:
    names = [file.stem for file in SAMPLE.glob("*.csv")]
    for name in names:
        fill(server, name, *rows_of(SAMPLE / f"{name}.csv"))
    expected = plain(run(SAMPLE, period="2025-06").findings)
    done = run(server.url, period="2025-06", config=SAMPLE / "auditor.yaml")
    assert len(expected) > 0 and plain(done.findings).equals(expected)
    again = run(server.url, period="2025-06", config=SAMPLE / "auditor.yaml")
    assert [file.sha256 for file in done.result.inputs] == [file.sha256 for file in again.result.inputs]
    done.report(tmp_path / "out")
    written = b"\n".join(file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file())
    for word in (PASSWORD, WRITTEN, "boss@", "boss:", "127.0.0.1"):
        assert word.encode() not in written
    drop(server, *names)


def loaded(url: str, tmp_path: Path, profile: Path | None = None) -> tuple[Any, Store]:
    store = tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb"
    return load(data_place(url), profile=profile, store=store, progress=Silent()), Store(store)


def test_values_of_postgresql(postgres: Running, tmp_path: Path) -> None:
    columns = ", ".join(f'"{name}" text' for name in HEADERS if name not in ("case_id", "occurred_at"))
    with postgres.open() as con:
        con.execute("create schema s")
        con.execute(
            f"create table s.cases (case_id text primary key, {columns}, occurred_at timestamptz, fine_amount"
            " numeric(12,2), b bytea, j jsonb, l int[], e text, ok bool, f float8)"
        )
        names = ", ".join(f'"{name}"' for name in HEADERS)
        for key in ("C2", "C1"):
            con.execute(
                f"insert into s.cases ({names}, fine_amount, b, j, l, e, ok, f) values"  # noqa: S608
                " (%s, 'transport', 'U1', '1039', '2024-05-03 00:05:00.5+00', 'on_site', 'ordinary',"
                " 200.50, '\\xab00', '{\"a\": 1}', '{1,2}', %s, true, 5)",
                (key, 'a "quoted"\nline, 甲' if key == "C1" else ""),
            )
        con.execute("create table public.other (x int)")
        con.execute("create table s.part (x int) partition by range (x)")
        con.execute("create table s.part_1 partition of s.part for values from (1) to (9)")
    result, store = loaded(postgres.url, tmp_path)
    assert [(key, str(at), row) for key, at, row in store.rows("cases", "case_id", "occurred_at", "_row")] == [
        ("C1", "2024-05-03 08:05:00.500000", 2),
        ("C2", "2024-05-03 08:05:00.500000", 3),
    ]
    said = {"b": "ab00", "j": '{"a": 1}', "l": "[1,2]", "ok": "true", "f": "5"}
    assert store.rows("cases", "extra") == [({**said, "e": 'a "quoted"\nline, 甲'},), ({**said, "e": None},)]
    assert [str(amount) for (amount,) in store.rows("cases", "fine_amount")] == ["200.50", "200.50"]
    assert [entry.file for entry in result.unread] == ["postgres#public.other", "postgres#s.part"]
    assert result.inputs[0].file == "postgres#s.cases" and result.inputs[0].format == "postgresql"
    profile = tmp_path / "p.yaml"
    mapped = "".join(f"      {name}: {name}\n" for name in HEADERS)
    profile.write_text(f"profile: p\ntables:\n  cases:\n    files: ['#s.ca*']\n    columns:\n{mapped}")
    assert loaded(postgres.url, tmp_path, profile)[0].rows == {"cases": 2}
    profile.write_text(f"profile: p\ntables:\n  cases:\n    files: ['#s.caze']\n    columns:\n{mapped}")
    with pytest.raises(InputError, match=r"no table of postgres matches '#s.caze'"):
        loaded(postgres.url, tmp_path, profile)
    with postgres.open() as con:
        con.execute("create user weak password 'weak'")
    weak = postgres.url.replace(f"boss:{WRITTEN}", "weak:weak")
    with pytest.raises(InputError, match="permission denied for schema s"):
        loaded(weak, tmp_path)
    with postgres.open() as con:
        con.execute("drop schema s cascade")
        con.execute("drop table public.other")


def test_values_of_mysql(mariadb: Running, tmp_path: Path) -> None:
    with mariadb.open() as con, con.cursor() as cursor:
        columns = ", ".join(f"`{name}` varchar(40)" for name in HEADERS if name not in ("case_id", "occurred_at"))
        cursor.execute("drop table if exists cases")
        cursor.execute(
            f"create table cases (case_id varchar(20) primary key, {columns}, occurred_at datetime, fine_amount"
            " decimal(12,2), b varbinary(9), bi bit(3), ok tinyint(1), t text)"
        )
        names = ", ".join(f"`{name}`" for name in HEADERS)
        for key, at in (("C2", "0000-00-00 00:00:00"), ("C1", "2024-05-03 08:05:00")):
            cursor.execute(
                f"insert into cases ({names}, fine_amount, b, bi, ok, t) values"  # noqa: S608
                " (%s, 'transport', 'U1', '1039', %s, 'on_site', 'ordinary', 200.50, x'AB00', b'101', 1, '超速')",
                (key, at),
            )
    result, store = loaded(mariadb.url, tmp_path)
    assert [(key, str(at), row) for key, at, row in store.rows("cases", "case_id", "occurred_at", "_row")] == [
        ("C1", "2024-05-03 08:05:00", 2)
    ]
    assert store.rows("cases", "extra") == [({"b": "ab00", "bi": "5", "ok": "1", "t": "超速"},)]
    assert [(entry.source_file, entry.source_row, entry.reason) for entry in result.quarantine] == [
        ("county#cases", 3, "date_unreadable")
    ]
    drop(mariadb, "cases")


def test_what_a_server_refuses_is_one_clear_message_without_the_password(server: Running, tmp_path: Path) -> None:
    closed = f"127.0.0.1:{_port()}"
    address = server.url.partition("@")[2].partition("/")[0]
    for url in (
        server.url.replace(WRITTEN, "wr0ng-one"),
        server.url.replace(address, closed),
        server.url.replace(address, "no-such-host.invalid"),
        f"{server.url}_none",
        server.url.replace("boss", "nobody"),
    ):
        with pytest.raises(InputError) as caught:
            loaded(url, tmp_path)
        said = str(caught.value)
        assert "cannot be read" in said and "Traceback" not in said
        assert PASSWORD not in said and WRITTEN not in said and "wr0ng-one" not in said
        assert not list(tmp_path.iterdir())


def test_nothing_is_written_into_the_server(server: Running, tmp_path: Path) -> None:
    from auditor.intake.readers.server import connected

    fill(server, "cases", HEADERS, [case("C1")])
    url = data_place(server.url)
    assert isinstance(url, DatabaseUrl)
    with connected(url) as con, pytest.raises(InputError, match=r"(?i)read.only"), con.told("x"):
        con._con.cursor().execute("delete from cases")  # type: ignore[attr-defined]
    assert loaded(server.url, tmp_path)[0].rows == {"cases": 1}
    drop(server, "cases")


@pytest.mark.parametrize(
    "written",
    [
        "oracle://u:hush@h/db",
        "mysql://u:hush@h:port/db",
        "postgresql://u:hush@h",
        "postgresql://u:hush@h/a/b",
        "postgresql://u:hush@h/db#t",
        "postgresql://u:hush@[h/db",
        "mysql://u:hush@h/db?sslmode=require",
        "mysql://u:hush@h/db?connect_timeout=soon",
    ],
)
def test_a_url_that_cannot_be_one(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        data_place(written)
    assert "hush" not in str(caught.value)


def test_a_url_shows_its_database_alone() -> None:
    url = data_place("postgres://u%40x:hu%2Fsh@h:6432/db?sslmode=require")
    assert isinstance(url, DatabaseUrl)
    assert (url.system, url.user, url.password, url.port) == ("postgresql", "u@x", "hu/sh", 6432)
    assert str(url) == "db" and repr(url) == "DatabaseUrl(system='postgresql', database='db')"
    assert data_place("C:/data") == Path("C:/data") and data_place("a//b") == Path("a/b")
