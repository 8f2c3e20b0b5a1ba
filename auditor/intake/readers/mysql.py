"""A MySQL or MariaDB database: rows as the text that the server sends, taken one batch at a time.

The server turns values into text and into UTF-8, whatever its tables are kept in; a zero date (0000-00-00) stays as it
is, so that it is set aside as no date. Columns of the type TIMESTAMP are in Shanghai's time. Tables of an engine
without transactions (MyISAM) are as they are when they are read.
"""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlglot import exp

from auditor.core.data_place import DatabaseUrl
from auditor.core.errors import InputError
from auditor.intake.readers.base import pa
from auditor.intake.readers.relation import Relation, row_digest
from auditor.intake.readers.server import TIMEOUT, Server, refused

_ROWS = 20_000
_BIT = 16
_SETTINGS = (
    "set session transaction isolation level repeatable read",
    "set time_zone = '+08:00'",
    "set net_write_timeout = 3600",
    "start transaction with consistent snapshot, read only",
)
_RELATIONS = "select table_name from information_schema.tables where table_schema = database() order by table_name"
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = database() and table_name = %s order by ordinal_position
"""
_KEY = """
select column_name from information_schema.key_column_usage
where table_schema = database() and table_name = %s and constraint_name = 'PRIMARY' order by ordinal_position
"""


class MysqlServer(Server):
    def __init__(self, url: DatabaseUrl, con: Any) -> None:
        super().__init__(url)
        self._con = con
        with self.told(url.database):
            for setting in _SETTINGS:
                self._asked(setting)
            self._relations = tuple(Relation(schema=None, name=name) for (name,) in self._asked(_RELATIONS))

    def relations(self) -> tuple[Relation, ...]:
        return self._relations

    def columns(self, relation: Relation) -> tuple[str, ...]:
        with self.told(f"{self.name}#{relation.part}"):
            return tuple(name for (name,) in self._asked(_COLUMNS, relation.name))

    def rows(self, relation: Relation, digest: Callable[[bytes], object]) -> Iterator[Any]:
        from pymysql.cursors import SSCursor

        key = [exp.column(name, quoted=True) for (name,) in self._asked(_KEY, relation.name)]
        names = [exp.column(name, quoted=True) for name in self.columns(relation)]
        table = exp.Table(this=exp.to_identifier(relation.name, quoted=True))
        with self._con.cursor(SSCursor) as cursor:
            query = exp.select(*names).from_(table)
            cursor.execute((query.order_by(*key) if key else query).sql("mysql"))
            bits = [column[1] == _BIT for column in cursor.description]
            while rows := cursor.fetchmany(_ROWS):
                columns = [_as_text(values, bit) for values, bit in zip(zip(*rows, strict=True), bits, strict=True)]
                digest(row_digest(columns))
                yield columns

    def closed(self) -> None:
        # Not asked to end politely: rows that were not taken would have to be read first.
        self._con._force_close()

    @contextmanager
    def told(self, place: str) -> Generator[None]:
        import pymysql

        try:
            yield
        except (pymysql.Error, OSError, UnicodeError) as error:
            raise refused(self.url, place, error) from None

    def _asked(self, query: str, *values: str) -> Sequence[tuple[Any, ...]]:
        with self._con.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()


def connect(url: DatabaseUrl) -> Server:
    """Raises InputError where the server does not let us in, ImportError without the library."""
    import pymysql
    from pymysql.converters import encoders

    options = dict(url.options)
    ways: dict[str, Any] = {key: options[key] for key in ("unix_socket", "ssl_ca") if key in options}
    try:
        con = pymysql.connect(
            database=url.database,
            host=url.host or "127.0.0.1",
            port=url.port or 3306,
            user=url.user,
            password=url.password or os.environ.get("MYSQL_PWD", ""),
            charset="utf8mb4",
            connect_timeout=int(options.get("connect_timeout", TIMEOUT)),
            # Only what is sent is converted: what comes back is text.
            conv=cast(Any, encoders),
            **ways,
        )
    except (pymysql.Error, OSError, UnicodeError, RuntimeError) as error:
        raise refused(url, url.database, error, hint="look at the host, port, user and password of the URL") from None
    try:
        return MysqlServer(url, con)
    except InputError:
        con.close()
        raise


def _as_text(values: Sequence[Any], bit: bool) -> Any:
    if bytes in set(map(type, values)):
        values = [_printed(value, bit) if isinstance(value, bytes) else value for value in values]
    return pa.array(values, pa.string())


def _printed(value: bytes, bit: bool) -> str:
    return str(int.from_bytes(value, "big")) if bit else value.hex()
