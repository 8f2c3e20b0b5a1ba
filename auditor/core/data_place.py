"""Where the data lie: a folder or file of exports, or a database server named by its URL.

A URL is taken apart once, where a person wrote it, and from then on shows itself by the name of its database alone:
host, user and password are in no message, no result and no record of a run.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from auditor.core.errors import UsageError
from auditor.core.problem import Location, Problem, did_you_mean

System = Literal["postgresql", "mysql"]

_SYSTEMS: dict[str, System] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
_OPTIONS: dict[System, tuple[str, ...]] = {
    "postgresql": ("host", "sslmode", "sslrootcert", "connect_timeout"),
    "mysql": ("unix_socket", "ssl_ca", "connect_timeout"),
}
_FORM = "write postgresql://user@host:5432/database or mysql://user@host:3306/database"
# At least two letters: one alone is the drive of a Windows path.
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUrl:
    """A database on a server. None: as the server's own client has it (for PostgreSQL `PGPASSWORD` and `~/.pgpass`,
    for MySQL `MYSQL_PWD`, stand in for a password that the URL does not say)."""

    system: System
    database: str
    host: str | None = field(default=None, repr=False)
    port: int | None = field(default=None, repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return self.database


DataPlace = Path | DatabaseUrl


def data_place(written: str | Path | DatabaseUrl) -> DataPlace:
    """What a person named as the data; raises UsageError for a URL that cannot be one, without repeating it."""
    if not isinstance(written, str):
        return written
    scheme = _URL.match(written)
    return _url(written, scheme[1].lower()) if scheme else Path(written)


def _url(written: str, scheme: str) -> DatabaseUrl:
    system = _SYSTEMS.get(scheme)
    if system is None:
        raise _wrong(f"a database is not read by {scheme}://", did_you_mean(scheme, _SYSTEMS) or _FORM)
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
        options = parse_qsl(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True)
    except ValueError:
        # What is wrong is not said in Python's words: they repeat parts of the URL.
        raise _wrong("cannot be understood as a URL", f"{_FORM}; signs such as @ / # are written %40 %2F %23") from None
    if parts.fragment:
        raise _wrong("has a # in it", "a password's # is written %23; tables are named in the profile")
    for name, _ in options:
        if name not in _OPTIONS[system]:
            raise _wrong(f"has an option {name!r} that is not known", did_you_mean(name, _OPTIONS[system]))
        if name == "connect_timeout" and not re.fullmatch(r"[1-9]\d{0,3}", dict(options)[name]):
            raise _wrong("`connect_timeout` is a number of seconds", None)
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise _wrong("names no database" if not database else "names more than a database", _FORM)
    return DatabaseUrl(
        system=system,
        database=database,
        host=unquote(host) if host else None,
        port=port,
        user=_said(parts.username),
        password=_said(parts.password),
        options=tuple(options),
    )


def _said(part: str | None) -> str | None:
    return unquote(part) if part else None


def _wrong(message: str, hint: str | None) -> UsageError:
    return UsageError(Problem(message, Location("DATA"), hint))
