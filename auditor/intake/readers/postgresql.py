"""A PostgreSQL database: every table as the text of a COPY, which the server writes and Arrow takes apart.

The server turns values into text: numbers with all their digits, moments with a zone in Shanghai's time, bytes as hex,
arrays and rows as JSON. COPY rather than a cursor: no value passes through Python one by one, and no more than a few
blocks are held. Tables without a primary key come in the order in which the server keeps them.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pyarrow.csv as _csv  # pyright: ignore[reportMissingTypeStubs]
from sqlglot import exp

from auditor.core.data_place import DatabaseUrl
from auditor.core.errors import InputError
from auditor.intake.readers.base import pa
from auditor.intake.readers.relation import Relation
from auditor.intake.readers.server import TIMEOUT, Server, refused

csv = cast(Any, _csv)

_BLOCK = 16 << 20
"""Bytes of text at a time; no row may be longer."""
_SETTINGS = {
    "timezone": "Asia/Shanghai",
    "datestyle": "ISO, YMD",
    "intervalstyle": "iso_8601",
    "extra_float_digits": "1",
    "synchronize_seqscans": "off",
    "lock_timeout": "60s",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_RELATIONS = """
select n.nspname, c.relname
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by 1, 2
"""
_COLUMNS = """
select a.attname, format_type(a.atttypid, null), t.typcategory,
  (select array_position(i.indkey::int2[], a.attnum) from pg_catalog.pg_index i
   where i.indrelid = c.oid and i.indisprimary)
from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_type t on t.oid = a.atttypid
where n.nspname = %s and c.relname = %s and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
_NESTED = ("A", "C")


class PostgresServer(Server):
    public = "public"

    def __init__(self, url: DatabaseUrl, con: Any) -> None:
        super().__init__(url)
        self._con = con
        with self.told(url.database):
            for name, value in _SETTINGS.items():
                con.execute("select set_config(%s, %s, false)", (name, value))
            con.commit()
            self._relations = tuple(Relation(schema=schema, name=name) for schema, name in con.execute(_RELATIONS))

    def relations(self) -> tuple[Relation, ...]:
        return self._relations

    def columns(self, relation: Relation) -> tuple[str, ...]:
        return tuple(name for name, *_ in self._columns(relation))

    def rows(self, relation: Relation, digest: Callable[[bytes], object]) -> Iterator[Any]:
        columns = self._columns(relation)
        query = exp.select(*(_text(*column[:3]) for column in columns)).from_(_table(relation))
        key = sorted((place, name) for name, _, _, place in columns if place is not None)
        if key:
            query = query.order_by(*(exp.column(name, quoted=True) for _, name in key))
        names = [f"c{place}" for place in range(len(columns))]
        told = f"copy ({query.sql('postgres')}) to stdout (format csv, force_quote *)"
        with self._con.transaction():
            # An empty COPY is no text that Arrow would take for a table.
            if not self._con.execute(exp.select("1").from_(_table(relation)).limit(1).sql("postgres")).fetchone():
                return
        # A table that cannot be read takes no more back than its own savepoint: the others are still looked at.
        with self._con.transaction(), self._con.cursor() as cursor, cursor.copy(told.encode()) as copy:
            reader = csv.open_csv(
                pa.PythonFile(_Blocks(copy, digest), mode="r"),
                csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
                csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                ),
            )
            for batch in reader:
                if batch.num_rows:
                    yield batch.columns

    def closed(self) -> None:
        self._con.close()

    @contextmanager
    def told(self, place: str) -> Generator[None]:
        import psycopg

        try:
            yield
        except psycopg.errors.InsufficientPrivilege as error:
            raise refused(self.url, place, error, hint="ask for the right to read it (GRANT SELECT)") from None
        except (psycopg.Error, pa.ArrowException, UnicodeError) as error:
            raise refused(self.url, place, error) from None

    def _columns(self, relation: Relation) -> list[tuple[str, str, str, int | None]]:
        with self.told(f"{self.name}#{relation.part}"):
            return self._con.execute(_COLUMNS, (relation.schema, relation.name)).fetchall()


class _Blocks:
    """The bytes of a COPY, as a file that can only be read on."""

    closed = False

    def __init__(self, copy: Any, digest: Callable[[bytes], object]) -> None:
        self._copy, self._digest = copy, digest
        self._left = bytearray()

    def read(self, size: int = -1) -> bytes:
        while (size < 0 or len(self._left) < size) and (block := self._copy.read()):
            self._digest(block)
            self._left += block
        end = len(self._left) if size < 0 else size
        said = bytes(self._left[:end])
        del self._left[:end]
        return said

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True


def connect(url: DatabaseUrl) -> Server:
    """Raises InputError where the server does not let us in, ImportError without the library."""
    import psycopg

    options = {"connect_timeout": str(TIMEOUT), **dict(url.options)}
    host = options.pop("host", url.host)
    try:
        con = psycopg.connect(
            dbname=url.database,
            host=host,
            port=url.port,
            user=url.user,
            password=url.password,
            client_encoding="utf8",
            application_name="auditor",
            **cast(Any, options),
        )
    except (psycopg.Error, UnicodeError) as error:
        raise refused(url, url.database, error, hint="look at the host, port, user and password of the URL") from None
    con.read_only = True
    con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        return PostgresServer(url, con)
    except InputError:
        con.close()
        raise


def _table(relation: Relation) -> exp.Table:
    return exp.Table(
        this=exp.to_identifier(relation.name, quoted=True), db=exp.to_identifier(relation.schema, quoted=True)
    )


def _text(name: str, kind: str, category: str) -> Any:
    value: Any = exp.column(exp.to_identifier(name, quoted=True))
    if category in _NESTED:
        value = exp.func("to_json", value, dialect="postgres")
    match kind:
        case "bytea":
            return exp.func("encode", value, exp.Literal.string("hex"), dialect="postgres")
        case "timestamp with time zone":
            # In the session's zone, which is Shanghai's.
            value = exp.cast(value, "timestamp")
        case "money":
            value = exp.cast(value, "numeric")
        case _:
            pass
    return exp.cast(value, "text")
