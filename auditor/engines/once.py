"""A session that asks small questions once: how far back a table goes, which rows of a register clash."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.engines.base import Answer, Row, Session
from auditor.kinds import sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Once:
    """Gives the rows of a question that was asked before from memory."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, list[Row]] = {}
        self._sizes: dict[str, int] = {}

    def on(self, session: Session) -> "Once":
        """The same, asking another session what is not known yet."""
        same = Once(session)
        same._known, same._sizes = self._known, self._sizes
        return same

    def rows(self, query: sql.Expr) -> list[Row]:
        text = sql.render(query, pretty=False)
        if text not in self._known:
            self._known[text] = self._session.rows(query)
        return self._known[text]

    def each(self, query: sql.Expr) -> Iterator[Row]:
        return self._session.each(query)

    def answer(self, query: sql.Expr) -> Answer:
        return self._session.answer(query)

    def beside(self) -> Session | None:
        return self._session.beside()

    def size(self, table: str) -> int:
        if table not in self._sizes:
            self._sizes[table] = self._session.size(table)
        return self._sizes[table]

    def keep(self, name: str, query: sql.Expr) -> None:
        self._session.keep(name, query)

    def share(self, name: str, query: sql.Expr) -> None:
        self._session.share(name, query)

    def see(self, name: str) -> None:
        self._session.see(name)

    def keep_answer(self, name: str, answer: Answer) -> None:
        self._session.keep_answer(name, answer)

    def numbers(self, query: sql.Expr) -> "list[tuple[NDArray[np.uint64], ...]]":
        return self._session.numbers(query)

    def keep_numbers(self, name: str, column: str, numbers: "NDArray[np.uint64]") -> None:
        self._session.keep_numbers(name, column, numbers)

    def keep_rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        self._session.keep_rows(name, columns, rows)
