"""A long list cut into several pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

FIRST, LATER = 50, 200
"""Items on the first page of a list and on each page after it: the first must open at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """One page's part of a list: positions count from 1; `pages` is each page's href, in order."""

    items: Sequence[T]
    number: int
    first: int
    last: int
    total: int
    pages: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        return self.number == 1


def parts(items: Sequence[T], href: Callable[[int], str]) -> Iterator[Part[T]]:
    """The list cut into pages; an empty one is one page all the same."""
    cuts = [0, FIRST, *range(FIRST + LATER, len(items), LATER)] if len(items) > FIRST else [0]
    pages = tuple(href(number) for number in range(1, len(cuts) + 1))
    for index, start in enumerate(cuts):
        end = cuts[index + 1] if index + 1 < len(cuts) else len(items)
        yield Part(items=items[start:end], number=index + 1, first=start + 1, last=end, total=len(items), pages=pages)
