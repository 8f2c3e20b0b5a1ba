"""What an engine must be able to do: hold the canonical tables, read-only, and answer queries given as trees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from auditor.kinds.sql import Expr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = Mapping[str, Any]


class Answer(Protocol):
    """An answer kept as it came, column by column, until its rows are asked for."""

    def __len__(self) -> int: ...

    def distinct(self, column: str) -> int:
        """How many different values a column has."""
        ...

    def rows(self) -> list[Row]: ...


class Session(Protocol):
    """One audit's view of the data. Rules can read the canonical tables and nothing else."""

    def rows(self, query: Expr) -> list[Row]:
        """The answer, each row by column name, in the query's order."""
        ...

    def each(self, query: Expr) -> Iterator[Row]:
        """The same row by row, for an answer that is not to be held as a whole; the session is asked nothing else
        before the last."""
        ...

    def answer(self, query: Expr) -> Answer:
        """The same, not taken apart yet."""
        ...

    def beside(self) -> "Session | None":
        """Another session over the same tables, to be asked at the same time; None where there can be none. What is
        kept in one is not seen by the other. It ends with the first."""
        ...

    def size(self, table: str) -> int:
        """How many rows a canonical table has."""
        ...

    def keep(self, name: str, query: Expr) -> None:
        """Holds an answer as a temporary relation under a name, replacing what was there."""
        ...

    def share(self, name: str, query: Expr) -> None:
        """Holds an answer for this session and those beside it, each of which is to `see` it under its name."""
        ...

    def see(self, name: str) -> None: ...

    def keep_answer(self, name: str, answer: Answer) -> None:
        """Holds an answer, of this session or of one beside it, as a temporary relation."""
        ...

    def numbers(self, query: Expr) -> "list[tuple[NDArray[np.uint64], ...]]":
        """The columns of an answer, whole numbers without sign of 64 bits, in parts and in no order. There may be as
        many rows as a table has, so that nothing is copied."""
        ...

    def keep_numbers(self, name: str, column: str, numbers: "NDArray[np.uint64]") -> None:
        """Holds such numbers as a temporary relation of one column."""
        ...

    def keep_rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        """Holds (text or whole number) rows as a temporary relation."""
        ...
