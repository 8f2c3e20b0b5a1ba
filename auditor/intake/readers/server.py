"""A database on a server, spoken to over one connection in one read-only transaction: all its tables are of one moment.

What differs between the systems is in a module of each; their libraries are loaded only when a URL asks for them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

from auditor.core.data_place import DatabaseUrl
from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem
from auditor.intake.readers.base import Reading, pa
from auditor.intake.readers.formats import Asked, Format
from auditor.intake.readers.relation import Relation, find_relation, heading, numbers

TIMEOUT = 10
"""Seconds to wait for a server to answer, where the URL does not say."""


class Server(ABC):
    """An open connection; raises InputError, which says what is wrong and never with which password."""

    public: str | None = None
    """The schema whose tables may be named without it."""

    def __init__(self, url: DatabaseUrl) -> None:
        self.url = url
        self.system = url.system
        self.name = url.database

    @abstractmethod
    def relations(self) -> tuple[Relation, ...]:
        """Tables and views, by schema and name."""

    @abstractmethod
    def columns(self, relation: Relation) -> tuple[str, ...]:
        """Their names, in the table's order."""

    @abstractmethod
    def rows(self, relation: Relation, digest: Callable[[bytes], object]) -> Iterator[Any]:
        """Batches of text columns, by the primary key or else as the server has them; `digest` gets all that was read,
        whichever way it came in batches."""

    @abstractmethod
    def closed(self) -> None:
        """Gives the connection back."""

    @abstractmethod
    def told(self, place: str) -> AbstractContextManager[None]:
        """Within it, whatever the library complains of is an InputError at that place."""

    def format(self) -> Format:
        """The server as a format: each of its tables opens like a file."""
        parts = tuple(relation.part for relation in self.relations())
        return Format(
            name=self.system,
            suffixes=(),
            open=lambda asked: ServerReading(asked, self),
            parts=lambda path, name: parts,
            typed=True,
            database=True,
        )


class ServerReading(Reading):
    """One table or view of a server. Its hash is of its columns' names and its rows as they were read."""

    def __init__(self, asked: Asked, server: Server) -> None:
        from hashlib import sha256

        self.format = server.system
        self._server = server
        self._relation = find_relation(asked.part, server.relations(), asked.name)
        columns = server.columns(self._relation)
        self._digest = sha256("\0".join(columns).encode())
        super().__init__(asked.name, heading(columns, asked.name))

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def batches(self) -> Iterator[Any]:
        first = self.header_row + 1
        with self._server.told(self.name):
            for columns in self._server.rows(self._relation, self._digest.update):
                count = len(columns[0])
                yield self.records([column.cast(pa.string()) for column in columns], numbers(first, count))
                first += count


@contextmanager
def connected(url: DatabaseUrl) -> Generator[Server]:
    """The server that the URL names, for as long as it is needed."""
    try:
        module = import_module(f"auditor.intake.readers.{url.system}")
        server: Server = module.connect(url)
    except ImportError as error:
        said = f"the library {error.name} is missing, without which {url.system} is not read"
        raise InputError(Problem(said, Location(url.database), "install auditor with all it depends on")) from error
    try:
        yield server
    finally:
        server.closed()


def refused(url: DatabaseUrl, place: str, error: Exception, *, hint: str | None = None) -> InputError:
    """What the server or its library said, in one line and without the password."""
    said = " ".join(str(error.args[-1] if error.args else error).split()) or type(error).__name__
    if url.password:
        said = said.replace(url.password, "***")
    return InputError(Problem(f"the database cannot be read: {said}", Location(place), hint))
